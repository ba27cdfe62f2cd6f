// When each line of the input is to be played.
#pragma once

#include "event/event.hpp"
#include "io/clock.hpp"

#include <optional>

namespace mm {

// Turns the TIMEs of lines into times on CLOCK_MONOTONIC, without drift: each is counted from
// the one before or from the first, and never from when that was really sent.
class Timeline {
 public:
  // Absolute times count only where `timed`. `speed` 2 plays twice as fast. The first line is
  // played at `start`; 0: when it comes.
  Timeline(bool timed, double speed, Nanoseconds start)
      : timed_(timed), speed_(speed), last_(start), fixed_start_(start != 0) {}

  // When to play `event`, which came at `now`; 0: at once.
  Nanoseconds due(const Event& event, Nanoseconds now);

  // The input starts again: its first time is when the last line was played.
  void restart() { origin_.reset(); }

 private:
  [[nodiscard]] Nanoseconds scaled(Nanoseconds span) const {
    return speed_ == 1 ? span : span_of(static_cast<double>(span) / speed_);
  }

  bool timed_;
  double speed_;
  std::optional<Nanoseconds> origin_; // the TIME that is played at begin_
  Nanoseconds begin_ = 0;
  Nanoseconds last_; // when the line before was due
  bool fixed_start_;
};

} // namespace mm
