// Actions of mmroute that make events later: delay, strum, quantize, humanize.
#include "route_nodes.hpp"

#include <gmock/gmock.h>

#include <set>

namespace mm::route {
namespace {

using test::lasting;
using test::lines;
using test::note_value;
using test::played;
using test::Player;
using testing::SizeIs;

// --- delay ---

TEST(Delay, sends_everything_later) {
  EXPECT_EQ(played(Delay{lasting(0.5)}, R"(
      0 on 1 60 100 @a
      0.1 pp 1 60 5 @a
      0.2 cc 1 7 3
      0.2 syx f0 01 f7
      0.3 off 1 60 7 @a
      0.4 clock
      0.4 :say something
      0.4 off 1 61 1)"),
            lines(R"(
      0.5 note-on 1 60 100 @a
      0.6 poly-pressure 1 60 5 @a
      0.7 control-change 1 7 3
      0.7 sysex f0 01 f7
      0.8 note-off 1 60 7 @a
      0.9 clock
      0.9 :say something
      0.9 note-off 1 61 1)"));
}

TEST(Delay, a_note_keeps_its_length_when_the_tempo_changes) {
  EXPECT_EQ(played(Delay{note_value(1, 4)}, R"(
      0 on 1 60 100
      0.1 tempo 240
      0.2 pp 1 60 9
      0.3 on 1 60 0
      2 on 1 60 90
      2.1 tempo 60
      2.2 off 1 60 64)"),
            lines(R"(
      0.5 note-on 1 60 100
      0.7 poly-pressure 1 60 9
      0.8 note-on 1 60 0
      2.25 note-on 1 60 90
      2.45 note-off 1 60 64)"));
}

TEST(Delay, nothing_overtakes_what_came_before_when_the_tempo_gets_faster) {
  EXPECT_EQ(played(Delay{note_value(1, 4)}, R"(
      0 cc 1 0 1
      0.1 tempo 480
      0.1 pc 1 5
      0.2 on 1 60 1
      0.25 off 1 60 1
      1 pc 1 6)"),
            lines(R"(
      0.5 control-change 1 0 1
      0.5 program-change 1 5
      0.5 note-on 1 60 1
      0.55 note-off 1 60 1
      1.125 program-change 1 6)"));
}

// A key that was held since before: the note-off goes by its note-on, and the next note-on of the
// key waits for it. Other keys do not.
TEST(Delay, a_key_that_is_pressed_again_is_not_heard_before_its_note_off) {
  EXPECT_EQ(played(Delay{note_value(1, 4)}, R"(
      0 on 1 60 100
      1 tempo 1200
      1 off 1 60 64
      1.1 on 1 60 101
      1.2 on 2 60 102
      1.3 off 1 60 65)"),
            lines(R"(
      0.5 note-on 1 60 100
      1.25 note-on 2 60 102
      1.5 note-off 1 60 64
      1.5 note-on 1 60 101
      1.7 note-off 1 60 65)"));
}

TEST(Delay, of_no_time_passes_at_once) {
  Player player(Delay{lasting(0)});
  player.tells_unchanged = true;
  player.play_all("1 on 1 60 100\n1 clock\n1 off 1 60 64");
  EXPECT_EQ(player.heard, lines("1 note-on 1 60 100 =\n1 clock =\n1 note-off 1 60 64 ="));
}

TEST(Delay, counts_on_the_clock_and_says_the_time_of_the_events) {
  Player player(Delay{lasting(0.5)});
  player.time_from_clock = 100 * second;
  player.play_all("1 on 1 60 100\n1.2 off 1 60 64");
  player.time_from_clock = 50 * second; // TIMEs go back
  player.play_all("1.3 on 1 60 100\n1.4 off 1 60 64");
  player.finish();
  EXPECT_EQ(player.heard, lines(R"(
      101.5 note-on 1 60 100
      101.7 note-off 1 60 64
      51.8 note-on 1 60 100
      51.9 note-off 1 60 64)"));
}

TEST(Delay, note_offs_may_come_after_a_panic) {
  EXPECT_EQ(played(Delay{lasting(1)}, "0 on 1 60 100\n0.5 forget\n0.6 off 1 60 64"),
            lines("1.6 note-off 1 60 64"));
}

TEST(Delay, what_comes_after_a_panic_need_not_wait_for_what_was_before) {
  EXPECT_EQ(played(Delay{note_value(1, 4)}, R"(
      0 cc 1 7 1
      0.1 tempo 1200
      0.1 forget
      0.2 cc 1 7 2)"),
            lines("0.25 control-change 1 7 2"));
}

// --- strum ---

TEST(Strum, spreads_what_comes_together) {
  EXPECT_EQ(played(Strum{lasting(0.1)}, R"(
      1 on 1 60 100
      1 on 1 64 100
      1.05 on 1 67 100
      1.05 cc 1 7 1
      1.1 off 1 60 1
      1.2 off 1 64 2
      1.3 off 1 67 3
      1.3 on 1 72 100
      1.39 on 1 73 100
      1.4 off 1 72 4
      1.5 off 1 73 5
      1.5 off 1 99 6)"),
            lines(R"(
      1 note-on 1 60 100
      1.05 control-change 1 7 1
      1.1 note-on 1 64 100
      1.1 note-off 1 60 1
      1.2 note-on 1 67 100
      1.3 note-off 1 64 2
      1.3 note-on 1 72 100
      1.4 note-on 1 73 100
      1.4 note-off 1 72 4
      1.45 note-off 1 67 3
      1.5 note-off 1 99 6
      1.51 note-off 1 73 5)"));
}

TEST(Strum, the_first_note_passes_unchanged) {
  Player player(Strum{lasting(0.1)});
  player.tells_unchanged = true;
  player.play_all("0 on 1 60 1\n0 on 1 61 1\n0.05 off 1 60 1\n0.12 forget\n0.15 on 1 62 1");
  EXPECT_EQ(player.heard, lines(R"(
      0 note-on 1 60 1 =
      0.05 note-off 1 60 1 =
      0.1 note-on 1 61 1
      0.15 note-on 1 62 1 =)"));
}

TEST(Strum, the_next_chord_begins_at_its_own_time) {
  EXPECT_EQ(played(Strum{lasting(0.1)}, "0 on 1 60 1\n5 on 1 62 1\n5 on 1 64 1\n5 on 1 65 1"),
            lines(R"(
      0 note-on 1 60 1
      5 note-on 1 62 1
      5.1 note-on 1 64 1
      5.2 note-on 1 65 1)"));
}

// --- quantize ---

TEST(Quantize, sends_notes_at_the_points_of_the_grid_in_their_length) {
  EXPECT_EQ(played(Quantize{note_value(1, 8)}, R"(
      0 on 1 60 100
      0.1 cc 1 7 1
      0.2 off 1 60 64
      0.3 on 1 61 100
      0.35 pp 1 61 8
      0.4 off 1 61 64
      0.6 on 1 62 100
      0.7 off 1 62 64
      0.8 off 1 99 6)"),
            lines(R"(
      0 note-on 1 60 100
      0.1 control-change 1 7 1
      0.2 note-off 1 60 64
      0.5 note-on 1 61 100
      0.55 poly-pressure 1 61 8
      0.6 note-off 1 61 64
      0.75 note-on 1 62 100
      0.8 note-off 1 99 6
      0.85 note-off 1 62 64)"));
}

TEST(Quantize, a_key_that_is_pressed_again_keeps_its_order) {
  EXPECT_EQ(played(Quantize{lasting(1)}, R"(
      0.1 on 1 60 1
      0.9 off 1 60 1
      1 on 1 60 2
      1.1 off 1 60 2
      1.2 on 1 60 3
      1.2 on 1 60 4
      1.3 off 1 60 3
      1.4 off 1 60 4)"),
            lines(R"(
      1 note-on 1 60 1
      1.8 note-off 1 60 1
      1.8 note-on 1 60 2
      1.9 note-off 1 60 2
      2 note-on 1 60 3
      2 note-on 1 60 4
      2.1 note-off 1 60 3
      2.2 note-off 1 60 4)"));
}

TEST(Quantize, the_grid_is_that_of_the_events_times) {
  Player player(Quantize{lasting(1)});
  player.time_from_clock = second / 4;
  player.play_all("1 on 1 60 1\n1.1 off 1 60 1");
  player.finish();
  EXPECT_EQ(player.heard, lines("2 note-on 1 60 1\n2.1 note-off 1 60 1"));
}

TEST(Quantize, note_offs_may_come_after_a_panic) {
  EXPECT_EQ(played(Quantize{lasting(1)}, "0.1 on 1 60 1\n0.2 forget\n0.3 off 1 60 5"),
            lines("0.3 note-off 1 60 5"));
}

// --- humanize ---

TEST(Humanize, is_late_by_chance_and_not_always_as_loud) {
  Player player(Humanize{lasting(0.01), 5});
  std::set<int> velocities;
  std::set<Nanoseconds> spans;
  for (int i = 0; i < 300; ++i) {
    const Nanoseconds time = (i + 1) * second;
    player.also = [&](const Event& event) {
      if (event.kind == Kind::note_on) velocities.insert(event.arg[2]);
      spans.insert(player.world.now() - time - (event.kind == Kind::note_off ? second / 2 : 0));
    };
    player.play(test::seconds(time) + " on 1 60 100");
    player.play(test::seconds(time + second / 2) + " off 1 60 64");
    player.finish();
    ASSERT_THAT(player.heard, SizeIs(2 * (i + 1)));
    ASSERT_THAT(spans, SizeIs(i + 1)) << "the note-off is as late";
  }
  EXPECT_EQ(velocities, (std::set{95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105}));
  EXPECT_LT(*spans.begin(), second / 1000);
  EXPECT_GE(*spans.begin(), 0);
  EXPECT_GT(*spans.rbegin(), 9 * second / 1000);
  EXPECT_LE(*spans.rbegin(), 10 * second / 1000);
}

TEST(Humanize, velocities_stay_such) {
  Player player(Humanize{lasting(0), 100});
  std::set<int> velocities;
  player.also = [&](const Event& event) { velocities.insert(event.arg[2]); };
  for (int i = 0; i < 2000; ++i) player.play("0 on 1 60 64");
  EXPECT_THAT(velocities, SizeIs(127));
  EXPECT_EQ(*velocities.begin(), 1);
  EXPECT_EQ(*velocities.rbegin(), 127);
}

TEST(Humanize, of_nothing_changes_nothing) {
  Player player(Humanize{lasting(0), 0});
  player.tells_unchanged = true;
  player.play_all("1 on 1 60 64\n2 off 1 60 64");
  EXPECT_EQ(player.heard, lines("1 note-on 1 60 64 =\n2 note-off 1 60 64 ="));
}

} // namespace
} // namespace mm::route
