#include "events.hpp"

#include "text/chars.hpp"
#include "wire/encoder.hpp"

#include <memory>
#include <stdexcept>

namespace mm::test {

std::string bytes(std::string_view hex) {
  std::string bytes;
  int digits = 0;
  int value = 0;
  for (const char c : hex) {
    if (c == ' ') continue;
    const int digit = chars::hex_digit(c);
    if (digit < 0) throw std::invalid_argument("no hex: " + std::string(hex));
    value = value * 16 + digit;
    if (++digits % 2 == 0) {
      bytes += static_cast<char>(value);
      value = 0;
    }
  }
  if (digits % 2 != 0) throw std::invalid_argument("half a byte: " + std::string(hex));
  return bytes;
}

std::string hex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (!hex.empty()) hex += ' ';
    hex += "0123456789abcdef"[byte / 16];
    hex += "0123456789abcdef"[byte % 16];
  }
  return hex;
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

Lines split(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string describe(const Event& event) {
  std::string text = "kind " + std::to_string(static_cast<int>(event.kind));
  for (const auto arg : event.arg) text += ' ' + std::to_string(arg);
  text += ", time " + std::to_string(event.time);
  text += ", form " + std::to_string(static_cast<int>(event.time_form));
  text += ", data [" + hex(event.data) + "]";
  text += ", port [" + std::string(event.port) + "]";
  return text;
}

std::string print(const Printer& printer, const Event& event) {
  const std::size_t bound = printer.bound(event);
  const std::unique_ptr<char[]> buffer(new char[bound]); // so that a sanitizer sees its end
  const char* const end = printer.print(buffer.get(), event);
  const auto length = static_cast<std::size_t>(end - buffer.get());
  if (length > bound) throw std::length_error("a printer wrote more than its bound");
  return {buffer.get(), length};
}

std::string text_of(const Event& event, NoteStyle notes) {
  std::string line = print(TextPrinter(notes), event);
  if (!line.ends_with('\n')) throw std::logic_error("a line without its LF");
  line.pop_back();
  return line;
}

Event event_of(std::string_view line) {
  static TextParser parser;
  Event event;
  if (parser.parse(line, event) != Parsed::event) throw std::invalid_argument(std::string(line));
  return event;
}

std::string encoded(const Event& event) {
  const std::size_t bound = encode_bound(event);
  const std::unique_ptr<char[]> buffer(new char[bound]);
  const char* const end = encode(buffer.get(), event);
  const auto length = static_cast<std::size_t>(end - buffer.get());
  if (length > bound) throw std::length_error("encode() wrote more than encode_bound()");
  return {buffer.get(), length};
}

Lines decoded(std::string_view stream, const std::vector<std::size_t>& cuts,
              std::size_t max_sysex) {
  Lines lines;
  Decoder decoder(max_sysex);
  decode(stream, cuts, decoder, [&](const Event& event) { lines.push_back(text_of(event)); });
  return lines;
}

std::string describe(LineParser& parser, Parsed result, const Event& event) {
  switch (result) {
  case Parsed::event: return describe(event);
  case Parsed::nothing: return "nothing";
  case Parsed::fault: break;
  }
  return "fault at " + std::to_string(parser.fault().column) + ": " + parser.fault().what;
}

Parsed BothWays::parse(std::string_view line, Event& event) {
  Event careful_event;
  const Parsed quick = quick_.parse(line, event);
  const Parsed careful = careful_.parse_carefully(line, careful_event);
  const std::string one = describe(quick_, quick, event);
  const std::string other = describe(careful_, careful, careful_event);
  if (one != other)
    throw std::logic_error("the short way and the careful way differ on '" + std::string(line) +
                           "':\n  " + one + "\n  " + other);
  parse_ahead_as(line, one);
  fault_ = quick_.fault();
  return quick;
}

void BothWays::parse_ahead_as(std::string_view line, const std::string& event) {
  if (line.find('\n') != std::string_view::npos) return;
  std::string text(line);
  text += "\n1 2 @x\n";
  const std::size_t size = text.size();
  text.append(margin, '7'); // may be looked at, and means nothing
  Event ahead;
  const std::size_t length = quick_.parse_ahead(std::string_view(text).substr(0, size), ahead);
  if (length == 0) return;
  if (length != line.size() || describe(ahead) != event)
    throw std::logic_error("'" + std::string(line) + "' is another event in a text: " +
                           std::to_string(length) + " characters, " + describe(ahead));
}

std::string read(LineParser& parser, std::string_view line) {
  Event event;
  const Parsed result = parser.parse(line, event);
  return result == Parsed::event ? text_of(event) : describe(parser, result, event);
}

std::string converted(LineParser& parser, std::string_view text, const Printer& printer) {
  std::string all;
  for (const std::string& line : split(text)) {
    Event event;
    switch (parser.parse(line, event)) {
    case Parsed::event: all += print(printer, event); break;
    case Parsed::nothing: break;
    case Parsed::fault:
      throw std::invalid_argument(line + ": " + describe(parser, Parsed::fault, event));
    }
  }
  return all;
}

std::string annotated(LineParser& parser, std::string_view text) {
  std::string all;
  for (const std::string& line : split(text)) {
    const std::size_t first = line.find_first_not_of(' ');
    if (first != std::string::npos && line[first] == '^') continue;
    all += line + '\n';
    Event event;
    if (parser.parse(line, event) != Parsed::fault) continue;
    all += std::string(parser.fault().column, ' ') + "^ " + parser.fault().what + '\n';
  }
  return all;
}

} // namespace mm::test
