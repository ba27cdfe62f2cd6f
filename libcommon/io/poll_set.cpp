#include "io/poll_set.hpp"

#include <cerrno>

namespace mm {

void PollSet::wait(std::optional<Nanoseconds> span) {
  int ready = 0;
  if (span) {
    const timespec time{*span / second, *span % second};
    ready = ::ppoll(fds_.data(), fds_.size(), &time, nullptr);
  } else {
    ready = ::poll(fds_.data(), fds_.size(), -1); // does the same, and costs less
  }
  error_ = ready < 0 ? errno : 0;
  if (ready < 0)
    for (pollfd& one : fds_) one.revents = 0;
}

} // namespace mm
