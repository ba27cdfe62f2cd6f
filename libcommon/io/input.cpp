#include "io/input.hpp"

#include <utility>

namespace mm {

EventInput::EventInput(boost::asio::io_context& loop, int fd, const std::string& name,
                       const InputOptions& options, Notice notice)
    : EventInput(fd, name, options, std::move(notice)) {
  watch_.emplace(loop, fd);
}

EventInput::EventInput(int fd, const std::string& name, const InputOptions& options, Notice notice)
    : reader_(fd, name, options.format), options_(options), notice_(std::move(notice)) {}

EventInput::EventInput(std::string_view text, const std::string& name, const InputOptions& options,
                       Notice notice)
    : reader_(text, name, options.format), options_(options), notice_(std::move(notice)) {}

EventInput::Next EventInput::next_carefully(EventReader::Next found, Event& event) {
  const bool keeps_raw = options_.keep_raw || options_.format.format != Format::raw;
  while (true) {
    switch (found) {
    case EventReader::Next::event:
      if (event.kind != Kind::raw || keeps_raw) return Next::event;
      dropped_bytes_ += event.data.size();
      break;
    case EventReader::Next::fault:
      notice_(reader_.fault());
      was_cut_ = options_.strict;
      if (was_cut_) return Next::end;
      break;
    case EventReader::Next::empty: return Next::wait;
    case EventReader::Next::end: return Next::end;
    }
    found = reader_.next(event);
  }
}

void EventInput::wait(std::function<void()> again) {
  again_ = std::move(again);
  watch_->wait(Watch::For::read, [this] {
    fill();
    again_();
  });
}

void EventInput::fill() {
  if (const auto filled = reader_.fill(); !filled) {
    notice_(filled.error().what);
    reader_.end();
  }
}

void EventInput::cancel() {
  if (watch_) watch_->cancel();
}

} // namespace mm
