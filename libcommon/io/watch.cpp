#include "io/watch.hpp"

#include <boost/asio/post.hpp>
#include <sys/epoll.h>

namespace mm {

Watch::Watch(boost::asio::io_context& loop, int fd) : loop_(loop), fd_(fd), epoll_(loop) {
  Descriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
  epoll_event event{};
  pollable_ = epoll && ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd_, &event) == 0;
  if (pollable_) epoll_.assign(::dup(epoll.get()));
}

void Watch::wait(For what, std::function<void()> ready) {
  auto is_current = [turn = ++*turn_, last = std::weak_ptr(turn_)] {
    const auto now = last.lock();
    return now && *now == turn;
  };
  if (!pollable_) {
    if (what == For::error) return; // a file has no other end
    boost::asio::post(loop_, [is_current, ready = std::move(ready)] {
      if (is_current()) ready();
    });
    return;
  }
  listen_for(what == For::read ? EPOLLIN : what == For::write ? EPOLLOUT : 0U);
  epoll_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                    [is_current, ready = std::move(ready)](const boost::system::error_code& error) {
                      if (!error && is_current()) ready();
                    });
}

void Watch::listen_for(std::uint32_t events) {
  if (events == events_) return; // as each time but the first, in a stream
  events_ = events;
  epoll_event event{};
  event.events = events;
  ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_MOD, fd_, &event);
}

void Watch::cancel() {
  ++*turn_;
  if (pollable_) {
    listen_for(0);
    boost::system::error_code ignored;
    epoll_.cancel(ignored);
  }
}

} // namespace mm
