// Descriptors that are waited for by poll().
#pragma once

#include "event/event.hpp"

#include <poll.h>

#include <optional>
#include <vector>

namespace mm {

class PollSet {
 public:
  void clear() { fds_.clear(); }
  void add(int fd, short events) { fds_.push_back({fd, events, 0}); }

  // Waits, for this long at most; none: for ever.
  void wait(std::optional<Nanoseconds> span);

  // The errno of poll(); EINTR: a signal has come.
  [[nodiscard]] int error() const { return error_; }

  // What poll() says of a descriptor.
  [[nodiscard]] short came(int fd) const {
    for (const pollfd& one : fds_)
      if (one.fd == fd) return one.revents;
    return 0;
  }

 private:
  std::vector<pollfd> fds_;
  int error_ = 0;
};

} // namespace mm
