#include "play.hpp"

#include "cli/show_ports.hpp"
#include "io/input.hpp"
#include "io/signals.hpp"
#include "io/timeline.hpp"
#include "outputs.hpp"
#include "port/session.hpp"
#include "progress.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <utility>

namespace mm::send {

namespace {

using ErrorCode = boost::system::error_code;

constexpr Nanoseconds ahead = second / 2;        // how far a queue is filled before its time
constexpr Nanoseconds busy_wait = second / 1000; // before a full port is tried again
constexpr Nanoseconds patience = second;         // for what a signal leaves to be released
constexpr int events_a_turn = 256;               // then the loop looks at everything else

class Player final : public PortSession::Handler {
 public:
  explicit Player(const Options& options)
      : options_(options), signals_(loop_, [this](int signal) { end_by(signal); }),
        session_(loop_, text().name, Direction::output, options.ports.backend, options.ports.ports,
                 *this),
        outputs_(session_.connections(), options.pace, options.ports.ports.wait), timer_(loop_),
        progress_(loop_, options.progress) {
    const auto fault = [this](const std::string& what) {
      on_notice(what);
      status_ = exit_failed;
    };
    if (!options.first.empty())
      inputs_.emplace_back(options.first, "--panic", InputOptions{}, fault);
    if (options.events)
      inputs_.emplace_back(*options.events, "argument", options.input, fault);
    else
      inputs_.emplace_back(loop_, STDIN_FILENO, "stdin", options.input, fault);
    if (options.rounds != 1) inputs_.back().keep();
  }

  Ended run() {
    if (const auto opened = session_.open(); !opened) {
      on_notice(opened.error().what);
      return {opened.error().status, 0};
    }
    say_ready(options_.ready_fd);
    wait_for_start();
    loop_.run();
    return finish();
  }

 private:
  // --- what the ports say ---

  void on_incoming(const Incoming& incoming) override {
    if (incoming.type == Incoming::Type::undelivered) undelivered_ += incoming.count;
  }

  void on_change(const Connections::Change& change, const Connections::Port& port) override {
    if (!change.connected) outputs_.forget(change.id);
    if (port.is_virtual || inputs_.empty()) return;
    on_notice("port " + port.peer +
              (change.connected ? ": connected" : ": disconnected; waiting for it to come back"));
  }

  void on_turn() override {
    if (waiting_to_start_) return wait_for_start();
    if (waiting_for_port_) go_on();
  }

  void on_notice(const std::string& notice) override {
    progress_.clear();
    complain(text().name, notice);
  }

  void on_failure(const Error& error) override {
    on_notice(error.what);
    status_ = error.status;
    end_early();
  }

  // --- the stream ---

  // --at: the clock on the wall may be set meanwhile, so it is looked at again and again.
  void wait_for_start() {
    waiting_to_start_ = options_.ports.ports.wait && !session_.connections().any_connected();
    if (waiting_to_start_) return; // on_turn() calls again: the first line is heard by somebody
    if (options_.at == 0) {
      timeline_.emplace(options_.timed, options_.speed, 0);
      return pump();
    }
    const Nanoseconds left = options_.at - now(CLOCK_REALTIME);
    if (left <= second) {
      const Nanoseconds start = now() + std::max<Nanoseconds>(left, 0);
      timeline_.emplace(options_.timed, options_.speed, start);
      return pump();
    }
    after(second / 2, [this] { wait_for_start(); });
  }

  template <class F> void after(Nanoseconds span, F&& then) {
    timer_.expires_after(std::chrono::nanoseconds(span));
    timer_.async_wait([this, then](const ErrorCode& cancelled) {
      if (!cancelled && !ended_early_) then();
    });
  }

  void go_on() {
    waiting_for_port_ = false;
    boost::asio::post(loop_, [this] {
      if (!ended_early_) pump();
    });
  }

  // Plays events until there is something to wait for; whatever that is calls it again.
  void pump() {
    for (int turn = 0; turn < events_a_turn; ++turn) {
      if (!has_event_ && !fetch()) return;
      const Nanoseconds current = now();
      const bool schedulable = outputs_.can_schedule(session_.backend(), event_);
      const Nanoseconds from = due_ - (schedulable ? ahead : 0);
      if (due_ > 0 && from > current) return after(from - current, [this] { pump(); });
      if (!play(schedulable)) return;
      has_event_ = false;
      if (event_.kind != Kind::meta || due_ > 0) ++played_; // what takes no time and sends nothing
      progress_.sent(event_);
    }
    go_on();
  }

  // Gets the next event; false: it has to be waited for, or there is none.
  bool fetch() {
    while (!inputs_.empty()) {
      EventInput& input = inputs_.front();
      switch (input.next(event_)) {
      case EventInput::Next::event: due_ = timeline_->due(event_, now()); return has_event_ = true;
      case EventInput::Next::wait:
        input.wait([this, &input] {
          progress_.read(input.bytes_read());
          pump();
        });
        return false;
      case EventInput::Next::end:
        if (input.was_cut()) return end_of_input();
        if (next_round(input)) continue;
        dropped_bytes_ += input.dropped_bytes();
        inputs_.pop_front();
      }
    }
    return end_of_input();
  }

  // --loop: once more from the start? Not if there is nothing in it to play.
  bool next_round(EventInput& input) {
    const bool is_last = inputs_.size() == 1;
    const bool was_empty = played_ == std::exchange(played_before_, played_);
    if (!is_last || options_.rounds == ++round_ || was_empty) return false;
    input.rewind();
    timeline_->restart();
    return true;
  }

  // Hands the event to its ports; false: some of them have not taken it yet.
  bool play(bool schedulable) {
    if (event_.kind == Kind::meta) return true;
    Backend* const backend = session_.backend();
    const bool scheduled = schedulable && due_ > 0;
    // What goes out at once must not overtake what was scheduled before it.
    if (scheduled) has_scheduled_ = true;
    if (!scheduled && has_scheduled_) {
      if (backend != nullptr && !backend->is_drained()) return try_again();
      has_scheduled_ = false;
    }
    const auto sent = outputs_.send(backend, event_, scheduled ? due_ : 0);
    say_notices();
    if (sent == Outputs::Sent::all) return true;
    if (sent == Outputs::Sent::busy) return try_again();
    waiting_for_port_ = true; // on_turn() goes on
    return false;
  }

  bool try_again() {
    after(busy_wait, [this] { pump(); });
    return false;
  }

  void say_notices() {
    for (const std::string& notice : outputs_.take_notices()) on_notice(notice);
  }

  // --- the end ---

  bool end_of_input() {
    drain();
    return false;
  }

  // All is to be delivered before what still sounds is released, and that as well.
  void drain() {
    Backend* const backend = session_.backend();
    const auto is_drained = [&] { return backend == nullptr || backend->is_drained(); };
    if (!is_drained() || !outputs_.finish(backend)) return after(busy_wait, [this] { drain(); });
    if (options_.release && outputs_.any_sounding()) {
      outputs_.release(backend);
      return after(busy_wait, [this] { drain(); });
    }
    if (!is_drained()) return after(busy_wait, [this] { drain(); }); // what finish() sent
    loop_.stop();
  }

  void end_by(int signal) {
    signal_ = signal;
    end_early();
  }

  void end_early() {
    ended_early_ = true;
    timer_.cancel();
    for (EventInput& input : inputs_) input.cancel();
    if (session_.backend() != nullptr) session_.backend()->cancel();
    outputs_.cancel();
    release_until(now() + patience);
  }

  // After a signal: release what sounds, but do not wait for ever for a port that is stuck.
  void release_until(Nanoseconds deadline) {
    Backend* const backend = session_.backend();
    const bool released = !options_.release || outputs_.release(backend);
    const bool drained = backend == nullptr || backend->is_drained();
    if (released && drained) return loop_.stop();
    if (now() > deadline) {
      on_notice("a port takes nothing any more: notes may be left sounding there");
      return loop_.stop();
    }
    timer_.expires_after(std::chrono::nanoseconds(busy_wait));
    timer_.async_wait([this, deadline](const ErrorCode& cancelled) {
      if (!cancelled) release_until(deadline);
    });
  }

  Ended finish() {
    progress_.finish();
    session_.take_rest(); // what could not be delivered is told there
    session_.close();
    signals_.let_go();
    for (const EventInput& input : inputs_) dropped_bytes_ += input.dropped_bytes();
    const std::uint64_t nowhere = outputs_.dropped() + undelivered_;
    if (dropped_bytes_ > 0) on_notice(dropped(dropped_bytes_, "--keep-raw sends them"));
    if (nowhere > 0)
      on_notice("did not send " + count_of(nowhere, "event") + ": the port was gone or full" +
                (options_.ports.ports.wait ? "" : " (--wait waits for it)"));
    if (status_ == exit_done && (dropped_bytes_ > 0 || nowhere > 0 || outputs_.failed()))
      status_ = exit_failed;
    return {status_, signal_};
  }

  const Options& options_;
  boost::asio::io_context loop_{1};
  Signals signals_;
  PortSession session_;
  Outputs outputs_;
  boost::asio::steady_timer timer_;
  Progress progress_;
  std::deque<EventInput> inputs_; // the one that is played, and those that follow it
  std::optional<Timeline> timeline_;
  Event event_;
  Nanoseconds due_ = 0;
  bool has_event_ = false;
  bool has_scheduled_ = false;
  bool waiting_to_start_ = false;
  bool waiting_for_port_ = false;
  bool ended_early_ = false;
  std::uint64_t round_ = 0;
  std::uint64_t played_ = 0;
  std::uint64_t played_before_ = 0; // this round
  std::uint64_t dropped_bytes_ = 0;
  std::uint64_t undelivered_ = 0;
  int status_ = exit_done;
  int signal_ = 0;
};

} // namespace

Ended run(const Options& options) {
  if (options.ports.only_shows()) return show_ports(text().name, options.ports, Direction::output);
  return Player(options).run();
}

} // namespace mm::send
