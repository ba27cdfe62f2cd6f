#include "port/session.hpp"

#include "io/clock.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>

namespace mm {

namespace {

// How often a system that is not there is tried again.
constexpr auto retry_after = std::chrono::milliseconds(100);

} // namespace

PortSession::PortSession(boost::asio::io_context& loop, std::string client, Direction direction,
                         std::string backend, PortOptions options, Handler& handler)
    : loop_(loop), setup_{std::move(client), options.max_sysex}, backend_name_(std::move(backend)),
      wait_(options.wait), handler_(handler), connections_(direction, std::move(options)),
      again_(loop) {}

Outcome PortSession::open() {
  auto connected = connect();
  if (!connected && wait_for_system(connected.error())) return done();
  return connected;
}

Outcome PortSession::connect() {
  auto backend = open_backend(backend_name_, setup_);
  if (!backend) return backend.error();
  backend_ = std::move(backend.value());
  if (const auto opened = connections_.open(*backend_); !opened) {
    connections_.drop();
    backend_.reset();
    // Of ports that were open before, nothing else can be wrong.
    if (!was_open_) wait_ = false;
    return opened;
  }
  was_open_ = true;
  say_notices();
  news_.emplace(loop_, backend_->descriptor());
  wait_for_news();
  retry_ports();
  return done();
}

// What is wrong in the request stays wrong; only a system that is not there is waited for.
bool PortSession::wait_for_system(const Error& error) {
  if (!wait_ || error.status == exit_usage) return false;
  if (!said_waiting_) handler_.on_notice(error.what + "\nwaiting for it");
  said_waiting_ = true;
  again_.expires_after(retry_after);
  again_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled && !closed_) retry();
  });
  return true;
}

void PortSession::retry() {
  const Nanoseconds before = now();
  const auto connected = connect();
  if (!connected) {
    if (!wait_for_system(connected.error())) handler_.on_failure(connected.error());
    return;
  }
  said_waiting_ = false;
  for (std::size_t i = 0; i < connections_.ports().size(); ++i) {
    const auto& port = connections_.ports()[i];
    if (port.connected) handler_.on_change({i, true, *port.id, before}, port);
  }
  handler_.on_turn();
}

void PortSession::wait_for_news() {
  news_->wait(Watch::For::read, [this] { take_turn(); });
}

// Takes what has come in; after a while the loop looks at everything else, however much comes.
void PortSession::take_turn() {
  const bool more = take_news();
  if (!closed_) handler_.on_turn();
  if (!backend_ || closed_) return;
  if (!more) return wait_for_news();
  boost::asio::post(loop_, [this] {
    if (backend_ && !closed_) take_turn();
  });
}

// False: all of it was taken.
bool PortSession::take_news() {
  constexpr int events_a_turn = 4096;
  Incoming incoming;
  for (int i = 0; i < events_a_turn; ++i) {
    if (closed_ || !backend_ || !backend_->receive(incoming)) return false;
    switch (incoming.type) {
    case Incoming::Type::ports_changed: update(); break;
    case Incoming::Type::gone: lose_system(); break;
    default: handler_.on_incoming(incoming);
    }
  }
  return true;
}

void PortSession::update() {
  const auto changes = connections_.update(*backend_);
  if (!changes) return handler_.on_failure(changes.error());
  tell(changes.value());
  retry_ports();
}

void PortSession::retry_ports() {
  const auto next = connections_.next_try();
  if (!next) return;
  again_.expires_after(std::chrono::nanoseconds(std::max<Nanoseconds>(*next - now(), 0)));
  again_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled || closed_ || !backend_) return;
    take_news(); // what came before is told before what has changed
    if (closed_ || !backend_) return;
    update();
    if (!closed_) handler_.on_turn();
  });
}

void PortSession::tell(const std::vector<Connections::Change>& changes) {
  for (const auto& change : changes) handler_.on_change(change, connections_.ports()[change.index]);
  say_notices();
}

void PortSession::say_notices() {
  for (const std::string& notice : connections_.take_notices()) handler_.on_notice(notice);
}

void PortSession::lose_system() {
  const Error error{backend_->system() + " has ended"};
  tell(connections_.drop());
  again_.cancel();
  news_.reset();
  backend_.reset();
  if (!wait_for_system(error)) handler_.on_failure(error);
}

void PortSession::take_rest() {
  constexpr int most = 100'000; // then it would never end
  Incoming incoming;
  for (int i = 0; i < most && backend_ && backend_->receive(incoming); ++i)
    if (incoming.type != Incoming::Type::ports_changed && incoming.type != Incoming::Type::gone)
      handler_.on_incoming(incoming);
}

void PortSession::close() {
  closed_ = true;
  Incoming incoming;
  while (backend_ && backend_->receive_rest(incoming)) handler_.on_incoming(incoming);
  again_.cancel();
  news_.reset();
  backend_.reset();
}

} // namespace mm
