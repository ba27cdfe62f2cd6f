// A file descriptor that closes itself.
#pragma once

#include <unistd.h>

#include <utility>

namespace mm {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  // From now on it is the caller's.
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// The pipe or terminal behind `fd`, opened once more without blocking: `fd` is shared with others,
// and O_NONBLOCK of that is ours alone. Empty for anything else (a file would be opened at its
// start, a socket not at all), and where it is not allowed.
Descriptor open_again(int fd);

} // namespace mm
