// The way to one address: connects, and connects again.
#pragma once

#include "address.hpp"
#include "peer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace mm::tcp {

class Connector {
 public:
  // A connection stands, to there.
  using Connected = std::function<void(Connector& from, Socket socket, const std::string& where)>;
  // It is no longer tried, since `why`.
  using GivenUp = std::function<void(Connector& from, const std::string& why)>;
  using Notice = std::function<void(const std::string&)>;

  // `retries`: how often in a row it is tried again; none: without end.
  Connector(boost::asio::io_context& loop, Address address, std::optional<std::uint64_t> retries,
            Connected connected, GivenUp given_up, Notice notice);

  void start();
  void stop();

  // The connection has ended, or was of no use: connects again, after a pause.
  void again(const std::string& why);

  // The connection has proved to be of use: the next pause is short again.
  void praise() {
    failures_ = 0;
    said_.clear();
  }

  // Whether it was reached, or the first attempt has failed; and whether it ever was.
  void set_reached() { is_settled_ = was_reached_ = true; }
  [[nodiscard]] bool is_settled() const { return is_settled_; }
  [[nodiscard]] bool was_reached() const { return was_reached_; }

  [[nodiscard]] const Address& address() const { return address_; }
  [[nodiscard]] bool has_given_up() const { return has_given_up_; }

 private:
  void resolve();
  void connect();
  void finish(int error);
  void fail(const std::string& why);

  boost::asio::io_context& loop_;
  Address address_;
  std::optional<std::uint64_t> retries_;
  Connected connected_;
  GivenUp given_up_;
  Notice notice_;
  boost::asio::ip::tcp::resolver resolver_;
  std::vector<boost::asio::generic::stream_protocol::endpoint> endpoints_; // to be tried yet
  std::optional<Socket> socket_;
  boost::asio::steady_timer timer_;
  std::uint64_t failures_ = 0; // in a row
  std::string said_;           // the last reason that was told
  std::minstd_rand random_;
  bool is_settled_ = false;
  bool was_reached_ = false;
  bool has_given_up_ = false;
  bool is_stopped_ = false;
};

} // namespace mm::tcp
