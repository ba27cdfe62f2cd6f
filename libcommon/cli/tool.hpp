// The frame of every tool: its options are declared once, read into a plain struct, and run.
#pragma once

#include "event/exit.hpp"
#include "event/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Only the files that declare options include CLI11: it makes a dozen global objects in each file,
// which every start pays for.
namespace CLI {
class App;
class Option;
class Validator;
} // namespace CLI

namespace mm {

// How a run ended.
struct Ended {
  int status = exit_done;
  int signal = 0; // the signal that ended it; 0: none
};

// What the help says beside the options.
struct ToolText {
  std::string name;
  std::string summary;               // one line
  std::string usage;                 // one line or more, without "Usage: "
  std::vector<std::string> examples; // command lines
  // The commands of a tool that has some, and what each of them does.
  std::vector<std::pair<std::string, std::string>> commands{};
};

// A CLI11 application with our help, our words, --help and --version. It lives until the process
// ends: to take it apart would take longer than to print its help.
CLI::App& make_app(const ToolText& text);

// Reads the arguments. The error's text is for a person; its status is 0 for --help and
// --version, whose text is for stdout.
Outcome parse_arguments(CLI::App& app, int argc, const char* const* argv);

// "1 event", "2 events"
std::string count_of(std::uint64_t count, std::string_view what);

// What is said of bytes that were no events; `keeper` is what would have kept them.
std::string dropped(std::uint64_t bytes, std::string_view keeper);

// Says "tool: what" on stderr.
void complain(std::string_view tool, std::string_view what);

// Writes a text to stdout, whole. What went wrong is said; a reader that has gone ends the tool by
// SIGPIPE.
Ended print(std::string_view tool, std::string_view text);

// Runs parse and run, says what failed, once, and returns or dies as the tool should.
template <class Options>
int run_tool(const ToolText& text, int argc, const char* const* argv,
             Result<Options> (*parse)(int, const char* const*), Ended (*run)(const Options&));

// Makes sure that 0, 1 and 2 are taken, lest the first file that is opened becomes stdout. One
// that was closed gives an error when it is used.
void guard_standard_descriptors();

int end_tool(const Ended& ended);
int refuse_arguments(const std::string& tool, const Error& error);

template <class Options>
int run_tool(const ToolText& text, int argc, const char* const* argv,
             Result<Options> (*parse)(int, const char* const*), Ended (*run)(const Options&)) {
  guard_standard_descriptors();
  const auto options = parse(argc, argv);
  if (!options) return refuse_arguments(text.name, options.error());
  return end_tool(run(options.value()));
}

// How an option is shown and completed, kept in its CLI11 group and type name.
namespace value {
inline constexpr const char* none = "";
inline constexpr const char* port = "PORT";     // completed with the names of live ports
inline constexpr const char* kinds = "KINDS";   // with those of event kinds
inline constexpr const char* backend = "NAME";  // with those of backends
inline constexpr const char* format = "FORMAT"; // with those of formats
inline constexpr const char* clock = "CLOCK";   // with those of clocks
} // namespace value

} // namespace mm
