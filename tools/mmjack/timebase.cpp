#include "timebase.hpp"

#include "position.hpp"

#include <algorithm>
#include <cmath>

namespace mm::jack {

namespace {

constexpr double minute = 60;
constexpr double clocks_a_beat = 24;

} // namespace

void Timebase::fill(jack_position_t& position) const {
  constexpr double ticks = 1920;
  position.beats_per_bar = beats_;
  position.beat_type = beat_type_;
  position.ticks_per_beat = ticks;
  position.beats_per_minute = tempo_;
  const double beats =
      at_ + (position.frame - frame_) * tempo_ / minute / static_cast<double>(position.frame_rate);
  set_beats(position, std::max(beats, 0.0));
  // How far the frame lies behind that tick.
  const double rest = std::max(beats - beats_of(position), 0.0);
  position.bbt_offset = static_cast<jack_nframes_t>(
      std::llround(rest * minute / tempo_ * static_cast<double>(position.frame_rate)));
  position.valid = static_cast<jack_position_bits_t>(position.valid | JackBBTFrameOffset);
}

ClockReader::Wish ClockReader::read(const jack_midi_event_t& event, jack_nframes_t frame,
                                    bool is_rolling, jack_nframes_t place, jack_nframes_t rate) {
  constexpr std::int64_t clocks_a_sixteenth = 6;
  using What = Wish::What;
  switch (event.size > 0 ? event.buffer[0] : 0) {
  case 0xf8: count(frame, is_rolling, place, rate); return {};
  case 0xfa:
    song_ = 0;
    is_running_ = true;
    return {What::start, 0};
  case 0xfb: is_running_ = true; return {What::go_on, 0};
  case 0xfc: is_running_ = false; return {What::stop, 0};
  case 0xf2: {
    if (event.size < 3) return {};
    song_ = clocks_a_sixteenth * (event.buffer[1] | event.buffer[2] << 7);
    const double beats = static_cast<double>(song_) / clocks_a_beat;
    const double to = std::round(beats * minute / timebase_.tempo() * rate);
    timebase_.set(to, beats, timebase_.tempo());
    return {What::locate, static_cast<jack_nframes_t>(to)};
  }
  default: return {};
  }
}

void ClockReader::count(jack_nframes_t frame, bool is_rolling, jack_nframes_t place,
                        jack_nframes_t rate) {
  constexpr double slowest = 10; // beats a minute: what is slower is a clock that stood still
  constexpr double fastest = 1000;
  double tempo = timebase_.tempo();
  const std::uint64_t steps = std::min<std::uint64_t>(clocks_, kept);
  if (steps > 0) {
    const jack_nframes_t span = frame - frames_[(clocks_ - steps) % kept];
    const double found = static_cast<double>(steps) / clocks_a_beat * minute * rate / span;
    if (span > 0 && found >= slowest && found <= fastest)
      tempo = found;
    else
      clocks_ = 0;
  }
  frames_[clocks_++ % kept] = frame;
  if (!is_running_) return timebase_.set(place, static_cast<double>(song_) / clocks_a_beat, tempo);
  if (is_rolling) timebase_.set(place, static_cast<double>(song_) / clocks_a_beat, tempo);
  ++song_;
}

} // namespace mm::jack
