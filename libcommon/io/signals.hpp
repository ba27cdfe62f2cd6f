// Signals as events of the loop, and dying of one.
#pragma once

#include "io/descriptor.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>

namespace mm {

// From its construction on, SIGINT, SIGTERM and SIGHUP no longer end the process; the first one is
// kept, and makes a descriptor readable. A second one ends the process at once, unless it comes
// within a second: timeout(1), a shell and the kernel send the same one twice, and what sounds is
// to be released first. If that is not through after five seconds, since a MIDI system hangs, the
// process ends all the same, of the first signal. Those that the parent had ignored (nohup, "&" in
// a script) stay ignored. SIGPIPE is ignored: write() says EPIPE. System calls that wait are
// interrupted. There is one at a time in a process.
class SignalTrap {
 public:
  SignalTrap();
  SignalTrap(const SignalTrap&) = delete;
  SignalTrap& operator=(const SignalTrap&) = delete;
  ~SignalTrap();

  // Readable from the first signal on.
  [[nodiscard]] int descriptor() const { return came_.get(); }

  // The first signal; 0: none has come.
  [[nodiscard]] int signal() const;

  // Called inside the signal handler when the first one comes: it may do what a handler may do.
  void on_signal(void (*also)());

  // The same before the process is killed, since it was not through in time.
  void on_last(void (*also)());

  // From now on they end the process at once, unless one has come: nobody would hear of them.
  void let_go();

  // For a program whose scripts may fork(): from now on signals, SIGHUP of a Hangup as well, end
  // such a child as they end any other process. They are none of the parent's, with which it shares
  // the descriptors. Called once.
  static void give_up_in_children();

 private:
  Descriptor came_; // an eventfd
};

// From its construction on, SIGHUP asks for something: it makes a descriptor readable, and ends
// nothing. It comes after a SignalTrap. If the parent had ignored it, it stays ignored.
class Hangup {
 public:
  Hangup();

  [[nodiscard]] int descriptor() const { return came_.get(); }
  // Whether one has come since this was asked before.
  bool take();

 private:
  Descriptor came_; // an eventfd
};

// The same in a loop, which calls `ended` with the first one.
class Signals {
 public:
  Signals(boost::asio::io_context& loop, std::function<void(int)> ended);

  // As SignalTrap has it: the loop has ended.
  void let_go() { trap_.let_go(); }

 private:
  SignalTrap trap_;
  boost::asio::posix::stream_descriptor waiter_; // a copy of the trap's
};

// Ends the process as the signal would have, so that the parent sees what happened.
[[noreturn]] void die_of(int signal);

} // namespace mm
