// Beats as times: by a tempo that was told, by the MIDI clock that comes in, or by taps.
#pragma once

#include "language/syntax.hpp"

#include <cstdint>

namespace mm::route {

class Tempo {
 public:
  static constexpr int clocks_per_beat = 24; // MIDI 1.0, "Timing Clock"

  // `beats` a minute, above 0. With `is_fixed` the MIDI clock does not change it.
  explicit Tempo(double beats = 120, bool is_fixed = false) : is_fixed_(is_fixed) { set(beats); }

  // From now on it is this.
  void set(double beats);
  // The stream says so; where the tempo is fixed it does not count.
  void follow(double beats) {
    if (!is_fixed_) set(beats);
  }
  // The incoming stream has begun; a time grid in seconds starts here.
  void begin(Nanoseconds time) { origin_ = time; }

  // Messages of the MIDI clock, at their times.
  void clock(Nanoseconds time);
  void start(Nanoseconds time);
  void stop() {
    origin_ = origin();
    is_by_clock_ = false;
    last_clock_ = -1;
  }
  // Somebody taps beats: the second one, and those behind it, set the tempo.
  void tap(Nanoseconds time);

  [[nodiscard]] double beats_per_minute() const;
  // A Duration at this tempo.
  [[nodiscard]] Nanoseconds span(const Duration& duration) const;
  // From that time to the next point of a grid of such steps: 0 on a point. The grid starts with
  // the MIDI clock's start, or with the stream.
  [[nodiscard]] Nanoseconds until_grid(const Duration& step, Nanoseconds time) const;

 private:
  [[nodiscard]] Nanoseconds origin() const;

  bool is_fixed_;
  double beat_ = 5e8;           // nanoseconds
  Nanoseconds origin_ = 0;      // a point where a beat begins
  bool is_by_clock_ = false;    // the last MIDI clock says where beats begin, and not origin_
  Nanoseconds last_clock_ = -1; // when; -1: none since the clock stands
  std::int64_t clocks_ = 0;     // since the start
  double clock_span_ = 0;       // smoothed
  Nanoseconds last_tap_ = -1;
};

} // namespace mm::route
