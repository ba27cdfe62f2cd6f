// Events as JSON: what is said about faults, and where the caret stands.
#include "events.hpp"
#include "text/json.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

std::string read(std::string_view line) {
  JsonParser parser;
  return test::read(parser, line);
}

// The lines with a caret under each fault.
std::string with_faults(std::string_view lines, std::size_t max_sysex = default_max_sysex) {
  JsonParser parser({}, max_sysex);
  return test::annotated(parser, lines);
}

TEST(JsonFault, of_the_line) {
  const std::string_view lines = R"(clock
^ this is no JSON object on one line
{"kind":"clock"
               ^ this is no JSON object on one line
{"kind":"clock",}
                ^ this is no JSON object on one line
{"kind":"clock"} x
                 ^ this is no JSON object on one line
{"kind":"clock"}{"kind":"clock"}
                ^ this is no JSON object on one line
{'kind':'clock'}
 ^ this is no JSON object on one line
{"kind":clock}
        ^ this is no JSON object on one line
{"kind":"clock
              ^ this is no JSON object on one line
[{"kind":"clock"}]
^ this is no JSON object
"clock"
^ this is no JSON object
5
^ this is no JSON object
null
^ this is no JSON object
[]
^ this is no JSON object
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(JsonFault, of_the_kind) {
  const std::string_view lines = R"({}
  ^ no "kind", such as "kind":"note-on"
{"note":60}
           ^ no "kind", such as "kind":"note-on"
{"x":{"y":"clock"}}
                   ^ no "kind", such as "kind":"note-on"
{"time":1,"kind":5}
          ^ no "kind", such as "kind":"note-on"
{"kind":null}
 ^ no "kind", such as "kind":"note-on"
{"kind":["clock"]}
 ^ no "kind", such as "kind":"note-on"
{"time":1,"kind":"note_on"}
          ^ unknown kind 'note_on'; did you mean 'note-on'?
{"kind":""}
 ^ unknown kind ''
{"kind":"hello"}
 ^ unknown kind 'hello'
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(JsonFault, of_the_time) {
  const std::string_view lines = R"({"kind":"clock","time":-1}
                ^ time is no time in seconds
{"kind":"clock","time":"1.5"}
                ^ time is no time in seconds
{"kind":"clock","time":null}
                ^ time is no time in seconds
{"kind":"clock","time":1e10}
                ^ time is no time in seconds
{"kind":"clock","time":9000000001}
                ^ time is no time in seconds
{"kind":"clock","after":-0.5}
                ^ after is no time in seconds
{"after":[1],"kind":"clock"}
 ^ after is no time in seconds
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(JsonFault, of_a_value) {
  const std::string_view lines = R"({"kind":"note-on","channel":1,"note":60}
                                        ^ no velocity; it is note-on CHANNEL NOTE VELOCITY
{"kind":"note-on","channel":1,"note":"H4","velocity":1}
                              ^ note is no whole number, and no note's name
{"kind":"note-on","channel":1,"note":60.5,"velocity":1}
                              ^ note is no whole number, and no note's name
{"kind":"note-on","channel":1,"note":60,"velocity":"1"}
                                        ^ velocity is no whole number
{"kind":"note-on","channel":true,"note":60,"velocity":1}
                  ^ channel is no whole number
{"kind":"note-on","channel":null,"note":60,"velocity":1}
                  ^ channel is no whole number
{"kind":"note-on","channel":[1],"note":60,"velocity":1}
                  ^ channel is no whole number
{"kind":"note-on","channel":{"channel":1},"note":60,"velocity":1}
                  ^ channel is no whole number
{"kind":"note-on","channel":0,"note":60,"velocity":1}
                  ^ channel '0' is not in 1..16
{"kind":"note-on","channel":17,"note":60,"velocity":1}
                  ^ channel '17' is not in 1..16
{"kind":"note-on","channel":1,"note":"C10","velocity":1}
                              ^ note 'C10' is not in 0..127
{"kind":"note-on","channel":1,"note":1e300,"velocity":1}
                              ^ note '1e300' is not in 0..127
{"kind":"note-on","channel":1,"note":18446744073709551616,"velocity":1}
                              ^ note '18446744073709551616' is not in 0..127
{"kind":"pitch-bend","channel":1,"bend":-8193}
                                 ^ bend '-8193' is not in -8192..8191
{"kind":"pitch-bend","channel":1,"bend":8192.0}
                                 ^ bend '8192.0' is not in -8192..8191
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(JsonFault, of_the_data) {
  const std::string_view lines = R"({"kind":"sysex"}
                ^ no "data", such as "data":[240,67,247]
{"kind":"raw","port":"a"}
                         ^ no "data", such as "data":[240,67,247]
{"kind":"sysex","data":"f0 f7"}
                ^ no "data", such as "data":[240,67,247]
{"kind":"sysex","data":5}
                ^ no "data", such as "data":[240,67,247]
{"kind":"sysex","data":{"0":5}}
                ^ no "data", such as "data":[240,67,247]
{"kind":"sysex","data":[240,"67",247]}
                ^ no "data", such as "data":[240,67,247]
{"kind":"sysex","data":[240,null,247]}
                ^ no "data", such as "data":[240,67,247]
{"kind":"sysex","data":[240,[67],247]}
                ^ no "data", such as "data":[240,67,247]
{"kind":"sysex","data":[240,[],247]}
                ^ no "data", such as "data":[240,67,247]
{"kind":"sysex","data":[240,{"a":67},247]}
                ^ no "data", such as "data":[240,67,247]
{"kind":"sysex","data":[240,128,247]}
                ^ '128' is no data byte of a sysex (00..7f)
{"kind":"sysex","data":[240,247,1]}
                ^ '1' follows the f7 that ends the sysex
{"kind":"raw","data":[256]}
              ^ '256' is no byte
{"kind":"raw","data":[-1]}
              ^ '-1' is no byte
{"kind":"raw","data":[1.5]}
              ^ '1.5' is no byte
{"kind":"raw","data":[1e99]}
              ^ '1e99' is no byte
{"kind":"raw","data":[]}
              ^ this needs bytes: raw HEX...
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(JsonFault, of_too_many_bytes) {
  const std::string_view lines = R"({"kind":"sysex","data":[240,1,2,3,247]}
{"kind":"sysex","data":[240,1,2,3,4,247]}
                ^ '247' makes it longer than --max-sysex allows
{"kind":"sysex","data":[1,2,3,4]}
                ^ this makes it longer than --max-sysex allows
{"kind":"raw","data":[1,2,3,4,5]}
{"kind":"raw","data":[1,2,3,4,5,6]}
              ^ '6' makes it longer than --max-sysex allows
)";
  EXPECT_EQ(with_faults(lines, 5), lines);
}

TEST(JsonFault, of_a_meta_event) {
  const std::string_view lines = R"({"kind":":"}
 ^ ':' is no name of a meta event
{"kind":":a b"}
 ^ ':a b' is no name of a meta event
{"kind":":a/b","arguments":"c"}
 ^ ':a/b' is no name of a meta event
{"kind":":a\nb"}
 ^ ':a?b' is no name of a meta event
{"kind":":a","arguments":5}
             ^ the arguments are no string
{"kind":":a","arguments":"\"no end"}
             ^ this string does not end with a '"' and a blank
{"kind":":a","arguments":"b @keys"}
             ^ no port can stand here
{"kind":":a","arguments":"line\nfeed"}
             ^ a control character, or no UTF-8
{"kind":":a","arguments":"\u0000"}
             ^ a control character, or no UTF-8
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(JsonFault, of_the_port) {
  const std::string what = "the port is no tag (A-Z a-z 0-9 _ . - / : [ ])";
  const std::string lines = "{\"kind\":\"clock\",\"port\":\"\"}\n"
                            "                ^ " +
                            what +
                            "\n"
                            "{\"kind\":\"clock\",\"port\":\"a b\"}\n"
                            "                ^ " +
                            what +
                            "\n"
                            "{\"kind\":\"clock\",\"port\":\"@keys\"}\n"
                            "                ^ " +
                            what +
                            "\n"
                            "{\"kind\":\"clock\",\"port\":1}\n"
                            "                ^ " +
                            what +
                            "\n"
                            "{\"kind\":\"clock\",\"port\":\"gr\xc3\xbcn\"}\n"
                            "                ^ " +
                            what + "\n";
  EXPECT_EQ(with_faults(lines), lines);
}

// The caret stands under the member, not under a string that reads like its name.
TEST(JsonFault, column_is_that_of_the_member) {
  const std::string_view lines =
      R"({"port":"note","kind":"note-on","channel":1,"note" : 128,"velocity":1}
                                            ^ note '128' is not in 0..127
{"x":"\"note\":","kind":"note-on","channel":1,"note":128,"velocity":1}
                                              ^ note '128' is not in 0..127
)";
  EXPECT_EQ(with_faults(lines), lines);
}

TEST(JsonFault, of_bytes_that_are_no_utf8) {
  EXPECT_EQ(read("{\"kind\":\"clock\",\"x\":\"\xff\"}"),
            "fault at 21: this is no JSON object on one line");
  EXPECT_EQ(read(std::string_view("{\"kind\":\"clock\"}\0", 17)),
            "fault at 16: this is no JSON object on one line");
}

} // namespace
} // namespace mm
