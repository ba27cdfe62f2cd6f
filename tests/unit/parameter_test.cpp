// The control changes that make up a wider value, joined.
#include "event/expand.hpp"
#include "events.hpp"
#include "wire/parameter.hpp"

#include <gmock/gmock.h>

#include <memory>

namespace mm {
namespace {

using test::Lines;
using testing::ElementsAre;

// What comes out for `lines`, each a control change "CHANNEL NUMBER VALUE" or any event's line;
// what only finish() lets go of comes after "end".
Lines joined(const Lines& lines) {
  ParameterDecoder decoder;
  Lines out;
  std::vector<std::unique_ptr<std::string>> kept; // what the events' ports point to
  TextParser parser;
  for (const std::string& line : lines) {
    const bool is_short = line.find_first_not_of("0123456789 ") == std::string::npos;
    kept.push_back(std::make_unique<std::string>((is_short ? "control-change " : "") + line));
    Event event;
    EXPECT_EQ(parser.parse(*kept.back(), event), Parsed::event) << line;
    for (const Event& got : decoder.feed(event)) out.push_back(test::text_of(got));
  }
  const bool holding = decoder.holding();
  const auto rest = decoder.finish();
  EXPECT_EQ(holding, !rest.empty());
  if (holding) out.emplace_back("end");
  for (const Event& got : rest) out.push_back(test::text_of(got));
  EXPECT_FALSE(decoder.holding());
  EXPECT_TRUE(decoder.finish().empty());
  return out;
}

// --- cc14 ---

TEST(Parameter, two_halves_make_cc14) {
  EXPECT_THAT(joined({"1 1 64", "1 33 5"}), ElementsAre("cc14 1 1 8197"));
  EXPECT_THAT(joined({"16 0 127", "16 32 127"}), ElementsAre("cc14 16 0 16383"));
  EXPECT_THAT(joined({"2 31 0", "2 63 0"}), ElementsAre("cc14 2 31 0"));
}

TEST(Parameter, an_upper_half_alone_passes) {
  EXPECT_THAT(joined({"1 1 64"}), ElementsAre("end", "control-change 1 1 64"));
  EXPECT_THAT(joined({"1 1 64", "1 1 65", "1 33 1"}),
              ElementsAre("control-change 1 1 64", "cc14 1 1 8321"));
  EXPECT_THAT(joined({"1 1 64", "1 34 1"}),
              ElementsAre("control-change 1 1 64", "control-change 1 34 1"));
}

TEST(Parameter, a_lower_half_alone_passes) {
  EXPECT_THAT(joined({"1 33 5"}), ElementsAre("control-change 1 33 5"));
  EXPECT_THAT(joined({"1 33 5", "1 1 64"}),
              ElementsAre("control-change 1 33 5", "end", "control-change 1 1 64"));
  EXPECT_THAT(joined({"1 1 64", "1 33 5", "1 33 6"}),
              ElementsAre("cc14 1 1 8197", "control-change 1 33 6"));
}

TEST(Parameter, halves_of_different_channels_make_nothing) {
  EXPECT_THAT(joined({"1 1 64", "2 33 5"}),
              ElementsAre("control-change 1 1 64", "control-change 2 33 5"));
}

TEST(Parameter, another_event_comes_between) {
  EXPECT_THAT(joined({"1 1 64", "note-on 1 60 100", "1 33 5"}),
              ElementsAre("control-change 1 1 64", "note-on 1 60 100", "control-change 1 33 5"));
  EXPECT_THAT(
      joined({"1 1 64", "1 64 127", "1 33 5"}),
      ElementsAre("control-change 1 1 64", "control-change 1 64 127", "control-change 1 33 5"));
}

TEST(Parameter, realtime_in_between_passes_what_is_held) {
  EXPECT_THAT(joined({"1 1 64", "clock", "1 33 5"}), ElementsAre("clock", "cc14 1 1 8197"));
  EXPECT_THAT(joined({"1 101 0", "clock", "1 100 1", "start", "1 6 2", "active-sensing", "1 38 3"}),
              ElementsAre("clock", "start", "active-sensing", "rpn 1 1 259"));
}

TEST(Parameter, other_events_pass) {
  const Lines lines{"note-off 1 60 64",
                    "note-on 1 60 0",
                    "poly-pressure 1 1 1",
                    "program-change 1 1",
                    "channel-pressure 1 1",
                    "pitch-bend 1 1",
                    "sysex f0 01 f7",
                    "song-position 1",
                    "tune-request",
                    "raw 90",
                    ":text \"a\"",
                    "cc14 1 1 1",
                    "rpn 1 1 1",
                    "nrpn 1 1 1",
                    "control-change 1 64 1",
                    "control-change 1 96 0",
                    "control-change 1 120 0"};
  EXPECT_EQ(joined(lines), lines);
}

// --- rpn and nrpn ---

TEST(Parameter, four_make_rpn_and_nrpn) {
  EXPECT_THAT(joined({"1 101 0", "1 100 2", "1 6 64", "1 38 1"}), ElementsAre("rpn 1 2 8193"));
  EXPECT_THAT(joined({"9 99 1", "9 98 127", "9 6 0", "9 38 127"}), ElementsAre("nrpn 9 255 127"));
}

TEST(Parameter, is_selected_in_either_order) {
  EXPECT_THAT(joined({"1 100 2", "1 101 1", "1 6 64", "1 38 1"}), ElementsAre("rpn 1 130 8193"));
  EXPECT_THAT(joined({"1 98 3", "1 99 1", "1 6 64", "1 38 1"}), ElementsAre("nrpn 1 131 8193"));
}

TEST(Parameter, data_entry_of_seven_bits_sets_the_upper_ones) {
  EXPECT_THAT(joined({"1 101 0", "1 100 0", "1 6 2"}), ElementsAre("end", "rpn 1 0 256"));
  EXPECT_THAT(joined({"1 101 0", "1 100 0", "1 6 2", "note-on 1 60 1"}),
              ElementsAre("rpn 1 0 256", "note-on 1 60 1"));
}

TEST(Parameter, stays_selected) {
  EXPECT_THAT(joined({"1 101 0", "1 100 0", "1 6 2", "1 6 3", "1 38 4", "note-on 1 60 1", "1 6 5",
                      "1 38 6"}),
              ElementsAre("rpn 1 0 256", "rpn 1 0 388", "note-on 1 60 1", "rpn 1 0 646"));
}

TEST(Parameter, the_lower_half_alone_changes_the_lower_bits) {
  EXPECT_THAT(joined({"1 101 0", "1 100 0", "1 6 2", "1 38 4", "1 38 5", "1 64 0", "1 38 127"}),
              ElementsAre("rpn 1 0 260", "rpn 1 0 261", "control-change 1 64 0", "rpn 1 0 383"));
}

TEST(Parameter, the_lower_half_before_any_upper_one_passes) {
  EXPECT_THAT(
      joined({"1 101 0", "1 100 0", "1 38 4"}),
      ElementsAre("control-change 1 101 0", "control-change 1 100 0", "control-change 1 38 4"));
  EXPECT_THAT(joined({"1 38 4"}), ElementsAre("control-change 1 38 4"));
}

TEST(Parameter, a_new_selection_forgets_the_value) {
  EXPECT_THAT(joined({"1 101 0", "1 100 0", "1 6 2", "1 38 4", "1 101 0", "1 100 1", "1 38 5"}),
              ElementsAre("rpn 1 0 260", "control-change 1 101 0", "control-change 1 100 1",
                          "control-change 1 38 5"));
}

TEST(Parameter, a_selection_alone_passes_and_holds) {
  EXPECT_THAT(joined({"1 101 0", "1 100 5"}),
              ElementsAre("end", "control-change 1 101 0", "control-change 1 100 5"));
  EXPECT_THAT(joined({"1 101 0", "1 100 5", "clock", "note-on 1 60 1", "1 6 1", "1 38 0"}),
              ElementsAre("clock", "control-change 1 101 0", "control-change 1 100 5",
                          "note-on 1 60 1", "rpn 1 5 128"));
}

TEST(Parameter, half_a_selection_changes_that_half) {
  EXPECT_THAT(joined({"1 101 0", "1 100 5", "1 6 1", "1 38 0", "1 100 6", "1 6 2", "1 38 0"}),
              ElementsAre("rpn 1 5 128", "control-change 1 100 6", "rpn 1 6 256"));
}

TEST(Parameter, half_a_selection_alone_selects_nothing) {
  EXPECT_THAT(joined({"1 101 0", "1 6 1", "1 38 2"}),
              ElementsAre("control-change 1 101 0", "cc14 1 6 130"));
  EXPECT_THAT(joined({"1 101 0"}), ElementsAre("end", "control-change 1 101 0"));
}

TEST(Parameter, halves_of_rpn_and_nrpn_do_not_mix) {
  EXPECT_THAT(joined({"1 101 0", "1 98 5", "1 6 1", "1 38 2"}),
              ElementsAre("control-change 1 101 0", "control-change 1 98 5", "cc14 1 6 130"));
  EXPECT_THAT(joined({"1 101 0", "1 100 1", "1 99 2", "1 98 3", "1 6 4", "1 38 5"}),
              ElementsAre("control-change 1 101 0", "control-change 1 100 1", "nrpn 1 259 517"));
}

TEST(Parameter, the_null_parameter_ends_the_selection) {
  EXPECT_THAT(joined({"1 101 0", "1 100 0", "1 6 2", "1 38 0", "1 101 127", "1 100 127", "1 6 3",
                      "1 38 4"}),
              ElementsAre("rpn 1 0 256", "control-change 1 101 127", "control-change 1 100 127",
                          "cc14 1 6 388"));
  EXPECT_THAT(joined({"1 99 127", "1 98 127", "1 6 3", "note-on 1 1 1"}),
              ElementsAre("control-change 1 99 127", "control-change 1 98 127",
                          "control-change 1 6 3", "note-on 1 1 1"));
}

TEST(Parameter, data_entry_without_a_selection_is_a_controller) {
  EXPECT_THAT(joined({"1 6 3", "1 38 4"}), ElementsAre("cc14 1 6 388"));
  EXPECT_THAT(joined({"1 6 3"}), ElementsAre("end", "control-change 1 6 3"));
}

TEST(Parameter, channels_have_selections_of_their_own) {
  EXPECT_THAT(joined({"1 101 0", "1 100 1", "2 99 0", "2 98 2", "1 6 3", "1 38 0", "2 6 4",
                      "2 38 0", "3 6 5", "3 38 0"}),
              ElementsAre("control-change 1 101 0", "control-change 1 100 1",
                          "control-change 2 99 0", "control-change 2 98 2", "rpn 1 1 384",
                          "nrpn 2 2 512", "cc14 3 6 640"));
}

TEST(Parameter, channels_that_alternate) {
  EXPECT_THAT(
      joined({"1 101 0", "2 101 0", "1 100 1", "2 100 2", "1 6 3", "2 6 4", "1 38 5", "2 38 6"}),
      ElementsAre("control-change 1 101 0", "control-change 2 101 0", "control-change 1 100 1",
                  "control-change 2 100 2", "rpn 1 1 384", "rpn 2 2 512", "rpn 1 1 389",
                  "rpn 2 2 518"));
}

TEST(Parameter, what_is_joined_has_the_last_ones_time_and_port) {
  EXPECT_THAT(joined({"1.0 cc 1 1 64 @a", "2.5 cc 1 33 5 @a"}),
              ElementsAre("2.500000000 cc14 1 1 8197 @a"));
  EXPECT_THAT(joined({"1.0 cc 1 101 0 @a", "2.0 cc 1 100 0 @a", "3.0 cc 1 6 1 @a"}),
              ElementsAre("end", "3.000000000 rpn 1 0 128 @a"));
}

TEST(Parameter, up_to_three_are_held_and_all_come_out) {
  EXPECT_THAT(joined({"1 101 0", "1 100 5", "1 101 0", "1 100 6", "1 1 1", "note-on 1 1 1"}),
              ElementsAre("control-change 1 101 0", "control-change 1 100 5",
                          "control-change 1 101 0", "control-change 1 100 6",
                          "control-change 1 1 1", "note-on 1 1 1"));
  EXPECT_THAT(joined({"1 101 0", "1 101 1", "1 101 2"}),
              ElementsAre("control-change 1 101 0", "control-change 1 101 1", "end",
                          "control-change 1 101 2"));
}

// --- expand, then join ---

TEST(Parameter, joins_what_expand_made) {
  std::vector<Event> events;
  for (int channel = 1; channel <= 16; channel += 5)
    for (const int value : {0, 1, 127, 128, 8192, 16383}) {
      for (int number = 0; number < 32; ++number)
        if (number != controller::data_entry)
          events.push_back(make_event(Kind::cc14, channel, number, value));
      for (const int number : {0, 1, 127, 128, 16256, 16382}) {
        events.push_back(make_event(Kind::rpn, channel, number, value));
        events.push_back(make_event(Kind::nrpn, channel, number, value));
      }
    }
  ParameterDecoder decoder;
  std::vector<std::string> expected;
  std::vector<std::string> got;
  for (const Event& event : events) {
    expected.push_back(test::describe(event));
    for_each_message(event, [&](const Event& message) {
      for (const Event& out : decoder.feed(message)) got.push_back(test::describe(out));
    });
  }
  EXPECT_FALSE(decoder.holding());
  EXPECT_EQ(got, expected);
}

} // namespace
} // namespace mm
