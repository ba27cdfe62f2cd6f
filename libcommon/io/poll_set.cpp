#include "io/poll_set.hpp"

#include <cerrno>

namespace mm {

void PollSet::wait(std::optional<Nanoseconds> span) {
  timespec time{};
  if (span) {
    time.tv_sec = *span / second;
    time.tv_nsec = *span % second;
  }
  const int ready = ::ppoll(fds_.data(), fds_.size(), span ? &time : nullptr, nullptr);
  error_ = ready < 0 ? errno : 0;
  if (ready < 0)
    for (pollfd& one : fds_) one.revents = 0;
}

} // namespace mm
