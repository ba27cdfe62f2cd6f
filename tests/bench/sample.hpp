// The stream that all benchmarks use: what a keyboard with wheels and a clock sends. The same on
// every machine.
#pragma once

#include "event/event.hpp"

#include <cstddef>
#include <cstdint>

namespace mm::bench {

class Sample {
 public:
  Event next() {
    constexpr unsigned longest_pause = 20'000'000;
    time_ += 1'000 + below(longest_pause);
    Event event = message();
    event.time = time_;
    event.time_form = TimeForm::absolute;
    return event;
  }

 private:
  Event message() {
    const auto channel = 1 + below(16);
    const auto value = below(128);
    const auto dice = below(100);
    if (dice < 35) return make_event(Kind::note_on, channel, 21 + below(88), 1 + below(127));
    if (dice < 70) return make_event(Kind::note_off, channel, 21 + below(88), value);
    if (dice < 80) return make_event(Kind::control_change, channel, below(120), value);
    if (dice < 85)
      return make_event(Kind::pitch_bend, channel, static_cast<int>(below(16384)) - 8192);
    if (dice < 90) return make_event(Kind::channel_pressure, channel, value);
    return make_event(Kind::clock);
  }

  unsigned below(unsigned n) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<unsigned>((state_ >> 33) % n);
  }

  std::uint64_t state_ = 1;
  Nanoseconds time_ = 12'345 * second;
};

} // namespace mm::bench
