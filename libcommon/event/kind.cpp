#include "event/kind.hpp"

#include <algorithm>
#include <vector>

namespace mm {

namespace {

constexpr Field channel{"channel", "channel", 1, 16, Field::Form::number};
constexpr Field note{"note", "note", 0, 127, Field::Form::note};

constexpr Field seven_bits(std::string_view name, std::string_view mido) {
  return {name, mido, 0, 127, Field::Form::number};
}

constexpr Field fourteen_bits(std::string_view name, std::string_view mido) {
  return {name, mido, 0, 16383, Field::Form::number};
}

} // namespace

// clang-format off
constexpr std::array<KindInfo, kind_count> kind_table{{
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

static_assert(
    [] {
      for (std::size_t i = 0; i < kind_table.size(); ++i)
        if (kind_table[i].kind != static_cast<Kind>(i)) return false;
      return true;
    }(),
    "each row of the table stands at the place of its Kind");

std::optional<Kind> find_kind(std::string_view name) {
  if (name.empty()) return {};
  for (const KindInfo& row : kind_table)
    if (name == row.name || name == row.alias) return row.kind;
  return {};
}

std::optional<Kind> find_mido_kind(std::string_view name) {
  if (name.empty()) return {};
  for (const KindInfo& row : kind_table)
    if (name == row.mido) return row.kind;
  return {};
}

std::optional<Kind> kind_of_status(std::uint8_t status) {
  static constexpr auto kinds = [] {
    std::array<std::int8_t, 256> of{};
    of.fill(-1);
    for (const KindInfo& row : kind_table) {
      if (row.status == 0) continue;
      const int channels = row.has_channel() ? 16 : 1;
      for (int c = 0; c < channels; ++c)
        of[static_cast<std::size_t>(row.status + c)] = static_cast<std::int8_t>(row.kind);
    }
    return of;
  }();
  const auto kind = kinds[status];
  if (kind < 0) return {};
  return static_cast<Kind>(kind);
}

std::string usage(const KindInfo& kind) {
  std::string text(kind.name);
  for (const Field& field : kind.fields()) {
    text += ' ';
    for (const char c : field.name) text += static_cast<char>(c - 'a' + 'A');
  }
  if (kind.payload == Payload::bytes) text += " HEX...";
  return text;
}

namespace {

// The number of letters to insert, delete, change or swap with their neighbour to get from
// `a` to `b` (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::vector<std::size_t> next(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      next[j] = std::min({row[j] + 1, next[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        next[j] = std::min(next[j], before[j - 2] + 1);
    }
    std::swap(before, row);
    std::swap(row, next);
  }
  return row[b.size()];
}

} // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> names) {
  constexpr std::size_t longest = 32;
  if (word.size() < 2 || word.size() > longest) return {};
  std::string lower(word);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  std::string_view best;
  std::size_t least = std::min<std::size_t>(3, word.size() / 2) + 1;
  for (const std::string_view name : names) {
    if (name.empty()) continue;
    std::size_t d = distance(lower, name);
    if (lower.size() >= 3 && name.starts_with(lower)) d = std::min<std::size_t>(d, 1);
    if (d < least) {
      least = d;
      best = name;
    }
  }
  return best;
}

std::string_view nearest_kind(std::string_view word) {
  std::vector<std::string_view> names;
  for (const KindInfo& row : kind_table) names.push_back(row.name);
  for (const KindInfo& row : kind_table) names.push_back(row.alias);
  return nearest(word, names);
}

} // namespace mm
