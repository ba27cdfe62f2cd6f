// Where values go (--midimonster): channels, the mappings between them, and what events make of
// values and values of events.
//
// A channel is MIDIMonster's word for anything that has a value from 0 to 1: a controller or a note
// of a MIDI channel here, and a name in Python. How mappings are written: mapping.hpp.
#pragma once

#include "event/event.hpp"
#include "event/expand.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace mm::py {

// "ch0.cc7", or "keys.ch0.cc7" of the events that have the tag @keys.
struct MidiChannel {
  enum class Type : std::uint8_t {
    control,    // cc0 ... cc127
    note,       // note0 ... note127; its value is the velocity, 0 when it is off
    pressure,   // pressure0 ... pressure127, of one note
    aftertouch, // the channel's pressure
    pitch,      // the bend
    program,
    rpn, // rpn0 ... rpn16383
    nrpn,
  };

  std::string port; // the tag of its events; empty: a source of any events, a target without tag
  int channel = 1;  // 1-16, as in an event; written 0-15, as MIDIMonster counts them
  Type type = Type::control;
  int number = 0; // of the controller, note or parameter; 0 where the type has none

  friend auto operator<=>(const MidiChannel&, const MidiChannel&) = default;
};

// "level", or "my_handlers.in1" of the function in1 of the module my_handlers.
struct PythonChannel {
  std::string name;

  friend auto operator<=>(const PythonChannel&, const PythonChannel&) = default;
};

using End = std::variant<MidiChannel, PythonChannel>;

struct Mapping {
  End from;
  End to;

  friend auto operator<=>(const Mapping&, const Mapping&) = default;
};

// --- the types of MIDI channels; their ranges are those of the kinds ---

struct TypeInfo {
  MidiChannel::Type type;
  std::string_view name; // in a mapping
  Kind kind;             // of the events that have its values

  [[nodiscard]] constexpr bool has_number() const { return info(kind).field_count == 3; }
  [[nodiscard]] constexpr int most() const { return info(kind).field[1].max; }
  [[nodiscard]] constexpr const Field& value() const { return info(kind).fields().back(); }
};

inline constexpr std::array<TypeInfo, 8> channel_types{{
    {MidiChannel::Type::control, "cc", Kind::control_change},
    {MidiChannel::Type::note, "note", Kind::note_on},
    {MidiChannel::Type::pressure, "pressure", Kind::poly_pressure},
    {MidiChannel::Type::aftertouch, "aftertouch", Kind::channel_pressure},
    {MidiChannel::Type::pitch, "pitch", Kind::pitch_bend},
    {MidiChannel::Type::program, "program", Kind::program_change},
    {MidiChannel::Type::rpn, "rpn", Kind::rpn},
    {MidiChannel::Type::nrpn, "nrpn", Kind::nrpn},
}};

constexpr const TypeInfo& info_of(MidiChannel::Type type) {
  return channel_types[static_cast<std::size_t>(type)];
}

// --- values ---

// The value, 0..1, that an event gives a channel; nothing if it is about something else.
std::optional<double> value_of(const MidiChannel& channel, const Event& event);

// The event that gives the channel the value, which is clamped to 0..1 (what is no number is 0) and
// rounded to the nearest; a note of value 0 is a note-off. Its port points into `channel`.
Event event_of(const MidiChannel& channel, double value);

// --- mappings ---

// Mappings, found by where a value comes from.
class Routes {
 public:
  // A mapping that is there twice counts once.
  explicit Routes(const std::vector<Mapping>& mappings);

  // Calls `sink(mapping, value)` with each mapping that an event is the source of, in their order.
  // What stands for control changes (cc14, rpn, nrpn) is the source of theirs as well.
  template <class Sink> void from_event(const Event& event, Sink&& sink) const {
    const auto route = [&](const Event& message) {
      const auto setting = setting_of(message);
      if (!setting) return;
      const auto found = from_midi_.find(setting->key);
      if (found == from_midi_.end()) return;
      for (const std::uint32_t i : found->second)
        if (takes_port(mappings_[i], message)) sink(mappings_[i], setting->value);
    };
    if (event.kind == Kind::cc14 || event.kind == Kind::rpn || event.kind == Kind::nrpn)
      for_each_message(event, route);
    route(event);
  }

  // Calls `sink(mapping)` with each mapping from the Python channel of that name.
  template <class Sink> void from_python(std::string_view name, Sink&& sink) const {
    const auto found = from_python_.find(name);
    if (found == from_python_.end()) return;
    for (const std::uint32_t i : found->second) sink(mappings_[i]);
  }

  // Whether any source is an rpn or nrpn: then control changes have to be joined first
  // (wire/parameter.hpp).
  [[nodiscard]] bool has_parameters() const { return has_parameters_; }

  [[nodiscard]] const std::vector<Mapping>& mappings() const { return mappings_; }

  // The names of all Python channels, each once, as they come.
  [[nodiscard]] std::vector<std::string> python_channels() const;

 private:
  struct Setting {
    std::uint32_t key; // of the channel, whatever its port
    double value;
  };
  static std::optional<Setting> setting_of(const Event& event);
  static bool takes_port(const Mapping& mapping, const Event& event);

  using Indices = std::vector<std::uint32_t>; // of mappings_
  std::vector<Mapping> mappings_;
  std::unordered_map<std::uint32_t, Indices> from_midi_;
  std::map<std::string, Indices, std::less<>> from_python_;
  bool has_parameters_ = false;
};

} // namespace mm::py
