// The one table of event kinds.
//
// Everything that has to know what a note-on is reads this table: the parsers and
// printers of each format, the MIDI byte codec, the messages about faults, --only and
// --not, and the completions. A new kind is a new row (HACKING.md says what else).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mm {

enum class Kind : std::uint8_t {
  note_off,
  note_on,
  poly_pressure,
  control_change,
  program_change,
  channel_pressure,
  pitch_bend,
  sysex,
  time_code,
  song_position,
  song_select,
  tune_request,
  clock,
  start,
  continue_,
  stop,
  active_sensing,
  reset,
  raw,  // bytes that are no MIDI message, or that the user wants sent as they are
  cc14, // stands for two control changes (MIDI 1.0, "Control Change", controllers 0-31)
  rpn,  // stands for four control changes ("Registered Parameter Numbers")
  nrpn,
  meta, // ":NAME ...": about the stream; never sent as MIDI
};

inline constexpr std::size_t kind_count = static_cast<std::size_t>(Kind::meta) + 1;

// One argument of a kind: its name, the range of its value, and how people write it.
struct Field {
  enum class Form : std::uint8_t { number, note };
  std::string_view name;
  std::string_view mido; // what mido calls it
  std::int16_t min = 0;
  std::int16_t max = 0;
  Form form = Form::number;
};

// What follows the fields of a kind.
enum class Payload : std::uint8_t { none, bytes, text };

struct KindInfo {
  Kind kind;
  std::string_view name;  // as printed
  std::string_view alias; // read as well; may be empty
  std::string_view mido;  // mido's name; empty where mido has no such message
  std::uint8_t status;    // MIDI status byte, channel 0; 0 where there is no single one
  std::uint8_t field_count;
  std::array<Field, 3> field;
  Payload payload;

  [[nodiscard]] constexpr std::span<const Field> fields() const {
    return {field.data(), field_count};
  }
  // Whether the first field is a channel.
  [[nodiscard]] constexpr bool has_channel() const {
    return field_count > 0 && field[0].name == "channel";
  }
};

inline constexpr std::array<KindInfo, kind_count> kind_table = [] {
  constexpr Field channel{"channel", "channel", 1, 16, Field::Form::number};
  constexpr Field note{"note", "note", 0, 127, Field::Form::note};
  constexpr auto seven_bits = [](std::string_view name, std::string_view mido) {
    return Field{name, mido, 0, 127, Field::Form::number};
  };
  constexpr auto fourteen_bits = [](std::string_view name, std::string_view mido) {
    return Field{name, mido, 0, 16383, Field::Form::number};
  };
  // clang-format off
  return std::array<KindInfo, kind_count>{{
    {Kind::note_off,         "note-off",         "off", "note_off",       0x80, 3, {channel, note, seven_bits("velocity", "velocity")}, Payload::none},
    {Kind::note_on,          "note-on",          "on",  "note_on",        0x90, 3, {channel, note, seven_bits("velocity", "velocity")}, Payload::none},
    {Kind::poly_pressure,    "poly-pressure",    "pp",  "polytouch",      0xa0, 3, {channel, note, seven_bits("pressure", "value")}, Payload::none},
    {Kind::control_change,   "control-change",   "cc",  "control_change", 0xb0, 3, {channel, seven_bits("controller", "control"), seven_bits("value", "value")}, Payload::none},
    {Kind::program_change,   "program-change",   "pc",  "program_change", 0xc0, 2, {channel, seven_bits("program", "program")}, Payload::none},
    {Kind::channel_pressure, "channel-pressure", "cp",  "aftertouch",     0xd0, 2, {channel, seven_bits("pressure", "value")}, Payload::none},
    {Kind::pitch_bend,       "pitch-bend",       "pb",  "pitchwheel",     0xe0, 2, {channel, {"bend", "pitch", -8192, 8191, Field::Form::number}}, Payload::none},
    {Kind::sysex,            "sysex",            "syx", "sysex",          0xf0, 0, {}, Payload::bytes},
    {Kind::time_code,        "time-code",        "tc",  "quarter_frame",  0xf1, 2, {{{"type", "frame_type", 0, 7, Field::Form::number}, {"value", "frame_value", 0, 15, Field::Form::number}}}, Payload::none},
    {Kind::song_position,    "song-position",    "spp", "songpos",        0xf2, 1, {fourteen_bits("beats", "pos")}, Payload::none},
    {Kind::song_select,      "song-select",      "ss",  "song_select",    0xf3, 1, {seven_bits("song", "song")}, Payload::none},
    {Kind::tune_request,     "tune-request",     "",    "tune_request",   0xf6, 0, {}, Payload::none},
    {Kind::clock,            "clock",            "",    "clock",          0xf8, 0, {}, Payload::none},
    {Kind::start,            "start",            "",    "start",          0xfa, 0, {}, Payload::none},
    {Kind::continue_,        "continue",         "",    "continue",       0xfb, 0, {}, Payload::none},
    {Kind::stop,             "stop",             "",    "stop",           0xfc, 0, {}, Payload::none},
    {Kind::active_sensing,   "active-sensing",   "",    "active_sensing", 0xfe, 0, {}, Payload::none},
    {Kind::reset,            "reset",            "",    "reset",          0xff, 0, {}, Payload::none},
    {Kind::raw,              "raw",              "",    "",               0,    0, {}, Payload::bytes},
    {Kind::cc14,             "cc14",             "",    "",               0,    3, {channel, {"number", "", 0, 31, Field::Form::number}, fourteen_bits("value", "")}, Payload::none},
    {Kind::rpn,              "rpn",              "",    "",               0,    3, {channel, fourteen_bits("number", ""), fourteen_bits("value", "")}, Payload::none},
    {Kind::nrpn,             "nrpn",             "",    "",               0,    3, {channel, fourteen_bits("number", ""), fourteen_bits("value", "")}, Payload::none},
    {Kind::meta,             "",                 "",    "",               0,    0, {}, Payload::text},
  }};
  // clang-format on
}();

constexpr const KindInfo& info(Kind kind) { return kind_table[static_cast<std::size_t>(kind)]; }

// The kind of that name or alias; nothing for an unknown one.
std::optional<Kind> find_kind(std::string_view name);

// The kind that mido calls so.
std::optional<Kind> find_mido_kind(std::string_view name);

// The kind of a MIDI status byte (0x80-0xff); nothing for the undefined ones
// (f4, f5, f9, fd) and for f7, which ends a sysex and starts nothing.
std::optional<Kind> kind_of_status(std::uint8_t status);

// Realtime messages (MIDI 1.0, "System Real Time"): one byte, f8-ff, that may stand inside
// another message.
constexpr bool is_realtime(Kind kind) { return kind >= Kind::clock && kind <= Kind::reset; }

// note-off ... pitch-bend: what MIDI 1.0 calls channel messages.
constexpr bool is_channel_message(Kind kind) { return kind <= Kind::pitch_bend; }

// How a kind is written: "note-on CHANNEL NOTE VELOCITY".
std::string usage(const KindInfo& kind);

// The name among `names` that is most like `word`, for "did you mean"; empty if none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> names);

// The same among the names and aliases of all kinds.
std::string_view nearest_kind(std::string_view word);

} // namespace mm
