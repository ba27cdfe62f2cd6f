// The event line of mmevents(5): bytes that stand in no line of ours.
#include "events.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

using namespace std::string_view_literals;

std::string read(std::string_view line) {
  test::BothWays parser;
  return test::read(parser, line);
}

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
  EXPECT_EQ(read("note-on 1 60\0 100"sv),
            "fault at 10: note '60?' is no number, and no name such as C4 or F#3");
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
  EXPECT_EQ(read("note-on 1 \xb2 100"),
            "fault at 10: note '?' is no number, and no name such as C4 or F#3");
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

} // namespace
} // namespace mm
