#include "io/reader.hpp"

#include "text/chars.hpp"
#include "text/faults.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace mm {

namespace {

constexpr std::size_t chunk_size = 256UL * 1024;

// The longest line that can be an event: a sysex takes three characters a byte as text, and up to
// five in the other formats ("127, ").
std::size_t longest_line(const FormatOptions& options) {
  constexpr std::size_t all_but_bytes = 4096;
  return options.max_sysex * (options.format == Format::text ? 3 : 5) + all_but_bytes;
}

// What the line of another format looks like, to say so; else nothing.
const char* other_format(std::string_view line, Format format) {
  const std::size_t start = line.find_first_not_of(" \t");
  if (start == std::string_view::npos) return nullptr;
  line.remove_prefix(start);
  if (format == Format::json && line.find_first_not_of("{[ \t\r") == std::string_view::npos)
    return "an object is on one line, as 'jq -c' prints it";
  if (format != Format::json && line.starts_with('{')) return "for JSON it is --from json";
  if (format != Format::mido && line.find(" channel=") != std::string_view::npos)
    return "for mido's lines it is --from mido";
  constexpr unsigned char first_status = 0x80;
  const auto is_status = [](char c) { return static_cast<unsigned char>(c) >= first_status; };
  if (is_status(line.front())) return "for MIDI bytes it is --from raw";
  return nullptr;
}

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf"; // some editors begin a file with it

} // namespace

EventReader::EventReader(int fd, std::string name, const FormatOptions& options)
    : fd_(fd), name_(std::move(name)), format_(options.format), parser_(make_parser(options)),
      max_sysex_(options.max_sysex), decoder_(options.max_sysex),
      longest_line_(longest_line(options)) {}

EventReader::EventReader(std::string_view text, std::string name, const FormatOptions& options)
    : EventReader(-1, std::move(name), options) {
  buffer_.resize(text.size() + LineParser::margin);
  std::memcpy(buffer_.data(), text.data(), text.size());
  end_ = text.size();
  at_end_ = true;
  keep_ = true;
  chunk_ = {buffer_.data(), end_};
}

EventReader::Next EventReader::next_line(Event& event) {
  while (begin_ < end_) {
    const char* const start = buffer_.data() + begin_;
    const std::size_t from = std::max(begin_, scanned_);
    const auto* newline =
        static_cast<const char*>(std::memchr(buffer_.data() + from, '\n', end_ - from));
    if (newline == nullptr) {
      scanned_ = end_;
      if (!skipping_ && end_ - begin_ > longest_line_) {
        skipping_ = true;
        return report_too_long({start, end_ - begin_});
      }
      if (skipping_ && !keep_) begin_ = scanned_ = end_ = 0;
      if (!at_end_) return Next::empty;
      newline = buffer_.data() + end_; // the last line may lack its LF
    }
    std::string_view line(start, static_cast<std::size_t>(newline - start));
    begin_ = std::min(end_, begin_ + line.size() + 1);
    if (skipping_) {
      skipping_ = false;
      continue;
    }
    if (line.size() > longest_line_) return report_too_long(line);
    if (line_number_++ == 0 && line.starts_with(byte_order_mark))
      line.remove_prefix(byte_order_mark.size());
    switch (parser_->parse(line, event)) {
    case Parsed::event: line_ = line; return Next::event;
    case Parsed::fault: return report(line, parser_->fault());
    case Parsed::nothing: break;
    }
  }
  return at_end_ ? Next::end : Next::empty;
}

EventReader::Next EventReader::next_message(Event& event) {
  const bool found = decoder_.next(chunk_, event);
  begin_ = end_ - chunk_.size();
  if (found) return Next::event;
  if (!at_end_) return Next::empty;
  return decoder_.finish(event) ? Next::event : Next::end;
}

Outcome EventReader::fill() {
  if (at_end_) return done();
  make_room();
  ssize_t got = 0;
  do {
    got = ::read(fd_, buffer_.data() + end_, buffer_.size() - LineParser::margin - end_);
  } while (got < 0 && errno == EINTR);
  if (got < 0 && errno == EAGAIN) return done(); // somebody made it non-blocking
  if (got < 0) return Error{name_ + ": " + std::strerror(errno)};
  if (got == 0) at_end_ = true;
  add(static_cast<std::size_t>(got));
  return done();
}

void EventReader::feed(std::string_view bytes) {
  if (bytes.empty()) return;
  make_room();
  std::memcpy(buffer_.data() + end_, bytes.data(), bytes.size());
  add(bytes.size());
}

void EventReader::add(std::size_t bytes) {
  end_ += bytes;
  bytes_read_ += bytes;
  chunk_ = {buffer_.data() + begin_, end_ - begin_};
}

// Moves what is left to the front, and doubles the buffer when a line fills it.
void EventReader::make_room() {
  if (!keep_ && begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    scanned_ -= std::min(scanned_, begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() > chunk_size && end_ == 0) // give back what a large sysex took
    buffer_.resize(chunk_size);
  if (buffer_.size() - end_ >= chunk_size / 2) return;
  std::size_t size = std::max(chunk_size, buffer_.size() * 2);
  if (!keep_) size = std::min(size, longest_line_ + chunk_size);
  buffer_.resize(std::max(size, end_ + chunk_size / 2));
}

void EventReader::rewind() {
  begin_ = scanned_ = 0;
  decoder_ = Decoder(max_sysex_); // no running status from the end
  line_number_ = 0;
  chunk_ = {buffer_.data(), end_};
}

EventReader::Next EventReader::report_too_long(std::string_view line) {
  ++line_number_;
  return report(line, {0, "this line is longer than " + std::to_string(longest_line_) +
                              " bytes (--max-sysex), and is skipped"});
}

EventReader::Next EventReader::report(std::string_view line, const Fault& fault) {
  fault_ = name_ + ':' + std::to_string(line_number_) + ':' + std::to_string(fault.column + 1) +
           ": " + fault.what + '\n' + show_fault(line, fault.column);
  const char* const hint = hinted_ ? nullptr : other_format(line, format_);
  if (hint != nullptr) fault_ += std::string("\n") + hint;
  hinted_ |= hint != nullptr;
  return Next::fault;
}

} // namespace mm
