// mido's own lines (--from mido, --to mido): note_on channel=0 note=60 velocity=64 time=0
//
// Channels count from 0 there. time=0 stands for no TIME. mido has no ports in its lines, and no
// meta events; what it cannot express is printed as a comment, which mido skips.
#pragma once

#include "text/text.hpp"

namespace mm {

class MidoParser final : public LineParser {
 public:
  explicit MidoParser(std::size_t max_sysex = default_max_sysex) : bytes_(max_sysex) {}
  Parsed parse(std::string_view line, Event& event) override;

 private:
  bool read_member(std::string_view word, std::size_t column, Event& event);
  bool read_time(std::string_view value, std::size_t column, Event& event);
  bool read_data(std::string_view value, std::size_t column, Event& event);
  bool refuse(std::size_t column, std::string what) {
    fail(column, std::move(what));
    return false;
  }

  PayloadBuilder bytes_;
};

class MidoPrinter final : public Printer {
 public:
  MidoPrinter();
  char* print(char* to, const Event& event) const override;

 private:
  TextPrinter comment_;
};

} // namespace mm
