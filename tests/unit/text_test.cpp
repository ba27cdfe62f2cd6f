// The event line of mmevents(5): what is read, what is printed, and what is said about faults.
//
// Every line goes both through the short way and through the careful one (see BothWays).
#include "events.hpp"
#include "text/chars.hpp"
#include "text/text.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

using test::BothWays;
using namespace std::string_literals;
using namespace std::string_view_literals;

// The lines of `text` as they are printed again.
std::string canonical(std::string_view text, NoteStyle read = {}, NoteStyle written = {}) {
  BothWays parser(read);
  return test::converted(parser, text, TextPrinter(written));
}

// `text` with a caret under each fault.
std::string with_faults(std::string_view text, NoteStyle notes = {},
                        std::size_t max_sysex = default_max_sysex) {
  BothWays parser(notes, max_sysex);
  return test::annotated(parser, text);
}

// A line, read: the line printed again, "nothing", or the fault and its column.
std::string read(std::string_view line) {
  BothWays parser;
  Event event;
  const Parsed result = parser.parse(line, event);
  return result == Parsed::event ? test::text_of(event) : test::describe(parser, result, event);
}

// --- what is read ---

TEST(Text, every_kind_at_its_lowest_and_highest) {
  const std::string lines = R"(note-off 1 0 0
note-off 16 127 127
note-on 1 0 0
note-on 16 127 127
poly-pressure 1 0 0
poly-pressure 16 127 127
control-change 1 0 0
control-change 16 127 127
program-change 1 0
program-change 16 127
channel-pressure 1 0
channel-pressure 16 127
pitch-bend 1 -8192
pitch-bend 1 0
pitch-bend 16 8191
sysex f0 f7
sysex f0 00 7f f7
time-code 0 0
time-code 7 15
song-position 0
song-position 16383
song-select 0
song-select 127
tune-request
clock
start
continue
stop
active-sensing
reset
raw 00
raw ff f7 f0 80 7f
cc14 1 0 0
cc14 16 31 16383
rpn 1 0 0
rpn 16 16383 16383
nrpn 1 0 0
nrpn 16 16383 16383
:x
:text "a b" c
)";
  EXPECT_EQ(canonical(lines), lines);
}

TEST(Text, aliases) {
  EXPECT_EQ(canonical(R"(off 1 2 3
on 1 2 3
pp 1 2 3
cc 1 2 3
pc 1 2
cp 1 2
pb 1 2
syx f0 01 f7
tc 1 2
spp 1
ss 1
)"),
            R"(note-off 1 2 3
note-on 1 2 3
poly-pressure 1 2 3
control-change 1 2 3
program-change 1 2
channel-pressure 1 2
pitch-bend 1 2
sysex f0 01 f7
time-code 1 2
song-position 1
song-select 1
)");
}

TEST(Text, event_has_every_field) {
  BothWays parser;
  Event event;
  ASSERT_EQ(parser.parse("12345.678901234 note-on 1 60 100 @keys", event), Parsed::event);
  Event expected = make_event(Kind::note_on, 1, 60, 100);
  expected.time = 12'345'678'901'234;
  expected.time_form = TimeForm::absolute;
  expected.port = "keys";
  EXPECT_EQ(event, expected);
  EXPECT_EQ(event.channel(), 1);
  ASSERT_EQ(parser.parse("+0.25 sysex 43 10", event), Parsed::event);
  const std::string data = test::bytes("f0 43 10 f7");
  expected = make_bytes(Kind::sysex, data);
  expected.time = 250'000'000;
  expected.time_form = TimeForm::relative;
  EXPECT_EQ(event, expected);
  ASSERT_EQ(parser.parse(":tempo 120 # fast", event), Parsed::event);
  EXPECT_EQ(event, make_meta(":tempo 120"));
}

TEST(Text, nothing_is_left_of_the_line_before) {
  BothWays parser;
  Event event;
  ASSERT_EQ(parser.parse("1.0 note-on 1 60 100 @keys", event), Parsed::event);
  ASSERT_EQ(parser.parse("clock", event), Parsed::event);
  EXPECT_EQ(event, make_event(Kind::clock));
}

TEST(Text, numbers_in_hex_and_with_zeros) {
  EXPECT_EQ(canonical(R"(note-on 0x1 0x3c 0X7F
note-on 01 060 00100
note-on 00000000000000000001 60 100
pitch-bend 1 -0x2000
pitch-bend 1 0x1fff
pitch-bend 1 -0
song-position 0x3FFF
)"),
            R"(note-on 1 60 127
note-on 1 60 100
note-on 1 60 100
pitch-bend 1 -8192
pitch-bend 1 8191
pitch-bend 1 0
song-position 16383
)");
}

TEST(Text, note_names) {
  EXPECT_EQ(canonical(R"(on 1 C4 1
on 1 c4 1
on 1 F#3 1
on 1 Gb3 1
on 1 Bb-1 1
on 1 bb-1 1
on 1 C-1 1
on 1 G9 1
on 1 Cb4 1
on 1 B#3 1
on 1 Abb4 1
on 1 F##4 1
on 1 E4 1
off 1 A4 1
pp 1 D#4 1
)"),
            R"(note-on 1 60 1
note-on 1 60 1
note-on 1 54 1
note-on 1 54 1
note-on 1 10 1
note-on 1 10 1
note-on 1 0 1
note-on 1 127 1
note-on 1 59 1
note-on 1 60 1
note-on 1 67 1
note-on 1 67 1
note-on 1 64 1
note-off 1 69 1
poly-pressure 1 63 1
)");
}

TEST(Text, every_note_name_is_read_as_it_is_printed) {
  for (const int middle_c : {-2, 3, 4, 5}) {
    const NoteStyle style{true, middle_c};
    for (int note = 0; note < 128; ++note) {
      const Event event = make_event(Kind::note_on, 1, note, 64);
      const std::string line = test::text_of(event, style);
      EXPECT_EQ(canonical(line, style), test::text_of(event) + '\n') << line;
    }
  }
}

TEST(Text, prints_note_names_where_asked_for) {
  const NoteStyle names{true, 4};
  EXPECT_EQ(canonical("on 1 60 1\noff 1 61 1\npp 1 0 1\non 1 127 1\ncc 1 60 1\n", {}, names),
            R"(note-on 1 C4 1
note-off 1 C#4 1
poly-pressure 1 C-1 1
note-on 1 G9 1
control-change 1 60 1
)");
}

TEST(Text, middle_c_can_be_c3) {
  const NoteStyle c3{false, 3};
  const NoteStyle c3_names{true, 3};
  EXPECT_EQ(canonical("on 1 C3 1\non 1 C-2 1\non 1 G8 1\n", c3),
            "note-on 1 60 1\nnote-on 1 0 1\nnote-on 1 127 1\n");
  EXPECT_EQ(canonical("on 1 60 1\non 1 0 1\n", c3, c3_names), "note-on 1 C3 1\nnote-on 1 C-2 1\n");
}

TEST(Text, sysex_may_leave_out_its_ends) {
  EXPECT_EQ(canonical(R"(sysex f0 43 10 f7
sysex 43 10
sysex f0 43 10
sysex 43 10 f7
sysex
sysex f0
sysex f7
sysex f0 f7
)"),
            R"(sysex f0 43 10 f7
sysex f0 43 10 f7
sysex f0 43 10 f7
sysex f0 43 10 f7
sysex f0 f7
sysex f0 f7
sysex f0 f7
sysex f0 f7
)");
}

TEST(Text, hex_bytes_in_every_form) {
  EXPECT_EQ(canonical(R"(sysex F0 4A f7
sysex f04af7
sysex 0xf0 0x4a 0XF7
sysex 0xf04a 1 2 f7
sysex 0xa
raw 0 f F0 0x0f
raw f4f5
)"),
            R"(sysex f0 4a f7
sysex f0 4a f7
sysex f0 4a f7
sysex f0 4a 01 02 f7
sysex f0 0a f7
raw 00 0f f0 0f
raw f4 f5
)");
}

TEST(Text, sysex_of_just_the_limit) {
  EXPECT_EQ(with_faults("sysex 01 02 03\nraw 01 02 03 04 05\n", {}, 5),
            "sysex 01 02 03\nraw 01 02 03 04 05\n");
}

TEST(Text, times) {
  EXPECT_EQ(canonical(R"(0 clock
0.0 clock
1 clock
1.5 clock
0001.5 clock
1.123456789 clock
1.000000001 clock
12345.678901234 clock
8999999999.999999999 clock
9000000000 clock
9000000000.000000000 clock
+0 clock
+0.25 clock
+1.123456789 clock
+9000000000 clock
)"),
            R"(0.000000000 clock
0.000000000 clock
1.000000000 clock
1.500000000 clock
1.500000000 clock
1.123456789 clock
1.000000001 clock
12345.678901234 clock
8999999999.999999999 clock
9000000000.000000000 clock
9000000000.000000000 clock
+0.000000000 clock
+0.250000000 clock
+1.123456789 clock
+9000000000.000000000 clock
)");
}

TEST(Text, a_time_in_front_of_every_payload) {
  const std::string lines = R"(1.000000000 note-on 1 60 100
1.000000000 sysex f0 f7
1.000000000 raw 90
1.000000000 tune-request
1.000000000 :connected @keys
+1.000000000 :x
)";
  EXPECT_EQ(canonical(lines), lines);
}

TEST(Text, ports) {
  const std::string lines = R"(clock @a
clock @KeyStation_49:KeyStation_49_MIDI_1
clock @peer/[::1]:8080
clock @-.-
note-on 1 60 100 @keys
sysex f0 f7 @keys
raw 90 @keys
:x @keys
:text "a @b" c @keys
)";
  EXPECT_EQ(canonical(lines), lines);
}

TEST(Text, tag_of_any_name) {
  EXPECT_EQ(make_tag("KeyStation 49:KeyStation 49 MIDI 1 20:0"),
            "KeyStation_49:KeyStation_49_MIDI_1_20:0");
  EXPECT_EQ(make_tag("peer/[::1]:80"), "peer/[::1]:80");
  EXPECT_EQ(make_tag("\xc3\xa9@#\n"), "_____");
  EXPECT_EQ(make_tag(""), "");
}

TEST(Text, meta_events) {
  EXPECT_EQ(canonical(R"(:connected
:overrun 12
:transport rolling 48000
:time-signature 6/8
:text "two words"
:text   "blanks   stay"    here
:text "a \"quoted\" word" "back\\slash" ""
:text a"b c"d
:text "gr\u00fcn"
:text größer "Ünïcode € 𝄞"
:_.-[]A9 :x /y
)"),
            R"(:connected
:overrun 12
:transport rolling 48000
:time-signature 6/8
:text "two words"
:text "blanks   stay" here
:text "a \"quoted\" word" "back\\slash" ""
:text a"b c"d
:text "gr\u00fcn"
:text größer "Ünïcode € 𝄞"
:_.-[]A9 :x /y
)");
}

TEST(Text, a_tab_in_a_string_stays) {
  EXPECT_EQ(canonical(":text\t\"a\tb\"\tc"), ":text \"a\tb\" c\n");
}

TEST(Text, comments) {
  EXPECT_EQ(canonical(R"(# all of it
   # after blanks
#
clock # at the end
clock #at the end
note-on 1 60 100 #
note-on 1 60 100 @keys # who
1.0 clock # x
sysex 01 # 02
raw 01 #02
:text "# in a string" # after it
:text in#side
)"),
            R"(clock
clock
note-on 1 60 100
note-on 1 60 100 @keys
1.000000000 clock
sysex f0 01 f7
raw 01
:text "# in a string"
:text in#side
)");
}

TEST(Text, blanks_of_every_kind) {
  EXPECT_EQ(read(""), "nothing");
  EXPECT_EQ(read(std::string_view()), "nothing");
  EXPECT_EQ(read(" "), "nothing");
  EXPECT_EQ(read(" \t \r"), "nothing");
  EXPECT_EQ(read("\r"), "nothing");
  EXPECT_EQ(read("  note-on\t1 \t60   100  "), "note-on 1 60 100");
  EXPECT_EQ(read("\t1.0\tclock\t@a\t# x"), "1.000000000 clock @a");
  EXPECT_EQ(read("note-on 1 60 100 "), "note-on 1 60 100");
  EXPECT_EQ(read("clock "), "clock");
}

TEST(Text, lines_that_end_in_crlf) {
  EXPECT_EQ(read("note-on 1 60 100\r"), "note-on 1 60 100");
  EXPECT_EQ(read("1.000000000 note-on 1 60 100 @keys\r"), "1.000000000 note-on 1 60 100 @keys");
  EXPECT_EQ(read("clock\r"), "clock");
  EXPECT_EQ(read("sysex 01\r"), "sysex f0 01 f7");
  EXPECT_EQ(read(":text \"a\"\r"), ":text \"a\"");
  EXPECT_EQ(read("# comment\r"), "nothing");
}

// --- bytes that stand in no line of ours ---

TEST(Text, nul_bytes_are_part_of_a_word) {
  EXPECT_EQ(read("\0"sv), "fault at 0: unknown kind '?'");
  EXPECT_EQ(read("\0\0\0\0\0\0\0\0"sv), "fault at 0: unknown kind '???????\?'");
  EXPECT_EQ(read("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv),
            "fault at 0: unknown kind '???????????????\?'");
  EXPECT_EQ(read("1.000000000 \0\0"sv), "fault at 12: unknown kind '?\?'");
  EXPECT_EQ(read("clock\0"sv), "fault at 0: unknown kind 'clock?'; did you mean 'clock'?");
  EXPECT_EQ(read("clock\0\0\0"sv), "fault at 0: unknown kind 'clock??\?'; did you mean 'clock'?");
  EXPECT_EQ(read("on\0 1 60 100"sv), "fault at 0: unknown kind 'on?'; did you mean 'on'?");
  EXPECT_EQ(read("program-change\0 1 60"sv),
            "fault at 0: unknown kind 'program-change?'; did you mean 'program-change'?");
  EXPECT_EQ(read("note-on 1 60\0 100"sv), "fault at 10: note '60?' is no number");
  EXPECT_EQ(read("note-on 1 60 100\0"sv), "fault at 13: velocity '100?' is no number");
  EXPECT_EQ(read("clock @a\0b"sv),
            "fault at 8: this cannot stand in a port's tag (A-Z a-z 0-9 _ . - / : [ ])");
  EXPECT_EQ(read(":text a\0b"sv), "fault at 7: a control character, or no UTF-8");
  EXPECT_EQ(read(":text \"a\0b\""sv), "fault at 8: a control character, or no UTF-8");
  EXPECT_EQ(read("sysex 01 \0\0"sv), "fault at 9: '?\?' is no hex byte");
  EXPECT_EQ(read("1.0\0 clock"sv), "fault at 0: '1.0?' is no time in seconds");
  EXPECT_EQ(read("# a comment \0"sv), "nothing");
}

TEST(Text, bytes_of_eight_bits_are_part_of_a_word) {
  EXPECT_EQ(read("\xff"), "fault at 0: unknown kind '?'");
  EXPECT_EQ(read("cl\xf6"
                 "ck"),
            "fault at 0: unknown kind 'cl?ck'; did you mean 'clock'?");
  EXPECT_EQ(read("note-on 1 \xb2 100"), "fault at 10: note '?' is no number");
  EXPECT_EQ(read("clock @gr\xc3\xbcn"),
            "fault at 9: this cannot stand in a port's tag (A-Z a-z 0-9 _ . - / : [ ])");
  EXPECT_EQ(read("clock # \xff\xfe"), "clock");
  EXPECT_EQ(read("clock\xa0"), "fault at 0: unknown kind 'clock?'; did you mean 'clock'?");
}

TEST(Text, strings_are_utf8_without_control_characters) {
  const std::string fault = "a control character, or no UTF-8";
  EXPECT_EQ(read(":text \"\x1b[1m\""), "fault at 7: " + fault);
  EXPECT_EQ(read(":text a\x7f"), "fault at 7: " + fault);
  EXPECT_EQ(read(":text \"a\rb\""), "fault at 8: " + fault);
  EXPECT_EQ(read(":text \xff"), "fault at 6: " + fault);
  EXPECT_EQ(read(":text \x80"), "fault at 6: " + fault); // goes on with nothing
  EXPECT_EQ(read(":text \xc3"), "fault at 6: " + fault); // ends too early
  EXPECT_EQ(read(":text \xe2\x82"), "fault at 6: " + fault);
  EXPECT_EQ(read(":text \xc0\xaf"), "fault at 6: " + fault); // longer than need be
  EXPECT_EQ(read(":text \xe0\x80\xaf"), "fault at 6: " + fault);
  EXPECT_EQ(read(":text \xf0\x80\x80\xaf"), "fault at 6: " + fault);
  EXPECT_EQ(read(":text \xed\xa0\x80"), "fault at 6: " + fault);     // a surrogate
  EXPECT_EQ(read(":text \xf4\x90\x80\x80"), "fault at 6: " + fault); // beyond U+10FFFF
  EXPECT_EQ(read(":text \xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"),
            ":text \xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
}

// --- faults ---

TEST(TextFault, of_the_time) {
  const std::string_view lines = R"(1. clock
^ '1.' is no time in seconds
1.5.5 clock
^ '1.5.5' is no time in seconds
  12:30 clock
  ^ '12:30' is no time in seconds
+ clock
^ '+' is no time in seconds
+.5 clock
^ '+.5' is no time in seconds
+-1 clock
^ '+-1' is no time in seconds
1e3 clock
^ '1e3' is no time in seconds
0.1234567890 clock
^ '0.1234567890' has more than nine decimals
+0.1234567891 clock
^ '+0.1234567891' has more than nine decimals
9000000001 clock
^ '9000000001' is too large a time
9000000000.000000001 clock
^ '9000000000.000000001' is too large a time
9000000001.000000000 clock
^ '9000000001.000000000' is too large a time
99999999999999999999999999 clock
^ '99999999999999999999999999' is too large a time
123456789012345678901234567890.123456789012345678 clock
^ '123456789012345678901234567890.123456789...' has more than nine decimals
1.0
   ^ there is no event after the time
+1 # comment
  ^ there is no event after the time
-1 clock
^ unknown kind '-1'
.5 clock
^ unknown kind '.5'
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(TextFault, of_the_kind) {
  const std::string_view lines = R"(note_on 1 60 100
^ unknown kind 'note_on'; did you mean 'note-on'?
  NOTE-ON 1 60 100
  ^ unknown kind 'NOTE-ON'; did you mean 'note-on'?
1.5 clok
    ^ unknown kind 'clok'; did you mean 'clock'?
control 1 7 100
^ unknown kind 'control'; did you mean 'control-change'?
hello
^ unknown kind 'hello'
1.000000000 @keys
            ^ unknown kind '@keys'
1.0  2.0 clock
     ^ unknown kind '2.0'
{"kind":"clock"}
^ unknown kind '{"kind":"clock"}'
"clock"
^ unknown kind '"clock"'; did you mean 'clock'?
note-on1 60 100
^ unknown kind 'note-on1'; did you mean 'note-on'?
this-is-a-very-long-word-that-is-no-kind-at-all
^ unknown kind 'this-is-a-very-long-word-that-is-no-kind...'
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(TextFault, of_a_value_left_out) {
  const std::string_view lines = R"(note-on
       ^ no channel; it is note-on CHANNEL NOTE VELOCITY
note-off 1
          ^ no note; it is note-off CHANNEL NOTE VELOCITY
note-on 1 60
            ^ no velocity; it is note-on CHANNEL NOTE VELOCITY
note-on 1 60   # forgotten
            ^ no velocity; it is note-on CHANNEL NOTE VELOCITY
note-on 1 60  @keys
              ^ no velocity; it is note-on CHANNEL NOTE VELOCITY
1.000000000 pp 1 60 @keys
                    ^ no pressure; it is poly-pressure CHANNEL NOTE PRESSURE
cc 1 7
      ^ no value; it is control-change CHANNEL CONTROLLER VALUE
cc 1
    ^ no controller; it is control-change CHANNEL CONTROLLER VALUE
pc 1
    ^ no program; it is program-change CHANNEL PROGRAM
cp 1
    ^ no pressure; it is channel-pressure CHANNEL PRESSURE
pb 1
    ^ no bend; it is pitch-bend CHANNEL BEND
tc
  ^ no type; it is time-code TYPE VALUE
tc 1
    ^ no value; it is time-code TYPE VALUE
spp
   ^ no beats; it is song-position BEATS
ss
  ^ no song; it is song-select SONG
cc14 1
      ^ no number; it is cc14 CHANNEL NUMBER VALUE
rpn 1 2
       ^ no value; it is rpn CHANNEL NUMBER VALUE
nrpn
    ^ no channel; it is nrpn CHANNEL NUMBER VALUE
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(TextFault, of_a_value_out_of_range) {
  const std::string_view lines = R"(note-on 0 60 100
        ^ channel '0' is not in 1..16
note-on 17 60 100
        ^ channel '17' is not in 1..16
note-on -1 60 100
        ^ channel '-1' is not in 1..16
note-on 1 128 100
          ^ note '128' is not in 0..127
note-on 1 -1 100
          ^ note '-1' is not in 0..127
note-on 1 C10 100
          ^ note 'C10' is not in 0..127
note-on 1 G#9 100
          ^ note 'G#9' is not in 0..127
note-on 1 Cb-1 100
          ^ note 'Cb-1' is not in 0..127
note-on 1 60 128
             ^ velocity '128' is not in 0..127
note-on 1 60 -1
             ^ velocity '-1' is not in 0..127
note-on 1 60 0x80
             ^ velocity '0x80' is not in 0..127
note-on 1 60 65636
             ^ velocity '65636' is not in 0..127
note-on 1 60 4294967396
             ^ velocity '4294967396' is not in 0..127
note-on 1 60 99999999999999999999
             ^ velocity '99999999999999999999' is not in 0..127
note-on 1 60 -99999999999999999999
             ^ velocity '-99999999999999999999' is not in 0..127
poly-pressure 1 60 128
                   ^ pressure '128' is not in 0..127
control-change 1 128 0
                 ^ controller '128' is not in 0..127
control-change 1 0 128
                   ^ value '128' is not in 0..127
program-change 1 128
                 ^ program '128' is not in 0..127
channel-pressure 1 128
                   ^ pressure '128' is not in 0..127
pitch-bend 1 8192
             ^ bend '8192' is not in -8192..8191
pitch-bend 1 -8193
             ^ bend '-8193' is not in -8192..8191
time-code 8 0
          ^ type '8' is not in 0..7
time-code 0 16
            ^ value '16' is not in 0..15
song-position 16384
              ^ beats '16384' is not in 0..16383
song-position -1
              ^ beats '-1' is not in 0..16383
song-select 128
            ^ song '128' is not in 0..127
cc14 1 32 0
       ^ number '32' is not in 0..31
cc14 1 0 16384
         ^ value '16384' is not in 0..16383
rpn 1 16384 0
      ^ number '16384' is not in 0..16383
rpn 1 0 16384
        ^ value '16384' is not in 0..16383
nrpn 17 0 0
     ^ channel '17' is not in 1..16
nrpn 1 16384 0
       ^ number '16384' is not in 0..16383
nrpn 1 0 -1
         ^ value '-1' is not in 0..16383
)";
  EXPECT_EQ(with_faults(lines), lines);
}

// The rest of the ranges, from the table itself.
TEST(TextFault, of_every_field_just_out_of_range) {
  for (const KindInfo& kind : kind_table)
    for (std::size_t bad = 0; bad < kind.field_count; ++bad)
      for (const bool above : {false, true}) {
        const Field& field = kind.field[bad];
        const std::string value = std::to_string(above ? field.max + 1 : field.min - 1);
        std::string line(kind.name);
        std::size_t column = 0;
        for (std::size_t i = 0; i < kind.field_count; ++i) {
          line += ' ';
          if (i == bad) column = line.size();
          line += i == bad ? value : std::to_string(kind.field[i].min);
        }
        EXPECT_EQ(read(line), "fault at " + std::to_string(column) + ": " +
                                  std::string(field.name) + " '" + value + "' is not in " +
                                  std::to_string(field.min) + ".." + std::to_string(field.max));
      }
}

TEST(TextFault, of_a_value_that_is_no_number) {
  const std::string_view lines = R"(note-on one 60 100
        ^ channel 'one' is no number
note-on 1 H4 100
          ^ note 'H4' is no number
note-on 1 C 100
          ^ note 'C' is no number
note-on 1 C#b4 100
          ^ note 'C#b4' is no number
note-on 1 C- 100
          ^ note 'C-' is no number
note-on 1 C--1 100
          ^ note 'C--1' is no number
note-on 1 C100 100
          ^ note 'C100' is no number
note-on 1 60 C4
             ^ velocity 'C4' is no number
note-on 1 60 1.5
             ^ velocity '1.5' is no number
note-on 1 60 +5
             ^ velocity '+5' is no number
note-on 1 60 -
             ^ velocity '-' is no number
note-on 1 60 --5
             ^ velocity '--5' is no number
note-on 1 60 0x
             ^ velocity '0x' is no number
note-on 1 60 0xfg
             ^ velocity '0xfg' is no number
note-on 1 60 1f
             ^ velocity '1f' is no number
note-on 1 60 100@keys
             ^ velocity '100@keys' is no number
note-on 1 60 100#
             ^ velocity '100#' is no number
note-on 1,60,100
        ^ channel '1,60,100' is no number
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(TextFault, of_too_many_values) {
  const std::string_view lines = R"(note-on 1 60 100 5
                 ^ too many arguments; it is note-on CHANNEL NOTE VELOCITY
note-on 1 60 100   5 @keys
                   ^ too many arguments; it is note-on CHANNEL NOTE VELOCITY
program-change 1 2 3
                   ^ too many arguments; it is program-change CHANNEL PROGRAM
song-select 1 2
              ^ too many arguments; it is song-select SONG
tune-request 1
             ^ too many arguments; it is tune-request
clock clock
      ^ too many arguments; it is clock
1.0 stop :x
         ^ too many arguments; it is stop
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(TextFault, of_the_bytes) {
  const std::string_view lines = R"(sysex f0 43 1g f7
            ^ '1g' is no hex byte
sysex g
      ^ 'g' is no hex byte
sysex 0x
      ^ '0x' is no hex byte
sysex -1
      ^ '-1' is no hex byte
sysex 010203zz
      ^ '010203zz' is no hex byte
sysex 01 020
         ^ '020' is no row of two-digit hex bytes
sysex 0x01020
      ^ '01020' is no row of two-digit hex bytes
sysex f0 43 f7 01
               ^ '01' follows the f7 that ends the sysex
sysex f7 f7
         ^ 'f7' follows the f7 that ends the sysex
sysex f043f701
            ^ '01' follows the f7 that ends the sysex
sysex f0 80 f7
         ^ '80' is no data byte of a sysex (00..7f)
sysex f0 f0 f7
         ^ 'f0' is no data byte of a sysex (00..7f)
sysex 01 f0
         ^ 'f0' is no data byte of a sysex (00..7f)
sysex f8
      ^ 'f8' is no data byte of a sysex (00..7f)
sysex 0xf043ff
            ^ 'ff' is no data byte of a sysex (00..7f)
raw
   ^ this needs bytes: raw HEX...
raw @keys
    ^ this needs bytes: raw HEX...
raw # nothing
   ^ this needs bytes: raw HEX...
raw 100
    ^ '100' is no row of two-digit hex bytes
raw xy
    ^ 'xy' is no hex byte
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(TextFault, of_too_many_bytes) {
  const std::string_view lines = R"(sysex f0 01 02 03 f7
sysex f0 01 02 03 04 f7
                     ^ 'f7' makes it longer than --max-sysex allows
sysex 01 02 03 04
                 ^ this makes it longer than --max-sysex allows
sysex 01 02 03 04 05
                  ^ '05' makes it longer than --max-sysex allows
sysex 0102030405
              ^ '05' makes it longer than --max-sysex allows
sysex 01 02 03 04 @keys
                  ^ this makes it longer than --max-sysex allows
raw 01 02 03 04 05
raw 01 02 03 04 05 06
                   ^ '06' makes it longer than --max-sysex allows
)";
  EXPECT_EQ(with_faults(lines, {}, 5), lines);
}

TEST(TextFault, of_a_meta_event) {
  const std::string_view lines = R"(:
^ ':' is no name of a meta event
: x
^ ':' is no name of a meta event
1.0 :
    ^ ':' is no name of a meta event
::x
^ '::x' is no name of a meta event
:a:b
^ ':a:b' is no name of a meta event
:a/b
^ ':a/b' is no name of a meta event
:a"b"
^ ':a"b"' is no name of a meta event
:text "no end
      ^ this string does not end with a '"' and a blank
:text "
      ^ this string does not end with a '"' and a blank
:text a "no end \"
        ^ this string does not end with a '"' and a blank
:text "no end \
      ^ this string does not end with a '"' and a blank
:text "a"b
      ^ this string does not end with a '"' and a blank
:text "a"@keys
      ^ this string does not end with a '"' and a blank
:text a "
        ^ this string does not end with a '"' and a blank
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(TextFault, of_the_port) {
  const std::string_view lines = R"(clock @
      ^ no tag after the '@'
note-on 1 60 100 @ keys
                 ^ no tag after the '@'
clock @keys@home
           ^ this cannot stand in a port's tag (A-Z a-z 0-9 _ . - / : [ ])
clock @key!
          ^ this cannot stand in a port's tag (A-Z a-z 0-9 _ . - / : [ ])
clock @"keys"
       ^ this cannot stand in a port's tag (A-Z a-z 0-9 _ . - / : [ ])
clock @keys# comment
           ^ this cannot stand in a port's tag (A-Z a-z 0-9 _ . - / : [ ])
clock @keys @home
            ^ nothing but a comment can follow the port
clock @keys 5
            ^ nothing but a comment can follow the port
sysex @keys 01
            ^ nothing but a comment can follow the port
:text @keys "a"
            ^ nothing but a comment can follow the port
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(TextFault, column_counts_bytes_after_tabs_as_well) {
  EXPECT_EQ(read("\tnote-on\t1\t128\t5"), "fault at 11: note '128' is not in 0..127");
  EXPECT_EQ(read("note-on 1 60\r"),
            "fault at 12: no velocity; it is note-on CHANNEL NOTE VELOCITY");
}

// --- :NAME ... inside another format ---

std::string read_meta(std::string_view text) {
  TextParser parser;
  Event event;
  const Parsed result = parser.parse_meta(text, event);
  return result == Parsed::event ? test::text_of(event) : test::describe(parser, result, event);
}

TEST(Text, meta_event_of_another_format) {
  EXPECT_EQ(read_meta(":tempo   120"), ":tempo 120");
  EXPECT_EQ(read_meta(":text \"a @b # c\""), ":text \"a @b # c\"");
  EXPECT_EQ(read_meta("tempo 120"), "fault at 0: a meta event starts with ':'");
  EXPECT_EQ(read_meta(""), "fault at 0: a meta event starts with ':'");
  EXPECT_EQ(read_meta(":tempo 120 @keys"), "fault at 11: no port can stand here");
  EXPECT_EQ(read_meta(":te/mpo"), "fault at 0: ':te/mpo' is no name of a meta event");
}

// --- characters ---

TEST(Chars, every_number_is_printed_right) {
  for (const std::int64_t n :
       {0LL, 7LL, 10LL, 99LL, 100LL, 999LL, 1000LL, 1001LL, 16383LL, 99'999LL, 1'000'000LL,
        999'999'999LL, 1'000'000'000LL, 9'000'000'000LL, 9'223'372'036'854'775'807LL, -1LL, -999LL,
        -8192LL}) {
    std::array<char, 32> buffer{};
    EXPECT_EQ(std::string(buffer.data(), chars::put_number(buffer.data(), n)), std::to_string(n));
  }
  for (int n = 0; n < 20'000; ++n) {
    std::array<char, 32> buffer{};
    ASSERT_EQ(std::string(buffer.data(), chars::put_number(buffer.data(), n)), std::to_string(n));
  }
}

TEST(Chars, every_byte_is_printed_in_hex) {
  for (int byte = 0; byte < 256; ++byte) {
    std::array<char, 2> buffer{};
    chars::put_hex(buffer.data(), static_cast<char>(byte));
    std::array<char, 8> expected{};
    std::snprintf(expected.data(), expected.size(), "%02x", static_cast<unsigned>(byte));
    EXPECT_EQ(std::string(buffer.data(), 2), expected.data());
  }
}

} // namespace
} // namespace mm
