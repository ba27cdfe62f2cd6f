// What is wrong with rules: each fault has a place, and says what was typed and what to write.
#include "events.hpp"
#include "mmroute/language/parse.hpp"
#include "route_tree.hpp"

#include <gtest/gtest.h>

namespace mm::route {
namespace {

using Lines = std::vector<std::string>;

Lines faults(std::string_view rules) {
  const Text text{"rules", std::string(rules)};
  return parse_rules(std::span(&text, 1)).faults;
}

// What is wrong with it: "COLUMN: what". The two lines below it have to be the rule and a caret
// there.
std::string fault(const std::string& rule) {
  const Lines all = faults(rule);
  if (all.size() != 1) return std::to_string(all.size()) + " faults";
  const Lines lines = mm::test::split(all[0]);
  const std::string begin = "rules:1:";
  const bool is_plain = rule.find_first_of("\n\xe2") == std::string::npos;
  if (lines.size() != 3 || !lines[0].starts_with(begin) || (is_plain && lines[1] != rule))
    return "not as it should be: " + all[0];
  const std::string what = lines[0].substr(begin.size());
  EXPECT_EQ(lines[2], std::string(std::stoul(what) - 1, ' ') + '^') << rule;
  return what;
}

TEST(RouteFault, in_a_rule) {
  EXPECT_EQ(fault("-> drop"), "1: a pattern is missing before the '->': 'any' is for all events");
  EXPECT_EQ(fault("note"), "5: no '->' and no action: a rule is PATTERN -> ACTION");
  EXPECT_EQ(fault("note drop"), "6: a '->' is missing before 'drop'");
  EXPECT_EQ(fault("drop"), "1: a '->' is missing before 'drop'");
  EXPECT_EQ(fault("note => drop"), "6: this is no arrow: write '->'");
  EXPECT_EQ(fault("note=>drop"), "1: this is no arrow: write '->'");
  EXPECT_EQ(fault("note - > drop"), "6: this is no arrow: write '->'");
  EXPECT_EQ(fault("note \u2192 drop"), "6: this is no arrow: write '->'");
  EXPECT_EQ(fault("note >"), "6: this is no arrow: write '->'");
  EXPECT_EQ(fault("enter"), "6: no '->' and no action: a rule is PATTERN -> ACTION");
}

TEST(RouteFault, in_patterns) {
  EXPECT_EQ(fault("nte -> drop"), "1: unknown condition 'nte'; did you mean 'note'?");
  EXPECT_EQ(fault("note-onn -> drop"), "1: unknown condition 'note-onn'; did you mean 'note-on'?");
  EXPECT_EQ(fault("channel 1 -> drop"), "1: 'channel' is no condition: write 'ch'");
  EXPECT_EQ(fault("velocity 5 -> drop"), "1: 'velocity' is no condition: write 'vel'");
  EXPECT_EQ(fault("pitchbend -> drop"), "1: 'pitchbend' is no condition: write 'bend'");
  EXPECT_EQ(fault("&& -> drop"), "1: '&&' is no condition: write 'and'");
  EXPECT_EQ(fault("60 -> drop"), "1: '60' is no condition: it is such as 'key 60' or 'cc 7'");
  EXPECT_EQ(fault("transpose -> drop"), "1: 'transpose' is an action: it stands behind the '->'");
  EXPECT_EQ(fault("note, cc -> drop"),
            "5: no ',' can stand here: conditions are joined by 'and' and 'or'");
  EXPECT_EQ(fault("(note -> drop"), "1: this '(' has no ')'");
  EXPECT_EQ(fault("() -> drop"), "2: a condition is missing here");
  EXPECT_EQ(fault("note or -> drop"), "9: a condition is missing here");
  EXPECT_EQ(fault("not -> drop"), "5: a condition is missing here");
  EXPECT_EQ(fault("or -> drop"), "1: a condition is missing before this 'or'");
  EXPECT_EQ(fault("and note -> drop"), "1: a condition is missing before this 'and'");
  EXPECT_EQ(fault("note else -> drop"), "6: 'else' stands alone before the '->'");
  EXPECT_EQ(fault("else note -> drop"), "1: 'else' stands alone before the '->'");
  EXPECT_EQ(fault("not enter -> drop"), "5: 'enter' stands alone before the '->'");
  EXPECT_EQ(fault("{note} -> drop"), "1: no expression can stand in a pattern");
  EXPECT_EQ(fault("\"x\" -> drop"), "1: '\"x\"' is no condition");
  EXPECT_EQ(fault(".. -> drop"), "1: these '..' belong to no condition");
}

TEST(RouteFault, in_numbers) {
  EXPECT_EQ(fault("cc 1, -> drop"),
            "5: no ',' can stand here: conditions are joined by 'and' and 'or'");
  EXPECT_EQ(fault("cc 1, note -> drop"),
            "5: no ',' can stand here: conditions are joined by 'and' and 'or'");
  EXPECT_EQ(fault("cc 1 ) -> drop"), "6: this ')' has no '('");
  EXPECT_EQ(fault("note .. -> drop"), "6: 'note' takes no numbers: write 'note key LIST'");
  EXPECT_EQ(fault("ch -> drop"), "4: no channel; it is ch LIST, such as ch 1,3..5");
  EXPECT_EQ(fault("ch 0 -> drop"), "4: channel '0' is not in 1..16");
  EXPECT_EQ(fault("ch 17 -> drop"), "4: channel '17' is not in 1..16");
  EXPECT_EQ(fault("ch x -> drop"), "4: channel 'x' is no number");
  EXPECT_EQ(fault("ch 1.5 -> drop"), "4: channel '1.5' is no number");
  EXPECT_EQ(fault("ch .. -> drop"), "4: no number beside the '..'");
  EXPECT_EQ(fault("ch 1..x -> drop"), "7: channel 'x' is no number");
  EXPECT_EQ(fault("ch 1..{x} -> drop"), "7: no expression can stand here: it has to be a number");
  EXPECT_EQ(fault("ch {x} -> drop"), "4: no expression can stand here: it has to be a number");
  EXPECT_EQ(fault("ch 4..1 -> drop"), "4: 4..1 counts down: write 1..4");
  EXPECT_EQ(fault("ch 99999999999999999999 -> drop"),
            "4: channel '99999999999999999999' is not in 1..16");
  EXPECT_EQ(fault("ch -1 -> drop"), "4: channel '-1' is not in 1..16");
  EXPECT_EQ(fault("ch +1 -> drop"), "4: channel '+1' is no number");
  EXPECT_EQ(fault("key 128 -> drop"), "5: note '128' is not in 0..127");
  EXPECT_EQ(fault("key H4 -> drop"), "5: note 'H4' is no number, and no name such as C4 or F#3");
  EXPECT_EQ(fault("key C10 -> drop"), "5: note 'C10' is not in 0..127");
  EXPECT_EQ(fault("key C4,foo -> drop"),
            "7: no ',' can stand here: conditions are joined by 'and' and 'or'");
  EXPECT_EQ(fault("vel 128 -> drop"), "5: velocity '128' is not in 0..127");
  EXPECT_EQ(fault("value 16384 -> drop"), "7: value '16384' is not in -8192..16383");
  EXPECT_EQ(fault("value -8193.. -> drop"), "7: value '-8193' is not in -8192..16383");
  EXPECT_EQ(fault("cc 128 -> drop"), "4: controller '128' is not in 0..127");
  EXPECT_EQ(fault("cc 1 value 128 -> drop"), "12: no value is so high here: it is in 0..127");
  EXPECT_EQ(fault("cc rises 200 -> drop"), "10: no value is so high here: it is in 0..127");
  EXPECT_EQ(fault("note vel 5 falls 128 -> drop"), "18: no value is so high here: it is in 0..127");
  EXPECT_EQ(fault("cc14 32 -> drop"), "6: number '32' is not in 0..31");
  EXPECT_EQ(fault("nrpn 16384 -> drop"), "6: number '16384' is not in 0..16383");
  EXPECT_EQ(fault("note 60 -> drop"), "6: 'note' takes no numbers: write 'note key 60'");
  EXPECT_EQ(fault("note-on C4 -> drop"), "9: 'note-on' takes no numbers: write 'note-on key C4'");
  EXPECT_EQ(fault("pp 60 -> drop"), "4: 'pp' takes no numbers: write 'pp key 60'");
  EXPECT_EQ(fault("bend 5 -> drop"), "6: 'bend' takes no numbers: write 'bend value 5'");
  EXPECT_EQ(fault("clock 1 -> drop"), "7: 'clock' has no number");
  EXPECT_EQ(fault("voice 7 -> drop"), "7: 'voice' takes no numbers: write 'voice key 7'");
  EXPECT_EQ(fault("any 7 -> drop"), "5: '7' is no condition: it is such as 'key 60' or 'cc 7'");
  EXPECT_EQ(fault("cc value -5 -> drop"), "10: no value is so low here: it is in 0..127");
}

TEST(RouteFault, in_conditions) {
  const std::string when_usage = "; it is when VARIABLE LIST, such as when bank 1,2";
  EXPECT_EQ(fault("in-scale -> drop"),
            "10: no scale; it is in-scale SCALE, such as in-scale C major");
  EXPECT_EQ(fault("in-scale C -> drop"),
            "12: no name behind the root; a scale is such as C major or C 0,3,7");
  EXPECT_EQ(fault("in-scale C4 major -> drop"),
            "10: 'C4' is no root of a scale: it is such as C, F# or Bb, without an octave");
  EXPECT_EQ(fault("in-scale H major -> drop"),
            "10: 'H' is no root of a scale: it is such as C, F# or Bb, without an octave");
  EXPECT_EQ(fault("in-scale C majr -> drop"), "12: unknown scale 'majr'; did you mean 'major'?");
  EXPECT_EQ(fault("in-scale C harmonic -> drop"),
            "12: unknown scale 'harmonic'; did you mean 'harmonic-minor'?");
  EXPECT_EQ(fault("in-scale C 0,12 -> drop"), "14: semitone '12' is not in 0..11");
  EXPECT_EQ(fault("zone -> drop"), "6: no zone; it is zone lower|upper [MEMBERS]");
  EXPECT_EQ(fault("zone middle -> drop"),
            "6: 'middle' is no zone; it is zone lower|upper [MEMBERS]");
  EXPECT_EQ(fault("zone lower 16 -> drop"), "12: number of members '16' is not in 1..15");
  EXPECT_EQ(fault("@ -> drop"), "1: no tag after the '@'");
  EXPECT_EQ(fault("@a+b -> drop"),
            "3: this cannot stand in a port's tag (A-Z a-z 0-9 _ . - / : [ ])");
  EXPECT_EQ(fault("@a{x} -> drop"), "3: no expression can stand in a port's tag");
  EXPECT_EQ(fault("@a*b -> drop"),
            "3: this cannot stand in a port's tag (A-Z a-z 0-9 _ . - / : [ ])");
  EXPECT_EQ(fault(": -> drop"), "1: ':' is no name of a meta event");
  EXPECT_EQ(fault(":a+b -> drop"), "1: ':a+b' is no name of a meta event");
  EXPECT_EQ(fault("when -> drop"), "6: no variable" + when_usage);
  EXPECT_EQ(fault("when 5 -> drop"),
            "6: '5' is no name of a variable: a letter, then letters, digits and '_'");
  EXPECT_EQ(fault("when velocity 5 -> drop"),
            "6: 'velocity' is a field of the event: a variable needs another name");
  EXPECT_EQ(fault("when a-b 5 -> drop"),
            "6: 'a-b' is no name of a variable: a letter, then letters, digits and '_'");
  EXPECT_EQ(fault("when x -> drop"), "8: no number" + when_usage);
  EXPECT_EQ(fault("when x y -> drop"), "8: 'y' is no number" + when_usage);
  EXPECT_EQ(fault("when x 99999999999 -> drop"),
            "8: number '99999999999' is not in -2147483648..2147483647");
  EXPECT_EQ(fault("rises -> drop"), "7: no value; it is rises N");
  EXPECT_EQ(fault("rises 1..2 -> drop"), "8: these '..' belong to no condition");
  EXPECT_EQ(fault("falls x -> drop"), "7: value 'x' is no number");
  EXPECT_EQ(fault("held -> drop"), "6: no range of seconds; it is held RANGE, such as held 0.5..");
  EXPECT_EQ(fault("held x -> drop"),
            "6: 'x' is no range of seconds; it is held RANGE, such as held 0.5..");
  EXPECT_EQ(fault("held 1 -> drop"), "6: '1' is no range: write '1..' or '..1'");
  EXPECT_EQ(fault("held .5.. -> drop"), "6: '.5' is no time in seconds");
  EXPECT_EQ(fault("held .. -> drop"), "6: no number beside the '..'");
  EXPECT_EQ(fault("held 2..1 -> drop"), "6: this range counts down");
  EXPECT_EQ(fault("held 5000.. -> drop"), "6: '5000' is longer than an hour");
  EXPECT_EQ(fault("sysex 4 -> drop"), "7: '4' is no row of bytes: a byte is two hex digits, or ??");
  EXPECT_EQ(fault("sysex 4g -> drop"), "7: '4g' is no byte: a byte is two hex digits, or ??");
  EXPECT_EQ(fault("sysex 80 -> drop"), "7: '80' is no data byte of a sysex (00..7f)");
  EXPECT_EQ(fault("sysex f7 00 -> drop"),
            "10: nothing can stand behind the f7 that ends the sysex");
  EXPECT_EQ(fault("sysex * 00 -> drop"), "9: nothing can stand behind the '*'");
  EXPECT_EQ(fault("sysex 43 f0 -> drop"), "10: 'f0' is no data byte of a sysex (00..7f)");
  EXPECT_EQ(fault("sysex gg -> drop"), "7: unknown condition 'gg'");
}

TEST(RouteFault, in_the_order_of_actions) {
  EXPECT_EQ(fault("note ->"), "8: an action is missing here");
  EXPECT_EQ(fault("note -> ,"), "9: an action is missing here");
  EXPECT_EQ(fault("note -> drop,, tap"), "14: an action is missing here");
  EXPECT_EQ(fault("note -> drop,"), "14: an action is missing here");
  EXPECT_EQ(fault("note -> drop -> tap"), "14: there is a '->' already");
  EXPECT_EQ(fault("note -> -> tap"), "9: there is a '->' already");
  EXPECT_EQ(fault("note -> drop)"), "13: this ')' has no '('");
  EXPECT_EQ(fault("note -> (drop)"), "9: '(' is no action");
  EXPECT_EQ(fault("note -> dropp"), "9: unknown action 'dropp'; did you mean 'drop'?");
  EXPECT_EQ(fault("note -> \"x\""), "9: '\"x\"' is no action");
  EXPECT_EQ(fault("note -> {x}"), "9: '{x}' is no action");
  EXPECT_EQ(fault("note -> octave 1"), "9: 'octave' is no action: write 'transpose 12'");
  EXPECT_EQ(fault("note -> channel 1"), "9: 'channel' is no action: write 'ch'");
  EXPECT_EQ(fault("note -> clock"), "9: 'clock' is no action: write 'send clock'");
  EXPECT_EQ(fault("note -> :panic"), "9: ':panic' is no action: write 'send :panic'");
  EXPECT_EQ(fault("note -> note-on 60"),
            "9: 'note-on' is no action: write 'note N' or 'send note-on ...'");
  EXPECT_EQ(fault("note -> when x 1"), "9: 'when' is no action: it stands before the '->'");
  EXPECT_EQ(fault("note -> any"), "9: 'any' is no action: it stands before the '->'");
  EXPECT_EQ(fault("note -> drop 5"), "14: '5' is too much; it is drop");
  EXPECT_EQ(fault("note -> drop 5 tap"), "14: '5' is too much; it is drop");
  EXPECT_EQ(fault("note -> also @a"), "14: nothing can stand behind 'also': it is the last action");
  EXPECT_EQ(fault("note -> drop, transpose 1"),
            "15: 'transpose' needs the event, which ended with the 'drop' before it");
  EXPECT_EQ(fault("note -> drop, @a"),
            "15: '@a' needs the event, which ended with the 'drop' before it");
  EXPECT_EQ(fault("note -> drop, cc 1"),
            "15: 'cc' needs the event, which ended with the 'drop' before it");
  EXPECT_EQ(fault("note -> drop, pass"),
            "15: 'pass' needs the event, which ended with the 'drop' before it");
  EXPECT_EQ(fault("enter -> transpose 1"),
            "10: 'transpose' needs an event, and there is none in 'enter'");
  EXPECT_EQ(fault("leave -> @a"), "10: '@a' needs an event, and there is none in 'leave'");
  EXPECT_EQ(fault("enter -> drop"), "10: 'drop' needs an event, and there is none in 'enter'");
  EXPECT_EQ(fault("enter -> scene x"), "10: no scene can be chosen while one begins or ends");
  EXPECT_EQ(fault("enter -> cc 1"), "10: 'cc' needs an event, and there is none in 'enter'");
  EXPECT_EQ(fault("note -> drop ; tap"), "14: ';' is too much; it is drop");
}

TEST(RouteFault, in_actions_on_channel_and_key) {
  const std::string ch_usage = "; it is ch N, ch N,N,..., ch +N or ch A to B";
  EXPECT_EQ(fault("note -> transpose 1 vel 5"), "21: a ',' is missing before 'vel'");
  EXPECT_EQ(fault("note -> transpose 1 2"), "21: '2' is too much; it is transpose N [in SCALE]");
  EXPECT_EQ(fault("note -> transpose 1 foo"),
            "21: 'foo' is too much; it is transpose N [in SCALE]");
  EXPECT_EQ(fault("note -> @"), "9: no tag after the '@'");
  EXPECT_EQ(fault("note -> @a*"), "9: an event is sent to ports one by one: no '*'");
  EXPECT_EQ(fault("note -> @a+b"),
            "11: this cannot stand in a port's tag (A-Z a-z 0-9 _ . - / : [ ])");
  EXPECT_EQ(fault("note -> ch"), "11: no channel" + ch_usage);
  EXPECT_EQ(fault("note -> ch 0"), "12: channel '0' is not in 1..16");
  EXPECT_EQ(fault("note -> ch +16"), "12: step '+16' is not in -15..15");
  EXPECT_EQ(fault("note -> ch + 1"), "12: no number right behind the '+'");
  EXPECT_EQ(fault("note -> ch 1 to"), "16: no channel" + ch_usage);
  EXPECT_EQ(fault("note -> ch 1,2 to 1,2,3"),
            "19: 2 before the 'to' and 3 here: it takes as many on both sides, or one here");
  EXPECT_EQ(fault("note -> ch 1,1 to 2,3"), "12: 1 stands twice before the 'to'");
  EXPECT_EQ(fault("note -> ch {x} to 2"),
            "13: unknown name 'x': no field of an event, and no variable that is set anywhere");
  EXPECT_EQ(fault("note -> ch 1 to {x}"),
            "18: unknown name 'x': no field of an event, and no variable that is set anywhere");
  EXPECT_EQ(fault("note -> key +5"), "13: no step can stand here: write 'transpose +5'");
  EXPECT_EQ(fault("note -> key 128"), "13: note '128' is not in 0..127");
  EXPECT_EQ(fault("note -> key 0..127,0..127"), "13: this makes more than 128 copies");
  EXPECT_EQ(fault("note -> transpose"), "18: no interval; it is transpose N [in SCALE]");
  EXPECT_EQ(fault("note -> transpose x"), "19: interval 'x' is no number");
  EXPECT_EQ(fault("note -> transpose 128"), "19: interval '128' is not in -127..127");
  EXPECT_EQ(fault("note -> transpose 1 in"), "23: no scale; it is transpose N [in SCALE]");
  EXPECT_EQ(fault("note -> transpose 1 in major"),
            "24: 'major' is no root of a scale: it is such as C, F# or Bb, without an octave");
  EXPECT_EQ(fault("note -> snap"), "13: no scale; it is snap SCALE");
  EXPECT_EQ(fault("note -> chord"), "14: no interval; it is chord N,N,... [in SCALE]");
  EXPECT_EQ(fault("note -> chord 0,{x}"),
            "18: unknown name 'x': no field of an event, and no variable that is set anywhere");
}

TEST(RouteFault, in_actions_on_values) {
  const std::string vel_usage = "; it is vel N, +N, -N, *X, curve G, clip A..B, compress T R, "
                                "invert, A..B to C..D or P,P,... to Q,Q,...";
  const std::string points_usage = "; it is A..B to C..D or P,P,... to Q,Q,...";
  EXPECT_EQ(fault("note -> vel"), "12: no velocity" + vel_usage);
  EXPECT_EQ(fault("note -> vel foo"), "13: 'foo' is no velocity" + vel_usage);
  EXPECT_EQ(fault("note -> vel curv 1"), "13: 'curv' is no velocity; did you mean 'curve'?");
  EXPECT_EQ(fault("note -> vel 128"), "13: velocity '128' is not in 0..127");
  EXPECT_EQ(fault("note -> vel +128"), "13: velocity '+128' is not in -127..127");
  EXPECT_EQ(fault("note -> vel *"), "14: no factor; it is *X");
  EXPECT_EQ(fault("note -> vel *x"), "14: factor 'x' is no number such as 2 or 0.5");
  EXPECT_EQ(fault("note -> vel *-1"), "14: factor '-1' is no number such as 2 or 0.5");
  EXPECT_EQ(fault("note -> vel *1001"), "14: factor '1001' is not in 0..1000");
  EXPECT_EQ(fault("note -> vel curve"), "18: no curve; it is curve G");
  EXPECT_EQ(fault("note -> vel curve 0"), "19: curve '0' has to be above 0, up to 1000");
  EXPECT_EQ(fault("note -> vel clip"), "17: no range; it is clip A..B");
  EXPECT_EQ(fault("note -> vel clip 5"), "18: '5' is no range; it is clip A..B");
  EXPECT_EQ(fault("note -> vel clip 9..5"), "18: 9..5 counts down: write 5..9");
  EXPECT_EQ(fault("note -> vel compress 80"), "24: no ratio; it is compress T R");
  EXPECT_EQ(fault("note -> vel compress 80 0.5"), "25: ratio '0.5' is not in 1..1000");
  EXPECT_EQ(fault("note -> vel 0..127"), "19: no 'to'" + points_usage);
  EXPECT_EQ(fault("note -> vel 0..127 to"), "22: no velocity" + points_usage);
  EXPECT_EQ(fault("note -> vel 0..127 to 5"), "23: 2 before the 'to' and 1 here: it takes as many");
  EXPECT_EQ(fault("note -> vel 5 to 6"),
            "13: one point is no line: it takes two at least, such as 0..127 to 20..100");
  EXPECT_EQ(fault("note -> vel 5,5 to 6,7"), "13: 5 stands twice before the 'to'");
  EXPECT_EQ(fault("note -> vel 0..127 to 0..128"), "26: velocity '128' is not in 0..127");
  EXPECT_EQ(fault("note -> vel to 5"), "13: 'to' is no velocity" + vel_usage);
}

TEST(RouteFault, in_conversions) {
  EXPECT_EQ(fault("note -> cc"), "11: no controller; it is cc N or cc A to B");
  EXPECT_EQ(fault("note -> cc 128"), "12: controller '128' is not in 0..127");
  EXPECT_EQ(fault("note -> cc 1,2"), "14: '2' is too much; it is cc N or cc A to B");
  EXPECT_EQ(fault("note -> cc 1,2 to 1,2,3"),
            "19: 2 before the 'to' and 3 here: it takes as many on both sides, or one here");
  EXPECT_EQ(fault("note -> cc 1 2"), "14: '2' is too much; it is cc N or cc A to B");
  EXPECT_EQ(fault("note -> note"), "13: no note; it is note N");
  EXPECT_EQ(fault("note -> note 1 to 2"), "9: for other keys write 'key A to B'");
  EXPECT_EQ(fault("note -> bend 5"), "14: '5' is too much; it is bend");
  EXPECT_EQ(fault("note -> prog 5"),
            "14: the value becomes the program: to set it write 'value 5, prog'");
  EXPECT_EQ(fault("note -> pp 1 to 2"), "9: for other keys write 'key A to B'");
}

TEST(RouteFault, in_what_is_sent) {
  const std::string send_usage = "; it is send note-on CHANNEL NOTE VELOCITY";
  EXPECT_EQ(fault("note -> send"), "13: no event; it is send EVENT, such as send pc 1 5");
  EXPECT_EQ(fault("note -> send foo"), "14: unknown kind 'foo'");
  EXPECT_EQ(fault("note -> send note 1 2 3"),
            "14: 'note' is no event: write 'note-on' or 'note-off'");
  EXPECT_EQ(fault("note -> send note-on 1 60"), "26: no velocity" + send_usage);
  EXPECT_EQ(fault("note -> send note-on 1 60 100 5"), "31: too many arguments" + send_usage);
  EXPECT_EQ(fault("note -> send note-on 17 60 100"), "22: channel '17' is not in 1..16");
  EXPECT_EQ(fault("note -> send cc 1 128 0"), "19: controller '128' is not in 0..127");
  EXPECT_EQ(fault("note -> send 0.5 clock"), "14: '0.5' is no time from now on: write '+0.5'");
  EXPECT_EQ(fault("note -> send +x clock"), "14: '+x' is no time in seconds");
  EXPECT_EQ(fault("note -> send +0.5"), "18: no event; it is send EVENT, such as send pc 1 5");
  EXPECT_EQ(fault("note -> send +9999 clock"), "14: '+9999' is longer than an hour");
  EXPECT_EQ(fault("note -> send clock @a @b"),
            "23: nothing can follow the port of an event that is sent");
  EXPECT_EQ(fault("note -> send clock @a x"),
            "23: nothing can follow the port of an event that is sent");
  EXPECT_EQ(fault("note -> send sysex 43 4"),
            "23: '4' is no row of bytes: a byte is two hex digits");
  EXPECT_EQ(fault("note -> send sysex 80"), "20: '80' is no data byte of a sysex (00..7f)");
  EXPECT_EQ(fault("note -> send sysex f7 43"),
            "23: nothing can stand behind the f7 that ends the sysex");
  EXPECT_EQ(fault("note -> send sysex ??"), "20: '?\?' is no byte: a byte is two hex digits");
  EXPECT_EQ(fault("note -> send raw"), "17: no bytes; it is send raw HEX...");
  EXPECT_EQ(fault("note -> send : x"), "14: ':' is no name of a meta event");
  EXPECT_EQ(fault("note -> send :x \"abc"), "17: this '\"' has no other one");
  EXPECT_EQ(fault("note -> send :x \"abc\"d"),
            "22: a blank is missing between the string and this");
  EXPECT_EQ(fault("note -> send :x \"{\""), "18: this '{' has no '}'");
  EXPECT_EQ(fault("note -> send :x \"}\""), "18: this '}' has no '{'");
  EXPECT_EQ(fault("note -> send :x {"), "17: this '{' has no '}'");
  EXPECT_EQ(fault("note -> send :x {y}"),
            "18: unknown name 'y': no field of an event, and no variable that is set anywhere");
  EXPECT_EQ(fault("note -> send {x}"),
            "14: '{x}' is no event; it is send EVENT, such as send pc 1 5");
  EXPECT_EQ(fault("note -> send note-on {x 1 2"), "22: this '{' has no '}'");
}

TEST(RouteFault, in_actions_with_a_memory) {
  EXPECT_EQ(fault("note -> set"), "12: no variable; it is set VARIABLE N, +N or -N");
  EXPECT_EQ(fault("note -> set x"), "14: no number; it is set VARIABLE N, +N or -N");
  EXPECT_EQ(fault("note -> set velocity 5"),
            "13: 'velocity' is a field of the event: a variable needs another name");
  EXPECT_EQ(fault("note -> set 5 5"),
            "13: '5' is no name of a variable: a letter, then letters, digits and '_'");
  EXPECT_EQ(fault("note -> set a-b 5"),
            "13: 'a-b' is no name of a variable: a letter, then letters, digits and '_'");
  EXPECT_EQ(fault("note -> set x y"), "15: 'y' is no number");
  EXPECT_EQ(fault("note -> set x 3000000000"),
            "15: number '3000000000' is not in -2147483648..2147483647");
  EXPECT_EQ(fault("note -> count x"), "16: no range; it is count VARIABLE A..B");
  EXPECT_EQ(fault("note -> count x 5"), "17: '5' is no range; it is count VARIABLE A..B");
  EXPECT_EQ(fault("note -> count x 5..1"), "17: 5..1 counts down: write 1..5");
  EXPECT_EQ(fault("note -> count x 5.."), "17: this range has no end: it is such as 1..8");
  EXPECT_EQ(fault("note -> scene"), "14: no scene; it is scene NAME, N, next or previous");
  EXPECT_EQ(fault("note -> scene foo"), "15: unknown scene 'foo': a line 'scene NAME' begins one");
  EXPECT_EQ(fault("note -> scene 1"), "15: there are no scenes: a line 'scene NAME' begins one");
  EXPECT_EQ(fault("note -> scene {note}"),
            "15: there are no scenes: a line 'scene NAME' begins one");
  EXPECT_EQ(fault("note -> mono foo"), "14: 'foo' is no priority; it is mono [last|low|high]");
  EXPECT_EQ(fault("note -> poly"), "13: no number of voices; it is poly N");
  EXPECT_EQ(fault("note -> poly 0"), "14: number of voices '0' is not in 1..128");
  EXPECT_EQ(fault("note -> poly {x}"), "14: no expression can stand here: it has to be a number");
  EXPECT_EQ(fault("note -> sustain"), "9: sustain needs cc 64: write 'note or cc 64 -> sustain'");
  EXPECT_EQ(fault("cc 64 or note -> sostenuto"),
            "18: sostenuto needs cc 66: write 'note or cc 66 -> sostenuto'");
  EXPECT_EQ(fault("note -> relative"), "17: no coding; it is relative twos|offset|sign [A..B]");
  EXPECT_EQ(fault("note -> relative foo"),
            "18: 'foo' is no coding; it is relative twos|offset|sign [A..B]");
  EXPECT_EQ(fault("cc -> relative twos 0..200"), "24: value '200' is not in 0..127");
  EXPECT_EQ(fault("note -> relative twos 5"),
            "23: '5' is no range; it is relative twos|offset|sign [A..B]");
}

TEST(RouteFault, in_actions_in_time) {
  const std::string echo_usage = "; it is echo T [times N] [fade X] [transpose N]";
  const std::string arp_usage =
      "; it is arp up|down|up-down|as-played|random T [octaves N] [gate X]";
  EXPECT_EQ(fault("note -> also, drop"),
            "15: nothing can stand behind 'also': it is the last action");
  EXPECT_EQ(fault("note -> also,"), "14: nothing can stand behind 'also': it is the last action");
  EXPECT_EQ(fault("note -> long"), "13: no time; it is long T");
  EXPECT_EQ(fault("note -> long 0"), "14: '0' is no time: it has to be above 0");
  EXPECT_EQ(fault("note -> long x"),
            "14: 'x' is no time in seconds, and no note value: it is such as 0.25 or 1/8");
  EXPECT_EQ(fault("note -> delay 1/0"), "15: '1/0' is no note value: it is such as 1/8 or 3/16");
  EXPECT_EQ(fault("note -> delay 0/4"), "15: '0/4' is no note value: it is such as 1/8 or 3/16");
  EXPECT_EQ(fault("note -> delay 65/1"), "15: '65/1' is longer than 64/1");
  EXPECT_EQ(fault("note -> delay 1/x"), "15: '1/x' is no note value: it is such as 1/8 or 3/16");
  EXPECT_EQ(fault("note -> delay 100ms"),
            "15: '100ms' is no time in seconds, and no note value: it is such as 0.25 or 1/8");
  EXPECT_EQ(fault("note -> delay 3601"), "15: '3601' is longer than an hour");
  EXPECT_EQ(fault("note -> delay -1"),
            "15: '-1' is no time in seconds, and no note value: it is such as 0.25 or 1/8");
  EXPECT_EQ(fault("note -> echo"), "13: no time" + echo_usage);
  EXPECT_EQ(fault("note -> echo 1 times 0"), "22: number of times '0' is not in 1..1000");
  EXPECT_EQ(fault("note -> echo 1 fade 2"), "21: fade '2' has to be above 0, up to 1");
  EXPECT_EQ(fault("note -> echo 1 fade 0"), "21: fade '0' has to be above 0, up to 1");
  EXPECT_EQ(fault("note -> echo 1 times 2 times 3"), "24: 'times' stands there already");
  EXPECT_EQ(fault("note -> echo 1 time 2"), "16: 'time' is too much" + echo_usage);
  EXPECT_EQ(fault("note -> humanize"), "17: no time; it is humanize T [N]");
  EXPECT_EQ(fault("note -> humanize 0 128"), "20: velocity '128' is not in 0..127");
  EXPECT_EQ(fault("note -> arp"), "12: no order" + arp_usage);
  EXPECT_EQ(fault("note -> arp 1/8"), "13: '1/8' is no order" + arp_usage);
  EXPECT_EQ(fault("note -> arp up"), "15: no time" + arp_usage);
  EXPECT_EQ(fault("note -> arp up 1/8 octaves 11"), "28: number of octaves '11' is not in 1..10");
  EXPECT_EQ(fault("note -> arp up 1/8 gate 0"), "25: gate '0' has to be above 0, up to 1");
  EXPECT_EQ(fault("note -> divide 0"), "16: divisor '0' is not in 1..1000000");
  EXPECT_EQ(fault("note -> multiply 0"), "18: factor '0' is not in 1..1000");
  EXPECT_EQ(fault("note -> spread"), "15: no zone; it is spread lower|upper [MEMBERS]");
  EXPECT_EQ(fault("note -> spread foo"),
            "16: 'foo' is no zone; it is spread lower|upper [MEMBERS]");
  EXPECT_EQ(fault("note -> fold"), "13: no channel; it is fold CH");
  EXPECT_EQ(fault("note -> fold 17"), "14: channel '17' is not in 1..16");
  EXPECT_EQ(fault("note -> bend-range 48"), "22: no 'to'; it is bend-range A to B");
  EXPECT_EQ(fault("note -> bend-range 48 2"), "23: '2' is no 'to'; it is bend-range A to B");
  EXPECT_EQ(fault("note -> bend-range 0 to 2"), "20: bend range '0' is not in 1..127");
}

TEST(RouteFault, in_an_expression) {
  EXPECT_EQ(fault("note -> vel {}"), "14: a number or a name is missing here");
  EXPECT_EQ(fault("note -> vel {1 +}"), "17: a number or a name is missing here");
  EXPECT_EQ(fault("note -> vel {1 2}"), "16: an operator is missing before '2': + - * / %");
  EXPECT_EQ(fault("note -> vel {(1}"), "14: this '(' has no ')'");
  EXPECT_EQ(fault("note -> vel {1)}"), "15: this ')' has no '('");
  EXPECT_EQ(fault("note -> vel {0.5}"), "14: '0.5' is no whole number: such as 3 * value / 2");
  EXPECT_EQ(fault("note -> vel {velocty}"), "14: unknown name 'velocty'; did you mean 'velocity'?");
  EXPECT_EQ(fault("note -> vel {x}"),
            "14: unknown name 'x': no field of an event, and no variable that is set anywhere");
  EXPECT_EQ(fault("note -> vel {note ^ 2}"), "19: an operator is missing before '^': + - * / %");
  EXPECT_EQ(fault("note -> vel {1"), "13: this '{' has no '}'");
  EXPECT_EQ(fault("note -> vel 1}"), "14: this '}' has no '{'");
  EXPECT_EQ(fault("note -> vel {a{b}}"), "13: this '{' has no '}'");
  EXPECT_EQ(fault("note -> vel {9999999999}"), "14: '9999999999' is too large");
  EXPECT_EQ(fault("note -> vel {C4}"),
            "14: unknown name 'C4': no field of an event, and no variable that is set anywhere");
  EXPECT_EQ(fault("note -> vel {0xg}"), "14: '0xg' is no whole number");
}

TEST(RouteFault, of_structure) {
  EXPECT_EQ(fault("scene"), "6: no name; it is scene NAME");
  EXPECT_EQ(fault("scene 5"), "7: '5' is no name of a scene: a letter, then letters, digits, '_' "
                              "and '-', and neither 'next' nor 'previous'");
  EXPECT_EQ(fault("scene next"), "7: 'next' is no name of a scene: a letter, then letters, digits, "
                                 "'_' and '-', and neither 'next' nor 'previous'");
  EXPECT_EQ(fault("scene a b"),
            "9: nothing can follow the name of a scene: rules stand on lines of their own");
  EXPECT_EQ(fault("scene a -> drop"),
            "9: nothing can follow the name of a scene: rules stand on lines of their own");
  EXPECT_EQ(fault("then x"), "6: nothing can follow 'then': it is a line of its own");
}

TEST(RouteFault, stand_in_the_lines_that_are_at_fault) {
  EXPECT_EQ(faults("note -> drop\n# x\nnte -> drop\n\n(ch 1 or\n  ch 17) -> drop\nnote ->\n"),
            (Lines{"rules:3:1: unknown condition 'nte'; did you mean 'note'?\nnte -> drop\n^",
                   "rules:6:6: channel '17' is not in 1..16\n  ch 17) -> drop\n     ^",
                   "rules:7:8: an action is missing here\nnote ->\n       ^"}));
}

TEST(RouteFault, leaves_the_other_rules) {
  const std::array texts{Text{"a", "note -> drop\nnte -> drop\ncc -> drop"},
                         Text{"rule 1", "x -> drop"}, Text{"rule 2", "bend -> drop"}};
  const ParsedRules parsed = parse_rules(texts);
  EXPECT_EQ(parsed.faults,
            (Lines{"a:2:1: unknown condition 'nte'; did you mean 'note'?\nnte -> drop\n^",
                   "rule 1:1:1: unknown condition 'x'\nx -> drop\n^"}));
  EXPECT_EQ(parsed.script.groups.at(0).rules.size(), 3U);
}

TEST(RouteFault, of_names) {
  EXPECT_EQ(fault("any -> set volume 1, vel {volum}"),
            "27: unknown name 'volum'; did you mean 'volume'?");
  EXPECT_EQ(fault("any -> vel {zoom}, send :x set zoom 1"),
            "13: unknown name 'zoom': no field of an event, and no variable that is set anywhere");
  EXPECT_EQ(faults("any -> scene vers\nscene verse"),
            Lines{"rules:1:14: unknown scene 'vers'; did you mean 'verse'?\nany -> scene vers\n"
                  "             ^"});
  EXPECT_EQ(faults("any -> scene 3\nscene a\nscene b"),
            Lines{"rules:1:14: scene '3' is not in 1..2\nany -> scene 3\n             ^"});
  EXPECT_EQ(faults("scene a\nscene b\nscene a\nthen\nscene a"),
            Lines{"rules:3:7: there is a scene 'a' already\nscene a\n      ^"});
}

TEST(RouteFault, variables_of_other_rules_are_not_known) {
  const Text text{"rules", "any -> vel {old}"};
  const Lines before{"old"};
  EXPECT_EQ(parse_rules(std::span(&text, 1), {}, before).faults.size(), 1U);
}

TEST(RouteFault, a_rule_that_goes_on_has_an_end) {
  EXPECT_EQ(fault("note or"), "8: a condition is missing here");
  EXPECT_EQ(fault("("), "2: a condition is missing here");
  EXPECT_EQ(fault("note ->"), "8: an action is missing here");
  EXPECT_EQ(fault("note -> drop,"), "14: an action is missing here");
}

TEST(RouteFault, monsters) {
  const std::string deep(100'000, '(');
  const auto what = [](const std::string& rule) {
    const Lines all = faults(rule);
    return all.empty() ? "none" : all[0].substr(0, all[0].find('\n'));
  };
  EXPECT_EQ(what(deep + "note"), "rules:1:102: this is nested deeper than 100 times");
  EXPECT_EQ(what("any -> vel {" + deep), "rules:1:12: this '{' has no '}'");
  std::string nots;
  for (int i = 0; i < 100'000; ++i) nots += "not ";
  EXPECT_EQ(what(nots + "note -> drop"), "rules:1:405: this is nested deeper than 100 times");
  EXPECT_EQ(what("any -> vel {" + deep + "}"), "rules:1:114: this is nested deeper than 100 times");
  EXPECT_EQ(what("any -> vel {" + std::string(100'000, '-') + "1}"),
            "rules:1:114: this is nested deeper than 100 times");
  EXPECT_EQ(what("any -> key 0..127,1"), "rules:1:12: this makes more than 128 copies");
  std::string list = "when x 1";
  for (int i = 3; i < 40'000; i += 2) list.append(",").append(std::to_string(i));
  EXPECT_EQ(what(list + " -> drop"), "rules:1:92757: with this there are more than 16384 numbers");
  EXPECT_EQ(what(std::string(1'000'000, 'x')),
            "rules:1:1: unknown condition '" + std::string(40, 'x') + "...'");
}

TEST(RouteFault, depths_that_are_allowed) {
  const std::string deep(100, '(');
  const std::string end(100, ')');
  EXPECT_EQ(faults(deep + "note" + end + " -> vel {" + deep + "1" + end + "}"), Lines{});
}

} // namespace
} // namespace mm::route
