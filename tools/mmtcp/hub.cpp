#include "hub.hpp"

#include "connector.hpp"
#include "io/signals.hpp"
#include "io/timeline.hpp"
#include "io/watch.hpp"
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
        reader_(STDIN_FILENO, "stdin", options.input), stdin_(loop_, STDIN_FILENO), due_(loop_),
        tick_(loop_) {}

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
    if (options_.tls) {
      for (const bool is_server : {true, false}) {
        if (is_server ? options_.listen.empty() && !has_inherited() : options_.connect.empty())
          continue;
        auto tls = open_tls(options_.tls_setup, is_server);
        if (!tls) return tls.error();
        (is_server ? server_tls_ : client_tls_) = std::move(tls.value());
      }
    }
    std::vector<Listening> sockets = inherited();
    for (const Address& address : options_.listen) {
      auto opened = listen(address);
      if (!opened) return opened.error();
      for (Listening& socket : opened.value()) {
        socket.is_chosen = address.port == 0 && !address.is_unix();
        sockets.push_back(std::move(socket));
      }
    }
    if (sockets.empty() && options_.connect.empty())
      return Error{"LISTEN_FDS has no socket for this process (LISTEN_PID): the service is to "
                   "exec mmtcp itself",
                   exit_usage};
    for (const Listening& socket : sockets)
      if (socket.is_public && options_.allow.empty() && !options_.tls && !options_.insecure)
        return Error{socket.name + " can be reached by everybody in the network.\n"
                                   "Say who may come: --allow 192.168.1.0/24, or --secret FILE or "
                                   "--tls-cert and --tls-key; or --insecure",
                     exit_usage};
    for (const Listening& socket : sockets)
      if (socket.is_chosen) notice("listening on " + socket.name);
    for (Listening& socket : sockets)
      listeners_.push_back(std::make_unique<Listener>(
          loop_, std::move(socket),
          [this](Socket peer, const auto* from) { welcome(std::move(peer), from); },
          [this](const std::string& text) { notice(text); }));
    for (const Address& address : options_.connect)
      connectors_.push_back(std::make_unique<Connector>(
          loop_, address, options_.retries,
          [this](Connector& from, Socket peer, const std::string& where) {
            greet(from, std::move(peer), where);
          },
          [this](Connector& from, const std::string& why) { give_up(from, why); },
          [this](const std::string& text) { notice(text); }));
    return done();
  }

  // As many peers as the administrator allows.
  static void allow_many_descriptors() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }

  static bool has_inherited() { return std::getenv("LISTEN_FDS") != nullptr; }

  // --- peers come ---

  void welcome(Socket socket, const boost::asio::ip::tcp::endpoint* from) {
    const auto is_allowed = [&](const Network& network) {
      return network.contains(from->address());
    };
    if (from != nullptr && !options_.allow.empty() &&
        std::none_of(options_.allow.begin(), options_.allow.end(), is_allowed))
      return refuse(to_string(*from) + ": not allowed to connect");
    if (peers_.size() >= options_.max_peers && !make_room())
      return refuse((from != nullptr ? to_string(*from) : "unix") + ": no more than " +
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

  // Somebody who tries again and again is not to fill a log.
  void refuse(const std::string& what) {
    ++refused_;
    if (now() - last_refusal_ < second && last_refusal_ != 0) return;
    last_refusal_ = now();
    notice(what);
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
      if (!options_.keep_raw) return;
    }
    if (!options_.filter.passes(event)) return;
    if (options_.thru) send_to_others(peer, event);
    if (event.port.empty())
      peer.heard_from.follow(event);
    else if (is_channel_message(event.kind))
      sounding_of_tag(peer, event.port).follow(event);
    if (event.time_form != TimeForm::absolute) stamp(event, peer.heard());
    if (event.port.empty()) event.port = peer.tag();
    writer_.put(event);
  }

  static Sounding& sounding_of_tag(Peer& peer, std::string_view tag) {
    constexpr std::size_t most = 256; // tags of one peer; the rest share their releases
    const auto known = peer.heard_from_tag.find(tag);
    if (known != peer.heard_from_tag.end()) return known->second;
    return peer.heard_from_tag.size() < most ? peer.heard_from_tag[std::string(tag)]
                                             : peer.heard_from;
  }

  void send_to_others(const Peer& from, const Event& event) {
    for (const auto& other : peers_)
      if (other.get() != &from && other->is_open()) send(*other, event);
  }

  void on_fault(Peer& peer, const std::string& fault) override {
    if (++peer.faults <= most_faults) notice(fault);
    if (options_.strict) peer.cut("a line that does not parse (--strict)");
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
    for (int turn = 0; turn < events_a_turn; ++turn) {
      if (must_wait() || (!has_event_ && !fetch())) return flush();
      const Nanoseconds due = timeline_.due(event_, now());
      if (due > now() && options_.wire.format.format == Format::raw) return wait_until(due);
      send_from_stdin();
      has_event_ = false;
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

  // "+0.25": it was waited for when the event was read.
  void wait_until(Nanoseconds due) {
    flush();
    event_.time_form = TimeForm::none;
    due_.expires_after(std::chrono::nanoseconds(due - now()));
    due_.async_wait([this](const ErrorCode& cancelled) {
      if (!cancelled) pump();
    });
  }

  // Gets the next event; false: it has to be waited for, or there is none.
  bool fetch() {
    while (true) {
      switch (reader_.next(event_)) {
      case EventReader::Next::event:
        if (event_.kind == Kind::raw && options_.input.format == Format::raw &&
            !options_.keep_raw) {
          dropped_bytes_ += event_.data.size();
          break;
        }
        return has_event_ = true;
      case EventReader::Next::fault:
        notice(reader_.fault());
        status_ = exit_failed;
        if (options_.strict) return end_of_input();
        break;
      case EventReader::Next::empty: wait_for_input(); return false;
      case EventReader::Next::end: return end_of_input();
      }
    }
  }

  void wait_for_input() {
    stdin_.wait(Watch::For::read, [this] {
      if (const auto filled = reader_.fill(); !filled) {
        notice(filled.error().what);
        status_ = exit_failed;
        reader_.end();
      }
      pump();
    });
  }

  void send_from_stdin() {
    const bool names_peer = event_.port.starts_with(peer_prefix);
    Event event = event_;
    if (names_peer) event.port = {};
    bool found = false;
    for (const auto& peer : peers_) {
      if (!peer->is_open() || (names_peer && peer->tag() != event_.port)) continue;
      found = true;
      peer->sent_by_us.follow(event);
      send(*peer, event);
    }
    if (found) return;
    if (names_peer && nowhere_++ == 0) missing_peer_ = event_.port;
    if (!names_peer) ++unheard_;
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

  void on_room(Peer& /*peer*/) override {
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
      const std::size_t left = peer.unsent();
      if (std::exchange(peer.was_unsent, left) != left) peer.has_moved = current;
      const Nanoseconds since = std::max(peer.has_moved, end_);
      if (left == 0 && current - since > (is_hurried_ ? 0 : farewell_time))
        peer.cut("");
      else if (left > 0 && current - since > delivery_time)
        peer.cut("it takes nothing any more");
      return;
    }
    if (!peer.is_open()) {
      if (current - peer.started() > handshake_time) peer.cut("no handshake (TLS)");
      return;
    }
    if (options_.peer_timeout > 0 && !is_paused_ && current - peer.heard() > options_.peer_timeout)
      return peer.cut("silent for too long (--peer-timeout)");
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
      refuse(peer.tag() + ": " + why);
    else if (!why.empty() && !is_told_there && !is_hurried_)
      notice(peer.tag() + ": " + why);
    if (!why.empty() && is_ending_ && !is_hurried_) status_ = exit_failed;
    if (peer.unsent() > 0 && !is_hurried_) {
      notice(peer.tag() + ": " + count_of(peer.unsent(), "byte") + " did not reach it");
      status_ = exit_failed;
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
    const auto release = [&](Sounding& sounding, std::string_view tag) {
      sounding.release([&](Event event) {
        stamp(event);
        event.port = tag;
        if (options_.thru) send_to_others(peer, event);
        if (event.port.empty()) event.port = peer.tag();
        if (options_.filter.passes(event)) writer_.put(event);
      });
    };
    release(peer.heard_from, {});
    for (auto& [tag, sounding] : peer.heard_from_tag) release(sounding, tag);
  }

  void tell_losses(const Peer& peer) {
    if (peer.junk > 0 && !options_.keep_raw)
      notice(peer.tag() + ": dropped " + count_of(peer.junk, "byte") +
             ": no MIDI, or of a sysex over --max-sysex (--keep-raw prints them)");
    if (peer.faults > most_faults)
      notice(peer.tag() + ": " + count_of(peer.faults, "line") + " did not parse");
    if (peer.lost() > 0) {
      notice(peer.tag() + ": lost " + count_of(peer.lost(), "event") +
             " on the way to it: it took them too slowly");
      status_ = exit_failed;
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

  // False, for fetch().
  bool end_of_input() {
    is_reading_ended_ = true;
    if (options_.release)
      for (const auto& peer : peers_)
        peer->sent_by_us.release([&](const Event& event) { peer->send(event); });
    flush();
    if (!options_.keep_open) end_of_work();
    return false;
  }

  // All that is queued is delivered; nobody new comes.
  void end_of_work() {
    if (std::exchange(is_ending_, true)) return;
    end_ = now();
    is_reading_ended_ = true;
    for (const auto& listener : listeners_) listener->stop();
    for (const auto& connector : connectors_) {
      connector->stop();
      if (is_hurried_ || connector->was_reached() || connector->has_given_up()) continue;
      notice(to_string(connector->address()) + ": never reached; it was sent nothing");
      status_ = exit_failed;
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
    due_.cancel();
    stdin_.cancel();
    if (options_.release)
      for (const auto& peer : peers_) release_what_it_sent(*peer);
    end_of_work();
    due_.expires_after(patience);
    due_.async_wait([this](const ErrorCode& cancelled) {
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
    if (!written) {
      notice(written.error().what);
      status_ = exit_failed;
    }
    if (dropped_bytes_ > 0)
      notice("dropped " + count_of(dropped_bytes_, "byte") +
             ": no MIDI, or of a sysex over --max-sysex (--keep-raw sends them)");
    if (nowhere_ > 0)
      notice("did not send " + count_of(nowhere_, "event") + ": no such peer is there, such as @" +
             missing_peer_);
    if (unheard_ > 0)
      notice(count_of(unheard_, "event") + " went to nobody: no peer was connected");
    if (refused_ > 1) notice(count_of(refused_, "connection") + " refused");
    if (dropped_bytes_ > 0 || nowhere_ > 0 || unheard_ > 0) status_ = exit_failed;
    if (writer_.reader_gone() && signal_ == 0) signal_ = SIGPIPE;
    return {status_, signal_};
  }

  void notice(const std::string& what) { complain(text().name, what); }

  const Options& options_;
  Clock clock_;
  boost::asio::io_context loop_{1};
  EventWriter writer_;
  Signals signals_;
  EventReader reader_;
  Watch stdin_;
  boost::asio::steady_timer due_;
  boost::asio::steady_timer tick_;
  std::unique_ptr<Tls> server_tls_;
  std::unique_ptr<Tls> client_tls_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<std::unique_ptr<Connector>> connectors_;
  std::vector<std::shared_ptr<Peer>> peers_;
  std::map<const Peer*, Connector*> connector_of_;
  Timeline timeline_{false, 1, 0};
  Event event_;
  bool has_event_ = false;
  bool is_held_ = false;   // somebody's queue is full, and is waited for
  bool is_paused_ = false; // peers are not read
  bool is_resuming_ = false;
  bool is_reading_ended_ = false;
  bool is_ending_ = false;
  bool is_hurried_ = false;
  Nanoseconds end_ = 0; // when the end began
  Nanoseconds last_refusal_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t unix_peers_ = 0;
  std::uint64_t nowhere_ = 0; // events for a peer that is not there
  std::string missing_peer_;  // the first one
  std::uint64_t unheard_ = 0; // events that were sent while no peer was there
  std::uint64_t dropped_bytes_ = 0;
  int status_ = exit_done;
  int signal_ = 0;
};

} // namespace

Ended run(const Options& options) { return Hub(options).run(); }

} // namespace mm::tcp
