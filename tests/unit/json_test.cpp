// Events as JSON, one object a line.
#include "events.hpp"
#include "text/json.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace mm {
namespace {

// What a line of JSON says, as a line of mmevents(5).
std::string read(std::string_view line, NoteStyle notes = {}) {
  JsonParser parser(notes);
  return test::read(parser, line);
}

// Lines of mmevents(5) as JSON.
std::string to_json(std::string_view lines, NoteStyle notes = {}) {
  TextParser parser;
  return test::converted(parser, lines, JsonPrinter(notes));
}

std::string from_json(std::string_view lines, NoteStyle notes = {}) {
  JsonParser parser(notes);
  return test::converted(parser, lines, TextPrinter());
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
raw 90 ff
cc14 1 31 16383
rpn 1 0 8192
nrpn 1 16383 0
:connected
:tempo 120
:text "a \"b\" \\ c" d
12345.678901234 note-on 1 60 100 @keys
+0.250000000 clock @peer/[::1]:80
)";

constexpr std::string_view every_json =
    R"({"kind":"note-off","channel":1,"note":60,"velocity":64}
{"kind":"note-on","channel":16,"note":127,"velocity":100}
{"kind":"poly-pressure","channel":1,"note":60,"pressure":5}
{"kind":"control-change","channel":1,"controller":74,"value":127}
{"kind":"program-change","channel":1,"program":5}
{"kind":"channel-pressure","channel":1,"pressure":5}
{"kind":"pitch-bend","channel":1,"bend":-8192}
{"kind":"sysex","data":[240,67,16,247]}
{"kind":"sysex","data":[240,247]}
{"kind":"time-code","type":7,"value":15}
{"kind":"song-position","beats":16383}
{"kind":"song-select","song":1}
{"kind":"tune-request"}
{"kind":"clock"}
{"kind":"start"}
{"kind":"continue"}
{"kind":"stop"}
{"kind":"active-sensing"}
{"kind":"reset"}
{"kind":"raw","data":[144,255]}
{"kind":"cc14","channel":1,"number":31,"value":16383}
{"kind":"rpn","channel":1,"number":0,"value":8192}
{"kind":"nrpn","channel":1,"number":16383,"value":0}
{"kind":":connected"}
{"kind":":tempo","arguments":"120"}
{"kind":":text","arguments":"\"a \\\"b\\\" \\\\ c\" d"}
{"time":12345.678901234,"kind":"note-on","channel":1,"note":60,"velocity":100,"port":"keys"}
{"after":0.250000000,"kind":"clock","port":"peer/[::1]:80"}
)";

TEST(Json, prints_every_kind) { EXPECT_EQ(to_json(every_text), every_json); }

TEST(Json, reads_every_kind) { EXPECT_EQ(from_json(every_json), every_text); }

TEST(Json, reads_aliases) {
  EXPECT_EQ(read(R"({"kind":"cc","channel":1,"controller":7,"value":5})"), "control-change 1 7 5");
}

TEST(Json, what_it_prints_is_json) {
  for (const std::string& line : test::split(every_json))
    EXPECT_TRUE(nlohmann::json::accept(line)) << line;
}

TEST(Json, order_of_the_members_is_free) {
  EXPECT_EQ(
      read(R"({"velocity":100,"port":"keys","note":60,"channel":1,"time":1,"kind":"note-on"})"),
      "1.000000000 note-on 1 60 100 @keys");
  EXPECT_EQ(read(R"({"data":[67],"kind":"sysex"})"), "sysex f0 43 f7");
  EXPECT_EQ(read(R"({"arguments":"120","kind":":tempo"})"), ":tempo 120");
}

TEST(Json, blanks_are_free) {
  EXPECT_EQ(
      read("\t { \"kind\" : \"note-on\" ,\"channel\": 1,\"note\" :60 , \"velocity\":100 } \r"),
      "note-on 1 60 100");
}

TEST(Json, members_it_does_not_know_are_passed_over) {
  EXPECT_EQ(read(R"({"kind":"clock","x":1,"y":"z","velocity":999,"t":true,"n":null,"f":1.5e9})"),
            "clock");
  EXPECT_EQ(read(R"({"x":{"kind":"stop","note":1,"deep":[{"port":"a"}]},"kind":"clock"})"),
            "clock");
  EXPECT_EQ(read(R"({"kind":"note-on","channel":1,"note":60,"velocity":9,"a":[1,[2,{"note":3}]]})"),
            "note-on 1 60 9");
  EXPECT_EQ(read(R"({"a":{"channel":9},"kind":"note-on","channel":1,"b":[5],"note":60,"c":{},)"
                 R"("velocity":9,"d":[]})"),
            "note-on 1 60 9");
}

TEST(Json, of_a_member_given_twice_the_last_counts) {
  EXPECT_EQ(read(R"({"kind":"stop","kind":"clock"})"), "clock");
  EXPECT_EQ(read(R"({"kind":"sysex","data":[1,2],"data":[3]})"), "sysex f0 03 f7");
}

TEST(Json, whole_numbers_in_any_form) {
  EXPECT_EQ(read(R"({"kind":"note-on","channel":1.0,"note":60.0,"velocity":1e2})"),
            "note-on 1 60 100");
  EXPECT_EQ(read(R"({"kind":"pitch-bend","channel":1,"bend":-8.192E+3})"), "pitch-bend 1 -8192");
  EXPECT_EQ(read(R"({"kind":"pitch-bend","channel":1,"bend":-0})"), "pitch-bend 1 0");
  EXPECT_EQ(read(R"({"kind":"pitch-bend","channel":1,"bend":-0.0})"), "pitch-bend 1 0");
  EXPECT_EQ(read(R"({"kind":"raw","data":[144.0,6.0e1,0]})"), "raw 90 3c 00");
}

TEST(Json, note_names) {
  EXPECT_EQ(read(R"({"kind":"note-on","channel":1,"note":"F#3","velocity":1})"), "note-on 1 54 1");
  EXPECT_EQ(read(R"({"kind":"note-on","channel":1,"note":"C3","velocity":1})", {false, 3}),
            "note-on 1 60 1");
  EXPECT_EQ(to_json("note-on 1 60 1\npp 1 61 1\n", {true, 4}),
            R"({"kind":"note-on","channel":1,"note":"C4","velocity":1}
{"kind":"poly-pressure","channel":1,"note":"C#4","pressure":1}
)");
}

TEST(Json, times) {
  EXPECT_EQ(read(R"({"time":0,"kind":"clock"})"), "0.000000000 clock");
  EXPECT_EQ(read(R"({"time":5,"kind":"clock"})"), "5.000000000 clock");
  EXPECT_EQ(read(R"({"time":12345.678901234,"kind":"clock"})"), "12345.678901234 clock");
  EXPECT_EQ(read(R"({"time":0.1,"kind":"clock"})"), "0.100000000 clock");
  EXPECT_EQ(read(R"({"time":1.2e-05,"kind":"clock"})"), "0.000012000 clock");
  EXPECT_EQ(read(R"({"time":1.5E3,"kind":"clock"})"), "1500.000000000 clock");
  EXPECT_EQ(read(R"({"time":-0.0,"kind":"clock"})"), "0.000000000 clock");
  EXPECT_EQ(read(R"({"time":8999999999.999999999,"kind":"clock"})"), "8999999999.999999999 clock");
  EXPECT_EQ(read(R"({"time":9000000000,"kind":"clock"})"), "9000000000.000000000 clock");
}

// jq 1.6 prints what it computed with 17 significant digits.
TEST(Json, times_as_jq_prints_them) {
  EXPECT_EQ(read(R"({"time":12345.678901233999,"kind":"clock"})"), "12345.678901234 clock");
  EXPECT_EQ(read(R"({"time":0.30000000000000004,"kind":"clock"})"), "0.300000000 clock");
  EXPECT_EQ(read(R"({"time":12346.999999999999,"kind":"clock"})"), "12347.000000000 clock");
}

TEST(Json, relative_times) {
  EXPECT_EQ(read(R"({"after":0.25,"kind":"clock"})"), "+0.250000000 clock");
  EXPECT_EQ(read(R"({"kind":"clock","after":0})"), "+0.000000000 clock");
  EXPECT_EQ(to_json("+1 clock"), "{\"after\":1.000000000,\"kind\":\"clock\"}\n");
}

TEST(Json, strings_are_utf8_or_escaped) {
  EXPECT_EQ(read(R"({"kind":":text","arguments":"größer \"€ 𝄞\""})"), ":text größer \"€ 𝄞\"");
  EXPECT_EQ(read(R"({"kind":":text","arguments":"gr\u00f6\u00dfer \ud834\udd1e"})"),
            ":text größer 𝄞");
  EXPECT_EQ(read(R"({"kind":"cl\u006fck"})"), "clock");
  EXPECT_EQ(read(R"({"\u006bind":"clock"})"), "clock");
  EXPECT_EQ(to_json(":text größer \"€\t𝄞\""),
            "{\"kind\":\":text\",\"arguments\":\"größer \\\"€\\t𝄞\\\"\"}\n");
  EXPECT_EQ(read("{\"kind\":\":text\",\"arguments\":\"\\\"€\\t𝄞\\\"\"}"), ":text \"€\t𝄞\"");
}

TEST(Json, arguments_of_meta_events) {
  EXPECT_EQ(read(R"({"kind":":x","arguments":""})"), ":x");
  EXPECT_EQ(read(R"({"kind":":x","arguments":"a   b"})"), ":x a b");
}

TEST(Json, blank_lines_are_nothing) {
  EXPECT_EQ(read(""), "nothing");
  EXPECT_EQ(read(" \t\r"), "nothing");
}

TEST(Json, nothing_is_left_of_the_line_before) {
  JsonParser parser;
  Event event;
  ASSERT_EQ(
      parser.parse(R"({"time":1,"kind":"note-on","channel":1,"note":2,"velocity":3,"port":"a"})",
                   event),
      Parsed::event);
  ASSERT_EQ(parser.parse(R"({"kind":"clock"})", event), Parsed::event);
  EXPECT_EQ(event, make_event(Kind::clock));
}

} // namespace
} // namespace mm
