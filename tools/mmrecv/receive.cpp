#include "receive.hpp"

#include "cli/show_ports.hpp"
#include "event/expand.hpp"
#include "event/sounding.hpp"
#include "io/signals.hpp"
#include "io/writer.hpp"
#include "port/session.hpp"
#include "wire/parameter.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

namespace mm::recv {

namespace {

using ErrorCode = boost::system::error_code;

// How long the first control change of a pair is held back for the second: on a MIDI cable it
// follows within a millisecond, over USB within two.
constexpr auto decode_wait = std::chrono::milliseconds(5);

// How long a reader that takes nothing is waited for after a signal.
constexpr Nanoseconds patience = second;

class Receiver final : public PortSession::Handler {
 public:
  explicit Receiver(const Options& options)
      : options_(options), clock_(options.clock),
        writer_(loop_, STDOUT_FILENO, options.output, WhenFull::lose, clock_),
        signals_(loop_, [this](int signal) { end_by(signal); }),
        session_(loop_, text().name, Direction::input, options.ports.backend, options.ports.ports,
                 *this),
        silence_(loop_), pause_(loop_) {}

  Ended run() {
    writer_.on_failure([this](int error) { end_writing(error); });
    writer_.on_loss([this] { release_lost(); });
    if (const auto opened = session_.open(); !opened) {
      complain(text().name, opened.error().what);
      return {opened.error().status, 0};
    }
    say_ready(options_.ready_fd);
    listen_for_silence();
    if (!done_) loop_.run();
    return finish();
  }

 private:
  // What is known of one of our ports.
  struct Source {
    LossySounding notes; // the writer may lose some
    ParameterDecoder parameters;
    std::string tag;
  };

  void on_incoming(const Incoming& incoming) override {
    if (incoming.type == Incoming::Type::lost) {
      lost_ += incoming.count;
      print_meta(":overrun " + std::to_string(incoming.count), {});
      // A note-off may be among what was lost: better a note cut off than one that stays.
      for (auto& [id, from] : sources_) release(from);
    } else if (incoming.type == Incoming::Type::event) {
      take(source(incoming.port), incoming.event);
    }
  }

  void on_change(const Connections::Change& change, const Connections::Port& port) override {
    const std::string_view tag = session_.connections().tagged() ? port.tag : std::string_view();
    if (change.connected) return print_meta(":connected", tag, change.time);
    release(source(change.id));
    if (port.id != change.id) sources_.erase(change.id);
    print_meta(":disconnected", tag);
  }

  void on_turn() override {
    writer_.flush();
    const bool held = std::any_of(sources_.begin(), sources_.end(), [](const auto& entry) {
      return entry.second.parameters.holding();
    });
    if (!held || std::exchange(pausing_, true)) return;
    // If the second half of a pair does not come, what is held is printed.
    pause_.expires_after(decode_wait);
    pause_.async_wait([this](const ErrorCode& cancelled) {
      pausing_ = false;
      if (cancelled) return;
      let_go();
      writer_.flush();
    });
  }

  void on_notice(const std::string& notice) override { complain(text().name, notice); }

  void on_failure(const Error& error) override {
    complain(text().name, error.what);
    end({error.status, 0});
  }

  Source& source(PortId id) {
    const auto [at, is_new] = sources_.try_emplace(id);
    if (is_new && session_.connections().tagged())
      if (const auto* const port = session_.connections().find(id)) at->second.tag = port->tag;
    return at->second;
  }

  void take(Source& from, Event event) {
    if (event.kind == Kind::raw && !options_.keep_raw) {
      dropped_ += event.data.size();
      return;
    }
    event.time = clock_.stamp(event.time);
    event.port = from.tag;
    if (options_.decode) {
      for (const Event& joined : from.parameters.feed(event)) print(from, joined);
    } else {
      for_each_message(event, [&](const Event& message) { print(from, message); });
    }
  }

  void print(Source& from, const Event& event) {
    if (is_full() || !options_.filter.passes(event)) return;
    heard_ = now();
    from.notes.heard(event);
    if (!writer_.put(event)) return;
    from.notes.passed(event);
    ++printed_;
    if (is_full()) end({});
  }

  // -n: no more than was asked for.
  [[nodiscard]] bool is_full() const { return options_.count > 0 && printed_ >= options_.count; }

  bool print_at(Nanoseconds time, Event event, std::string_view tag) {
    event.time = clock_.stamp(time);
    event.time_form = TimeForm::absolute;
    event.port = tag;
    return !options_.filter.passes(event) || writer_.put(event);
  }

  void print_meta(const std::string& what, std::string_view tag, Nanoseconds time = now()) {
    if (!is_full()) print_at(time, make_meta(what), tag);
  }

  void let_go() {
    for (auto& [id, from] : sources_)
      for (const Event& event : from.parameters.finish()) print(from, event);
  }

  // What sounded at a port that has gone would go on sounding downstream.
  void release(Source& from) {
    for (const Event& event : from.parameters.finish()) print(from, event);
    from.notes.silence();
    make_up(from);
  }

  // After a loss: a note whose end was lost would go on sounding downstream.
  void release_lost() {
    for (auto& [id, from] : sources_) make_up(from);
  }

  void make_up(Source& from) {
    if (!options_.release || is_full()) return;
    from.notes.make_up([&](const Event& event) { return print_at(now(), event, from.tag); });
  }

  // --timeout: counted from the last event; the timer is set anew only when it has run out.
  void listen_for_silence() {
    if (options_.timeout == 0 || done_) return;
    silence_.expires_after(std::chrono::nanoseconds(heard_ + options_.timeout - now()));
    silence_.async_wait([this](const ErrorCode& cancelled) {
      if (cancelled) return;
      if (now() < heard_ + options_.timeout) return listen_for_silence();
      if (options_.count == 0) return end_with_releases({});
      let_go();
      complain(text().name, "timeout: " + std::to_string(printed_) + " of " +
                                count_of(options_.count, "event") + " came");
      end({exit_failed, 0});
    });
  }

  void end(const Ended& ended) {
    if (std::exchange(done_, true)) return;
    ended_ = ended;
    loop_.stop();
  }

  void end_by(int signal) { end_with_releases({exit_done, signal}); }

  void end_with_releases(const Ended& ended) {
    writer_.lose_no_more();
    session_.take_rest();
    let_go();
    for (auto& [id, from] : sources_) release(from);
    end(ended);
  }

  void end_writing(int error) {
    if (error == 0) return end({exit_done, SIGPIPE});
    on_failure({std::string("stdout: ") + std::strerror(error)});
  }

  Ended finish() {
    session_.close(); // may print
    signals_.let_go();
    const bool hurry = ended_.signal != 0;
    const auto written = writer_.finish(hurry ? std::optional(patience) : std::nullopt);
    if (!written) on_notice(written.error().what);
    if (writer_.reader_gone() && ended_.signal == 0) ended_.signal = SIGPIPE;
    const std::uint64_t lost = lost_ + writer_.lost();
    if (dropped_ > 0) on_notice(dropped(dropped_, "--keep-raw prints them"));
    if (lost > 0)
      on_notice("lost " + count_of(lost, "event") + ": they came faster than they were read");
    if (!written || lost > 0) ended_.status = exit_failed;
    return ended_;
  }

  const Options& options_;
  Clock clock_;
  boost::asio::io_context loop_{1};
  EventWriter writer_;
  Signals signals_;
  PortSession session_;
  boost::asio::steady_timer silence_;
  boost::asio::steady_timer pause_;
  std::map<PortId, Source> sources_;
  Nanoseconds heard_ = now(); // when the last event was printed
  bool pausing_ = false;      // until what is held is let go
  bool done_ = false;
  std::uint64_t printed_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t lost_ = 0;
  Ended ended_;
};

} // namespace

Ended run(const Options& options) {
  if (options.ports.only_shows()) return show_ports(text().name, options.ports, Direction::input);
  return Receiver(options).run();
}

} // namespace mm::recv
