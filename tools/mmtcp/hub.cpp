#include "hub.hpp"

#include "connector.hpp"
#include "feed.hpp"
#include "gate.hpp"
#include "io/signals.hpp"
#include "io/writer.hpp"
#include "listener.hpp"
#include "text/text.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace mm::tcp {

namespace {

using ErrorCode = boost::system::error_code;

constexpr int events_a_turn = 4096;   // then the loop looks at everything else
constexpr Nanoseconds grace = second; // before a peer whose queue is full is slow
constexpr Nanoseconds handshake_time = 10 * second;
constexpr Nanoseconds answer_time = 30 * second;   // for a machine to say that it has got something
constexpr Nanoseconds delivery_time = 10 * second; // at the end, for a peer that takes nothing
constexpr Nanoseconds farewell_time = second;      // for a peer to hang up when it has everything
constexpr std::uint64_t most_faults = 5;           // of a peer's lines that are told one by one
constexpr std::string_view peer_prefix = "peer/";

class Hub final : public Peer::Handler {
 public:
  explicit Hub(const Options& options)
      : options_(options), clock_(options.clock),
        writer_(loop_, STDOUT_FILENO, options.output, WhenFull::hold, clock_),
        signals_(loop_,
                 [this](int signal) {
                   end_early({exit_done, signal});
                 }),
        feed_(
            loop_, options.input, options.wire.format.format == Format::raw,
            [this](const std::string& what) { fail(what); }, [this] { pump(); }),
        gate_(options, [this](const std::string& what) { notice(what); }), tick_(loop_),
        deadline_(loop_) {}

  Ended run() {
    writer_.on_failure([this](int error) { end_writing(error); });
    writer_.on_room([this] { look_at_flow(); });
    if (const auto opened = open(); !opened) {
      notice(opened.error().what);
      return {opened.error().status, 0};
    }
    for (const auto& listener : listeners_) listener->start();
    for (const auto& connector : connectors_) connector->start();
    say_ready(options_.ready_fd);
    tick();
    pump();
    loop_.run();
    return finish();
  }

 private:
  // --- the start ---

  Outcome open() {
    allow_many_descriptors();
    const bool serves = !options_.listen.empty() || may_inherit();
    for (const auto& opened : {open_tls_for(true, serves, server_tls_),
                               open_tls_for(false, !options_.connect.empty(), client_tls_)})
      if (!opened) return opened;
    auto sockets = open_sockets(options_.listen);
    if (!sockets) return sockets.error();
    if (sockets.value().empty() && options_.connect.empty())
      return Error{"LISTEN_FDS has no socket for this process (LISTEN_PID): the service is to "
                   "exec mmtcp itself",
                   exit_usage};
    if (const auto checked = gate_.check(sockets.value()); !checked) return checked;
    const auto say = [this](const std::string& text) { notice(text); };
    for (Listening& socket : sockets.value()) {
      if (socket.is_chosen) notice("listening on " + socket.name);
      listeners_.push_back(std::make_unique<Listener>(
          loop_, std::move(socket),
          [this](Socket peer, const auto* from) { welcome(std::move(peer), from); }, say));
    }
    for (const Address& address : options_.connect)
      connectors_.push_back(std::make_unique<Connector>(
          loop_, address, options_.retries,
          [this](Connector& from, Socket peer, const std::string& where) {
            greet(from, std::move(peer), where);
          },
          [this](Connector& from, const std::string& why) { give_up(from, why); }, say));
    return done();
  }

  // As many peers as the administrator allows.
  static void allow_many_descriptors() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }

  Outcome open_tls_for(bool is_server, bool is_needed, std::unique_ptr<Tls>& tls) {
    if (!options_.tls || !is_needed) return done();
    auto opened = open_tls(options_.tls_setup, is_server);
    if (!opened) return opened.error();
    tls = std::move(opened.value());
    return done();
  }

  // --- peers come ---

  // `from` is none for a Unix socket.
  void welcome(Socket socket, const boost::asio::ip::tcp::endpoint* from) {
    if (from != nullptr && !gate_.allows(*from))
      return gate_.refuse(to_string(*from) + ": not allowed to connect");
    if (peers_.size() >= options_.max_peers && !make_room())
      return gate_.refuse((from != nullptr ? to_string(*from) : "unix") + ": no more than " +
                          std::to_string(options_.max_peers) + " peers (--max-peers)");
    const std::string where =
        from != nullptr ? to_string(*from) : "unix:" + std::to_string(++unix_peers_);
    add(std::move(socket), where, server_tls_ ? server_tls_->serve() : nullptr, nullptr);
  }

  // Those who have not shown yet who they are keep nobody else out: the oldest of them has to go.
  bool make_room() {
    const auto oldest = std::find_if(peers_.begin(), peers_.end(), [&](const auto& peer) {
      return !peer->was_open() && !peer->is_gone() && !connector_of_.contains(peer.get());
    });
    if (oldest == peers_.end()) return false;
    const auto peer = *oldest;
    peer->cut("somebody else wants to come in (--max-peers)");
    std::erase(peers_, peer);
    return true;
  }

  void greet(Connector& connector, Socket socket, const std::string& where) {
    add(std::move(socket), where,
        client_tls_ ? client_tls_->connect(connector.address().host) : nullptr, &connector);
  }

  void add(Socket socket, const std::string& where, std::unique_ptr<TlsSession> tls,
           Connector* connector) {
    const int fd = socket.native_handle();
    const int on = 1;
    const int idle = 15; // seconds, then three probes, five seconds apart
    const int interval = 5;
    const int count = 3;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
    ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
    const auto peer =
        std::make_shared<Peer>(std::move(socket), make_tag(std::string(peer_prefix) + where),
                               options_.wire, std::move(tls), *this);
    peers_.push_back(peer);
    if (connector != nullptr) connector_of_[peer.get()] = connector;
    peer->pause(is_paused_);
    peer->start();
  }

  void on_open(Peer& peer) override {
    if (const auto from = connector_of_.find(&peer); from != connector_of_.end())
      from->second->set_reached();
    print_meta(":connected", peer.tag(), peer.heard());
    flush();
    resume();
  }

  // --- what peers send ---

  void on_event(Peer& peer, const Event& received) override {
    if (options_.send_only || is_hurried_) return;
    Event event = received;
    if (event.kind == Kind::raw && options_.wire.format.format == Format::raw) {
      peer.junk += event.data.size();
      if (!options_.input.keep_raw) return;
    }
    if (!options_.filter.passes(event)) return;
    if (options_.thru) send_to_others(peer, event);
    peer.heard_from.follow(event);
    if (event.time_form != TimeForm::absolute) stamp(event, peer.heard());
    if (event.port.empty()) event.port = peer.tag();
    writer_.put(event);
  }

  void send_to_others(const Peer& from, const Event& event) {
    for (const auto& other : peers_)
      if (other.get() != &from && other->is_open()) send(*other, event);
  }

  void on_fault(Peer& peer, const std::string& fault) override {
    if (++peer.faults <= most_faults) notice(fault);
    if (options_.input.strict) peer.cut("a line that does not parse (--strict)");
  }

  void on_turn() override {
    writer_.flush();
    if (options_.thru) flush_peers();
    look_at_flow();
  }

  void stamp(Event& event, Nanoseconds time = now()) {
    event.time = clock_.stamp(time);
    event.time_form = TimeForm::absolute;
  }

  void print_meta(const char* what, std::string_view tag, Nanoseconds time = now()) {
    Event event = make_meta(what);
    stamp(event, time);
    event.port = tag;
    if (options_.filter.passes(event)) writer_.put(event);
  }

  // --- what they are sent ---

  // Sends what has been read; whatever is waited for then calls it again.
  void pump() {
    if (is_reading_ended_ || options_.receive_only) return;
    Event event;
    for (int turn = 0; turn < events_a_turn; ++turn) {
      if (must_wait()) return flush();
      switch (feed_.next(event)) {
      case EventInput::Next::event: send_from_stdin(event); break;
      case EventInput::Next::wait: return flush();
      case EventInput::Next::end: return end_of_input();
      }
    }
    flush();
    boost::asio::post(loop_, [this] { pump(); });
  }

  // There is nobody to send to, and somebody will come; or somebody's queue is full.
  [[nodiscard]] bool must_wait() const {
    const auto is_open_question = [](const auto& connector) {
      return !connector->is_settled() && !connector->has_given_up();
    };
    if (is_held_ || std::any_of(connectors_.begin(), connectors_.end(), is_open_question))
      return true;
    if (!listeners_.empty() || connectors_.empty()) return false;
    return std::none_of(peers_.begin(), peers_.end(),
                        [](const auto& peer) { return peer->is_open(); });
  }

  void send_from_stdin(Event event) {
    const std::string_view named =
        event.port.starts_with(peer_prefix) ? event.port : std::string_view();
    if (!named.empty()) event.port = {};
    bool found = false;
    for (const auto& peer : peers_) {
      if (!peer->is_open() || (!named.empty() && peer->tag() != named)) continue;
      found = true;
      peer->sent_by_us.follow(event);
      send(*peer, event);
    }
    if (found) return;
    if (named.empty()) ++unheard_;
    if (!named.empty() && nowhere_++ == 0) missing_peer_ = named;
  }

  void send(Peer& peer, const Event& event) {
    peer.send(event);
    is_held_ |= peer.is_full() && !peer.is_slow();
  }

  void flush() {
    flush_peers();
    writer_.flush();
  }

  void flush_peers() {
    for (const auto& peer : peers_) peer->flush();
  }

  // --- what does not keep up is waited for ---

  void on_room() override {
    boost::asio::post(loop_, [this] { look_at_flow(); });
  }

  void look_at_flow() {
    is_held_ = std::any_of(peers_.begin(), peers_.end(), [](const auto& peer) {
      return peer->is_open() && peer->is_full() && !peer->is_slow();
    });
    const bool paused = writer_.is_full() || (options_.thru && is_held_);
    if (std::exchange(is_paused_, paused) != paused)
      for (const auto& peer : peers_)
        if (!peer->is_gone()) peer->pause(paused);
    if (!is_held_) resume();
  }

  void resume() {
    if (std::exchange(is_resuming_, true)) return;
    boost::asio::post(loop_, [this] {
      is_resuming_ = false;
      if (!must_wait()) pump();
    });
  }

  // --- time ---

  void tick() {
    constexpr Nanoseconds longest = second / 4;
    Nanoseconds pause = longest;
    for (const Nanoseconds span : {options_.heartbeat, options_.peer_timeout})
      if (span > 0) pause = std::min(pause, std::max<Nanoseconds>(span / 8, second / 1000));
    tick_.expires_after(std::chrono::nanoseconds(pause));
    tick_.async_wait([this](const ErrorCode& cancelled) {
      if (cancelled) return;
      const Nanoseconds current = now();
      for (std::size_t i = 0; i < peers_.size(); ++i)
        if (!peers_[i]->is_gone()) look_at(*peers_[i], current);
      look_at_flow();
      tick();
    });
  }

  void look_at(Peer& peer, Nanoseconds current) {
    if (peer.is_ending()) {
      const bool has_all = peer.unsent() == 0;
      if (has_all && peer.standstill() > (is_hurried_ ? 0 : farewell_time))
        peer.cut("");
      else if (!has_all && peer.standstill() > delivery_time)
        peer.cut("it takes nothing any more");
      return;
    }
    if (!peer.is_open()) {
      if (current - peer.started() > handshake_time) peer.cut("no handshake (TLS)");
      return;
    }
    if (options_.peer_timeout > 0 && !is_paused_ && current - peer.heard() > options_.peer_timeout)
      return peer.cut("silent for too long (--peer-timeout)");
    if (peer.unanswered() > answer_time) return peer.cut("it cannot be reached any more");
    if (options_.heartbeat > 0 && current - peer.spoken() >= options_.heartbeat &&
        !peer.is_full()) {
      peer.send(make_event(Kind::active_sensing));
      peer.flush();
    }
    if (peer.full_since() == 0 || peer.is_slow() || current - peer.full_since() < grace) return;
    if (options_.cut_slow) return peer.cut("too slow (--slow disconnect)");
    const auto open = std::count_if(peers_.begin(), peers_.end(),
                                    [](const auto& other) { return other->is_open(); });
    if (open < 2) return; // nobody else waits for it
    notice(peer.tag() + ": too slow; what does not fit into its queue is lost");
    peer.call_slow();
  }

  // --- peers go ---

  void on_gone(Peer& peer, const std::string& why) override {
    if (options_.release) release_what_it_sent(peer);
    if (peer.was_open()) print_meta(":disconnected", peer.tag());
    const auto from = connector_of_.find(&peer);
    const bool is_told_there = from != connector_of_.end() && !is_ending_;
    const bool is_stranger = !peer.was_open() && from == connector_of_.end();
    if (!why.empty() && is_stranger && !is_hurried_)
      gate_.refuse(peer.tag() + ": " + why);
    else if (!why.empty() && !is_told_there && !is_hurried_)
      notice(peer.tag() + ": " + why);
    if (!why.empty() && is_ending_ && !is_hurried_) status_ = exit_failed;
    if (peer.unsent() > 0 && !is_hurried_) {
      fail(peer.tag() + ": " + count_of(peer.unsent(), "byte") + " did not reach it");
    }
    tell_losses(peer);
    boost::asio::post(loop_, [this] { forget_those_that_went(); });
    if (from == connector_of_.end()) return;
    Connector& connector = *from->second;
    connector_of_.erase(from);
    constexpr Nanoseconds use = 3 * second; // one that was cut at once is no success
    if (now() - peer.started() > use) connector.praise();
    if (!is_ending_) connector.again(why.empty() ? "it has hung up" : why);
  }

  void release_what_it_sent(Peer& peer) {
    peer.heard_from.release([&](Event event) {
      stamp(event);
      if (options_.thru) send_to_others(peer, event);
      if (event.port.empty()) event.port = peer.tag();
      if (options_.filter.passes(event)) writer_.put(event);
    });
  }

  void tell_losses(const Peer& peer) {
    if (peer.junk > 0 && !options_.input.keep_raw)
      notice(peer.tag() + ": " + dropped(peer.junk, "--keep-raw prints them"));
    if (peer.faults > most_faults)
      notice(peer.tag() + ": " + count_of(peer.faults, "line") + " did not parse");
    if (peer.lost() > 0) {
      fail(peer.tag() + ": lost " + count_of(peer.lost(), "event") +
           " on the way to it: it took them too slowly");
    }
  }

  void forget_those_that_went() {
    std::erase_if(peers_, [](const auto& peer) { return peer->is_gone(); });
    flush();
    if (is_ending_ && peers_.empty()) return loop_.stop();
    look_at_flow();
  }

  void give_up(Connector& connector, const std::string& why) {
    notice(to_string(connector.address()) + ": " + why);
    if (why != "it has hung up" || !is_reading_ended_) status_ = exit_failed;
    const bool any = std::any_of(connectors_.begin(), connectors_.end(),
                                 [](const auto& other) { return !other->has_given_up(); });
    if (!any && listeners_.empty()) end_of_work();
  }

  // --- the end ---

  void end_of_input() {
    is_reading_ended_ = true;
    if (options_.release)
      for (const auto& peer : peers_)
        peer->sent_by_us.release([&](const Event& event) { peer->send(event); });
    flush();
    if (!options_.keep_open) end_of_work();
  }

  // All that is queued is delivered; nobody new comes.
  void end_of_work() {
    if (std::exchange(is_ending_, true)) return;
    is_reading_ended_ = true;
    for (const auto& listener : listeners_) listener->stop();
    for (const auto& connector : connectors_) {
      connector->stop();
      if (is_hurried_ || connector->was_reached() || connector->has_given_up()) continue;
      fail(to_string(connector->address()) + ": never reached; it was sent nothing");
    }
    for (std::size_t i = 0; i < peers_.size(); ++i) {
      Peer& peer = *peers_[i];
      if (!peer.is_open()) {
        if (!peer.is_gone()) peer.cut("");
        continue;
      }
      if (options_.release) peer.release();
      peer.end();
    }
    boost::asio::post(loop_, [this] { forget_those_that_went(); });
  }

  // A signal, or nobody reads stdout any more: what sounds is released, and that is sent if it can
  // be within a second.
  void end_early(const Ended& ended) {
    constexpr auto patience = std::chrono::seconds(1);
    if (std::exchange(is_hurried_, true)) return;
    signal_ = ended.signal;
    if (ended.status != exit_done) status_ = ended.status;
    feed_.cancel();
    if (options_.release)
      for (const auto& peer : peers_) release_what_it_sent(*peer);
    end_of_work();
    deadline_.expires_after(patience);
    deadline_.async_wait([this](const ErrorCode& cancelled) {
      if (!cancelled) loop_.stop();
    });
  }

  void end_writing(int error) {
    if (error == 0) return end_early({exit_done, SIGPIPE});
    notice(std::string("stdout: ") + std::strerror(error));
    end_early({exit_failed, 0});
  }

  Ended finish() {
    signals_.let_go();
    for (const auto& peer : peers_)
      if (!peer->is_gone()) tell_losses(*peer);
    const auto written =
        writer_.finish(is_hurried_ ? std::optional<Nanoseconds>(second) : std::nullopt);
    if (!written) fail(written.error().what);
    if (feed_.dropped_bytes() > 0) fail(dropped(feed_.dropped_bytes(), "--keep-raw sends them"));
    if (nowhere_ > 0)
      fail("did not send " + count_of(nowhere_, "event") + ": no such peer is there, such as @" +
           missing_peer_);
    if (unheard_ > 0) fail(count_of(unheard_, "event") + " went to nobody: no peer was connected");
    if (gate_.refused() > 1) notice(count_of(gate_.refused(), "connection") + " refused");
    if (writer_.reader_gone() && signal_ == 0) signal_ = SIGPIPE;
    return {status_, signal_};
  }

  void notice(const std::string& what) { complain(text().name, what); }

  void fail(const std::string& what) {
    notice(what);
    status_ = exit_failed;
  }

  const Options& options_;
  Clock clock_;
  boost::asio::io_context loop_{1};
  EventWriter writer_;
  Signals signals_;
  Feed feed_;
  Gate gate_;
  boost::asio::steady_timer tick_;
  boost::asio::steady_timer deadline_; // after a signal
  std::unique_ptr<Tls> server_tls_;
  std::unique_ptr<Tls> client_tls_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<std::unique_ptr<Connector>> connectors_;
  std::vector<std::shared_ptr<Peer>> peers_;
  std::map<const Peer*, Connector*> connector_of_;
  bool is_held_ = false;   // somebody's queue is full, and is waited for
  bool is_paused_ = false; // peers are not read
  bool is_resuming_ = false;
  bool is_reading_ended_ = false;
  bool is_ending_ = false;
  bool is_hurried_ = false;
  std::uint64_t unix_peers_ = 0;
  std::uint64_t nowhere_ = 0; // events for a peer that is not there
  std::string missing_peer_;  // the first one
  std::uint64_t unheard_ = 0; // events that were sent while no peer was there
  int status_ = exit_done;
  int signal_ = 0;
};

} // namespace

Ended run(const Options& options) { return Hub(options).run(); }

} // namespace mm::tcp
