#include "io/signals.hpp"

#include "io/clock.hpp"
#include "io/wakeup.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

namespace mm {

namespace {

constexpr std::array caught{SIGINT, SIGTERM, SIGHUP};

// What the handlers know. (A handler may use what is free of locks only.)
std::atomic<int> first_signal{0};
std::atomic<Nanoseconds> first_time{0};
std::atomic<int> eventfd{-1};
std::atomic<int> hangup_eventfd{-1};
std::atomic<void (*)()> also_called{nullptr};
std::atomic<void (*)()> last_called{nullptr};

// Ends the process, unless the signal is one that ends none.
void take_default(int signal) {
  std::signal(signal, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
  ::raise(signal);
}

// Not signal(), which would have system calls go on after it.
void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigfillset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

void run_out_of_time(int /*signal*/) {
  if (auto* const last = last_called.load()) last();
  take_default(first_signal);
}

void hear(int signal) {
  const int kept_errno = errno;
  int none = 0;
  if (first_signal.compare_exchange_strong(none, signal)) {
    constexpr unsigned patience = 5; // seconds
    first_time = now();
    handle(SIGALRM, run_out_of_time);
    ::alarm(patience);
    wake(eventfd);
    if (auto* const also = also_called.load()) also();
  } else if (now() - first_time >= second) {
    take_default(signal);
  }
  errno = kept_errno;
}

void hear_hangup(int /*signal*/) {
  const int kept_errno = errno;
  wake(hangup_eventfd);
  errno = kept_errno;
}

bool is_handled_by(int signal, void (*handler)(int)) {
  struct sigaction action {};
  ::sigaction(signal, nullptr, &action);
  return action.sa_handler == handler;
}

} // namespace

SignalTrap::SignalTrap() : came_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  std::signal(SIGPIPE, SIG_IGN);
  eventfd = came_.get();
  for (const int signal : caught)
    if (!is_handled_by(signal, SIG_IGN)) handle(signal, hear);
}

SignalTrap::~SignalTrap() {
  let_go();
  if (first_signal == 0) eventfd = -1;
}

int SignalTrap::signal() const { return first_signal; }

void SignalTrap::on_signal(void (*also)()) { also_called = also; }

void SignalTrap::on_last(void (*also)()) { last_called = also; }

void SignalTrap::let_go() {
  if (first_signal != 0) return;
  for (const int signal : caught)
    if (is_handled_by(signal, hear)) std::signal(signal, SIG_DFL);
}

void SignalTrap::give_up_in_children() {
  // One that comes meanwhile waits until the child is no longer like us.
  static thread_local sigset_t before;
  ::pthread_atfork(
      [] {
        sigset_t ours;
        sigemptyset(&ours);
        for (const int signal : caught) sigaddset(&ours, signal);
        ::pthread_sigmask(SIG_BLOCK, &ours, &before);
      },
      [] { ::pthread_sigmask(SIG_SETMASK, &before, nullptr); },
      [] {
        eventfd = hangup_eventfd = -1;
        also_called = last_called = nullptr;
        for (const int signal : caught)
          if (is_handled_by(signal, hear) || is_handled_by(signal, hear_hangup))
            std::signal(signal, SIG_DFL);
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
      });
}

Hangup::Hangup() : came_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  hangup_eventfd = came_.get();
  if (!is_handled_by(SIGHUP, SIG_IGN)) handle(SIGHUP, hear_hangup);
}

bool Hangup::take() {
  std::uint64_t count = 0;
  return ::read(came_.get(), &count, sizeof count) == sizeof count;
}

Signals::Signals(boost::asio::io_context& loop, std::function<void(int)> ended)
    : waiter_(loop, ::fcntl(trap_.descriptor(), F_DUPFD_CLOEXEC, 0)) {
  waiter_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                     [this, ended = std::move(ended)](const boost::system::error_code& error) {
                       if (!error) ended(trap_.signal());
                     });
}

void die_of(int signal) {
  take_default(signal);
  std::_Exit(128 + signal);
}

} // namespace mm
