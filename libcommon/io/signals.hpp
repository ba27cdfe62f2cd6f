// Signals as events of the loop, and dying of one.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>

namespace mm {

// From its construction on, SIGINT, SIGTERM and SIGHUP no longer end the process but call
// `ended` from the loop, once. A second one ends the process at once, unless it comes within a
// second: timeout(1), a shell and the kernel send the same one twice, and what sounds is to be
// released first. If that is not through after five seconds, since a MIDI system hangs, the process
// ends all the same, of the first signal. Those that the parent had ignored (nohup, "&" in a
// script) stay ignored. SIGPIPE is ignored: write() says EPIPE.
class Signals {
 public:
  Signals(boost::asio::io_context& loop, std::function<void(int)> ended);

  // From now on they end the process at once, unless one has come: the loop has ended, and nobody
  // would hear of them.
  void let_go();

 private:
  bool has_come_ = false;
  boost::asio::signal_set set_;
};

// Ends the process as the signal would have, so that the parent sees what happened.
[[noreturn]] void die_of(int signal);

} // namespace mm
