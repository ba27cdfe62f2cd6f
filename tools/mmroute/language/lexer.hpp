// The words of rules: where each stands, what is a comment, and where a line goes on in the next.
#pragma once

#include "language/syntax.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mm::route {

// A word of a rule. It points into the text.
struct Token {
  enum class Kind : std::uint8_t {
    word,
    comma,
    open, // a parenthesis
    close,
    dots,    // ".."
    arrow,   // "->"
    braces,  // "{EXPRESSION}"
    quoted,  // a string in quotes, with them
    astray,  // a brace or a quote without the other one
    nothing, // what stands behind the last word
  };
  Kind kind = Kind::nothing;
  bool is_glued = false; // no blank stands before it
  Place place{};
  std::string_view text;
};

class Lexer {
 public:
  // `text`: which of the texts it is.
  Lexer(std::string_view content, std::uint32_t text) : left_(content) { place_.text = text; }

  // The words of the next rule, which may be several lines long, and Kind::nothing behind them;
  // false at the end of the text.
  bool next(std::vector<Token>& tokens);

 private:
  void read_line(std::vector<Token>& tokens);

  std::string_view left_; // from the start of a line on
  Place place_;           // of that line
};

// The words as they are written, but on one line, with one blank where there are several. `end`
// is behind the last one.
std::string as_written(const Token* begin, const Token* end);

// The whole line in `content` that the token stands in.
std::string_view line_around(std::string_view content, const Token& token);

} // namespace mm::route
