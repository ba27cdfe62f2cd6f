// The control changes that make up a wider value, joined (--decode).
//
// event/expand.hpp has the other direction, and says where the specification tells of both.
#pragma once

#include "event/event.hpp"
#include "event/expand.hpp"

#include <array>
#include <bitset>
#include <span>

namespace mm {

// Finds the control changes of one port that make up a wider value and
// joins them into cc14, rpn and nrpn events. All other events pass, in their order; control
// changes that turn out to make up nothing pass as they are.
//
// Whether a control change is the first of a pair only the next message tells. So up to three
// are held back until it comes; after a while without one, finish() lets them go. A message of
// the MIDI clock may pass those that are held.
class ParameterDecoder {
 public:
  // What is joined; the control changes of other values pass at once.
  struct Joins {
    std::bitset<controller::low_half> cc14 = ~std::bitset<controller::low_half>(); // by number
    bool parameters = true;                                                        // rpn and nrpn
  };
  ParameterDecoder() = default;
  explicit ParameterDecoder(Joins joins) : joins_(joins) {}

  // Takes an event; the span holds what comes out of it, until the next call. What the event's
  // port points to has to stay until the event, or the one it has become part of, is out.
  std::span<const Event> feed(const Event& event);

  // Lets go of what is held.
  std::span<const Event> finish();

  [[nodiscard]] bool holding() const { return held_count_ > 0; }

 private:
  // What data entry on a channel sets.
  struct Selection {
    Kind kind = Kind::rpn; // or nrpn
    int high = -1;         // halves of the number; -1: not known
    int low = -1;
    int value = -1; // as far as it was set since; -1: not at all

    [[nodiscard]] bool complete() const;
    [[nodiscard]] int number() const { return high << 7 | low; }
  };

  Selection& selection(const Event& event) {
    return selections_[static_cast<std::size_t>(event.channel() - 1)];
  }
  void take(const Event& event);
  bool join(const Event& event);
  void select(const Event& event);
  void hold(const Event& event) { held_[held_count_++] = event; }
  void let_go();
  void put(const Event& event) { out_[out_count_++] = event; }
  void put_wide(Event event, Kind kind, int number, int value);
  void put_entry(const Event& last, int value);

  [[nodiscard]] bool begins_value(const Event& event);

  Joins joins_;
  std::array<Selection, 16> selections_;
  std::array<Event, 3> held_{}; // a controller's upper half; or [half, half] [data entry]
  std::size_t held_count_ = 0;
  std::array<Event, 4> out_{};
  std::size_t out_count_ = 0;
};

} // namespace mm
