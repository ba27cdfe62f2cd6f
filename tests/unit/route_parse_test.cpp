// The language of rules: what each word means, how lines and texts are joined.
#include "mmroute/language/parse.hpp"
#include "route_tree.hpp"

#include <gtest/gtest.h>

namespace mm::route {
namespace {

using test::describe;
using Lines = std::vector<std::string>;

// Of a text that has to be right.
Script script_of(std::string_view rules, NoteStyle notes = {}) {
  const Text text{"rules", std::string(rules)};
  ParsedRules parsed = parse_rules(std::span(&text, 1), notes);
  EXPECT_EQ(parsed.faults, Lines{}) << rules;
  return std::move(parsed.script);
}

// The only rule.
std::string rule_of(std::string_view rule, NoteStyle notes = {}) {
  const Script script = script_of(rule, notes);
  if (script.groups.size() != 1 || script.groups[0].rules.size() != 1) return "no single rule";
  return describe(script.groups[0].rules[0], script);
}

std::string pattern_of(const std::string& pattern) {
  const std::string end = " -> pass";
  const std::string rule = rule_of(pattern + " -> pass");
  EXPECT_TRUE(rule.ends_with(end)) << rule;
  return rule.substr(0, rule.size() - end.size());
}

std::string actions_of(const std::string& actions, NoteStyle notes = {}) {
  const std::string begin = "any -> ";
  const std::string rule = rule_of(begin + actions, notes);
  EXPECT_TRUE(rule.starts_with(begin)) << rule;
  return rule.substr(begin.size());
}

// "A: a, b" for each scene and for the rules outside, "then" between the groups.
Lines structure_of(const Script& script) {
  Lines lines;
  const auto add = [&](const std::string& name, const std::vector<Rule>& rules) {
    std::string line = name + ":";
    for (const Rule& rule : rules) line += " " + rule.pattern_text;
    lines.push_back(line);
  };
  for (const Group& group : script.groups) {
    if (!lines.empty()) lines.emplace_back("then");
    add("all", group.rules);
    for (const Scene& scene : group.scenes) add(script.scenes.at(scene.name), scene.rules);
  }
  return lines;
}

// --- conditions ---

TEST(RoutePattern, kinds) {
  EXPECT_EQ(pattern_of("any"), "any");
  for (const KindInfo& kind : kind_table) {
    if (kind.kind == Kind::meta) continue;
    const std::string name(kind.name);
    EXPECT_EQ(pattern_of(name), "kinds{" + name + "}");
    const std::string alias(kind.alias.empty() ? kind.name : kind.alias);
    EXPECT_EQ(pattern_of(alias), "kinds{" + name + "}");
  }
  EXPECT_EQ(pattern_of("prog"), "kinds{program-change}");
  EXPECT_EQ(pattern_of("bend"), "kinds{pitch-bend}");
  EXPECT_EQ(pattern_of("pressure"), "kinds{channel-pressure}");
}

TEST(RoutePattern, groups_of_kinds) {
  EXPECT_EQ(pattern_of("note"), "kinds{note-off note-on}");
  EXPECT_EQ(pattern_of("voice"),
            "kinds{note-off note-on poly-pressure control-change program-change channel-pressure "
            "pitch-bend cc14 rpn nrpn}");
  EXPECT_EQ(pattern_of("common"), "kinds{sysex time-code song-position song-select tune-request}");
  EXPECT_EQ(pattern_of("realtime"), "kinds{clock start continue stop active-sensing reset}");
  EXPECT_EQ(pattern_of("meta"), "kinds{meta}");
}

TEST(RoutePattern, kinds_with_numbers) {
  EXPECT_EQ(pattern_of("cc 1,7..10"), "and(kinds{control-change} number{1,7..10})");
  EXPECT_EQ(pattern_of("control-change 0x40"), "and(kinds{control-change} number{64})");
  EXPECT_EQ(pattern_of("cc14 ..7"), "and(kinds{cc14} number{0..7})");
  EXPECT_EQ(pattern_of("rpn 0"), "and(kinds{rpn} number{0})");
  EXPECT_EQ(pattern_of("nrpn 1000.."), "and(kinds{nrpn} number{1000..16383})");
  EXPECT_EQ(pattern_of("prog 5"), "and(kinds{program-change} number{5})");
  EXPECT_EQ(pattern_of("pc 127"), "and(kinds{program-change} number{127})");
}

TEST(RoutePattern, lists) {
  EXPECT_EQ(pattern_of("ch 1"), "channel{1}");
  EXPECT_EQ(pattern_of("ch 3 , 1"), "channel{1,3}");
  EXPECT_EQ(pattern_of("ch 1,2,3"), "channel{1..3}") << "ranges that touch are one";
  EXPECT_EQ(pattern_of("ch 9,2..5,1..3,6"), "channel{1..6,9}");
  EXPECT_EQ(pattern_of("ch 12.."), "channel{12..16}");
  EXPECT_EQ(pattern_of("ch ..4"), "channel{1..4}");
  EXPECT_EQ(pattern_of("ch 2 .. 4,8..9"), "channel{2..4,8..9}");
  EXPECT_EQ(pattern_of("ch 4..4"), "channel{4}");
}

TEST(RoutePattern, keys_and_values) {
  const std::string keys = "and(kinds{note-off note-on poly-pressure} number";
  EXPECT_EQ(pattern_of("key 60"), keys + "{60})");
  EXPECT_EQ(pattern_of("key C2..B3, F#5,Bb-1"), keys + "{10,36..59,78})");
  EXPECT_EQ(pattern_of("key C4.."), keys + "{60..127})");
  EXPECT_EQ(pattern_of("vel 64.."), "and(kinds{note-off note-on} value{64..127})");
  EXPECT_EQ(pattern_of("value -10..10"),
            "and(kinds{poly-pressure control-change program-change channel-pressure pitch-bend "
            "time-code song-position song-select cc14 rpn nrpn} value{-10..10})");
  EXPECT_EQ(rule_of("key C3 -> drop", {false, 3}), keys + "{60}) -> drop") << "--middle-c 3";
}

TEST(RoutePattern, scales) {
  const auto notes = [](std::string_view octave) {
    return "and(kinds{note-off note-on poly-pressure} number{" + std::string(octave);
  };
  EXPECT_TRUE(pattern_of("in-scale C major").starts_with(notes("0,2,4..5,7,9,11..12,14,16..17,")));
  EXPECT_TRUE(pattern_of("in-scale F# blues").starts_with(notes("0..1,4,6,9,11..13,16,18,")));
  EXPECT_TRUE(pattern_of("in-scale Bb 0,3..5").starts_with(notes("1..3,10,13..15,22,")));
  EXPECT_EQ(pattern_of("in-scale C chromatic"), notes("0..127})"));
}

TEST(RoutePattern, zones) {
  EXPECT_EQ(pattern_of("zone lower"), "channel{1..16}");
  EXPECT_EQ(pattern_of("zone upper"), "channel{1..16}");
  EXPECT_EQ(pattern_of("zone lower 7"), "channel{1..8}");
  EXPECT_EQ(pattern_of("zone upper 3"), "channel{13..16}");
}

TEST(RoutePattern, ports) {
  EXPECT_EQ(pattern_of("@keys"), "port{keys}");
  EXPECT_EQ(pattern_of("@peer/[::1]:5004..x"), "port{peer/[::1]:5004..x}");
  EXPECT_EQ(pattern_of("@keys*"), "port{keys*}");
  EXPECT_EQ(pattern_of("@*"), "port{*}");
}

TEST(RoutePattern, variables) {
  EXPECT_EQ(pattern_of("when bank 1,3.."), "variable bank{1,3..}");
  EXPECT_EQ(pattern_of("when _x9 -5"), "variable _x9{-5}");
  EXPECT_EQ(pattern_of("when x -2147483648..2147483647"), "variable x{..}");
}

TEST(RoutePattern, crossings_and_times) {
  EXPECT_EQ(pattern_of("rises 64"), "rises{64}");
  EXPECT_EQ(pattern_of("falls -100"), "falls{-100}");
  EXPECT_EQ(pattern_of("held 0.5.."), "held{0.5..}");
  EXPECT_EQ(pattern_of("held ..0.25"), "held{0..0.25}");
  EXPECT_EQ(pattern_of("held 1..2.5"), "held{1..2.5}");
  EXPECT_EQ(pattern_of("held 0.5.. note"), "and(held{0.5..} kinds{note-off note-on})");
}

TEST(RoutePattern, sysex) {
  EXPECT_EQ(pattern_of("sysex 43 10 4c"), "and(kinds{sysex} bytes{43 10 4c})");
  EXPECT_EQ(pattern_of("sysex f0 43 ?? *"), "and(kinds{sysex} bytes{43 ?? *})");
  EXPECT_EQ(pattern_of("syx f043104Cf7"), "and(kinds{sysex} bytes{43 10 4c})");
  EXPECT_EQ(pattern_of("sysex *"), "and(kinds{sysex} bytes{*})");
  EXPECT_EQ(pattern_of("sysex f0 f7"), "and(kinds{sysex} bytes{})");
  EXPECT_EQ(pattern_of("sysex 7e ?? 06 @keys"), "and(kinds{sysex} bytes{7e ?? 06} port{keys})");
}

TEST(RoutePattern, meta_events) {
  EXPECT_EQ(pattern_of(":scene"), "meta{:scene}");
  EXPECT_EQ(pattern_of(":a.b-c[1] @x"), "and(meta{:a.b-c[1]} port{x})");
}

TEST(RoutePattern, joined) {
  EXPECT_EQ(pattern_of("note ch 1"), "and(kinds{note-off note-on} channel{1})");
  EXPECT_EQ(pattern_of("note and ch 1"), "and(kinds{note-off note-on} channel{1})");
  EXPECT_EQ(pattern_of("cc 1 ch 2 @a"), "and(kinds{control-change} number{1} channel{2} port{a})")
      << "it is flat";
  EXPECT_EQ(pattern_of("ch 1 or ch 2 @a or (clock or stop)"),
            "or(channel{1} and(channel{2} port{a}) kinds{clock} kinds{stop})");
  EXPECT_EQ(pattern_of("(ch 1 or @b)(@a)"), "and(or(channel{1} port{b}) port{a})");
  EXPECT_EQ(pattern_of("not ch 1 @a"), "and(not(channel{1}) port{a})");
  EXPECT_EQ(pattern_of("not not ch 1"), "not(not(channel{1}))");
  EXPECT_EQ(pattern_of("not (cc 1 or ch 1)"),
            "not(or(and(kinds{control-change} number{1}) channel{1}))");
  EXPECT_EQ(pattern_of("((ch 1))"), "channel{1}");
}

TEST(RoutePattern, alone) {
  EXPECT_EQ(pattern_of("else"), "else");
  EXPECT_EQ(rule_of("enter -> tap"), "enter -> tap");
  EXPECT_EQ(rule_of("leave -> panic"), "leave -> panic");
}

// --- actions ---

TEST(RouteAction, passing) {
  EXPECT_EQ(actions_of("pass"), "pass");
  EXPECT_EQ(actions_of("drop"), "drop");
  EXPECT_EQ(actions_of("also"), "also");
  EXPECT_EQ(actions_of("ch 2, also"), "put ch 2, also");
  EXPECT_EQ(actions_of("drop, also"), "drop, also");
  EXPECT_EQ(actions_of("drop, send clock, set x 1, count y 1..2, tap, panic"),
            "drop, send clock, set x to 1, count y 1..2, tap, panic");
}

TEST(RouteAction, ports) {
  EXPECT_EQ(actions_of("@a"), "ports @a");
  EXPECT_EQ(actions_of("@a @b,@c"), "ports @a @b @c");
  EXPECT_EQ(actions_of("@a, pass, @b"), "ports @a, pass, ports @b");
  EXPECT_EQ(actions_of("transpose -12 @bass"), "transpose -12, ports @bass");
  EXPECT_EQ(actions_of("mono @a"), "voices 1 last, ports @a");
}

TEST(RouteAction, channels) {
  EXPECT_EQ(actions_of("ch 3"), "put ch 3");
  EXPECT_EQ(actions_of("ch 1,2"), "put ch 1 2");
  EXPECT_EQ(actions_of("ch 4..2,1, drop"), "put ch 4 3 2 1, drop");
  EXPECT_EQ(actions_of("ch 15.."), "put ch 15 16");
  EXPECT_EQ(actions_of("ch +1"), "put ch by 1");
  EXPECT_EQ(actions_of("ch -15"), "put ch by -15");
  EXPECT_EQ(actions_of("ch {channel + 1}, pass"), "put ch {(channel + 1)}, pass");
  EXPECT_EQ(actions_of("ch 1,{note},3"), "put ch 1 {note} 3");
  EXPECT_EQ(actions_of("ch +{note}"), "put ch by {note}");
  EXPECT_EQ(actions_of("ch -{note}"), "put ch by {-note}");
  EXPECT_EQ(actions_of("ch 1..4 to 8..5"), "map ch 1,2,3,4 to 8,7,6,5");
  EXPECT_EQ(actions_of("ch 1,2 to 3"), "map ch 1,2 to 3");
}

TEST(RouteAction, keys) {
  EXPECT_EQ(actions_of("key 36"), "put key 36");
  EXPECT_EQ(actions_of("key C4,E4, drop"), "put key 60 64, drop");
  EXPECT_EQ(actions_of("key {note * 2}"), "put key {(note * 2)}");
  EXPECT_EQ(actions_of("key 36,38 to C4"), "map key 36,38 to 60");
  EXPECT_EQ(actions_of("key C4..D4 to 3..1"), "map key 60,61,62 to 3,2,1");
  EXPECT_EQ(actions_of("key C3", {false, 3}), "put key 60");
}

TEST(RouteAction, scales) {
  EXPECT_EQ(actions_of("transpose +7"), "transpose 7");
  EXPECT_EQ(actions_of("transpose {x}, set x 1"), "transpose {$x}, set x to 1");
  EXPECT_EQ(actions_of("transpose 2 in C major"), "transpose 2 in scale 0{0,2,4,5,7,9,11}");
  EXPECT_EQ(actions_of("snap D minor"), "snap scale 2{0,2,4,5,7,9,10}");
  EXPECT_EQ(actions_of("snap Eb 0,3,7, drop"), "snap scale 3{3,6,10}, drop");
  EXPECT_EQ(actions_of("chord 0,4,7"), "chord 0,4,7");
  EXPECT_EQ(actions_of("chord -12,0, ch 1"), "chord -12,0, put ch 1");
  EXPECT_EQ(actions_of("chord 0,2,4 in A minor-pentatonic @a"),
            "chord 0,2,4 in scale 9{0,2,4,7,9}, ports @a");
}

TEST(RouteAction, every_scale) {
  const std::array<std::pair<std::string, std::string>, 14> scales{{
      {"major", "0,2,4,5,7,9,11"},
      {"minor", "0,2,3,5,7,8,10"},
      {"harmonic-minor", "0,2,3,5,7,8,11"},
      {"melodic-minor", "0,2,3,5,7,9,11"},
      {"dorian", "0,2,3,5,7,9,10"},
      {"phrygian", "0,1,3,5,7,8,10"},
      {"lydian", "0,2,4,6,7,9,11"},
      {"mixolydian", "0,2,4,5,7,9,10"},
      {"locrian", "0,1,3,5,6,8,10"},
      {"major-pentatonic", "0,2,4,7,9"},
      {"minor-pentatonic", "0,3,5,7,10"},
      {"blues", "0,3,5,6,7,10"},
      {"whole-tone", "0,2,4,6,8,10"},
      {"chromatic", "0,1,2,3,4,5,6,7,8,9,10,11"},
  }};
  for (const auto& [name, notes] : scales)
    EXPECT_EQ(actions_of("snap C " + name), "snap scale 0{" + notes + "}");
}

TEST(RouteAction, values) {
  EXPECT_EQ(actions_of("vel 100"), "vel set 100");
  EXPECT_EQ(actions_of("vel {value / 2}"), "vel set {(value / 2)}");
  EXPECT_EQ(actions_of("vel +10"), "vel add 10");
  EXPECT_EQ(actions_of("vel -10"), "vel add -10");
  EXPECT_EQ(actions_of("vel -{note}"), "vel add {-note}");
  EXPECT_EQ(actions_of("vel *1.5"), "vel scale 1.5");
  EXPECT_EQ(actions_of("vel * 0.5 @a"), "vel scale 0.5, ports @a");
  EXPECT_EQ(actions_of("vel curve 0.7"), "vel curve 0.7");
  EXPECT_EQ(actions_of("vel clip 20..100"), "vel clip 20..100");
  EXPECT_EQ(actions_of("vel clip 20.."), "vel clip 20..127");
  EXPECT_EQ(actions_of("vel compress 80 2"), "vel compress 80 2");
  EXPECT_EQ(actions_of("vel invert"), "vel invert");
  EXPECT_EQ(actions_of("value 16383"), "value set 16383");
  EXPECT_EQ(actions_of("value {0 - 100}"), "value set {(0 - 100)}");
  EXPECT_EQ(actions_of("value +1000"), "value add 1000");
}

TEST(RouteAction, values_by_points) {
  EXPECT_EQ(actions_of("vel 0..127 to 20..100"), "vel points 0:20 127:100");
  EXPECT_EQ(actions_of("vel 0..127 to 127..0"), "vel points 0:127 127:0");
  EXPECT_EQ(actions_of("vel 127..0 to 1..2"), "vel points 0:2 127:1") << "they rise";
  EXPECT_EQ(actions_of("vel 0,64,127 to 1,100,127, pass"), "vel points 0:1 64:100 127:127, pass");
  EXPECT_EQ(actions_of("value -8192..8191 to -100..100"), "value points -8192:-100 8191:100");
  EXPECT_EQ(actions_of("value -1,1 to 5,6"), "value points -1:5 1:6");
}

TEST(RouteAction, conversions) {
  EXPECT_EQ(actions_of("cc 7"), "become control-change 7");
  EXPECT_EQ(actions_of("control-change {note}"), "become control-change {note}");
  EXPECT_EQ(actions_of("cc14 31"), "become cc14 31");
  EXPECT_EQ(actions_of("rpn 16383"), "become rpn 16383");
  EXPECT_EQ(actions_of("nrpn 0"), "become nrpn 0");
  EXPECT_EQ(actions_of("bend"), "become pitch-bend 0");
  EXPECT_EQ(actions_of("pb"), "become pitch-bend 0");
  EXPECT_EQ(actions_of("pressure"), "become channel-pressure 0");
  EXPECT_EQ(actions_of("cp"), "become channel-pressure 0");
  EXPECT_EQ(actions_of("poly-pressure C4"), "become poly-pressure 60");
  EXPECT_EQ(actions_of("pp 3"), "become poly-pressure 3");
  EXPECT_EQ(actions_of("prog"), "become program-change 0");
  EXPECT_EQ(actions_of("prog @a"), "become program-change 0, ports @a");
  EXPECT_EQ(actions_of("note C4"), "become note-on 60");
  EXPECT_EQ(actions_of("cc 20..22 to 72..70"), "number control-change 20,21,22 to 72,71,70");
  EXPECT_EQ(actions_of("prog 1,2 to 5"), "number program-change 1,2 to 5");
  EXPECT_EQ(actions_of("cc14 1 to 2"), "number cc14 1 to 2");
  EXPECT_EQ(actions_of("rpn 1 to 2"), "number rpn 1 to 2");
  EXPECT_EQ(actions_of("nrpn 1 to 2"), "number nrpn 1 to 2");
}

TEST(RouteAction, sends) {
  EXPECT_EQ(actions_of("send pc 1 5"), "send program-change 1 5");
  EXPECT_EQ(actions_of("send prog 1 5, drop"), "send program-change 1 5, drop");
  EXPECT_EQ(actions_of("send on {channel} C4 {velocity * 2} @a"),
            "send note-on {channel} 60 {(velocity * 2)} @a");
  EXPECT_EQ(actions_of("send +0.25 bend 1 -8192"), "send +0.25 pitch-bend 1 -8192");
  EXPECT_EQ(actions_of("send nrpn 1 1000 16383"), "send nrpn 1 1000 16383");
  EXPECT_EQ(actions_of("send clock @x"), "send clock @x");
  EXPECT_EQ(actions_of("send sysex 43 {value}"), "send sysex 240 67 {value} 247");
  EXPECT_EQ(actions_of("send sysex f0 {value} f7"), "send sysex 240 {value} 247");
  EXPECT_EQ(actions_of("send sysex {value} 01"), "send sysex 240 {value} 1 247");
  EXPECT_EQ(actions_of("send sysex f04310f7"), "send sysex 240 67 16 247");
  EXPECT_EQ(actions_of("send sysex"), "send sysex 240 247");
  EXPECT_EQ(actions_of("send raw f8 {value} @a"), "send raw 248 {value} @a");
}

TEST(RouteAction, sends_meta_events) {
  EXPECT_EQ(actions_of("send :panic"), "send meta [:panic]");
  EXPECT_EQ(actions_of("send :tempo   {tempo*2}  x @a"),
            "send meta [:tempo ]{(tempo * 2)} [ x] @a");
  EXPECT_EQ(actions_of("send :a \"b, {value}, \\\"  # (c)\" d..e (f), drop"),
            "send meta [:a \"b, ]{value} [, \\\"  # (c)\" d..e (f)], drop");
  EXPECT_EQ(actions_of("send :cue{number}"), "send meta [:cue]{number}");
  EXPECT_EQ(actions_of("send :a h\xc3\xb6he a\"b"), "send meta [:a h\xc3\xb6he a\"b]");
}

TEST(RouteAction, variables) {
  EXPECT_EQ(actions_of("set x 5"), "set x to 5");
  EXPECT_EQ(actions_of("set x +5"), "set x by 5");
  EXPECT_EQ(actions_of("set x -5"), "set x by -5");
  EXPECT_EQ(actions_of("set x {x + value}"), "set x to {($x + value)}");
  EXPECT_EQ(actions_of("set x +{value}"), "set x by {value}");
  EXPECT_EQ(actions_of("count x 1..8"), "count x 1..8");
  EXPECT_EQ(actions_of("count x -3..-1"), "count x -3..-1");
}

TEST(RouteAction, scenes) {
  const auto action = [](const std::string& text) {
    const Script script = script_of("any -> " + text + "\nscene a\nscene b-1\n");
    return describe(script.groups[0].rules[0].actions[0], script);
  };
  EXPECT_EQ(action("scene b-1"), "scene b-1");
  EXPECT_EQ(action("scene next"), "scene next");
  EXPECT_EQ(action("scene previous"), "scene previous");
  EXPECT_EQ(action("scene 2"), "scene number 2");
  EXPECT_EQ(action("scene {value + 1}"), "scene number {(value + 1)}");
}

TEST(RouteAction, memory) {
  EXPECT_EQ(actions_of("tap"), "tap");
  EXPECT_EQ(actions_of("panic"), "panic");
  EXPECT_EQ(actions_of("nodup"), "nodup");
  EXPECT_EQ(actions_of("toggle"), "toggle");
  EXPECT_EQ(actions_of("latch"), "latch");
  EXPECT_EQ(actions_of("mono"), "voices 1 last");
  EXPECT_EQ(actions_of("mono last"), "voices 1 last");
  EXPECT_EQ(actions_of("mono low"), "voices 1 low");
  EXPECT_EQ(actions_of("mono high"), "voices 1 high");
  EXPECT_EQ(actions_of("poly 4"), "voices 4 oldest");
  EXPECT_EQ(actions_of("sustain"), "sustain");
  EXPECT_EQ(actions_of("sostenuto"), "sostenuto");
  EXPECT_EQ(actions_of("long 0.5"), "long 0.5s");
  EXPECT_EQ(actions_of("relative twos"), "relative twos 0..127");
  EXPECT_EQ(actions_of("relative offset 10..100"), "relative offset 10..100");
  EXPECT_EQ(actions_of("relative sign ..64"), "relative sign 0..64");
}

TEST(RouteAction, pedals_where_they_may_come) {
  for (const std::string pattern :
       {"note or cc 64", "any", "else", "ch 1", "cc", "voice", "not note", "cc 60..70 @a",
        "not (note or cc 1)", "@a", "not cc 1 ch 1"})
    EXPECT_EQ(script_of(pattern + " -> sustain").groups[0].rules.size(), 1U);
  EXPECT_EQ(script_of("note or cc 66 -> sostenuto").groups[0].rules.size(), 1U);
}

TEST(RouteAction, time) {
  EXPECT_EQ(actions_of("delay 0.25"), "delay 0.25s");
  EXPECT_EQ(actions_of("delay 3/16"), "delay 3/16");
  EXPECT_EQ(actions_of("delay 3600"), "delay 3600s");
  EXPECT_EQ(actions_of("delay 64/1"), "delay 64/1");
  EXPECT_EQ(actions_of("echo 1/8"), "echo 1/8 times 3 fade 0.6 transpose 0");
  EXPECT_EQ(actions_of("echo 1 transpose -12 fade 0.5 times 4 @a"),
            "echo 1s times 4 fade 0.5 transpose -12, ports @a");
  EXPECT_EQ(actions_of("length 1/4"), "length 1/4");
  EXPECT_EQ(actions_of("strum 0.01"), "strum 0.01s");
  EXPECT_EQ(actions_of("quantize 1/16"), "quantize 1/16");
  EXPECT_EQ(actions_of("humanize 0.01 8"), "humanize 0.01s 8");
  EXPECT_EQ(actions_of("humanize 0, drop"), "humanize 0s 0, drop");
  for (const std::string style : {"up", "down", "up-down", "as-played", "random"})
    EXPECT_EQ(actions_of("arp " + style + " 1/16"), "arp " + style + " 1/16 octaves 1 gate 0.5");
  EXPECT_EQ(actions_of("arp up 0.1 gate 1 octaves 2"), "arp up 0.1s octaves 2 gate 1");
  EXPECT_EQ(actions_of("divide 2"), "divide 2");
  EXPECT_EQ(actions_of("multiply 4"), "multiply 4");
}

TEST(RouteAction, zones) {
  EXPECT_EQ(actions_of("spread lower"), "spread lower 15");
  EXPECT_EQ(actions_of("spread upper 7"), "spread upper 7");
  EXPECT_EQ(actions_of("fold 16"), "fold 16");
  EXPECT_EQ(actions_of("bend-range 48 to 2"), "bend-range 48 to 2");
}

TEST(RouteAction, know_how_they_are_written) {
  const Script script = script_of("note  ch 1 ->  transpose   -12,@a ,\n  @b  # two\n");
  const Rule& rule = script.groups.at(0).rules.at(0);
  ASSERT_EQ(rule.actions.size(), 2U);
  EXPECT_EQ(rule.text, "note ch 1 -> transpose -12,@a , @b");
  EXPECT_EQ(rule.pattern_text, "note ch 1");
  EXPECT_EQ(rule.actions[0].text, "transpose -12");
  EXPECT_EQ(rule.actions[1].text, "@a , @b");
  EXPECT_EQ(rule.actions[0].place.column, 15U);
  EXPECT_EQ(rule.actions[1].place.column, 31U);
  EXPECT_EQ(rule.place.line, 0U);
}

// --- lines ---

TEST(RouteLines, comments_and_blanks) {
  EXPECT_EQ(rule_of("\n# all\n\n\tnote->drop # F#3\r\n \n"), "kinds{note-off note-on} -> drop");
  EXPECT_EQ(rule_of("key F#3 -> drop"),
            "and(kinds{note-off note-on poly-pressure} number{54}) -> drop");
  EXPECT_EQ(structure_of(script_of("")), Lines{"all:"});
  EXPECT_EQ(structure_of(script_of("# nothing")), Lines{"all:"});
}

TEST(RouteLines, go_on) {
  const std::string rule = "and(or(channel{1,3} channel{5}) not(port{a})) -> drop, tap";
  EXPECT_EQ(rule_of("(\nch 1, # here\n\n  3 or\nch 5) and\nnot\n@a ->\ndrop,\ntap\n"), rule);
  EXPECT_EQ(rule_of("(ch 1,3 or ch 5) not @a -> drop, tap"), rule);
}

TEST(RouteLines, have_places) {
  const std::array texts{Text{"a", "\nnote -> drop\n"},
                         Text{"b", "# x\n\n  ch 1 or\n ch 2 ->\n drop"}};
  const ParsedRules parsed = parse_rules(texts);
  ASSERT_EQ(parsed.script.groups[0].rules.size(), 2U);
  const Place& first = parsed.script.groups[0].rules[0].place;
  const Place& second = parsed.script.groups[0].rules[1].place;
  const Place& action = parsed.script.groups[0].rules[1].actions.at(0).place;
  EXPECT_EQ(std::tuple(first.text, first.line, first.column), std::tuple(0U, 1U, 0U));
  EXPECT_EQ(std::tuple(second.text, second.line, second.column), std::tuple(1U, 2U, 2U));
  EXPECT_EQ(std::tuple(action.text, action.line, action.column), std::tuple(1U, 4U, 1U));
}

// --- structure ---

TEST(RouteStructure, scenes_and_groups) {
  const Script script = script_of("ch 1 -> pass\n"
                                  "scene b\nch 2 -> pass\nenter -> tap\n"
                                  "scene a\n"
                                  "then\nch 3 -> pass\n"
                                  "scene c\nch 4 -> pass\n"
                                  "scene b\nch 5 -> pass\n"
                                  "then\n");
  EXPECT_EQ(structure_of(script), (Lines{"all: ch 1", "b: ch 2 enter", "a:", "then", "all: ch 3",
                                         "c: ch 4", "b: ch 5", "then", "all:"}));
  EXPECT_EQ(script.scenes, (Lines{"b", "a", "c"}));
}

TEST(RouteStructure, goes_on_from_text_to_text) {
  const std::array texts{Text{"a", "scene x\nch 1 -> pass"}, Text{"rule 1", "ch 2 -> pass"},
                         Text{"rule 2", "then"}, Text{"rule 3", "ch 3 -> pass"}};
  const ParsedRules parsed = parse_rules(texts);
  EXPECT_EQ(parsed.faults, Lines{});
  EXPECT_EQ(structure_of(parsed.script), (Lines{"all:", "x: ch 1 ch 2", "then", "all: ch 3"}));
}

TEST(RouteStructure, names_may_come_later) {
  const Script script = script_of("any -> vel {x + y + z}, scene s\nwhen x 1 -> set y 1\n"
                                  "scene s\nany -> count z 1..2");
  EXPECT_EQ(script.variables, (Lines{"x", "y", "z"}));
  EXPECT_EQ(script.scenes, Lines{"s"});
}

TEST(RouteStructure, variables_keep_their_places) {
  const Text text{"rules", "any -> set b 1, set c {b}"};
  const Lines before{"a", "b"};
  const ParsedRules parsed = parse_rules(std::span(&text, 1), {}, before);
  EXPECT_EQ(parsed.faults, Lines{});
  EXPECT_EQ(parsed.script.variables, (Lines{"a", "b", "c"}));
  EXPECT_EQ(describe(parsed.script.groups[0].rules[0], parsed.script),
            "any -> set b to 1, set c to {$b}");
}

TEST(RouteStructure, text_is_no_name) {
  const Text text{"rules", "any -> send :x set a 1, vel {a}"};
  EXPECT_EQ(parse_rules(std::span(&text, 1)).faults.size(), 1U) << "no variable is set there";
}

TEST(RouteStructure, ten_thousand_rules) {
  std::string rules;
  for (int i = 0; i < 10'000; ++i) rules += "cc 1 ch 2 -> cc 3, value +1 @a\n";
  EXPECT_EQ(script_of(rules).groups[0].rules.size(), 10'000U);
}

} // namespace
} // namespace mm::route
