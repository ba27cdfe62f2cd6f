// send EVENT: an event line of mmevents(5) whose numbers may be expressions.
#include "language/parser.hpp"
#include "text/chars.hpp"
#include "text/faults.hpp"

#include <algorithm>

namespace mm::route {

namespace {

using TokenKind = Token::Kind;

class SendReader {
 public:
  explicit SendReader(Words& words) : words_(words) {}

  Send read() {
    read_time_before();
    const Token& token = words_.peek();
    if (token.kind != TokenKind::word) {
      words_.refuse_next("event");
    } else if (token.text[0] == ':') {
      read_meta();
    } else {
      words_.take();
      read_message(token);
    }
    if (at_port()) send_.port = read_tag(words_);
    if (words_.is_good() && !is_at_end())
      words_.refuse(words_.peek(), "nothing can follow the port of an event that is sent");
    return std::move(send_);
  }

 private:
  void read_time_before();
  void read_message(const Token& token);
  void read_fields(const KindInfo& kind);
  void read_bytes(const KindInfo& kind);
  void add_byte(const Token& token, std::int16_t byte);
  void end_bytes();
  void read_meta();
  void add_quoted(const Token& token);
  void add_text(std::string_view text) { send_.pieces.back().text += text; }
  void add_number(const Token& braces) {
    send_.pieces.back().number = read_expression(words_, braces);
    send_.pieces.emplace_back();
  }

  [[nodiscard]] bool is_at_end() const {
    return words_.is_empty() || words_.at(TokenKind::comma) || words_.at(TokenKind::arrow);
  }
  [[nodiscard]] bool at_port() const {
    return words_.at(TokenKind::word) && words_.peek().text[0] == '@' && !words_.peek().is_glued;
  }

  Words& words_;
  Send send_;
  bool is_ended_ = false; // a sysex, by its f7
};

// "+0.5"
void SendReader::read_time_before() {
  const Token& token = words_.peek();
  if (token.kind != TokenKind::word) return;
  if (chars::is_digit(token.text[0]))
    words_.refuse(token, in_quotes(token.text) + " is no time from now on: write '+" +
                             std::string(token.text) + "'");
  if (token.text[0] != '+') return;
  words_.take();
  send_.after = read_time(words_, token, token.text.substr(1));
}

void SendReader::read_message(const Token& token) {
  const auto kind = find_rule_kind(token.text);
  if (!kind && token.text == "note")
    return words_.refuse(token, "'note' is no event: write 'note-on' or 'note-off'");
  if (!kind)
    return words_.refuse(token, "unknown kind " + in_quotes(token.text) +
                                    did_you_mean(token.text, kind_words()));
  send_.kind = *kind;
  const KindInfo& row = info(*kind);
  row.payload == Payload::bytes ? read_bytes(row) : read_fields(row);
}

void SendReader::read_fields(const KindInfo& kind) {
  std::size_t i = 0;
  for (const Field& field : kind.fields()) {
    if (is_at_end() || at_port())
      return words_.refuse(words_.peek(),
                           "no " + std::string(field.name) + "; it is send " + mm::usage(kind));
    send_.arg[i++] = read_operand(words_, bounds_of(field));
  }
  if (!is_at_end() && !at_port())
    words_.refuse(words_.peek(), "too many arguments; it is send " + mm::usage(kind));
}

void SendReader::read_bytes(const KindInfo& kind) {
  while (words_.is_good() && !is_at_end() && !at_port()) {
    const Token& token = words_.take();
    if (token.kind == TokenKind::braces) {
      if (is_ended_) add_byte(token, 0);
      if (send_.bytes.empty() && kind.kind == Kind::sysex) send_.bytes.push_back({0xf0, {}});
      send_.bytes.push_back({0, read_expression(words_, token)});
      continue;
    }
    std::size_t at = 0;
    for (const std::int16_t byte : read_byte_row(words_, token, false)) {
      add_byte(part(token, at, 2), byte);
      at += 2;
    }
  }
  if (words_.is_good() && kind.kind == Kind::sysex) end_bytes();
  if (send_.bytes.empty()) words_.refuse(words_.peek(), "no bytes; it is send " + mm::usage(kind));
}

void SendReader::add_byte(const Token& token, std::int16_t byte) {
  constexpr std::int16_t start = 0xf0;
  constexpr std::int16_t end = 0xf7;
  constexpr std::int16_t highest_data = 0x7f;
  if (send_.kind == Kind::sysex) {
    if (is_ended_)
      return words_.refuse(token, "nothing can stand behind the f7 that ends the sysex");
    const bool is_start = byte == start && send_.bytes.empty();
    if (send_.bytes.empty() && !is_start) send_.bytes.push_back({start, {}});
    is_ended_ = byte == end;
    if (byte > highest_data && !is_start && !is_ended_)
      words_.refuse(token, in_quotes(token.text) + " is no data byte of a sysex (00..7f)");
  }
  send_.bytes.push_back({byte, {}});
}

// A sysex has f0 and f7, as an empty one has.
void SendReader::end_bytes() {
  if (send_.bytes.empty()) send_.bytes.push_back({0xf0, {}});
  if (!is_ended_) send_.bytes.push_back({0xf7, {}});
}

// The text as it is written, with one blank where there are several; expressions in it, also in
// strings, are worked out.
void SendReader::read_meta() {
  send_.kind = Kind::meta;
  send_.pieces.emplace_back();
  add_text(read_meta_name(words_));
  while (words_.is_good() && !is_at_end() && !at_port()) {
    const Token& token = words_.take();
    if (!token.is_glued) add_text(" ");
    if (const auto at = chars::find_unprintable(token.text))
      return words_.refuse(part(token, *at), "a control character, or no UTF-8");
    switch (token.kind) {
    case TokenKind::braces: add_number(token); break;
    case TokenKind::quoted: add_quoted(token); break;
    default: add_text(token.text); break;
    }
  }
  if (send_.pieces.back().text.empty()) send_.pieces.pop_back();
}

void SendReader::add_quoted(const Token& token) {
  const std::string_view text = token.text;
  std::size_t at = 0;
  for (std::size_t brace = 0; (brace = text.find_first_of("{}", at)) != std::string_view::npos;) {
    const std::size_t end = text.find_first_of("{}", brace + 1);
    const Token braces = part(token, brace, 1);
    if (text[brace] == '}') return words_.refuse(braces, "this '}' has no '{'");
    if (end == std::string_view::npos || text[end] == '{')
      return words_.refuse(braces, "this '{' has no '}'");
    add_text(text.substr(at, brace - at));
    add_number(part(token, brace, end + 1 - brace));
    at = end + 1;
  }
  add_text(text.substr(at));
  if (!is_at_end() && words_.peek().is_glued)
    words_.refuse(words_.peek(), "a blank is missing between the string and this");
}

} // namespace

Form read_send(Words& words) { return SendReader(words).read(); }

} // namespace mm::route
