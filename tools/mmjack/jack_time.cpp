#include "jack_time.hpp"

#include <cstdlib>

namespace mm::jack {

void JackTime::start() {
  constexpr Nanoseconds microsecond = 1000;
  const auto time = static_cast<Nanoseconds>(jack_get_time()) * microsecond;
  is_raw_ = std::abs(now(CLOCK_MONOTONIC_RAW) - time) < std::abs(now() - time);
}

Nanoseconds JackTime::offset() {
  constexpr int tries = 4;
  constexpr Nanoseconds quick = 2000; // else we were interrupted between the looks
  for (int i = 0; i < tries && is_raw_; ++i) {
    const Nanoseconds before = now();
    const Nanoseconds raw = now(CLOCK_MONOTONIC_RAW);
    const Nanoseconds after = now();
    if (after - before > quick && (i + 1 < tries || offset_ != 0)) continue;
    offset_ = before + (after - before) / 2 - raw;
    break;
  }
  return offset_;
}

} // namespace mm::jack
