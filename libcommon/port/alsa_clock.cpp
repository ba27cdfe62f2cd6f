#include "port/alsa_clock.hpp"

#include "io/clock.hpp"

#include <algorithm>

namespace mm::alsa {

Outcome QueueClock::start(snd_seq_t* client) {
  client_ = client;
  queue_ = snd_seq_alloc_queue(client_);
  if (queue_ < 0) return error_of("ALSA sequencer: no queue", queue_);
  use_high_resolution_timer();
  snd_seq_start_queue(client_, queue_, nullptr);
  snd_seq_drain_output(client_);
  return done();
}

// The queue's default timer may tick every 4 ms. Where the kernel has no other, it stays.
void QueueClock::use_high_resolution_timer() {
  snd_timer_id_t* id = nullptr;
  snd_seq_queue_timer_t* timer = nullptr;
  snd_timer_id_alloca(&id);
  snd_seq_queue_timer_alloca(&timer);
  snd_timer_id_set_class(id, SND_TIMER_CLASS_GLOBAL);
  snd_timer_id_set_sclass(id, SND_TIMER_SCLASS_NONE);
  snd_timer_id_set_device(id, SND_TIMER_GLOBAL_HRTIMER);
  snd_seq_queue_timer_set_type(timer, SND_SEQ_TIMER_ALSA);
  snd_seq_queue_timer_set_id(timer, id);
  snd_seq_set_queue_timer(client_, queue_, timer);
}

// What queue time has to be added to for CLOCK_MONOTONIC. The queue runs on the same crystal, but
// may lose a tick; so it is asked for again after a while.
Nanoseconds QueueClock::offset() {
  constexpr Nanoseconds fresh = second;
  const Nanoseconds before = now();
  if (offset_ && before - offset_time_ < fresh) return *offset_;
  snd_seq_queue_status_t* status = nullptr;
  snd_seq_queue_status_alloca(&status);
  if (snd_seq_get_queue_status(client_, queue_, status) < 0) return offset_.value_or(before);
  const Nanoseconds after = now();
  const snd_seq_real_time_t* const time = snd_seq_queue_status_get_real_time(status);
  offset_ = before + (after - before) / 2 - (Nanoseconds{time->tv_sec} * second + time->tv_nsec);
  offset_time_ = after;
  return *offset_;
}

Nanoseconds QueueClock::time_of(const snd_seq_event_t& event) {
  const Nanoseconds latest = now();
  if (!snd_seq_ev_is_real(&event)) return latest;
  const auto& time = event.time.time;
  const Nanoseconds stamp =
      offset() + Nanoseconds{time.tv_sec} * second + Nanoseconds{time.tv_nsec};
  last_time_ = std::clamp(stamp, std::min(last_time_, latest), latest);
  return last_time_;
}

snd_seq_real_time_t QueueClock::at(Nanoseconds when) {
  // The offset is measured anew now and then.
  Nanoseconds at = std::max<Nanoseconds>(when - offset(), 0);
  if (when >= last_when_) at = std::max(at, last_at_);
  last_when_ = when;
  last_at_ = at;
  return {static_cast<unsigned>(at / second), static_cast<unsigned>(at % second)};
}

} // namespace mm::alsa
