#include "io/signals.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace mm {

namespace {

bool is_ignored(int signal) {
  struct sigaction action {};
  ::sigaction(signal, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

} // namespace

Signals::Signals(boost::asio::io_context& loop, std::function<void(int)> ended) : set_(loop) {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    if (!is_ignored(signal)) set_.add(signal);
  set_.async_wait(
      [this, ended = std::move(ended)](const boost::system::error_code& error, int signal) {
        if (error) return;
        let_go(); // the next one ends the process
        ended(signal);
      });
}

void Signals::let_go() {
  boost::system::error_code ignored;
  set_.clear(ignored);
}

void die_of(int signal) {
  std::signal(signal, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
  ::kill(::getpid(), signal);
  std::_Exit(128 + signal);
}

} // namespace mm
