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

extern const std::array<KindInfo, kind_count> kind_table;

inline const KindInfo& info(Kind kind) { return kind_table[static_cast<std::size_t>(kind)]; }

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
