// The action of mmroute that plays what is held: arp.
#include "route_nodes.hpp"

#include <gmock/gmock.h>

namespace mm::route {
namespace {

using test::lasting;
using test::lines;
using test::note_value;
using test::played;
using test::Player;

// --- arp ---

Arpeggio arpeggio(Arpeggio::Style style, std::int32_t octaves = 1, double gate = 0.5) {
  return {style, lasting(1), octaves, gate};
}

// The notes that an arpeggio of E4, C4 and G4 (pressed in that order) plays.
std::string notes(const Arpeggio& action, int count) {
  Player player(action);
  std::string notes;
  player.also = [&](const Event& event) {
    if (event.kind == Kind::note_on) notes += ' ' + std::to_string(event.arg[1]);
  };
  player.play_all("0 on 1 64 1\n0.1 on 1 60 2\n0.1 on 1 67 3");
  notes.clear();
  player.play(std::to_string(count) + ".5");
  return notes;
}

TEST(Arpeggio, plays_held_notes_one_after_another) {
  EXPECT_EQ(played(arpeggio(Arpeggio::Style::up), R"(
      1 on 1 60 100 @a
      1.1 on 2 64 50
      1.2 cc 1 7 3
      4.1 off 1 60 1 @a
      5.1 off 2 64 1
      5.2 off 1 61 7
      9)"),
            lines(R"(
      1 note-on 1 60 100 @a
      1.2 control-change 1 7 3
      1.5 note-off 1 60 64 @a
      2 note-on 2 64 50
      2.5 note-off 2 64 64
      3 note-on 1 60 100 @a
      3.5 note-off 1 60 64 @a
      4 note-on 2 64 50
      4.5 note-off 2 64 64
      5 note-on 2 64 50
      5.2 note-off 1 61 7
      5.5 note-off 2 64 64)"));
}

TEST(Arpeggio, orders) {
  using Style = Arpeggio::Style;
  EXPECT_EQ(notes(arpeggio(Style::up), 7), " 64 67 60 64 67 60 64");
  EXPECT_EQ(notes(arpeggio(Style::down), 7), " 64 60 67 64 60 67 64");
  EXPECT_EQ(notes(arpeggio(Style::up_down), 7), " 64 67 64 60 64 67 64");
  EXPECT_EQ(notes(arpeggio(Style::as_played), 7), " 60 67 64 60 67 64 60");
  EXPECT_EQ(notes(arpeggio(Style::up, 2), 7), " 64 67 72 76 79 60 64");
  EXPECT_EQ(notes(arpeggio(Style::down, 2), 7), " 76 72 67 64 60 79 76");
  EXPECT_EQ(notes(arpeggio(Style::as_played, 2), 7), " 60 67 76 72 79 64 60");
  EXPECT_EQ(notes(arpeggio(Style::up, 6), 16), " 64 67 72 76 79 84 88 91 96 100 103 108 112 115 "
                                               "120 124")
      << "no notes above 127";
}

TEST(Arpeggio, random_plays_all_of_them) {
  const std::string some = notes(arpeggio(Arpeggio::Style::random), 60);
  for (const char* const note : {" 60", " 64", " 67"})
    EXPECT_NE(some.find(note), std::string::npos) << some;
  EXPECT_EQ(some.size(), 180U);
}

TEST(Arpeggio, notes_end_before_the_next_one_begins) {
  EXPECT_EQ(played(arpeggio(Arpeggio::Style::up, 1, 1), R"(
      0 on 1 60 1
      1.5 off 1 60 1
      1.7 on 1 61 1
      2.5
      2.8 off 1 61 1)"),
            lines(R"(
      0 note-on 1 60 1
      1 note-off 1 60 64
      1 note-on 1 60 1
      1.7 note-off 1 60 64
      1.7 note-on 1 61 1
      2.7 note-off 1 61 64
      2.7 note-on 1 61 1
      3.7 note-off 1 61 64)"));
}

TEST(Arpeggio, follows_the_tempo) {
  EXPECT_EQ(played(Arpeggio{Arpeggio::Style::up, note_value(1, 4), 1, 0.5}, R"(
      0 on 1 60 1
      0.6 tempo 240
      1.6 off 1 60 1)"),
            lines(R"(
      0 note-on 1 60 1
      0.25 note-off 1 60 64
      0.5 note-on 1 60 1
      0.75 note-off 1 60 64
      1 note-on 1 60 1
      1.125 note-off 1 60 64
      1.25 note-on 1 60 1
      1.375 note-off 1 60 64
      1.5 note-on 1 60 1
      1.625 note-off 1 60 64)"));
}

TEST(Arpeggio, pressure_goes_to_the_note_while_it_sounds) {
  EXPECT_EQ(played(arpeggio(Arpeggio::Style::up, 2), R"(
      0 on 1 60 1
      0.1 pp 1 60 11
      0.6 pp 1 60 12
      1.1 pp 1 60 13
      1.2 pp 1 61 14
      1.6 off 1 60 1)"),
            lines(R"(
      0 note-on 1 60 1
      0.1 poly-pressure 1 60 11
      0.5 note-off 1 60 64
      1 note-on 1 72 1
      1.1 poly-pressure 1 72 13
      1.2 poly-pressure 1 61 14
      1.5 note-off 1 72 64)"));
}

TEST(Arpeggio, stops_when_it_is_let_go) {
  EXPECT_EQ(played(arpeggio(Arpeggio::Style::up), R"(
      0 on 1 60 1
      0.1 on 1 62 1
      0.2 let-go
      0.3 off 1 60 1
      0.4 on 1 64 1
      5 off 1 62 1
      5 off 1 64 1
      9)"),
            lines("0 note-on 1 60 1\n0.2 note-off 1 60 64"));
  EXPECT_EQ(played(arpeggio(Arpeggio::Style::up), "0 on 1 60 1\n0.1 forget\n0.2 off 1 60 1\n9"),
            lines("0 note-on 1 60 1\n0.2 note-off 1 60 1"));
}

TEST(Arpeggio, begins_anew_when_all_keys_were_up) {
  EXPECT_EQ(played(arpeggio(Arpeggio::Style::up), R"(
      0 on 1 60 1
      0.1 on 1 62 1
      0.2 on 1 60 3
      0.3 off 1 60 1
      0.4 off 1 62 1
      0.7 on 1 64 1
      0.8 on 1 65 1
      1.8 off 1 64 1
      1.8 off 1 65 1)"),
            lines(R"(
      0 note-on 1 60 1
      0.5 note-off 1 60 64
      0.7 note-on 1 64 1
      1.2 note-off 1 64 64
      1.7 note-on 1 65 1
      2.2 note-off 1 65 64)"));
}

TEST(Arpeggio, a_key_that_is_pressed_again_is_as_loud_as_the_last_time) {
  EXPECT_EQ(played(arpeggio(Arpeggio::Style::up), "0 on 1 60 1\n0.1 on 1 60 2\n1.1 off 1 60 1"),
            lines(R"(
      0 note-on 1 60 1
      0.5 note-off 1 60 64
      1 note-on 1 60 2
      1.5 note-off 1 60 64)"));
}

// What waits of a panic is gone, and with it the end of a note that would begin now.
TEST(Arpeggio, begins_no_note_when_the_end_of_the_former_one_is_a_panic) {
  Player player(arpeggio(Arpeggio::Style::up));
  player.also = [&](const Event& event) {
    if (event.kind == Kind::note_off) player.forget();
  };
  player.play_all("0 on 1 60 1\n0.1 off 1 60 1\n0.2 on 1 62 1\n9");
  EXPECT_EQ(player.heard, lines("0 note-on 1 60 1\n0.2 note-off 1 60 64"));
}

// The end of the stream does not wait for what would never end.
TEST(Arpeggio, is_not_waited_for) {
  EXPECT_EQ(played(arpeggio(Arpeggio::Style::up), "0 on 1 60 1"),
            lines("0 note-on 1 60 1\n0.5 note-off 1 60 64"));
}

} // namespace
} // namespace mm::route
