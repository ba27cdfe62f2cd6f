#include "port/sender.hpp"

#include "event/expand.hpp"
#include "io/clock.hpp"

#include <algorithm>

namespace mm {

namespace {

bool is_bytes(const Event& event) { return info(event.kind).payload == Payload::bytes; }

// What leaves something sounding: its opposite is left out when it is not known what of it was
// sent.
bool sounds(const Event& message) {
  return message.kind == Kind::note_on || message.kind == Kind::control_change ? message.arg[2] > 0
                                                                               : false;
}

} // namespace

Result<bool> Sender::send(const Event& event, Nanoseconds when) {
  if (!active_) begin(event);
  while (has_message_ || next_message()) {
    const auto sent = send_message(when);
    if (!sent) has_message_ = active_ = false;
    if (!sent || !sent.value()) return sent;
    has_message_ = false;
  }
  active_ = false;
  return true;
}

bool Sender::can_schedule(const Backend& backend, const Event& event) {
  // A sysex waits for its time here: it may be long, and have a pace to keep.
  return backend.schedules() && !is_bytes(event);
}

std::size_t Sender::count_ahead() {
  settle(now());
  return ahead_.size();
}

void Sender::begin(const Event& event) {
  active_ = true;
  count_ = next_ = sent_ = 0;
  decoding_ = event.kind == Kind::raw;
  if (decoding_) {
    bytes_ = event.data;
    return;
  }
  // A message that raw bytes began and this event cuts off goes out as it is.
  if (!is_realtime(event.kind) && raw_.finish(message_)) has_message_ = true;
  for_each_message(event, [&](const Event& message) { messages_[count_++] = message; });
}

bool Sender::next_message() {
  sent_ = 0;
  if (decoding_) {
    has_message_ = raw_.next(bytes_, message_) || raw_.finish_junk(message_);
  } else {
    has_message_ = next_ < count_;
    if (has_message_) message_ = messages_[next_++];
  }
  return has_message_;
}

Result<bool> Sender::send_message(Nanoseconds when) {
  if (not_before_ > 0 && now() < not_before_) return false;
  if (!is_bytes(message_)) {
    const auto sent = backend_.send(port_, message_, when);
    if (sent && sent.value()) follow(message_, when);
    return sent;
  }
  const std::string_view whole = message_.data;
  std::size_t piece = backend_.sysex_piece(port_);
  if (piece == 0) piece = whole.size();
  while (sent_ < whole.size()) {
    if (not_before_ > 0 && now() < not_before_) return false;
    Event part = message_;
    part.data = whole.substr(sent_, piece);
    const auto sent = backend_.send(port_, part, 0);
    if (!sent || !sent.value()) return sent;
    sent_ += part.data.size();
    pause(part.data.size(), sent_ == whole.size());
  }
  return true;
}

// The pace of sysex: counted from the time at which the piece was due, so that it does not drift.
void Sender::pause(std::size_t bytes, bool is_last) {
  constexpr Nanoseconds late = second / 100; // what can be made up for
  if (message_.kind != Kind::sysex || (pace_.rate <= 0 && pace_.gap == 0)) return;
  not_before_ = std::max(not_before_, now() - late);
  if (pace_.rate > 0)
    not_before_ = later(not_before_, span_of(static_cast<double>(bytes) * 1e9 / pace_.rate));
  if (is_last) not_before_ = later(not_before_, pace_.gap);
}

void Sender::follow(const Event& message, Nanoseconds when) {
  const Nanoseconds current = now();
  settle(current);
  if (when > current)
    ahead_.push_back({when, message});
  else
    sounding_.follow(message);
}

void Sender::settle(Nanoseconds until) {
  while (!ahead_.empty() && ahead_.front().when <= until) {
    sounding_.follow(ahead_.front().message);
    ahead_.pop_front();
  }
}

void Sender::cancel() {
  constexpr Nanoseconds doubt = second / 20; // what was due just now may not have gone out
  settle(now() - doubt);
  for (const Scheduled& scheduled : ahead_)
    if (sounds(scheduled.message)) sounding_.follow(scheduled.message);
  ahead_.clear();
  active_ = has_message_ = false;
  not_before_ = 0;
}

bool Sender::any_sounding() {
  settle(now());
  return sounding_.any() || !releases_.empty() || !ahead_.empty();
}

Result<bool> Sender::finish() {
  if (!has_message_) has_message_ = raw_.finish(message_);
  if (!has_message_) return true;
  const auto sent = send_message(0);
  has_message_ = sent && !sent.value();
  return sent;
}

Result<bool> Sender::release() {
  settle(now());
  if (releases_.empty())
    sounding_.release([&](const Event& message) { releases_.push_back(message); });
  while (!releases_.empty()) {
    const auto sent = backend_.send(port_, releases_.front(), 0);
    if (sent && !sent.value()) return sent;
    releases_.pop_front();
    if (!sent) return sent;
  }
  return true;
}

} // namespace mm
