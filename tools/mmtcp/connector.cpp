#include "connector.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

namespace mm::tcp {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;
using Endpoint = asio::generic::stream_protocol::endpoint;

namespace {

constexpr auto first_pause = std::chrono::milliseconds(100);
constexpr auto longest_pause = std::chrono::milliseconds(30'000);
constexpr auto patience = std::chrono::seconds(10); // for one attempt

} // namespace

Connector::Connector(asio::io_context& loop, Address address, std::optional<std::uint64_t> retries,
                     Connected connected, GivenUp given_up, Notice notice)
    : loop_(loop), address_(std::move(address)), retries_(retries),
      connected_(std::move(connected)), given_up_(std::move(given_up)), notice_(std::move(notice)),
      resolver_(loop), timer_(loop), random_(std::random_device{}()) {}

void Connector::start() { resolve(); }

void Connector::stop() {
  is_stopped_ = true;
  resolver_.cancel();
  timer_.cancel();
  socket_.reset();
}

void Connector::resolve() {
  endpoints_.clear();
  if (address_.is_unix()) {
    endpoints_.emplace_back(asio::local::stream_protocol::endpoint(address_.path));
    return connect();
  }
  resolver_.async_resolve(
      address_.host, std::to_string(address_.port), tcp::resolver::numeric_service,
      [this](const ErrorCode& error, const tcp::resolver::results_type& found) {
        if (is_stopped_ || error == asio::error::operation_aborted) return;
        if (error) return fail(error.message());
        for (const auto& entry : found) endpoints_.emplace_back(entry.endpoint());
        std::reverse(endpoints_.begin(), endpoints_.end()); // the best one is tried first
        connect();
      });
}

void Connector::connect() {
  const Endpoint endpoint = endpoints_.back();
  endpoints_.pop_back();
  ErrorCode error;
  socket_.emplace(loop_);
  socket_->open(endpoint.protocol(), error);
  if (!error) socket_->non_blocking(true, error);
  if (error) return fail(error.message());
  timer_.expires_after(patience);
  timer_.async_wait([this](const ErrorCode& cancelled) {
    if (!cancelled && socket_) finish(ETIMEDOUT);
  });
  socket_->async_connect(endpoint, [this](const ErrorCode& failed) {
    if (failed != asio::error::operation_aborted && !is_stopped_ && socket_) finish(failed.value());
  });
}

// An attempt has come to its end.
void Connector::finish(int error) {
  timer_.cancel();
  Socket socket = std::move(*socket_);
  socket_.reset();
  if (error != 0) {
    ErrorCode ignored;
    socket.close(ignored);
    if (!endpoints_.empty()) return connect();
    return fail(std::strerror(error));
  }
  std::string where = to_string(address_);
  if (!address_.is_unix()) {
    tcp::endpoint endpoint;
    socklen_t size = static_cast<socklen_t>(endpoint.capacity());
    ::getpeername(socket.native_handle(), endpoint.data(), &size);
    where = to_string(endpoint);
  }
  connected_(*this, std::move(socket), where);
}

void Connector::again(const std::string& why) { fail(why); }

// Each pause is twice as long as the one before, and half of it is left to chance: many clients of
// one server do not come back all at once.
void Connector::fail(const std::string& why) {
  if (is_stopped_) return;
  is_settled_ = true;
  if (retries_ && failures_ >= *retries_) {
    has_given_up_ = true;
    return given_up_(*this, why);
  }
  const auto doublings = std::min<std::uint64_t>(failures_++, 10);
  const auto pause = std::min(longest_pause, first_pause * (1 << doublings));
  const auto chance = std::uniform_int_distribution<std::chrono::milliseconds::rep>(
      pause.count() / 2, pause.count())(random_);
  if (std::exchange(said_, why) != why)
    notice_(to_string(address_) + ": " + why + "; trying again");
  timer_.expires_after(std::chrono::milliseconds(chance));
  timer_.async_wait([this](const ErrorCode& cancelled) {
    if (!cancelled && !is_stopped_) resolve();
  });
}

} // namespace mm::tcp
