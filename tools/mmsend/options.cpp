#include "options.hpp"

#include "at.hpp"
#include "event/kind.hpp"
#include "text/text.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <cmath>

namespace mm::send {

const ToolText& text() {
  static const ToolText text{
      "mmsend",
      "Send events to MIDI ports: lines on stdin, or the arguments, as mmevents(5) says.",
      "mmsend -p PORT... [OPTION]... [EVENT]...\nmmsend --list | --watch",
      {"mmsend -p synth note-on 1 C4 100 '+0.5 note-off 1 C4 0'",
       "mmsend -p synth --timed < take.txt"},
  };
  return text;
}

CLI::App& declare(Typed& typed) {
  CLI::App& app = make_app(text());
  declare_ports(app, Direction::output, typed.ports);
  declare_from(app, typed.format);
  app.add_flag("--keep-raw", typed.keep_raw, "send bytes that are no MIDI too (--from raw)")
      ->group("Input");
  app.add_flag("--strict", typed.strict, "end at the first line that does not parse")
      ->group("Input");

  const char* const time = "Time";
  typed.timed = declare_timed(app, time);
  app.add_option("--at", typed.at, "start at 14:00, 14:00:30 or an ISO 8601 time")
      ->type_name("TIME")
      ->group(time);
  app.add_option("--loop", typed.loop, "play the input N times; 0: until a signal")
      ->transform(check::whole(0))
      ->type_name("N")
      ->group(time);

  const char* const output = "Output";
  app.add_flag("--panic", typed.panic, "first silence all notes on all channels")->group(output);
  app.add_flag("--reset", typed.reset, "first reset the controllers of all channels")
      ->group(output);
  app.add_option("--sysex-rate", typed.sysex_rate, "send sysex at this many bytes a second")
      ->check(check::positive())
      ->type_name("BYTES")
      ->group(output);
  app.add_option("--sysex-gap", typed.sysex_gap, "pause so long after each sysex")
      ->check(check::not_negative())
      ->type_name("SEC")
      ->group(output);
  app.add_flag("--no-release", typed.no_release, "leave notes sounding at the end")->group(output);
  app.add_flag("--progress", typed.progress, "say on stderr how far it is")->group(output);
  declare_ready_fd(app, typed.ready_fd);
  app.add_option("events", typed.words)->group("");
  return app;
}

std::string join_words(const std::vector<std::string>& words) {
  std::string lines;
  bool in_line = false;
  for (const std::string& word : words) {
    const bool is_line = word.find_first_of(" \t\n") != std::string::npos;
    if (in_line) lines += is_line ? '\n' : ' ';
    lines += word;
    if (is_line) lines += '\n';
    in_line = !is_line;
  }
  return lines;
}

namespace {

namespace controller {
constexpr int sustain = 64;
constexpr int all_sound_off = 120;
constexpr int reset_all = 121;
constexpr int all_notes_off = 123;
} // namespace controller

void add_line(std::string& lines, const Event& event) {
  const TextPrinter printer;
  std::string line(printer.bound(event), ' ');
  line.resize(static_cast<std::size_t>(printer.print(line.data(), event) - line.data()));
  lines += line;
}

} // namespace

std::string panic_lines() {
  std::string lines;
  for (int channel = 1; channel <= 16; ++channel)
    for (const int number :
         {controller::sustain, controller::all_notes_off, controller::all_sound_off})
      add_line(lines, make_event(Kind::control_change, channel, number, 0));
  // For the devices that know none of these.
  for (int channel = 1; channel <= 16; ++channel)
    for (int note = 0; note < 128; ++note)
      add_line(lines, make_event(Kind::note_off, channel, note, 64));
  return lines;
}

std::string reset_lines() {
  std::string lines;
  for (int channel = 1; channel <= 16; ++channel)
    for (const int number : {controller::all_notes_off, controller::reset_all})
      add_line(lines, make_event(Kind::control_change, channel, number, 0));
  return lines;
}

namespace {

// What people type in place of an event.
Outcome check_words(const Typed& typed, const Options& options) {
  if (typed.words.empty()) return done();
  const std::string& first = typed.words.front();
  if (options.ports.only_shows()) return Error{"unexpected argument '" + first + "'", exit_usage};
  const bool is_one_word = typed.words.size() == 1 && first.find(' ') == std::string::npos;
  if (options.timed && is_one_word && first.find_first_not_of("0123456789.") == std::string::npos)
    return Error{"'" + first + "': the speed is joined to its option: --timed=" + first,
                 exit_usage};
  if (is_one_word && !find_kind(first) && ::access(first.c_str(), F_OK) == 0)
    return Error{"'" + first + "' is no event; the lines of a file are read from stdin: < " + first,
                 exit_usage};
  return done();
}

} // namespace

Result<Options> parse_options(int argc, const char* const* argv) {
  Typed typed;
  CLI::App& app = declare(typed);
  if (const auto parsed = parse_arguments(app, argc, argv); !parsed) return parsed.error();

  Options options;
  const auto ports = check_ports(typed.ports, Direction::output);
  if (!ports) return ports.error();
  options.ports = ports.value();
  const auto input = check_from(typed.format);
  if (!input) return input.error();
  options.input = {input.value(), typed.keep_raw, typed.strict};
  const auto speed = check_timed(*typed.timed);
  if (!speed) return speed.error();
  options.timed = speed.value().has_value();
  options.speed = speed.value().value_or(1);
  if (typed.at) {
    const auto at = parse_at(*typed.at, now(CLOCK_REALTIME));
    if (!at) return at.error();
    if (at.value() < now(CLOCK_REALTIME) - second)
      return Error{"--at '" + *typed.at + "': that has gone by", exit_usage};
    options.at = at.value();
  }
  if (const auto words = check_words(typed, options); !words) return words.error();
  options.rounds = typed.loop;
  if (typed.panic) options.first += panic_lines();
  if (typed.reset) options.first += reset_lines();
  if (!typed.words.empty())
    options.events = join_words(typed.words);
  else if (!options.first.empty())
    options.events = "";
  options.progress = typed.progress;
  options.pace = {typed.sysex_rate, static_cast<Nanoseconds>(typed.sysex_gap * 1e9)};
  options.release = !typed.no_release;
  options.ready_fd = options.ports.ready_fd = typed.ready_fd;
  return options;
}

} // namespace mm::send
