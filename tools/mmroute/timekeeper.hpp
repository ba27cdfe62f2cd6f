// What time it is for the rules: by the clock, or with a virtual clock by the events alone.
#pragma once

#include "event/event.hpp"
#include "io/clock.hpp"

#include <algorithm>
#include <optional>

namespace mm::route {

// Passive: who uses it says what the clock shows. Of a process that was stopped (SIGSTOP) no time
// goes by, so that what it has missed is not done all at once.
class Timekeeper {
 public:
  explicit Timekeeper(bool is_virtual) : is_virtual_(is_virtual) {}

  [[nodiscard]] bool is_virtual() const { return is_virtual_; }

  // The time of what is handled, on which delays count.
  [[nodiscard]] Nanoseconds clock() const { return clock_; }

  // --- by the clock ---

  // It shows that now.
  void look(Nanoseconds now) {
    if (!is_virtual_) clock_ = now - stopped_;
  }
  // What is due at `time` is due in so much.
  [[nodiscard]] Nanoseconds until(Nanoseconds time, Nanoseconds now) const {
    return std::max<Nanoseconds>(time + stopped_ - now, 0);
  }
  // It was to wait for `span` at most, and `waited` has gone by.
  void has_waited(Nanoseconds span, Nanoseconds waited) {
    if (waited - span > longest_delay) stopped_ += waited - span;
  }

  // --- by the events ---

  // An event has been read. Returns its time on the virtual clock, which stays where it is.
  Nanoseconds read(const Event& event) {
    if (event.time_form == TimeForm::absolute)
      read_ = event.time;
    else if (event.time_form == TimeForm::relative)
      read_ = later(read_, event.time);
    return read_;
  }
  [[nodiscard]] Nanoseconds last_read() const { return read_; }

  // The clock goes on to `time`.
  void advance(Nanoseconds time) { clock_ = std::max(clock_, time); }

  // --- both ---

  // The clock of an event that is handled, from which delays count. Events with a TIME come more or
  // less late; what comes of them later is to keep their order and distances: so it is their TIME,
  // and the least delay seen; but not before `earliest`, for the clock of what waits.
  Nanoseconds when(const Event& event, Nanoseconds earliest) {
    if (is_virtual_ || event.time_form != TimeForm::absolute) return clock_;
    constexpr Nanoseconds most = 50'000'000; // what comes later still has another clock
    const Nanoseconds lag = clock_ - event.time;
    if (!lag_ || lag < *lag_ || lag - *lag_ > most) lag_ = lag;
    return std::max(event.time + *lag_, earliest);
  }

 private:
  // A machine under load runs a process so late at most.
  static constexpr Nanoseconds longest_delay = second;

  bool is_virtual_;
  Nanoseconds clock_ = 0;
  Nanoseconds stopped_ = 0;        // so long, by now
  Nanoseconds read_ = 0;           // the virtual time of the last event that was read
  std::optional<Nanoseconds> lag_; // from TIME to clock_, at the quickest
};

} // namespace mm::route
