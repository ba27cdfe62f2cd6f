// Which notes sound, and which pedals are down: what has to be released, so that no note is
// left hanging when a stream ends.
#pragma once

#include "event/event.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace mm {

// Follows the messages that go to (or come from) one port.
class Sounding {
 public:
  // Takes note of an event. Kinds that neither sound nor hold a note are ignored.
  void follow(const Event& event) {
    const auto number = static_cast<unsigned>(event.arg[1]) & 127U;
    // Which kind comes next nobody can foresee: so there is no branch on it alone, and what is no
    // note goes nowhere.
    if ((event.kind == Kind::control_change) & (pedal_places[number] < pedals.size()))
      return set_pedal(event.channel(), pedal_places[number], event.arg[2] > 0);
    const auto place = (static_cast<unsigned>(event.channel() - 1) & 15U) << 1 | number >> 6;
    static_assert(Kind::note_off < Kind::note_on && Kind::note_on == Kind{1});
    Word& notes = notes_[event.kind <= Kind::note_on ? place : nowhere];
    const bool is_on = (event.kind == Kind::note_on) & (event.arg[2] > 0);
    notes = (notes & ~(Word{1} << (number & 63U))) | Word{is_on} << (number & 63U);
  }

  // Whether anything is left to release.
  [[nodiscard]] bool any() const;

  // Hands out, channel by channel, a note-off for each sounding note and a control change to 0
  // for each pedal that is down, and forgets them. `sink` is called with an Event.
  template <class Sink> void release(Sink&& sink) {
    for_each_beyond({}, sink);
    *this = {};
  }

  // The same for what sounds here and not in `other`, and forgets nothing: `sink` may follow() what
  // it has released.
  template <class Sink> void for_each_beyond(const Sounding& other, Sink&& sink) const {
    for (int channel = 1; channel <= channels; ++channel) {
      const auto at = static_cast<std::size_t>(channel - 1);
      for (const std::size_t half : {2 * at, 2 * at + 1})
        for (Word left = notes_[half] & ~other.notes_[half]; left != 0; left &= left - 1) {
          const int note = static_cast<int>(half % 2 * 64) + std::countr_zero(left);
          sink(make_event(Kind::note_off, channel, note, release_velocity));
        }
      const unsigned held = pedals_[at] & ~unsigned{other.pedals_[at]};
      for (std::size_t p = 0; p < pedals.size(); ++p)
        if ((held >> p & 1U) != 0) sink(make_event(Kind::control_change, channel, pedals[p], 0));
    }
  }

  // MIDI 1.0 gives 64 as the velocity of a note-off that measures none.
  static constexpr int release_velocity = 64;
  // Controllers that keep notes sounding: sustain, sostenuto, hold 2.
  static constexpr std::array pedals{64, 66, 69};

 private:
  using Word = std::uint64_t; // a bit for each of 64 notes

  static constexpr int channels = 16;
  static constexpr std::size_t nowhere = std::size_t{2} * channels;
  // By controller: its place in `pedals`, or none there.
  static constexpr auto pedal_places = [] {
    std::array<std::uint8_t, 128> places{};
    places.fill(pedals.size());
    for (std::uint8_t p = 0; p < pedals.size(); ++p)
      places[static_cast<std::size_t>(pedals[p])] = p;
    return places;
  }();

  void set_pedal(int channel, unsigned pedal, bool is_down);

  std::array<Word, nowhere + 1> notes_{};       // two for each channel, and one that means nothing
  std::array<std::uint8_t, channels> pedals_{}; // a bit for each pedal of a channel that is down
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
