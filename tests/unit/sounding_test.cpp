// Which notes sound and which pedals are down.
#include "event/sounding.hpp"
#include "events.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

using test::Lines;
using testing::ElementsAre;
using testing::IsEmpty;

void follow(Sounding& sounding, const Lines& lines) {
  TextParser parser;
  for (const std::string& line : lines) {
    Event event;
    ASSERT_EQ(parser.parse(line, event), Parsed::event) << line;
    sounding.follow(event);
  }
}

// What is to be released after `lines`.
Lines released(const Lines& lines) {
  Sounding sounding;
  follow(sounding, lines);
  Lines released;
  sounding.release([&](const Event& event) { released.push_back(test::text_of(event)); });
  return released;
}

TEST(Sounding, at_first_nothing) {
  EXPECT_THAT(released({}), IsEmpty());
  EXPECT_FALSE(Sounding().any());
}

TEST(Sounding, tells_what_sounds_beyond_another_one) {
  Sounding printed;
  Sounding heard;
  follow(printed, {"note-on 1 60 1", "note-on 1 62 1", "cc 3 64 127", "cc 4 64 127"});
  follow(heard, {"note-on 1 62 1", "note-on 2 60 1", "cc 4 64 1"});
  Lines beyond;
  printed.for_each_beyond(heard, [&](const Event& event) {
    beyond.push_back(test::text_of(event));
    printed.follow(event);
  });
  EXPECT_THAT(beyond, ElementsAre("note-off 1 60 64", "control-change 3 64 0"));
  printed.for_each_beyond(heard, [&](const Event& event) { FAIL() << test::text_of(event); });
  EXPECT_TRUE(printed.any());
}

TEST(Sounding, releases_notes_channel_by_channel) {
  EXPECT_THAT(
      released({"note-on 2 0 1", "note-on 16 127 127", "note-on 1 62 1", "note-on 1 60 1"}),
      ElementsAre("note-off 1 60 64", "note-off 1 62 64", "note-off 2 0 64", "note-off 16 127 64"));
}

TEST(Sounding, a_note_ends_by_note_off_or_velocity_0) {
  EXPECT_THAT(released({"note-on 1 60 1", "note-on 1 61 1", "note-on 1 62 1", "note-off 1 60 0",
                        "note-on 1 61 0"}),
              ElementsAre("note-off 1 62 64"));
}

TEST(Sounding, a_note_begun_twice_is_released_once) {
  EXPECT_THAT(released({"note-on 1 60 1", "note-on 1 60 1"}), ElementsAre("note-off 1 60 64"));
  EXPECT_THAT(released({"note-on 1 60 1", "note-on 1 60 1", "note-off 1 60 1"}), IsEmpty());
}

TEST(Sounding, the_same_note_of_another_channel_is_another_note) {
  EXPECT_THAT(released({"note-on 1 60 1", "note-on 2 60 1", "note-off 1 60 1"}),
              ElementsAre("note-off 2 60 64"));
}

TEST(Sounding, puts_pedals_up_after_the_notes) {
  EXPECT_THAT(released({"control-change 3 64 127", "control-change 3 66 1",
                        "control-change 3 69 64", "note-on 3 60 1"}),
              ElementsAre("note-off 3 60 64", "control-change 3 64 0", "control-change 3 66 0",
                          "control-change 3 69 0"));
}

TEST(Sounding, a_pedal_that_is_up_again_is_left_alone) {
  EXPECT_THAT(
      released({"control-change 1 64 127", "control-change 1 64 0", "control-change 2 66 0"}),
      IsEmpty());
}

TEST(Sounding, other_events_hold_nothing) {
  EXPECT_THAT(released({"control-change 1 65 127", "control-change 1 1 127", "poly-pressure 1 60 9",
                        "program-change 1 64", "pitch-bend 1 64", "sysex 01", "raw 90 3c 40",
                        "cc14 1 6 1", "rpn 1 64 64", "clock", "reset", ":text \"note-on\""}),
              IsEmpty());
}

// Receivers may ignore these two, so the notes are released all the same.
TEST(Sounding, all_notes_off_and_all_sound_off_end_nothing) {
  EXPECT_THAT(released({"note-on 1 60 1", "control-change 1 123 0", "control-change 1 120 0"}),
              ElementsAre("note-off 1 60 64"));
}

TEST(Sounding, forgets_what_it_released) {
  Sounding sounding;
  follow(sounding, {"note-on 1 60 1", "control-change 16 64 127"});
  EXPECT_TRUE(sounding.any());
  int count = 0;
  sounding.release([&](const Event&) { ++count; });
  EXPECT_EQ(count, 2);
  EXPECT_FALSE(sounding.any());
  sounding.release([&](const Event&) { ++count; });
  EXPECT_EQ(count, 2);
}

TEST(Sounding, any_tells_of_a_pedal_alone) {
  Sounding sounding;
  follow(sounding, {"control-change 16 69 1"});
  EXPECT_TRUE(sounding.any());
  follow(sounding, {"control-change 16 69 0"});
  EXPECT_FALSE(sounding.any());
}

TEST(Sounding, what_release_hands_out_ends_it_for_another_follower) {
  Sounding one;
  Sounding other;
  const Lines lines{"note-on 1 0 1", "note-on 9 127 1", "control-change 2 66 2"};
  follow(one, lines);
  follow(other, lines);
  one.release([&](const Event& event) { other.follow(event); });
  EXPECT_FALSE(other.any());
}

} // namespace
} // namespace mm
