// The parts of mmpy that know no Python: what came in last.
#include "events.hpp"
#include "mmpy/state.hpp"

#include <gmock/gmock.h>

namespace mm::py {
namespace {

using test::event_of;
using test::Lines;
using testing::ElementsAre;
using testing::IsEmpty;

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
    return state.of(std::string("p") + std::to_string(port)) != nullptr;
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

} // namespace
} // namespace mm::py
