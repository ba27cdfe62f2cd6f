// Events that were printed and wait to be written.
#pragma once

#include "io/buffer.hpp"
#include "io/format.hpp"
#include "text/line.hpp"
#include "wire/encoder.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

namespace mm {

class PrintQueue {
 public:
  // With `running_status` (Format::raw) a status byte that is that of the message before is left
  // out.
  explicit PrintQueue(const FormatOptions& format, bool running_status = false)
      : printer_(make_printer(format)) {
    if (running_status) running_status_ = '\0';
  }

  // As many bytes as put() may add for this event, or more.
  [[nodiscard]] std::size_t bound(const Event& event) const { return printer_->bound(event); }

  void put(const Event& event) {
    char* const at = make_room(bound(event));
    char* const end =
        running_status_ ? encode(at, event, *running_status_) : printer_->print(at, event);
    filled_ += static_cast<std::size_t>(end - at);
  }

  // A line that is printed already, without its LF. LineParser::margin characters from its begin on
  // are looked at, as those of EventReader::line() can be.
  void put_line(std::string_view line) {
    constexpr std::size_t usual = LineParser::margin;
    char* const at = make_room(std::max(line.size() + 1, usual));
    if (line.size() <= usual) // which lengths come nobody can foresee: so all of them are one
      std::memcpy(at, line.data(), usual);
    else
      std::memcpy(at, line.data(), line.size());
    at[line.size()] = '\n';
    filled_ += line.size() + 1;
  }

  // The same event elsewhere: printed from `to` on; returns the end.
  char* print(char* to, const Event& event) const { return printer_->print(to, event); }

  // What waits, the oldest first; until put() or drop().
  [[nodiscard]] std::string_view waiting() const { return {buffer_.data() + begin_, size()}; }
  [[nodiscard]] std::size_t size() const { return filled_ - begin_; }

  // So many bytes were written. What a large sysex took is given back when all were.
  void drop(std::size_t bytes) {
    constexpr std::size_t worth_keeping = 1UL << 20;
    begin_ += bytes;
    if (begin_ < filled_) return;
    begin_ = filled_ = 0;
    if (buffer_.size() > worth_keeping) buffer_.resize(worth_keeping);
  }

 private:
  char* make_room(std::size_t bytes) {
    if (buffer_.size() - filled_ < bytes) grow(bytes);
    return buffer_.data() + filled_;
  }

  [[gnu::noinline]] void grow(std::size_t bytes) {
    if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, size());
      filled_ = size();
      begin_ = 0;
    }
    if (buffer_.size() - filled_ < bytes)
      buffer_.resize(std::max(buffer_.size() * 2, filled_ + bytes));
  }

  std::unique_ptr<Printer> printer_;
  std::optional<char> running_status_;
  Buffer buffer_;
  std::size_t begin_ = 0;
  std::size_t filled_ = 0;
};

} // namespace mm
