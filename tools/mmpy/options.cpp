#include "options.hpp"

#include "io/file.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace mm::py {

const ToolText& text() {
  static const ToolText text{
      "mmpy",
      "Filter events by Python: a script's handlers, or a line of code for each event.",
      "mmpy [OPTION]... FILE... [-- ARG...]\n"
      "mmpy [OPTION]... -m MODULE [-- ARG...]\n"
      "mmpy [OPTION]... -e CODE... [-- ARG...]",
      {"mmrecv -p keys | mmpy -e 'e.note += 12' | mmsend -p synth",
       "mmrecv -p keys | mmpy harmonizer.py -- C minor | mmsend -p synth",
       "mmpy --virtual-clock arpeggiator.py < take.txt > arpeggio.txt"},
  };
  return text;
}

CLI::App& declare(Typed& typed) {
  CLI::App& app = make_app(text());

  const char* const scripts = "Scripts";
  app.add_option("-e,--expression", typed.expressions,
                 "run this for each event e, which goes on unless drop()")
      ->type_name("CODE")
      ->allow_extra_args(false)
      ->group(scripts);
  app.add_option("-m,--module", typed.module, "run a module, as python3 -m does")
      ->type_name("MODULE")
      ->group(scripts);
  app.add_flag("--reload", typed.reload, "load files anew when they change")->group(scripts);
  app.add_flag("--midimonster", typed.midimonster, "the files are modules of MIDIMonster's python")
      ->group(scripts);
  app.add_option("--map", typed.maps, "'ch0.cc7 > py.level', or a file of such mappings")
      ->type_name("MAPPING")
      ->allow_extra_args(false)
      ->group(scripts);
  app.add_option("--default-handler", typed.default_handler,
                 "module.function for the other channels")
      ->type_name("NAME")
      ->group(scripts);

  const char* const time = "Time";
  app.add_flag("--virtual-clock", typed.virtual_clock, "time is that of the events, and no other")
      ->group(time);
  app.add_option("--clock", typed.clock, "what mm.now() counts: monotonic, realtime or start")
      ->type_name(value::clock)
      ->group(time);

  declare_from_and_to(app, typed.format);
  const char* const formats = "Formats";
  app.add_flag("--keep-raw", typed.keep_raw, "bytes that are no MIDI are events too (--from raw)")
      ->group(formats);
  app.add_flag("--strict", typed.strict, "end at the first fault of a line or of a handler")
      ->group(formats);

  const char* const end = "The end";
  app.add_flag("--keep-open", typed.keep_open, "stay when stdin ends")->group(end);
  app.add_flag("--no-release", typed.no_release, "leave notes sounding at the end")->group(end);
  declare_ready_fd(app, typed.ready_fd);
  // Each of the first ones is completed as a file; there are seldom more.
  app.add_option("files", typed.files)->type_name("FILE FILE FILE FILE")->group("");
  return app;
}

namespace {

// What goes with what.
Outcome check_choices(const Typed& typed) {
  const auto wrong = [](const char* what) { return Error{what, exit_usage}; };
  const auto given = static_cast<int>(!typed.files.empty()) +
                     static_cast<int>(!typed.module.empty()) +
                     static_cast<int>(!typed.expressions.empty());
  if (given > 1) return wrong("FILE, -m and -e exclude each other");
  if (given == 0 && !(typed.midimonster && !typed.maps.empty()))
    return wrong("nothing to run: say FILE, -m MODULE or -e CODE");
  if (typed.midimonster && given == 1 && typed.files.empty())
    return wrong("--midimonster goes with FILE");
  if (!typed.midimonster && (!typed.maps.empty() || !typed.default_handler.empty()))
    return wrong("--map and --default-handler go with --midimonster");
  if (typed.midimonster && typed.maps.empty())
    return wrong("--midimonster needs a --map: nothing would reach its modules");
  if (!typed.default_handler.empty() && (!is_python_name(typed.default_handler) ||
                                         typed.default_handler.find('.') == std::string::npos))
    return Error{"--default-handler '" + typed.default_handler + "': it is MODULE.FUNCTION",
                 exit_usage};
  if (typed.reload && typed.files.empty()) return wrong("--reload goes with FILE");
  if (typed.reload && typed.midimonster)
    return wrong("--reload and --midimonster exclude each other");
  if (typed.virtual_clock && typed.keep_open)
    return wrong("--virtual-clock and --keep-open exclude each other: time ends with the events");
  return done();
}

// Mappings stand on the command line, or in files, which may name modules as well.
Outcome read_maps(const Typed& typed, Options& options) {
  const auto add = [&](const MapFile& map, const std::filesystem::path& folder) {
    MapFile& all = options.map;
    all.mappings.insert(all.mappings.end(), map.mappings.begin(), map.mappings.end());
    for (const std::string& module : map.modules) all.modules.push_back((folder / module).string());
    if (!map.default_handler.empty()) all.default_handler = map.default_handler;
  };
  for (const std::string& word : typed.maps) {
    if (is_mapping(word)) {
      const auto mappings = parse_mapping(word, "--map");
      if (!mappings) return mappings.error();
      add({mappings.value(), {}, {}}, {});
      continue;
    }
    const auto content = read_file(word, "--map " + word);
    if (!content) return Error{content.error().what, exit_usage};
    const auto map = parse_map_file(content.value(), word);
    if (!map) return map.error();
    add(map.value(), std::filesystem::path(word).parent_path());
  }
  if (!typed.default_handler.empty()) options.map.default_handler = typed.default_handler;
  return done();
}

} // namespace

Result<Options> parse_options(int argc, const char* const* argv) {
  const char* const* const end = argv + argc;
  const char* const* const dashes = std::find(argv, end, std::string_view("--"));
  Typed typed;
  CLI::App& app = declare(typed);
  const auto parsed = parse_arguments(app, static_cast<int>(dashes - argv), argv);
  // People give a script its options behind it, as python3 takes them.
  const auto is_file = [](const char* word) { return *word != '-' && ::access(word, F_OK) == 0; };
  const auto is_unknown = [&](std::string_view word) {
    const std::string name(word.substr(0, word.find('=')));
    return word.starts_with('-') &&
           parsed.error().what.starts_with("unknown option '" + name + "'");
  };
  if (!parsed && std::any_of(argv + 1, std::find_if(argv + 1, dashes, is_unknown), is_file) &&
      parsed.error().what.starts_with("unknown option"))
    return Error{parsed.error().what + "\nwhat is the script's stands after --", exit_usage};
  if (!parsed) return parsed.error();
  if (const auto checked = check_choices(typed); !checked) return checked.error();

  Options options;
  options.files = typed.files;
  options.module = typed.module;
  for (const std::string& line : typed.expressions) options.expression += line + '\n';
  if (dashes != end) options.arguments.assign(dashes + 1, end);
  options.reload = typed.reload;
  options.midimonster = typed.midimonster;
  if (const auto read = read_maps(typed, options); !read) return read.error();
  options.virtual_clock = typed.virtual_clock;
  const auto clock = check_clock(typed.clock);
  if (!clock) return clock.error();
  options.clock = clock.value();
  const auto formats = check_from_and_to(typed.format);
  if (!formats) return formats.error();
  options.input = {formats.value().input, typed.keep_raw, typed.strict};
  options.output = formats.value().output;
  options.keep_open = typed.keep_open;
  options.release = !typed.no_release;
  options.ready_fd = typed.ready_fd;
  return options;
}

} // namespace mm::py
