// MIDI bytes into events.
#pragma once

#include "event/event.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mm {

// Takes the bytes of one MIDI cable, in pieces of any size, and gives the messages in them. Where
// the pieces are cut changes nothing. Passive: no I/O and no clock; it allocates only to keep a
// sysex that comes in several pieces.
//
// Bytes that are no MIDI come out as events of Kind::raw, each in its place, so that nothing is
// lost: stray data bytes, the undefined statuses f4, f5, f9 and fd, an f7 that ends nothing, a
// message cut off by another status, and a sysex longer than the limit (in several pieces). Of
// what was complete nothing is ever made raw, and nothing is made up.
//
// MIDI 1.0 Detailed Specification 4.2: running status is page 5, "Data Types", and;
// realtime inside other messages is page 30.
class Decoder {
 public:
  explicit Decoder(std::size_t max_sysex = default_max_sysex) : max_sysex_(max_sysex) {}

  // Takes bytes off the front of `bytes` until an event is complete; false when all are taken
  // and none is. The event's data point into `bytes` or into the decoder, and hold until the
  // next call. Its time and port are left empty.
  bool next(std::string_view& bytes, Event& event);

  // The end of the stream (or of what can be waited for): gives what was begun as Kind::raw;
  // false if nothing was.
  bool finish(Event& event);

  // Only a row of junk, which nothing that follows can make a message of.
  bool finish_junk(Event& event) { return state_ == State::junk && finish(event); }

  // The same for the end of a packet, as ports deliver them: only a sysex may go on in the next.
  bool finish_packet(Event& event) { return state_ != State::sysex && finish(event); }

 private:
  enum class State : std::uint8_t {
    idle,    // between messages
    message, // after a status, or a data byte under running status
    sysex,
    junk, // in a row of bytes that are no MIDI
  };

  bool next_whole(std::string_view& bytes, Event& event);
  bool take_realtime(std::string_view& bytes, Event& event);
  bool take_status(std::string_view& bytes, Event& event);
  bool take_data(std::string_view& bytes, Event& event);
  bool take_sysex_data(std::string_view& bytes, Event& event);
  bool take_junk(std::string_view& bytes, Event& event);
  bool hand_out(Kind kind, Event& event);
  void make_junk();
  void take_back();

  std::size_t max_sysex_;
  State state_ = State::idle;
  bool handed_out_ = false;  // kept_ was given to the caller, and is to be emptied
  bool implied_ = false;     // the status of the message in hand came by running status
  std::uint8_t status_ = 0;  // of the message in hand
  std::uint8_t running_ = 0; // running status; 0: none
  std::size_t count_ = 0;    // data bytes of the message in hand
  std::array<char, 2> data_{};
  char single_ = 0;  // an undefined status inside another message
  std::string kept_; // a sysex that comes in pieces; a row of junk
};

// The number of data bytes after a status byte (80-ff); 0 for f0 and the undefined ones.
constexpr std::size_t data_bytes(std::uint8_t status) {
  switch (status & 0xf0U) {
  case 0xc0:
  case 0xd0: return 1;
  case 0xf0: return status == 0xf2 ? 2 : status == 0xf1 || status == 0xf3 ? 1 : 0;
  default: return 2;
  }
}

} // namespace mm
