#include "event/sounding.hpp"

#include <algorithm>

namespace mm {

void Sounding::follow(const Event& event) {
  if (event.kind != Kind::note_on && event.kind != Kind::note_off &&
      event.kind != Kind::control_change)
    return;
  Channel& channel = channels_[static_cast<std::size_t>(event.channel() - 1)];
  const auto number = static_cast<std::size_t>(event.arg[1]);
  const int value = event.arg[2];
  if (event.kind != Kind::control_change) {
    channel.notes.set(number, (event.kind == Kind::note_on) & (value > 0));
    return;
  }
  // "All notes off" and "all sound off" end nothing here: receivers may ignore them, and a
  // note-off too many harms nobody.
  const auto* const pedal = std::find(pedals.begin(), pedals.end(), event.arg[1]);
  if (pedal != pedals.end())
    channel.pedal.set(static_cast<std::size_t>(pedal - pedals.begin()), value > 0);
}

bool Sounding::any() const {
  return std::any_of(channels_.begin(), channels_.end(), [](const Channel& channel) {
    return channel.notes.any() || channel.pedal.any();
  });
}

} // namespace mm
