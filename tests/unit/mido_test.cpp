// mido's own lines.
#include "events.hpp"
#include "text/mido.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

// What a line of mido's says, as a line of mmevents(5).
std::string read(std::string_view line) {
  MidoParser parser;
  return test::read(parser, line);
}

// Lines of mmevents(5) as mido's.
std::string to_mido(std::string_view lines) {
  TextParser parser;
  return test::converted(parser, lines, MidoPrinter());
}

std::string from_mido(std::string_view lines) {
  MidoParser parser;
  return test::converted(parser, lines, TextPrinter());
}

std::string with_faults(std::string_view lines, std::size_t max_sysex = default_max_sysex) {
  MidoParser parser(max_sysex);
  return test::annotated(parser, lines);
}

constexpr std::string_view every_text = R"(note-off 1 60 64
note-on 16 127 100
poly-pressure 1 60 5
control-change 1 74 127
program-change 1 5
channel-pressure 1 5
pitch-bend 1 -8192
sysex f0 43 10 f7
sysex f0 f7
time-code 7 15
song-position 16383
song-select 1
tune-request
clock
start
continue
stop
active-sensing
reset
12345.678901234 note-on 1 60 100
)";

constexpr std::string_view every_mido = R"(note_off channel=0 note=60 velocity=64 time=0
note_on channel=15 note=127 velocity=100 time=0
polytouch channel=0 note=60 value=5 time=0
control_change channel=0 control=74 value=127 time=0
program_change channel=0 program=5 time=0
aftertouch channel=0 value=5 time=0
pitchwheel channel=0 pitch=-8192 time=0
sysex data=(67,16) time=0
sysex data=() time=0
quarter_frame frame_type=7 frame_value=15 time=0
songpos pos=16383 time=0
song_select song=1 time=0
tune_request time=0
clock time=0
start time=0
continue time=0
stop time=0
active_sensing time=0
reset time=0
note_on channel=0 note=60 velocity=100 time=12345.678901234
)";

TEST(Mido, prints_every_message) { EXPECT_EQ(to_mido(every_text), every_mido); }

TEST(Mido, reads_every_message) { EXPECT_EQ(from_mido(every_mido), every_text); }

TEST(Mido, prints_wider_values_as_control_changes) {
  EXPECT_EQ(to_mido("1.5 cc14 1 7 129\nrpn 2 0 8192\nnrpn 16 129 1\n"),
            R"(control_change channel=0 control=7 value=1 time=1.500000000
control_change channel=0 control=39 value=1 time=1.500000000
control_change channel=1 control=101 value=0 time=0
control_change channel=1 control=100 value=0 time=0
control_change channel=1 control=6 value=64 time=0
control_change channel=1 control=38 value=0 time=0
control_change channel=15 control=99 value=1 time=0
control_change channel=15 control=98 value=1 time=0
control_change channel=15 control=6 value=0 time=0
control_change channel=15 control=38 value=1 time=0
)");
}

TEST(Mido, prints_what_it_cannot_say_as_comments) {
  const std::string comments = R"(# raw 90 f4
# :text "a b" # c
# 1.500000000 :connected @keys
)";
  EXPECT_EQ(to_mido("raw 90 f4\n1.5 :connected @keys\n"), R"(# raw 90 f4
# 1.500000000 :connected @keys
)");
  EXPECT_EQ(from_mido(comments), "");
}

TEST(Mido, leaves_out_ports) { EXPECT_EQ(to_mido("clock @keys\n"), "clock time=0\n"); }

TEST(Mido, relative_times_are_its_delta_times) {
  EXPECT_EQ(to_mido("+0.25 clock\n+0 clock\n"), "clock time=0.250000000\nclock time=0.000000000\n");
}

TEST(Mido, values_left_out_have_its_defaults) {
  EXPECT_EQ(from_mido(R"(note_off
note_on
polytouch
control_change
program_change
aftertouch
pitchwheel
sysex
quarter_frame
songpos
song_select
tune_request
note_on note=5
note_on velocity=0 channel=3
)"),
            R"(note-off 1 0 64
note-on 1 0 64
poly-pressure 1 0 0
control-change 1 0 0
program-change 1 0
channel-pressure 1 0
pitch-bend 1 0
sysex f0 f7
time-code 0 0
song-position 0
song-select 0
tune-request
note-on 1 5 64
note-on 4 0 0
)");
}

TEST(Mido, order_is_free_and_blanks_too) {
  EXPECT_EQ(read("  note_on\ttime=1   velocity=3 note=2 channel=0 \r"),
            "1.000000000 note-on 1 2 3");
}

TEST(Mido, comments_and_blank_lines) {
  EXPECT_EQ(read(""), "nothing");
  EXPECT_EQ(read("  \t\r"), "nothing");
  EXPECT_EQ(read("# note_on"), "nothing");
  EXPECT_EQ(read("  #"), "nothing");
  EXPECT_EQ(read("clock time=0 # tick"), "clock");
  EXPECT_EQ(read("clock#tick"), "clock");
}

TEST(Mido, times_as_python_prints_them) {
  EXPECT_EQ(read("clock time=0"), "clock");
  EXPECT_EQ(read("clock time=0.0"), "clock");
  EXPECT_EQ(read("clock time=2"), "2.000000000 clock");
  EXPECT_EQ(read("clock time=0.5"), "0.500000000 clock");
  EXPECT_EQ(read("clock time=1511976735.3041162"), "1511976735.304116200 clock");
  EXPECT_EQ(read("clock time=0.30000000000000004"), "0.300000000 clock");
  EXPECT_EQ(read("clock time=0.0010416666666666667"), "0.001041667 clock");
  EXPECT_EQ(read("clock time=1e-05"), "0.000010000 clock");
  EXPECT_EQ(read("clock time=1.2345e-05"), "0.000012345 clock");
  EXPECT_EQ(read("clock time=4.0000000000000003e-05"), "0.000040000 clock");
  EXPECT_EQ(read("clock time=0.7999999999999999"), "0.800000000 clock");
  EXPECT_EQ(read("clock time=9000000000.0"), "9000000000.000000000 clock");
  EXPECT_EQ(read("clock time=1e-16"), "clock");
  EXPECT_EQ(read("clock time=-0.0"), "clock");
}

TEST(Mido, sysex_data_as_python_tuples) {
  EXPECT_EQ(read("sysex data=()"), "sysex f0 f7");
  EXPECT_EQ(read("sysex data=(67)"), "sysex f0 43 f7");
  EXPECT_EQ(read("sysex data=(67,)"), "sysex f0 43 f7");
  EXPECT_EQ(read("sysex data=(67,16)"), "sysex f0 43 10 f7");
  EXPECT_EQ(read("sysex data=(0x43,127,0) time=0"), "sysex f0 43 7f 00 f7");
  EXPECT_EQ(read("sysex time=2 data=(1)"), "2.000000000 sysex f0 01 f7");
}

TEST(Mido, nothing_is_left_of_the_line_before) {
  MidoParser parser;
  Event event;
  ASSERT_EQ(parser.parse("sysex data=(1,2) time=5", event), Parsed::event);
  ASSERT_EQ(parser.parse("sysex", event), Parsed::event);
  EXPECT_EQ(test::text_of(event), "sysex f0 f7");
  ASSERT_EQ(parser.parse("clock", event), Parsed::event);
  EXPECT_EQ(event, make_event(Kind::clock));
}

// --- faults ---

TEST(MidoFault, of_the_kind) {
  const std::string_view lines = R"(note-on channel=0
^ unknown kind 'note-on'; did you mean 'note_on'?
  polytuch note=0
  ^ unknown kind 'polytuch'; did you mean 'polytouch'?
hello
^ unknown kind 'hello'
cc14 channel=0
^ unknown kind 'cc14'
raw data=(1)
^ unknown kind 'raw'
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(MidoFault, of_a_member) {
  const std::string_view lines = R"(note_on channel
        ^ 'channel' is not NAME=VALUE
note_on channel = 0
        ^ 'channel' is not NAME=VALUE
note_on pitch=0
        ^ note_on has no 'pitch'
note_on channel=0 =5
                  ^ note_on has no ''
clock note=1
      ^ clock has no 'note'
note_on data=(1)
        ^ note_on has no 'data'
note_on channel=16
                ^ channel '16' is not in 0..15
note_on channel=-1
                ^ channel '-1' is not in 0..15
note_on note=128
             ^ note '128' is not in 0..127
note_on note=C4
             ^ note 'C4' is no number
note_on note=
             ^ note '' is no number
note_on note=60.0
             ^ note '60.0' is no number
pitchwheel pitch=8192
                 ^ pitch '8192' is not in -8192..8191
control_change control=1 value=128
                               ^ value '128' is not in 0..127
quarter_frame frame_type=8
                         ^ frame_type '8' is not in 0..7
songpos pos=16384
            ^ pos '16384' is not in 0..16383
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(MidoFault, of_the_time) {
  const std::string_view lines = R"(clock time=
           ^ '' is no time in seconds
clock time=-1
           ^ '-1' is no time in seconds
clock time=-1e-05
           ^ '-1e-05' is no time in seconds
clock time=now
           ^ 'now' is no time in seconds
clock time=nan
           ^ 'nan' is no time in seconds
clock time=inf
           ^ 'inf' is no time in seconds
clock time=1e
           ^ '1e' is no time in seconds
clock time=1.5e-05x
           ^ '1.5e-05x' is no time in seconds
clock time=9000000001
           ^ '9000000001' is too large a time
clock time=1e+16
           ^ '1e+16' is no time in seconds
clock time=1e+999
           ^ '1e+999' is no time in seconds
clock time=9000000000.0000019
           ^ '9000000000.0000019' is too large a time
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(MidoFault, of_the_data) {
  const std::string_view lines = R"(sysex data=67
           ^ data is not (BYTE,BYTE,...)
sysex data=(
           ^ data is not (BYTE,BYTE,...)
sysex data=(67, 16)
           ^ data is not (BYTE,BYTE,...)
sysex data=
           ^ data is not (BYTE,BYTE,...)
sysex data=(67,128)
               ^ '128' is no data byte (0..127)
sysex data=(240,67,247)
            ^ '240' is no data byte (0..127)
sysex data=(-1)
            ^ '-1' is no data byte (0..127)
sysex data=(67,x)
               ^ 'x' is no data byte (0..127)
sysex data=(,)
            ^ '' is no data byte (0..127)
sysex data=(67,,16)
               ^ '' is no data byte (0..127)
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(MidoFault, of_too_many_bytes) {
  const std::string_view lines = R"(sysex data=(1,2,3)
sysex data=(1,2,3,4)
           ^ this makes it longer than --max-sysex allows
sysex data=(1,2,3,4,5)
                    ^ '5' makes it longer than --max-sysex allows
)";
  EXPECT_EQ(with_faults(lines, 5), lines);
}

} // namespace
} // namespace mm
