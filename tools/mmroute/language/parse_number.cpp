// Numbers in rules: alone, in lists and ranges, and as times and scales.
#include "language/parser.hpp"
#include "language/scales.hpp"
#include "text/chars.hpp"
#include "text/faults.hpp"

#include <algorithm>
#include <set>

namespace mm::route {

namespace {

using TokenKind = Token::Kind;

// A whole number, which may be far out of range; nothing if it is none.
std::optional<std::int64_t> to_whole(std::string_view word) {
  constexpr std::int64_t most = 1'000'000'000'000;
  const bool negative = word.starts_with('-');
  if (negative || word.starts_with('+')) word.remove_prefix(1);
  const int base = word.starts_with("0x") ? 16 : 10;
  if (base == 16) word.remove_prefix(2);
  if (word.empty()) return {};
  std::int64_t number = 0;
  for (const char c : word) {
    const int digit = chars::hex_digit(c);
    if (digit < 0 || digit >= base) return {};
    number = std::min(number * base + digit, most);
  }
  return negative ? -number : number;
}

// 60-72, C4-B4
bool is_like_range(std::string_view word) {
  const std::size_t dash = word.find('-', 1);
  return dash != std::string_view::npos && dash + 1 < word.size() &&
         chars::is_digit(word[dash - 1]);
}

std::string range_of(const Bounds& bounds) {
  return std::to_string(bounds.min) + ".." + std::to_string(bounds.max);
}

// `word` is a token, or what stands behind its sign.
std::int32_t to_number(Words& words, const Token& token, const Bounds& bounds) {
  const std::string_view word = token.text;
  std::optional<std::int64_t> number = to_whole(word);
  if (word.starts_with('+') && bounds.min >= 0) number = {};
  if (!number && bounds.is_note)
    if (const auto note = chars::read_note_name(word, words.names().notes().middle_c))
      number = *note;
  const std::string what = std::string(bounds.name) + ' ' + in_quotes(word);
  if (!number) {
    words.refuse(token, (bounds.name == "number" ? in_quotes(word) : what) + " is no number" +
                            (bounds.is_note ? ", and no name such as C4 or F#3" : "") +
                            (is_like_range(word) ? "; a range is written with '..'" : ""));
    return bounds.min;
  }
  if (*number < bounds.min || *number > bounds.max) {
    words.refuse(token, what + " is not in " + range_of(bounds));
    return bounds.min;
  }
  return static_cast<std::int32_t>(*number);
}

// One item of a list: a number or a range.
struct Span {
  Token token; // it begins with
  std::int32_t first = 0;
  std::int32_t last = 0;
  bool is_range = false;
};

// Whether what stands behind ".." belongs to it.
bool at_end_of_range(const Words& words) {
  const Token& token = words.peek();
  if (token.kind == TokenKind::word) return token.is_glued || is_like_number(words, token);
  return token.kind == TokenKind::braces && token.is_glued;
}

Span read_span(Words& words, const Bounds& bounds) {
  Span span{words.peek(), bounds.min, bounds.max};
  const bool is_open = words.at(TokenKind::dots);
  if (!is_open) span.first = span.last = read_number(words, bounds);
  span.is_range = words.take_if(TokenKind::dots);
  if (!span.is_range) return span;
  span.last = bounds.max;
  if (at_end_of_range(words))
    span.last = read_number(words, bounds);
  else if (is_open)
    words.refuse(span.token, "no number beside the '..'");
  return span;
}

// Whether the list goes on: a ',' stands also between actions.
bool take_comma(Words& words) {
  const Token& item = words.peek(1);
  if (!words.at(TokenKind::comma) ||
      !(is_like_number(words, item) || item.kind == TokenKind::dots ||
        item.kind == TokenKind::braces))
    return false;
  words.take();
  return true;
}

void refuse_descending(Words& words, const Span& span) {
  words.refuse(span.token, std::to_string(span.first) + ".." + std::to_string(span.last) +
                               " counts down: write " + std::to_string(span.last) + ".." +
                               std::to_string(span.first));
}

void refuse_many(Words& words, const Token& token, std::size_t most) {
  words.refuse(token, "with this there are more than " + std::to_string(most) + " numbers");
}

Expression negative(Expression expression) {
  expression.terms.push_back({Term::Op::negate, 0});
  return expression;
}

} // namespace

bool is_like_number(const Words& words, const Token& token) {
  if (token.kind != TokenKind::word) return false;
  std::string_view word = token.text;
  if (chars::read_note_name(word, words.names().notes().middle_c)) return true;
  const bool has_digit = std::any_of(word.begin(), word.end(), chars::is_digit);
  if (word[0] >= 'A' && word[0] <= 'Z' && has_digit) return true; // such as H4
  if (word.size() > 1 && (word[0] == '-' || word[0] == '+' || word[0] == '.'))
    word.remove_prefix(1);
  return chars::is_digit(word[0]);
}

bool at_numbers(const Words& words) {
  return words.at(TokenKind::dots) || is_like_number(words, words.peek());
}

std::int32_t read_number(Words& words, const Bounds& bounds) {
  const Token& token = words.peek();
  if (token.kind == TokenKind::braces)
    words.refuse(token, "no expression can stand here: it has to be a number");
  if (token.kind != TokenKind::word) {
    words.refuse_next(bounds.name);
    return bounds.min;
  }
  return to_number(words, words.take(), bounds);
}

Operand read_operand(Words& words, const Bounds& bounds) {
  if (!words.at(TokenKind::braces)) return {read_number(words, bounds), {}};
  return {0, read_expression(words, words.take())};
}

std::optional<Operand> read_relative(Words& words, const Bounds& bounds) {
  const Token& token = words.peek();
  if (token.kind != TokenKind::word || (token.text[0] != '+' && token.text[0] != '-')) return {};
  if (token.text.size() > 1) return read_operand(words, bounds);
  if (words.peek(1).kind != TokenKind::braces || !words.peek(1).is_glued) {
    words.refuse(token, "no number right behind the " + in_quotes(token.text));
    return Operand{};
  }
  words.take();
  Operand operand = read_operand(words, bounds);
  if (token.text == "-" && operand.expression)
    operand.expression = negative(std::move(*operand.expression));
  return operand;
}

NumberSet read_set(Words& words, const Bounds& bounds) {
  std::vector<NumberSet::Range> ranges;
  do {
    const Span span = read_span(words, bounds);
    if (span.first > span.last)
      refuse_descending(words, span);
    else
      ranges.push_back({span.first, span.last});
    if (ranges.size() > most_listed) refuse_many(words, span.token, most_listed);
  } while (take_comma(words));
  return NumberSet::of(std::move(ranges));
}

std::vector<Operand> read_operands(Words& words, const Bounds& bounds, std::size_t most) {
  std::vector<Operand> operands;
  do {
    if (words.at(TokenKind::braces)) {
      const Token& token = words.peek();
      operands.push_back(read_operand(words, bounds));
      if (operands.size() > most) refuse_many(words, token, most);
      continue;
    }
    const Span span = read_span(words, bounds);
    const std::int64_t step = span.first <= span.last ? 1 : -1;
    const std::int64_t count = (std::int64_t{span.last} - span.first) * step + 1;
    if (operands.size() + static_cast<std::size_t>(count) > most) {
      refuse_many(words, span.token, most);
      break;
    }
    for (std::int64_t i = 0; i < count; ++i)
      operands.push_back({static_cast<std::int32_t>(span.first + i * step), {}});
  } while (take_comma(words));
  return operands;
}

std::vector<std::int32_t> read_numbers(Words& words, const Bounds& bounds, std::size_t most) {
  std::vector<std::int32_t> numbers;
  const Token* const begin = words.here();
  for (const Operand& operand : read_operands(words, bounds, most)) {
    if (!operand.is_constant())
      words.refuse(*begin, "no expressions can stand here: these have to be numbers");
    numbers.push_back(operand.number);
  }
  return numbers;
}

std::pair<std::int32_t, std::int32_t> read_range(Words& words, const Bounds& bounds) {
  if (!at_numbers(words)) words.refuse_next("range");
  const Span span = read_span(words, bounds);
  if (!span.is_range)
    words.refuse(span.token,
                 in_quotes(span.token.text) + " is no range; it is " + std::string(words.usage()));
  if (span.first > span.last) refuse_descending(words, span);
  return {span.first, span.last};
}

std::vector<std::int32_t> read_targets(Words& words, const Bounds& bounds,
                                       const std::vector<std::int32_t>& from) {
  const Token& token = words.peek();
  std::vector<std::int32_t> to = read_numbers(words, bounds, most_listed);
  if (to.size() != 1 && to.size() != from.size())
    words.refuse(token, std::to_string(from.size()) + " before the 'to' and " +
                            std::to_string(to.size()) +
                            " here: it takes as many on both sides, or one here");
  return to;
}

void refuse_repeated(Words& words, const Token& at, const std::vector<std::int32_t>& numbers) {
  std::set<std::int32_t> seen;
  for (const std::int32_t number : numbers)
    if (!seen.insert(number).second)
      words.refuse(at, std::to_string(number) + " stands twice before the 'to'");
}

} // namespace mm::route
