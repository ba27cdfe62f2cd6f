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
    for_each_beyond({}, sink);
    channels_ = {};
  }

  // The same for what sounds here and not in `other`, and forgets nothing: `sink` may follow() what
  // it has released.
  template <class Sink> void for_each_beyond(const Sounding& other, Sink&& sink) const {
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      const auto notes = channels_[i].notes & ~other.channels_[i].notes;
      const auto held = channels_[i].pedal & ~other.channels_[i].pedal;
      const int channel = static_cast<int>(i) + 1;
      for (std::size_t note = 0; note < notes.size(); ++note)
        if (notes.test(note)) sink(make_event(Kind::note_off, channel, note, release_velocity));
      for (std::size_t p = 0; p < pedals.size(); ++p)
        if (held.test(p)) sink(make_event(Kind::control_change, channel, pedals[p], 0));
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

// The same of a source whose events are passed on by a way that may lose some of them.
class LossySounding {
 public:
  // An event has come; and it was passed on.
  void heard(const Event& event) { heard_.follow(event); }
  void passed(const Event& event) { passed_.follow(event); }

  // The source has gone: nothing sounds there any more.
  void silence() { heard_ = {}; }

  // Hands out what ends those that go on sounding behind the way alone. `pass` is called with an
  // Event, and says whether it was passed on.
  template <class Pass> void make_up(Pass&& pass) {
    passed_.for_each_beyond(heard_, [&](const Event& event) {
      if (pass(event)) passed_.follow(event);
    });
  }

 private:
  Sounding heard_;
  Sounding passed_;
};

} // namespace mm
