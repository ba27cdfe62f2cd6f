// What mmrecv can be asked for.
#pragma once

#include "cli/options.hpp"
#include "event/filter.hpp"

#include <string>

namespace mm::recv {

struct Options {
  PortChoice ports;
  FormatOptions output;
  EventFilter filter;
  ClockKind clock = ClockKind::monotonic;
  bool decode = false;
  bool keep_raw = false;
  bool release = true;
  std::uint64_t count = 0; // events to print; 0: no limit
  Nanoseconds timeout = 0; // of silence; 0: none
  int ready_fd = -1;
};

// What was typed, before it is checked.
struct Typed {
  TypedPorts ports;
  TypedFormat format;
  TypedFilter filter;
  std::string clock = "monotonic";
  bool decode = false;
  bool keep_raw = false;
  bool no_release = false;
  std::uint64_t count = 0;
  double timeout = 0;
  int ready_fd = -1;
};

const ToolText& text();

// The application with all its options, which set `typed`.
CLI::App& declare(Typed& typed);

Result<Options> parse_options(int argc, const char* const* argv);

} // namespace mm::recv
