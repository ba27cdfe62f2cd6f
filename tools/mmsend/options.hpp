// What mmsend can be asked for.
#pragma once

#include "cli/options.hpp"
#include "io/input.hpp"
#include "port/sender.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mm::send {

struct Options {
  PortChoice ports;
  InputOptions input;
  std::optional<std::string> events; // lines from the command line; none: those of stdin
  std::string first;                 // lines before them: --panic, --reset
  bool timed = false;
  double speed = 1;
  Nanoseconds at = 0;       // on CLOCK_REALTIME; 0: when they come
  std::uint64_t rounds = 1; // how often the input is played; 0: until a signal
  bool progress = false;
  SysexPace pace;
  bool release = true;
  int ready_fd = -1;
};

// What was typed, before it is checked.
struct Typed {
  TypedPorts ports;
  TypedFormat format;
  std::vector<std::string> words;
  bool keep_raw = false;
  bool strict = false;
  CLI::Option* timed = nullptr;
  std::optional<std::string> at;
  std::uint64_t loop = 1;
  bool progress = false;
  bool panic = false;
  bool reset = false;
  double sysex_rate = 0;
  double sysex_gap = 0;
  bool no_release = false;
  int ready_fd = -1;
};

const ToolText& text();

// The application with all its options, which set `typed`.
CLI::App& declare(Typed& typed);

Result<Options> parse_options(int argc, const char* const* argv);

// Makes lines of the words of a command line: those without blanks make up one line, up to one
// with blanks in it, which is a line itself.
std::string join_words(const std::vector<std::string>& words);

// The lines that silence everything (--panic), and that put controllers back (--reset).
std::string panic_lines();
std::string reset_lines();

} // namespace mm::send
