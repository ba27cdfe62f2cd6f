// Actions of mmroute that count: divide, multiply.
#include "route_nodes.hpp"

#include <gmock/gmock.h>

namespace mm::route {
namespace {

using test::Lines;
using test::lines;
using test::played;
using test::Player;
using testing::SizeIs;

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

} // namespace
} // namespace mm::route
