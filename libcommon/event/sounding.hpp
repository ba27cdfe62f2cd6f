// Which notes sound, and which pedals are down: what has to be released, so that no note is
// left hanging when a stream ends.
#pragma once

#include "event/event.hpp"

#include <array>
#include <bitset>

namespace mm {

// Follows the messages that go to (or come from) one port.
class Sounding {
 public:
  // Takes note of an event. Kinds that neither sound nor hold a note are ignored.
  void follow(const Event& event);

  // Whether anything is left to release.
  [[nodiscard]] bool any() const;

  // Hands out, channel by channel, a note-off for each sounding note and a control change to 0
  // for each pedal that is down, and forgets them. `sink` is called with an Event.
  template <class Sink> void release(Sink&& sink) {
    for (int channel = 1; channel <= 16; ++channel) {
      Channel& state = channels_[static_cast<std::size_t>(channel - 1)];
      for (int note = 0; note < 128; ++note)
        if (state.notes.test(static_cast<std::size_t>(note)))
          sink(make_event(Kind::note_off, channel, note, release_velocity));
      for (std::size_t p = 0; p < pedals.size(); ++p)
        if (state.pedal.test(p)) sink(make_event(Kind::control_change, channel, pedals[p], 0));
      state = {};
    }
  }

  // MIDI 1.0 gives 64 as the velocity of a note-off that measures none.
  static constexpr int release_velocity = 64;
  // Controllers that keep notes sounding: sustain, sostenuto, hold 2.
  static constexpr std::array pedals{64, 66, 69};

 private:
  struct Channel {
    std::bitset<128> notes;
    std::bitset<pedals.size()> pedal;
  };
  std::array<Channel, 16> channels_;
};

} // namespace mm
