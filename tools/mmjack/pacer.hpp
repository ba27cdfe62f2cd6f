// On which frame each line is played.
#pragma once

#include "cycles.hpp"
#include "event/event.hpp"
#include "io/timeline.hpp"
#include "options.hpp"

#include <optional>

namespace mm::jack {

class Pacer {
 public:
  Pacer(const Options& options, const Cycles& cycles)
      : cycles_(cycles), latency_(options.latency), timeline_(options.timed, options.speed, 0),
        is_timed_(options.timed) {}

  // `rate`: frames a second. 0: as soon as possible. cycles.any() has to be true.
  Frame frame_of(const Event& event, std::uint32_t rate);

  // The frames are counted anew: another server.
  void restart() {
    anchor_.reset();
    last_frame_ = 0;
  }

 private:
  Frame after_latency(const Event& event, std::uint32_t rate);

  const Cycles& cycles_;
  std::optional<Nanoseconds> latency_;
  Timeline timeline_;
  bool is_timed_;
  Nanoseconds last_ = 0; // with a latency: the TIME of the line before
  struct Anchor {
    Nanoseconds time = 0;
    Frame frame = 0;
  };
  std::optional<Anchor> anchor_; // what is timed is counted in frames from here
  Frame last_frame_ = 0;         // of the line before
};

} // namespace mm::jack
