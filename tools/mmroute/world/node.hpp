// An action that has a memory, or takes time.
#pragma once

#include "world/message.hpp"
#include "world/world.hpp"

#include <cstdint>

namespace mm::route {

// It stands in a rule between the actions before it and those behind it. What comes in are whatever
// messages the rule matches: notes with their note-offs, and others, which most nodes pass on. The
// law of Taker holds: each note-on that was passed on is followed by its note-off.
//
// A note-off is one of kind note_off, or a note-on with velocity 0 (kind_in_rules()); it is passed
// on in the form in which it came.
class Node : public Taker {
 public:
  Node(World& world, Taker& next) : world_(world), next_(next) {}

  // What later() was told comes back at its time.
  virtual void due(Message& message, std::uint32_t /*note*/) { pass(message); }

  // Releases what sounds though its key is up (latched, held by a pedal, toggled on), stops what
  // repeats by itself, and takes pedals for up: other rules have taken the place of these, or the
  // stream has ended. Note-offs of keys that are still down may come afterwards.
  virtual void let_go() {}

  // Releases what sounds though its key is up, or no key has started it: the scene of this rule has
  // ended. Notes whose keys are down go on to their note-offs; the scene may begin again.
  virtual void rest() {}

  // The port has gone: what its values have started is released. (Its keys and pedals come up as
  // messages.)
  virtual void release_port(PortId /*port*/) {}

  // Everything is silent, and nothing waits: forgets what is held. Sends nothing.
  virtual void forget() {}

  // How many of its messages wait is counted here as well.
  void count_waiting_in(std::size_t& count) { waiting_ = &count; }
  void count_waiting(int more) {
    if (waiting_ != nullptr) *waiting_ += static_cast<std::size_t>(more);
  }

 protected:
  [[nodiscard]] World& world() { return world_; }
  [[nodiscard]] Taker& next() { return next_; }
  // On to the actions behind this one. The message may be changed by them.
  void pass(Message& message) { next_.take(message); }
  // The same with a copy.
  void pass_copy(const Message& message) {
    Message copy = message;
    next_.take(copy);
  }
  // A note-on as its note-off, passed on.
  void release(const Message& note_on, int velocity = release_velocity) {
    Message off = note_on;
    off.event.kind = Kind::note_off;
    off.event.arg[2] = static_cast<std::int16_t>(velocity);
    off.is_changed = true;
    next_.take(off);
  }
  void later(Nanoseconds span, const Message& message, std::uint32_t note = 0,
             bool is_awaited = true) {
    world_.later(span, *this, message, note, is_awaited);
  }

  static constexpr int release_velocity = 64; // MIDI 1.0: of a note-off that measures none

 private:
  World& world_;
  Taker& next_;
  std::size_t* waiting_ = nullptr;
};

inline bool is_note_on(const Message& message) {
  return message.event.kind == Kind::note_on && message.event.arg[2] != 0;
}
inline bool is_note_off(const Message& message) {
  return kind_in_rules(message.event) == Kind::note_off;
}

} // namespace mm::route
