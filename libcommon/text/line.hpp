// What the line formats have in common: a line in, an event or a fault out; an event in, a
// line out.
#pragma once

#include "event/event.hpp"
#include "event/interface.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace mm {

// What is wrong with a line, and where.
struct Fault {
  std::size_t column = 0; // of the byte at fault, counted from 0; the line's length: at its end
  std::string what;

  friend bool operator==(const Fault&, const Fault&) = default;
};

// How notes are written.
struct NoteStyle {
  bool names = false; // print C4 instead of 60 (names are read at any time)
  int middle_c = 4;   // the octave that note 60 is in
};

enum class Parsed : std::uint8_t {
  event,
  nothing, // a blank line or a comment
  fault,
};

// Reads one line format. Passive: no I/O, no clock, and no allocation per event once its
// buffer for sysex has grown.
class LineParser : public Interface {
 public:
  // Reads `line`, which has no LF. The event points into `line` and into the parser, and holds
  // until the next call.
  virtual Parsed parse(std::string_view line, Event& event) = 0;

  // A short way for the lines that nearly all lines are: reads the event of the line that `text`
  // begins with, and returns how long the line is without its LF. 0: it is no such line, or its LF
  // is not there: find its end, and parse() it. So many characters behind `text` are looked at as
  // well, whatever stands there.
  static constexpr std::size_t margin = 64;
  virtual std::size_t parse_ahead(std::string_view /*text*/, Event& /*event*/) { return 0; }

  // What was wrong, after Parsed::fault.
  [[nodiscard]] const Fault& fault() const { return fault_; }

 protected:
  Parsed fail(std::size_t column, std::string what) {
    fault_ = {column, std::move(what)};
    return Parsed::fault;
  }
  Fault fault_;
};

// Writes one format. Passive as well.
class Printer : public Interface {
 public:
  // As many bytes as print() may write for this event, or more.
  [[nodiscard]] std::size_t bound(const Event& event) const {
    return most_.without_data + most_.for_a_byte * event.data.size() + event.port.size();
  }

  // Writes the event, with its LF where the format has lines, from `to` on; returns the end.
  // What the format cannot express (a meta event in MIDI bytes) writes nothing.
  virtual char* print(char* to, const Event& event) const = 0;

 protected:
  // What print() may write, but for the port's tag: for an event, and for each byte of its data.
  struct Most {
    std::size_t without_data;
    std::size_t for_a_byte;
  };
  explicit Printer(Most most) : most_(most) {}

 private:
  Most most_;
};

} // namespace mm
