// MIDIMonster's mappings (--midimonster --map): which channel's values go to which other channel.
//
//     keys.ch0.cc7 > py.level               from left to right
//     py.lights.dim < ch0.note{36..43}      from right to left, eight notes to one function
//     ch0.pitch <> py.bend                  both ways
//
// A channel is MIDIMonster's word for anything that has a value from 0 to 1: a controller or a note
// of a MIDI channel here, and a name in Python. Text in, mappings out: no files and no Python.
#pragma once

#include "event/event.hpp"
#include "event/expand.hpp"
#include "event/result.hpp"

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

// "[PORT.]ch0.cc7", or channel0 for ch0. PORT may have dots in it: the last two words are the rest,
// and a name whose last word but one is such as ch0 means nothing else.
// In a configuration file of MIDIMonster it is the name of an instance ([midi keys]), so events of
// `keys.ch0.cc7` are those that have the tag @keys.
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

// "INSTANCE.NAME" or "INSTANCE.MODULE.FUNCTION". There is one interpreter here, so INSTANCE may be
// any word, and is not kept.
struct PythonChannel {
  std::string name; // "level", "my_handlers.in1"

  friend auto operator<=>(const PythonChannel&, const PythonChannel&) = default;
};

using End = std::variant<MidiChannel, PythonChannel>;

struct Mapping {
  End from;
  End to;

  friend auto operator<=>(const Mapping&, const Mapping&) = default;
};

// As MIDIMonster writes it, and as it is read: "keys.ch0.cc7", and "py.level" with py as INSTANCE.
std::string to_string(const End& end);

// Whether it is "NAME" or "MODULE.FUNCTION": words that Python takes for names, joined by dots.
bool is_python_name(std::string_view text);

// Whether an argument of --map is a mapping; it is the name of a file otherwise.
inline bool is_mapping(std::string_view text) {
  return text.find_first_of("<>") != std::string_view::npos;
}

// As many channels as one side of a mapping may stand for, and mappings as a text may.
inline constexpr std::size_t most_channels = 65536;
inline constexpr std::size_t most_mappings = 4 * most_channels;

// "A > B", "A < B", "A <> B". A name may have ranges in it, {1..16}, {16..1} or {a,b,c}: it stands
// for one channel after the other, where the last range counts fastest. Then the other side has as
// many, or it has one, which they all are joined to.
//
// What is wrong is an error of usage: "NAME:1:COLUMN: what", the line, and a caret below it. NAME
// is what the text is called.
Result<std::vector<Mapping>> parse_mapping(std::string_view text, std::string_view name);

struct MapFile {
  std::vector<Mapping> mappings;
  std::vector<std::string> modules; // as written: a path from the file's folder, or a module's name
  std::string default_handler;      // MODULE.FUNCTION; empty: none
};

// The text of a file: a mapping a line. Blank lines and those that begin with ';' or '#' are passed
// over. MIDIMonster's own files are read as they are: [map] begins mappings, and [python NAME]
// the options `module` and `default-handler`; what is in other sections is passed over. Which
// instance is of which backend is kept in mind: a mapping of one that is neither MIDI nor Python is
// an error, as is [include FILE].
Result<MapFile> parse_map_file(std::string_view text, std::string_view name);

// The value, 0..1, that an event gives a channel; nothing if it is about something else.
std::optional<double> value_of(const MidiChannel& channel, const Event& event);

// The event that gives the channel the value, which is clamped to 0..1 (what is no number is 0) and
// rounded to the nearest; a note of value 0 is a note-off. Its port points into `channel`.
Event event_of(const MidiChannel& channel, double value);

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
