// Actions of mmroute that look at how long notes are: echo, length, long.
#include "route_nodes.hpp"

#include <gmock/gmock.h>

namespace mm::route {
namespace {

using test::lasting;
using test::lines;
using test::note_value;
using test::played;
using test::Player;
using testing::IsEmpty;
using testing::SizeIs;

// --- echo ---

TEST(Echo, repeats_notes_ever_softer) {
  EXPECT_EQ(played(Echo{lasting(0.5), 2, 0.5, 0}, R"(
      0 on 1 60 101 @a
      0.1 pp 1 60 3 @a
      0.1 cc 1 7 3
      0.2 off 1 60 7 @a
      3 off 1 60 8)"),
            lines(R"(
      0 note-on 1 60 101 @a
      0.1 poly-pressure 1 60 3 @a
      0.1 control-change 1 7 3
      0.2 note-off 1 60 7 @a
      0.5 note-on 1 60 51 @a
      0.7 note-off 1 60 7 @a
      1 note-on 1 60 25 @a
      1.2 note-off 1 60 7 @a
      3 note-off 1 60 8)"));
}

TEST(Echo, ends_when_nothing_is_left_of_a_note) {
  EXPECT_EQ(played(Echo{lasting(1), 9, 0.1, 0}, "0 on 1 60 5\n0.1 off 1 60 64"), lines(R"(
      0 note-on 1 60 5
      0.1 note-off 1 60 64
      1 note-on 1 60 1
      1.1 note-off 1 60 64)"));
  EXPECT_EQ(played(Echo{lasting(1), 9, 1.5, -30}, "0 on 1 60 100\n0.1 on 1 60 0"), lines(R"(
      0 note-on 1 60 100
      0.1 note-on 1 60 0
      1 note-on 1 30 127
      1.1 note-on 1 30 0
      2 note-on 1 0 127
      2.1 note-on 1 0 0)"));
  EXPECT_EQ(played(Echo{lasting(1), 9, 1, 40}, "0 on 1 60 100\n0.1 off 1 60 64"), lines(R"(
      0 note-on 1 60 100
      0.1 note-off 1 60 64
      1 note-on 1 100 100
      1.1 note-off 1 100 64)"));
}

TEST(Echo, a_note_off_is_repeated_as_its_note_on_was) {
  // The tempo changes, and a key is pressed again while it is down: the soft note has one echo.
  EXPECT_EQ(played(Echo{note_value(1, 4), 2, 0.5, 0}, R"(
      0 on 1 60 100
      0.1 tempo 600
      0.2 on 1 60 1
      0.3 off 1 60 1
      0.4 off 1 60 2)"),
            lines(R"(
      0 note-on 1 60 100
      0.2 note-on 1 60 1
      0.3 note-off 1 60 1
      0.4 note-off 1 60 2
      0.5 note-on 1 60 50
      0.7 note-on 1 60 1
      0.8 note-off 1 60 1
      0.9 note-off 1 60 2
      1 note-on 1 60 25
      1.3 note-off 1 60 1
      1.4 note-off 1 60 2)"));
}

TEST(Echo, only_so_many_wait) {
  Player player(Echo{lasting(1), 64, 1, 0});
  for (int i = 0; i < 3000; ++i) player.play("0 on 1 60 100");
  EXPECT_LE(player.world.awaited(), 10'100U);
  EXPECT_THAT(player.heard, SizeIs(3000));
  player.forget();
  player.play("9 on 1 60 100");
  EXPECT_EQ(player.world.awaited(), 64U);
}

// --- length ---

TEST(Length, all_notes_have_the_same) {
  EXPECT_EQ(played(Length{lasting(0.5)}, R"(
      0 on 1 60 100 @a
      0.1 off 1 60 1 @a
      0.2 pp 1 60 9 @a
      1 on 1 60 100 @a
      1.1 on 1 61 100
      1.7 pp 1 61 9
      1.8 cc 1 7 3
      2 off 1 60 1 @a
      2 off 1 61 1
      2 off 1 61 1
      2 off 1 62 1)"),
            lines(R"(
      0 note-on 1 60 100 @a
      0.2 poly-pressure 1 60 9 @a
      0.5 note-off 1 60 64 @a
      1 note-on 1 60 100 @a
      1.1 note-on 1 61 100
      1.5 note-off 1 60 64 @a
      1.6 note-off 1 61 64
      1.8 control-change 1 7 3
      2 note-off 1 61 1
      2 note-off 1 62 1)"));
}

TEST(Length, a_key_that_is_pressed_again_ends_its_note) {
  EXPECT_EQ(played(Length{lasting(1)}, R"(
      0 on 1 60 1
      0.2 on 1 60 2
      0.3 off 1 60 5
      0.4 off 1 60 6
      0.5 on 2 60 3
      0.6 on 1 60 4)"),
            lines(R"(
      0 note-on 1 60 1
      0.2 note-off 1 60 64
      0.2 note-on 1 60 2
      0.5 note-on 2 60 3
      0.6 note-off 1 60 64
      0.6 note-on 1 60 4
      1.5 note-off 2 60 64
      1.6 note-off 1 60 64)"));
}

TEST(Length, after_a_panic_the_keys_own_note_off_passes) {
  EXPECT_EQ(played(Length{lasting(1)}, "0 on 1 60 1\n0.1 forget\n0.2 off 1 60 5"),
            lines("0 note-on 1 60 1\n0.2 note-off 1 60 5"));
}

// --- long ---

TEST(Long, what_is_held_so_long_goes_on) {
  EXPECT_EQ(played(Long{lasting(0.5)}, R"(
      0 on 1 60 100 @a
      0.1 pp 1 60 9 @a
      0.4 off 1 60 1 @a
      1 on 1 60 101 @a
      1.1 pp 1 60 9 @a
      1.6 pp 1 60 10 @a
      2 off 1 60 1 @a
      2.1 off 1 60 2 @a
      2.2 clock
      2.3 pb 1 5)"),
            lines(R"(
      1.5 note-on 1 60 101 @a
      1.6 poly-pressure 1 60 10 @a
      2 note-off 1 60 1 @a
      2.1 note-off 1 60 2 @a
      2.2 clock
      2.3 pitch-bend 1 5)"));
}

TEST(Long, controllers_and_pressure_too) {
  EXPECT_EQ(played(Long{lasting(0.5)}, R"(
      0 cc 1 20 0
      0 cc 1 20 100
      0.1 cc 1 21 100
      0.2 cc 1 20 0
      0.2 cc 1 21 99
      0.3 cp 1 5
      0.7 cc 1 21 98
      0.8 cc 1 21 0
      0.9 cp 1 0
      1 cc 1 21 0)"),
            lines(R"(
      0 control-change 1 20 0
      0.6 control-change 1 21 100
      0.7 control-change 1 21 98
      0.8 channel-pressure 1 5
      0.8 control-change 1 21 0
      0.9 channel-pressure 1 0
      1 control-change 1 21 0)"));
}

TEST(Long, a_key_that_is_pressed_again) {
  EXPECT_EQ(played(Long{lasting(0.5)}, R"(
      0 on 1 60 1
      0.4 on 1 60 2
      1 on 1 60 3
      2 on 1 60 4
      2.1 off 1 60 5)"),
            lines(R"(
      0.9 note-on 1 60 2
      1.5 note-off 1 60 64
      1.5 note-on 1 60 3
      2.1 note-off 1 60 5)"));
}

TEST(Long, what_waits_vanishes_at_the_end) {
  EXPECT_THAT(played(Long{lasting(0.5)}, "0 on 1 60 1"), IsEmpty());
  EXPECT_EQ(played(Long{lasting(0.5)}, R"(
      0 on 1 60 1
      1 on 1 61 1
      1.1 let-go
      2 off 1 60 1
      2 off 1 61 1)"),
            lines("0.5 note-on 1 60 1\n2 note-off 1 60 1"));
}

TEST(Long, note_offs_may_come_after_a_panic) {
  EXPECT_EQ(played(Long{lasting(0.5)}, "0 on 1 60 1\n0.2 forget\n0.3 off 1 60 5\n1"),
            lines("0.3 note-off 1 60 5"));
}

} // namespace
} // namespace mm::route
