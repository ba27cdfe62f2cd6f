// Actions of mmroute that hold notes, or end them: latch, toggle, sustain, sostenuto, mono, poly.
#include "route_nodes.hpp"

#include <gmock/gmock.h>

namespace mm::route {
namespace {

using test::lines;
using test::played;
using test::Player;

// --- latch ---

TEST(Latch, notes_go_on_until_the_next_key_when_none_is_held) {
  EXPECT_EQ(played(Latch{}, R"(
      0 on 1 60 100 @a
      1 on 1 64 100 @a
      1 pp 1 64 7 @a
      1 cc 1 7 3
      2 off 1 60 1 @a
      3 on 1 67 100 @a
      4 off 1 64 1 @a
      5 off 1 67 1 @a
      6 on 1 65 100
      6 on 2 65 100 @a
      7 on 1 64 99 @a
      8 off 1 70 5 @a)"),
            lines(R"(
      0 note-on 1 60 100 @a
      1 note-on 1 64 100 @a
      1 poly-pressure 1 64 7 @a
      1 control-change 1 7 3
      3 note-on 1 67 100 @a
      6 note-on 1 65 100
      6 note-on 2 65 100 @a
      7 note-off 1 60 64 @a
      7 note-off 1 64 64 @a
      7 note-off 1 67 64 @a
      7 note-on 1 64 99 @a
      8 note-off 1 70 5 @a)"));
}

TEST(Latch, a_key_that_is_pressed_again_ends_its_note) {
  EXPECT_EQ(played(Latch{}, R"(
      0 on 1 60 1
      1 on 1 62 1
      2 off 1 60 1
      2 off 1 60 1
      3 on 1 60 2
      4 on 1 60 3)"),
            lines(R"(
      0 note-on 1 60 1
      1 note-on 1 62 1
      3 note-off 1 60 64
      3 note-on 1 60 2
      4 note-off 1 60 64
      4 note-on 1 60 3)"));
}

TEST(Latch, lets_go_of_what_is_latched) {
  EXPECT_EQ(played(Latch{}, R"(
      0 on 1 60 1 @a
      0 on 1 62 1 @a
      1 off 1 60 1 @a
      2 let-go
      3 off 1 62 5 @a
      4 on 1 70 1
      5 off 1 70 6
      6 let-go)"),
            lines(R"(
      0 note-on 1 60 1 @a
      0 note-on 1 62 1 @a
      2 note-off 1 60 64 @a
      3 note-off 1 62 5 @a
      4 note-on 1 70 1
      5 note-off 1 70 6)"));
  EXPECT_EQ(played(Latch{}, "0 on 1 60 1\n1 forget\n2 off 1 60 5\n3 on 1 62 1"),
            lines("0 note-on 1 60 1\n2 note-off 1 60 5\n3 note-on 1 62 1"));
}

// --- toggle ---

TEST(Toggle, each_press_turns_a_note_on_or_off) {
  EXPECT_EQ(played(Toggle{}, R"(
      0 on 1 60 100 @a
      1 off 1 60 1 @a
      1 pp 1 60 9 @a
      2 on 1 60 90 @a
      2.5 pp 1 60 9 @a
      3 off 1 60 1 @a
      4 on 1 60 80 @a
      5 on 1 60 70 @a
      6 on 1 60 60 @a
      7 off 1 60 1 @a
      8 off 1 61 5
      8 clock)"),
            lines(R"(
      0 note-on 1 60 100 @a
      1 poly-pressure 1 60 9 @a
      2 note-off 1 60 64 @a
      4 note-on 1 60 80 @a
      5 note-off 1 60 64 @a
      6 note-on 1 60 60 @a
      8 note-off 1 61 5
      8 clock)"));
}

TEST(Toggle, buttons_too) {
  EXPECT_EQ(played(Toggle{}, R"(
      0 cc 1 20 0
      0 cc 1 20 100
      1 cc 1 20 0
      2 cc 1 20 127
      2 cc 1 21 1
      2 cc 2 20 1 @a
      2 cc14 1 20 9000
      2 cp 1 5
      2 cp 1 0
      2 cp 1 6
      3 cc 1 20 0
      4 cc 1 20 1)"),
            lines(R"(
      0 control-change 1 20 127
      2 control-change 1 20 0
      2 control-change 1 21 127
      2 control-change 2 20 127 @a
      2 cc14 1 20 16383
      2 channel-pressure 1 127
      2 channel-pressure 1 0
      4 control-change 1 20 127)"));
}

TEST(Toggle, lets_go_of_what_is_on) {
  EXPECT_EQ(played(Toggle{}, R"(
      0 on 1 60 1 @a
      0 on 1 62 1 @a
      1 off 1 60 1 @a
      2 let-go
      3 off 1 62 5 @a
      4 on 1 70 1
      5 off 1 70 6
      6 let-go)"),
            lines(R"(
      0 note-on 1 60 1 @a
      0 note-on 1 62 1 @a
      2 note-off 1 60 64 @a
      3 note-off 1 62 5 @a
      4 note-on 1 70 1
      5 note-off 1 70 6)"));
  EXPECT_EQ(played(Toggle{}, "0 on 1 60 1\n1 forget\n2 off 1 60 5\n3 on 1 60 1"),
            lines("0 note-on 1 60 1\n2 note-off 1 60 5\n3 note-on 1 60 1"));
}

TEST(Toggle, what_is_as_it_should_be_is_not_changed) {
  Player player(Toggle{});
  player.tells_unchanged = true;
  player.play_all("0 on 1 60 1\n0 cc 1 20 127\n0 cc 1 21 1");
  EXPECT_EQ(player.heard,
            lines("0 note-on 1 60 1 =\n0 control-change 1 20 127 =\n0 control-change 1 21 127"));
}

// --- sustain ---

TEST(Sustain, holds_note_offs_back_until_the_pedal_is_up) {
  EXPECT_EQ(played(Pedal{false}, R"(
      0 on 1 60 100 @a
      0 cc 1 64 63 @a
      0 off 1 60 1 @a
      1 on 1 62 100 @a
      1 on 2 62 100 @a
      1 on 1 62 100
      1 cc 1 64 64 @a
      1 cc 1 66 127 @a
      2 off 1 62 2 @a
      2 off 2 62 3 @a
      2 off 1 62 4
      2 on 1 60 100 @a
      2 cc 1 64 127 @a
      2 on 1 60 0 @a
      3 off 1 99 7 @a
      4 pp 1 60 6 @a
      4 cc 1 64 0 @a
      5 on 1 60 1 @a
      6 off 1 60 8 @a)"),
            lines(R"(
      0 note-on 1 60 100 @a
      0 note-off 1 60 1 @a
      1 note-on 1 62 100 @a
      1 note-on 2 62 100 @a
      1 note-on 1 62 100
      1 control-change 1 66 127 @a
      2 note-off 2 62 3 @a
      2 note-off 1 62 4
      2 note-on 1 60 100 @a
      3 note-off 1 99 7 @a
      4 poly-pressure 1 60 6 @a
      4 note-off 1 60 64 @a
      4 note-off 1 62 2 @a
      5 note-on 1 60 1 @a
      6 note-off 1 60 8 @a)"));
}

TEST(Sustain, a_key_that_is_pressed_again_ends_its_note) {
  EXPECT_EQ(played(Pedal{false}, R"(
      0 cc 1 64 127
      0 on 1 60 100
      1 off 1 60 5
      2 on 1 60 101
      3 cc 1 64 0
      4 off 1 60 6
      5 cc 1 64 127
      6 on 1 60 102
      6 on 1 60 103
      7 off 1 60 7
      7 off 1 60 8
      8 cc 1 64 0)"),
            lines(R"(
      0 note-on 1 60 100
      2 note-off 1 60 5
      2 note-on 1 60 101
      4 note-off 1 60 6
      6 note-on 1 60 102
      6 note-on 1 60 103
      8 note-off 1 60 7)"));
}

TEST(Sustain, lets_go_of_what_is_held) {
  EXPECT_EQ(played(Pedal{false}, R"(
      0 cc 1 64 127
      0 on 1 60 1
      0 on 1 62 1
      1 off 1 60 5
      2 let-go
      3 off 1 62 6
      4 cc 1 64 127
      5 on 1 70 1
      6 off 1 70 7)"),
            lines(R"(
      0 note-on 1 60 1
      0 note-on 1 62 1
      2 note-off 1 60 5
      3 note-off 1 62 6
      5 note-on 1 70 1
      6 note-off 1 70 7)"));
}

TEST(Sustain, the_pedal_is_still_down_after_a_panic) {
  EXPECT_EQ(played(Pedal{false}, R"(
      0 cc 1 64 127
      0 on 1 60 1
      0 on 1 61 1
      1 off 1 60 5
      2 forget
      3 off 1 61 6
      4 on 1 62 1
      5 off 1 62 7
      6 cc 1 64 0)"),
            lines(R"(
      0 note-on 1 60 1
      0 note-on 1 61 1
      3 note-off 1 61 6
      4 note-on 1 62 1
      6 note-off 1 62 7)"));
}

TEST(Sostenuto, holds_the_keys_that_are_down_when_the_pedal_goes_down) {
  EXPECT_EQ(played(Pedal{true}, R"(
      0 on 1 60 100
      0 cc 1 64 127
      1 cc 1 66 127
      2 on 1 62 100
      3 off 1 60 1
      3 off 1 62 2
      3 cc 1 66 127
      4 on 1 60 101
      5 off 1 60 3
      6 cc 1 66 0
      7 on 1 60 102
      8 off 1 60 4)"),
            lines(R"(
      0 note-on 1 60 100
      0 control-change 1 64 127
      2 note-on 1 62 100
      3 note-off 1 62 2
      4 note-off 1 60 1
      4 note-on 1 60 101
      6 note-off 1 60 3
      7 note-on 1 60 102
      8 note-off 1 60 4)"));
}

TEST(Sostenuto, holds_no_key_that_was_up) {
  EXPECT_EQ(played(Pedal{true}, R"(
      0 on 1 60 1
      1 off 1 60 1
      2 cc 1 66 127
      3 on 1 60 2
      4 off 1 60 2)"),
            lines("0 note-on 1 60 1\n1 note-off 1 60 1\n3 note-on 1 60 2\n4 note-off 1 60 2"));
  EXPECT_EQ(played(Pedal{true}, R"(
      0 on 1 60 1
      1 cc 1 66 127
      2 forget
      3 on 1 60 2
      4 off 1 60 2)"),
            lines("0 note-on 1 60 1\n3 note-on 1 60 2\n4 note-off 1 60 2"));
}

// --- mono, poly ---

Voices mono(Voices::Priority priority) { return {1, priority}; }
Voices poly(std::int32_t most) { return {most, Voices::Priority::oldest}; }

constexpr std::string_view three_keys = R"(
      0 on 1 62 1
      1 on 1 60 2
      2 on 1 64 3
      3 off 1 64 4
      4 off 1 62 5
      5 off 1 60 6)";

TEST(Mono, last) {
  EXPECT_EQ(played(mono(Voices::Priority::last), three_keys), lines(R"(
      0 note-on 1 62 1
      1 note-off 1 62 64
      1 note-on 1 60 2
      2 note-off 1 60 64
      2 note-on 1 64 3
      3 note-off 1 64 4
      3 note-on 1 60 2
      5 note-off 1 60 6)"));
}

TEST(Mono, low) {
  EXPECT_EQ(played(mono(Voices::Priority::low), three_keys), lines(R"(
      0 note-on 1 62 1
      1 note-off 1 62 64
      1 note-on 1 60 2
      5 note-off 1 60 6)"));
  EXPECT_EQ(played(mono(Voices::Priority::low), R"(
      0 on 1 60 1
      1 on 1 64 2
      2 on 1 62 3
      3 off 1 60 4
      4 off 1 62 5
      5 off 1 64 6)"),
            lines(R"(
      0 note-on 1 60 1
      3 note-off 1 60 4
      3 note-on 1 62 3
      4 note-off 1 62 5
      4 note-on 1 64 2
      5 note-off 1 64 6)"));
}

TEST(Mono, high) {
  EXPECT_EQ(played(mono(Voices::Priority::high), three_keys), lines(R"(
      0 note-on 1 62 1
      2 note-off 1 62 64
      2 note-on 1 64 3
      3 note-off 1 64 4
      3 note-on 1 62 1
      4 note-off 1 62 5
      4 note-on 1 60 2
      5 note-off 1 60 6)"));
}

TEST(Mono, each_channel_of_each_port_for_itself_and_only_notes) {
  EXPECT_EQ(played(mono(Voices::Priority::last), R"(
      0 on 1 60 1
      1 on 2 61 1
      2 on 1 62 1 @a
      3 off 1 61 5
      4 off 1 62 6 @a
      5 pb 1 4
      6 on 1 60 0)"),
            lines(R"(
      0 note-on 1 60 1
      1 note-on 2 61 1
      2 note-on 1 62 1 @a
      3 note-off 1 61 5
      4 note-off 1 62 6 @a
      5 pitch-bend 1 4
      6 note-on 1 60 0)"));
}

TEST(Mono, a_key_that_is_pressed_again) {
  EXPECT_EQ(played(mono(Voices::Priority::last), R"(
      0 on 1 60 1
      1 on 1 60 2
      2 on 1 62 3
      3 on 1 60 4
      4 off 1 60 5
      5 off 1 60 6
      6 off 1 62 7)"),
            lines(R"(
      0 note-on 1 60 1
      1 note-off 1 60 64
      1 note-on 1 60 2
      2 note-off 1 60 64
      2 note-on 1 62 3
      3 note-off 1 62 64
      3 note-on 1 60 4
      4 note-off 1 60 5
      4 note-on 1 62 3
      5 note-off 1 60 6
      6 note-off 1 62 7)"));
}

TEST(Mono, pressure_of_what_does_not_sound_is_dropped) {
  EXPECT_EQ(played(mono(Voices::Priority::low), R"(
      0 on 1 60 1
      0 on 1 62 1
      1 pp 1 60 5
      1 pp 1 62 6
      1 pp 1 64 7)"),
            lines("0 note-on 1 60 1\n1 poly-pressure 1 60 5\n1 poly-pressure 1 64 7"));
}

TEST(Mono, nothing_comes_back_when_it_is_let_go) {
  EXPECT_EQ(played(mono(Voices::Priority::last), R"(
      0 on 1 60 1
      1 on 1 62 1
      2 let-go
      3 off 1 62 5
      4 off 1 60 6)"),
            lines(R"(
      0 note-on 1 60 1
      1 note-off 1 60 64
      1 note-on 1 62 1
      3 note-off 1 62 5)"));
}

TEST(Poly, the_oldest_goes_and_does_not_come_back) {
  EXPECT_EQ(played(poly(2), R"(
      0 on 1 60 1
      1 on 1 62 2
      2 on 1 64 3
      3 off 1 62 4
      4 on 1 65 5
      5 on 1 66 6
      6 off 1 60 7
      7 off 1 66 8
      8 off 1 65 9
      9 off 1 64 10)"),
            lines(R"(
      0 note-on 1 60 1
      1 note-on 1 62 2
      2 note-off 1 60 64
      2 note-on 1 64 3
      3 note-off 1 62 4
      4 note-on 1 65 5
      5 note-off 1 64 64
      5 note-on 1 66 6
      7 note-off 1 66 8
      8 note-off 1 65 9)"));
}

TEST(Poly, a_key_that_is_pressed_again_needs_no_room) {
  EXPECT_EQ(played(poly(2), R"(
      0 on 1 60 1
      1 on 1 62 2
      2 on 1 60 3
      3 on 1 64 4)"),
            lines(R"(
      0 note-on 1 60 1
      1 note-on 1 62 2
      2 note-off 1 60 64
      2 note-on 1 60 3
      3 note-off 1 62 64
      3 note-on 1 64 4)"));
}

TEST(Poly, note_offs_may_come_after_a_panic) {
  EXPECT_EQ(played(poly(1), "0 on 1 60 1\n1 on 1 62 2\n2 forget\n3 off 1 60 5\n3 off 1 62 6"),
            lines(R"(
      0 note-on 1 60 1
      1 note-off 1 60 64
      1 note-on 1 62 2
      3 note-off 1 60 5
      3 note-off 1 62 6)"));
}

} // namespace
} // namespace mm::route
