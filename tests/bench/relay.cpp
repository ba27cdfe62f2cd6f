// Three bytes from one TCP connection to another, through several relays that take turns.
//
// bench_relay serve: the barest relay: epoll, and what comes from one peer goes to all others.
// Prints its port. bench_relay trip ROUNDS TRIPS PORT...: prints for each round and relay: its
// port, the median and the 99th percentile of the way through it, in nanoseconds.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <vector>

namespace mm::bench {
namespace {

int fail(const char* what) {
  std::perror(what);
  return 1;
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void send_at_once(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int serve() {
  sockaddr_in address = loopback(0);
  auto* const name = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  const int server = ::socket(AF_INET, SOCK_STREAM, 0);
  if (::bind(server, name, size) != 0 || ::listen(server, 8) != 0) return fail("listen");
  ::getsockname(server, name, &size);
  std::printf("%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  const int poll = ::epoll_create1(0);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = server;
  ::epoll_ctl(poll, EPOLL_CTL_ADD, server, &event);
  std::vector<int> peers;
  std::array<char, 65536> buffer{};
  while (::epoll_wait(poll, &event, 1, -1) == 1) {
    const int fd = event.data.fd;
    if (fd == server) {
      peers.push_back(::accept(server, nullptr, nullptr));
      send_at_once(peers.back());
      event.events = EPOLLIN;
      event.data.fd = peers.back();
      ::epoll_ctl(poll, EPOLL_CTL_ADD, peers.back(), &event);
      continue;
    }
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got <= 0) return 0;
    for (const int peer : peers)
      if (peer != fd && ::write(peer, buffer.data(), static_cast<std::size_t>(got)) != got)
        return fail("write");
  }
  return fail("epoll_wait");
}

struct Relay {
  const char* port = nullptr;
  int from = -1;
  int to = -1;
};

int connect_to(const char* port) {
  const sockaddr_in address = loopback(std::atoi(port));
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return -1;
  send_at_once(fd);
  return fd;
}

long now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

bool measure(const Relay& relay, std::size_t count, bool print) {
  constexpr std::string_view message = "\x90\x3c\x64";
  std::vector<long> times(count);
  std::array<char, 64> buffer{};
  for (long& time : times) {
    const long before = now();
    if (::write(relay.from, message.data(), message.size()) < 0) return false;
    for (std::size_t came = 0; came < message.size();) {
      const ssize_t got = ::read(relay.to, buffer.data(), buffer.size());
      if (got <= 0) return false;
      came += static_cast<std::size_t>(got);
    }
    time = now() - before;
  }
  std::sort(times.begin(), times.end());
  if (print) std::printf("%s %ld %ld\n", relay.port, times[count / 2], times[count * 99 / 100]);
  return true;
}

int trip(std::size_t rounds, std::size_t trips, const std::vector<const char*>& ports) {
  std::vector<Relay> relays;
  for (const char* const port : ports) {
    relays.push_back({port, connect_to(port), connect_to(port)});
    if (relays.back().to < 0 || !measure(relays.back(), trips, false)) return fail(port);
  }
  for (std::size_t round = 0; round < rounds; ++round)
    for (const Relay& relay : relays)
      if (!measure(relay, trips, true)) return fail(relay.port);
  return 0;
}

} // namespace
} // namespace mm::bench

int main(int argc, char** argv) {
  using namespace mm::bench;
  const std::vector<const char*> words(argv + 1, argv + argc);
  if (words.size() == 1 && std::string_view(words[0]) == "serve") return serve();
  if (words.size() > 3 && std::string_view(words[0]) == "trip")
    return trip(std::strtoul(words[1], nullptr, 10), std::strtoul(words[2], nullptr, 10),
                {words.begin() + 3, words.end()});
  std::fputs("usage: bench_relay serve | trip ROUNDS TRIPS PORT...\n", stderr);
  return 2;
}
