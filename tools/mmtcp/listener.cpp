#include "listener.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

namespace mm::tcp {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

std::string name_of(int socket, bool& is_public) {
  tcp::endpoint endpoint;
  socklen_t size = static_cast<socklen_t>(endpoint.capacity());
  ::getsockname(socket, endpoint.data(), &size);
  is_public = !is_loopback(endpoint.address());
  return to_string(endpoint);
}

Error failed(const std::string& what, int error) {
  return Error{"--listen " + what + ": " + std::strerror(error)};
}

Result<Listening> open_tcp(const addrinfo& info, std::uint16_t port) {
  tcp::endpoint endpoint;
  std::memcpy(endpoint.data(), info.ai_addr, info.ai_addrlen);
  endpoint.port(port);
  Listening listening;
  listening.socket =
      Descriptor(::socket(info.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  const int fd = listening.socket.get();
  if (fd < 0) return failed(to_string(endpoint), errno);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // IPv4 has a socket of its own, with its own address.
  if (info.ai_family == AF_INET6) ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (::bind(fd, endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0 ||
      ::listen(fd, SOMAXCONN) != 0)
    return failed(to_string(endpoint), errno);
  listening.name = name_of(fd, listening.is_public);
  return listening;
}

Result<std::vector<Listening>> listen_tcp(const Address& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  const bool all = address.host == "*";
  if (all) hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const char* const host = all || address.host.empty() ? nullptr : address.host.c_str();
  if (const int error = ::getaddrinfo(host, "0", &hints, &found); error != 0)
    return Error{"--listen " + to_string(address) + ": " + ::gai_strerror(error)};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  std::vector<Listening> sockets;
  std::uint16_t port = address.port;
  Error fault;
  for (const addrinfo* info = found; info != nullptr; info = info->ai_next) {
    auto opened = open_tcp(*info, port);
    if (!opened) {
      fault = opened.error();
      // A machine without IPv6 has its address all the same.
      if (fault.what.find(std::strerror(EADDRNOTAVAIL)) != std::string::npos ||
          fault.what.find(std::strerror(EAFNOSUPPORT)) != std::string::npos)
        continue;
      return fault;
    }
    if (port == 0) { // the others take the one that was free
      const std::string& name = opened.value().name;
      port = static_cast<std::uint16_t>(std::stoi(name.substr(name.rfind(':') + 1)));
    }
    sockets.push_back(std::move(opened.value()));
  }
  if (sockets.empty()) return fault;
  return sockets;
}

// Whether nobody listens at that socket any more. What is not known for sure is somebody's.
bool is_dead(const sockaddr_un& address) {
  const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
             0 &&
         errno == ECONNREFUSED;
}

Result<std::vector<Listening>> listen_unix(const Address& address) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strcpy(name.sun_path, address.path.c_str());
  // One that a killed server has left is in the way; one that is served is not ours to take.
  struct stat status {};
  if (::lstat(name.sun_path, &status) == 0 && S_ISSOCK(status.st_mode)) {
    if (!is_dead(name)) return failed(to_string(address), EADDRINUSE);
    ::unlink(name.sun_path);
  }
  Listening listening;
  listening.socket = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const mode_t mask = ::umask(S_IRWXG | S_IRWXO); // for this user alone
  const int bound =
      ::bind(listening.socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name);
  const int error = errno;
  ::umask(mask);
  if (bound != 0) return failed(to_string(address), error);
  listening.file = SocketFile(address.path);
  if (::listen(listening.socket.get(), SOMAXCONN) != 0) return failed(to_string(address), errno);
  listening.name = to_string(address);
  std::vector<Listening> sockets;
  sockets.push_back(std::move(listening));
  return sockets;
}

constexpr const char* listen_fds = "LISTEN_FDS";

std::vector<Listening> inherited() {
  constexpr int first = 3; // SD_LISTEN_FDS_START
  constexpr int most = 64;
  const char* const pid = std::getenv("LISTEN_PID");
  const char* const count = std::getenv(listen_fds);
  std::vector<Listening> sockets;
  if (pid == nullptr || count == nullptr || std::atoi(pid) != ::getpid()) return sockets;
  for (int fd = first; fd < first + std::min(std::atoi(count), most); ++fd) {
    int listens = 0;
    int family = 0;
    socklen_t size = sizeof listens;
    if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0) continue;
    ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size);
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    Listening listening;
    listening.socket = Descriptor(fd);
    listening.name = "unix";
    if (family != AF_UNIX) listening.name = name_of(fd, listening.is_public);
    sockets.push_back(std::move(listening));
  }
  return sockets;
}

} // namespace

bool may_inherit() { return std::getenv(listen_fds) != nullptr; }

Result<std::vector<Listening>> open_sockets(const std::vector<Address>& addresses) {
  std::vector<Listening> sockets = inherited();
  for (const Address& address : addresses) {
    auto opened = address.is_unix() ? listen_unix(address) : listen_tcp(address);
    if (!opened) return opened.error();
    for (Listening& socket : opened.value()) {
      socket.is_chosen = address.port == 0 && !address.is_unix();
      sockets.push_back(std::move(socket));
    }
  }
  return sockets;
}

void SocketFile::remove() {
  if (!path_.empty()) ::unlink(std::exchange(path_, {}).c_str());
}

Listener::Listener(asio::io_context& loop, Listening listening, Accepted accepted, Notice notice)
    : loop_(loop), socket_(loop, listening.socket.release()), name_(std::move(listening.name)),
      file_(std::move(listening.file)), accepted_(std::move(accepted)), notice_(std::move(notice)),
      again_(loop) {}

Listener::~Listener() { stop(); }

void Listener::stop() {
  boost::system::error_code ignored;
  socket_.close(ignored);
  again_.cancel();
  file_.remove();
}

void Listener::start() {
  socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [this](const boost::system::error_code& error) {
                       if (!error) accept();
                     });
}

// Takes some at a time, so that a flood of them leaves the loop its turn.
void Listener::accept() {
  constexpr int at_once = 64;
  for (int i = 0; i < at_once; ++i) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const int fd = ::accept4(socket_.native_handle(), reinterpret_cast<sockaddr*>(&from), &size,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      const int error = errno;
      if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM)
        return rest(error);
      break; // nobody is left; or somebody came and went
    }
    if (is_resting_) notice_(name_ + ": takes connections again");
    is_resting_ = false;
    Socket socket(loop_);
    boost::system::error_code error;
    socket.assign({from.ss_family, from.ss_family == AF_UNIX ? 0 : IPPROTO_TCP}, fd, error);
    if (error) {
      ::close(fd);
      continue;
    }
    socket.non_blocking(true, error);
    if (from.ss_family == AF_UNIX) {
      accepted_(std::move(socket), nullptr);
    } else {
      tcp::endpoint endpoint;
      std::memcpy(endpoint.data(), &from, std::min<std::size_t>(size, endpoint.capacity()));
      accepted_(std::move(socket), &endpoint);
    }
    if (!socket_.is_open()) return;
  }
  start();
}

// Out of descriptors: those who come wait in the kernel until somebody has gone.
void Listener::rest(int error) {
  if (!is_resting_) notice_(name_ + ": " + std::strerror(error) + "; takes nobody for now");
  is_resting_ = true;
  again_.expires_after(std::chrono::milliseconds(200));
  again_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled && socket_.is_open()) accept();
  });
}

} // namespace mm::tcp
