// The parts of mmjack that need no server: frames and times, the song's places, what is asked for.
#include "mmjack/cycles.hpp"
#include "mmjack/graph.hpp"
#include "mmjack/options.hpp"
#include "mmjack/pacer.hpp"
#include "mmjack/position.hpp"
#include "mmjack/timebase.hpp"
#include "mmjack/words.hpp"
#include "option_words.hpp"
#include "random.hpp"

#include <gmock/gmock.h>

#include <array>

namespace mm::jack {
namespace {

using test::Lines;
using testing::ElementsAre;

constexpr std::uint32_t rate = 48000;
constexpr Nanoseconds millisecond = second / 1000;

// --- cycles ---

// Cycles one after the other, of a clock that wanders as JACK's filter does.
class CyclesTest : public testing::Test {
 protected:
  void add(std::uint32_t frames, Nanoseconds length) {
    const Cycle cycle{frame_, frames, time_, time_ + length};
    cycles_.add(cycle);
    added_.push_back(cycle);
    frame_ += frames;
    time_ += length;
  }

  Cycles cycles_;
  std::vector<Cycle> added_;
  Frame frame_ = 1'000'000;
  Nanoseconds time_ = 12345 * second;
};

TEST_F(CyclesTest, the_frame_of_each_frames_time_is_that_frame) {
  test::Random random(1);
  for (int i = 0; i < 1000; ++i) add(64, 1'333'333 + random.below(400'000) - 200'000);
  for (const Cycle& cycle : added_)
    for (std::uint32_t offset = 0; offset < cycle.frames; ++offset)
      ASSERT_EQ(cycles_.frame_at(cycle.time_of(offset), rate), cycle.frame + offset);
}

TEST_F(CyclesTest, another_process_sees_the_clock_a_microsecond_apart) {
  for (int i = 0; i < 100; ++i) add(256, 5'333'333 + i % 7 * 1000);
  for (const Cycle& cycle : added_)
    for (std::uint32_t offset = 0; offset < cycle.frames; ++offset)
      for (const Nanoseconds error : {-1000, 1000})
        ASSERT_EQ(cycles_.frame_at(cycle.time_of(offset) + error, rate), cycle.frame + offset);
}

TEST_F(CyclesTest, of_a_cycle_that_was_missed_its_frames_are_known) {
  add(256, 5'333'333);
  const Cycle missed{frame_, 256, time_, time_ + 5'400'000};
  frame_ += 256;
  time_ = missed.end;
  add(256, 5'333'333);
  for (std::uint32_t offset = 0; offset < 256; ++offset)
    EXPECT_EQ(cycles_.frame_at(missed.time_of(offset), rate), missed.frame + offset);
}

TEST_F(CyclesTest, before_and_behind_them_it_is_counted_with_the_rate) {
  add(256, 5 * millisecond);
  EXPECT_EQ(cycles_.frame_at(time_, rate), frame_);
  EXPECT_EQ(cycles_.frame_at(time_ + second, rate), frame_ + 48000);
  EXPECT_EQ(cycles_.frame_at(time_ + 3600 * second, rate), frame_ + 3600UL * 48000);
  EXPECT_EQ(cycles_.frame_at(added_[0].begin - second, rate), added_[0].frame - 48000);
  EXPECT_EQ(cycles_.frame_at(0, rate), 0U);
}

TEST_F(CyclesTest, the_oldest_are_forgotten) {
  for (int i = 0; i < 40000; ++i) add(64, 1'333'333);
  const Cycle& recent = added_[added_.size() - 12000];
  EXPECT_EQ(cycles_.frame_at(recent.time_of(63), rate), recent.frame + 63);
}

TEST(FramesIn, are_exact_for_long_spans) {
  EXPECT_EQ(frames_in(second, 44100), 44100);
  EXPECT_EQ(frames_in(1'000'000 * second + second / 3, 44100), 44'100'000'000 + 14700);
  EXPECT_EQ(frames_in(-second / 2, 48000), -24000);
  EXPECT_EQ(frames_in(10'416'667, 48000), 500);
}

// --- pacer ---

class PacerTest : public testing::Test {
 protected:
  PacerTest() {
    const Nanoseconds begin = now();
    for (int i = 0; i < 3; ++i)
      cycles_.add({1000 + 480UL * static_cast<Frame>(i), 480, begin + (i - 3) * 10 * millisecond,
                   begin + (i - 2) * 10 * millisecond});
  }
  Frame frame_of(const std::string& line) { return pacer_->frame_of(test::event_of(line), rate); }
  void pace(const Options& options) { pacer_.emplace(options, cycles_); }

  Cycles cycles_;
  std::optional<Pacer> pacer_;
};

TEST_F(PacerTest, lines_of_now_go_at_once_and_relative_ones_keep_their_distance) {
  pace({});
  EXPECT_EQ(frame_of("clock"), 0U);
  EXPECT_EQ(frame_of("5 clock"), 0U);
  const Frame first = frame_of("+0.5 clock");
  EXPECT_GT(first, 1000U);
  EXPECT_EQ(frame_of("+0.25 clock"), first + 12000);
  EXPECT_EQ(frame_of("+1 clock"), first + 60000);
  EXPECT_EQ(frame_of("clock"), first + 60000); // not before the line before
}

TEST_F(PacerTest, timed_lines_keep_their_distance_and_the_speed) {
  Options options;
  options.timed = true;
  options.speed = 2;
  pace(options);
  const Frame first = frame_of("100 clock");
  EXPECT_EQ(frame_of("101 clock"), first + 24000);
  EXPECT_EQ(frame_of("101.5 clock"), first + 36000);
}

TEST_F(PacerTest, a_latency_is_added_to_the_frame_of_the_time) {
  Options options;
  options.latency = second / 10;
  pace(options);
  EXPECT_EQ(frame_of("clock"), 0U);
  Event event = make_event(Kind::clock);
  event.time_form = TimeForm::absolute;
  const Cycle last = cycles_.last();
  for (std::uint32_t offset = 0; offset < last.frames; ++offset) {
    event.time = last.time_of(offset);
    EXPECT_EQ(pacer_->frame_of(event, rate), last.frame + offset + 4800);
  }
  EXPECT_EQ(frame_of("+0.5 clock"), last.frame + last.frames - 1 + 4800 + 24000);
}

// --- words ---

TEST(Words, in_quotes_and_without) {
  EXPECT_THAT(split_words(R"(:connect "a \"b\" \\c" d)").value(),
              ElementsAre(":connect", R"(a "b" \c)", "d"));
  EXPECT_THAT(split_words("  ").value(), ElementsAre());
  EXPECT_FALSE(split_words(":a \"open"));
  for (const std::string word : {"plain:1", "two words", "\"", "\\", "", "ä", "a#b", "@x", "a\"b"})
    EXPECT_THAT(split_words(as_word(word)).value(), ElementsAre(word)) << as_word(word);
  EXPECT_EQ(as_word("plain:1"), "plain:1");
  EXPECT_EQ(as_word("a\nb"), "\"a?b\"");
}

// --- the song ---

std::string place(const jack_position_t& position) {
  return std::to_string(position.bar) + '|' + std::to_string(position.beat) + '|' +
         std::to_string(position.tick);
}

TEST(Timebase, bars_beats_and_ticks_of_a_frame) {
  const Timebase timebase(120, 3, 4);
  jack_position_t position{};
  position.frame_rate = rate;
  const std::array<std::pair<jack_nframes_t, const char*>, 6> places{{{0, "1|1|0"},
                                                                      {24000, "1|2|0"},
                                                                      {72000, "2|1|0"},
                                                                      {71999, "1|3|1919"},
                                                                      {72012, "2|1|0"},
                                                                      {72013, "2|1|1"}}};
  for (const auto& [frame, expected] : places) {
    position.frame = frame;
    timebase.fill(position);
    EXPECT_EQ(place(position), expected) << frame;
    EXPECT_NEAR(beats_of(position), frame / 24000.0, 1.0 / 1920 + 1e-9);
  }
  EXPECT_EQ(position.beats_per_minute, 120);
  EXPECT_EQ(position.beats_per_bar, 3);
  EXPECT_EQ(position.beat_type, 4);
}

TEST(ClockReader, measures_the_tempo_and_says_what_the_transport_is_to_do) {
  using What = ClockReader::Wish::What;
  Timebase timebase(120, 4, 4);
  ClockReader reader(timebase);
  const auto send = [&](std::vector<jack_midi_data_t> bytes, jack_nframes_t frame) {
    return reader.read({0, bytes.size(), bytes.data()}, frame, true, frame, rate);
  };
  EXPECT_EQ(send({0xfa}, 0).what, What::start);
  for (jack_nframes_t i = 0; i < 100; ++i) EXPECT_EQ(send({0xf8}, i * 800).what, What::none);
  EXPECT_NEAR(timebase.tempo(), 150, 0.01);     // 800 frames: a 24th of 0.4 s
  const auto moved = send({0xf2, 8, 1}, 80000); // 136 sixteenths: 34 beats
  EXPECT_EQ(moved.what, What::locate);
  EXPECT_NEAR(moved.frame, 34 * 0.4 * rate, 1);
  EXPECT_EQ(send({0xfb}, 80000).what, What::go_on);
  EXPECT_EQ(send({0xfc}, 80000).what, What::stop);
  EXPECT_EQ(send({0x90, 60, 1}, 80000).what, What::none);
  send({0xf8}, 8'000'000); // it stood still meanwhile: that is no tempo
  EXPECT_NEAR(timebase.tempo(), 150, 0.01);
}

TEST(TimeOf, a_frame) {
  EXPECT_EQ(time_of(0, rate), "0:00:00.000");
  EXPECT_EQ(time_of(4'344'000, rate), "0:01:30.500");
  EXPECT_EQ(time_of(4'000'000'000U, rate), "23:08:53.333");
}

// --- the graph ---

std::vector<Port> some_ports() {
  std::vector<Port> ports;
  const auto add = [&](const char* name, bool is_midi, bool is_output) {
    Port port;
    port.name = name;
    port.is_midi = is_midi;
    port.is_output = is_output;
    ports.push_back(port);
  };
  add("system:capture_1", false, true);
  add("system:capture_2", false, true);
  add("system:playback_1", false, false);
  add("system:playback_2", false, false);
  add("keys:out", true, true);
  add("synth:in", true, false);
  add("synth:left", false, true);
  ports[4].aliases = {"the keyboard"};
  return ports;
}

std::string connections(const std::string& source, const std::string& destination) {
  const auto found = find_connections(some_ports(), source, destination);
  if (!found) return found.error().what.substr(0, found.error().what.find('\n'));
  std::string text;
  for (const Connection& one : found.value())
    text += (text.empty() ? "" : ", ") + one.first + " > " + one.second;
  return text;
}

TEST(FindConnections, one_or_as_many_on_both_sides) {
  EXPECT_EQ(connections("keys:out", "synth:in"), "keys:out > synth:in");
  EXPECT_EQ(connections("the keyboard", "synth"), "keys:out > synth:in");
  EXPECT_EQ(connections("system", "system"),
            "system:capture_1 > system:playback_1, system:capture_2 > system:playback_2");
  EXPECT_EQ(connections("/capture_[12]$/", "/playback/"),
            "system:capture_1 > system:playback_1, system:capture_2 > system:playback_2");
  EXPECT_EQ(connections("capture_2", "playback_1"), "system:capture_2 > system:playback_1");
  EXPECT_EQ(connections("keys:out", "system"), "no MIDI input port 'system'; there is");
  EXPECT_EQ(connections("nobody", "synth"), "no output port 'nobody'; there is");
  EXPECT_EQ(connections("left", "playback"),
            "'left' and 'playback' do not fit one port each, nor as many:");
}

TEST(ListConnections, each_once) {
  auto ports = some_ports();
  ports[4].connections = {"synth:in"};
  ports[5].connections = {"keys:out"};
  EXPECT_THAT(list_connections(ports), ElementsAre(Connection("keys:out", "synth:in")));
  EXPECT_EQ(to_string(Connection("a b:c", "d:e")), "\"a b:c\" d:e");
}

// --- options ---

std::string describe(const Options& options) {
  test::Words words;
  for (const auto& name : options.inputs) words.add(true, "in " + name);
  for (const auto& name : options.outputs) words.add(true, "out " + name);
  for (const auto& one : options.connect) words.add(true, one.first + " > " + one.second);
  words.add(!options.where.server.empty(), "server " + options.where.server);
  words.add(options.where.client != "mmjack", "client " + options.where.client);
  words.add(options.wait, "wait");
  words.add(options.latency.has_value(), "latency " + std::to_string(options.latency.value_or(0)));
  words.add(options.timed, "timed");
  words.add(options.speed != 1, "faster");
  words.add(options.keep_open, "keep open");
  words.add(!options.release, "no release");
  test::add_filter(words, options.filter);
  words.add(options.input.keep_raw, "keep raw");
  words.add(options.input.strict, "strict");
  words.add(options.input.format.format != Format::text, "from another format");
  test::add_format(words, options.output);
  test::add_clock(words, options.clock);
  words.add(options.ready_fd != -1, "ready " + std::to_string(options.ready_fd));
  return words.text();
}

std::string options_of(const Lines& arguments) {
  return test::parsed(parse_options, describe, "mmjack", arguments);
}

TEST(JackOptions, each_does_one_thing) {
  EXPECT_EQ(options_of({"--in", "a", "--in", "b", "--out", "c", "--connect", "k:o", "a",
                        "--connect", "c", "s:i"}),
            "in a, in b, out c, k:o > a, c > s:i");
  EXPECT_EQ(options_of({"--out", "a", "--server", "s", "--client", "c", "--wait"}),
            "out a, server s, client c, wait");
  EXPECT_EQ(options_of({"--out", "a", "--latency", "0.01"}), "out a, latency 10000000");
  EXPECT_EQ(options_of({"--out", "a", "--timed=2"}), "out a, timed, faster");
  EXPECT_EQ(options_of({"--out", "a", "--keep-open", "--no-release", "--keep-raw", "--strict",
                        "--from", "json", "--ready-fd", "2"}),
            "out a, keep open, no release, keep raw, strict, from another format, ready 2");
  EXPECT_EQ(options_of({"--in", "a", "--to", "mido", "--clock", "start"}),
            "in a, mido, clock start");
  EXPECT_EQ(options_of({"--in", "a", "--connect", "a", "x"}),
            "2: --connect: 'a' is an input of ours, and comes second: SRC DST");
  EXPECT_EQ(options_of({"--out", "a", "--connect", "x", "a"}),
            "2: --connect: 'a' is an output of ours, and comes first: SRC DST");
  EXPECT_EQ(options_of({"--out", "a", "--timed=0"}),
            "2: --timed=0: the speed is a number above 0, such as 0.5");
}

} // namespace
} // namespace mm::jack
