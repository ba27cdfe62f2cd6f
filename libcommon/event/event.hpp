// One MIDI event, as every tool handles it.
#pragma once

#include "event/kind.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mm {

// A time or a span, in nanoseconds. Which clock it counts on, its context says.
using Nanoseconds = std::int64_t;

inline constexpr Nanoseconds second = 1'000'000'000;

// The longest sysex that the tools take, f0 and f7 included, unless told otherwise.
inline constexpr std::size_t default_max_sysex = 16UL * 1024 * 1024;

// What the TIME of an event line says.
enum class TimeForm : std::uint8_t {
  none,     // no TIME: now
  absolute, // on the clock of the tool that made the line
  relative, // "+SECONDS" after the line before
};

// A plain value that owns nothing: `data` and `port` point into the buffer of whoever made the
// event (a line reader, a decoder, a port), and hold until that is asked for its next event.
struct Event {
  Nanoseconds time = 0;
  TimeForm time_form = TimeForm::none;
  Kind kind = Kind::meta;
  std::array<std::int16_t, 3> arg{}; // in the order of the kind's fields, as printed
  std::string_view data; // sysex: f0 ... f7; raw: the bytes; meta: ":NAME" and what follows it
  std::string_view port; // without its '@'; empty: none

  // The channel, 1-16, of a kind that has one.
  [[nodiscard]] int channel() const { return arg[0]; }

  friend bool operator==(const Event&, const Event&) = default;
};

template <class... Args> Event make_event(Kind kind, Args... args) {
  Event event;
  event.kind = kind;
  event.arg = {static_cast<std::int16_t>(args)...};
  return event;
}

inline Event make_bytes(Kind kind, std::string_view data) {
  Event event;
  event.kind = kind;
  event.data = data;
  return event;
}

inline Event make_meta(std::string_view text) { return make_bytes(Kind::meta, text); }

} // namespace mm
