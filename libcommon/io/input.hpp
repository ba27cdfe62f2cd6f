// The input of a tool: events one by one, and what is to be said of lines that are none.
#pragma once

#include "io/reader.hpp"
#include "io/watch.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mm {

struct InputOptions {
  FormatOptions format;
  bool keep_raw = false; // Format::raw: bytes that are no MIDI are events too, and not dropped
  bool strict = false;   // the first line that does not parse is the end
};

class EventInput {
 public:
  using Notice = std::function<void(const std::string& text)>;

  // Reads from `fd`, which stays the caller's; or reads `text`. `name` is what messages call it,
  // and `notice` gets them: for each line that does not parse, and if reading fails.
  EventInput(boost::asio::io_context& loop, int fd, const std::string& name,
             const InputOptions& options, Notice notice);
  // The same without a loop: whoever has waited for the descriptor calls fill().
  EventInput(int fd, const std::string& name, const InputOptions& options, Notice notice);
  EventInput(std::string_view text, const std::string& name, const InputOptions& options,
             Notice notice);

  enum class Next : std::uint8_t {
    event,
    wait, // nothing is there just now: wait() or fill() first
    end,
  };

  // The next event; it holds until the next call.
  Next next(Event& event) {
    const EventReader::Next found = was_cut_ ? EventReader::Next::end : reader_.next(event);
    if (found == EventReader::Next::event && event.kind != Kind::raw) return Next::event;
    return next_carefully(found, event);
  }

  // After Next::event: the line that it was read from, without its LF; it holds as long as the
  // event. Empty where bytes are read.
  [[nodiscard]] std::string_view line() const { return reader_.line(); }

  // Reads once, which waits if nothing is there.
  void fill();

  // Calls `again` from the loop when there is more, or the end.
  void wait(std::function<void()> again);
  void cancel();

  // Keeps what is read, so that rewind() can give it out once more.
  void keep() { reader_.keep(); }
  void rewind() { reader_.rewind(); }

  // Whether `strict` has ended it before its end.
  [[nodiscard]] bool was_cut() const { return was_cut_; }
  [[nodiscard]] std::uint64_t dropped_bytes() const { return dropped_bytes_; }
  [[nodiscard]] std::uint64_t bytes_read() const { return reader_.bytes_read(); }

 private:
  // The same, when the reader has `found` that.
  Next next_carefully(EventReader::Next found, Event& event);

  EventReader reader_;
  InputOptions options_;
  Notice notice_;
  std::function<void()> again_;
  std::optional<Watch> watch_; // none: a text, or no loop
  std::uint64_t dropped_bytes_ = 0;
  bool was_cut_ = false;
};

} // namespace mm
