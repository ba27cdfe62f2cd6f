// Signals in the loop, each in a child of the test's own.
#include "io/clock.hpp"
#include "io/signals.hpp"
#include "pipes.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <functional>
#include <vector>

namespace mm {
namespace {

using test::poll;

// How a child ends that runs `body`: "exit N" or "signal N".
std::string end_of(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60); // rather than for ever
    ::_exit(body());
  }
  int status = 0;
  test::must(::waitpid(child, &status, 0) == child, "waitpid");
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  return "exit " + std::to_string(WEXITSTATUS(status));
}

std::string signal_name(int signal) { return "signal " + std::to_string(signal); }

// What a loop heard: as the child's exit status, 0 if it is right.
struct Ear {
  boost::asio::io_context loop{1};
  std::vector<int> heard;
  Signals signals{loop, [this](int signal) { heard.push_back(signal); }};
  void wait() {
    test::run_until(loop, [&] { return !heard.empty(); });
  }
};

TEST(Signals, come_out_of_the_loop_once) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    EXPECT_EQ(end_of([=] {
                Ear ear;
                ::raise(signal);
                if (!ear.heard.empty()) return 1; // only from the loop
                ear.wait();
                if (ear.heard != std::vector{signal}) return 2;
                poll(ear.loop);
                return ear.heard.size() == 1 ? 0 : 3;
              }),
              "exit 0")
        << signal;
  }
}

TEST(Signals, two_at_once_are_one) {
  EXPECT_EQ(end_of([] {
              Ear ear;
              ::raise(SIGTERM);
              ::raise(SIGINT);
              ::raise(SIGTERM);
              ear.wait();
              poll(ear.loop);
              return static_cast<int>(ear.heard.size());
            }),
            "exit 1");
}

TEST(Signals, a_second_one_ends_the_process_but_not_within_a_second) {
  for (const int again : {SIGINT, SIGTERM, SIGHUP}) {
    EXPECT_EQ(end_of([=] {
                Ear ear;
                ::raise(SIGTERM);
                ear.wait();
                const Nanoseconds start = now();
                while (now() - start < second / 2) ::raise(again);
                while (now() - start < 3 * second) {
                  if (now() - start > second * 9 / 10) ::raise(again);
                }
                return 1;
              }),
              signal_name(again));
  }
}

TEST(Signals, if_the_end_takes_too_long_the_process_dies_of_the_first_one) {
  EXPECT_EQ(end_of([] {
              Ear ear;
              ::raise(SIGHUP);
              ear.wait();
              ::alarm(1); // in place of five
              while (true) ::pause();
              return 1;
            }),
            signal_name(SIGHUP));
}

TEST(Signals, what_the_parent_had_ignored_stays_ignored) {
  EXPECT_EQ(end_of([] {
              std::signal(SIGHUP, SIG_IGN);
              std::signal(SIGINT, SIG_IGN);
              Ear ear;
              ::raise(SIGHUP);
              ::raise(SIGINT);
              poll(ear.loop);
              if (!ear.heard.empty()) return 1;
              ::raise(SIGTERM);
              ear.wait();
              if (ear.heard != std::vector{SIGTERM}) return 2;
              ::raise(SIGHUP); // and after that as well
              ::raise(SIGINT);
              return 0;
            }),
            "exit 0");
}

TEST(Signals, a_pipe_without_a_reader_is_an_error_and_no_signal) {
  EXPECT_EQ(end_of([] {
              std::signal(SIGPIPE, SIG_DFL);
              const Ear ear;
              test::Pipe pipe = test::make_pipe();
              pipe.out = Descriptor();
              return ::write(pipe.in.get(), "x", 1) < 0 && errno == EPIPE ? 0 : 1;
            }),
            "exit 0");
}

TEST(Signals, without_one_the_loop_has_nothing_to_say) {
  EXPECT_EQ(end_of([] {
              Ear ear;
              poll(ear.loop);
              return static_cast<int>(ear.heard.size());
            }),
            "exit 0");
}

TEST(DieOf, the_parent_sees_the_signal) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE})
    EXPECT_EQ(end_of([=]() -> int { die_of(signal); }), signal_name(signal));
}

TEST(DieOf, even_of_one_that_is_ignored_blocked_or_caught) {
  EXPECT_EQ(end_of([]() -> int {
              std::signal(SIGPIPE, SIG_IGN);
              die_of(SIGPIPE);
            }),
            signal_name(SIGPIPE));
  EXPECT_EQ(end_of([]() -> int {
              sigset_t all;
              ::sigfillset(&all);
              ::sigprocmask(SIG_BLOCK, &all, nullptr);
              die_of(SIGTERM);
            }),
            signal_name(SIGTERM));
  EXPECT_EQ(end_of([]() -> int {
              const Ear ear;
              die_of(SIGINT);
            }),
            signal_name(SIGINT));
}

} // namespace
} // namespace mm
