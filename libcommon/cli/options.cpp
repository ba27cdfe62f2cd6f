#include "cli/options.hpp"

#include "event/kind.hpp"

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace mm {

namespace check {

namespace {

// What is wrong with `word`, and what it should be, as parse_arguments() takes it.
std::string is_no(const std::string& word, const std::string& what) {
  return "'" + word + "': it is a " + what;
}

CLI::Validator number(bool (*fits)(double), const char* what) {
  return {[=](const std::string& word) {
            double value = 0;
            const char* const end = word.data() + word.size();
            const auto [stop, error] = std::from_chars(word.data(), end, value);
            const bool good = error == std::errc{} && stop == end && fits(value);
            return good ? std::string() : is_no(word, what);
          },
          ""};
}

// Nanoseconds do not reach further; no pace of bytes does either.
constexpr double largest = 9e9;

} // namespace

CLI::Validator whole(std::int64_t least, std::int64_t most) {
  std::string what = "whole number";
  if (most == std::numeric_limits<std::int64_t>::max())
    what += ", " + std::to_string(least) + " or more";
  else
    what += " in " + std::to_string(least) + ".." + std::to_string(most);
  return {[=](std::string& word) {
            std::int64_t value = 0;
            const char* const end = word.data() + word.size();
            const auto [stop, error] = std::from_chars(word.data(), end, value);
            if (error != std::errc{} || stop != end || value < least || value > most)
              return is_no(word, what);
            word = std::to_string(value);
            return std::string();
          },
          ""};
}

CLI::Validator descriptor() {
  CLI::Validator number = whole(0, 1 << 20);
  return {[number](std::string& word) {
            std::string fault = number(word);
            if (fault.empty() && ::fcntl(std::stoi(word), F_GETFD) < 0)
              fault = "'" + word + "': no such descriptor is open";
            return fault;
          },
          ""};
}

CLI::Validator positive() {
  return number([](double value) { return value > 0 && value <= largest; }, "number above 0");
}

CLI::Validator not_negative() {
  return number([](double value) { return value >= 0 && value <= largest; }, "number, 0 or more");
}

} // namespace check

namespace {

constexpr const char* ports_group = "Ports";

void declare_notes(CLI::App& app, TypedFormat& typed, const char* group) {
  app.add_option("--middle-c", typed.middle_c, "the octave of note 60: C4, or C3 with 3")
      ->transform(check::whole(-5, 9))
      ->type_name("N")
      ->group(group);
}

void declare_max_sysex(CLI::App& app, TypedFormat& typed, const char* group) {
  app.add_option("--max-sysex", typed.max_sysex, "longest sysex that is taken (16 MiB)")
      ->transform(check::whole(16, 1 << 30))
      ->type_name("BYTES")
      ->group(group);
}

void add_from(CLI::App& app, TypedFormat& typed, const char* group) {
  app.add_option("--from", typed.from, "what is read: text, json, raw (bytes) or mido")
      ->type_name(value::format)
      ->group(group);
}

void add_to(CLI::App& app, TypedFormat& typed, const char* group) {
  app.add_option("--to", typed.to, "what is printed: text, json, raw (bytes) or mido")
      ->type_name(value::format)
      ->group(group);
  app.add_flag("--note-names", typed.note_names, "print C4 for 60")->group(group);
}

} // namespace

Result<std::size_t> find_name(const char* option, std::string_view word,
                              std::span<const std::string_view> names) {
  const auto at = std::find(names.begin(), names.end(), word);
  if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
  std::string what = std::string(option) + " '" + std::string(word) + "': it is one of";
  for (const std::string_view name : names) what += ' ' + std::string(name);
  return Error{what, exit_usage};
}

void declare_ports(CLI::App& app, Direction direction, TypedPorts& typed) {
  const bool input = direction == Direction::input;
  app.add_flag("-l,--list", typed.list, input ? "list the input ports" : "list the output ports")
      ->group(ports_group);
  app.add_flag("--watch", typed.watch, "print ports as they come and go")->group(ports_group);
  app.add_flag("--json", typed.json, "print both as JSON, one object a line")->group(ports_group);
  app.add_option("-p,--port", typed.ports,
                 std::string("name, address, /regex/ or part of a name; ") +
                     (input ? "=TAG for @TAG" : "=TAG takes @TAG"))
      ->type_name(std::string(value::port) + "[=TAG]")
      ->allow_extra_args(false)
      ->group(ports_group);
  app.add_flag("--all", typed.all, "all ports, and those that come later")->group(ports_group);
  app.add_option("--virtual", typed.virtuals, "make a port that others connect to")
      ->type_name("NAME[=TAG]")
      ->allow_extra_args(false)
      ->group(ports_group);
  app.add_flag("--wait", typed.wait, "wait for ports that are not there")->group(ports_group);
  app.add_option("--backend", typed.backend, "alsa, or rtmidi for JACK")
      ->type_name(value::backend)
      ->group(ports_group);
}

Result<PortChoice> check_ports(const TypedPorts& typed, Direction direction) {
  const bool input = direction == Direction::input;
  PortChoice choice;
  choice.list = typed.list;
  choice.watch = typed.watch;
  choice.json = typed.json;
  choice.ports.all = typed.all;
  choice.ports.wait = typed.wait;
  const char* const usual = std::getenv("MM_BACKEND");
  const bool is_usual = !typed.backend && usual != nullptr && *usual != '\0';
  if (is_usual || typed.backend) {
    choice.backend = is_usual ? usual : *typed.backend;
    if (choice.backend == "jack") choice.backend = "rtmidi"; // as --list calls its ports
    const char* const name = is_usual ? "MM_BACKEND" : "--backend";
    if (const auto known = find_name(name, choice.backend, backend_names); !known)
      return known.error();
  }
  if (typed.json && !choice.only_shows())
    return Error{std::string("--json goes with --list or --watch; for events it is ") +
                     (input ? "--to json" : "--from json"),
                 exit_usage};
  for (const std::string& argument : typed.ports) {
    const auto request = parse_port_request(argument);
    if (!request) return request.error();
    for (const PortRequest& other : choice.ports.ports)
      if (other.pattern == request.value().pattern)
        return Error{"port '" + other.pattern + "': asked for twice", exit_usage};
    choice.ports.ports.push_back(request.value());
  }
  for (const std::string& argument : typed.virtuals) {
    const auto request = parse_port_request(argument);
    if (!request) return request.error();
    choice.ports.virtuals.push_back(request.value());
  }
  const bool asked = !choice.ports.ports.empty() || !choice.ports.virtuals.empty() || typed.all;
  const char* const variable = input ? "MM_INPUT" : "MM_OUTPUT";
  const char* const preset = std::getenv(variable);
  if (asked || choice.only_shows()) return choice;
  if (preset == nullptr || *preset == '\0')
    return Error{
        "no port: say -p PORT (--list shows what there is), --all, --virtual NAME, or set " +
            std::string(variable),
        exit_usage};
  const auto request = parse_port_request(preset);
  if (!request) return Error{std::string(variable) + ": " + request.error().what, exit_usage};
  choice.ports.ports.push_back(request.value());
  return choice;
}

void declare_from(CLI::App& app, TypedFormat& typed) {
  add_from(app, typed, "Input");
  declare_notes(app, typed, "Input");
  declare_max_sysex(app, typed, "Input");
}

void declare_to(CLI::App& app, TypedFormat& typed) {
  add_to(app, typed, "Output");
  declare_notes(app, typed, "Output");
  declare_max_sysex(app, typed, "Output");
}

void declare_from_and_to(CLI::App& app, TypedFormat& typed) {
  add_from(app, typed, "Formats");
  add_to(app, typed, "Formats");
  declare_notes(app, typed, "Formats");
  declare_max_sysex(app, typed, "Formats");
}

namespace {

Result<FormatOptions> check_format(const TypedFormat& typed, const char* option,
                                   const std::string& name) {
  const auto format = find_name(option, name, format_names);
  if (!format) return format.error();
  return FormatOptions{
      static_cast<Format>(format.value()), {typed.note_names, typed.middle_c}, typed.max_sysex};
}

} // namespace

Result<FormatOptions> check_from(const TypedFormat& typed) {
  return check_format(typed, "--from", typed.from);
}

Result<FormatOptions> check_to(const TypedFormat& typed) {
  return check_format(typed, "--to", typed.to);
}

Result<Formats> check_from_and_to(const TypedFormat& typed) {
  const auto input = check_from(typed);
  if (!input) return input.error();
  const auto output = check_to(typed);
  if (!output) return output.error();
  return Formats{input.value(), output.value()};
}

void declare_filter(CLI::App& app, TypedFilter& typed, const char* group) {
  app.add_option("--only", typed.only, "only these: note-on,cc,realtime,...")
      ->type_name(value::kinds)
      ->group(group);
  app.add_option("--not", typed.without, "all but these")->type_name(value::kinds)->group(group);
  app.add_option("--channel", typed.channels, "only messages of these: 1,3..5")
      ->type_name("LIST")
      ->group(group);
}

Result<EventFilter> check_filter(const TypedFilter& typed) {
  EventFilter filter;
  if (typed.only) {
    const auto kinds = parse_kinds(*typed.only);
    if (!kinds) return Error{"--only: " + kinds.error().what, exit_usage};
    filter.only(kinds.value());
  }
  if (typed.without) {
    const auto kinds = parse_kinds(*typed.without);
    if (!kinds) return Error{"--not: " + kinds.error().what, exit_usage};
    filter.without(kinds.value());
  }
  if (typed.channels) {
    const auto channels = parse_channels(*typed.channels);
    if (!channels) return Error{"--channel: " + channels.error().what, exit_usage};
    filter.channels(channels.value());
  }
  return filter;
}

CLI::Option* declare_timed(CLI::App& app, const char* group) {
  CLI::Option* const option = app.add_flag("--timed{1}");
  option->description("keep the lines' times; SPEED 2 is twice as fast")
      ->type_name("[=SPEED]")
      ->group(group);
  return option;
}

Result<std::optional<double>> check_timed(const CLI::Option& typed) {
  if (typed.count() == 0) return std::optional<double>();
  const auto word = typed.as<std::string>();
  double speed = 0;
  const char* const last = word.data() + word.size();
  const auto [end, error] = std::from_chars(word.data(), last, speed);
  if (error != std::errc{} || end != last || !(speed > 0) || !std::isfinite(speed))
    return Error{"--timed=" + word + ": the speed is a number above 0, such as 0.5", exit_usage};
  return std::optional(speed);
}

void declare_clock(CLI::App& app, std::string& typed) {
  app.add_option("--clock", typed, "what TIME counts: monotonic, realtime or start")
      ->type_name(value::clock)
      ->group("Output");
}

Result<ClockKind> check_clock(const std::string& typed) {
  const auto kind = find_name("--clock", typed, clock_names);
  if (!kind) return kind.error();
  return static_cast<ClockKind>(kind.value());
}

void declare_ready_fd(CLI::App& app, int& fd) {
  app.add_option("--ready-fd", fd, "write a newline there when ready, and close it")
      ->transform(check::descriptor())
      ->type_name("FD")
      ->group("Other");
}

void say_ready(int fd) {
  if (fd < 0) return;
  if (::write(fd, "\n", 1) != 1)
    complain(::program_invocation_short_name,
             "--ready-fd " + std::to_string(fd) + ": " + std::strerror(errno));
  if (fd > STDERR_FILENO) ::close(fd);
}

} // namespace mm
