#include "language/lexer.hpp"

#include "text/chars.hpp"

#include <algorithm>

namespace mm::route {

namespace {

using TokenKind = Token::Kind;

struct Piece {
  TokenKind kind;
  std::size_t length;
};

// Tags of ports and names of meta events have more characters than other words.
bool ends_word(std::string_view rest, bool is_name) {
  constexpr std::string_view marks = ",(){}";
  const char c = rest[0];
  if (chars::is_blank(c) || marks.find(c) != std::string_view::npos) return true;
  return rest.starts_with("->") || (!is_name && rest.starts_with(".."));
}

Piece read_word(std::string_view rest) {
  const bool is_name = rest[0] == '@' || rest[0] == ':';
  std::size_t length = 1;
  while (length < rest.size() && !ends_word(rest.substr(length), is_name)) ++length;
  return {TokenKind::word, length};
}

// "…" with \" and \\ in it.
Piece read_quoted(std::string_view rest) {
  std::size_t end = 1;
  while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2 : 1;
  if (end >= rest.size()) return {TokenKind::astray, rest.size()};
  return {TokenKind::quoted, end + 1};
}

Piece read_braces(std::string_view rest) {
  const std::size_t end = rest.find_first_of("{}", 1);
  if (end == std::string_view::npos || rest[end] == '{') return {TokenKind::astray, rest.size()};
  return {TokenKind::braces, end + 1};
}

// What `rest`, which is not blank, begins with.
Piece read_piece(std::string_view rest) {
  switch (rest[0]) {
  case ',': return {TokenKind::comma, 1};
  case '(': return {TokenKind::open, 1};
  case ')': return {TokenKind::close, 1};
  case '{': return read_braces(rest);
  case '}': return {TokenKind::astray, 1};
  case '"': return read_quoted(rest);
  default: break;
  }
  if (rest.starts_with("->")) return {TokenKind::arrow, 2};
  if (rest.starts_with("..")) return {TokenKind::dots, 2};
  return read_word(rest);
}

// Whether the rule goes on in the next line.
bool goes_on(const Token& last) {
  switch (last.kind) {
  case TokenKind::comma:
  case TokenKind::open:
  case TokenKind::arrow: return true;
  case TokenKind::word: return last.text == "or" || last.text == "and" || last.text == "not";
  default: return false;
  }
}

} // namespace

void Lexer::read_line(std::vector<Token>& tokens) {
  const std::size_t end = std::min(left_.find('\n'), left_.size());
  const std::string_view line = left_.substr(0, end);
  bool is_glued = false;
  for (std::size_t at = 0; at < line.size();) {
    if (chars::is_blank(line[at])) {
      is_glued = false;
      ++at;
      continue;
    }
    if (line[at] == '#') break;
    const Piece piece = read_piece(line.substr(at));
    Place place = place_;
    place.column = static_cast<std::uint32_t>(at);
    tokens.push_back({piece.kind, is_glued, place, line.substr(at, piece.length)});
    at += piece.length;
    is_glued = true;
  }
  left_.remove_prefix(std::min(end + 1, left_.size()));
  ++place_.line;
}

bool Lexer::next(std::vector<Token>& tokens) {
  tokens.clear();
  while (!left_.empty() && (tokens.empty() || goes_on(tokens.back()))) read_line(tokens);
  if (tokens.empty()) return false;
  const Token& last = tokens.back();
  Place behind = last.place;
  behind.column += static_cast<std::uint32_t>(last.text.size());
  tokens.push_back({TokenKind::nothing, false, behind, last.text.substr(last.text.size())});
  return true;
}

std::string as_written(const Token* begin, const Token* end) {
  std::string text;
  for (const Token* token = begin; token != end; ++token) {
    if (token != begin && !token->is_glued) text += ' ';
    text += token->text;
  }
  return text;
}

std::string_view line_around(std::string_view content, const Token& token) {
  const auto begin =
      static_cast<std::size_t>(token.text.data() - content.data()) - token.place.column;
  std::string_view line = content.substr(begin, content.find('\n', begin) - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

} // namespace mm::route
