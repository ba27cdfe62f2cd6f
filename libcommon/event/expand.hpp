// Values wider than seven bits: the control changes that cc14, rpn and nrpn stand for.
//
// MIDI 1.0 Detailed Specification 4.2, pages 10-18: controllers 0-31 carry the upper seven bits
// of a value and 32-63 the lower ones; 101/100 choose a registered parameter (RPN), 99/98 a
// non-registered one (NRPN), and data entry, controllers 6 and 38, sets it.
#pragma once

#include "event/event.hpp"

namespace mm {

namespace controller {
inline constexpr int data_entry = 6;
inline constexpr int data_entry_low = 38;
inline constexpr int nrpn_low = 98;
inline constexpr int nrpn_high = 99;
inline constexpr int rpn_low = 100;
inline constexpr int rpn_high = 101;
inline constexpr int low_half = 32; // added to the number of the upper half
} // namespace controller

// Calls `sink` with each plain message that `event` stands for: two control changes for cc14,
// four for rpn and nrpn, none for a meta event, and itself for any other. They have the event's
// time and port.
template <class Sink> void for_each_message(const Event& event, Sink&& sink) {
  const auto control = [&](int number, int value) {
    Event message = event;
    message.kind = Kind::control_change;
    message.arg = {event.arg[0], static_cast<std::int16_t>(number),
                   static_cast<std::int16_t>(value)};
    sink(message);
  };
  const int number = event.arg[1];
  const int value = event.arg[2];
  switch (event.kind) {
  case Kind::meta: break;
  case Kind::cc14:
    control(number, value >> 7);
    control(number + controller::low_half, value & 0x7f);
    break;
  case Kind::rpn:
  case Kind::nrpn: {
    const bool registered = event.kind == Kind::rpn;
    control(registered ? controller::rpn_high : controller::nrpn_high, number >> 7);
    control(registered ? controller::rpn_low : controller::nrpn_low, number & 0x7f);
    control(controller::data_entry, value >> 7);
    control(controller::data_entry_low, value & 0x7f);
    break;
  }
  default: sink(event);
  }
}

} // namespace mm
