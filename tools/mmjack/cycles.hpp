// When JACK's frames are.
//
// A server tells each of its clients the same two times for a cycle: when it began, by a filter
// that takes out the jitter, and when the next one will. So the time of a frame is the same number
// in all of them, and the frame of a time can be found again, to the frame, also in another
// process.
#pragma once

#include "io/clock.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

namespace mm::jack {

// Counts from the server's start, and does not wrap as JACK's do.
using Frame = std::uint64_t;

struct Cycle {
  Frame frame = 0; // its first
  std::uint32_t frames = 0;
  Nanoseconds begin = 0; // on CLOCK_MONOTONIC
  Nanoseconds end = 0;

  // Of a frame, counted from the first.
  [[nodiscard]] Nanoseconds time_of(std::uint32_t offset) const {
    return begin + offset * (end - begin) / frames;
  }
};

// The cycles of the last while. One thread adds, another one looks; none waits.
class Cycles {
 public:
  Cycles() : slots_(std::make_unique<Slot[]>(kept)) {}

  void add(const Cycle& cycle) {
    const std::uint64_t count = count_.load(std::memory_order_relaxed);
    Slot& slot = slots_[count % kept];
    slot.frame.store(cycle.frame, std::memory_order_relaxed);
    slot.frames.store(cycle.frames, std::memory_order_relaxed);
    slot.begin.store(cycle.begin, std::memory_order_relaxed);
    slot.end.store(cycle.end, std::memory_order_relaxed);
    count_.store(count + 1, std::memory_order_release);
  }

  // Forgets them all; while nobody adds.
  void clear() { count_.store(0); }

  [[nodiscard]] bool any() const { return count_.load(std::memory_order_acquire) > 0; }

  // The last one; any() has to be true.
  [[nodiscard]] Cycle last() const { return at(count_.load(std::memory_order_acquire) - 1); }

  // The frame at `time`. What lies before or behind the cycles that are known is counted with
  // `rate`, in frames a second. any() has to be true.
  [[nodiscard]] Frame frame_at(Nanoseconds time, std::uint32_t rate) const;

 private:
  static constexpr std::uint64_t kept = 1UL << 14; // at 64 frames and 48 kHz: 22 seconds
  struct Slot {
    std::atomic<Frame> frame{0};
    std::atomic<std::uint32_t> frames{0};
    std::atomic<Nanoseconds> begin{0};
    std::atomic<Nanoseconds> end{0};
  };

  [[nodiscard]] Cycle at(std::uint64_t index) const {
    const Slot& slot = slots_[index % kept];
    return {slot.frame.load(std::memory_order_relaxed), slot.frames.load(std::memory_order_relaxed),
            slot.begin.load(std::memory_order_relaxed), slot.end.load(std::memory_order_relaxed)};
  }

  std::unique_ptr<Slot[]> slots_;
  std::atomic<std::uint64_t> count_{0};
};

// So many frames further on, or back; the first frame is 0.
Frame moved(Frame from, std::int64_t frames);

// The number of frames in a span at this rate, rounded.
std::int64_t frames_in(Nanoseconds span, std::uint32_t rate);

} // namespace mm::jack
