#include "io/output.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace mm {

namespace {

// False: it took longer than that.
bool wait_until_writable(int fd, std::optional<Nanoseconds> patience) {
  pollfd ready{fd, POLLOUT, 0};
  constexpr Nanoseconds millisecond = second / 1000;
  return ::poll(&ready, 1, patience ? static_cast<int>(*patience / millisecond) : -1) != 0;
}

} // namespace

Output::Output(int fd, const FormatOptions& format, bool waits)
    : fd_(fd), queue_(format), waits_(waits) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return;
  is_socket_ = S_ISSOCK(status.st_mode);
  is_regular_ = S_ISREG(status.st_mode);
  if (!waits_) own_ = open_again(fd);
}

Output::Wrote Output::write() {
  while (error_ == 0 && queue_.size() > 0) {
    if (write_once() >= 0) continue;
    if (errno != EAGAIN)
      error_ = errno;
    else if (waits_)
      wait_until_writable(fd_, {});
    else
      return Wrote::part;
  }
  return error_ == 0 ? Wrote::all : Wrote::failed;
}

// Writes what is taken at once, and where it waits a part of it at least. Like write().
ssize_t Output::write_once() {
  const std::string_view bytes = queue_.waiting();
  ssize_t got = 0;
  do {
    if (waits_ || is_regular_) {
      got = ::write(fd_, bytes.data(), bytes.size());
    } else if (own_) {
      got = ::write(own_.get(), bytes.data(), bytes.size());
    } else if (is_socket_) {
      got = ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    } else if (wait_until_writable(fd_, 0)) {
      // A pipe that says it can be written takes this much without waiting.
      got = ::write(fd_, bytes.data(), std::min<std::size_t>(bytes.size(), 4096));
    } else {
      errno = EAGAIN;
      got = -1;
    }
  } while (got < 0 && errno == EINTR);
  if (got > 0) queue_.drop(static_cast<std::size_t>(got));
  return got;
}

Outcome Output::finish(std::optional<Nanoseconds> patience) {
  const int earlier = error_; // has been told
  bool given_up = false;
  if (!patience) waits_ = true;
  while (!given_up && write() == Wrote::part) given_up = !wait_until_writable(fd_, patience);
  own_ = {};
  if (earlier == 0 && error_ != 0 && error_ != EPIPE)
    return Error{std::string("stdout: ") + std::strerror(error_)};
  if (given_up) {
    ::close(fd_);
    return Error{"stdout: nobody reads it any more; the last " + std::to_string(queue_.size()) +
                 " bytes were not written"};
  }
  if (error_ == 0 && ::close(fd_) != 0 && errno != EBADF)
    return Error{std::string("stdout: ") + std::strerror(errno)};
  return done();
}

} // namespace mm
