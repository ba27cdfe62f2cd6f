// The event line of mmevents(5): what is said about faults, and where the caret stands.
#include "events.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

// `text` with a caret under each fault.
std::string with_faults(std::string_view text, std::size_t max_sysex = default_max_sysex) {
  test::BothWays parser({}, max_sysex);
  return test::annotated(parser, text);
}

std::string read(std::string_view line) {
  test::BothWays parser;
  return test::read(parser, line);
}

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
^ '-1' is no time; it is written as 0.5, and is not negative
.5 clock
^ '.5' is no time; it is written as 0.5, and is not negative
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
          ^ note 'H4' is no number, and no name such as C4 or F#3
note-on 1 C 100
          ^ note 'C' is no number, and no name such as C4 or F#3
note-on 1 C#b4 100
          ^ note 'C#b4' is no number, and no name such as C4 or F#3
note-on 1 C- 100
          ^ note 'C-' is no number, and no name such as C4 or F#3
note-on 1 C--1 100
          ^ note 'C--1' is no number, and no name such as C4 or F#3
note-on 1 C100 100
          ^ note 'C100' is no number, and no name such as C4 or F#3
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
  EXPECT_EQ(with_faults(lines, 5), lines);
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

} // namespace
} // namespace mm
