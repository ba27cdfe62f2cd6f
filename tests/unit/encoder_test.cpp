// Events into MIDI bytes.
#include "events.hpp"
#include "wire/encoder.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

// The bytes of a line, in hex.
std::string wire(std::string_view line) {
  TextParser parser;
  Event event;
  if (parser.parse(line, event) != Parsed::event) return "fault: " + parser.fault().what;
  return test::hex(test::encoded(event));
}

TEST(Encoder, channel_messages) {
  EXPECT_EQ(wire("note-off 1 60 64"), "80 3c 40");
  EXPECT_EQ(wire("note-off 16 127 127"), "8f 7f 7f");
  EXPECT_EQ(wire("note-on 1 60 0"), "90 3c 00");
  EXPECT_EQ(wire("note-on 10 0 100"), "99 00 64");
  EXPECT_EQ(wire("poly-pressure 2 60 5"), "a1 3c 05");
  EXPECT_EQ(wire("control-change 3 7 127"), "b2 07 7f");
  EXPECT_EQ(wire("program-change 4 0"), "c3 00");
  EXPECT_EQ(wire("program-change 4 127"), "c3 7f");
  EXPECT_EQ(wire("channel-pressure 5 1"), "d4 01");
  EXPECT_EQ(wire("pitch-bend 1 0"), "e0 00 40");
  EXPECT_EQ(wire("pitch-bend 1 -8192"), "e0 00 00");
  EXPECT_EQ(wire("pitch-bend 16 8191"), "ef 7f 7f");
  EXPECT_EQ(wire("pitch-bend 1 1"), "e0 01 40");
  EXPECT_EQ(wire("pitch-bend 1 -1"), "e0 7f 3f");
}

TEST(Encoder, system_messages) {
  EXPECT_EQ(wire("sysex f0 43 10 f7"), "f0 43 10 f7");
  EXPECT_EQ(wire("sysex"), "f0 f7");
  EXPECT_EQ(wire("time-code 0 0"), "f1 00");
  EXPECT_EQ(wire("time-code 7 15"), "f1 7f");
  EXPECT_EQ(wire("time-code 5 10"), "f1 5a");
  EXPECT_EQ(wire("song-position 0"), "f2 00 00");
  EXPECT_EQ(wire("song-position 257"), "f2 01 02");
  EXPECT_EQ(wire("song-position 16383"), "f2 7f 7f");
  EXPECT_EQ(wire("song-select 127"), "f3 7f");
  EXPECT_EQ(wire("tune-request"), "f6");
  EXPECT_EQ(wire("clock"), "f8");
  EXPECT_EQ(wire("start"), "fa");
  EXPECT_EQ(wire("continue"), "fb");
  EXPECT_EQ(wire("stop"), "fc");
  EXPECT_EQ(wire("active-sensing"), "fe");
  EXPECT_EQ(wire("reset"), "ff");
}

TEST(Encoder, raw_bytes_go_as_they_are) { EXPECT_EQ(wire("raw f4 90 00 f7 ff"), "f4 90 00 f7 ff"); }

TEST(Encoder, wider_values_are_control_changes) {
  EXPECT_EQ(wire("cc14 1 7 16383"), "b0 07 7f b0 27 7f");
  EXPECT_EQ(wire("cc14 16 31 1"), "bf 1f 00 bf 3f 01");
  EXPECT_EQ(wire("cc14 1 0 128"), "b0 00 01 b0 20 00");
  EXPECT_EQ(wire("rpn 1 0 8192"), "b0 65 00 b0 64 00 b0 06 40 b0 26 00");
  EXPECT_EQ(wire("rpn 2 16383 16383"), "b1 65 7f b1 64 7f b1 06 7f b1 26 7f");
  EXPECT_EQ(wire("nrpn 3 129 257"), "b2 63 01 b2 62 01 b2 06 02 b2 26 01");
}

TEST(Encoder, meta_events_are_no_midi) {
  EXPECT_EQ(wire(":text \"hello\""), "");
  EXPECT_EQ(wire(":connected @keys"), "");
}

TEST(Encoder, an_empty_raw_event_is_no_bytes) {
  EXPECT_EQ(test::encoded(make_bytes(Kind::raw, {})), "");
  EXPECT_EQ(Message(make_bytes(Kind::raw, {})).bytes(), "");
}

TEST(Expand, messages_keep_time_and_port) {
  TextParser parser;
  Event event;
  ASSERT_EQ(parser.parse("1.5 rpn 2 0 8192 @synth", event), Parsed::event);
  test::Lines lines;
  for_each_message(event, [&](const Event& message) { lines.push_back(test::text_of(message)); });
  EXPECT_THAT(lines, testing::ElementsAre("1.500000000 control-change 2 101 0 @synth",
                                          "1.500000000 control-change 2 100 0 @synth",
                                          "1.500000000 control-change 2 6 64 @synth",
                                          "1.500000000 control-change 2 38 0 @synth"));
}

TEST(Expand, other_messages_stand_for_themselves) {
  for (const char* const line : {"note-on 1 60 100", "sysex f0 01 f7", "raw 90", "clock"}) {
    TextParser parser;
    Event event;
    ASSERT_EQ(parser.parse(line, event), Parsed::event);
    test::Lines lines;
    for_each_message(event, [&](const Event& message) { lines.push_back(test::text_of(message)); });
    EXPECT_THAT(lines, testing::ElementsAre(line));
  }
}

// Lines one after the other, in hex, a message each.
std::string by_running_status(std::initializer_list<std::string_view> lines) {
  std::string bytes;
  char running = '\0';
  for (const std::string_view line : lines) {
    const Event event = test::event_of(line);
    std::string room(encode_bound(event), '\0');
    char* const end = encode(room.data(), event, running);
    room.resize(static_cast<std::size_t>(end - room.data()));
    bytes += (bytes.empty() ? "" : " | ") + test::hex(room);
  }
  return bytes;
}

TEST(Encoder, running_status_leaves_out_what_repeats) {
  EXPECT_EQ(by_running_status({"note-on 1 60 1", "note-on 1 61 1", "note-on 2 60 1"}),
            "90 3c 01 | 3d 01 | 91 3c 01");
  EXPECT_EQ(by_running_status({"program-change 1 5", "program-change 1 6"}), "c0 05 | 06");
  EXPECT_EQ(by_running_status({"cc14 1 7 16383", "rpn 1 0 8192"}),
            "b0 07 7f 27 7f | 65 00 64 00 06 40 26 00");
}

TEST(Encoder, running_status_outlives_realtime_alone) {
  EXPECT_EQ(by_running_status({"note-on 1 60 1", "clock", "note-on 1 61 1"}),
            "90 3c 01 | f8 | 3d 01");
  EXPECT_EQ(by_running_status({"note-on 1 60 1", "tune-request", "note-on 1 61 1"}),
            "90 3c 01 | f6 | 90 3d 01");
  EXPECT_EQ(by_running_status({"note-on 1 60 1", "sysex 7d", "note-on 1 61 1"}),
            "90 3c 01 | f0 7d f7 | 90 3d 01");
  EXPECT_EQ(by_running_status({"note-on 1 60 1", "raw f4", "note-on 1 61 1"}),
            "90 3c 01 | f4 | 90 3d 01");
}

} // namespace
} // namespace mm
