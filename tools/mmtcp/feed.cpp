#include "feed.hpp"

#include <unistd.h>

#include <chrono>
#include <utility>

namespace mm::tcp {

Feed::Feed(boost::asio::io_context& loop, const InputOptions& options, bool waits,
           EventInput::Notice notice, std::function<void()> again)
    : input_(loop, STDIN_FILENO, "stdin", options, std::move(notice)), waits_(waits),
      again_(std::move(again)), timer_(loop) {}

EventInput::Next Feed::next(Event& event) {
  if (!has_event_) {
    const auto next = input_.next(event_);
    if (next == EventInput::Next::wait) input_.wait(again_);
    if (next != EventInput::Next::event) return next;
    has_event_ = true;
    due_ = waits_ ? timeline_.due(event_, now()) : 0;
  }
  if (const Nanoseconds left = due_ > 0 ? due_ - now() : 0; left > 0) {
    timer_.expires_after(std::chrono::nanoseconds(left));
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
      if (!cancelled) again_();
    });
    return EventInput::Next::wait;
  }
  has_event_ = false;
  event = event_;
  return EventInput::Next::event;
}

void Feed::cancel() {
  timer_.cancel();
  input_.cancel();
}

} // namespace mm::tcp
