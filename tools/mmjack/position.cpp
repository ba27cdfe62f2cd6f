#include "position.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string_view>
#include <vector>

namespace mm::jack {

namespace {

constexpr double minute = 60; // seconds

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

template <class Number> std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return {};
  return value;
}

std::optional<double> seconds(std::string_view text) {
  if (text.ends_with('s')) return number<double>(text.substr(0, text.size() - 1));
  double sum = 0;
  const auto parts = split(text, ':');
  if (parts.size() < 2 || parts.size() > 3) return {};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto part = i + 1 == parts.size()
                          ? number<double>(parts[i])
                          : std::optional<double>(number<std::uint32_t>(parts[i]));
    if (!part || (i > 0 && *part >= minute)) return {};
    sum = sum * minute + *part;
  }
  return sum;
}

Error no_place(const std::string& place) {
  return Error{"'" + place + "' is no FRAME (48000), no TIME (12.5s, 1:30) and no BBT (3|1|0)"};
}

Result<double> frame_of_bbt(jack_client_t* client, const std::string& place) {
  const auto parts = split(place, '|');
  const auto bar = number<std::int32_t>(parts[0]);
  const auto beat = number<std::int32_t>(parts[1]);
  const auto tick = parts.size() > 2 ? number<std::int32_t>(parts[2]) : 0;
  if (parts.size() > 3 || !bar || !beat || !tick || *bar < 1 || *beat < 1) return no_place(place);
  jack_position_t position{};
  jack_transport_query(client, &position);
  if ((position.valid & JackPositionBBT) == 0)
    return Error{"'" + place +
                 "': nobody tells bars and beats; mmjack transport --master BPM does"};
  if (*beat > static_cast<int>(position.beats_per_bar) || *tick >= position.ticks_per_beat)
    return Error{"'" + place + "': a bar has " +
                 std::to_string(static_cast<int>(position.beats_per_bar)) + " beats, and a beat " +
                 std::to_string(static_cast<int>(position.ticks_per_beat)) + " ticks"};
  const double beats_per_frame =
      position.beats_per_minute / minute / static_cast<double>(position.frame_rate);
  jack_position_t target = position;
  target.bar = *bar;
  target.beat = *beat;
  target.tick = *tick;
  // A position tells ticks, which are longer than a frame; so what is counted from the start, as
  // most do it, is counted from there.
  const double start = static_cast<double>(position.frame) - beats_of(position) / beats_per_frame;
  const double tick_frames = 1 / position.ticks_per_beat / beats_per_frame;
  return (std::abs(start) <= tick_frames ? 0 : start) + beats_of(target) / beats_per_frame;
}

} // namespace

Outcome locate(jack_client_t* client, const std::string& place) {
  double frame = 0;
  if (place.find('|') != std::string::npos) {
    const auto found = frame_of_bbt(client, place);
    if (!found) return found.error();
    frame = found.value();
  } else if (const auto plain = number<std::uint32_t>(place)) {
    frame = *plain;
  } else if (const auto time = seconds(place)) {
    frame = *time * jack_get_sample_rate(client);
  } else {
    return no_place(place);
  }
  constexpr double most = 4294967295.0; // JACK counts with 32 bits
  if (frame < -0.5 || frame > most) return Error{"'" + place + "': out of the transport's range"};
  if (jack_transport_locate(client,
                            static_cast<jack_nframes_t>(std::llround(std::max(frame, 0.0)))) != 0)
    return Error{"JACK does not locate '" + place + "'"};
  return done();
}

std::string name_of(jack_transport_state_t state) {
  switch (state) {
  case JackTransportStopped: return "stopped";
  case JackTransportRolling:
  case JackTransportLooping: return "rolling";
  default: return "starting";
  }
}

std::string time_of(jack_nframes_t frame, jack_nframes_t rate) {
  constexpr std::uint64_t thousand = 1000;
  constexpr std::uint64_t sixty = 60;
  const std::uint64_t ms = frame * thousand / rate;
  char text[32];
  std::snprintf(text, sizeof text, "%llu:%02llu:%02llu.%03llu",
                static_cast<unsigned long long>(ms / thousand / sixty / sixty),
                static_cast<unsigned long long>(ms / thousand / sixty % sixty),
                static_cast<unsigned long long>(ms / thousand % sixty),
                static_cast<unsigned long long>(ms % thousand));
  return text;
}

double beats_of(const jack_position_t& position) {
  return (position.bar - 1) * static_cast<double>(position.beats_per_bar) + position.beat - 1 +
         position.tick / position.ticks_per_beat;
}

void set_beats(jack_position_t& position, double beats) {
  // What lies a hair before a tick is that tick.
  const double ticks = std::floor(beats * position.ticks_per_beat + 1e-6);
  const double beat = std::floor(ticks / position.ticks_per_beat);
  const double per_bar = position.beats_per_bar;
  const double bar = std::floor(beat / per_bar);
  position.bar = static_cast<std::int32_t>(bar) + 1;
  position.beat = static_cast<std::int32_t>(beat - bar * per_bar) + 1;
  position.tick = static_cast<std::int32_t>(ticks - beat * position.ticks_per_beat);
  position.bar_start_tick = bar * per_bar * position.ticks_per_beat;
  position.valid = static_cast<jack_position_bits_t>(position.valid | JackPositionBBT);
}

} // namespace mm::jack
