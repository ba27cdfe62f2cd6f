// Signals as events of the loop, and dying of one.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>

namespace mm {

// From its construction on, SIGINT, SIGTERM and SIGHUP no longer end the process but call
// `ended` from the loop, once; a second signal ends the process at once. Those that the parent
// had ignored (nohup, "&" in a script) stay ignored. SIGPIPE is ignored: write() says EPIPE.
class Signals {
 public:
  Signals(boost::asio::io_context& loop, std::function<void(int)> ended);

  // From now on they end the process at once: the loop has ended, and nobody would hear of them.
  void let_go();

 private:
  boost::asio::signal_set set_;
};

// Ends the process as the signal would have, so that the parent sees what happened.
[[noreturn]] void die_of(int signal);

} // namespace mm
