#include "sync_out.hpp"

#include "position.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <utility>

namespace mm::jack {

namespace {

constexpr jack_midi_data_t quarter_frame = 0xf1;
constexpr jack_midi_data_t song_position = 0xf2;
constexpr jack_midi_data_t clock_tick = 0xf8;
constexpr jack_midi_data_t start = 0xfa;
constexpr jack_midi_data_t go_on = 0xfb;
constexpr jack_midi_data_t stop = 0xfc;

void put(void* buffer, jack_nframes_t at, std::initializer_list<jack_midi_data_t> bytes) {
  if (jack_midi_data_t* const to = jack_midi_event_reserve(buffer, at, bytes.size()); to != nullptr)
    std::copy(bytes.begin(), bytes.end(), to);
}

} // namespace

// --- MIDI clock ---

void ClockWriter::write(const Place& place, void* buffer) {
  constexpr double clocks_a_beat = 24;
  constexpr double minute = 60;
  const jack_position_t& position = place.position;
  const bool has_tempo = (position.valid & JackPositionBBT) != 0 && position.beats_per_minute > 0;
  if (is_running_ && (!place.is_rolling || place.has_moved || !has_tempo)) {
    put(buffer, 0, {stop});
    is_running_ = is_waiting_ = false;
  }
  if (!has_tempo) return;
  // 24 clocks a beat, whatever note the time signature calls one: so do jack_midi_clock and others.
  const double clocks_a_frame =
      position.beats_per_minute / minute * clocks_a_beat / static_cast<double>(position.frame_rate);
  double clocks = beats_of(position) * clocks_a_beat;
  if ((position.valid & JackBBTFrameOffset) != 0) clocks += position.bbt_offset * clocks_a_frame;
  if (!is_running_) begin(clocks, buffer);
  if (!place.is_rolling) return;
  is_running_ = true;
  while (true) {
    const double away = (static_cast<double>(next_) - clocks) / clocks_a_frame;
    const auto at = static_cast<std::int64_t>(std::llround(away));
    if (at >= static_cast<std::int64_t>(place.frames)) return;
    const auto frame = static_cast<jack_nframes_t>(std::max<std::int64_t>(at, 0));
    if (std::exchange(is_waiting_, false)) put(buffer, frame, {next_ == 0 ? start : go_on});
    put(buffer, frame, {clock_tick});
    ++next_;
  }
}

// Where the song goes on from: the next sixteenth, since a song position can say no other place.
void ClockWriter::begin(double clocks, void* buffer) {
  constexpr std::int64_t clocks_a_sixteenth = 6;
  constexpr double hair = 1e-3;
  constexpr std::int64_t last = 16383;
  const auto sixteenth =
      static_cast<std::int64_t>(std::ceil(clocks / static_cast<double>(clocks_a_sixteenth) - hair));
  next_ = std::max<std::int64_t>(sixteenth, 0) * clocks_a_sixteenth;
  is_waiting_ = true;
  if (sixteenth > last || std::exchange(told_, sixteenth) == sixteenth) return;
  if (sixteenth > 0) // a start says 0
    put(buffer, 0,
        {song_position, static_cast<jack_midi_data_t>(sixteenth & 0x7f),
         static_cast<jack_midi_data_t>(sixteenth >> 7)});
}

void ClockWriter::finish(void* buffer) {
  if (std::exchange(is_running_, false)) put(buffer, 0, {stop});
}

// --- MIDI time code ---

double TimecodeWriter::frames_a_second() const {
  switch (rate_) {
  case FrameRate::fps24: return 24;
  case FrameRate::fps25: return 25;
  case FrameRate::drop30: return 30000.0 / 1001;
  default: return 30;
  }
}

TimecodeWriter::Time TimecodeWriter::time_of(std::int64_t frame) const {
  const std::int64_t rate = rate_ == FrameRate::drop30 ? 30 : std::llround(frames_a_second());
  if (rate_ == FrameRate::drop30) {
    // The first two numbers of each minute are left out, but in every tenth (SMPTE 12M).
    constexpr std::int64_t ten_minutes = 17982;
    constexpr std::int64_t one_minute = 1798;
    const std::int64_t tens = frame / ten_minutes;
    const std::int64_t rest = frame % ten_minutes;
    frame += 18 * tens + (rest >= 2 ? 2 * ((rest - 2) / one_minute) : 0);
  }
  constexpr std::int64_t sixty = 60;
  constexpr std::int64_t day = 24;
  return {static_cast<unsigned>(frame / rate / sixty / sixty % day),
          static_cast<unsigned>(frame / rate / sixty % sixty),
          static_cast<unsigned>(frame / rate % sixty), static_cast<unsigned>(frame % rate)};
}

void TimecodeWriter::write(const Place& place, void* buffer) {
  constexpr std::int64_t pieces = 8; // quarter frames that make up a time, over two frames
  const double quarters_a_frame =
      frames_a_second() * 4 / static_cast<double>(place.position.frame_rate);
  const double quarters = place.position.frame * quarters_a_frame;
  const bool goes_on = is_running_ && place.is_rolling && !place.has_moved;
  if (!goes_on) {
    is_running_ = false;
    // A time begins with an even frame.
    next_ = static_cast<std::int64_t>(std::ceil(quarters / pieces - 1e-6)) * pieces;
    if (place.has_moved || !std::exchange(has_told_, true))
      write_full(static_cast<std::int64_t>(quarters / 4 + 1e-6), buffer);
  }
  if (!place.is_rolling) return;
  is_running_ = true;
  while (true) {
    const auto at = static_cast<std::int64_t>(
        std::llround((static_cast<double>(next_) - quarters) / quarters_a_frame));
    if (at >= static_cast<std::int64_t>(place.frames)) return;
    const Time time = time_of(next_ / pieces * 2);
    const std::array<unsigned, pieces> nibbles{
        time.frames & 0xfU,  time.frames >> 4U,
        time.seconds & 0xfU, time.seconds >> 4U,
        time.minutes & 0xfU, time.minutes >> 4U,
        time.hours & 0xfU,   time.hours >> 4U | static_cast<unsigned>(rate_) << 1U};
    const auto piece = static_cast<std::size_t>(next_ % pieces);
    put(buffer, static_cast<jack_nframes_t>(std::max<std::int64_t>(at, 0)),
        {quarter_frame, static_cast<jack_midi_data_t>(piece << 4 | nibbles[piece])});
    ++next_;
  }
}

void TimecodeWriter::write_full(std::int64_t frame, void* buffer) const {
  const Time time = time_of(frame);
  put(buffer, 0,
      {0xf0, 0x7f, 0x7f, 0x01, 0x01,
       static_cast<jack_midi_data_t>(time.hours | static_cast<unsigned>(rate_) << 5U),
       static_cast<jack_midi_data_t>(time.minutes), static_cast<jack_midi_data_t>(time.seconds),
       static_cast<jack_midi_data_t>(time.frames), 0xf7});
}

} // namespace mm::jack
