// The event line of mmevents(5): what is read, and what is printed.
//
// Every line goes both through the short way and through the careful one (see BothWays).
#include "events.hpp"
#include "text/text.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

using test::BothWays;

// The lines of `text` as they are printed again.
std::string canonical(std::string_view text, NoteStyle read = {}, NoteStyle written = {}) {
  BothWays parser(read);
  return test::converted(parser, text, TextPrinter(written));
}

std::string read(std::string_view line) {
  BothWays parser;
  return test::read(parser, line);
}

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
// --- :NAME ... inside another format ---

std::string read_meta(std::string_view text) {
  TextParser parser;
  Event event;
  const Parsed result = parser.parse_meta(text, event);
  return result == Parsed::event ? test::text_of(event) : test::describe(parser, result, event);
}

// How long the line is that is read ahead of `text`; behind it stands `behind`.
std::size_t read_ahead(std::string_view text, std::string_view behind = "\n") {
  std::string all(text);
  all += behind;
  all.resize(text.size() + LineParser::margin, '\n');
  TextParser parser;
  Event event;
  return parser.parse_ahead(std::string_view(all).substr(0, text.size()), event);
}

TEST(Text, a_usual_line_is_read_ahead_of_a_text) {
  EXPECT_EQ(read_ahead("1764236702.000000001 note-on 16 127 127 @p\nclock\n"), 42U);
  EXPECT_EQ(read_ahead("0.500000000 pitch-bend 1 -8192\n"), 30U);
  EXPECT_EQ(read_ahead("12345.000000000 clock\n"), 21U);
  EXPECT_EQ(read_ahead("note-on 1 60 100 @keys\nnote-on 1 60 100 @keys\n"), 22U);
  EXPECT_EQ(read_ahead("clock\n"), 5U);
}

TEST(Text, no_line_is_read_ahead_that_is_not_all_there) {
  EXPECT_EQ(read_ahead(""), 0U);
  EXPECT_EQ(read_ahead("note-on 1 60 10"), 0U) << "its LF stands behind the text";
  EXPECT_EQ(read_ahead("note-on 1 60 10", "0\n"), 0U);
  EXPECT_EQ(read_ahead("clock"), 0U);
}

TEST(Text, no_other_line_is_read_ahead) {
  for (const char* const line :
       {"", " ", "#", "+1.000000000 clock", "sysex f0 f7", ":x", "clock # x", "note-on 1 60",
        "note-on 1 60 100 100", "note-on 1 C4 100"})
    EXPECT_EQ(read_ahead(std::string(line) + "\nclock\n"), 0U) << line;
}

TEST(Text, a_line_feed_in_a_line_is_no_end_of_it) {
  EXPECT_THAT(read("note-on 1 60 100 @ab\nclock @zz"), ::testing::StartsWith("fault at 20: "));
  EXPECT_THAT(read("clock\nclock"), ::testing::StartsWith("fault at 0: "));
}

TEST(Text, how_long_a_line_may_be_to_be_read_ahead) {
  const std::string line = "12345.000000000 note-on 16 127 127 @";
  EXPECT_EQ(read_ahead(line + std::string(63 - line.size(), 'p') + "\n"), 63U);
  for (std::size_t size = 64; size < 76; ++size)
    EXPECT_EQ(read_ahead(line + std::string(size - line.size(), 'p') + "\n"), 0U) << size;
}

TEST(Text, meta_event_of_another_format) {
  EXPECT_EQ(read_meta(":tempo   120"), ":tempo 120");
  EXPECT_EQ(read_meta(":text \"a @b # c\""), ":text \"a @b # c\"");
  EXPECT_EQ(read_meta("tempo 120"), "fault at 0: a meta event starts with ':'");
  EXPECT_EQ(read_meta(""), "fault at 0: a meta event starts with ':'");
  EXPECT_EQ(read_meta(":tempo 120 @keys"), "fault at 11: no port can stand here");
  EXPECT_EQ(read_meta(":te/mpo"), "fault at 0: ':te/mpo' is no name of a meta event");
}

} // namespace
} // namespace mm
