// What mmpy can be asked for.
#pragma once

#include "cli/options.hpp"
#include "io/input.hpp"
#include "mapping.hpp"

#include <string>
#include <vector>

namespace mm::py {

struct Options {
  // What is run: one of these three.
  std::vector<std::string> files;
  std::string module;
  std::string expression; // the lines of all -e
  std::vector<std::string> arguments;
  bool reload = false;

  bool midimonster = false;
  MapFile map; // of all --map, and --default-handler

  bool virtual_clock = false;
  ClockKind clock = ClockKind::monotonic;

  InputOptions input;
  FormatOptions output;
  bool keep_open = false;
  bool release = true;
  int ready_fd = -1;
};

// What was typed, before it is checked.
struct Typed {
  std::vector<std::string> files;
  std::string module;
  std::vector<std::string> expressions;
  bool reload = false;
  bool midimonster = false;
  std::vector<std::string> maps;
  std::string default_handler;
  bool virtual_clock = false;
  std::string clock = "monotonic";
  TypedFormat format;
  bool keep_raw = false;
  bool strict = false;
  bool keep_open = false;
  bool no_release = false;
  int ready_fd = -1;
};

const ToolText& text();

// The application with all its options, which set `typed`.
CLI::App& declare(Typed& typed);

// What stands after "--" is the script's.
Result<Options> parse_options(int argc, const char* const* argv);

} // namespace mm::py
