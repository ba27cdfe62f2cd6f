// Waiting for a descriptor that is not ours alone.
//
// stdin and stdout are shared with the shell and the other stages of a pipeline, so their flags
// are not ours to change; but Asio makes each descriptor that it waits for non-blocking. So it
// is given the same pipe, opened once more; or, where that cannot be, an epoll descriptor of our
// own in which the shared one stands, which takes longer.
#pragma once

#include "io/descriptor.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace mm {

class Watch {
 public:
  enum class For : std::uint8_t { read, write, error };

  // `fd` stays the caller's, and has to stay open as long as this.
  Watch(boost::asio::io_context& loop, int fd);

  // Calls `ready` once, from the loop, when the descriptor can be read (written) without
  // waiting, or when its other end has gone. A regular file is ready at any time. One wait at a
  // time; a new one replaces the one before, and none outlives this.
  void wait(For what, std::function<void()> ready);
  void cancel();

  // The end: what it has opened of a pipe, it closes.
  void close();

 private:
  void listen_for(For what);
  void forget();

  boost::asio::io_context& loop_;
  int fd_;
  enum class Way : std::uint8_t { none, pipe, epoll };
  Way way_ = Way::none;
  std::optional<For> events_; // that the epoll descriptor listens for
  // The wait, so that one that was cancelled, or whose Watch has gone, says nothing.
  struct State {
    std::uint64_t turn = 0; // counts what was cancelled
    std::optional<For> what;
    std::function<void()> ready;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
  boost::asio::posix::stream_descriptor waiter_; // the pipe, or the epoll descriptor
};

} // namespace mm
