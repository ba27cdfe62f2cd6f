#include "world/tempo.hpp"

#include "io/clock.hpp"

#include <algorithm>
#include <cmath>

namespace mm::route {

namespace {

constexpr double minute = 60e9; // nanoseconds

} // namespace

void Tempo::set(double beats) {
  constexpr double slowest = 1;
  constexpr double fastest = 10'000;
  beat_ = minute / std::clamp(beats, slowest, fastest);
}

double Tempo::beats_per_minute() const { return minute / beat_; }

void Tempo::clock(Nanoseconds time) {
  // What is further apart is no clock, but a clock that had stopped.
  constexpr Nanoseconds longest = 3 * second;
  constexpr double weight = 1.0 / 12; // of a new one: half a beat sets it, and jitter goes under
  const Nanoseconds span = time - last_clock_;
  const bool goes_on = last_clock_ >= 0 && span > 0 && span < longest;
  if (goes_on) {
    const auto now = static_cast<double>(span);
    // One that is far off is a new tempo.
    const bool is_new = clock_span_ == 0 || now > clock_span_ * 1.5 || now < clock_span_ * 0.5;
    clock_span_ = is_new ? now : clock_span_ + (now - clock_span_) * weight;
    if (!is_fixed_) beat_ = clock_span_ * clocks_per_beat;
  }
  last_clock_ = time;
  ++clocks_;
  is_by_clock_ = !is_fixed_;
}

Nanoseconds Tempo::origin() const {
  if (!is_by_clock_) return origin_;
  // The beat that the last clock is in began so much earlier.
  const auto within = static_cast<double>((clocks_ - 1) % clocks_per_beat) / clocks_per_beat;
  return last_clock_ - span_of(within * beat_);
}

void Tempo::start(Nanoseconds time) {
  clocks_ = 0;
  last_clock_ = -1;
  is_by_clock_ = false;
  origin_ = time;
}

void Tempo::tap(Nanoseconds time) {
  constexpr Nanoseconds longest = 3 * second; // 20 beats a minute
  const Nanoseconds span = time - last_tap_;
  if (last_tap_ >= 0 && span > 0 && span < longest) set(minute / static_cast<double>(span));
  last_tap_ = time;
  is_by_clock_ = false;
  origin_ = time;
}

Nanoseconds Tempo::span(const Duration& duration) const {
  if (!duration.is_note_value()) return duration.time;
  constexpr double beats_per_whole = 4;
  return span_of(std::round(beat_ * beats_per_whole * duration.numerator / duration.denominator));
}

Nanoseconds Tempo::until_grid(const Duration& step, Nanoseconds time) const {
  const Nanoseconds span = std::max<Nanoseconds>(this->span(step), 1);
  const Nanoseconds within = (time - origin()) % span;
  if (within == 0) return 0;
  return within > 0 ? span - within : -within;
}

} // namespace mm::route
