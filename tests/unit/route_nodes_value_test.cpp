// Actions of mmroute that remember values and count: nodup, relative, divide, multiply; and those
// for MPE: spread, fold.
#include "route_nodes.hpp"

#include <gmock/gmock.h>

namespace mm::route {
namespace {

using test::Lines;
using test::lines;
using test::played;
using test::Player;
using testing::SizeIs;

// --- nodup ---

TEST(NoDuplicates, drops_what_says_the_same_again) {
  EXPECT_EQ(played(NoDuplicates{}, R"(
      0 cc 1 7 3
      1 cc 1 7 3
      1 cc 2 7 3
      1 cc 1 8 3
      1 cc 1 7 3 @a
      1 cc14 1 7 3
      1 cc14 1 7 3
      2 cc 1 7 4
      2 cc 1 7 3
      3 pb 1 0
      3 pb 1 0
      3 pb 1 -1
      4 pc 1 5
      4 pc 1 6
      4 pc 1 6
      4 pc 1 5
      5 nrpn 1 1000 7
      5 nrpn 1 1000 7
      6 cp 1 5
      6 cp 1 5
      7 ss 5
      7 ss 5)"),
            lines(R"(
      0 control-change 1 7 3
      1 control-change 2 7 3
      1 control-change 1 8 3
      1 control-change 1 7 3 @a
      1 cc14 1 7 3
      2 control-change 1 7 4
      2 control-change 1 7 3
      3 pitch-bend 1 0
      3 pitch-bend 1 -1
      4 program-change 1 5
      4 program-change 1 6
      4 program-change 1 5
      5 nrpn 1 1000 7
      6 channel-pressure 1 5
      7 song-select 5)"));
}

TEST(NoDuplicates, notes_are_not_started_twice) {
  EXPECT_EQ(played(NoDuplicates{}, R"(
      0 on 1 60 100
      1 on 1 60 90
      1 pp 1 60 9
      1 pp 1 60 9
      2 off 1 60 1
      2 off 1 60 1
      3 on 1 60 100
      3 pp 1 60 9
      4 on 1 60 0
      5 on 1 60 100
      6 forget
      7 on 1 60 100)"),
            lines(R"(
      0 note-on 1 60 100
      1 poly-pressure 1 60 9
      2 note-off 1 60 1
      2 note-off 1 60 1
      3 note-on 1 60 100
      3 poly-pressure 1 60 9
      4 note-on 1 60 0
      5 note-on 1 60 100
      7 note-on 1 60 100)"));
}

TEST(NoDuplicates, what_does_something_each_time_passes) {
  for (const std::string line :
       {"clock", "start", "active-sensing", "tc 1 5", "tune-request", "syx f0 01 f7", ":text",
        "cc 1 6 1", "cc 1 38 1", "cc 1 96 1", "cc 1 101 127", "cc 1 120 0", "cc 1 123 0"})
    EXPECT_THAT(played(NoDuplicates{}, "0 " + line + "\n1 " + line), SizeIs(2)) << line;
  for (const std::string line : {"cc 1 5 1", "cc 1 95 1", "cc 1 102 1", "cc 1 119 1", "spp 7"})
    EXPECT_THAT(played(NoDuplicates{}, "0 " + line + "\n1 " + line), SizeIs(1)) << line;
}

TEST(NoDuplicates, a_program_of_another_bank_is_another_one) {
  EXPECT_EQ(played(NoDuplicates{}, R"(
      0 cc 1 32 1
      0 pc 1 5
      1 cc 1 32 1
      1 pc 1 5
      2 cc 1 32 2
      2 pc 1 5
      3 cc 1 0 2
      3 pc 1 5)"),
            lines(R"(
      0 control-change 1 32 1
      0 program-change 1 5
      2 control-change 1 32 2
      2 program-change 1 5
      3 control-change 1 0 2
      3 program-change 1 5)"));
}

TEST(NoDuplicates, what_passes_is_not_changed) {
  Player player(NoDuplicates{});
  player.tells_unchanged = true;
  player.play("0 cc 1 7 3");
  EXPECT_EQ(player.heard, lines("0 control-change 1 7 3 ="));
}

// --- relative ---

Relative encoder(Relative::Coding coding, std::int32_t low = 0, std::int32_t high = 127) {
  return {coding, low, high};
}

// The values that turns make.
std::vector<int> turned(const Relative& action, const std::vector<int>& turns) {
  Player player(action);
  std::vector<int> values;
  player.also = [&](const Event& event) { values.push_back(event.arg[2]); };
  for (const int turn : turns) player.play("0 cc 1 16 " + std::to_string(turn));
  return values;
}

TEST(Relative, codings) {
  using Coding = Relative::Coding;
  using Values = std::vector<int>;
  EXPECT_EQ(turned(encoder(Coding::twos), {127, 1, 63, 0, 127, 125, 63, 63, 1, 64}),
            (Values{1, 64, 63, 60, 123, 127, 63}));
  EXPECT_EQ(turned(encoder(Coding::offset), {63, 65, 127, 64, 63, 0}), (Values{1, 64, 63, 0}));
  EXPECT_EQ(turned(encoder(Coding::sign), {65, 1, 63, 0, 64, 65, 67, 127}),
            (Values{1, 64, 63, 60, 0}));
  EXPECT_EQ(turned(encoder(Coding::twos, 10, 20), {127, 1, 5, 5, 1, 127}),
            (Values{11, 16, 20, 19}));
}

TEST(Relative, each_controller_for_itself_and_only_control_changes) {
  EXPECT_EQ(played(encoder(Relative::Coding::twos), R"(
      0 cc 1 16 5
      0 cc 1 17 6
      0 cc 2 16 7
      0 cc 1 16 8 @a
      1 cc 1 16 1
      1 on 1 60 1
      1 cp 1 5
      2 forget
      2 cc 1 16 1)"),
            lines(R"(
      0 control-change 1 16 5
      0 control-change 1 17 6
      0 control-change 2 16 7
      0 control-change 1 16 8 @a
      1 control-change 1 16 6
      1 note-on 1 60 1
      1 channel-pressure 1 5
      2 control-change 1 16 7)"));
}

TEST(Relative, a_turn_as_large_as_its_value_is_changed_as_well) {
  Player player(encoder(Relative::Coding::twos));
  player.tells_unchanged = true;
  player.play("0 cc 1 16 5");
  EXPECT_EQ(player.heard, lines("0 control-change 1 16 5"));
}

// --- divide ---

TEST(Divide, every_third_clock_from_the_start) {
  EXPECT_EQ(played(Divide{3}, R"(
      0 clock
      1 clock
      2 clock
      3 clock
      3 clock @a
      4 clock
      5 stop
      5 active-sensing
      5 continue
      6 clock
      7 clock
      8 start
      8 start @a
      9 clock
      9 clock @a)"),
            lines(R"(
      0 clock
      3 clock
      3 clock @a
      5 stop
      5 active-sensing
      5 continue
      7 clock
      8 start
      8 start @a
      9 clock
      9 clock @a)"));
}

TEST(Divide, every_second_note_with_its_note_off) {
  EXPECT_EQ(played(Divide{2}, R"(
      0 on 1 60 1
      1 on 2 61 1 @a
      2 pp 1 60 1
      2 pp 2 61 1 @a
      3 off 2 61 1 @a
      3 off 1 60 1
      4 on 1 60 2
      5 on 1 60 3
      6 on 1 60 4
      7 on 1 60 0
      8 off 1 60 5
      9 off 1 70 6)"),
            lines(R"(
      0 note-on 1 60 1
      2 poly-pressure 1 60 1
      3 note-off 1 60 1
      4 note-on 1 60 2
      6 note-on 1 60 4
      7 note-on 1 60 0
      8 note-off 1 60 5
      9 note-off 1 70 6)"));
}

TEST(Divide, controllers_each_for_itself) {
  EXPECT_EQ(played(Divide{2}, R"(
      0 cc 1 7 1
      0 cc 1 8 1
      0 cc 1 7 2
      0 cc 1 7 3
      0 pc 1 1
      0 pc 1 2
      0 syx f0 01 f7
      0 syx f0 02 f7)"),
            lines(R"(
      0 control-change 1 7 1
      0 control-change 1 8 1
      0 control-change 1 7 3
      0 program-change 1 1
      0 sysex f0 01 f7)"));
}

TEST(Divide, what_is_not_counted_passes) {
  EXPECT_THAT(played(Divide{3}, R"(
      0 stop
      0 stop
      0 start
      0 start
      0 off 1 60 1
      0 off 1 60 1)"),
              SizeIs(6));
  EXPECT_EQ(played(Divide{2}, "0 on 1 60 1\n1 on 1 62 1\n2 forget\n3 off 1 62 5\n4 off 1 60 6"),
            lines("0 note-on 1 60 1\n3 note-off 1 62 5\n4 note-off 1 60 6"));
}

TEST(Divide, by_one_lets_all_pass) {
  EXPECT_THAT(played(Divide{1}, "0 clock\n1 clock\n2 on 1 60 1\n3 on 1 61 1"), SizeIs(4));
}

// --- multiply ---

TEST(Multiply, spreads_clocks_over_the_time_to_the_next_one) {
  EXPECT_EQ(played(Multiply{4}, R"(
      0 clock
      1 clock
      1.1 clock @a
      2.2 on 1 60 1
      3 clock
      3.6 clock
      5)"),
            lines(R"(
      0 clock
      1 clock
      1.1 clock @a
      1.25 clock
      1.5 clock
      1.75 clock
      2.2 note-on 1 60 1
      3 clock
      3.5 clock
      3.6 clock
      3.6 clock
      3.6 clock
      3.75 clock
      3.9 clock
      4.05 clock)"));
}

TEST(Multiply, there_are_as_many_as_there_should_be) {
  Player player(Multiply{3});
  test::Lines more;
  Nanoseconds time = 0;
  for (int i = 0; i < 100; ++i) {
    player.play(test::seconds(time) + " clock");
    time += (1 + i * i * 7 % 13) * second / 50;
    ASSERT_LE(player.heard.size(), 3U * static_cast<std::size_t>(i) + 1);
  }
  player.play(test::seconds(time + second));
  EXPECT_THAT(player.heard, SizeIs(3 * 100 - 2));
}

TEST(Multiply, after_a_pause_there_is_no_time_to_go_by) {
  EXPECT_EQ(played(Multiply{2}, R"(
      0 clock
      1 clock
      9 clock
      9.5 clock
      9.7 forget
      10 clock
      12)"),
            lines(R"(
      0 clock
      1 clock
      1.5 clock
      9 clock
      9.5 clock
      10 clock)"));
}

TEST(Multiply, what_came_in_is_not_changed_and_nothing_is_waited_for) {
  Player player(Multiply{3});
  player.tells_unchanged = true;
  player.play_all("0 clock\n1.5 clock\n2.25 clock");
  EXPECT_EQ(player.heard, lines("0 clock =\n1.5 clock =\n2 clock\n2.25 clock\n2.25 clock ="));
  EXPECT_EQ(player.world.awaited(), 0U);
}

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
