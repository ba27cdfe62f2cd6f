// Events from a descriptor, in any format.
#pragma once

#include "event/result.hpp"
#include "io/buffer.hpp"
#include "io/format.hpp"
#include "wire/decoder.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace mm {

// Reads a chunk when fill() is called and gives the events in it one by one. It never waits for
// more than the one read(), and keeps no more than the line in hand: a line that is too long to
// be an event is reported and passed over while it comes in.
class EventReader {
 public:
  enum class Next : std::uint8_t {
    event,
    fault, // a line that does not parse; fault() describes it, and the next one can be asked for
    empty, // all that was read has been given out: fill() first
    end,
  };

  // Reads from `fd`, which stays the caller's. `name` is what messages call it.
  EventReader(int fd, std::string name, const FormatOptions& options);

  // Reads `text`, and nothing more.
  EventReader(std::string_view text, std::string name, const FormatOptions& options);

  // The next event of what was read. It holds until next() or fill() is called again.
  Next next(Event& event) {
    if (!parser_) return next_message(event);
    if (skipping_) return next_line(event);
    const std::string_view text(buffer_.data() + begin_, end_ - begin_);
    const std::size_t size = parser_->parse_ahead(text, event);
    if (size == 0) return next_line(event);
    line_ = {text.data(), size};
    begin_ += size + 1;
    ++line_number_;
    return Next::event;
  }

  // After Next::event: the line that it was read from, without its LF, and without a byte order
  // mark; it holds as long as the event, and LineParser::margin characters from its begin on can be
  // looked at. Empty where bytes are read, which have no lines.
  [[nodiscard]] std::string_view line() const { return line_; }

  // Reads once, which waits if nothing is there. An error is that of read().
  Outcome fill();

  // The same for bytes that somebody else has read, up to most_fed at a time; and their end.
  static constexpr std::size_t most_fed = 64UL * 1024;
  void feed(std::string_view bytes);
  void end() { at_end_ = true; }

  // Keeps all that is read from now on, so that rewind() can give it out once more.
  void keep() { keep_ = true; }
  void rewind();

  // After Next::fault: "stdin:3:14: what", the line, and a caret under the fault.
  [[nodiscard]] const std::string& fault() const { return fault_; }

  [[nodiscard]] int descriptor() const { return fd_; }
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  Next next_line(Event& event);
  Next next_message(Event& event);
  Next report(std::string_view line, const Fault& fault);
  Next report_too_long(std::string_view line);
  void make_room();
  void add(std::size_t bytes);

  int fd_ = -1;
  std::string name_;
  Format format_;
  std::unique_ptr<LineParser> parser_; // none: raw
  std::size_t max_sysex_;
  Decoder decoder_;
  std::size_t longest_line_;
  Buffer buffer_;           // with LineParser::margin behind what was read
  std::size_t begin_ = 0;   // what comes next
  std::size_t scanned_ = 0; // no LF between begin_ and here, where this is the later one
  std::size_t end_ = 0;     // of what was read
  std::string_view chunk_;  // raw: what the decoder has not taken yet
  std::string_view line_;   // that the last event was read from
  std::uint64_t line_number_ = 0;
  std::uint64_t bytes_read_ = 0;
  bool keep_ = false;
  bool at_end_ = false;
  bool skipping_ = false; // the rest of a line that is too long
  bool hinted_ = false;   // that the lines may be of another format
  std::string fault_;
};

} // namespace mm
