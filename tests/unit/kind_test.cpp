// The table of kinds: names, aliases, status bytes, usage, and the nearest name.
#include "event/kind.hpp"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

namespace mm {
namespace {

TEST(Kind, usage_of_each) {
  std::vector<std::string> usages;
  for (const KindInfo& row : kind_table) usages.push_back(usage(row));
  EXPECT_THAT(usages,
              testing::ElementsAre( //
                  "note-off CHANNEL NOTE VELOCITY", "note-on CHANNEL NOTE VELOCITY",
                  "poly-pressure CHANNEL NOTE PRESSURE", "control-change CHANNEL CONTROLLER VALUE",
                  "program-change CHANNEL PROGRAM", "channel-pressure CHANNEL PRESSURE",
                  "pitch-bend CHANNEL BEND", "sysex HEX...", "time-code TYPE VALUE",
                  "song-position BEATS", "song-select SONG", "tune-request", "clock", "start",
                  "continue", "stop", "active-sensing", "reset", "raw HEX...",
                  "cc14 CHANNEL NUMBER VALUE", "rpn CHANNEL NUMBER VALUE",
                  "nrpn CHANNEL NUMBER VALUE", ""));
}

TEST(Kind, is_found_by_name_and_alias) {
  const std::vector<std::pair<std::string_view, Kind>> names{
      {"note-off", Kind::note_off},
      {"off", Kind::note_off},
      {"note-on", Kind::note_on},
      {"on", Kind::note_on},
      {"poly-pressure", Kind::poly_pressure},
      {"pp", Kind::poly_pressure},
      {"control-change", Kind::control_change},
      {"cc", Kind::control_change},
      {"program-change", Kind::program_change},
      {"pc", Kind::program_change},
      {"channel-pressure", Kind::channel_pressure},
      {"cp", Kind::channel_pressure},
      {"pitch-bend", Kind::pitch_bend},
      {"pb", Kind::pitch_bend},
      {"sysex", Kind::sysex},
      {"syx", Kind::sysex},
      {"time-code", Kind::time_code},
      {"tc", Kind::time_code},
      {"song-position", Kind::song_position},
      {"spp", Kind::song_position},
      {"song-select", Kind::song_select},
      {"ss", Kind::song_select},
      {"tune-request", Kind::tune_request},
      {"clock", Kind::clock},
      {"start", Kind::start},
      {"continue", Kind::continue_},
      {"stop", Kind::stop},
      {"active-sensing", Kind::active_sensing},
      {"reset", Kind::reset},
      {"raw", Kind::raw},
      {"cc14", Kind::cc14},
      {"rpn", Kind::rpn},
      {"nrpn", Kind::nrpn},
  };
  for (const auto& [name, kind] : names) EXPECT_EQ(find_kind(name), kind) << name;
}

TEST(Kind, is_not_found_by_other_words) {
  for (const std::string_view word : {"", "Note-On", "note_on", "note-on ", "not", ":text", "f8"})
    EXPECT_EQ(find_kind(word), std::nullopt) << word;
}

TEST(Kind, is_found_by_what_mido_calls_it) {
  const std::vector<std::pair<std::string_view, Kind>> names{
      {"note_off", Kind::note_off},
      {"note_on", Kind::note_on},
      {"polytouch", Kind::poly_pressure},
      {"control_change", Kind::control_change},
      {"program_change", Kind::program_change},
      {"aftertouch", Kind::channel_pressure},
      {"pitchwheel", Kind::pitch_bend},
      {"sysex", Kind::sysex},
      {"quarter_frame", Kind::time_code},
      {"songpos", Kind::song_position},
      {"song_select", Kind::song_select},
      {"tune_request", Kind::tune_request},
      {"clock", Kind::clock},
      {"start", Kind::start},
      {"continue", Kind::continue_},
      {"stop", Kind::stop},
      {"active_sensing", Kind::active_sensing},
      {"reset", Kind::reset},
  };
  for (const auto& [name, kind] : names) EXPECT_EQ(find_mido_kind(name), kind) << name;
  for (const std::string_view word : {"", "note-on", "cc14", "raw", "on"})
    EXPECT_EQ(find_mido_kind(word), std::nullopt) << word;
}

TEST(Kind, of_each_status_byte) {
  const std::vector<Kind> channel_messages{
      Kind::note_off,       Kind::note_on,          Kind::poly_pressure, Kind::control_change,
      Kind::program_change, Kind::channel_pressure, Kind::pitch_bend};
  for (int status = 0x80; status < 0xf0; ++status)
    EXPECT_EQ(kind_of_status(static_cast<std::uint8_t>(status)),
              channel_messages[static_cast<std::size_t>(status / 16 - 8)])
        << status;
  std::vector<std::optional<Kind>> system;
  for (int status = 0xf0; status <= 0xff; ++status)
    system.push_back(kind_of_status(static_cast<std::uint8_t>(status)));
  EXPECT_THAT(system, testing::ElementsAre(Kind::sysex, Kind::time_code, Kind::song_position,
                                           Kind::song_select, std::nullopt, std::nullopt,
                                           Kind::tune_request, std::nullopt, Kind::clock,
                                           std::nullopt, Kind::start, Kind::continue_, Kind::stop,
                                           std::nullopt, Kind::active_sensing, Kind::reset));
  for (int data = 0; data < 0x80; ++data)
    EXPECT_EQ(kind_of_status(static_cast<std::uint8_t>(data)), std::nullopt) << data;
}

TEST(Kind, realtime_and_channel_messages) {
  std::string realtime;
  std::string channel;
  for (const KindInfo& row : kind_table) {
    if (is_realtime(row.kind)) realtime += std::string(row.name) + ' ';
    if (is_channel_message(row.kind)) channel += std::string(row.name) + ' ';
  }
  EXPECT_EQ(realtime, "clock start continue stop active-sensing reset ");
  EXPECT_EQ(channel, "note-off note-on poly-pressure control-change program-change "
                     "channel-pressure pitch-bend ");
}

TEST(Kind, nearest_is_what_was_meant) {
  const std::vector<std::pair<std::string_view, std::string_view>> words{
      {"note-no", "note-on"}, // two letters swapped
      {"no", "on"},
      {"noteon", "note-on"},         // one left out
      {"note_on", "note-on"},        // one changed
      {"Note-On", "note-on"},        // capitals
      {"control", "control-change"}, // only begun
      {"ControlChange", "control-change"},
      {"pitchbend", "pitch-bend"},
      {"sysx", "sysex"},
      {"clok", "clock"},
      {"prgram-chnge", "program-change"},
      {"xyzzy", ""}, // near to nothing
      {"q", ""},     // too short to tell
      {"", ""},
      {"note-on-and-on-and-on-and-on-and-on", ""}, // too long to be worth it
  };
  for (const auto& [word, meant] : words) EXPECT_EQ(nearest_kind(word), meant) << word;
}

TEST(Kind, nearest_of_other_names) {
  const std::vector<std::string_view> names{"channel", "", "note", "velocity"};
  EXPECT_EQ(nearest("velocty", names), "velocity");
  EXPECT_EQ(nearest("chan", names), "channel");
  EXPECT_EQ(nearest("pressure", names), "");
  EXPECT_EQ(nearest("note", std::vector<std::string_view>{}), "");
}

} // namespace
} // namespace mm
