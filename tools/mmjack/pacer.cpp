#include "pacer.hpp"

#include <algorithm>

namespace mm::jack {

Frame Pacer::frame_of(const Event& event, std::uint32_t rate) {
  if (latency_) return after_latency(event, rate);
  const Nanoseconds current = now();
  const Nanoseconds due = timeline_.due(event, current);
  const Cycle last = cycles_.last();
  if (due == 0 && last_frame_ > last.frame) return last_frame_; // not before the line before
  if (due == 0) {
    anchor_.reset(); // what follows is counted from here
    return 0;
  }
  // Counted from the first one in frames, so that their distances are exact. The first one is to be
  // in time for its frame.
  constexpr Nanoseconds ahead = second / 20;
  if (!anchor_) {
    const Frame frame = cycles_.frame_at(is_timed_ ? current + ahead : due, rate);
    anchor_ = Anchor{due, std::max(frame, last.frame + Frame{3} * last.frames)};
  }
  last_frame_ = std::max<Frame>(moved(anchor_->frame, frames_in(due - anchor_->time, rate)), 1);
  return last_frame_;
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
