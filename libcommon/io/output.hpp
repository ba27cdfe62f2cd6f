// Events to a descriptor that is shared with others, without a loop: what waits to be written, and
// the ways to write it.
#pragma once

#include "event/result.hpp"
#include "io/clock.hpp"
#include "io/descriptor.hpp"
#include "io/queue.hpp"

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace mm {

class Output {
 public:
  // `fd` has to stay open until finish(), which closes it. With `waits`, write() writes all, and
  // waits where the other end is slow; else it never blocks. Either way the flags of `fd`, which
  // others share, stay as they are.
  Output(int fd, const FormatOptions& format, bool waits);

  [[nodiscard]] PrintQueue& queue() { return queue_; }
  [[nodiscard]] const PrintQueue& queue() const { return queue_; }
  [[nodiscard]] int descriptor() const { return fd_; }

  enum class Wrote : std::uint8_t {
    all,
    part,   // the other end takes no more just now: wait until `fd` is writable
    failed, // error() says why; nothing more can be written
  };
  Wrote write();

  // The errno of a write() that has failed; EPIPE: the other end has gone. 0: all is well.
  [[nodiscard]] int error() const { return error_; }
  // The same, found out otherwise.
  void set_error(int error) { error_ = error; }

  // Writes all that is left, waiting for it to be taken, closes `fd`, and checks that it all got
  // there. With `patience`, a reader that takes nothing for so long is given up; how much it has
  // not got is the error. One that has gone is none: error() tells.
  Outcome finish(std::optional<Nanoseconds> patience);

 private:
  ssize_t write_once();

  int fd_;
  PrintQueue queue_;
  bool waits_;
  Descriptor own_; // the same pipe or terminal, opened anew: its O_NONBLOCK is ours
  bool is_socket_ = false;
  bool is_regular_ = false; // a file
  int error_ = 0;
};

} // namespace mm
