// What time it is for the rules: by the clock, or with a virtual clock by the events alone.
#pragma once

#include "event/event.hpp"
#include "io/clock.hpp"

#include <algorithm>
#include <limits>

namespace mm::route {

// Passive: who uses it says what the clock shows.
class Timekeeper {
 public:
  explicit Timekeeper(bool is_virtual) : is_virtual_(is_virtual) {}

  [[nodiscard]] bool is_virtual() const { return is_virtual_; }

  // The time of what is handled, on which delays count.
  [[nodiscard]] Nanoseconds clock() const { return clock_; }

  // The clock shows that now; the virtual one does not mind.
  void look(Nanoseconds now) {
    if (!is_virtual_) clock_ = now;
  }

  // --- with the virtual clock ---

  // An event has been read, and will be handled; the clock stays where it is until then.
  void read(const Event& event) {
    if (event.time_form == TimeForm::absolute)
      read_ = event.time;
    else if (event.time_form == TimeForm::relative)
      read_ = later(read_, event.time);
  }
  // When that event is.
  [[nodiscard]] Nanoseconds last_read() const { return read_; }

  // The clock goes on to `time`.
  void advance(Nanoseconds time) { clock_ = std::max(clock_, time); }

  // --- both ---

  // An event is handled from now on.
  void hear(const Event& event) {
    if (event.time_form != TimeForm::absolute) return;
    constexpr Nanoseconds most = 50'000'000; // what comes later still has another clock
    const Nanoseconds lag = clock_ - event.time;
    if (lag < lag_ || lag - most > lag_) lag_ = lag;
  }
  // The clock of that event, from which delays count. Events with a TIME come more or less late;
  // what comes of them later is to keep their order and distances: so it is their TIME, and the
  // least delay heard of; but not before `earliest`, for the clock of what waits.
  [[nodiscard]] Nanoseconds when(const Event& event, Nanoseconds earliest) const {
    if (is_virtual_ || event.time_form != TimeForm::absolute) return clock_;
    return std::max(event.time + lag_, earliest);
  }

 private:
  bool is_virtual_;
  Nanoseconds clock_ = 0;
  Nanoseconds read_ = 0; // the virtual time of the last event that was read
  // From TIME to clock_, at the quickest: at first that of the first event.
  Nanoseconds lag_ = std::numeric_limits<Nanoseconds>::max();
};

} // namespace mm::route
