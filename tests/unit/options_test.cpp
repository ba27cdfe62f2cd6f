// What mmsend and mmrecv make of their arguments, and what they say about wrong ones.
#include "events.hpp"
#include "mmrecv/options.hpp"
#include "mmsend/options.hpp"
#include "option_words.hpp"
#include "pipes.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace mm {
namespace {

using test::add_clock;
using test::add_filter;
using test::add_format;
using test::Lines;
using test::parsed;
using test::Words;

void add_requests(Words& words, const std::string& name, const std::vector<PortRequest>& requests) {
  for (const auto& request : requests)
    words.add(true, name + " '" + request.pattern + "'" +
                        (request.tag.empty() ? "" : " as " + request.tag));
}

void add_ports(Words& words, const PortChoice& choice) {
  words.add(choice.list, "list");
  words.add(choice.watch, "watch");
  words.add(choice.json, "json");
  add_requests(words, "port", choice.ports.ports);
  add_requests(words, "virtual", choice.ports.virtuals);
  words.add(choice.ports.all, "all");
  words.add(choice.ports.wait, "wait");
  words.add(!choice.backend.empty(), "backend " + choice.backend);
  words.add(choice.ready_fd != -1, "ready " + std::to_string(choice.ready_fd));
}

std::string number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

std::string describe(const send::Options& options) {
  Words words;
  add_ports(words, options.ports);
  add_format(words, options.input.format);
  words.add(!options.first.empty(),
            "first " + std::to_string(test::split(options.first).size()) + " lines");
  words.add(options.events.has_value(), "events '" + options.events.value_or("") + "'");
  words.add(options.input.keep_raw, "keep raw");
  words.add(options.input.strict, "strict");
  words.add(options.timed, "timed");
  words.add(options.speed != 1, "speed " + number(options.speed));
  words.add(options.at != 0, "at " + std::to_string(options.at));
  words.add(options.rounds != 1, "rounds " + std::to_string(options.rounds));
  words.add(options.progress, "progress");
  words.add(options.pace.rate != 0, "rate " + number(options.pace.rate));
  words.add(options.pace.gap != 0, "gap " + std::to_string(options.pace.gap));
  words.add(!options.release, "no release");
  EXPECT_EQ(options.ready_fd, options.ports.ready_fd);
  return words.text();
}

std::string describe(const recv::Options& options) {
  Words words;
  add_ports(words, options.ports);
  add_format(words, options.output);
  add_filter(words, options.filter);
  add_clock(words, options.clock);
  words.add(options.decode, "decode");
  words.add(options.keep_raw, "keep raw");
  words.add(!options.release, "no release");
  words.add(options.count != 0, "count " + std::to_string(options.count));
  words.add(options.timeout != 0, "timeout " + std::to_string(options.timeout));
  EXPECT_EQ(options.ready_fd, options.ports.ready_fd);
  EXPECT_EQ(options.ports.ports.max_sysex, options.output.max_sysex);
  return words.text();
}

class OptionsTest : public testing::Test {
 protected:
  OptionsTest() { clear(); }
  ~OptionsTest() override { clear(); }
  static void clear() {
    ::unsetenv("MM_INPUT");
    ::unsetenv("MM_OUTPUT");
  }

  static std::string send(const Lines& arguments) {
    return parsed<send::Options>(send::parse_options, describe, "mmsend", arguments);
  }
  static std::string recv(const Lines& arguments) {
    return parsed<recv::Options>(recv::parse_options, describe, "mmrecv", arguments);
  }
};

// --- ports ---

TEST_F(OptionsTest, ports) {
  EXPECT_EQ(send({"-p", "synth"}), "port 'synth'");
  EXPECT_EQ(recv({"-p", "keys=k", "--port", "/pad/", "--port=20:0=x"}),
            "port 'keys' as k, port '/pad/', port '20:0' as x");
  EXPECT_EQ(recv({"--virtual", "my desk", "--virtual", "b=t"}),
            "virtual 'my desk', virtual 'b' as t");
  EXPECT_EQ(recv({"--all", "--wait"}), "all, wait");
  EXPECT_EQ(send({"-p", "synth", "--backend", "alsa"}), "port 'synth', backend alsa");
  EXPECT_EQ(send({"-psynth", "--backend=rtmidi"}), "port 'synth', backend rtmidi");
}

TEST_F(OptionsTest, a_port_takes_one_word_and_leaves_the_next) {
  EXPECT_EQ(send({"-p", "synth", "clock"}), "port 'synth', events 'clock'");
  EXPECT_EQ(recv({"-p", "a", "b"}), "2: unexpected argument 'b'");
}

TEST_F(OptionsTest, list_and_watch_need_no_port) {
  EXPECT_EQ(send({"-l"}), "list");
  EXPECT_EQ(recv({"--list", "--json"}), "list, json");
  EXPECT_EQ(recv({"--watch", "--json"}), "watch, json");
  EXPECT_EQ(recv({"--list", "--watch"}), "list, watch");
}

TEST_F(OptionsTest, no_port_is_wrong_unless_the_environment_names_one) {
  EXPECT_EQ(send({}), "2: no port: say -p PORT (--list shows what there is), --all, --virtual "
                      "NAME, or set MM_OUTPUT");
  EXPECT_EQ(recv({"--wait"}), "2: no port: say -p PORT (--list shows what there is), --all, "
                              "--virtual NAME, or set MM_INPUT");
  ::setenv("MM_OUTPUT", "synth=s", 1);
  ::setenv("MM_INPUT", "keys", 1);
  EXPECT_EQ(send({}), "port 'synth' as s");
  EXPECT_EQ(recv({}), "port 'keys'");
  ::setenv("MM_OUTPUT", "", 1);
  EXPECT_EQ(send({}).substr(0, 11), "2: no port:");
}

TEST_F(OptionsTest, the_environment_does_not_count_where_ports_were_asked_for) {
  ::setenv("MM_INPUT", "keys", 1);
  EXPECT_EQ(recv({"-p", "pads"}), "port 'pads'");
  EXPECT_EQ(recv({"--virtual", "desk"}), "virtual 'desk'");
  EXPECT_EQ(recv({"--all"}), "all");
  EXPECT_EQ(recv({"--list"}), "list");
}

TEST_F(OptionsTest, wrong_ports) {
  EXPECT_EQ(send({"-p", ""}), "2: port '': no name");
  EXPECT_EQ(send({"-p", "x=a b"}),
            "2: port 'x=a b': 'a b' is no tag; a tag is one word of A-Z a-z 0-9 _ . - / : [ ]");
  EXPECT_EQ(recv({"--virtual", "=t"}), "2: port '=t': no name");
  EXPECT_EQ(recv({"-p", "x", "--backend", "also"}),
            "2: --backend 'also': it is one of alsa rtmidi");
  EXPECT_EQ(recv({"-p", "x", "--json"}),
            "2: --json goes with --list or --watch; for events it is --to json");
  ::setenv("MM_INPUT", "x=", 1);
  EXPECT_EQ(recv({}), "2: MM_INPUT: port 'x=': '' is no tag; a tag is one word of A-Z a-z 0-9 _ . "
                      "- / : [ ]");
}

// --- formats ---

TEST_F(OptionsTest, formats) {
  EXPECT_EQ(send({"-p", "x", "--from", "text"}), "port 'x'");
  EXPECT_EQ(send({"-p", "x", "--from", "json", "--middle-c", "3", "--max-sysex", "1000"}),
            "port 'x', json, middle c 3, max 1000");
  EXPECT_EQ(recv({"-p", "x", "--to", "raw"}), "port 'x', raw");
  EXPECT_EQ(recv({"-p", "x", "--to=mido", "--note-names", "--middle-c=-5", "--max-sysex=16"}),
            "port 'x', mido, note names, middle c -5, max 16");
  EXPECT_EQ(recv({"-p", "x", "--max-sysex", "1073741824"}), "port 'x', max 1073741824");
}

TEST_F(OptionsTest, wrong_formats) {
  EXPECT_EQ(send({"-p", "x", "--from", "jason"}),
            "2: --from 'jason': it is one of text json raw mido");
  EXPECT_EQ(recv({"-p", "x", "--to", ""}), "2: --to '': it is one of text json raw mido");
  EXPECT_EQ(send({"-p", "x", "--to", "json"}), "2: unknown option '--to'");
  EXPECT_EQ(recv({"-p", "x", "--from", "json"}), "2: unknown option '--from'");
  EXPECT_EQ(recv({"-p", "x", "--middle-c", "10"}),
            "2: --middle-c '10': it is a whole number in -5..9");
  EXPECT_EQ(recv({"-p", "x", "--middle-c", "C4"}),
            "2: --middle-c 'C4': it is a whole number in -5..9");
  EXPECT_EQ(recv({"-p", "x", "--max-sysex", "15"}),
            "2: --max-sysex '15': it is a whole number in 16..1073741824");
  EXPECT_EQ(send({"-p", "x", "--max-sysex", "1073741825"}),
            "2: --max-sysex '1073741825': it is a whole number in 16..1073741824");
}

// --- mmrecv ---

TEST_F(OptionsTest, of_mmrecv) {
  EXPECT_EQ(recv({"-p", "x", "--decode", "--keep-raw", "--no-release", "-n", "10", "--timeout",
                  "0.5", "--clock", "start", "--ready-fd", "2"}),
            "port 'x', ready 2, clock start, decode, keep raw, no release, count 10, timeout "
            "500000000");
  EXPECT_EQ(recv({"-p", "x", "--clock", "monotonic", "--count=1"}), "port 'x', count 1");
  EXPECT_EQ(recv({"-p", "x", "--clock", "realtime"}), "port 'x', clock realtime");
  EXPECT_EQ(recv({"-p", "x", "-n", "010"}), "port 'x', count 10");
}

TEST_F(OptionsTest, which_events_pass) {
  EXPECT_EQ(recv({"-p", "x", "--only", "note,clock"}), "port 'x', passing note-off note-on clock ");
  EXPECT_EQ(recv({"-p", "x", "--not", "voice,common,meta"}),
            "port 'x', passing clock start continue stop active-sensing reset raw");
  EXPECT_EQ(recv({"-p", "x", "--channel", "1..3", "--only", "pp"}),
            "port 'x', passing poly-pressure ");
  EXPECT_EQ(recv({"-p", "x", "--channel", "1,3"}), "port 'x', passing ");
}

TEST_F(OptionsTest, wrong_ones_of_mmrecv) {
  EXPECT_EQ(recv({"-p", "x", "--only", "noteon"}),
            "2: --only: 'noteon' is no kind of event; did you mean 'note-on'?");
  EXPECT_EQ(recv({"-p", "x", "--not", "xyzzy"}), "2: --not: 'xyzzy' is no kind of event");
  EXPECT_EQ(recv({"-p", "x", "--channel", "17"}),
            "2: --channel: '17' is no channel (1..16) and no range such as 1..4");
  EXPECT_EQ(recv({"-p", "x", "--clock", "wall"}),
            "2: --clock 'wall': it is one of monotonic realtime start");
  for (const std::string word :
       {"0", "-1", "1.5", "ten", "", "0x10", "1e3", "99999999999999999999"})
    EXPECT_EQ(recv({"-p", "x", "-n", word}),
              "2: --count '" + word + "': it is a whole number, 1 or more");
  for (const std::string word : {"0", "-1", "soon", "", "inf", "nan", "1e300", "1s"})
    EXPECT_EQ(recv({"-p", "x", "--timeout", word}),
              "2: --timeout '" + word + "': it is a number above 0");
  EXPECT_EQ(recv({"-p", "x", "--ready-fd", "-1"}),
            "2: --ready-fd '-1': it is a whole number in 0..1048576");
}

// --- mmsend ---

TEST_F(OptionsTest, of_mmsend) {
  EXPECT_EQ(send({"-p", "x", "--keep-raw", "--strict", "--progress", "--no-release", "--loop", "0",
                  "--sysex-rate", "3125", "--sysex-gap", "0.02", "--ready-fd", "2"}),
            "port 'x', ready 2, keep raw, strict, rounds 0, progress, rate 3125, gap 20000000, no "
            "release");
  EXPECT_EQ(send({"-p", "x", "--sysex-gap", "0", "--loop", "3"}), "port 'x', rounds 3");
}

TEST_F(OptionsTest, timed_may_have_a_speed) {
  EXPECT_EQ(send({"-p", "x", "--timed"}), "port 'x', timed");
  EXPECT_EQ(send({"-p", "x", "--timed=1"}), "port 'x', timed");
  EXPECT_EQ(send({"-p", "x", "--timed=0.5"}), "port 'x', timed, speed 0.5");
  EXPECT_EQ(send({"-p", "x", "--timed", "clock"}), "port 'x', events 'clock', timed")
      << "the word after it is no speed";
  for (const std::string word : {"0", "-1", "fast", "2x", "inf", "nan"})
    EXPECT_EQ(send({"-p", "x", "--timed=" + word}),
              "2: --timed=" + word + ": the speed is a number above 0, such as 0.5");
}

TEST_F(OptionsTest, at) {
  EXPECT_EQ(send({"-p", "x", "--at", "2099-11-20T14:00:00.5Z"}),
            "port 'x', at 4098866400500000000");
  EXPECT_EQ(send({"-p", "x", "--at", "2001-11-20T14:00:00Z"}),
            "2: --at '2001-11-20T14:00:00Z': that has gone by");
  EXPECT_EQ(send({"-p", "x", "--at", ""}),
            "2: --at '': it is HH:MM, HH:MM:SS or ISO 8601, such as 2026-11-20T14:00:00Z");
  EXPECT_EQ(send({"-p", "x", "--at", "25:00"}),
            "2: --at '25:00': it is HH:MM, HH:MM:SS or ISO 8601, such as 2026-11-20T14:00:00Z");
}

TEST_F(OptionsTest, events_as_arguments) {
  EXPECT_EQ(send({"-p", "x", "note-on", "1", "C4", "100"}), "port 'x', events 'note-on 1 C4 100'");
  EXPECT_EQ(send({"-p", "x", "note-on 1 60 1", "clock"}),
            "port 'x', events 'note-on 1 60 1\nclock'");
  EXPECT_EQ(send({"pitch-bend", "1", "-5", "-p", "x"}), "port 'x', events 'pitch-bend 1 -5'");
  EXPECT_EQ(send({"-p", "x", "--", "--list"}), "port 'x', events '--list'");
  EXPECT_EQ(send({"-p", "x", ""}), "port 'x', events ''");
}

TEST_F(OptionsTest, panic_and_reset_read_nothing_more) {
  EXPECT_EQ(send({"-p", "x", "--panic"}), "port 'x', first 2096 lines, events ''");
  EXPECT_EQ(send({"-p", "x", "--reset"}), "port 'x', first 32 lines, events ''");
  EXPECT_EQ(send({"-p", "x", "--reset", "--panic", "clock"}),
            "port 'x', first 2128 lines, events 'clock'");
}

TEST_F(OptionsTest, wrong_ones_of_mmsend) {
  for (const std::string word : {"-1", "1.5", "often", ""})
    EXPECT_EQ(send({"-p", "x", "--loop", word}),
              "2: --loop '" + word + "': it is a whole number, 0 or more");
  for (const std::string word : {"0", "-3", "fast", "nan"})
    EXPECT_EQ(send({"-p", "x", "--sysex-rate", word}),
              "2: --sysex-rate '" + word + "': it is a number above 0");
  for (const std::string word : {"-1", "x", "inf"})
    EXPECT_EQ(send({"-p", "x", "--sysex-gap", word}),
              "2: --sysex-gap '" + word + "': it is a number, 0 or more");
  EXPECT_EQ(send({"-p", "x", "--ready-fd", "999"}),
            "2: --ready-fd '999': no such descriptor is open");
  EXPECT_EQ(send({"-p", "x", "--timed", "2"}),
            "2: '2': the speed is joined to its option: --timed=2");
  for (const std::string flag : {"--wait", "--no-release", "--panic", "--list", "--help"})
    EXPECT_EQ(send({"-p", "x", flag + "=no"}), "2: " + flag + " takes no value");
  EXPECT_EQ(send({"-p", "x", "--", "--wait=no"}), "port 'x', events '--wait=no'");
  EXPECT_EQ(send({"-p", "x", "-p", "y", "-p", "x=t"}), "2: port 'x': asked for twice");
  EXPECT_EQ(send({"--list", "foo"}), "2: unexpected argument 'foo'");
  EXPECT_EQ(send({"-p", "x", "/dev/null"}),
            "2: '/dev/null' is no event; the lines of a file are read from stdin: < /dev/null");
}

TEST_F(OptionsTest, an_empty_value_is_no_value) {
  for (const std::string option : {"--only", "--not"})
    EXPECT_EQ(recv({"-p", "x", option, ""}), "2: " + option + ": '' is no kind of event");
  EXPECT_EQ(recv({"-p", "x", "--channel", ""}),
            "2: --channel: '' is no channel (1..16) and no range such as 1..4");
  EXPECT_EQ(recv({"-p", "x", "--clock", ""}),
            "2: --clock '': it is one of monotonic realtime start");
  EXPECT_EQ(recv({"-p", "x", "--backend", ""}), "2: --backend '': it is one of alsa rtmidi");
}

// --- typing mistakes ---

TEST_F(OptionsTest, typing_mistakes) {
  EXPECT_EQ(send({"--prot", "x"}), "2: unknown option '--prot'; did you mean '--port'?");
  EXPECT_EQ(send({"--prot=x"}), "2: unknown option '--prot'; did you mean '--port'?");
  EXPECT_EQ(send({"--xyzzyplugh"}), "2: unknown option '--xyzzyplugh'");
  EXPECT_EQ(send({"-p", "x", "-q"}), "2: unknown option '-q'");
  EXPECT_EQ(send({"-p"}), "2: --port needs a value");
  EXPECT_EQ(recv({"-p", "x", "--timeout"}), "2: --timeout needs a value");
  EXPECT_EQ(recv({"-p", "x", "--to", "json", "--to", "text"}), "2: --to can be given only once");
  EXPECT_EQ(send({"-p", "x", "--strict=maybe"}), "2: --strict takes no value");
  EXPECT_EQ(recv({"keys"}), "2: unexpected argument 'keys'");
}

// --- help ---

TEST_F(OptionsTest, help_and_version_are_no_failures) {
  EXPECT_EQ(send({"--help"}).substr(0, 51), "0: Usage: mmsend -p PORT... [OPTION]... [EVENT]...\n");
  EXPECT_EQ(recv({"-h"}).substr(0, 40), "0: Usage: mmrecv -p PORT... [OPTION]...\n");
  EXPECT_EQ(recv({"--version"}).substr(0, 20), "0: mmrecv (mmtools) ");
  EXPECT_EQ(recv({"--version"}).back(), '\n');
}

// --- the words of mmsend ---

TEST(JoinWords, words_without_blanks_make_up_a_line_and_one_with_blanks_is_one) {
  EXPECT_EQ(send::join_words({}), "");
  EXPECT_EQ(send::join_words({"clock"}), "clock");
  EXPECT_EQ(send::join_words({"note-on", "1", "C4", "100"}), "note-on 1 C4 100");
  EXPECT_EQ(send::join_words({"note-on 1 C4 100", "+0.5 note-off 1 C4 0"}),
            "note-on 1 C4 100\n+0.5 note-off 1 C4 0\n");
  EXPECT_EQ(send::join_words({"note-on", "1", "C4", "100", "+0.5 clock", "cc", "1", "7", "0"}),
            "note-on 1 C4 100\n+0.5 clock\ncc 1 7 0");
  EXPECT_EQ(send::join_words({"clock\nstart"}), "clock\nstart\n");
  EXPECT_EQ(send::join_words({"a\tb", "c"}), "a\tb\nc");
}

TEST(PanicLines, silence_every_channel_and_every_note) {
  const Lines lines = test::split(send::panic_lines());
  ASSERT_EQ(lines.size(), 16U * 3 + 16 * 128);
  for (int channel = 1; channel <= 16; ++channel) {
    const std::string c = std::to_string(channel);
    const auto first = static_cast<std::size_t>(channel - 1) * 3;
    EXPECT_EQ(lines[first], "control-change " + c + " 64 0");
    EXPECT_EQ(lines[first + 1], "control-change " + c + " 123 0");
    EXPECT_EQ(lines[first + 2], "control-change " + c + " 120 0");
    for (int note = 0; note < 128; ++note)
      EXPECT_EQ(lines[16 * 3 + static_cast<std::size_t>((channel - 1) * 128 + note)],
                "note-off " + c + ' ' + std::to_string(note) + " 64");
  }
}

TEST(ResetLines, put_the_controllers_of_every_channel_back) {
  std::string wanted;
  for (int channel = 1; channel <= 16; ++channel)
    for (const char* number : {" 123 0\n", " 121 0\n"})
      wanted += "control-change " + std::to_string(channel) + number;
  EXPECT_EQ(send::reset_lines(), wanted);
}

// --- ready ---

TEST(SayReady, writes_a_newline_and_closes) {
  test::Pipe pipe = test::make_pipe();
  const int fd = ::fcntl(pipe.in.get(), F_DUPFD_CLOEXEC, 0);
  pipe.in = Descriptor();
  say_ready(fd);
  EXPECT_EQ(test::read_all(pipe.out), "\n"); // to its end: it is closed
  say_ready(-1);
}

// --- the frame of a tool ---

TEST(RefuseArguments, help_goes_to_stdout_and_what_is_wrong_to_stderr) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  EXPECT_EQ(refuse_arguments("mmx", {"Usage: mmx\n", exit_done}), 0);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "Usage: mmx\n");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");

  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  EXPECT_EQ(refuse_arguments("mmx", {"unknown option '-q'", exit_usage}), 2);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "mmx: unknown option '-q'\nTry 'mmx --help'.\n");
}

TEST(RunTool, runs_with_the_options_and_returns_how_it_ended) {
  static const ToolText text{"mmx", "", "", {}};
  const auto parse = [](int argc, const char* const*) -> Result<int> {
    if (argc > 2) return Error{"too many", exit_usage};
    return argc;
  };
  const auto run = [](const int& count) -> Ended { return {count + 40, 0}; };
  const char* const argv[] = {"mmx", "a", "b"};
  EXPECT_EQ(run_tool<int>(text, 2, argv, parse, run), 42);
  testing::internal::CaptureStderr();
  EXPECT_EQ(run_tool<int>(text, 3, argv, parse, run), 2);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "mmx: too many\nTry 'mmx --help'.\n");
}

} // namespace
} // namespace mm
