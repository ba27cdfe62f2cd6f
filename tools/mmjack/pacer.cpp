#include "pacer.hpp"

#include <algorithm>

namespace mm::jack {

Frame Pacer::frame_of(const Event& event, std::uint32_t rate) {
  if (latency_) return after_latency(event, rate);
  const Nanoseconds current = now();
  const Nanoseconds due = timeline_.due(event, current);
  if (due == 0) {
    anchor_.reset(); // what follows is counted from here
    return 0;
  }
  // Counted from the first one in frames, so that their distances are exact.
  constexpr Nanoseconds ahead = second / 20; // for the first one to be in time for its frame
  if (!anchor_) {
    const Nanoseconds start = is_timed_ ? current + ahead : due;
    anchor_ = Anchor{due, std::max<Frame>(cycles_.frame_at(start, rate), 1)};
  }
  return std::max<Frame>(moved(anchor_->frame, frames_in(due - anchor_->time, rate)), 1);
}

Frame Pacer::after_latency(const Event& event, std::uint32_t rate) {
  switch (event.time_form) {
  case TimeForm::none: last_ = now(); return 0;
  case TimeForm::relative: last_ = later(last_ != 0 ? last_ : now(), event.time); break;
  case TimeForm::absolute: last_ = event.time; break;
  }
  return std::max<Frame>(moved(cycles_.frame_at(last_, rate), frames_in(*latency_, rate)), 1);
}

} // namespace mm::jack
