#include "session.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>

namespace mm::jack {

Session::Session(boost::asio::io_context& loop, const Where& where, bool wait, Handler& handler)
    : loop_(loop), where_(where), wait_(wait), handler_(handler),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), watch_(loop, wake_.get()),
      news_(wake_.get()), again_(loop) {}

Outcome Session::open() {
  listen();
  auto opened = try_to_open();
  if (!opened && wait_for_server(opened.error())) return done();
  return opened;
}

Outcome Session::try_to_open() {
  auto joined = join_jack(where_.client, where_.server);
  if (!joined) return joined.error();
  client_ = std::move(joined.value());
  news_.attach(client_.get());
  auto prepared = handler_.on_joined(client_.get());
  if (prepared && jack_activate(client_.get()) != 0)
    prepared = Error{server() + " does not take our client"};
  if (!prepared) {
    client_.reset();
    return prepared;
  }
  has_said_ = false;
  handler_.on_active();
  return done();
}

bool Session::wait_for_server(const Error& error) {
  constexpr auto pause = std::chrono::milliseconds(100);
  if (!wait_ || is_closed_ || error.status == exit_usage) return false;
  if (!std::exchange(has_said_, true)) handler_.on_notice(error.what + "\nwaiting for it");
  again_.expires_after(pause);
  again_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled || is_closed_) return;
    const auto opened = try_to_open();
    if (!opened && !wait_for_server(opened.error())) handler_.on_failure(opened.error());
  });
  return true;
}

void Session::listen() {
  watch_.wait(Watch::For::read, [this] {
    std::uint64_t count = 0; // before anything is looked at: what comes later wakes again
    [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &count, sizeof count);
    bool is_lost = false;
    handler_.on_wake();
    for (const News& news : news_.take()) {
      if (is_closed_) return;
      handler_.on_news(news);
      is_lost = news.what == News::What::shutdown;
      if (is_lost) break;
    }
    if (is_closed_) return;
    if (is_lost) lose();
    listen();
  });
}

// libjack's own thread is still busy with the end of the server. To close the client is to cancel
// that thread, which libjack does not survive everywhere: so it is left a while to end by itself.
void Session::lose() {
  constexpr auto pause = std::chrono::milliseconds(250);
  again_.expires_after(pause);
  again_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled && !is_closed_) leave();
  });
}

void Session::leave() {
  client_.reset(); // first: then none of its threads runs any more
  handler_.on_lost();
  const Error error{server() + " has ended"};
  if (!wait_for_server(error)) handler_.on_failure(error);
}

void Session::close() {
  is_closed_ = true;
  again_.cancel();
  watch_.cancel();
  client_.reset();
}

} // namespace mm::jack
