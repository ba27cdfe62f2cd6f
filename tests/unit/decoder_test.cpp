// MIDI bytes into events: every place where byte parsers slip, whole and cut into pieces.
#include "events.hpp"

#include <gmock/gmock.h>

#include <ostream>

namespace mm {
namespace {

using test::bytes;
using test::decode;
using test::decoded;
using test::Lines;
using test::repeated;
using testing::ElementsAre;

struct Row {
  const char* name;
  const char* stream;
  Lines events;
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.stream; }

class DecoderRows : public testing::TestWithParam<Row> {};

TEST_P(DecoderRows, whole) { EXPECT_EQ(decoded(bytes(GetParam().stream)), GetParam().events); }

TEST_P(DecoderRows, byte_by_byte) {
  EXPECT_EQ(decoded(bytes(GetParam().stream), {1}), GetParam().events);
}

TEST_P(DecoderRows, cut_at_every_position) {
  const std::string stream = bytes(GetParam().stream);
  for (std::size_t cut = 1; cut < stream.size(); ++cut)
    EXPECT_EQ(decoded(stream, {cut, stream.size()}), GetParam().events) << "cut at " << cut;
}

TEST_P(DecoderRows, with_empty_pieces_in_between) {
  EXPECT_EQ(decoded(bytes(GetParam().stream), {0, 1, 0, 2}), GetParam().events);
}

const std::string row_name(const testing::TestParamInfo<Row>& row) { return row.param.name; }

// The rows of the table "Where every byte parser slips".
INSTANTIATE_TEST_SUITE_P(
    Slips, DecoderRows,
    testing::Values(
        Row{"running_status", "90 3c 40 3e 40", {"note-on 1 60 64", "note-on 1 62 64"}},
        Row{"realtime_inside_a_message", "90 3c f8 40", {"clock", "note-on 1 60 64"}},
        Row{"realtime_inside_sysex", "f0 43 f8 10 f7", {"clock", "sysex f0 43 10 f7"}},
        Row{"realtime_before_a_message", "f8 90 3c 40", {"clock", "note-on 1 60 64"}},
        Row{"message_cut_off", "90 3c b0 07 64", {"raw 90 3c", "control-change 1 7 100"}},
        Row{"sysex_cut_off", "f0 43 10 90 3c 40", {"raw f0 43 10", "note-on 1 60 64"}},
        Row{"tune_request", "f6", {"tune-request"}}, Row{"stray_data", "3c 40", {"raw 3c 40"}},
        Row{"f4_ends_running_status",
            "90 3c 40 f4 3e 40 90 3c 00",
            {"note-on 1 60 64", "raw f4 3e 40", "note-on 1 60 0"}},
        Row{"f5_ends_running_status",
            "90 3c 40 f5 3e 40 90 3c 00",
            {"note-on 1 60 64", "raw f5 3e 40", "note-on 1 60 0"}},
        Row{"f4_ends_an_open_message",
            "90 3c f4 40 90 3c 40",
            {"raw 90 3c f4 40", "note-on 1 60 64"}},
        Row{"f5_ends_an_open_message",
            "90 3c f5 40 90 3c 40",
            {"raw 90 3c f5 40", "note-on 1 60 64"}},
        Row{"f4_ends_an_open_sysex",
            "f0 43 f4 10 f7 90 3c 40",
            {"raw f0 43 f4 10 f7", "note-on 1 60 64"}},
        Row{"f5_ends_an_open_sysex",
            "f0 43 f5 10 f7 90 3c 40",
            {"raw f0 43 f5 10 f7", "note-on 1 60 64"}},
        Row{"f9_inside_a_message", "90 3c f9 40", {"raw f9", "note-on 1 60 64"}},
        Row{"fd_inside_a_message", "90 3c fd 40", {"raw fd", "note-on 1 60 64"}},
        Row{"f9_inside_sysex", "f0 43 f9 10 f7", {"raw f9", "sysex f0 43 10 f7"}},
        Row{"fd_inside_sysex", "f0 43 fd 10 f7", {"raw fd", "sysex f0 43 10 f7"}},
        Row{"empty_sysex", "f0 f7", {"sysex f0 f7"}},
        Row{"song_position_ends_running_status",
            "f2 7f 7f 90 3c 40",
            {"song-position 16383", "note-on 1 60 64"}}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Messages, DecoderRows,
    testing::Values(
        Row{"note_off", "80 00 7f 8f 7f 00", {"note-off 1 0 127", "note-off 16 127 0"}},
        Row{"note_on_of_velocity_0", "90 3c 00", {"note-on 1 60 0"}},
        Row{"poly_pressure", "a1 3c 40", {"poly-pressure 2 60 64"}},
        Row{"control_change", "b2 07 64", {"control-change 3 7 100"}},
        Row{"program_change", "c3 05", {"program-change 4 5"}},
        Row{"channel_pressure", "d4 7f", {"channel-pressure 5 127"}},
        Row{"pitch_bend",
            "e0 00 40 e0 00 00 e0 7f 7f e0 01 40",
            {"pitch-bend 1 0", "pitch-bend 1 -8192", "pitch-bend 1 8191", "pitch-bend 1 1"}},
        Row{"time_code", "f1 00 f1 7f", {"time-code 0 0", "time-code 7 15"}},
        Row{"song_position", "f2 01 02", {"song-position 257"}},
        Row{"song_select", "f3 09", {"song-select 9"}},
        Row{"realtime",
            "f8 fa fb fc fe ff",
            {"clock", "start", "continue", "stop", "active-sensing", "reset"}},
        Row{"sysex", "f0 43 10 4c 00 00 7e 00 f7", {"sysex f0 43 10 4c 00 00 7e 00 f7"}},
        Row{"two_sysex", "f0 01 f7 f0 02 f7", {"sysex f0 01 f7", "sysex f0 02 f7"}},
        Row{"sysex_longer_than_a_word",
            "f0 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 f7",
            {"sysex f0 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 f7"}}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Running, DecoderRows,
    testing::Values(
        Row{"of_one_data_byte",
            "c0 01 02 03",
            {"program-change 1 1", "program-change 1 2", "program-change 1 3"}},
        Row{"of_pitch_bend", "e5 00 40 01 40", {"pitch-bend 6 0", "pitch-bend 6 1"}},
        Row{"survives_realtime",
            "90 3c 40 f8 3e fe 40 ff 40 00",
            {"note-on 1 60 64", "clock", "active-sensing", "note-on 1 62 64", "reset",
             "note-on 1 64 0"}},
        Row{"survives_f9_and_fd",
            "90 3c 40 f9 3e fd 40",
            {"note-on 1 60 64", "raw f9", "raw fd", "note-on 1 62 64"}},
        Row{"is_ended_by_sysex",
            "90 3c 40 f0 f7 3e 40",
            {"note-on 1 60 64", "sysex f0 f7", "raw 3e 40"}},
        Row{"is_ended_by_time_code",
            "90 3c 40 f1 00 3e 40",
            {"note-on 1 60 64", "time-code 0 0", "raw 3e 40"}},
        Row{"is_ended_by_song_position",
            "90 3c 40 f2 00 00 3e 40",
            {"note-on 1 60 64", "song-position 0", "raw 3e 40"}},
        Row{"is_ended_by_song_select",
            "90 3c 40 f3 00 3e 40",
            {"note-on 1 60 64", "song-select 0", "raw 3e 40"}},
        Row{"is_ended_by_tune_request",
            "90 3c 40 f6 3e 40",
            {"note-on 1 60 64", "tune-request", "raw 3e 40"}},
        Row{"is_ended_by_a_stray_f7", "90 3c 40 f7 3e 40", {"note-on 1 60 64", "raw f7 3e 40"}},
        Row{"changes_with_the_status",
            "90 3c 40 81 3c 40 3e 40",
            {"note-on 1 60 64", "note-off 2 60 64", "note-off 2 62 64"}},
        Row{"changes_with_a_message_cut_off",
            "90 3c b0 07 64 08 01",
            {"raw 90 3c", "control-change 1 7 100", "control-change 1 8 1"}},
        Row{"of_a_message_cut_off_has_no_status",
            "90 3c 40 3e b0 07 64",
            {"note-on 1 60 64", "raw 3e", "control-change 1 7 100"}}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    NoMidi, DecoderRows,
    testing::Values(
        Row{"f7_alone", "f7", {"raw f7"}},
        Row{"f7_ends_an_open_message", "90 3c f7", {"raw 90 3c f7"}},
        Row{"undefined_alone", "f4 f5 f9 fd", {"raw f4 f5 f9 fd"}},
        Row{"f9_and_fd_alone", "f9 fd", {"raw f9", "raw fd"}},
        Row{"status_alone", "90", {"raw 90"}},
        Row{"status_after_status", "90 91 92 3c 40", {"raw 90", "raw 91", "note-on 3 60 64"}},
        Row{"sysex_after_sysex", "f0 01 f0 02 f7", {"raw f0 01", "sysex f0 02 f7"}},
        Row{"sysex_at_the_end", "f0 01 02", {"raw f0 01 02"}},
        Row{"sysex_start_at_the_end", "f0", {"raw f0"}},
        Row{"realtime_goes_before_stray_data",
            "3c f8 40 90 3c 40",
            {"clock", "raw 3c 40", "note-on 1 60 64"}},
        Row{"undefined_realtime_stays_in_stray_data",
            "3c f9 40 90 3c 40",
            {"raw 3c f9 40", "note-on 1 60 64"}},
        Row{"realtime_goes_before_a_message_cut_off",
            "90 f8 3c fa 91 3c 40",
            {"clock", "start", "raw 90 3c", "note-on 2 60 64"}},
        Row{"text", "47 45 54 0d 0a 90 3c 40", {"raw 47 45 54 0d 0a", "note-on 1 60 64"}},
        Row{"song_position_cut_off", "f2 01 f8 f6", {"clock", "raw f2 01", "tune-request"}}),
    row_name);

// --- sysex that is too long ---

TEST(Decoder, takes_sysex_of_just_the_limit) {
  for (const std::size_t piece : {100U, 1U, 3U})
    EXPECT_THAT(decoded(bytes("f0 01 02 03 f7 f0 01 f7"), {piece}, 5),
                ElementsAre("sysex f0 01 02 03 f7", "sysex f0 01 f7"));
}

TEST(Decoder, gives_sysex_beyond_the_limit_in_raw_pieces) {
  for (const std::size_t piece : {100U, 1U, 3U})
    EXPECT_THAT(decoded(bytes("f0 01 02 03 04 05 06 f7 90 3c 40"), {piece}, 5),
                ElementsAre("raw f0 01 02 03", "raw 04 05 06 f7", "note-on 1 60 64"));
}

TEST(Decoder, lets_realtime_go_before_the_pieces) {
  for (const std::size_t piece : {100U, 1U, 3U})
    EXPECT_THAT(
        decoded(bytes("f0 01 f8 02 03 04 fa 05 f7 90 3c 40"), {piece}, 5),
        ElementsAre("clock", "raw f0 01 02 03", "start", "raw 04 05 f7", "note-on 1 60 64"));
}

TEST(Decoder, loses_no_byte_of_what_is_too_long) {
  const std::string stream = bytes("f0") + repeated(bytes("11"), 20000) + bytes("f7 f6");
  for (const std::size_t piece : {30000U, 1U, 7U, 4096U}) {
    std::string all;
    std::vector<std::size_t> sizes;
    Decoder decoder(1000);
    decode(stream, {piece}, decoder, [&](const Event& event) {
      all += event.kind == Kind::raw ? std::string(event.data) : test::text_of(event);
      sizes.push_back(event.data.size());
    });
    EXPECT_EQ(all, bytes("f0") + repeated(bytes("11"), 20000) + bytes("f7") + "tune-request");
    EXPECT_THAT(sizes, ElementsAre(999, 4096, 4096, 4096, 4096, 2619, 0)) << "pieces " << piece;
  }
}

TEST(Decoder, gives_a_long_row_of_stray_data_in_pieces) {
  const std::string stray = repeated(bytes("22"), 10000);
  for (const std::size_t piece : {20000U, 1U, 4095U}) {
    std::vector<std::size_t> sizes;
    Decoder decoder;
    decode(stray, {piece}, decoder, [&](const Event& event) {
      EXPECT_EQ(event.kind, Kind::raw);
      sizes.push_back(event.data.size());
    });
    EXPECT_THAT(sizes, ElementsAre(4096, 4096, 1808));
  }
}

TEST(Decoder, makes_up_nothing_of_a_long_row_after_running_status) {
  for (const char* const undefined : {"f4", "f5", "f7"}) {
    std::string kinds;
    Decoder decoder;
    decode(bytes("90 3c 40") + bytes(undefined) + repeated(bytes("22"), 10000), {}, decoder,
           [&](const Event& event) { kinds += std::string(info(event.kind).name) + ' '; });
    EXPECT_EQ(kinds, "note-on raw raw raw ");
  }
}

TEST(Decoder, takes_a_sysex_of_megabytes) {
  const std::string sysex = bytes("f0") + repeated(bytes("33"), 3'000'000) + bytes("f7");
  for (const std::size_t piece : {std::size_t{4'000'000}, std::size_t{65'536}}) {
    std::vector<std::string> data;
    Decoder decoder;
    decode(sysex + bytes("90 3c 40") + sysex, {piece}, decoder,
           [&](const Event& event) { data.emplace_back(event.data); });
    EXPECT_TRUE((data == std::vector<std::string>{sysex, "", sysex}));
  }
}

// --- the ends ---

TEST(Decoder, finish_gives_nothing_between_messages) {
  Decoder decoder;
  Event event;
  EXPECT_FALSE(decoder.finish(event));
  const std::string whole = bytes("90 3c 40 f0 01 f7");
  std::string_view left = whole;
  EXPECT_TRUE(decoder.next(left, event));
  EXPECT_TRUE(decoder.next(left, event));
  EXPECT_FALSE(decoder.next(left, event));
  EXPECT_FALSE(decoder.finish(event));
}

TEST(Decoder, finish_gives_what_was_begun_once) {
  for (const char* const begun : {"90 3c", "f0 01 02", "3c", "f2 01", "f4"}) {
    Decoder decoder;
    Event event;
    const std::string stream = bytes(begun);
    std::string_view left = stream;
    EXPECT_FALSE(decoder.next(left, event));
    ASSERT_TRUE(decoder.finish(event)) << begun;
    EXPECT_EQ(test::text_of(event), "raw " + std::string(begun));
    EXPECT_FALSE(decoder.finish(event)) << begun;
  }
}

TEST(Decoder, goes_on_after_finish) {
  Decoder decoder;
  Lines lines;
  const auto feed = [&](const char* stream) {
    decode(bytes(stream), {}, decoder,
           [&](const Event& event) { lines.push_back(test::text_of(event)); });
  };
  feed("90 3c");
  feed("40 41 91 3c 40"); // 40 and 41 belong to nothing now
  feed("f0 01");
  feed("f0 02 f7");
  EXPECT_THAT(lines, ElementsAre("raw 90 3c", "raw 40 41", "note-on 2 60 64", "raw f0 01",
                                 "sysex f0 02 f7"));
}

TEST(Decoder, of_no_bytes_gives_nothing) {
  Decoder decoder;
  Event event;
  std::string_view none;
  EXPECT_FALSE(decoder.next(none, event));
  EXPECT_FALSE(decoder.finish(event));
}

TEST(Decoder, knows_how_many_data_bytes_follow_a_status) {
  std::string counts;
  for (int status = 0x80; status <= 0xff; status += status < 0xf0 ? 16 : 1)
    counts += std::to_string(data_bytes(static_cast<std::uint8_t>(status)));
  EXPECT_EQ(counts, "2222112" // 80 ... e0
                    "0121000000000000");
}

} // namespace
} // namespace mm
