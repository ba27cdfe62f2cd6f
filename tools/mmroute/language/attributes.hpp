// What rules see in an event of any kind: its channel, its number, its value.
#pragma once

#include "event/event.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace mm::route {

// The kind that rules take it for: a note-on with velocity 0 is a note-off.
inline Kind kind_in_rules(const Event& event) {
  return event.kind == Kind::note_on && event.arg[2] == 0 ? Kind::note_off : event.kind;
}

constexpr bool is_note(Kind kind) { return kind == Kind::note_on || kind == Kind::note_off; }
constexpr bool has_key(Kind kind) { return kind <= Kind::poly_pressure; }

// Which argument is the number (note, controller, parameter, program); -1: the kind has none.
constexpr int place_of_number(Kind kind) {
  switch (kind) {
  case Kind::note_off:
  case Kind::note_on:
  case Kind::poly_pressure:
  case Kind::control_change:
  case Kind::program_change:
  case Kind::cc14:
  case Kind::rpn:
  case Kind::nrpn: return 1;
  default: return -1;
  }
}

// Which argument is the value: its velocity, pressure, value, bend, program, beats, song; -1: the
// kind has none.
constexpr int place_of_value(Kind kind) { return info(kind).field_count - 1; }

constexpr bool has_number(Kind kind) { return place_of_number(kind) >= 0; }
constexpr bool has_value(Kind kind) { return place_of_value(kind) >= 0; }

// The range of the value, and of the number, of a kind that has one.
constexpr const Field& value_field(Kind kind) {
  return info(kind).field[static_cast<std::size_t>(place_of_value(kind))];
}
constexpr const Field& number_field(Kind kind) {
  return info(kind).field[static_cast<std::size_t>(place_of_number(kind))];
}

// Whether an event of that kind can end something that was held: a key, a value above 0.
constexpr bool can_end_hold(Kind kind) { return kind != Kind::note_on && has_value(kind); }

// Of kinds that have one.
inline int number_of(const Event& event) {
  return event.arg[static_cast<std::size_t>(place_of_number(event.kind))];
}
inline int value_of(const Event& event) {
  return event.arg[static_cast<std::size_t>(place_of_value(event.kind))];
}

} // namespace mm::route
