// Events into MIDI bytes.
#pragma once

#include "event/event.hpp"
#include "event/expand.hpp"

#include <array>
#include <string_view>

namespace mm {

// The bytes of one message.
class Message {
 public:
  // `event` is a plain message, sysex or raw: no cc14, rpn, nrpn (see for_each_message) and no
  // meta event.
  explicit Message(const Event& event);

  // With full status. For sysex and raw, the event's own data.
  [[nodiscard]] std::string_view bytes() const {
    return long_.data() != nullptr ? long_ : std::string_view(short_.data(), length_);
  }

 private:
  std::array<char, 3> short_{};
  std::size_t length_ = 0;
  std::string_view long_;
};

// The most bytes that encode() writes for `event`.
std::size_t encode_bound(const Event& event);

// Writes the MIDI bytes that `event` stands for from `to` on, with full status; returns the end.
// A meta event stands for none.
char* encode(char* to, const Event& event);

// The same by running status (MIDI 1.0, page 5): the status byte of a channel message is left out
// if it is `running`, that of the message before. At the start `running` is 0.
char* encode(char* to, const Event& event, char& running);

} // namespace mm
