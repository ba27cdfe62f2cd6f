// Bars, beats and ticks for JACK's transport: of one tempo from the start on, or of a MIDI clock
// that is followed. All of it runs in the real-time thread.
#pragma once

#include <jack/jack.h>
#include <jack/midiport.h>

#include <array>
#include <cstdint>

namespace mm::jack {

class Timebase {
 public:
  Timebase(double tempo, int beats, int beat_type)
      : tempo_(tempo), beats_(static_cast<float>(beats)),
        beat_type_(static_cast<float>(beat_type)) {}

  [[nodiscard]] double tempo() const { return tempo_; }

  // From this frame on, so many beats after the song's start, the tempo is that.
  void set(double frame, double beats, double tempo) {
    frame_ = frame;
    at_ = beats;
    tempo_ = tempo;
  }

  // Sets what belongs to the position's frame.
  void fill(jack_position_t& position) const;

 private:
  double tempo_; // beats a minute
  float beats_;  // in a bar
  float beat_type_;
  double frame_ = 0;
  double at_ = 0;
};

// Follows a MIDI clock: its tempo, and where its song is.
class ClockReader {
 public:
  // What the transport is to do.
  struct Wish {
    enum class What : std::uint8_t { none, start, go_on, stop, locate };
    What what = What::none;
    jack_nframes_t frame = 0;
  };

  explicit ClockReader(Timebase& timebase) : timebase_(timebase) {}

  // A message of the clock that came on this frame of the server, where the transport was at
  // `place`. Other messages are passed over.
  Wish read(const jack_midi_event_t& event, jack_nframes_t frame, bool is_rolling,
            jack_nframes_t place, jack_nframes_t rate);

 private:
  void count(jack_nframes_t frame, bool is_rolling, jack_nframes_t place, jack_nframes_t rate);

  static constexpr std::size_t kept = 24;
  Timebase& timebase_;
  std::array<jack_nframes_t, kept> frames_{}; // of the last clocks
  std::uint64_t clocks_ = 0;                  // ever
  std::int64_t song_ = 0;                     // the clock that comes next, from the song's start
  bool is_running_ = false;
};

} // namespace mm::jack
