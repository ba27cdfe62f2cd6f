// Values that are mapped: what they become of events and events of them, and where they go.
#include "events.hpp"
#include "mmpy/mapping.hpp"
#include "mmpy/routes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace mm::py {
namespace {

using Lines = std::vector<std::string>;

// --- values ---

MidiChannel midi(std::string_view text) {
  const auto mappings = parse_mapping(std::string(text) + " > py.x", "");
  return std::get<MidiChannel>(mappings.value().at(0).from);
}

// The value that the line's event gives the channel; -1 for none.
double value(std::string_view channel, std::string_view line) {
  return value_of(midi(channel), test::event_of(line)).value_or(-1);
}

TEST(Value, is_from_0_to_1) {
  EXPECT_EQ(value("ch0.cc7", "control-change 1 7 0"), 0);
  EXPECT_EQ(value("ch0.cc7", "control-change 1 7 64"), 64.0 / 127);
  EXPECT_EQ(value("ch0.cc7", "control-change 1 7 127"), 1);
  EXPECT_EQ(value("ch15.note60", "note-on 16 60 100"), 100.0 / 127);
  EXPECT_EQ(value("ch15.note60", "note-on 16 60 0"), 0);
  EXPECT_EQ(value("ch15.note60", "note-off 16 60 64"), 0) << "whatever its velocity";
  EXPECT_EQ(value("ch0.pressure60", "poly-pressure 1 60 1"), 1.0 / 127);
  EXPECT_EQ(value("ch0.aftertouch", "channel-pressure 1 2"), 2.0 / 127);
  EXPECT_EQ(value("ch0.program", "program-change 1 3"), 3.0 / 127);
  EXPECT_EQ(value("ch0.pitch", "pitch-bend 1 -8192"), 0);
  EXPECT_EQ(value("ch0.pitch", "pitch-bend 1 0"), 8192.0 / 16383);
  EXPECT_EQ(value("ch0.pitch", "pitch-bend 1 8191"), 1);
  EXPECT_EQ(value("ch0.rpn0", "rpn 1 0 16383"), 1);
  EXPECT_EQ(value("ch0.nrpn300", "nrpn 1 300 1"), 1.0 / 16383);
}

TEST(Value, is_that_of_its_own_events_alone) {
  const Lines channels{"ch0.cc0",     "ch0.note0",   "ch0.pressure0", "ch0.aftertouch", "ch0.pitch",
                       "ch0.program", "ch0.rpn0",    "ch0.nrpn0",     "ch1.cc0",        "ch1.note0",
                       "ch0.cc1",     "ch0.note1",   "ch0.pressure1", "ch1.pitch",      "ch0.rpn1",
                       "ch0.nrpn1",   "a.ch0.note0", "b.ch0.note0"};
  const auto takers = [&](std::string_view line) {
    Lines taken;
    for (const std::string& channel : channels)
      if (value(channel, line) >= 0) taken.push_back(channel);
    return taken;
  };
  EXPECT_EQ(takers("note-on 1 0 1"), Lines{"ch0.note0"});
  EXPECT_EQ(takers("note-off 1 0 1 @a"), (Lines{"ch0.note0", "a.ch0.note0"}));
  EXPECT_EQ(takers("note-on 1 0 1 @c"), Lines{"ch0.note0"});
  EXPECT_EQ(takers("note-on 2 0 1"), Lines{"ch1.note0"});
  EXPECT_EQ(takers("poly-pressure 1 1 1"), Lines{"ch0.pressure1"});
  EXPECT_EQ(takers("control-change 1 0 1"), Lines{"ch0.cc0"});
  EXPECT_EQ(takers("program-change 1 1"), Lines{"ch0.program"});
  EXPECT_EQ(takers("channel-pressure 1 1"), Lines{"ch0.aftertouch"});
  EXPECT_EQ(takers("pitch-bend 2 1"), Lines{"ch1.pitch"});
  EXPECT_EQ(takers("rpn 1 1 1"), Lines{"ch0.rpn1"});
  EXPECT_EQ(takers("nrpn 1 0 1"), Lines{"ch0.nrpn0"});
  for (const std::string_view line :
       {"cc14 1 0 1", "clock", "sysex f0 f7", "raw 90", ":tempo 120", "song-position 1",
        "song-select 1", "time-code 1 1", "note-on 3 0 1"})
    EXPECT_EQ(takers(line), Lines{}) << line;
}

// The line of the event that gives the channel the value.
std::string line_of(std::string_view channel, double value) {
  const MidiChannel target = midi(channel);
  return test::text_of(event_of(target, value));
}

TEST(Value, becomes_an_event) {
  EXPECT_EQ(line_of("ch0.cc7", 0), "control-change 1 7 0");
  EXPECT_EQ(line_of("ch0.cc7", 0.5), "control-change 1 7 64") << "63.5: to the nearest";
  EXPECT_EQ(line_of("ch0.cc7", 0.49), "control-change 1 7 62");
  EXPECT_EQ(line_of("keys.ch15.cc7", 1), "control-change 16 7 127 @keys");
  EXPECT_EQ(line_of("ch0.note60", 1), "note-on 1 60 127");
  EXPECT_EQ(line_of("ch0.note60", 0.004), "note-on 1 60 1");
  EXPECT_EQ(line_of("ch0.note60", 0.0039), "note-off 1 60 0") << "it rounds to 0";
  EXPECT_EQ(line_of("ch0.note60", 0), "note-off 1 60 0");
  EXPECT_EQ(line_of("ch0.pressure60", 1), "poly-pressure 1 60 127");
  EXPECT_EQ(line_of("ch0.aftertouch", 1), "channel-pressure 1 127");
  EXPECT_EQ(line_of("ch0.program", 1), "program-change 1 127");
  EXPECT_EQ(line_of("ch0.pitch", 0), "pitch-bend 1 -8192");
  EXPECT_EQ(line_of("ch0.pitch", 0.5), "pitch-bend 1 0");
  EXPECT_EQ(line_of("ch0.pitch", 1), "pitch-bend 1 8191");
  EXPECT_EQ(line_of("ch0.rpn1", 1), "rpn 1 1 16383");
  EXPECT_EQ(line_of("ch0.nrpn300", 0.5), "nrpn 1 300 8192");
}

TEST(Value, is_clamped) {
  EXPECT_EQ(line_of("ch0.cc7", -0.1), "control-change 1 7 0");
  EXPECT_EQ(line_of("ch0.cc7", 1.1), "control-change 1 7 127");
  EXPECT_EQ(line_of("ch0.cc7", std::numeric_limits<double>::infinity()), "control-change 1 7 127");
  EXPECT_EQ(line_of("ch0.cc7", -std::numeric_limits<double>::infinity()), "control-change 1 7 0");
  EXPECT_EQ(line_of("ch0.cc7", std::nan("")), "control-change 1 7 0");
}

TEST(Value, comes_back_as_it_was) {
  for (const auto& [name, line, min, max] :
       {std::tuple("ch0.cc7", "control-change 1 7 ", 0, 127),
        std::tuple("ch0.note60", "note-on 1 60 ", 1, 127),
        std::tuple("ch0.pressure60", "poly-pressure 1 60 ", 0, 127),
        std::tuple("ch0.aftertouch", "channel-pressure 1 ", 0, 127),
        std::tuple("ch0.program", "program-change 1 ", 0, 127),
        std::tuple("ch0.pitch", "pitch-bend 1 ", -8192, 8191),
        std::tuple("ch0.rpn2", "rpn 1 2 ", 0, 16383),
        std::tuple("ch0.nrpn300", "nrpn 1 300 ", 0, 16383)}) {
    const MidiChannel channel = midi(name);
    for (int i = min; i <= max; ++i) {
      const std::string text = line + std::to_string(i);
      const Event event = test::event_of(text);
      ASSERT_EQ(event_of(channel, value_of(channel, event).value()), event) << text;
    }
  }
}

// --- routes ---

Routes routes(std::string_view text) { return Routes(parse_map_file(text, "").value().mappings); }

// What an event's value goes to: "CHANNEL VALUE".
Lines routed(const Routes& routes, std::string_view line) {
  Lines lines;
  routes.from_event(test::event_of(line), [&](const Mapping& mapping, double value) {
    lines.push_back(to_string(mapping.to) + ' ' + std::to_string(value));
  });
  return lines;
}

TEST(Routes, lead_from_an_event_in_the_order_of_the_mappings) {
  const Routes some = routes("ch0.cc7 > py.a\n"
                             "keys.ch0.cc7 > py.b\n"
                             "ch0.cc8 > py.c\n"
                             "ch0.cc7 > ch1.cc7\n"
                             "ch0.note7 <> py.n\n");
  EXPECT_EQ(routed(some, "control-change 1 7 127"), (Lines{"py.a 1.000000", "ch1.cc7 1.000000"}));
  EXPECT_EQ(routed(some, "control-change 1 7 0 @keys"),
            (Lines{"py.a 0.000000", "py.b 0.000000", "ch1.cc7 0.000000"}));
  EXPECT_EQ(routed(some, "control-change 1 7 0 @key"),
            (Lines{"py.a 0.000000", "ch1.cc7 0.000000"}));
  EXPECT_EQ(routed(some, "note-off 1 7 64"), Lines{"py.n 0.000000"});
  for (const std::string_view line :
       {"control-change 2 7 1", "control-change 1 9 1", "poly-pressure 1 7 1", "clock", ":x"})
    EXPECT_EQ(routed(some, line), Lines{}) << line;
}

TEST(Routes, take_a_wide_value_for_its_control_changes_as_well) {
  const Routes some = routes("ch0.cc7 > py.high\n"
                             "ch0.cc39 > py.low\n"
                             "ch0.cc6 > py.entry\n"
                             "ch0.nrpn300 > py.wide\n");
  EXPECT_EQ(routed(some, "cc14 1 7 16256"), (Lines{"py.high 1.000000", "py.low 0.000000"}));
  EXPECT_EQ(routed(some, "nrpn 1 300 16383"), (Lines{"py.entry 1.000000", "py.wide 1.000000"}));
  EXPECT_EQ(routed(some, "rpn 1 300 0"), Lines{"py.entry 0.000000"});
}

TEST(Routes, lead_from_python) {
  const Routes some = routes("py.a > ch0.cc7\nother.a > py.m.f\npy.b > ch0.cc8\npy.a < ch0.cc1\n");
  const auto targets = [&](std::string_view name) {
    Lines lines;
    some.from_python(name, [&](const Mapping& mapping) { lines.push_back(to_string(mapping.to)); });
    return lines;
  };
  EXPECT_EQ(targets("a"), (Lines{"ch0.cc7", "py.m.f"}));
  EXPECT_EQ(targets("b"), Lines{"ch0.cc8"});
  EXPECT_EQ(targets("m.f"), Lines{});
  EXPECT_EQ(targets("unknown"), Lines{});
  EXPECT_EQ(some.python_channels(), (Lines{"a", "m.f", "b"}));
}

TEST(Routes, have_each_mapping_once) {
  const Routes some = routes("ch0.cc7 > py.a\npy.a < ch0.cc7\nch0.cc7 <> py.a\nx.ch0.cc7 > py.a\n");
  Lines lines;
  for (const Mapping& mapping : some.mappings())
    lines.push_back(to_string(mapping.from) + " > " + to_string(mapping.to));
  EXPECT_EQ(lines, (Lines{"ch0.cc7 > py.a", "py.a > ch0.cc7", "x.ch0.cc7 > py.a"}));
}

TEST(Routes, know_whether_there_are_parameters) {
  EXPECT_TRUE(routes("ch0.rpn0 > py.a").has_parameters());
  EXPECT_TRUE(routes("py.b > py.a\npy.a < ch0.nrpn5").has_parameters());
  EXPECT_FALSE(routes("ch0.rpn0 < py.a\nch0.cc6 > py.b").has_parameters()) << "no source";
  EXPECT_FALSE(routes("").has_parameters());
}

} // namespace
} // namespace mm::py
