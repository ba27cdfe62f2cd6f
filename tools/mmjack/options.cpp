#include "options.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace mm::jack {

const ToolText& text() {
  static const ToolText text = [] {
    ToolText made{
        tool,
        "Join lines and JACK's MIDI ports, to the frame; see and drive a JACK server.",
        "mmjack [--in NAME]... [--out NAME]... [OPTION]...\nmmjack COMMAND [ARGUMENT]...",
        {"mmjack --in keys --connect system:midi_capture_1 keys",
         "mmjack --in a | grep --line-buffered -v clock | mmjack --out b --latency 0.05",
         "mmjack COMMAND --help"},
    };
    for (const Command& command : commands())
      made.commands.emplace_back(command.name, command.summary);
    return made;
  }();
  return text;
}

CLI::App& declare(Typed& typed) {
  CLI::App& app = make_app(text());
  const char* const ports = "Ports";
  app.add_option("--in", typed.inputs, "make an input port; what comes in is printed with @NAME")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->group(ports);
  app.add_option("--out", typed.outputs, "make an output port; it takes lines with @NAME, or none")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->group(ports);
  app.add_option("--connect", typed.connect, "connect two ports, ours or others'")
      ->type_size(2)
      ->type_name("SRC DST")
      ->allow_extra_args(false)
      ->group(ports);
  declare_where(app, typed.where);
  app.add_flag("--wait", typed.wait, "wait for a server, or ports, that are not there")
      ->group("Server");

  const char* const time = "Time";
  app.add_option("--latency", typed.latency, "play each event so long after its TIME, to the frame")
      ->check(check::positive())
      ->type_name("SEC")
      ->group(time);
  typed.timed = declare_timed(app, time);

  const char* const events = "Events";
  declare_filter(app, typed.filter, events);
  app.add_flag("--keep-raw", typed.keep_raw, "keep bytes that are no MIDI, as raw")->group(events);
  app.add_flag("--no-release", typed.no_release, "no note-offs where a source, or stdin, ends")
      ->group(events);
  app.add_flag("--keep-open", typed.keep_open, "stay when stdin ends")->group(events);

  declare_from_and_to(app, typed.format);
  app.add_flag("--strict", typed.strict, "end at the first line that does not parse")
      ->group("Formats");
  declare_clock(app, typed.clock);
  declare_ready_fd(app, typed.ready_fd);
  return app;
}

namespace {

Outcome check_ports(const Typed& typed, Options& options) {
  if (typed.inputs.empty() && typed.outputs.empty())
    return Error{"no port: say --in NAME or --out NAME, or a command; --help lists them",
                 exit_usage};
  std::vector<std::string> names;
  for (const auto* const list : {&typed.inputs, &typed.outputs})
    for (const std::string& name : *list) {
      if (name.empty() || name.find(':') != std::string::npos)
        return Error{"port '" + name + "': a name without a ':', which JACK sets before it",
                     exit_usage};
      if (const auto checked = check_name(name); !checked) return checked;
      if (std::find(names.begin(), names.end(), name) != names.end())
        return Error{"port '" + name + "': asked for twice", exit_usage};
      names.push_back(name);
    }
  options.inputs = typed.inputs;
  options.outputs = typed.outputs;
  const auto is_in = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  for (std::size_t i = 0; i + 1 < typed.connect.size(); i += 2) {
    const std::string& source = typed.connect[i];
    const std::string& destination = typed.connect[i + 1];
    if (is_in(typed.inputs, source))
      return Error{"--connect: '" + source + "' is an input of ours, and comes second: SRC DST",
                   exit_usage};
    if (is_in(typed.outputs, destination))
      return Error{"--connect: '" + destination +
                       "' is an output of ours, and comes first: SRC DST",
                   exit_usage};
    options.connect.emplace_back(source, destination);
  }
  return done();
}

} // namespace

Result<Options> parse_options(int argc, const char* const* argv) {
  Typed typed;
  CLI::App& app = declare(typed);
  if (const auto parsed = parse_arguments(app, argc, argv); !parsed) return parsed.error();

  Options options;
  options.where = typed.where;
  if (const auto checked = check_ports(typed, options); !checked) return checked.error();
  options.wait = typed.wait;
  const auto speed = check_timed(*typed.timed);
  if (!speed) return speed.error();
  options.timed = speed.value().has_value();
  options.speed = speed.value().value_or(1);
  if (typed.latency) options.latency = span_of(*typed.latency * static_cast<double>(second));
  if (typed.latency && options.timed)
    return Error{"--latency and --timed exclude each other", exit_usage};
  if ((typed.latency || options.timed) && typed.outputs.empty())
    return Error{std::string(typed.latency ? "--latency" : "--timed") + " goes with --out",
                 exit_usage};
  const auto filter = check_filter(typed.filter);
  if (!filter) return filter.error();
  options.filter = filter.value();
  const auto formats = check_from_and_to(typed.format);
  if (!formats) return formats.error();
  options.input = {formats.value().input, typed.keep_raw, typed.strict};
  options.output = formats.value().output;
  const auto clock = check_clock(typed.clock);
  if (!clock) return clock.error();
  options.clock = clock.value();
  options.keep_open = typed.keep_open;
  options.release = !typed.no_release;
  options.ready_fd = typed.ready_fd;
  return options;
}

} // namespace mm::jack
