#include "progress.hpp"

#include "io/clock.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace mm::send {

Progress::Progress(boost::asio::io_context& loop, bool enabled)
    : enabled_(enabled), timer_(loop), start_(now()) {
  if (!enabled_) return;
  is_terminal_ = ::isatty(STDERR_FILENO) == 1;
  struct stat status {};
  if (::fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode))
    size_ = static_cast<std::uint64_t>(status.st_size);
  wait();
}

void Progress::sent(const Event& event) {
  ++events_;
  if (event.kind == Kind::sysex) bytes_ += event.data.size();
}

void Progress::wait() {
  timer_.expires_after(is_terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(2));
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    print(false);
    wait();
  });
}

void Progress::print(bool last) {
  std::string line = "mmsend: " + std::to_string((now() - start_) / second) + " s, " +
                     std::to_string(events_) + " events";
  if (bytes_ > 0) line += ", " + std::to_string(bytes_) + " bytes of sysex";
  if (size_ > 0 && !last) line += ", " + std::to_string(read_ * 100 / size_) + " % read";
  if (is_terminal_) line = "\r\033[K" + line;
  if (!is_terminal_ || last) line += '\n';
  is_shown_ = is_terminal_ && !last;
  std::fputs(line.c_str(), stderr);
}

void Progress::clear() {
  if (!is_shown_) return;
  std::fputs("\r\033[K", stderr);
  is_shown_ = false;
}

void Progress::finish() {
  timer_.cancel();
  if (enabled_) print(true);
}

} // namespace mm::send
