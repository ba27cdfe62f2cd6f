#include "io/signals.hpp"

#include "io/clock.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>

namespace mm {

namespace {

// What the handlers of the second signal know. (A handler may use what is free of locks only.)
std::atomic<int> first_signal{0};
std::atomic<Nanoseconds> first_time{0};

// Ends the process, unless the signal is one that ends none.
void take_default(int signal) {
  std::signal(signal, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
  ::raise(signal);
}

void hear_second(int signal) {
  if (now() - first_time >= second) take_default(signal);
}

void run_out_of_time(int /*signal*/) { take_default(first_signal); }

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
        let_go();
        has_come_ = true;
        constexpr unsigned patience = 5; // seconds
        first_signal = signal;
        first_time = now();
        for (const int other : {SIGINT, SIGTERM, SIGHUP})
          if (!is_ignored(other)) std::signal(other, hear_second);
        std::signal(SIGALRM, run_out_of_time);
        ::alarm(patience);
        ended(signal);
      });
}

void Signals::let_go() {
  if (has_come_) return;
  boost::system::error_code ignored;
  set_.clear(ignored);
}

void die_of(int signal) {
  take_default(signal);
  std::_Exit(128 + signal);
}

} // namespace mm
