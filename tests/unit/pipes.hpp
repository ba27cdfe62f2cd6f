// Descriptors for the tests of what reads, writes and waits: pipes, sockets, files, and what is
// in them.
#pragma once

#include "io/descriptor.hpp"

#include <boost/asio/io_context.hpp>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mm::test {

// A pipe, or a pair of sockets: what is written to `in` comes out of `out`.
struct Pipe {
  Descriptor out;
  Descriptor in;
};

inline void must(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

inline Pipe make_pipe() {
  std::array<int, 2> fds{};
  must(::pipe2(fds.data(), O_CLOEXEC) == 0, "pipe2");
  return {Descriptor(fds[0]), Descriptor(fds[1])};
}

// A pipe that holds one page.
inline Pipe make_small_pipe() {
  Pipe pipe = make_pipe();
  must(::fcntl(pipe.in.get(), F_SETPIPE_SZ, 4096) == 4096, "F_SETPIPE_SZ");
  return pipe;
}

inline Pipe make_sockets() {
  std::array<int, 2> fds{};
  must(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) == 0, "socketpair");
  return {Descriptor(fds[0]), Descriptor(fds[1])};
}

inline Descriptor make_file(std::string_view text = {}) {
  Descriptor file(::memfd_create("file", MFD_CLOEXEC));
  must(static_cast<bool>(file), "memfd_create");
  must(::pwrite(file.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()),
       "pwrite");
  return file;
}

// All that is in a file, wherever its position is.
inline std::string content(const Descriptor& file) {
  std::string text(1UL << 20, '\0');
  const ssize_t got = ::pread(file.get(), text.data(), text.size(), 0);
  must(got >= 0, "pread");
  text.resize(static_cast<std::size_t>(got));
  return text;
}

inline void write_all(const Descriptor& to, std::string_view text) {
  while (!text.empty()) {
    const ssize_t got = ::write(to.get(), text.data(), text.size());
    must(got > 0, "write");
    text.remove_prefix(static_cast<std::size_t>(got));
  }
}

// Fills a pipe until it takes no more, without changing its flags.
inline void fill_up(const Descriptor& pipe) {
  const std::string path = "/proc/self/fd/" + std::to_string(pipe.get());
  const Descriptor again(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
  must(static_cast<bool>(again), "open");
  const std::string page(4096, 'x');
  while (::write(again.get(), page.data(), page.size()) > 0) continue;
}

// What is there now, up to `most` bytes; waits only if nothing is. Empty: the end.
inline std::string read_some(const Descriptor& from, std::size_t most = 1UL << 16) {
  std::string text(most, '\0');
  const ssize_t got = ::read(from.get(), text.data(), text.size());
  must(got >= 0, "read");
  text.resize(static_cast<std::size_t>(got));
  return text;
}

// All up to the end.
inline std::string read_all(const Descriptor& from) {
  std::string text;
  for (std::string piece = read_some(from); !piece.empty(); piece = read_some(from)) text += piece;
  return text;
}

inline int flags(const Descriptor& fd) { return ::fcntl(fd.get(), F_GETFL); }

// Runs the loop until `done`; false if nothing happens in it for half a minute.
template <class Done> bool run_until(boost::asio::io_context& loop, Done&& done) {
  while (!done()) {
    loop.restart();
    if (loop.run_one_for(std::chrono::seconds(30)) == 0) return false;
  }
  return true;
}

// Runs what is ready.
inline void poll(boost::asio::io_context& loop) {
  loop.restart();
  loop.poll();
}

} // namespace mm::test
