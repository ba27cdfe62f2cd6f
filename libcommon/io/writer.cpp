#include "io/writer.hpp"

#include <cerrno>
#include <string>

namespace mm {

namespace {

constexpr std::size_t queue_limit = 4UL << 20; // bytes of printed events that may wait
constexpr std::size_t write_at = 64UL << 10;   // enough for one write

} // namespace

EventWriter::EventWriter(boost::asio::io_context& loop, int fd, const FormatOptions& options,
                         WhenFull mode, Clock clock)
    : output_(fd, options, mode == WhenFull::wait), queue_(output_.queue()), mode_(mode),
      clock_(clock), watch_(loop, fd), closed_(loop, fd), limited_(mode == WhenFull::lose) {}

void EventWriter::on_failure(std::function<void(int)> failed) {
  failed_ = std::move(failed);
  closed_.wait(Watch::For::error, [this] { fail(0); });
}

bool EventWriter::put(const Event& event) {
  if (broken_) return false;
  if (limited_ && queue_.size() > 0 && queue_.size() + queue_.bound(event) > queue_limit) {
    ++lost_;
    ++unsaid_;
    return false;
  }
  if (unsaid_ > 0) say_lost();
  queue_.put(event);
  if (queue_.size() >= write_at && !writing_) write_some();
  if (mode_ == WhenFull::hold && queue_.size() > queue_limit / 4) is_full_ = true;
  return true;
}

void EventWriter::say_lost() {
  const std::string text = ":overrun " + std::to_string(unsaid_);
  Event event = make_meta(text);
  event.time = clock_.stamp(now());
  event.time_form = TimeForm::absolute;
  unsaid_ = 0;
  queue_.put(event);
  if (on_loss_) on_loss_();
}

void EventWriter::flush() {
  if (!writing_ && !broken_) write_some();
}

void EventWriter::write_some() {
  if (broken_) return;
  switch (output_.write()) {
  case Output::Wrote::all: break;
  case Output::Wrote::part: wait_writable(); break;
  case Output::Wrote::failed: fail(output_.error() == EPIPE ? 0 : output_.error()); break;
  }
}

void EventWriter::wait_writable() {
  writing_ = true;
  watch_.wait(Watch::For::write, [this] {
    writing_ = false;
    write_some();
    if (!writing_ && unsaid_ > 0 && !broken_) {
      say_lost();
      write_some();
    }
    if (is_full_ && queue_.size() < queue_limit / 8) {
      is_full_ = false;
      if (on_room_) on_room_();
    }
  });
}

void EventWriter::fail(int error) {
  if (broken_) return;
  broken_ = true;
  reader_gone_ = error == 0;
  output_.set_error(error == 0 ? EPIPE : error);
  if (failed_) failed_(error);
}

Outcome EventWriter::finish(std::optional<Nanoseconds> patience) {
  watch_.close();
  closed_.close();
  if (unsaid_ > 0 && !broken_) say_lost();
  auto finished = output_.finish(patience);
  broken_ = output_.error() != 0;
  reader_gone_ = output_.error() == EPIPE;
  return finished;
}

} // namespace mm
