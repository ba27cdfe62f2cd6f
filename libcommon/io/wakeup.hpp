// Wakes a loop from another thread.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace mm {

// Writes to an eventfd that does not block. Unlike write() this is no point where a thread can be
// cancelled: JACK cancels its threads when a client is closed, and that is not to happen inside a
// callback of ours.
inline void wake(int eventfd) {
  const std::uint64_t one = 1;
  ::syscall(SYS_write, eventfd, &one, sizeof one);
}

} // namespace mm
