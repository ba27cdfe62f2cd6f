#include "peer.hpp"

#include "io/clock.hpp"

#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace mm::tcp {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

Peer::Peer(Socket socket, std::string tag, const Wire& wire, std::unique_ptr<TlsSession> tls,
           Handler& handler)
    : socket_(std::move(socket)), tag_(std::move(tag)), wire_(wire), tls_(std::move(tls)),
      handler_(handler), reader_(-1, tag_, wire.format), queue_(wire.format, wire.running_status),
      started_(now()), heard_(started_), spoken_(started_) {}

void Peer::start() {
  read();
  if (!tls_) {
    is_open_ = true;
    handler_.on_open(*this);
  }
  flush();
}

// --- what comes ---

void Peer::pause(bool paused) {
  is_paused_ = paused;
  if (paused) return;
  heard_ = now(); // that it was silent is not its fault
  read();
}

void Peer::read() {
  if (is_gone_ || is_reading_ || (is_paused_ && is_open_)) return;
  is_reading_ = true;
  socket_.async_read_some(asio::buffer(received_),
                          [self = shared_from_this()](const ErrorCode& error, std::size_t size) {
                            self->is_reading_ = false;
                            if (self->is_gone_) return;
                            if (error == asio::error::eof) return self->finish_reading();
                            if (error) return self->cut(error.message());
                            self->take(size);
                            self->read();
                          });
}

void Peer::take(std::size_t size) {
  heard_ = now();
  const std::string_view bytes(received_.data(), size);
  if (!tls_) {
    // What begins like this is no MIDI, and nothing that comes of it would be.
    constexpr std::string_view tls_hello = "\x16\x03";
    if (!std::exchange(has_begun_, true) && bytes.starts_with(tls_hello))
      return cut("it speaks TLS, and we do not (--secret, or --tls-cert and --tls-key)");
    take_plain(bytes);
    return handler_.on_turn();
  }
  plain_.clear();
  const auto taken = tls_->receive(bytes, plain_);
  flush(); // an alert, if nothing else
  if (is_gone_) return;
  if (!taken) return cut(taken.error().what);
  // Each of its questions (KeyUpdate, say) makes an answer that waits here.
  constexpr std::size_t most_answers = 256 * 1024;
  if (tls_->pending() > most_answers) return cut("it asks more than it listens (TLS)");
  if (!is_open_ && tls_->is_open()) {
    is_open_ = true;
    handler_.on_open(*this);
    flush();
  }
  const std::string_view plain = plain_;
  for (std::size_t at = 0; at < plain.size() && !is_gone_; at += EventReader::most_fed)
    take_plain(plain.substr(at, EventReader::most_fed));
  handler_.on_turn();
  if (tls_->is_at_end()) finish_reading();
}

void Peer::take_plain(std::string_view bytes) {
  reader_.feed(bytes);
  Event event;
  while (!is_gone_) {
    switch (reader_.next(event)) {
    case EventReader::Next::event: handler_.on_event(*this, event); break;
    case EventReader::Next::fault: handler_.on_fault(*this, reader_.fault()); break;
    default: return;
    }
  }
}

// It says that nothing follows.
void Peer::finish_reading() {
  reader_.end();
  take_plain({});
  handler_.on_turn();
  const bool cut_short = tls_ && !tls_->is_at_end();
  if (tls_ && !cut_short) {
    flush();
    tls_->close(); // as it has done
    flush();
  }
  cut(!is_open_   ? "it has hung up before the handshake was done"
      : cut_short ? "it has hung up in the middle"
                  : "");
}

// --- what goes ---

void Peer::send(const Event& event) {
  meant_.follow(event);
  if (is_slow_ && is_full()) {
    ++lost_;
    ++unsaid_;
    return;
  }
  sent_.follow(event);
  put(event);
}

void Peer::put(const Event& event) {
  queue_.put(event);
  if (full_since_ == 0 && is_full()) full_since_ = now();
}

void Peer::release() {
  meant_ = {};
  if (is_slow_ && is_full()) return; // when its queue has come down
  sent_.release([&](const Event& event) { put(event); });
}

void Peer::flush() {
  if (!is_writing_ && !is_gone_) write();
}

void Peer::write() {
  while (!is_gone_) {
    if (tls_ && !fill_output()) return;
    const std::string_view bytes = tls_ ? std::string_view(out_).substr(out_at_) : queue_.waiting();
    if (bytes.empty()) {
      come_down();
      if (waiting() == 0) break;
      continue; // with what that has added
    }
    const ssize_t got =
        ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      come_down();
      return wait_writable();
    }
    if (got < 0 && (errno == EPIPE || errno == ECONNRESET)) { // why, reading tells
      left_ = unsent();
      queue_.drop(queue_.size());
      out_.clear();
      out_at_ = 0;
      is_paused_ = false;
      return read();
    }
    if (got < 0) return cut(std::strerror(errno));
    const auto size = static_cast<std::size_t>(got);
    if (tls_)
      out_at_ += size;
    else
      queue_.drop(size);
    spoken_ = now();
  }
  if (!is_ending_ || is_shut_ || is_gone_ || !is_open_) return;
  is_shut_ = true;
  if (tls_) {
    tls_->close();
    write(); // what that has to say
  }
  ::shutdown(socket_.native_handle(), SHUT_WR);
}

// TLS: takes of the queue as much as goes out at once. False: that failed.
bool Peer::fill_output() {
  constexpr std::size_t at_once = 64 * 1024;
  if (out_at_ < out_.size()) return true;
  out_at_ = 0;
  const std::string_view plain = queue_.waiting().substr(0, at_once);
  if (tls_->is_open() && !plain.empty()) {
    if (const auto sent = tls_->send(plain); !sent) {
      out_.clear();
      cut(sent.error().what);
      return false;
    }
    queue_.drop(plain.size());
  }
  out_ = tls_->take_output();
  return true;
}

void Peer::wait_writable() {
  is_writing_ = true;
  socket_.async_wait(Socket::wait_write, [self = shared_from_this()](const ErrorCode& error) {
    self->is_writing_ = false;
    if (!error && !self->is_gone_) self->write();
  });
}

// There is room again? Then what was lost is said, and made up for.
void Peer::come_down() {
  if (full_since_ == 0 || waiting() > wire_.queue / 2) return;
  full_since_ = 0;
  is_slow_ = false;
  if (unsaid_ > 0) {
    if (wire_.format.format == Format::text) {
      const std::string text = ":overrun " + std::to_string(unsaid_);
      Event event = make_meta(text);
      event.time = now();
      event.time_form = TimeForm::absolute;
      put(event);
    }
    unsaid_ = 0;
  }
  sent_.for_each_beyond(meant_, [&](const Event& event) {
    put(event);
    sent_.follow(event);
  });
  handler_.on_room();
}

// --- the end ---

void Peer::end() {
  if (is_gone_ || is_ending_) return;
  is_ending_ = true;
  has_moved_ = now();
  is_paused_ = false;
  read();
  flush();
}

std::size_t Peer::unsent() const {
  if (is_gone_) return left_;
  int in_kernel = 0;
  ::ioctl(const_cast<Socket&>(socket_).native_handle(), SIOCOUTQ, &in_kernel);
  return waiting() + static_cast<std::size_t>(in_kernel);
}

Nanoseconds Peer::standstill() {
  const std::size_t left = unsent();
  const Nanoseconds current = now();
  if (std::exchange(was_unsent_, left) != left) has_moved_ = current;
  return current - has_moved_;
}

Nanoseconds Peer::unanswered() {
  constexpr Nanoseconds pause = second / 2;
  const Nanoseconds current = now();
  if (current - asked_ > pause) {
    asked_ = current;
    tcp_info info{};
    socklen_t size = sizeof info;
    const bool is_tcp =
        ::getsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0;
    if (!is_tcp || (info.tcpi_retransmits == 0 && info.tcpi_probes == 0))
      unanswered_since_ = 0;
    else if (unanswered_since_ == 0)
      unanswered_since_ = current;
  }
  return unanswered_since_ == 0 ? 0 : current - unanswered_since_;
}

void Peer::cut(const std::string& why) {
  if (is_gone_) return;
  left_ += unsent();
  is_gone_ = true;
  ErrorCode ignored;
  socket_.close(ignored);
  handler_.on_gone(*this, why);
}

} // namespace mm::tcp
