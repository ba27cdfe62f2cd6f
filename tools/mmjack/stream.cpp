#include "stream.hpp"

#include "graph.hpp"
#include "inlets.hpp"
#include "io/signals.hpp"
#include "io/writer.hpp"
#include "outlets.hpp"
#include "pacer.hpp"
#include "session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <set>
#include <utility>

namespace mm::jack {

namespace {

using ErrorCode = boost::system::error_code;

constexpr int events_a_turn = 1024; // then the loop looks at everything else

class Stream final : public Session::Handler {
 public:
  explicit Stream(const Options& options)
      : options_(options), clock_(options.clock),
        writer_(loop_, STDOUT_FILENO, options.output, WhenFull::lose, clock_),
        signals_(loop_,
                 [this](int signal) {
                   end_early({exit_done, signal});
                 }),
        session_(loop_, options.where, options.wait, *this), engine_(session_.wake()),
        inlets_(engine_, options.inputs, options.output.max_sysex),
        outlets_(engine_, options.outputs), pacer_(options, engine_.cycles()), timer_(loop_),
        connect_timer_(loop_) {
    if (!options.outputs.empty())
      input_.emplace(loop_, STDIN_FILENO, "stdin", options.input,
                     [this](const std::string& what) { fail(what); });
  }

  Ended run() {
    if (!options_.inputs.empty()) writer_.on_failure([this](int error) { end_writing(error); });
    writer_.on_loss([this] {
      if (options_.release) inlets_.make_up(sink_);
    });
    if (const auto opened = session_.open(); !opened) {
      on_notice(opened.error().what);
      return {exit_failed, 0};
    }
    loop_.run();
    return finish();
  }

 private:
  // --- the server ---

  Outcome on_joined(jack_client_t* client) override {
    own_.clear();
    engine_.detach(); // of an attempt that failed
    for (const bool is_input : {true, false})
      for (const std::string& name : is_input ? options_.inputs : options_.outputs) {
        jack_port_t* const port =
            jack_port_register(client, name.c_str(), JACK_DEFAULT_MIDI_TYPE,
                               is_input ? JackPortIsInput : JackPortIsOutput, 0);
        if (port == nullptr) return Error{"port '" + name + "': JACK does not make it"};
        own_.emplace_back(jack_port_name(port));
        if (is_input)
          engine_.add_input(port);
        else
          engine_.add_output(port);
      }
    engine_.attach(client);
    return done();
  }

  void on_active() override {
    rate_ = jack_get_sample_rate(session_.client());
    const jack_nframes_t period = jack_get_buffer_size(session_.client());
    if (options_.latency && frames_in(*options_.latency, rate_) < static_cast<std::int64_t>(period))
      on_notice("--latency is shorter than a period of " + count_of(period, "frame") +
                ": every event will be late");
    wanted_ = options_.connect;
    for (const Connection& connection : std::exchange(connections_, {})) // of the server before
      wanted_.push_back(connection);
    const auto failed = make_connections();
    if (!failed) {
      on_notice(failed.error().what);
      return end_early({exit_failed, 0});
    }
    await_first_cycle();
  }

  // Before it no frame has a time.
  void await_first_cycle() {
    constexpr auto pause = std::chrono::milliseconds(1);
    if (is_ending_) return;
    if (engine_.cycles().any() && (engine_.longest() > 0 || options_.outputs.empty())) {
      is_running_ = true;
      if (!std::exchange(is_ready_, true)) say_ready(options_.ready_fd);
      return pump();
    }
    timer_.expires_after(pause);
    timer_.async_wait([this](const ErrorCode& cancelled) {
      if (!cancelled) await_first_cycle();
    });
  }

  // Those that are wanted, and can be made by now. An error: one cannot, and nobody waits.
  Outcome make_connections() {
    auto ports = list_ports(session_.client());
    // Ours come first: of several that fit, they are meant.
    std::stable_partition(ports.begin(), ports.end(),
                          [](const Port& port) { return port.is_mine; });
    std::vector<Connection> later;
    std::string refused;
    for (const Connection& wanted : wanted_) {
      const auto found = find_connections(ports, ours(wanted.first), ours(wanted.second));
      const auto made = found ? connect_all(found.value()) : Outcome(found.error());
      if (made) continue;
      if (!options_.wait) return made;
      later.push_back(wanted);
      if (found) refused = made.error().what;
    }
    wanted_ = std::move(later);
    if (refused.empty())
      refusals_ = 0;
    else
      try_again(refused);
    return done();
  }

  Outcome connect_all(const std::vector<Connection>& connections) {
    for (const Connection& connection : connections)
      if (auto made = connect(session_.client(), connection); !made) return made;
    return done();
  }

  // A port is there for a while before its client is active, and for a while after. JACK connects
  // it then with nobody, and does not say when it will.
  void try_again(const std::string& refused) {
    constexpr auto pause = std::chrono::milliseconds(100);
    constexpr int many = 50;
    if (++refusals_ == many) on_notice(refused);
    connect_timer_.expires_after(pause);
    connect_timer_.async_wait([this](const ErrorCode& cancelled) {
      if (cancelled || is_ending_ || session_.client() == nullptr) return;
      if (const auto made = make_connections(); !made) on_notice(made.error().what);
    });
  }

  // A port of ours goes by its own name.
  std::string ours(const std::string& pattern) const {
    for (const std::string& name : own_)
      if (name.substr(name.find(':') + 1) == pattern) return name;
    return pattern;
  }

  void on_news(const News& news) override {
    switch (news.what) {
    case News::What::ports_connected: follow({news.subject, news.object}, true, news.time); break;
    case News::What::ports_disconnected:
      follow({news.subject, news.object}, false, news.time);
      break;
    case News::What::port_renamed: rename(news.subject, news.object); break;
    case News::What::port_registered:
      if (!wanted_.empty() && session_.client() != nullptr)
        if (const auto made = make_connections(); !made) on_notice(made.error().what);
      break;
    case News::What::xrun:
      ++xruns_;
      if (!options_.inputs.empty())
        print_meta(":xrun " + std::to_string(news.number), {}, news.time);
      break;
    case News::What::sample_rate: rate_ = static_cast<std::uint32_t>(news.number); break;
    case News::What::shutdown: is_running_ = false; break; // stdin waits; on_lost() follows
    default: break;
    }
    writer_.flush();
  }

  void rename(const std::string& from, const std::string& to) {
    std::replace(own_.begin(), own_.end(), from, to);
    std::set<Connection> renamed;
    for (const auto& [source, destination] : connections_)
      renamed.emplace(source == from ? to : source, destination == from ? to : destination);
    connections_ = std::move(renamed);
  }

  // Our connections: what sounds of a source that has gone is ended.
  void follow(const Connection& connection, bool is_made, Nanoseconds time) {
    const auto input = std::find(own_.begin(), own_.end(), connection.second);
    const auto output = std::find(own_.begin(), own_.end(), connection.first);
    if (input == own_.end() && output == own_.end()) return;
    if (is_made)
      connections_.insert(connection);
    else
      connections_.erase(connection);
    const auto index = static_cast<std::size_t>(input - own_.begin());
    if (index >= inlets_.count()) return;
    const auto left = std::count_if(connections_.begin(), connections_.end(), [&](const auto& one) {
      return one.second == connection.second;
    });
    if (!is_made) take_in(); // what it had sent comes first
    if (!is_made) silence(index);
    if (is_made ? left == 1 : left == 0)
      print_meta(is_made ? ":connected" : ":disconnected", inlets_.tag(index),
                 is_made ? time : now());
  }

  void on_wake() override {
    take_in();
    writer_.flush();
    outlets_.take_back();
    if (is_held_ && outlets_.has_room()) pump();
    if (is_draining_) drain();
  }

  void on_lost() override {
    is_running_ = false;
    has_lost_server_ = true;
    timer_.cancel();
    connect_timer_.cancel();
    take_in();
    pacer_.restart();
    end_frame_ = 0;
    engine_.detach();
    outlets_.take_back();
    outlets_.forget();
    for (std::size_t i = 0; i < inlets_.count(); ++i) {
      silence(i);
      const bool was_connected =
          std::any_of(connections_.begin(), connections_.end(),
                      [&](const auto& one) { return one.second == own_[i]; });
      if (was_connected) print_meta(":disconnected", inlets_.tag(i));
    }
    writer_.flush();
    if (is_draining_) loop_.stop(); // what was on its way is lost with it
  }

  void on_notice(const std::string& what) override { complain(tool, what); }

  void on_failure(const Error& error) override {
    fail(error.what);
    loop_.stop();
  }

  // --- what comes in ---

  void take_in() {
    inlets_.receive(sink_, [this](std::uint64_t lost) {
      lost_ += lost;
      print_meta(":overrun " + std::to_string(lost), {});
      for (std::size_t i = 0; i < inlets_.count(); ++i) silence(i); // a note-off may be among it
    });
  }

  void silence(std::size_t port) {
    inlets_.silence(port, sink_);
    if (options_.release) inlets_.make_up(sink_);
  }

  bool print(Event event) {
    if (event.kind == Kind::raw && !options_.input.keep_raw) {
      junk_ += event.data.size();
      return false;
    }
    if (!options_.filter.passes(event)) return false;
    event.time = clock_.stamp(event.time);
    return writer_.put(event);
  }

  void print_meta(const std::string& what, std::string_view tag, Nanoseconds time = now()) {
    Event event = make_meta(what);
    event.time = time;
    event.time_form = TimeForm::absolute;
    event.port = tag;
    if (!options_.inputs.empty()) print(event);
  }

  // --- what goes out ---

  // Sends what has been read; whatever is waited for then calls it again.
  void pump() {
    is_held_ = false;
    if (!input_ || has_ended_ || is_ending_ || !is_running_) return;
    Event event;
    for (int turn = 0; turn < events_a_turn; ++turn) {
      if (!outlets_.has_room()) {
        is_held_ = true;
        return;
      }
      switch (input_->next(event)) {
      case EventInput::Next::event: send(event); break;
      case EventInput::Next::wait: return input_->wait([this] { pump(); });
      case EventInput::Next::end: return end_of_input();
      }
    }
    boost::asio::post(loop_, [this] { pump(); });
  }

  void send(const Event& event) {
    const Frame frame = pacer_.frame_of(event, rate_);
    if (options_.latency && event.time_form == TimeForm::absolute) look_at_clock(frame);
    if (event.kind == Kind::meta) end_frame_ = std::max(end_frame_, frame);
    if (const auto sent = outlets_.send(event, frame); !sent) fail(sent.error().what);
    if (const std::string tag = outlets_.take_unknown_tag(); !tag.empty())
      on_notice("@" + tag + ": no port of that tag; it goes to all");
  }

  // A TIME that lies far ahead is hardly meant.
  void look_at_clock(Frame frame) {
    constexpr Frame far = 60; // seconds
    const Frame last = engine_.cycles().last().frame;
    if (frame < last + far * rate_ || std::exchange(has_told_clock_, true)) return;
    on_notice("a TIME lies " + count_of((frame - last) / rate_, "second") +
              " ahead: is it of another clock? --latency counts on --clock monotonic");
  }

  // --- the end ---

  void end_of_input() {
    has_ended_ = true;
    if (!options_.keep_open) await_last_frame();
  }

  // What is no message has a time too: a pause at the end.
  void await_last_frame() {
    constexpr auto pause = std::chrono::milliseconds(5);
    if (is_ending_ || is_draining_) return;
    if (!is_running_ || engine_.cycles().last().frame >= end_frame_) {
      is_draining_ = true;
      return drain();
    }
    timer_.expires_after(pause);
    timer_.async_wait([this](const ErrorCode& cancelled) {
      if (!cancelled) await_last_frame();
    });
  }

  // All has been played; then what still sounds is released, and that is played too.
  void drain() {
    if (!outlets_.is_idle()) return;
    if (const auto sent = outlets_.finish(); !sent) fail(sent.error().what);
    if (options_.release) outlets_.release();
    if (!outlets_.is_idle()) return;
    is_draining_ = false;
    await_delivery();
  }

  // What was written in a cycle is there for the others in that cycle: two later they have it.
  void await_delivery() {
    constexpr auto pause = std::chrono::milliseconds(1);
    if (!is_running_ || options_.outputs.empty()) return loop_.stop();
    const Cycle last = engine_.cycles().last();
    if (!delivered_) delivered_ = last.frame + Frame{2} * last.frames;
    if (last.frame >= *delivered_) return loop_.stop();
    timer_.expires_after(pause);
    timer_.async_wait([this](const ErrorCode& cancelled) {
      if (!cancelled) await_delivery();
    });
  }

  // A signal, or nobody reads stdout any more.
  void end_early(const Ended& ended) {
    constexpr auto patience = std::chrono::seconds(1);
    if (std::exchange(is_ending_, true)) return;
    ended_ = ended;
    if (input_) input_->cancel();
    take_in();
    for (std::size_t i = 0; i < inlets_.count(); ++i) silence(i);
    if (!is_running_ || options_.outputs.empty()) return loop_.stop();
    engine_.cancel();
    is_draining_ = true;
    drain();
    deadline_.emplace(loop_, patience);
    deadline_->async_wait([this](const ErrorCode& cancelled) {
      if (cancelled) return;
      on_notice(session_.server() + " does not go on: notes may be left sounding");
      loop_.stop();
    });
  }

  void end_writing(int error) {
    if (error == 0) return end_early({exit_done, SIGPIPE});
    fail(std::string("stdout: ") + std::strerror(error));
    end_early({exit_failed, 0});
  }

  Ended finish() {
    session_.close();
    engine_.detach();
    outlets_.take_back();
    signals_.let_go();
    const auto written =
        writer_.finish(is_ending_ ? std::optional<Nanoseconds>(second) : std::nullopt);
    if (!written) fail(written.error().what);
    if (junk_ > 0) on_notice(dropped(junk_, "--keep-raw prints them"));
    if (input_ && input_->dropped_bytes() > 0)
      fail(dropped(input_->dropped_bytes(), "--keep-raw sends them"));
    if (const std::uint64_t lost = lost_ + writer_.lost(); lost > 0)
      fail("lost " + count_of(lost, "event") + ": they came faster than they were read");
    if (outlets_.late() > 0)
      on_notice(count_of(outlets_.late(), "event") +
                " came too late for the frame, and went out at once");
    if (outlets_.cancelled() > 0 && has_lost_server_)
      fail("did not send " + count_of(outlets_.cancelled(), "event") + ": the server has ended");
    if (xruns_ > 0) on_notice(count_of(xruns_, "xrun") + ": JACK may have lost MIDI there");
    if (writer_.reader_gone() && ended_.signal == 0) ended_.signal = SIGPIPE;
    if (ended_.status == exit_done) ended_.status = status_;
    return ended_;
  }

  void fail(const std::string& what) {
    on_notice(what);
    status_ = exit_failed;
  }

  const Options& options_;
  Clock clock_;
  boost::asio::io_context loop_{1};
  EventWriter writer_;
  Signals signals_;
  Session session_;
  Engine engine_;
  Inlets inlets_;
  Inlets::Sink sink_ = [this](const Event& event) { return print(event); };
  Outlets outlets_;
  Pacer pacer_;
  std::optional<EventInput> input_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer connect_timer_; // until JACK is asked again for what it refused
  std::optional<boost::asio::steady_timer> deadline_; // after a signal
  std::vector<std::string> own_;                      // our ports by full name, the inputs first
  std::vector<Connection> wanted_;                    // patterns: not made yet
  int refusals_ = 0;                                  // of JACK to make them, one after the other
  std::set<Connection> connections_;                  // of our ports, by full names
  std::uint32_t rate_ = 0;
  bool is_running_ = false; // the server goes, and its frames have times
  bool is_ready_ = false;
  bool has_lost_server_ = false;
  bool has_told_clock_ = false;
  bool is_held_ = false; // as many messages are on their way as may be
  bool has_ended_ = false;
  bool is_draining_ = false;
  bool is_ending_ = false;
  Frame end_frame_ = 0; // of meta events: the last one
  std::optional<Frame> delivered_;
  std::uint64_t junk_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t xruns_ = 0;
  int status_ = exit_done;
  Ended ended_;
};

} // namespace

Ended run(const Options& options) { return Stream(options).run(); }

} // namespace mm::jack
