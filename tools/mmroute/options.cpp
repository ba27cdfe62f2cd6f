#include "options.hpp"

#include <CLI/CLI.hpp>

namespace mm::route {

const ToolText& text() {
  static const ToolText text{
      "mmroute",
      "Filter and transform events by rules: PATTERN -> ACTION, ACTION...",
      "mmroute [OPTION]... [RULE]...\n"
      "mmroute [OPTION]... -f FILE... [RULE]...",
      {"mmrecv -p keys | mmroute 'note key ..59 -> transpose -12 @bass' | mmsend -p synth",
       "mmroute -f show.rules --reload", "mmroute --explain 'note-on 1 60 100' -f show.rules",
       "mmroute --from raw --to json < dump.syx"},
  };
  return text;
}

namespace {

void declare_rules(CLI::App& app, Typed& typed) {
  const char* const rules = "Rules";
  app.add_option("-f,--file", typed.files, "read rules from a file, before those of arguments")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->group(rules);
  app.add_option("--scene", typed.scene, "begin in this scene, not in the first")
      ->type_name("NAME")
      ->group(rules);
  app.add_flag("--reload", typed.reload, "load files anew when they change, and at SIGHUP")
      ->group(rules);
  app.add_flag("--check", typed.check, "say what is wrong with the rules, and end")->group(rules);
  app.add_option("--explain", typed.explain,
                 "say which rules this event matches, and what it becomes")
      ->type_name("EVENT")
      ->allow_extra_args(false)
      ->group(rules);
  app.add_flag("--dot", typed.dot, "print the rules as a graph for Graphviz")->group(rules);
}

void declare_time(CLI::App& app, Typed& typed) {
  const char* const time = "Time";
  app.add_option("--tempo", typed.tempo, "beats a minute; the MIDI clock then does not count")
      ->type_name("BPM")
      ->check(check::positive())
      ->group(time);
  app.add_flag("--virtual-clock", typed.virtual_clock, "time is that of the events, and no other")
      ->group(time);
  app.add_option("--seed", typed.seed,
                 "another number gives other random ones (humanize, arp random)")
      ->type_name("N")
      ->transform(check::whole(0))
      ->group(time);
}

} // namespace

CLI::App& declare(Typed& typed) {
  CLI::App& app = make_app(text());
  declare_rules(app, typed);
  declare_time(app, typed);
  declare_from_and_to(app, typed.format);
  const char* const formats = "Formats";
  app.add_flag("--canonical", typed.canonical, "print each line anew, also those that only pass")
      ->group(formats);
  app.add_flag("--keep-raw", typed.keep_raw, "bytes that are no MIDI are events too (--from raw)")
      ->group(formats);
  app.add_flag("--strict", typed.strict, "end at the first line that does not parse")
      ->group(formats);

  const char* const end = "The end";
  app.add_flag("--keep-open", typed.keep_open, "stay when stdin ends")->group(end);
  app.add_flag("--no-release", typed.no_release, "leave notes sounding at the end")->group(end);
  declare_ready_fd(app, typed.ready_fd);
  app.add_option("rules", typed.rules)->type_name("RULE")->group("");
  return app;
}

namespace {

Outcome check_choices(const Typed& typed) {
  const auto wrong = [](const char* what) { return Error{what, exit_usage}; };
  const int instead = static_cast<int>(typed.check) + static_cast<int>(typed.dot) +
                      static_cast<int>(!typed.explain.empty());
  if (instead > 1) return wrong("--check, --dot and --explain exclude each other");
  if (typed.reload && typed.files.empty()) return wrong("--reload goes with -f FILE");
  if (typed.reload && instead > 0)
    return wrong("--reload does not go with --check, --dot or --explain");
  if (typed.virtual_clock && typed.keep_open)
    return wrong("--virtual-clock and --keep-open exclude each other: time ends with the events");
  for (const std::string& file : typed.files)
    if (file == "-")
      return wrong("-f -: stdin is for events; name a file, or write the rules as arguments");
  return done();
}

} // namespace

Result<Options> parse_options(int argc, const char* const* argv) {
  Typed typed;
  CLI::App& app = declare(typed);
  if (const auto parsed = parse_arguments(app, argc, argv); !parsed) return parsed.error();
  if (const auto checked = check_choices(typed); !checked) return checked.error();

  Options options;
  options.files = typed.files;
  options.rules = typed.rules;
  options.scene = typed.scene;
  options.reload = typed.reload;
  options.check = typed.check;
  options.dot = typed.dot;
  options.explain = typed.explain;
  options.virtual_clock = typed.virtual_clock;
  options.tempo = typed.tempo;
  options.seed = typed.seed;
  const auto formats = check_from_and_to(typed.format);
  if (!formats) return formats.error();
  options.input = {formats.value().input, typed.keep_raw, typed.strict};
  options.output = formats.value().output;
  options.canonical = typed.canonical;
  options.keep_open = typed.keep_open;
  options.release = !typed.no_release;
  options.ready_fd = typed.ready_fd;
  return options;
}

} // namespace mm::route
