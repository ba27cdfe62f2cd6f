// The commands of mmjack: each is a small tool of its own, with its own options and its own help.
//
// A command is a class that has
//   static const ToolText& text()  what its help says; the name is "mmjack NAME"
//   CLI::App& declare()            its options, which set its members
//   Outcome check()                what CLI11 does not check
//   Ended run() const
#pragma once

#include "cli/options.hpp"
#include "port/jack_client.hpp"

#include <span>
#include <string>
#include <string_view>

namespace mm::jack {

struct Command {
  std::string_view name;
  std::string_view summary; // a few words
  int (*run)(int argc, const char* const* argv);
  CLI::App& (*declare)(); // for those who want to know its options
};

std::span<const Command> commands();

// The command of this name; null if there is none.
const Command* find_command(std::string_view name);

template <class T> Result<T> parse_command(int argc, const char* const* argv) {
  T command;
  if (const auto parsed = parse_arguments(command.declare(), argc, argv); !parsed)
    return parsed.error();
  if (const auto checked = command.check(); !checked) return checked.error();
  return command;
}

template <class T> constexpr Command make_command(std::string_view name, std::string_view summary) {
  return {name, summary,
          [](int argc, const char* const* argv) {
            return run_tool<T>(
                T::text(), argc, argv, parse_command<T>,
                +[](const T& command) { return command.run(); });
          },
          []() -> CLI::App& {
            static T command;
            return command.declare();
          }};
}

inline constexpr const char* tool = "mmjack";

// Which server, and as whom.
struct Where {
  std::string server;
  std::string client = tool;
};

void declare_where(CLI::App& app, Where& where);

// Joins it, and says so if that cannot be done.
JackClient join(const Where& where);

} // namespace mm::jack
