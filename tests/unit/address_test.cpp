// What mmtcp takes for an address, and for a network.
#include "mmtcp/address.hpp"

#include <gtest/gtest.h>

namespace mm::tcp {
namespace {

namespace ip = boost::asio::ip;

std::string read(std::string_view text, bool listening = true) {
  const auto address = parse_address(text, listening ? "--listen" : "--connect", listening);
  if (!address) return std::to_string(address.error().status) + ": " + address.error().what;
  const Address& a = address.value();
  return a.is_unix() ? "path " + a.path : "host '" + a.host + "' port " + std::to_string(a.port);
}

TEST(Address, reads_ports_hosts_and_paths) {
  EXPECT_EQ(read("5004"), "host '' port 5004");
  EXPECT_EQ(read(":5004"), "host '' port 5004");
  EXPECT_EQ(read("0"), "host '' port 0");
  EXPECT_EQ(read("*:5004"), "host '*' port 5004");
  EXPECT_EQ(read("studio:65535"), "host 'studio' port 65535");
  EXPECT_EQ(read("127.0.0.1:1"), "host '127.0.0.1' port 1");
  EXPECT_EQ(read("[::1]:5004"), "host '::1' port 5004");
  EXPECT_EQ(read("[fe80::1%eth0]:5004"), "host 'fe80::1%eth0' port 5004");
  EXPECT_EQ(read("unix:/run/mm.sock"), "path /run/mm.sock");
  EXPECT_EQ(read("unix:a:b"), "path a:b");
}

TEST(Address, says_what_is_wrong) {
  const std::string listen = "it is [HOST:]PORT or unix:PATH, with a port in 0..65535";
  EXPECT_EQ(read(""), "2: --listen '': " + listen);
  EXPECT_EQ(read("studio"), "2: --listen 'studio': " + listen);
  EXPECT_EQ(read("65536"), "2: --listen '65536': " + listen);
  EXPECT_EQ(read("-1"), "2: --listen '-1': " + listen);
  EXPECT_EQ(read("a:b"), "2: --listen 'a:b': " + listen);
  EXPECT_EQ(read("::1:5004"),
            "2: --listen '::1:5004': an IPv6 address stands in brackets: [::1]:5004");
  EXPECT_EQ(read("unix:"), "2: --listen 'unix:': no path");
  EXPECT_EQ(read("unix:" + std::string(108, 'x')),
            "2: --listen 'unix:" + std::string(108, 'x') + "': a path of more than 107 bytes");
  EXPECT_EQ(read("5004", false), "2: --connect '5004': no host: it is HOST:PORT or unix:PATH");
  EXPECT_EQ(read("a:0", false), "2: --connect 'a:0': there is no port 0 to connect to");
  EXPECT_EQ(read("*:1", false), "2: --connect '*:1': nobody can be reached at '*'");
}

TEST(Address, is_written_as_it_is_read) {
  for (const std::string text : {"5004", "*:5004", "studio:1", "[::1]:5004", "unix:/run/mm.sock"})
    EXPECT_EQ(to_string(parse_address(text, "", true).value()), text);
  EXPECT_EQ(to_string(ip::tcp::endpoint(ip::make_address("::ffff:10.0.0.1"), 7)), "10.0.0.1:7");
}

bool contains(std::string_view network, const std::string& address) {
  return Network::parse(network, "").value().contains(ip::make_address(address));
}

TEST(Network, contains_its_addresses) {
  EXPECT_TRUE(contains("192.168.1.0/24", "192.168.1.255"));
  EXPECT_FALSE(contains("192.168.1.0/24", "192.168.2.0"));
  EXPECT_TRUE(contains("192.168.1.7/24", "192.168.1.1")) << "the host's part does not count";
  EXPECT_TRUE(contains("10.0.0.0/9", "10.127.0.1"));
  EXPECT_FALSE(contains("10.0.0.0/9", "10.128.0.1"));
  EXPECT_TRUE(contains("0.0.0.0/0", "8.8.8.8"));
  EXPECT_FALSE(contains("0.0.0.0/0", "::1"));
  EXPECT_TRUE(contains("10.0.0.1", "10.0.0.1"));
  EXPECT_FALSE(contains("10.0.0.1", "10.0.0.2"));
  EXPECT_TRUE(contains("10.0.0.0/8", "::ffff:10.1.2.3")) << "IPv4 in IPv6 is IPv4";
  EXPECT_TRUE(contains("fd00::/8", "fdff::1"));
  EXPECT_FALSE(contains("fd00::/8", "fe00::1"));
  EXPECT_TRUE(contains("::1", "::1"));
}

TEST(Network, says_what_is_wrong) {
  for (const std::string text :
       {"", "x", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "10.0/8"}) {
    const auto network = Network::parse(text, "--allow");
    ASSERT_FALSE(network) << text;
    EXPECT_EQ(network.error().what,
              "--allow '" + text + "': it is an address or a network, such as 192.168.1.0/24");
    EXPECT_EQ(network.error().status, exit_usage);
  }
}

TEST(IsLoopback, is_what_no_other_machine_reaches) {
  for (const char* const text : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_loopback(ip::make_address(text))) << text;
  for (const char* const text : {"0.0.0.0", "::", "10.0.0.1", "fe80::1"})
    EXPECT_FALSE(is_loopback(ip::make_address(text))) << text;
}

} // namespace
} // namespace mm::tcp
