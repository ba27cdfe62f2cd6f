// The options that several tools have: declared in one place, so that they are the same
// everywhere.
//
// Each group comes as a struct of what was typed, a function that declares it, and one that
// checks it and makes of it what the libraries take.
#pragma once

#include "cli/tool.hpp"
#include "event/filter.hpp"
#include "io/clock.hpp"
#include "io/format.hpp"
#include "port/connections.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mm {

// Checks of an option's number, whose words are for a person.
namespace check {
// A whole number in this range; as transform(), since it is made plain for CLI11, which would take
// 010 for 8.
CLI::Validator whole(std::int64_t least,
                     std::int64_t most = std::numeric_limits<std::int64_t>::max());
// Seconds, or bytes a second: above 0; 0 or more.
CLI::Validator positive();
CLI::Validator not_negative();
// The number of a descriptor that is open, as transform().
CLI::Validator descriptor();
} // namespace check

struct TypedPorts {
  std::vector<std::string> ports;
  std::vector<std::string> virtuals;
  bool all = false;
  bool wait = false;
  std::optional<std::string> backend;
  bool list = false;
  bool watch = false;
  bool json = false;
};

void declare_ports(CLI::App& app, Direction direction, TypedPorts& typed);

// What the tool is to do about ports.
struct PortChoice {
  PortOptions ports;
  std::string backend; // empty: the best that is there
  bool list = false;   // list the ports, or watch them, and nothing else
  bool watch = false;
  bool json = false;
  int ready_fd = -1;

  [[nodiscard]] bool only_shows() const { return list || watch; }
};

// What was not asked for, the environment gives: MM_INPUT or MM_OUTPUT a port, MM_BACKEND the
// backend.
Result<PortChoice> check_ports(const TypedPorts& typed, Direction direction);

// The place of `word`, the value of `option`, in `names`; an error that lists them.
Result<std::size_t> find_name(const char* option, std::string_view word,
                              std::span<const std::string_view> names);

struct TypedFormat {
  std::string from = "text";
  std::string to = "text";
  bool note_names = false;
  int middle_c = 4;
  std::size_t max_sysex = default_max_sysex;
};

void declare_from(CLI::App& app, TypedFormat& typed);
void declare_to(CLI::App& app, TypedFormat& typed);
void declare_from_and_to(CLI::App& app, TypedFormat& typed);
Result<FormatOptions> check_from(const TypedFormat& typed);
Result<FormatOptions> check_to(const TypedFormat& typed);

struct Formats {
  FormatOptions input;
  FormatOptions output;
};
Result<Formats> check_from_and_to(const TypedFormat& typed);

// --only, --not, --channel
struct TypedFilter {
  std::optional<std::string> only;
  std::optional<std::string> without;
  std::optional<std::string> channels;
};

void declare_filter(CLI::App& app, TypedFilter& typed, const char* group);
Result<EventFilter> check_filter(const TypedFilter& typed);

inline constexpr std::array<std::string_view, 3> clock_names{"monotonic", "realtime", "start"};

// --timed[=SPEED]: the speed, if it was given.
CLI::Option* declare_timed(CLI::App& app, const char* group);
Result<std::optional<double>> check_timed(const CLI::Option& typed);

void declare_clock(CLI::App& app, std::string& typed);
Result<ClockKind> check_clock(const std::string& typed);

void declare_ready_fd(CLI::App& app, int& fd);

// Tells whoever started the tool that it is ready: a newline on that descriptor, which is then
// closed. -1: nobody asked.
void say_ready(int fd);

} // namespace mm
