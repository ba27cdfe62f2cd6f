// {EXPRESSION}: numbers, fields, variables, + - * / % and parentheses, into postfix order.
#include "language/parser.hpp"
#include "text/chars.hpp"
#include "text/faults.hpp"

#include <algorithm>

namespace mm::route {

namespace {

// One precedence after the other: sum, product, factor.
class ExpressionParser {
 public:
  ExpressionParser(Words& words, const Token& braces)
      : words_(words), braces_(braces), text_(braces.text.substr(0, braces.text.size() - 1)) {
  } // without the '}'

  Expression parse() {
    sum(0);
    if (words_.is_good() && !is_at_end()) refuse_rest();
    return std::move(result_);
  }

 private:
  void sum(int depth) {
    product(depth);
    while (const char sign = take_any("+-")) {
      product(depth);
      add(sign == '+' ? Term::Op::add : Term::Op::subtract);
    }
  }

  void product(int depth) {
    factor(depth);
    while (const char sign = take_any("*/%")) {
      factor(depth);
      add(sign == '*' ? Term::Op::multiply : sign == '/' ? Term::Op::divide : Term::Op::modulo);
    }
  }

  void factor(int depth) {
    if (depth > deepest)
      return refuse(at_, 1, "this is nested deeper than " + std::to_string(deepest) + " times");
    if (take_any("-") != 0) {
      factor(depth + 1);
      return add(Term::Op::negate);
    }
    const std::size_t open = at_;
    if (take_any("(") == 0) return operand();
    sum(depth + 1);
    if (words_.is_good() && take_any(")") == 0)
      is_at_end() ? refuse(open, 1, "this '(' has no ')'") : refuse_rest();
  }

  void operand();
  void number(std::size_t begin);
  void name(std::size_t begin);
  void refuse_rest();

  void add(Term::Op op, std::int32_t value = 0) { result_.terms.push_back({op, value}); }

  // The next character if it is one of these, or 0. After a fault there is none.
  char take_any(std::string_view wanted) {
    if (is_at_end() || wanted.find(text_[at_]) == std::string_view::npos) return 0;
    const char taken = text_[at_++];
    skip_blanks();
    return taken;
  }
  [[nodiscard]] bool is_at_end() const { return at_ == text_.size(); }
  void skip_blanks() {
    while (at_ < text_.size() && chars::is_blank(text_[at_])) ++at_;
  }
  void refuse(std::size_t from, std::size_t length, std::string what) {
    words_.refuse(part(braces_, from, length), std::move(what));
    at_ = text_.size();
  }

  Words& words_;
  const Token& braces_;
  std::string_view text_;
  std::size_t at_ = [this] {
    std::size_t begin = 1; // behind the '{'
    while (begin < text_.size() && chars::is_blank(text_[begin])) ++begin;
    return begin;
  }();
  Expression result_;
};

bool is_part_of_word(char c) {
  return chars::is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '.' || c == '#' || static_cast<std::uint8_t>(c) >= 0x80;
}

void ExpressionParser::operand() {
  if (!words_.is_good()) return;
  const std::size_t begin = at_;
  while (at_ < text_.size() && is_part_of_word(text_[at_])) ++at_;
  if (at_ == begin && is_at_end()) return refuse(at_, 1, "a number or a name is missing here");
  if (at_ == begin)
    return refuse(at_, 1, in_quotes(text_.substr(at_, 1)) + " is no number, and no name");
  chars::is_digit(text_[begin]) ? number(begin) : name(begin);
  skip_blanks();
}

void ExpressionParser::number(std::size_t begin) {
  const std::string_view word = text_.substr(begin, at_ - begin);
  constexpr long most = 999'999'998; // what is larger comes back as one more
  const auto number = chars::read_number(word);
  if (!number)
    return refuse(begin, word.size(),
                  in_quotes(word) + " is no whole number" +
                      (word.find('.') != std::string_view::npos ? ": such as 3 * value / 2" : ""));
  if (*number > most) return refuse(begin, word.size(), in_quotes(word) + " is too large");
  add(Term::Op::constant, static_cast<std::int32_t>(*number));
}

void ExpressionParser::name(std::size_t begin) {
  const std::string_view word = text_.substr(begin, at_ - begin);
  if (const auto field = find_field(word))
    return add(Term::Op::field, static_cast<std::int32_t>(*field));
  if (const auto variable = words_.names().find_variable(word))
    return add(Term::Op::variable, static_cast<std::int32_t>(*variable));
  std::vector<std::string_view> known = words_.names().used_variables();
  const auto fields = field_names();
  known.insert(known.end(), fields.begin(), fields.end());
  const std::string near = did_you_mean(word, known);
  refuse(
      begin, word.size(),
      "unknown name " + in_quotes(word) +
          (near.empty() ? ": no field of an event, and no variable that is set anywhere" : near));
}

void ExpressionParser::refuse_rest() {
  const char c = text_[at_];
  if (c == ')') return refuse(at_, 1, "this ')' has no '('");
  const std::string_view rest = text_.substr(at_);
  const std::string_view word = rest.substr(0, std::min(rest.find_first_of(" \t\r"), rest.size()));
  refuse(at_, word.size(), "an operator is missing before " + in_quotes(word) + ": + - * / %");
}

} // namespace

Expression read_expression(Words& words, const Token& braces) {
  return ExpressionParser(words, braces).parse();
}

} // namespace mm::route
