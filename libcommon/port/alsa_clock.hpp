// The queue of ALSA's sequencer by which our messages are timed, and its time and ours.
#pragma once

#include "event/event.hpp"
#include "port/alsa_client.hpp"

#include <optional>

namespace mm::alsa {

class QueueClock {
 public:
  // Starts a queue of that client, which has to stay as long as this.
  Outcome start(snd_seq_t* client);

  [[nodiscard]] bool is_running() const { return queue_ >= 0; }
  // Its number.
  [[nodiscard]] int queue() const { return queue_; }

  // When an event came that the queue has stamped, or now; on CLOCK_MONOTONIC, never in the future,
  // and not before the last one.
  Nanoseconds time_of(const snd_seq_event_t& event);

  // The time of the queue at that one of CLOCK_MONOTONIC; what is due later stays later.
  snd_seq_real_time_t at(Nanoseconds when);

 private:
  void use_high_resolution_timer();
  Nanoseconds offset();

  snd_seq_t* client_ = nullptr;
  int queue_ = -1;
  std::optional<Nanoseconds> offset_;
  Nanoseconds offset_time_ = 0;
  Nanoseconds last_time_ = 0;
  Nanoseconds last_when_ = 0; // of what was scheduled last:
  Nanoseconds last_at_ = 0;   // its time, ours and the queue's
};

} // namespace mm::alsa
