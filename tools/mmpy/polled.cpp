#include "polled.hpp"

#include "ref.hpp"

#include <cerrno>

namespace mm::py {

void Polled::wait(std::optional<Nanoseconds> span) {
  timespec time{};
  if (span) {
    time.tv_sec = *span / second;
    time.tv_nsec = *span % second;
  }
  PyThreadState* const thread = PyEval_SaveThread();
  const int ready = ::ppoll(fds_.data(), fds_.size(), span ? &time : nullptr, nullptr);
  error_ = ready < 0 ? errno : 0;
  PyEval_RestoreThread(thread);
  if (ready < 0)
    for (pollfd& one : fds_) one.revents = 0;
}

} // namespace mm::py
