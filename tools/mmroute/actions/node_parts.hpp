// What the nodes are made of: how each is made, and what several of them keep.
//
// A node has done with its state before it passes anything on: who takes a message may start a
// panic, which calls forget() in the midst of it.
#pragma once

#include "language/syntax.hpp"
#include "world/node.hpp"
#include "world/table.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace mm::route {

// --- how they are made; the classes are in the file that is named ---

// nodes_time.cpp
std::unique_ptr<Node> make(const Delay& action, World& world, Taker& next);
std::unique_ptr<Node> make(const Strum& action, World& world, Taker& next);
std::unique_ptr<Node> make(const Quantize& action, World& world, Taker& next);
std::unique_ptr<Node> make(const Humanize& action, World& world, Taker& next);
// nodes_length.cpp
std::unique_ptr<Node> make(const Echo& action, World& world, Taker& next);
std::unique_ptr<Node> make(const Length& action, World& world, Taker& next);
std::unique_ptr<Node> make(const Hold& action, World& world, Taker& next);
std::unique_ptr<Node> make(const Long& action, World& world, Taker& next);
// nodes_hold.cpp
std::unique_ptr<Node> make(const Latch& action, World& world, Taker& next);
std::unique_ptr<Node> make(const Toggle& action, World& world, Taker& next);
std::unique_ptr<Node> make(const Pedal& action, World& world, Taker& next);
// nodes_voices.cpp
std::unique_ptr<Node> make(const Voices& action, World& world, Taker& next);
// nodes_arpeggio.cpp
std::unique_ptr<Node> make(const Arpeggio& action, World& world, Taker& next);
// nodes_clock.cpp
std::unique_ptr<Node> make(const Divide& action, World& world, Taker& next);
std::unique_ptr<Node> make(const Multiply& action, World& world, Taker& next);
// nodes_value.cpp
std::unique_ptr<Node> make(const NoDuplicates& action, World& world, Taker& next);
std::unique_ptr<Node> make(const Relative& action, World& world, Taker& next);
// nodes_mpe.cpp
std::unique_ptr<Node> make(const Spread& action, World& world, Taker& next);
std::unique_ptr<Node> make(const Fold& action, World& world, Taker& next);

// --- tables of keys ---

// How many keys a node follows: all those of 32 ports.
inline constexpr std::size_t most_keys = 65'536;

// The value of that key, a new one if there is none; null if there is no room for it.
template <class Value> Value* keep(Table<Value>& table, std::uint64_t key) {
  if (Value* const found = table.find(key)) return found;
  return table.size() < most_keys ? &table[key] : nullptr;
}

// Port and channel as one number: a key_of() without the key.
inline std::uint64_t channel_of(const Message& message) {
  return key_of(message.port, message.event.channel(), 0);
}

// What has a value as one number: its kind, port, channel and number, as far as it has them. (A
// program is the value of its channel.)
inline std::uint64_t control_of(const Message& message) {
  const Event& event = message.event;
  const int channel = info(event.kind).has_channel() ? event.channel() : 1;
  const bool is_numbered =
      has_number(event.kind) && place_of_number(event.kind) != place_of_value(event.kind);
  return place_of(event.kind, message.port, channel, is_numbered ? number_of(event) : 0);
}

// Kinds whose value is 0 at rest, and which a button may send.
constexpr bool is_control(Kind kind) {
  return kind == Kind::control_change || kind == Kind::channel_pressure || kind == Kind::cc14 ||
         kind == Kind::rpn || kind == Kind::nrpn;
}

// --- messages ---

// An event of a port's channel that a node has made.
template <class... Args>
Message make_message(World& world, PortId port, Kind kind, int channel, Args... args) {
  Message message{make_event(kind, channel, args...), port, true};
  message.event.port = world.ports().name(port);
  return message;
}

// The note of a key, from key_of().
inline Message note_of(World& world, std::uint64_t key, Kind kind, int velocity) {
  return make_message(world, static_cast<PortId>(key >> 32), kind,
                      static_cast<int>(key >> 16 & 0xf) + 1, static_cast<int>(key & 0x7f),
                      velocity);
}

inline void set_channel(Message& message, int channel) {
  if (message.event.channel() == channel) return;
  message.event.arg[0] = static_cast<std::int16_t>(channel);
  message.is_changed = true;
}

// Messages that leave one after another. They are no part of the node's state any more.
class Leaving {
 public:
  void add(const Message& message) { messages_.push_back(message); }
  [[nodiscard]] Message& last() { return messages_.back(); }

  template <class Pass> void send(Pass&& pass) {
    if (messages_.empty()) return;
    std::vector<Message> going;
    going.swap(messages_);
    for (Message& message : going) pass(message);
    if (!messages_.empty()) return;
    going.clear(); // its room is used again
    messages_.swap(going);
  }

 private:
  std::vector<Message> messages_;
};

} // namespace mm::route
