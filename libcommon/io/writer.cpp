#include "io/writer.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace mm {

namespace {

constexpr std::size_t queue_limit = 4UL << 20; // bytes of printed events that may wait
constexpr std::size_t write_at = 64UL << 10;   // enough for one write

// False: it took longer than that.
bool wait_until_writable(int fd, std::optional<Nanoseconds> patience) {
  pollfd ready{fd, POLLOUT, 0};
  constexpr Nanoseconds millisecond = second / 1000;
  return ::poll(&ready, 1, patience ? static_cast<int>(*patience / millisecond) : -1) != 0;
}

} // namespace

EventWriter::EventWriter(boost::asio::io_context& loop, int fd, const FormatOptions& options,
                         WhenFull mode, Clock clock)
    : fd_(fd), queue_(options), mode_(mode), clock_(clock), watch_(loop, fd), closed_(loop, fd),
      limited_(mode == WhenFull::lose) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return;
  is_socket_ = S_ISSOCK(status.st_mode);
  is_regular_ = S_ISREG(status.st_mode);
  if (mode_ != WhenFull::wait) own_ = open_again(fd);
}

void EventWriter::on_failure(std::function<void(int)> failed) {
  failed_ = std::move(failed);
  closed_.wait(Watch::For::error, [this] { fail(0); });
}

bool EventWriter::put(const Event& event) {
  if (broken_) return false;
  if (limited_ && queue_.size() > 0 && queue_.size() + queue_.bound(event) > queue_limit) {
    ++lost_;
    ++unsaid_;
    return false;
  }
  if (unsaid_ > 0) say_lost();
  queue_.put(event);
  if (queue_.size() >= write_at && !writing_) write_some();
  if (mode_ == WhenFull::hold && queue_.size() > queue_limit / 4) is_full_ = true;
  return true;
}

void EventWriter::say_lost() {
  const std::string text = ":overrun " + std::to_string(unsaid_);
  Event event = make_meta(text);
  event.time = clock_.stamp(now());
  event.time_form = TimeForm::absolute;
  unsaid_ = 0;
  queue_.put(event);
  if (on_loss_) on_loss_();
}

void EventWriter::flush() {
  if (!writing_ && !broken_) write_some();
}

void EventWriter::write_some() {
  while (queue_.size() > 0 && !broken_) {
    if (write_once() >= 0) continue;
    if (errno != EAGAIN) return fail(errno == EPIPE ? 0 : errno);
    if (mode_ != WhenFull::wait) return wait_writable();
    wait_until_writable(fd_, {});
  }
}

// Writes what is taken at once, and with WhenFull::wait a part of it at least. Like write().
ssize_t EventWriter::write_once() {
  const std::string_view bytes = queue_.waiting();
  ssize_t got = 0;
  do {
    if (mode_ == WhenFull::wait || is_regular_) {
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

void EventWriter::wait_writable() {
  writing_ = true;
  watch_.wait(Watch::For::write, [this] {
    writing_ = false;
    write_some();
    if (!writing_ && unsaid_ > 0 && !broken_) {
      say_lost();
      write_some();
    }
    if (is_full_ && queue_.size() < queue_limit / 8) {
      is_full_ = false;
      if (on_room_) on_room_();
    }
  });
}

void EventWriter::fail(int error) {
  if (broken_) return;
  broken_ = true;
  reader_gone_ = error == 0;
  if (failed_) failed_(error);
}

Outcome EventWriter::finish(std::optional<Nanoseconds> patience) {
  watch_.close();
  closed_.close();
  if (unsaid_ > 0 && !broken_) say_lost();
  int error = 0;
  failed_ = [&](int reason) { error = reason; };
  bool given_up = false;
  if (!patience) mode_ = WhenFull::wait;
  while (queue_.size() > 0 && !broken_ && !given_up) {
    if (write_once() >= 0) continue;
    if (errno != EAGAIN)
      fail(errno == EPIPE ? 0 : errno);
    else
      given_up = !wait_until_writable(fd_, patience);
  }
  failed_ = {};
  own_ = {};
  if (error != 0) return Error{std::string("stdout: ") + std::strerror(error)};
  if (given_up) {
    ::close(fd_);
    return Error{"stdout: nobody reads it any more; the last " + std::to_string(queue_.size()) +
                 " bytes were not written"};
  }
  if (!broken_ && ::close(fd_) != 0 && errno != EBADF)
    return Error{std::string("stdout: ") + std::strerror(errno)};
  return done();
}

} // namespace mm
