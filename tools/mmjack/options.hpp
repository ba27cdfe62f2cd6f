// What mmjack can be asked for, when it is given no command: MIDI ports ↔ lines.
#pragma once

#include "cli/options.hpp"
#include "command.hpp"
#include "event/filter.hpp"
#include "graph.hpp"
#include "io/input.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mm::jack {

struct Options {
  Where where;
  std::vector<std::string> inputs; // names of ports
  std::vector<std::string> outputs;
  std::vector<Connection> connect; // patterns
  bool wait = false;
  std::optional<Nanoseconds> latency; // an event goes out so long after its TIME
  bool timed = false;
  double speed = 1;
  bool keep_open = false;
  bool release = true;
  EventFilter filter; // of what comes in
  InputOptions input;
  FormatOptions output;
  ClockKind clock = ClockKind::monotonic;
  int ready_fd = -1;
};

// What was typed, before it is checked.
struct Typed {
  Where where;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::vector<std::string> connect; // SRC, DST, SRC, DST, ...
  bool wait = false;
  std::optional<double> latency;
  CLI::Option* timed = nullptr; // its value: the speed
  bool keep_open = false;
  bool no_release = false;
  TypedFilter filter;
  bool keep_raw = false;
  bool strict = false;
  TypedFormat format;
  std::string clock = "monotonic";
  int ready_fd = -1;
};

const ToolText& text();

// The application with all its options, which set `typed`.
CLI::App& declare(Typed& typed);

Result<Options> parse_options(int argc, const char* const* argv);

} // namespace mm::jack
