#include "io/watch.hpp"

#include <boost/asio/post.hpp>
#include <poll.h>
#include <sys/epoll.h>

#include <utility>

namespace mm {

using boost::asio::posix::stream_descriptor;

namespace {

// A FIFO whose writers have all gone says so only to those who had it open before.
bool has_hung_up(int fd) {
  pollfd state{fd, POLLIN, 0};
  return ::poll(&state, 1, 0) == 1 && (state.revents & POLLHUP) != 0;
}

} // namespace

Watch::Watch(boost::asio::io_context& loop, int fd) : loop_(loop), fd_(fd), waiter_(loop) {
  Descriptor again = ::isatty(fd) == 0 ? open_again(fd) : Descriptor();
  if (again && !has_hung_up(fd)) {
    way_ = Way::pipe;
    waiter_.assign(again.release());
    return;
  }
  Descriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
  epoll_event event{};
  if (!epoll || ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd_, &event) != 0) return;
  way_ = Way::epoll;
  waiter_.assign(epoll.release());
}

void Watch::wait(For what, std::function<void()> ready) {
  // One wait at a time: Asio may say of a second one that it is ready when the first one's turn has
  // taken what there was, and then a read would wait for ever.
  if (state_->what && *state_->what != what) cancel();
  state_->ready = std::move(ready);
  if (std::exchange(state_->what, what)) return;
  const auto say = [turn = state_->turn, last = std::weak_ptr(state_)] {
    const auto state = last.lock();
    if (!state || state->turn != turn) return;
    state->what.reset();
    std::exchange(state->ready, {})();
  };
  if (way_ == Way::none) {
    if (what == For::error) return; // a file has no other end
    boost::asio::post(loop_, say);
    return;
  }
  auto event = stream_descriptor::wait_read;
  if (way_ == Way::epoll)
    listen_for(what);
  else if (what != For::read)
    event = what == For::write ? stream_descriptor::wait_write : stream_descriptor::wait_error;
  waiter_.async_wait(event, [say](const boost::system::error_code& error) {
    if (!error) say();
  });
}

void Watch::listen_for(For what) {
  if (events_ == what) return; // as each time but the first, in a stream
  events_ = what;
  epoll_event event{}; // of errors it tells always
  if (what != For::error) event.events = what == For::read ? EPOLLIN : EPOLLOUT;
  ::epoll_ctl(waiter_.native_handle(), EPOLL_CTL_MOD, fd_, &event);
}

void Watch::cancel() {
  forget();
  if (way_ == Way::epoll) listen_for(For::error);
  boost::system::error_code ignored;
  if (way_ != Way::none) waiter_.cancel(ignored);
}

void Watch::close() {
  forget();
  boost::system::error_code ignored;
  waiter_.close(ignored);
  way_ = Way::none;
}

void Watch::forget() {
  ++state_->turn;
  state_->what.reset();
  state_->ready = {};
}

} // namespace mm
