// The clocks that TIME counts on.
#pragma once

#include "event/event.hpp"

#include <cstdint>
#include <ctime>

namespace mm {

enum class ClockKind : std::uint8_t { monotonic, realtime, start };

// Nanoseconds on CLOCK_MONOTONIC: what the tools count on inside.
inline Nanoseconds now(clockid_t clock = CLOCK_MONOTONIC) {
  timespec t{};
  clock_gettime(clock, &t);
  return Nanoseconds{t.tv_sec} * second + t.tv_nsec;
}

// Turns the time of CLOCK_MONOTONIC into the time that is printed.
class Clock {
 public:
  explicit Clock(ClockKind kind = ClockKind::monotonic) : kind_(kind), start_(now()) {}

  [[nodiscard]] Nanoseconds stamp(Nanoseconds monotonic) const {
    switch (kind_) {
    case ClockKind::realtime: return monotonic + now(CLOCK_REALTIME) - now();
    case ClockKind::start: return monotonic > start_ ? monotonic - start_ : 0;
    default: return monotonic;
    }
  }

 private:
  ClockKind kind_;
  Nanoseconds start_;
};

} // namespace mm
