// What rules say, read: the tree that the parser makes, and that is compiled, explained and drawn.
// mmroute(5) has the language.
#pragma once

#include "event/event.hpp"
#include "event/filter.hpp"
#include "language/number_set.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace mm::route {

// A text with rules: a file, or an argument.
struct Text {
  std::string name; // what messages call it
  std::string content;
};

// Where something stands.
struct Place {
  std::uint32_t text = 0;   // which of the texts
  std::uint32_t line = 0;   // from 0
  std::uint32_t column = 0; // of a byte, from 0
};

// --- numbers ---

// {EXPRESSION}, in postfix order.
struct Term {
  enum class Op : std::uint8_t {
    constant, // `value`
    field,    // of the event in hand; `value` is a FieldName
    variable, // `value` is its place
    add,
    subtract,
    multiply,
    divide,
    modulo,
    negate,
  };
  Op op = Op::constant;
  std::int32_t value = 0;
};

enum class FieldName : std::uint8_t {
  channel,
  note,
  velocity,
  pressure,
  controller,
  program,
  bend,
  number,
  value,
  tempo, // beats a minute, rounded
};

struct Expression {
  std::vector<Term> terms;
};

// Where an action takes a number: that, or what the expression gives.
struct Operand {
  std::int32_t number = 0;
  std::optional<Expression> expression{};

  [[nodiscard]] bool is_constant() const { return !expression; }
};

// A time: seconds, or a note value, which the tempo makes a time of.
struct Duration {
  Nanoseconds time = 0;
  std::int32_t numerator = 0; // of a whole note; 0: it is a time
  std::int32_t denominator = 1;

  [[nodiscard]] bool is_note_value() const { return numerator != 0; }
};

// The notes of a scale: bit 0 is C, bit 11 B.
struct Scale {
  std::uint16_t notes = 0;
  std::uint8_t root = 0; // 0 is C

  [[nodiscard]] bool has(int note) const { return (notes >> (note % 12) & 1) != 0; }
};

// --- patterns ---

// A test, or several that are joined. Words of the language that say the same are the same test:
// `key C2..B3` is a kind (notes and poly pressure) and a number, `zone lower` a set of channels.
struct Pattern {
  enum class Op : std::uint8_t {
    any,      // every event but meta events
    kinds,    // one of `kinds`; a note-on with velocity 0 is a note-off
    channel,  // in `numbers`; no event without a channel
    number,   // of the note, the controller, the parameter or the program, in `numbers`
    value,    // velocity, pressure, value, bend, ..., in `numbers`
    port,     // is `text`; or begins with it: `is_prefix`. No event without a port
    variable, // `variable` has a value in `numbers`
    bytes,    // of a sysex, without f0 and f7: `bytes`
    meta,     // a meta event called `text`, with its ':'
    rises,    // the value goes from below `numbers`' only number to it or above
    falls,    // the other way
    held,     // so long: from `least` to `most`
    other,    // "else": no rule before it took the event
    not_,     // of one
    and_,     // of two or more
    or_,
  };
  Op op = Op::any;
  KindSet kinds{};
  NumberSet numbers{};
  std::string text{};
  bool is_prefix = false;
  std::uint32_t variable = 0;
  std::vector<std::int16_t> bytes{}; // -1: any one byte
  bool is_open = false;              // any number of bytes may follow
  Nanoseconds least = 0;
  Nanoseconds most = 0;
  std::vector<Pattern> of{};
};

// --- actions ---

enum class Attribute : std::uint8_t { channel, key };

struct Pass {};
struct Drop {};
struct ToPorts {
  std::vector<std::string> ports; // one or more
};
// ch 3; ch 1,2; key 36; ch +1
struct Put {
  Attribute what = Attribute::channel;
  std::vector<Operand> to;  // a copy for each
  bool is_relative = false; // then there is one
};
// ch 1..4 to 5..8; key 36,38 to 60
struct Map {
  Attribute what = Attribute::channel;
  std::vector<std::int32_t> from;
  std::vector<std::int32_t> to; // as many, or one
};
struct Transpose {
  Operand by;
  std::optional<Scale> in;
};
struct Snap {
  Scale to;
};
struct Chord {
  std::vector<std::int32_t> intervals;
  std::optional<Scale> in; // then they are degrees
};
// vel ..., value ...
struct Shape {
  enum class How : std::uint8_t { set, add, scale, curve, clip, compress, invert, points };
  bool is_velocity = false; // else the value of all that is no note
  How how = How::set;
  Operand operand{};    // set, add
  double factor = 1;    // scale; curve; compress: the ratio
  std::int32_t low = 0; // clip; compress: the threshold
  std::int32_t high = 0;
  std::vector<std::pair<std::int32_t, std::int32_t>>
      points{}; // rising by the first; between them straight lines
};
// cc 7; bend; note 60: becomes that kind. cc 20..27 to 70..77: another number, within the kind.
struct Convert {
  Kind kind = Kind::control_change;
  Operand number{}; // of kinds that have one
  std::vector<std::int32_t> from{};
  std::vector<std::int32_t> to{}; // not empty: only events of that kind whose number is in `from`
};
// An event line whose numbers may be expressions.
struct Send {
  Nanoseconds after = 0;
  Kind kind = Kind::meta;
  std::array<Operand, 3> arg{};
  std::vector<Operand> bytes{}; // of sysex (f0 ... f7 included) and raw
  // Of a meta event: text and, after it, perhaps a number.
  struct Piece {
    std::string text;
    std::optional<Expression> number{};
  };
  std::vector<Piece> pieces{};
  std::string port{}; // empty: that of the event in hand
};
struct SetVariable {
  std::uint32_t variable = 0;
  bool is_relative = false;
  Operand to{};
};
struct Count {
  std::uint32_t variable = 0;
  std::int32_t first = 0;
  std::int32_t last = 0;
};
struct ChooseScene {
  enum class Which : std::uint8_t { scene, next, previous, number };
  Which which = Which::next;
  std::uint32_t scene = 0; // its place in Script::scenes
  Operand number{};        // 1: the first
};
struct Tap {};
struct Panic {};
struct NoDuplicates {};
struct Toggle {};
struct Latch {};
// mono, poly N
struct Voices {
  enum class Priority : std::uint8_t {
    last,
    low,
    high,
    oldest
  }; // oldest: `poly`, where the oldest one goes
  std::int32_t most = 1;
  Priority priority = Priority::last;
};
struct Pedal {
  bool is_sostenuto = false; // cc 66; else sustain, cc 64
};
struct Long {
  Duration time;
};
struct Relative {
  enum class Coding : std::uint8_t { twos, offset, sign };
  Coding coding = Coding::twos;
  std::int32_t low = 0;
  std::int32_t high = 127;
};
struct Delay {
  Duration time;
};
struct Echo {
  Duration time;
  std::int32_t times = 3;
  double fade = 0.6;
  std::int32_t transpose = 0; // each one by so much more
};
struct Length {
  Duration time;
};
struct Hold {
  Duration time;
};
struct Strum {
  Duration time;
};
struct Quantize {
  Duration grid;
};
struct Humanize {
  Duration time;
  std::int32_t velocity = 0;
};
struct Arpeggio {
  enum class Style : std::uint8_t { up, down, up_down, as_played, random };
  Style style = Style::up;
  Duration step{};
  std::int32_t octaves = 1;
  double gate = 0.5; // of a step
};
struct Divide {
  std::int32_t by = 2;
};
struct Multiply {
  std::int32_t by = 2;
};
// An MPE zone (MIDI Polyphonic Expression 1.0, "Zones").
struct Zone {
  bool is_upper = false;
  std::int32_t members = 15;

  [[nodiscard]] int master() const { return is_upper ? 16 : 1; }
  // Of the member, from 0.
  [[nodiscard]] int channel(int member) const { return is_upper ? 15 - member : 2 + member; }
};
struct Spread {
  Zone zone;
};
struct Fold {
  std::int32_t channel = 1;
};
struct BendRange {
  std::int32_t from = 48; // semitones
  std::int32_t to = 2;
};

struct Action {
  std::variant<Pass, Drop, ToPorts, Put, Map, Transpose, Snap, Chord, Shape, Convert, Send,
               SetVariable, Count, ChooseScene, Tap, Panic, NoDuplicates, Toggle, Latch, Voices,
               Pedal, Long, Relative, Delay, Echo, Length, Hold, Strum, Quantize, Humanize,
               Arpeggio, Divide, Multiply, Spread, Fold, BendRange>
      form;
  Place place{};
  std::string text{}; // as it is written
};

// --- rules ---

struct Rule {
  enum class On : std::uint8_t { event, enter, leave };
  On on = On::event;
  Pattern pattern{};
  std::vector<Action> actions{};
  bool goes_on = false; // "also"
  Place place{};
  std::string text{}; // as it is written, on one line
  std::string pattern_text{};
};

struct Scene {
  std::uint32_t name = 0; // its place in Script::scenes
  std::vector<Rule> rules{};
};

// What stands between two "then".
struct Group {
  std::vector<Rule> rules{}; // of all scenes
  std::vector<Scene> scenes{};
};

struct Script {
  std::vector<Group> groups{}; // one at least
  std::vector<std::string> variables{};
  std::vector<std::string> scenes{}; // all names, in their order
};

// Calls `visit` with each rule, those of the scenes included.
template <class Visit> void for_each_rule(const Script& script, Visit&& visit) {
  for (const Group& group : script.groups) {
    for (const Rule& rule : group.rules) visit(rule);
    for (const Scene& scene : group.scenes)
      for (const Rule& rule : scene.rules) visit(rule);
  }
}

} // namespace mm::route
