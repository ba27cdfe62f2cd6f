// Which events pass: what --only, --not and --channel take, and what they let through.
#include "event/filter.hpp"
#include "events.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

using test::Lines;

// The kinds that a list names, or what is wrong with it.
std::string kinds(std::string_view list) {
  const auto kinds = parse_kinds(list);
  if (!kinds) return std::to_string(kinds.error().status) + ": " + kinds.error().what;
  std::string names;
  for (const KindInfo& row : kind_table)
    if (kinds.value().test(static_cast<std::size_t>(row.kind)))
      names += (names.empty() ? "" : " ") +
               std::string(row.kind == Kind::meta ? std::string_view("meta") : row.name);
  return names;
}

std::string channels(std::string_view list) {
  const auto channels = parse_channels(list);
  if (!channels) return std::to_string(channels.error().status) + ": " + channels.error().what;
  std::string numbers;
  for (int channel = 1; channel <= 16; ++channel)
    if (channels.value().test(static_cast<std::size_t>(channel - 1)))
      numbers += (numbers.empty() ? "" : " ") + std::to_string(channel);
  return numbers;
}

TEST(ParseKinds, takes_names_and_aliases) {
  EXPECT_EQ(kinds("note-on"), "note-on");
  EXPECT_EQ(kinds("cc,on,syx"), "note-on control-change sysex");
  EXPECT_EQ(kinds("clock,clock"), "clock");
  EXPECT_EQ(kinds("raw,nrpn"), "raw nrpn");
}

TEST(ParseKinds, takes_groups) {
  EXPECT_EQ(kinds("note"), "note-off note-on");
  EXPECT_EQ(kinds("voice"), "note-off note-on poly-pressure control-change program-change "
                            "channel-pressure pitch-bend cc14 rpn nrpn");
  EXPECT_EQ(kinds("common"), "sysex time-code song-position song-select tune-request");
  EXPECT_EQ(kinds("realtime"), "clock start continue stop active-sensing reset");
  EXPECT_EQ(kinds("meta"), "meta");
  EXPECT_EQ(kinds("meta,note,clock"), "note-off note-on clock meta");
}

TEST(ParseKinds, the_groups_and_raw_are_all_there_is) {
  EXPECT_EQ(parse_kinds("voice,common,realtime,raw,meta").value().count(), kind_count);
}

TEST(ParseKinds, refuses_what_is_no_kind_and_knows_what_was_meant) {
  EXPECT_EQ(kinds("noteon"), "2: 'noteon' is no kind of event; did you mean 'note-on'?");
  EXPECT_EQ(kinds("note-on,realtme"), "2: 'realtme' is no kind of event; did you mean 'realtime'?");
  EXPECT_EQ(kinds("xyzzy"), "2: 'xyzzy' is no kind of event");
  EXPECT_EQ(kinds(""), "2: '' is no kind of event");
  EXPECT_EQ(kinds("clock,"), "2: '' is no kind of event");
  EXPECT_EQ(kinds(",clock"), "2: '' is no kind of event");
  EXPECT_EQ(kinds("clock, start"), "2: ' start' is no kind of event; did you mean 'start'?");
  EXPECT_EQ(kinds(":tempo"), "2: ':tempo' is no kind of event");
}

TEST(ParseChannels, takes_channels_and_ranges) {
  EXPECT_EQ(channels("1"), "1");
  EXPECT_EQ(channels("16"), "16");
  EXPECT_EQ(channels("1,3..5"), "1 3 4 5");
  EXPECT_EQ(channels("10,2,10"), "2 10");
  EXPECT_EQ(channels("7..7"), "7");
  EXPECT_EQ(channels("1..16"), "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16");
}

TEST(ParseChannels, refuses_everything_else) {
  for (const std::string word : {"0", "17", "-1", "x", "1x", "1.5", "1-3", "3..1", "1..17", "0..3",
                                 "1..", "..3", "..", "1...3", " 1", "+1", "", "99999999999"}) {
    EXPECT_EQ(channels(word), "2: '" + word + "' is no channel (1..16) and no range such as 1..4");
    EXPECT_EQ(channels("1," + word + ",2"),
              "2: '" + word + "' is no channel (1..16) and no range such as 1..4");
  }
}

// Of these lines, those that pass.
Lines passed(const EventFilter& filter) {
  static const Lines all{"note-on 1 60 100", "note-off 2 60 0", "control-change 16 7 1",
                         "rpn 2 0 0",        "sysex f0 f7",     "clock",
                         "raw 90",           ":connected"};
  Lines passed;
  TextParser parser;
  for (const std::string& line : all) {
    Event event;
    EXPECT_EQ(parser.parse(line, event), Parsed::event);
    if (filter.passes(event)) passed.push_back(line);
  }
  return passed;
}

TEST(EventFilter, lets_everything_through_at_first) { EXPECT_EQ(passed({}).size(), 8U); }

TEST(EventFilter, only_these_kinds_and_what_is_said_about_the_stream) {
  EventFilter filter;
  filter.only(parse_kinds("note,raw").value());
  EXPECT_EQ(passed(filter), (Lines{"note-on 1 60 100", "note-off 2 60 0", "raw 90", ":connected"}));
}

TEST(EventFilter, all_but_these_kinds) {
  EventFilter filter;
  filter.without(parse_kinds("note,raw,meta").value());
  EXPECT_EQ(passed(filter), (Lines{"control-change 16 7 1", "rpn 2 0 0", "sysex f0 f7", "clock"}));
}

TEST(EventFilter, only_and_without_together) {
  EventFilter filter;
  filter.only(parse_kinds("voice").value());
  filter.without(parse_kinds("note-off,meta").value());
  EXPECT_EQ(passed(filter), (Lines{"note-on 1 60 100", "control-change 16 7 1", "rpn 2 0 0"}));
}

TEST(EventFilter, only_messages_of_these_channels) {
  EventFilter filter;
  filter.channels(parse_channels("2,16").value());
  EXPECT_EQ(passed(filter),
            (Lines{"note-off 2 60 0", "control-change 16 7 1", "rpn 2 0 0", ":connected"}));
  filter.without(parse_kinds("cc").value());
  EXPECT_EQ(passed(filter), (Lines{"note-off 2 60 0", "rpn 2 0 0", ":connected"}));
}

TEST(EventFilter, all_channels_are_not_all_messages) {
  EventFilter filter;
  filter.channels(parse_channels("1..16").value());
  EXPECT_EQ(passed(filter), (Lines{"note-on 1 60 100", "note-off 2 60 0", "control-change 16 7 1",
                                   "rpn 2 0 0", ":connected"}));
}

} // namespace
} // namespace mm
