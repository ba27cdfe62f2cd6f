// What is read to be sent: events from stdin, each when it is due.
#pragma once

#include "io/input.hpp"
#include "io/timeline.hpp"

#include <boost/asio/steady_timer.hpp>

namespace mm::tcp {

class Feed {
 public:
  // `notice` as with EventInput. `again` is called from the loop when there is something new.
  // Without `waits` no TIME is waited for: whoever gets the events knows it too.
  Feed(boost::asio::io_context& loop, const InputOptions& options, bool waits,
       EventInput::Notice notice, std::function<void()> again);

  // The next event, if it is due; it holds until the next call. After Next::wait `again` will be
  // called.
  EventInput::Next next(Event& event);

  void cancel();

  [[nodiscard]] std::uint64_t dropped_bytes() const { return input_.dropped_bytes(); }

 private:
  EventInput input_;
  Timeline timeline_{false, 1, 0};
  bool waits_;
  std::function<void()> again_;
  boost::asio::steady_timer timer_;
  Event event_;
  Nanoseconds due_ = 0;
  bool has_event_ = false;
};

} // namespace mm::tcp
