// An event on its way through the rules, and what takes it.
#pragma once

#include "event/event.hpp"
#include "event/interface.hpp"
#include "language/attributes.hpp"

#include <cstdint>

namespace mm::route {

// A port's tag, as Ports numbers them; 0: no port.
using PortId = std::uint32_t;

struct Message {
  Event event; // its TIME means nothing here: World has the time. Its port is that of `port`, whose
               // text lives in Ports
  PortId port = 0;
  bool is_changed = false; // it is not what came in: it is printed anew
  bool follows = false;    // poly pressure that goes the way of its note, and makes nothing act
};

// A port, a channel and a key (or the number of a controller) as one number.
inline std::uint64_t key_of(PortId port, int channel, int number) {
  return std::uint64_t{port} << 32 | static_cast<std::uint32_t>(channel - 1) << 16 |
         static_cast<std::uint32_t>(number);
}
inline std::uint64_t key_of(const Message& note) {
  return key_of(note.port, note.event.channel(), note.event.arg[1]);
}

// The same of that kind.
inline std::uint64_t place_of(Kind kind, PortId port, int channel, int number) {
  return key_of(port, channel, number) | static_cast<std::uint64_t>(kind) << 24;
}

// What messages go to: a rule, an action that has a memory, a group of rules, the output.
//
// One law holds for all of them: who has passed on a note-on passes on its note-off, to wherever
// the note-on went and as the note it had become; and poly pressure the same way.
class Taker : public Interface {
 public:
  // It may change the message, which the caller then no longer needs.
  virtual void take(Message& message) = 0;
};

} // namespace mm::route
