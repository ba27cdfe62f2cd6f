#include "options.hpp"

#include <CLI/CLI.hpp>

namespace mm::recv {

const ToolText& text() {
  static const ToolText text{
      "mmrecv",
      "Print what comes in at MIDI ports, a line per event, as mmevents(5) says.",
      "mmrecv -p PORT... [OPTION]...\nmmrecv --list | --watch",
      {"mmrecv -p keystation --note-names        # see what is played",
       "mmrecv -p keys=k -p pads=p | mmsend -p synth"},
  };
  return text;
}

CLI::App& declare(Typed& typed) {
  CLI::App& app = make_app(text());
  declare_ports(app, Direction::input, typed.ports);

  const char* const events = "Events";
  declare_filter(app, typed.filter, events);
  app.add_flag("--decode", typed.decode, "join control changes into cc14, rpn and nrpn")
      ->group(events);
  app.add_flag("--keep-raw", typed.keep_raw, "print bytes that are no MIDI as raw")->group(events);
  app.add_flag("--no-release", typed.no_release, "no note-offs for a port that goes away")
      ->group(events);
  app.add_option("-n,--count", typed.count, "end after so many events")
      ->transform(check::whole(1))
      ->type_name("N")
      ->group(events);
  app.add_option("--timeout", typed.timeout, "end when nothing came for so long")
      ->check(check::positive())
      ->type_name("SEC")
      ->group(events);

  declare_to(app, typed.format);
  declare_clock(app, typed.clock);
  declare_ready_fd(app, typed.ready_fd);
  return app;
}

Result<Options> parse_options(int argc, const char* const* argv) {
  Typed typed;
  CLI::App& app = declare(typed);
  if (const auto parsed = parse_arguments(app, argc, argv); !parsed) return parsed.error();

  Options options;
  const auto ports = check_ports(typed.ports, Direction::input);
  if (!ports) return ports.error();
  options.ports = ports.value();
  const auto output = check_to(typed.format);
  if (!output) return output.error();
  options.output = output.value();
  options.ports.ports.max_sysex = options.output.max_sysex;
  const auto clock = check_clock(typed.clock);
  if (!clock) return clock.error();
  options.clock = clock.value();
  const auto filter = check_filter(typed.filter);
  if (!filter) return filter.error();
  options.filter = filter.value();
  options.decode = typed.decode;
  options.keep_raw = typed.keep_raw;
  options.release = !typed.no_release;
  options.count = typed.count;
  options.timeout = static_cast<Nanoseconds>(typed.timeout * 1e9);
  options.ready_fd = options.ports.ready_fd = typed.ready_fd;
  return options;
}

} // namespace mm::recv
