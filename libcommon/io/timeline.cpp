#include "io/timeline.hpp"

#include <algorithm>

namespace mm {

Nanoseconds Timeline::due(const Event& event, Nanoseconds now) {
  if (last_ == 0) last_ = now;
  if (event.time_form == TimeForm::relative) {
    last_ = later(last_, scaled(event.time));
    return last_;
  }
  if (timed_ && event.time_form == TimeForm::absolute) {
    if (!origin_) {
      origin_ = event.time;
      begin_ = last_;
    }
    // A time that goes back is played at once, but not before the line before.
    last_ = std::max(last_, later(begin_, scaled(event.time - *origin_)));
    return last_;
  }
  // At once: but not before the line before, and not before the start.
  if (last_ > now) return last_;
  last_ = now;
  return 0;
}

} // namespace mm
