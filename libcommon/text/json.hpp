// Events as JSON, one object a line (--from json, --to json):
//
//   {"time":12345.678901234,"kind":"note-on","channel":1,"note":60,"velocity":100,"port":"keys"}
//   {"kind":"sysex","data":[240,67,16,247]}
//   {"kind":":tempo","arguments":"120"}
//
// The fields are those of the kind table. "after" stands for the relative time "+SECONDS".
#pragma once

#include "text/text.hpp"

#include <vector>

namespace mm {

class JsonParser final : public LineParser {
 public:
  explicit JsonParser(NoteStyle notes = {}, std::size_t max_sysex = default_max_sysex)
      : notes_(notes), bytes_(max_sysex) {}
  Parsed parse(std::string_view line, Event& event) override;

 private:
  class Members;
  struct Value;
  bool read_time(const Members& members, Event& event);
  bool read_fields(const Members& members, Event& event);
  bool read_bytes(const Members& members, Event& event);
  bool read_meta(const Members& members, Event& event);
  bool read_port(const Members& members, Event& event);
  bool refuse(std::string_view key, std::string what);

  NoteStyle notes_;
  PayloadBuilder bytes_;
  TextParser meta_;
  std::string_view line_;
  std::string port_;
  std::string text_;
};

class JsonPrinter final : public Printer {
 public:
  explicit JsonPrinter(NoteStyle notes = {});
  char* print(char* to, const Event& event) const override;

 private:
  NoteStyle notes_;
};

} // namespace mm
