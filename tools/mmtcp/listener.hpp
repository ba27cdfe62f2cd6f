// Sockets that peers connect to.
#pragma once

#include "address.hpp"
#include "io/descriptor.hpp"
#include "peer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace mm::tcp {

// The file of a Unix socket that we have made: it goes with this.
class SocketFile {
 public:
  SocketFile() = default;
  explicit SocketFile(std::string path) : path_(std::move(path)) {}
  SocketFile(SocketFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  SocketFile& operator=(SocketFile&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
  }
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;
  ~SocketFile() { remove(); }

  void remove();

 private:
  std::string path_;
};

// A socket that listens, and what it is called.
struct Listening {
  Descriptor socket;
  std::string name;       // "127.0.0.1:5004", "unix:/run/mm.sock"
  bool is_public = false; // it can be reached from other machines
  bool is_chosen = false; // its port is one that was free
  SocketFile file;        // of a Unix socket
};

// Whether systemd may have opened sockets for us (sd_listen_fds(3): LISTEN_PID, LISTEN_FDS).
bool may_inherit();

// Takes those sockets, and opens those of the addresses: without a host, those of this machine
// alone, IPv4 and IPv6, with one port.
Result<std::vector<Listening>> open_sockets(const std::vector<Address>& addresses);

// Takes who comes to one such socket.
class Listener {
 public:
  // A connection from there; of a Unix socket the endpoint is empty.
  using Accepted = std::function<void(Socket socket, const boost::asio::ip::tcp::endpoint* from)>;
  using Notice = std::function<void(const std::string&)>;

  Listener(boost::asio::io_context& loop, Listening listening, Accepted accepted, Notice notice);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void start();
  void stop();

 private:
  void accept();
  void rest(int error);

  boost::asio::io_context& loop_;
  boost::asio::posix::stream_descriptor socket_;
  std::string name_;
  SocketFile file_;
  Accepted accepted_;
  Notice notice_;
  boost::asio::steady_timer again_;
  bool is_resting_ = false;
};

} // namespace mm::tcp
