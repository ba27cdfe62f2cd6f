// What mmroute can be asked for.
#pragma once

#include "cli/options.hpp"
#include "io/input.hpp"
#include "language/syntax.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mm::route {

struct Options {
  std::vector<std::string> files;
  std::vector<std::string> rules; // arguments
  std::string scene;              // empty: the first
  bool reload = false;

  // Instead of reading events: one of these at most.
  bool check = false;
  bool dot = false;
  std::vector<std::string> explain; // event lines

  bool virtual_clock = false;
  std::optional<double> tempo; // beats a minute
  std::uint64_t seed = 0;

  InputOptions input;
  FormatOptions output;
  bool canonical = false;
  bool keep_open = false;
  bool release = true;
  int ready_fd = -1;
};

// What was typed, before it is checked.
struct Typed {
  std::vector<std::string> files;
  std::vector<std::string> rules;
  std::string scene;
  bool reload = false;
  bool check = false;
  bool dot = false;
  std::vector<std::string> explain;
  bool virtual_clock = false;
  std::optional<double> tempo;
  std::uint64_t seed = 0;
  TypedFormat format;
  bool canonical = false;
  bool keep_raw = false;
  bool strict = false;
  bool keep_open = false;
  bool no_release = false;
  int ready_fd = -1;
};

const ToolText& text();

// The application with all its options, which set `typed`.
CLI::App& declare(Typed& typed);

Result<Options> parse_options(int argc, const char* const* argv);

} // namespace mm::route
