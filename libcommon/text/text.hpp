// The event line of mmevents(5): [TIME] KIND [ARGUMENT]... [@PORT] [# comment]
#pragma once

#include "text/line.hpp"
#include "text/payload.hpp"

namespace mm {

class TextParser final : public LineParser {
 public:
  explicit TextParser(NoteStyle notes = {}, std::size_t max_sysex = default_max_sysex)
      : notes_(notes), bytes_(max_sysex) {}

  Parsed parse(std::string_view line, Event& event) override;
  std::size_t parse_ahead(std::string_view text, Event& event) override;

  // The same, word by word and without the short way for well-formed lines: the oracle of the
  // tests, and what finds the fault in a line that the short way declines.
  Parsed parse_carefully(std::string_view line, Event& event);

  // Reads ":NAME [ARGUMENT]..." that other formats carry, so that what they make of a meta
  // event is a line of this one.
  Parsed parse_meta(std::string_view text, Event& event);

 private:
  class Words;
  bool read_time(Words& words, Event& event);
  bool read_fields(Words& words, Event& event);
  bool read_bytes(Words& words, Event& event);
  bool read_meta(Words& words, Event& event);
  bool read_port(Words& words, Event& event);
  bool refuse(std::size_t column, std::string what) {
    fail(column, std::move(what));
    return false;
  }

  NoteStyle notes_;
  PayloadBuilder bytes_; // of a sysex or raw
  std::string data_;     // a meta event's text, made canonical
};

class TextPrinter final : public Printer {
 public:
  explicit TextPrinter(NoteStyle notes = {});
  char* print(char* to, const Event& event) const override;

 private:
  char* put_fields_with_names(char* to, const Event& event) const;

  NoteStyle notes_;
};

// Makes a port's tag of a name: what is no character of a tag becomes '_'.
std::string make_tag(std::string_view name);

} // namespace mm
