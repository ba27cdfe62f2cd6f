#include "cycles.hpp"

#include <cmath>

namespace mm::jack {

Frame moved(Frame from, std::int64_t frames) {
  if (frames < 0 && static_cast<Frame>(-frames) > from) return 0;
  return from + static_cast<Frame>(frames);
}

std::int64_t frames_in(Nanoseconds span, std::uint32_t rate) {
  // Whole seconds apart, so that nothing is lost however long the span is.
  const std::int64_t seconds = span / second;
  const auto rest = static_cast<double>(span % second);
  return seconds * rate + std::llround(rest * rate / static_cast<double>(second));
}

namespace {

// Between two times at which the frames are known.
Frame between(Nanoseconds time, Nanoseconds begin, Frame from, Nanoseconds end,
              std::uint64_t count) {
  if (end <= begin) return from;
  const double part = static_cast<double>(time - begin) / static_cast<double>(end - begin);
  return from + static_cast<Frame>(std::llround(part * static_cast<double>(count)));
}

} // namespace

Frame Cycles::frame_at(Nanoseconds time, std::uint32_t rate) const {
  constexpr std::uint64_t margin =
      kept / 4; // slots that may be written while we look, if we are stalled
  const std::uint64_t count = count_.load(std::memory_order_acquire);
  const Cycle last = at(count - 1);
  if (time >= last.end) return moved(last.frame + last.frames, frames_in(time - last.end, rate));
  // The last cycle that had begun by then.
  std::uint64_t low = count > kept - margin ? count - (kept - margin) : 0;
  std::uint64_t high = count;
  const Cycle oldest = at(low);
  if (time < oldest.begin) return moved(oldest.frame, frames_in(time - oldest.begin, rate));
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (at(middle).begin <= time ? low : high) = middle;
  }
  const Cycle cycle = at(low);
  if (time < cycle.end) return between(time, cycle.begin, cycle.frame, cycle.end, cycle.frames);
  // A cycle that we have missed.
  const Cycle next = at(low + 1);
  const Frame from = cycle.frame + cycle.frames;
  return between(time, cycle.end, from, next.begin, next.frame > from ? next.frame - from : 0);
}

} // namespace mm::jack
