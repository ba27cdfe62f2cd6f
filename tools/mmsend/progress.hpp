// --progress: how far a long stream has come, on stderr.
#pragma once

#include "event/event.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>

namespace mm::send {

// On a terminal one line that is written anew; elsewhere a line every few seconds.
class Progress {
 public:
  // Without `enabled` it does nothing.
  Progress(boost::asio::io_context& loop, bool enabled);

  void sent(const Event& event);
  void read(std::uint64_t bytes) { read_ = bytes; }

  // Takes the line away, so that a message can be printed.
  void clear();

  // Prints the last state.
  void finish();

 private:
  void wait();
  void print(bool last);

  bool enabled_;
  bool is_terminal_ = false;
  bool is_shown_ = false;
  boost::asio::steady_timer timer_;
  Nanoseconds start_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t bytes_ = 0; // of sysex
  std::uint64_t read_ = 0;  // of stdin
  std::uint64_t size_ = 0;  // of stdin, if it is a file
};

} // namespace mm::send
