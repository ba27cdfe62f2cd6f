// The TIME of what a filter sends: that of what made it send.
#pragma once

#include "io/clock.hpp"

#include <algorithm>
#include <utility>

namespace mm {

class Stamp {
 public:
  // With a virtual clock what is sent between two events has its place among their relative times.
  explicit Stamp(bool is_virtual) : is_virtual_(is_virtual) {}

  // The form of the time of the first event, which will come; what is sent before it has its place
  // among the relative times as well.
  void expect(TimeForm form) {
    if (!is_virtual_ || form == TimeForm::absolute) return;
    last_form_ = form;
    has_come_ = true;
  }

  // An event of the input is handled from now on.
  void begin(const Event& event) {
    form_ = last_form_ = event.time_form;
    has_come_ = true;
    ahead_ = 0;
    if (form_ == TimeForm::absolute) {
      is_absolute_ = true;
      time_ = clock_ = event.time;
      latest_ = std::max(latest_, time_);
      owed_ = 0;
      is_unsaid_ = true;
    } else if (form_ == TimeForm::relative) {
      clock_ = later(clock_, event.time);
      owed_ = std::min(owed_ < 0 ? owed_ + event.time : later(owed_, event.time), longest);
    }
  }

  // Something else, which happens at that time, is handled from now on.
  void begin(Nanoseconds time) {
    // Where no event has said what time it is, there is none that this one could say.
    const bool is_relative =
        is_virtual_ && has_come_ &&
        (last_form_ == TimeForm::relative || (last_form_ == TimeForm::none && !is_absolute_));
    form_ = is_relative ? TimeForm::relative : TimeForm::absolute;
    time_ = time;
    ahead_ = is_relative ? std::max<Nanoseconds>(time - clock_, 0) : 0;
  }

  // The same of something that has no TIME.
  void begin_untimed() {
    form_ = TimeForm::none;
    ahead_ = 0;
  }

  // The end of the stream is handled from now on: at the time of the last event that came, or of
  // what was sent later.
  void begin_end() {
    if (!has_come_) return;
    form_ = last_form_;
    time_ = latest_;
    ahead_ = std::max<Nanoseconds>(-owed_, 0);
  }

  // Whether that is the time of the event already.
  [[nodiscard]] bool is_on(const Event& event) const {
    return form_ == TimeForm::absolute && event.time_form == form_ && event.time == time_;
  }

  // Whether the event that is handled can be sent as it came, its TIME included; then it is sent.
  bool passes(const Event& event) {
    if (form_ == TimeForm::absolute) {
      is_unsaid_ = false;
      return true;
    }
    if (is_unsaid_ && form_ == TimeForm::relative) return false;
    const Nanoseconds since = std::max<Nanoseconds>(owed_ + ahead_, 0);
    if (since != (form_ == TimeForm::relative ? event.time : 0)) return false;
    owed_ = -ahead_;
    return true;
  }

  // An event is sent that has another time than this.
  void is_replaced() { owed_ = -ahead_; }

  // Gives an event that is sent its time.
  void put_on(Event& event) {
    // A relative time that counts from an absolute one which no line has said is that one.
    if (form_ == TimeForm::relative && is_unsaid_) {
      form_ = TimeForm::absolute;
      time_ = later(clock_, ahead_);
    }
    if (form_ == TimeForm::absolute) {
      latest_ = std::max(latest_, time_);
      owed_ = is_virtual_ && has_come_ ? clock_ - time_ : 0;
      is_unsaid_ = false;
      event.time = time_;
      event.time_form = TimeForm::absolute;
      return;
    }
    // "+0.25" counts from the line before. So the first one that is sent has what has gone by since
    // the last one, whatever was dropped between them; and the next one nothing.
    const Nanoseconds since = std::max<Nanoseconds>(owed_ + ahead_, 0);
    const bool is_timed = form_ == TimeForm::relative || since > 0;
    event.time = since;
    event.time_form = is_timed ? TimeForm::relative : TimeForm::none;
    owed_ = -ahead_;
  }

 private:
  static constexpr Nanoseconds longest = 9'000'000'000 * second; // that a line can say

  bool is_virtual_;
  TimeForm form_ = TimeForm::none;
  TimeForm last_form_ = TimeForm::absolute; // of the events that came
  Nanoseconds time_ = 0;
  Nanoseconds clock_ = 0;    // of the last event that had a time
  Nanoseconds latest_ = 0;   // that came or was sent
  Nanoseconds owed_ = 0;     // of relative times, what no line that was sent has said yet; below 0:
                             // so much more was said, by what was sent after the last event
  Nanoseconds ahead_ = 0;    // of what is handled, to the last event
  bool has_come_ = false;    // an event
  bool is_absolute_ = false; // one of them had such a time
  bool is_unsaid_ = false;   // no line that was sent has the last absolute time, or a later one
};

} // namespace mm
