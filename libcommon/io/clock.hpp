// The clocks that TIME counts on.
#pragma once

#include "event/event.hpp"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <limits>

namespace mm {

enum class ClockKind : std::uint8_t { monotonic, realtime, start };

// Nanoseconds on CLOCK_MONOTONIC: what the tools count on inside.
inline Nanoseconds now(clockid_t clock = CLOCK_MONOTONIC) {
  timespec t{};
  clock_gettime(clock, &t);
  return Nanoseconds{t.tv_sec} * second + t.tv_nsec;
}

// A span of so many nanoseconds; one that is longer than a Nanoseconds can say is as long as can
// be added to any time.
inline Nanoseconds span_of(double nanoseconds) {
  constexpr Nanoseconds longest = std::numeric_limits<Nanoseconds>::max() / 4;
  constexpr auto most = static_cast<double>(longest);
  return static_cast<Nanoseconds>(std::clamp(nanoseconds, -most, most));
}

// The time that is so much later than another; at most the last one that a Nanoseconds can say.
inline Nanoseconds later(Nanoseconds time, Nanoseconds span) {
  constexpr Nanoseconds last = std::numeric_limits<Nanoseconds>::max();
  return span > last - time ? last : time + span;
}

// Turns the time of CLOCK_MONOTONIC into the time that is printed.
class Clock {
 public:
  explicit Clock(ClockKind kind = ClockKind::monotonic) : kind_(kind), start_(now()) {}

  [[nodiscard]] Nanoseconds stamp(Nanoseconds monotonic) const {
    switch (kind_) {
    case ClockKind::realtime: return monotonic + realtime_offset();
    case ClockKind::start: return monotonic > start_ ? monotonic - start_ : 0;
    default: return monotonic;
    }
  }

 private:
  // The clock on the wall may be set meanwhile, so it is looked at again; but not for each event,
  // or their distances would be those of the looks.
  [[nodiscard]] Nanoseconds realtime_offset() const {
    constexpr Nanoseconds fresh = second;
    const Nanoseconds before = now();
    if (looked_ != 0 && before - looked_ < fresh) return offset_;
    const Nanoseconds wall = now(CLOCK_REALTIME);
    const Nanoseconds after = now();
    offset_ = wall - (before + (after - before) / 2);
    looked_ = after;
    return offset_;
  }

  ClockKind kind_;
  Nanoseconds start_;
  mutable Nanoseconds offset_ = 0;
  mutable Nanoseconds looked_ = 0; // when it was found
};

} // namespace mm
