// Where to listen, where to connect to, and who may come: what stands on the command line.
#pragma once

#include "event/result.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace mm::tcp {

// "PORT", "HOST:PORT", "[::1]:PORT" or "unix:PATH".
struct Address {
  std::string host; // a name or an address without brackets; empty: none was given
  std::uint16_t port = 0;
  std::string path; // of a Unix socket; empty: it is TCP

  [[nodiscard]] bool is_unix() const { return !path.empty(); }
  friend bool operator==(const Address&, const Address&) = default;
};

// A text that is none of these is an error of usage, which names `option`. Only listening may leave
// out the host, which is this machine alone then ("*" stands for all of its addresses), and take
// port 0 for one that is free.
Result<Address> parse_address(std::string_view text, std::string_view option, bool listening);

// As parse_address() reads it.
std::string to_string(const Address& address);
std::string to_string(const boost::asio::ip::tcp::endpoint& endpoint);

// A network: "192.168.1.0/24", "fd00::/8", or one address.
class Network {
 public:
  // An error of usage that names `option`.
  static Result<Network> parse(std::string_view text, std::string_view option);

  // An IPv4 address that stands in an IPv6 one is taken as itself.
  [[nodiscard]] bool contains(const boost::asio::ip::address& address) const;

 private:
  boost::asio::ip::address base_;
  unsigned bits_ = 0;
};

// Whether it cannot be reached from another machine.
bool is_loopback(const boost::asio::ip::address& address);

} // namespace mm::tcp
