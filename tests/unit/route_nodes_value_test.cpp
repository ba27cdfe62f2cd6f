// Actions of mmroute that remember values: nodup, relative.
#include "route_nodes.hpp"

#include <gmock/gmock.h>

namespace mm::route {
namespace {

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

} // namespace
} // namespace mm::route
