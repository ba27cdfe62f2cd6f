#include "address.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace mm::tcp {

namespace ip = boost::asio::ip;

namespace {

template <class Number> std::optional<Number> read_number(std::string_view text, Number most) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end || number > most) return {};
  return number;
}

// An IPv4 address in its IPv6 form (::ffff:1.2.3.4), as a socket for both shows it, as itself.
ip::address plain(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

template <class Bytes> bool same_bits(const Bytes& a, const Bytes& b, unsigned bits) {
  constexpr unsigned in_byte = 8;
  for (std::size_t i = 0; bits > 0; ++i) {
    const unsigned here = std::min(bits, in_byte);
    if (((a[i] ^ b[i]) >> (in_byte - here)) != 0) return false;
    bits -= here;
  }
  return true;
}

} // namespace

Result<Address> parse_address(std::string_view text, std::string_view option, bool listening) {
  const auto wrong = [&](const std::string& why) {
    return Error{std::string(option) + " '" + std::string(text) + "': " + why, exit_usage};
  };
  constexpr std::string_view unix_prefix = "unix:";
  Address address;
  if (text.starts_with(unix_prefix)) {
    constexpr std::size_t longest = 107; // sockaddr_un
    address.path = text.substr(unix_prefix.size());
    if (address.path.empty()) return wrong("no path");
    if (address.path.size() > longest)
      return wrong("a path of more than " + std::to_string(longest) + " bytes");
    return address;
  }
  const std::size_t colon = text.rfind(':');
  std::string_view host = text.substr(0, colon == std::string_view::npos ? 0 : colon);
  const std::string_view port = text.substr(colon == std::string_view::npos ? 0 : colon + 1);
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos)
    return wrong("an IPv6 address stands in brackets: [::1]:5004");
  constexpr std::uint16_t highest = 65535;
  const auto number = read_number<std::uint16_t>(port, highest);
  if (!number)
    return wrong(std::string("it is ") + (listening ? "[HOST:]PORT" : "HOST:PORT") +
                 " or unix:PATH, with a port in 0..65535");
  if (!listening && host.empty()) return wrong("no host: it is HOST:PORT or unix:PATH");
  if (!listening && *number == 0) return wrong("there is no port 0 to connect to");
  if (!listening && host == "*") return wrong("nobody can be reached at '*'");
  address.host = host;
  address.port = *number;
  return address;
}

std::string to_string(const Address& address) {
  if (address.is_unix()) return "unix:" + address.path;
  const bool bare = address.host.find(':') == std::string::npos;
  const std::string host = bare ? address.host : '[' + address.host + ']';
  return (host.empty() ? "" : host + ':') + std::to_string(address.port);
}

std::string to_string(const ip::tcp::endpoint& endpoint) {
  return to_string(Address{plain(endpoint.address()).to_string(), endpoint.port(), {}});
}

Result<Network> Network::parse(std::string_view text, std::string_view option) {
  const Error wrong{std::string(option) + " '" + std::string(text) +
                        "': it is an address or a network, such as 192.168.1.0/24",
                    exit_usage};
  const std::size_t slash = text.find('/');
  boost::system::error_code error;
  Network network;
  network.base_ = ip::make_address(std::string(text.substr(0, slash)), error);
  if (error) return wrong;
  const unsigned all = network.base_.is_v4() ? 32 : 128;
  network.bits_ = all;
  if (slash != std::string_view::npos) {
    const auto bits = read_number<unsigned>(text.substr(slash + 1), all);
    if (!bits) return wrong;
    network.bits_ = *bits;
  }
  return network;
}

bool Network::contains(const ip::address& address) const {
  const ip::address other = plain(address);
  if (other.is_v4() != base_.is_v4()) return false;
  return other.is_v4() ? same_bits(other.to_v4().to_bytes(), base_.to_v4().to_bytes(), bits_)
                       : same_bits(other.to_v6().to_bytes(), base_.to_v6().to_bytes(), bits_);
}

bool is_loopback(const ip::address& address) { return plain(address).is_loopback(); }

} // namespace mm::tcp
