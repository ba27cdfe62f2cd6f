// Actions of mmroute for MPE: spread, fold.
#include "route_nodes.hpp"

#include <gmock/gmock.h>

namespace mm::route {
namespace {

using test::lines;
using test::played;
using test::Player;

// --- spread ---

TEST(Spread, each_note_on_the_channel_that_has_been_free_for_longest) {
  EXPECT_EQ(played(Spread{Zone{false, 3}}, R"(
      0 on 1 60 1
      1 on 1 62 1
      2 off 1 60 9
      3 on 1 64 1
      4 on 1 65 1
      5 off 1 62 0
      5 off 1 64 0
      5 on 1 65 0
      6 on 1 70 1
      7 on 1 71 1
      8 on 1 72 1
      9 on 1 73 1
      9 off 1 71 5
      9 on 1 74 1
      9 off 1 99 5)"),
            lines(R"(
      0 note-on 2 60 1
      1 note-on 3 62 1
      2 note-off 2 60 9
      3 note-on 4 64 1
      4 note-on 2 65 1
      5 note-off 3 62 0
      5 note-off 4 64 0
      5 note-on 2 65 0
      6 note-on 3 70 1
      7 note-on 4 71 1
      8 note-on 2 72 1
      9 note-on 3 73 1
      9 note-off 4 71 5
      9 note-on 4 74 1
      9 note-off 1 99 5)"));
}

TEST(Spread, what_is_for_all_goes_to_the_master_and_pressure_to_the_note) {
  EXPECT_EQ(played(Spread{Zone{true, 15}}, R"(
      0 on 3 60 1 @a
      0 on 3 60 1
      1 on 3 62 1 @a
      2 pp 3 62 50 @a
      2 pp 3 70 51 @a
      2 pb 3 100 @a
      2 cc 3 1 2 @a
      2 rpn 3 0 256
      2 clock
      3 off 3 62 1 @a
      4 on 3 63 1 @a)"),
            lines(R"(
      0 note-on 15 60 1 @a
      0 note-on 15 60 1
      1 note-on 14 62 1 @a
      2 channel-pressure 14 50 @a
      2 poly-pressure 16 70 51 @a
      2 pitch-bend 16 100 @a
      2 control-change 16 1 2 @a
      2 rpn 16 0 256
      2 clock
      3 note-off 14 62 1 @a
      4 note-on 13 63 1 @a)"));
}

TEST(Spread, the_next_note_of_a_channel_begins_without_pressure) {
  EXPECT_EQ(played(Spread{Zone{false, 1}}, R"(
      0 on 1 60 1
      1 pp 1 60 50
      2 on 1 62 1
      3 off 1 60 1
      3 off 1 62 1
      4 on 1 64 1
      5 off 1 64 1
      6 on 1 65 1)"),
            lines(R"(
      0 note-on 2 60 1
      1 channel-pressure 2 50
      2 note-on 2 62 1
      3 note-off 2 60 1
      3 note-off 2 62 1
      4 channel-pressure 2 0
      4 note-on 2 64 1
      5 note-off 2 64 1
      6 note-on 2 65 1)"));
}

TEST(Spread, a_key_that_is_pressed_again_ends_its_note) {
  EXPECT_EQ(played(Spread{Zone{false, 2}}, R"(
      0 on 1 60 1
      1 on 1 60 2
      2 off 1 60 3
      3 on 1 62 1
      3 on 1 64 1)"),
            lines(R"(
      0 note-on 2 60 1
      1 note-off 2 60 64
      1 note-on 3 60 2
      2 note-off 3 60 3
      3 note-on 2 62 1
      3 note-on 3 64 1)"));
}

TEST(Spread, what_is_where_it_should_be_is_not_changed) {
  Player player(Spread{Zone{false, 15}});
  player.tells_unchanged = true;
  player.play_all("0 on 2 60 1\n0 cc 1 7 1\n0 off 2 60 1\n0 cc 2 7 1");
  EXPECT_EQ(player.heard, lines(R"(
      0 note-on 2 60 1 =
      0 control-change 1 7 1 =
      0 note-off 2 60 1 =
      0 control-change 1 7 1)"));
}

TEST(Spread, longest_free_is_what_ended_first) {
  EXPECT_EQ(played(Spread{Zone{false, 3}}, R"(
      0 on 1 60 1
      1 on 1 62 1
      2 off 1 62 1
      3 off 1 60 1
      4 on 1 64 1
      5 on 1 65 1)"),
            lines(R"(
      0 note-on 2 60 1
      1 note-on 3 62 1
      2 note-off 3 62 1
      3 note-off 2 60 1
      4 note-on 4 64 1
      5 note-on 3 65 1)"));
}

TEST(Spread, knows_no_notes_after_a_panic) {
  EXPECT_EQ(played(Spread{Zone{false, 3}}, R"(
      0 on 1 60 1
      1 forget
      2 off 1 60 5
      3 on 1 62 1)"),
            lines("0 note-on 2 60 1\n2 note-off 1 60 5\n3 note-on 2 62 1"));
  Player player(Spread{Zone{false, 1}});
  player.also = [&](const Event& event) {
    if (event.kind == Kind::channel_pressure && event.arg[1] == 0) player.forget();
  };
  player.play_all("0 on 1 60 1\n0 pp 1 60 9\n0 off 1 60 1\n1 on 1 62 1\n2 off 1 62 5");
  EXPECT_EQ(player.heard, lines(R"(
      0 note-on 2 60 1
      0 channel-pressure 2 9
      0 note-off 2 60 1
      1 channel-pressure 2 0
      2 note-off 1 62 5)"));
}

// --- fold ---

TEST(Fold, all_notes_on_one_channel_with_the_newest_ones_expression) {
  EXPECT_EQ(played(Fold{5}, R"(
      0 cc 1 7 100
      0 pb 2 10
      0 on 2 60 1
      1 pb 2 11
      2 on 3 62 1
      3 pb 2 12
      3 pb 3 20
      3 cc 2 74 1
      3 cc 3 74 2
      3 cc 2 11 3
      3 cc 2 64 127
      3 pb 1 5
      4 cp 2 50
      4 cp 3 51
      4 cp 9 52
      4 pp 3 62 53
      5 off 3 62 9
      6 cp 3 54
      6 pb 3 0
      6 cc 3 11 4
      7 off 2 60 9
      8 pb 3 1
      8 clock
      9 off 3 70 7)"),
            lines(R"(
      0 control-change 5 7 100
      0 pitch-bend 5 10
      0 note-on 5 60 1
      1 pitch-bend 5 11
      2 pitch-bend 5 0
      2 note-on 5 62 1
      3 pitch-bend 5 20
      3 control-change 5 74 2
      3 control-change 5 64 127
      3 pitch-bend 5 5
      4 poly-pressure 5 60 50
      4 poly-pressure 5 62 51
      4 poly-pressure 5 62 53
      5 note-off 5 62 9
      5 pitch-bend 5 12
      5 control-change 5 74 1
      7 note-off 5 60 9
      8 pitch-bend 5 1
      8 clock
      9 note-off 5 70 7)"));
}

TEST(Fold, what_was_played_before_a_note_begins_is_sent_with_it) {
  EXPECT_EQ(played(Fold{1}, R"(
      0 on 2 60 1
      1 on 3 62 1
      2 off 3 62 1
      3 pb 3 7
      3 cc 3 74 8
      4 on 3 64 1
      5 off 3 64 1)"),
            lines(R"(
      0 note-on 1 60 1
      1 note-on 1 62 1
      2 note-off 1 62 1
      4 pitch-bend 1 7
      4 control-change 1 74 8
      4 note-on 1 64 1
      5 note-off 1 64 1
      5 pitch-bend 1 0)"));
}

TEST(Fold, two_members_that_hold_a_key_make_one_note) {
  EXPECT_EQ(played(Fold{1}, R"(
      0 on 2 60 1 @a
      1 on 3 60 2 @a
      1 on 3 60 3
      2 off 2 60 4 @a
      3 on 3 60 5 @a
      4 on 3 60 0 @a
      5 off 3 60 6)"),
            lines(R"(
      0 note-on 1 60 1 @a
      1 note-off 1 60 64 @a
      1 note-on 1 60 2 @a
      1 note-on 1 60 3
      3 note-off 1 60 64 @a
      3 note-on 1 60 5 @a
      4 note-on 1 60 0 @a
      5 note-off 1 60 6)"));
  EXPECT_EQ(played(Fold{1}, R"(
      0 on 2 60 1
      1 on 3 60 2
      2 off 3 60 3
      3 off 2 60 4)"),
            lines(R"(
      0 note-on 1 60 1
      1 note-off 1 60 64
      1 note-on 1 60 2
      3 note-off 1 60 4)"));
}

TEST(Fold, note_offs_may_come_after_a_panic) {
  EXPECT_EQ(played(Fold{1}, "0 on 2 60 1\n1 forget\n2 off 2 60 3"),
            lines("0 note-on 1 60 1\n2 note-off 1 60 3"));
  EXPECT_EQ(played(Fold{1}, "0 on 2 60 1\n1 forget\n2 on 2 60 3"),
            lines("0 note-on 1 60 1\n2 note-on 1 60 3"));
}

} // namespace
} // namespace mm::route
