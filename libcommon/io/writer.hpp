// Events to a descriptor, in any format.
#pragma once

#include "event/result.hpp"
#include "io/clock.hpp"
#include "io/output.hpp"
#include "io/watch.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <optional>
#include <utility>

namespace mm {

// What becomes of the events when nobody takes them off the descriptor.
enum class WhenFull : std::uint8_t {
  wait, // flush() waits: the events come from where waiting is possible
  lose, // a queue is filled; what goes beyond it is lost, counted, and said by ":overrun N"
  hold, // a queue is filled; put() takes all, and whoever puts is to pause while is_full()
};

// Collects printed events; flush() writes them in one call. With WhenFull::lose and hold it never
// blocks: what is not taken at once is written when it can be.
class EventWriter {
 public:
  // `fd` has to stay open until finish(), which closes it. `clock` stamps the :overrun events.
  EventWriter(boost::asio::io_context& loop, int fd, const FormatOptions& options, WhenFull mode,
              Clock clock);

  // Called once, from put(), flush() or the loop, when the other end is gone (error 0: quietly,
  // by SIGPIPE) or writing failed (with the errno of write()).
  void on_failure(std::function<void(int error)> failed);

  // Called after each ":overrun" that was added, and before what follows it: here put() can set
  // right what the loss has left wrong.
  void on_loss(std::function<void()> lost) { on_loss_ = std::move(lost); }

  // With WhenFull::hold: whether enough waits to be written; and what is called when that is over.
  [[nodiscard]] bool is_full() const { return is_full_; }
  void on_room(std::function<void()> has_room) { on_room_ = std::move(has_room); }

  // Adds an event; flush() sends it on its way. False: it was lost.
  bool put(const Event& event);
  void flush();

  // From now on put() takes everything: the end is near.
  void lose_no_more() { limited_ = false; }

  // Writes all that is left, waiting for it to be taken, closes `fd`, and checks that it all got
  // there. With `patience`, a reader that takes nothing for so long is given up; how much it has
  // not got is the error.
  Outcome finish(std::optional<Nanoseconds> patience = {});

  // The number of events that were lost so far.
  [[nodiscard]] std::uint64_t lost() const { return lost_; }
  // Whether the other end has gone.
  [[nodiscard]] bool reader_gone() const { return reader_gone_; }

 private:
  void say_lost();
  void write_some();
  void wait_writable();
  void fail(int error);

  Output output_;
  PrintQueue& queue_; // its
  WhenFull mode_;
  Clock clock_;
  Watch watch_;
  Watch closed_;
  std::function<void(int)> failed_;
  std::function<void()> on_loss_;
  std::function<void()> on_room_;
  std::uint64_t lost_ = 0;
  std::uint64_t unsaid_ = 0; // of those, what no :overrun has told yet
  bool is_full_ = false;
  bool limited_;         // the queue has a limit
  bool writing_ = false; // waits until it can write
  bool broken_ = false;
  bool reader_gone_ = false;
};

} // namespace mm
