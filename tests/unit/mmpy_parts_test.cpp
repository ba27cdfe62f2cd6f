// The parts of mmpy that know no Python: what is due later, the TIME of what is sent, what came in
// last, and what goes out.
#include "events.hpp"
#include "mmpy/agenda.hpp"
#include "mmpy/downstream.hpp"
#include "mmpy/stamp.hpp"
#include "mmpy/state.hpp"
#include "pipes.hpp"

#include <gmock/gmock.h>

#include <limits>
#include <memory>

namespace mm::py {
namespace {

using test::event_of;
using test::Lines;
using test::text_of;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Nanoseconds latest = std::numeric_limits<Nanoseconds>::max();

// --- what is due later ---

using Names = Agenda<std::string>;

// All that is there, in its order: "TIME NAME"; then nothing is.
Lines taken(Names& agenda) {
  Lines lines;
  while (const auto next = agenda.next())
    lines.push_back(std::to_string(*next) + ' ' + agenda.take());
  return lines;
}

TEST(Agenda, hands_out_by_time_and_equal_times_in_the_order_in_which_they_were_added) {
  Names agenda;
  agenda.add(30, "late");
  agenda.add(20, "one");
  agenda.add(10, "early");
  agenda.add(20, "two");
  agenda.add(-5, "before all");
  agenda.add(20, "three");
  EXPECT_EQ(agenda.size(), 6U);
  EXPECT_THAT(taken(agenda),
              ElementsAre("-5 before all", "10 early", "20 one", "20 two", "20 three", "30 late"));
  EXPECT_TRUE(agenda.empty());
}

TEST(Agenda, goes_on_while_entries_are_taken) {
  Names agenda;
  agenda.add(20, "a");
  agenda.add(20, "b");
  EXPECT_EQ(agenda.take(), "a");
  agenda.add(20, "a again");
  agenda.add(10, "overdue");
  EXPECT_THAT(taken(agenda), ElementsAre("10 overdue", "20 b", "20 a again"));
}

TEST(Agenda, nothing_is_due_where_nothing_is) {
  Names agenda;
  EXPECT_EQ(agenda.next(), std::nullopt);
  EXPECT_TRUE(agenda.empty());
  EXPECT_EQ(agenda.size(), 0U);
  agenda.add(1, "a");
  EXPECT_EQ(agenda.next(), 1);
  EXPECT_FALSE(agenda.empty());
  agenda.take();
  EXPECT_EQ(agenda.next(), std::nullopt);
}

TEST(Agenda, removes_the_entry_of_a_place_and_no_other) {
  Names agenda;
  agenda.add(20, "a");
  const auto b = agenda.add(20, "b");
  const auto c = agenda.add(20, "c");
  agenda.remove(b);
  agenda.remove(b);
  EXPECT_THAT(taken(agenda), ElementsAre("20 a", "20 c"));
  agenda.add(20, "d");
  agenda.remove(c);
  EXPECT_THAT(taken(agenda), ElementsAre("20 d")) << "a place is not given out again";
}

TEST(Agenda, removes_what_it_is_told) {
  Names agenda;
  for (const char* const name : {"a1", "b1", "a2", "b2"}) agenda.add(7, name);
  agenda.remove_if([](const std::string& name) { return name[0] == 'a'; });
  EXPECT_THAT(taken(agenda), ElementsAre("7 b1", "7 b2"));
}

TEST(Agenda, shows_all_in_their_order) {
  Names agenda;
  agenda.add(2, "b");
  agenda.add(1, "a");
  agenda.add(2, "c");
  Lines seen;
  agenda.for_each([&](const std::string& name) { seen.push_back(name); });
  EXPECT_THAT(seen, ElementsAre("a", "b", "c"));
  EXPECT_EQ(agenda.size(), 3U);
}

TEST(Agenda, is_shifted_as_a_whole_and_the_new_places_are_told) {
  Names agenda;
  agenda.add(20, "b");
  agenda.add(20, "c");
  agenda.add(10, "a");
  std::map<std::string, Names::Place> places;
  agenda.shift(1000,
               [&](const std::string& name, const Names::Place& place) { places[name] = place; });
  agenda.add(1020, "d");
  agenda.remove(places.at("b"));
  EXPECT_THAT(taken(agenda), ElementsAre("1010 a", "1020 c", "1020 d"));
}

TEST(Agenda, can_be_shifted_back_or_by_nothing) {
  const auto ignore = [](const auto& /*entry*/, const auto& /*place*/) {};
  Names agenda;
  agenda.shift(5, ignore);
  agenda.add(20, "a");
  agenda.shift(0, ignore);
  EXPECT_EQ(agenda.next(), 20);
  agenda.shift(-30, ignore);
  EXPECT_THAT(taken(agenda), ElementsAre("-10 a"));
}

TEST(Agenda, is_shifted_to_the_last_time_at_most) {
  Names agenda;
  agenda.add(10, "a");
  agenda.add(20, "b");
  agenda.shift(latest - 15, [](const auto& /*entry*/, const auto& /*place*/) {});
  EXPECT_THAT(taken(agenda),
              ElementsAre(std::to_string(latest - 5) + " a", std::to_string(latest) + " b"));
}

TEST(Agenda, holds_what_can_only_be_moved) {
  Agenda<std::unique_ptr<int>> agenda;
  agenda.add(2, std::make_unique<int>(2));
  agenda.add(1, std::make_unique<int>(1));
  agenda.shift(1, [](const auto& /*entry*/, const auto& /*place*/) {});
  EXPECT_EQ(*agenda.take(), 1);
  EXPECT_EQ(*agenda.take(), 2);
}

// --- the TIME of what is sent ---

// What becomes of events of the input: each line is "drop LINE", "pass LINE", "twice LINE" (it goes
// on, and once more), or "at NANOSECONDS", which sends a clock from a timer.
Lines stamped(const Lines& script) {
  Stamp stamp(false);
  Lines sent;
  const auto send = [&](Event event) {
    stamp.put_on(event);
    sent.push_back(text_of(event));
  };
  for (const std::string& step : script) {
    const std::size_t blank = step.find(' ');
    const std::string word = step.substr(0, blank);
    const std::string rest = step.substr(blank + 1);
    if (word == "at") {
      stamp.begin(Nanoseconds{std::stoll(rest)});
      send(event_of("stop"));
      continue;
    }
    const Event event = event_of(rest);
    stamp.begin(event);
    if (word != "drop") send(event);
    if (word == "twice") send(event_of("99.000000000 start"));
  }
  return sent;
}

TEST(Stamp, is_the_time_of_the_event_that_is_handled) {
  EXPECT_THAT(
      stamped({"twice 1.5 clock", "drop 2.5 clock", "twice clock", "pass 0.25 clock"}),
      ElementsAre("1.500000000 clock", "1.500000000 start", "clock", "start", "0.250000000 clock"));
}

TEST(Stamp, of_relative_times_what_was_dropped_is_added_to_the_next) {
  EXPECT_THAT(stamped({"pass +0.25 clock", "drop +0.5 clock", "drop +0.125 clock", "pass +1 clock",
                       "pass +2 clock"}),
              ElementsAre("+0.250000000 clock", "+1.625000000 clock", "+2.000000000 clock"));
}

TEST(Stamp, of_a_relative_time_several_events_have_it_once) {
  EXPECT_THAT(stamped({"drop +1 clock", "twice +0.5 clock", "twice +0 clock"}),
              ElementsAre("+1.500000000 clock", "+0.000000000 start", "+0.000000000 clock",
                          "+0.000000000 start"));
}

TEST(Stamp, an_event_without_time_has_what_was_dropped_before_it) {
  EXPECT_THAT(stamped({"drop +1 clock", "twice clock", "pass clock"}),
              ElementsAre("+1.000000000 clock", "start", "clock"));
  EXPECT_THAT(stamped({"drop +1 clock", "drop clock", "pass +1 clock"}),
              ElementsAre("+2.000000000 clock"));
}

TEST(Stamp, an_absolute_time_needs_nothing_of_what_was_dropped_before_it) {
  EXPECT_THAT(stamped({"drop +1 clock", "drop 5 clock", "pass +0.5 clock"}),
              ElementsAre("+0.500000000 clock"));
  EXPECT_THAT(stamped({"drop +1 clock", "pass 5 clock", "pass +0.5 clock"}),
              ElementsAre("5.000000000 clock", "+0.500000000 clock"));
}

TEST(Stamp, is_the_time_of_a_timer_and_then_of_the_next_event) {
  EXPECT_THAT(stamped({"pass clock", "at 1500000000", "pass clock"}),
              ElementsAre("clock", "1.500000000 stop", "clock"));
  EXPECT_THAT(stamped({"pass 1 clock", "at 1500000000", "pass +0.5 clock"}),
              ElementsAre("1.000000000 clock", "1.500000000 stop", "+0.500000000 clock"));
}

TEST(Stamp, is_none_before_anything) {
  Stamp stamp(false);
  Event event = event_of("5 clock");
  stamp.put_on(event);
  EXPECT_EQ(text_of(event), "clock");
}

// What is sent at `time` of a virtual clock; its line.
std::string sent_at(Stamp& stamp, Nanoseconds time) {
  stamp.begin(time);
  Event event = make_event(Kind::start);
  stamp.put_on(event);
  return text_of(event);
}

std::string passed(Stamp& stamp, Nanoseconds after) {
  Event event = make_event(Kind::clock);
  event.time = after;
  event.time_form = TimeForm::relative;
  stamp.begin(event);
  stamp.put_on(event);
  return text_of(event);
}

TEST(Stamp, what_a_virtual_clock_sends_has_its_place_among_relative_times) {
  Stamp stamp(true);
  EXPECT_EQ(passed(stamp, second), "+1.000000000 clock");
  EXPECT_EQ(sent_at(stamp, second + second / 4), "+0.250000000 start");
  EXPECT_EQ(sent_at(stamp, second + second / 4), "+0.000000000 start");
  // A second after the clock, of which a quarter has gone by.
  EXPECT_EQ(passed(stamp, second), "+0.750000000 clock");
  EXPECT_EQ(passed(stamp, second), "+1.000000000 clock");
}

TEST(Stamp, relative_times_add_up_to_the_longest_that_can_be_read_at_most) {
  EXPECT_THAT(stamped({"drop +9000000000 clock", "drop +9000000000 clock", "pass +1 clock"}),
              ElementsAre("+9000000000.000000000 clock"));
}

TEST(Stamp, knows_what_has_the_time_already) {
  Stamp stamp(false);
  stamp.begin(event_of("1.5 clock"));
  EXPECT_TRUE(stamp.is_on(event_of("1.5 start")));
  EXPECT_FALSE(stamp.is_on(event_of("1.6 start")));
  EXPECT_FALSE(stamp.is_on(event_of("+1.5 start")));
  EXPECT_FALSE(stamp.is_on(event_of("start")));
  stamp.begin(event_of("+1.5 clock"));
  EXPECT_FALSE(stamp.is_on(event_of("+1.5 clock"))) << "others may be missing before it";
  EXPECT_FALSE(stamp.is_on(event_of("1.5 clock")));
  stamp.begin(event_of("clock"));
  EXPECT_FALSE(stamp.is_on(event_of("clock"))) << "the same";
  stamp.begin(Nanoseconds{7});
  EXPECT_TRUE(stamp.is_on(event_of("0.000000007 clock")));
}

// --- what came in last ---

State followed(const Lines& lines) {
  State state;
  for (const std::string& line : lines) state.follow(event_of(line));
  return state;
}

// All that is known of channels: "1 velocity 60 = 100", without what is as at the start.
Lines known(const State::Channels& channels) {
  Lines lines;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const State::Channel& channel = channels[i];
    const auto add = [&](const std::string& name, int value, int at_first) {
      if (value == at_first) return;
      lines.push_back(std::to_string(i + 1) + ' ' + name + " = " + std::to_string(value));
    };
    for (std::size_t n = 0; n < 128; ++n)
      add("velocity " + std::to_string(n), channel.velocities[n], 0);
    for (std::size_t n = 0; n < 128; ++n)
      add("pressure " + std::to_string(n), channel.pressures[n], State::unknown);
    for (std::size_t n = 0; n < 128; ++n)
      add("controller " + std::to_string(n), channel.controllers[n], State::unknown);
    add("program", channel.program, State::unknown);
    add("pressure", channel.pressure, State::unknown);
    add("bend", channel.bend, State::unknown);
  }
  return lines;
}

Lines known(const State::Channels* channels) {
  return channels == nullptr ? Lines{"nothing came"} : known(*channels);
}

TEST(State, knows_nothing_at_first) {
  const State state;
  EXPECT_THAT(known(state.all()), IsEmpty());
  EXPECT_THAT(known(state.of("keys")), ElementsAre("nothing came"));
  EXPECT_THAT(known(state.of("")), ElementsAre("nothing came"));
}

TEST(State, keeps_the_last_value_of_everything) {
  EXPECT_THAT(known(followed({"note-on 1 60 100", "note-on 1 0 1", "note-on 16 127 127",
                              "poly-pressure 1 60 2", "control-change 1 7 3",
                              "control-change 1 7 0", "program-change 2 4", "channel-pressure 2 5",
                              "pitch-bend 2 -8192", "pitch-bend 3 0"})
                        .all()),
              ElementsAre("1 velocity 0 = 1", "1 velocity 60 = 100", "1 pressure 60 = 2",
                          "1 controller 7 = 0", "2 program = 4", "2 pressure = 5", "2 bend = -8192",
                          "3 bend = 0", "16 velocity 127 = 127"));
}

TEST(State, a_note_is_held_until_it_ends_by_either_way) {
  EXPECT_THAT(known(followed({"note-on 1 60 100", "note-off 1 60 64"}).all()), IsEmpty());
  EXPECT_THAT(known(followed({"note-on 1 60 100", "note-on 1 60 0"}).all()), IsEmpty());
  EXPECT_THAT(known(followed({"note-on 1 60 100", "note-off 2 60 64", "note-off 1 61 64"}).all()),
              ElementsAre("1 velocity 60 = 100"));
  EXPECT_THAT(known(followed({"note-on 1 60 100", "note-on 1 60 5"}).all()),
              ElementsAre("1 velocity 60 = 5"));
}

TEST(State, keeps_the_ports_apart_and_all_together) {
  const State state = followed({"note-on 1 60 1 @a", "note-on 1 60 2 @b", "control-change 1 7 3 @a",
                                "control-change 1 7 4", "note-off 1 60 0 @a"});
  EXPECT_THAT(known(state.all()), ElementsAre("1 controller 7 = 4"));
  EXPECT_THAT(known(state.of("a")), ElementsAre("1 controller 7 = 3"));
  EXPECT_THAT(known(state.of("b")), ElementsAre("1 velocity 60 = 2"));
  EXPECT_THAT(known(state.of("")), ElementsAre("nothing came")) << "it is no port";
}

TEST(State, finds_the_ports_again_in_any_order) {
  State state;
  for (int round = 0; round < 2; ++round)
    for (int port = 0; port < 100; ++port)
      state.follow(event_of("control-change 1 " + std::to_string(round) + ' ' +
                            std::to_string(port) + " @port" + std::to_string(port)));
  for (int port = 0; port < 100; ++port) {
    const std::string value = " = " + std::to_string(port);
    EXPECT_THAT(known(state.of("port" + std::to_string(port))),
                ElementsAre("1 controller 0" + value, "1 controller 1" + value));
  }
}

TEST(State, forgets_a_port_that_has_gone) {
  State state = followed({"note-on 1 60 1 @a", "note-on 1 61 2 @b", ":disconnected @a"});
  EXPECT_THAT(known(state.of("a")), ElementsAre("nothing came"));
  EXPECT_THAT(known(state.of("b")), ElementsAre("1 velocity 61 = 2"));
  state.follow(event_of("control-change 1 7 3 @a"));
  EXPECT_THAT(known(state.of("a")), ElementsAre("1 controller 7 = 3")) << "it has come again";
  state.follow(event_of(":disconnected @a"));
  state.follow(event_of("control-change 1 8 4 @b"));
  EXPECT_THAT(known(state.of("b")), ElementsAre("1 velocity 61 = 2", "1 controller 8 = 4"));
  EXPECT_THAT(known(state.of("a")), ElementsAre("nothing came"));
}

TEST(State, a_port_that_stays_is_not_forgotten) {
  const Lines known_of_a{"1 velocity 60 = 1"};
  for (const std::string meta :
       {":connected @a", ":disconnected", ":disconnected @b", ":overrun 3 @a", ":disconnecting @a"})
    EXPECT_EQ(known(followed({"note-on 1 60 1 @a", meta}).of("a")), known_of_a) << meta;
}

TEST(State, what_has_no_value_changes_nothing) {
  const State state = followed({"clock @a", "sysex f0 01 f7 @a", "song-position 5 @a",
                                "time-code 1 2 @a", "raw 90 3c @a", ":tempo 120 @a"});
  EXPECT_THAT(known(state.all()), IsEmpty());
  EXPECT_THAT(known(state.of("a")), ElementsAre("nothing came"));
}

TEST(State, ports_are_bounded_and_those_that_go_make_room) {
  State state;
  const auto come = [&](int port) {
    state.follow(event_of("control-change 1 7 5 @p" + std::to_string(port)));
    return state.of("p" + std::to_string(port)) != nullptr;
  };
  for (int port = 0; port < 256; ++port) EXPECT_TRUE(come(port)) << port;
  EXPECT_FALSE(come(256));
  EXPECT_THAT(known(state.all()), ElementsAre("1 controller 7 = 5"));
  EXPECT_TRUE(come(0)) << "those that are known go on";
  state.follow(event_of(":disconnected @p1"));
  EXPECT_TRUE(come(256));
  EXPECT_FALSE(come(1));
}

TEST(State, a_copied_name_is_enough) {
  State state;
  {
    const std::string line = "note-on 1 60 1 @port-with-a-name-of-its-own";
    state.follow(event_of(line));
  }
  const std::string again = "note-on 1 61 2 @port-with-a-name-of-its-own";
  state.follow(event_of(again));
  EXPECT_THAT(known(state.of("port-with-a-name-of-its-own")),
              ElementsAre("1 velocity 60 = 1", "1 velocity 61 = 2"));
}

// --- what goes out ---

class DownstreamTest : public testing::Test {
 protected:
  void put(const std::string& line) { down_.put(event_of(line)); }
  void put_all(const Lines& lines) {
    for (const std::string& line : lines) put(line);
  }
  Lines ends() {
    Lines lines;
    down_.for_each_end([&](const Event& event) { lines.push_back(text_of(event)); });
    return lines;
  }
  bool would_end(const std::string& line) { return down_.would_end(event_of(line)); }

  Descriptor file_ = test::make_file();
  Downstream down_{::dup(file_.get()), {}};
};

TEST_F(DownstreamTest, prints_what_is_put) {
  put_all({"1.5 note-on 1 60 100 @keys", "clock", ":tempo 120"});
  EXPECT_EQ(down_.output().queue().waiting(), "1.500000000 note-on 1 60 100 @keys\n"
                                              "clock\n"
                                              ":tempo 120\n");
  EXPECT_TRUE(down_.output().finish({}));
  EXPECT_EQ(test::content(file_), "1.500000000 note-on 1 60 100 @keys\nclock\n:tempo 120\n");
}

TEST_F(DownstreamTest, knows_what_sounds_by_port_and_channel) {
  put_all({"note-on 2 61 1 @b", "note-on 1 60 1 @b", "note-on 16 5 1", "control-change 1 64 127 @a",
           "note-on 3 62 1 @a", "control-change 1 7 127 @a", "pitch-bend 1 5 @a", "note-on 1 9 0"});
  EXPECT_THAT(ends(),
              ElementsAre("note-off 16 5 64", "control-change 1 64 0 @a", "note-off 3 62 64 @a",
                          "note-off 1 60 64 @b", "note-off 2 61 64 @b"));
  EXPECT_EQ(ends().size(), 5U) << "asking changes nothing";
}

TEST_F(DownstreamTest, what_has_ended_does_not_sound) {
  put_all({"note-on 1 60 1 @a", "note-on 1 61 1 @a", "control-change 1 64 127 @a",
           "note-on 1 60 1 @b"});
  put_all({"note-off 1 60 0 @a", "note-on 1 61 0 @a", "control-change 1 64 0 @a"});
  EXPECT_THAT(ends(), ElementsAre("note-off 1 60 64 @b"));
}

TEST_F(DownstreamTest, knows_what_would_end_something) {
  put_all({"note-on 1 60 1 @a", "control-change 1 64 127 @a", "control-change 1 7 127 @a"});
  for (const std::string line :
       {"note-off 1 60 0 @a", "note-on 1 60 0 @a", "control-change 1 64 0 @a"})
    EXPECT_TRUE(would_end(line)) << line;
  for (const std::string line :
       {"note-off 1 60 0", "note-off 1 60 0 @b", "note-off 1 61 0 @a", "note-off 2 60 0 @a",
        "note-on 1 60 1 @a", "note-on 1 61 0 @a", "control-change 1 64 1 @a",
        "control-change 1 7 0 @a", "control-change 1 66 0 @a", "control-change 1 123 0 @a",
        "poly-pressure 1 60 0 @a", "program-change 1 0 @a", "clock @a", ":x @a"})
    EXPECT_FALSE(would_end(line)) << line;
  EXPECT_THAT(ends(), ElementsAre("note-off 1 60 64 @a", "control-change 1 64 0 @a"))
      << "asking changes nothing";
  put("note-off 1 60 0 @a");
  EXPECT_FALSE(would_end("note-off 1 60 0 @a"));
}

TEST_F(DownstreamTest, ports_that_come_and_go_are_forgotten_but_not_what_sounds_there) {
  const auto tag = [](int port) { return " @p" + std::to_string(port); };
  put("note-on 1 1 1" + tag(0));
  for (int port = 1; port < 5000; ++port) {
    put("note-on 1 2 1" + tag(port));
    put("note-off 1 2 0" + tag(port));
    if (port == 1500) put("note-on 1 3 1" + tag(port));
  }
  put("note-on 1 4 1" + tag(4999));
  EXPECT_THAT(ends(), ElementsAre("note-off 1 1 64 @p0", "note-off 1 3 64 @p1500",
                                  "note-off 1 4 64 @p4999"));
}

TEST_F(DownstreamTest, however_many_ports_sound_they_are_all_known) {
  for (int port = 0; port < 3000; ++port) put("note-on 1 60 1 @p" + std::to_string(port));
  EXPECT_EQ(ends().size(), 3000U);
}

TEST_F(DownstreamTest, the_name_of_a_port_is_kept) {
  {
    const std::string line = "note-on 1 60 1 @port-with-a-name-of-its-own";
    put(line);
  }
  const std::string again = "note-off 1 60 1 @port-with-a-name-of-its-own";
  put(again);
  EXPECT_THAT(ends(), IsEmpty());
}

// Puts so many lines of a thousand bytes.
void put_thousands(Downstream& down, int count) {
  const std::string line = "clock @" + std::string(992, 'x');
  const Event event = event_of(line);
  for (int i = 0; i < count; ++i) down.put(event);
}

TEST_F(DownstreamTest, says_when_whoever_puts_is_to_pause) {
  EXPECT_FALSE(down_.is_full());
  put_thousands(down_, 1000);
  EXPECT_FALSE(down_.is_full());
  put_thousands(down_, 100);
  EXPECT_TRUE(down_.is_full());
  down_.output().queue().drop(100'000);
  EXPECT_FALSE(down_.is_full());
}

TEST_F(DownstreamTest, has_room_made_where_nobody_pauses) {
  int made = 0;
  put_thousands(down_, 5000); // nobody is there to make room: it grows
  down_.on_overfull([&] {
    ++made;
    down_.output().queue().drop(down_.output().queue().size());
  });
  put("clock");
  EXPECT_EQ(made, 1);
  EXPECT_EQ(down_.output().queue().size(), 0U);
  put_thousands(down_, 4194);
  EXPECT_EQ(made, 1);
  put_thousands(down_, 1);
  EXPECT_EQ(made, 2);
}

TEST_F(DownstreamTest, prints_in_the_format_that_is_asked_for) {
  FormatOptions raw;
  raw.format = Format::raw;
  const Descriptor file = test::make_file();
  Downstream down(::dup(file.get()), raw);
  for (const std::string line : {"note-on 1 60 100 @keys", ":tempo 120", "cc14 1 7 1"})
    down.put(event_of(line));
  EXPECT_TRUE(down.output().finish({}));
  EXPECT_EQ(test::hex(test::content(file)), "90 3c 64 b0 07 00 b0 27 01");
}

} // namespace
} // namespace mm::py
