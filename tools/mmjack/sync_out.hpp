// MIDI clock and MIDI time code that follow JACK's transport. They run in the real-time thread:
// they look at where the transport is, and write messages into a port's buffer.
#pragma once

#include "transport.hpp"

#include <jack/jack.h>
#include <jack/midiport.h>

#include <cstdint>

namespace mm::jack {

// What the transport does in one cycle.
struct Place {
  bool is_rolling = false;
  jack_position_t position{}; // at the cycle's first frame
  jack_nframes_t frames = 0;  // in the cycle
  bool has_moved = false;     // it is not where it would have come to by itself
};

// MIDI 1.0, page 30, "System Real Time Messages": 24 clocks a beat, start, continue and stop; and
// page 27, "Song Position Pointer". Without a timebase master there is no tempo, and it says
// nothing.
class ClockWriter {
 public:
  void write(const Place& place, void* buffer);

  // The end: those that follow stop.
  void finish(void* buffer);

 private:
  void begin(double clocks, void* buffer);

  bool is_running_ = false; // start or continue was sent
  bool is_waiting_ = false; // continue is to be sent with the clock next_
  std::int64_t next_ = 0;   // the clock that comes next, counted from the song's start
  std::int64_t told_ = -1;  // the song position that was sent last, in sixteenths
};

// MIDI Time Code (RP-004/RP-008): quarter frames while it rolls, a full frame message where it was
// moved to.
class TimecodeWriter {
 public:
  explicit TimecodeWriter(FrameRate rate) : rate_(rate) {}

  void write(const Place& place, void* buffer);

 private:
  struct Time {
    unsigned hours = 0;
    unsigned minutes = 0;
    unsigned seconds = 0;
    unsigned frames = 0;
  };
  [[nodiscard]] double frames_a_second() const;
  [[nodiscard]] Time time_of(std::int64_t frame) const;
  void write_full(std::int64_t frame, void* buffer) const;

  FrameRate rate_;
  bool is_running_ = false;
  std::int64_t next_ = 0; // the quarter frame that comes next, counted from 0:00:00:00
  bool has_told_ = false;
};

} // namespace mm::jack
