// The TIME of what a filter sends: that of what made it send.
#pragma once

#include "io/clock.hpp"

#include <algorithm>
#include <utility>

namespace mm::py {

class Stamp {
 public:
  // An event of the input is handled from now on.
  void begin(const Event& event) {
    form_ = event.time_form;
    last_form_ = form_;
    has_come_ = true;
    if (form_ == TimeForm::absolute) {
      time_ = event.time;
      latest_ = std::max(latest_, time_);
      pending_ = 0;
    } else if (form_ == TimeForm::relative) {
      pending_ = std::min(later(pending_, event.time), longest);
    }
  }

  // Something else, which happens at that time, is handled from now on.
  void begin(Nanoseconds time) {
    form_ = TimeForm::absolute;
    time_ = time;
  }

  // Something was sent at that time by another way.
  void has_sent_at(Nanoseconds time) { latest_ = std::max(latest_, time); }

  // The end of the stream is handled from now on: at the time of the last event that came, or of
  // what was sent later.
  void begin_end() {
    if (!has_come_) return;
    form_ = last_form_;
    time_ = latest_;
  }

  // Whether that is the time of the event already.
  [[nodiscard]] bool is_on(const Event& event) const {
    return form_ == TimeForm::absolute && event.time_form == form_ && event.time == time_;
  }

  // Gives an event that is sent its time.
  void put_on(Event& event) {
    if (form_ == TimeForm::absolute) {
      latest_ = std::max(latest_, time_);
      event.time = time_;
      event.time_form = TimeForm::absolute;
      return;
    }
    // "+0.25" counts from the line before. So the first one that is sent has what has gone by since
    // the last one, whatever was dropped between them; and the next one nothing.
    const bool is_timed = form_ == TimeForm::relative || pending_ > 0;
    event.time = std::exchange(pending_, 0);
    event.time_form = is_timed ? TimeForm::relative : TimeForm::none;
  }

 private:
  static constexpr Nanoseconds longest = 9'000'000'000 * second; // that a line can say

  TimeForm form_ = TimeForm::none;
  TimeForm last_form_ = TimeForm::absolute; // of the events that came
  Nanoseconds latest_ = 0;
  bool has_come_ = false; // an event
  Nanoseconds time_ = 0;
  Nanoseconds pending_ = 0; // of relative times, what no line that was sent has said yet
};

} // namespace mm::py
