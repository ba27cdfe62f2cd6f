// Sysex from ALSA's sequencer: it comes in pieces, which are put together for each sender.
#pragma once

#include "port/alsa_client.hpp"
#include "port/backend.hpp"
#include "wire/decoder.hpp"

#include <deque>
#include <map>
#include <string_view>
#include <utility>

namespace mm::alsa {

class Sysex {
 public:
  explicit Sysex(std::size_t max_size) : max_size_(max_size) {}

  // A piece came in at that port of ours; it has to stay until next() has said false.
  void take(PortId port, const Address& from, std::string_view piece, Nanoseconds time);

  // The next event of it, and before that what was left of others; false: there is no more.
  bool next(Incoming& incoming);

  // What the sender, or any, has begun and not ended is left: given out as it is.
  void leave(const Address& from);
  void leave_all();
  bool next_left(Incoming& incoming);

  // What was begun at a port of ours that is closed is forgotten.
  void forget(PortId port);

 private:
  using Sender = std::pair<PortId, Address>; // to which port of ours, from whom

  std::size_t max_size_; // bytes
  std::map<Sender, Decoder> decoders_;
  std::deque<std::pair<PortId, Decoder>> left_;
  Sender sender_;          // of the piece in hand
  std::string_view piece_; // what is left of it
  Nanoseconds time_ = 0;
};

} // namespace mm::alsa
