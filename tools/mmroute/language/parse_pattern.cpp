// Patterns: conditions, and how they are joined.
#include "language/attributes.hpp"
#include "language/parser.hpp"
#include "language/patterns.hpp"
#include "text/faults.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace mm::route {

namespace {

using TokenKind = Token::Kind;
using Op = Pattern::Op;

Pattern read_either(Words& words, int depth);

bool is_alone(std::string_view word) {
  return word == "else" || word == "enter" || word == "leave";
}

constexpr std::array meant_instead{
    Instead{"channel", "ch"},     Instead{"chan", "ch"},
    Instead{"velocity", "vel"},   Instead{"notes", "note"},
    Instead{"controller", "cc"},  Instead{"control", "cc"},
    Instead{"program", "prog"},   Instead{"aftertouch", "pressure"},
    Instead{"pitchbend", "bend"}, Instead{"all", "any"},
    Instead{"scale", "in-scale"}, Instead{"port", "@PORT"},
    Instead{"&&", "and"},         Instead{"||", "or"},
};

bool is_like_arrow(std::string_view word) {
  return word.find("=>") != std::string_view::npos || word == "=" || word == ">" || word == "-" ||
         word == "\u2192";
}

void refuse_unknown(Words& words, const Token& token) {
  const std::string word = in_quotes(token.text);
  if (token.text == "or" || token.text == "and")
    return words.refuse(token, "a condition is missing before this " + word);
  if (is_alone(token.text)) return words.refuse(token, word + " stands alone before the '->'");
  if (is_like_arrow(token.text)) return words.refuse(token, "this is no arrow: write '->'");
  if (token.text == "if") return words.refuse(token, "no 'if' is needed: the condition is enough");
  if (token.text[0] == '!')
    return words.refuse(token, word + " is no condition: write 'not " +
                                   std::string(token.text.substr(1)) + "'");
  const std::size_t number = token.text.find_first_of("=0123456789");
  if (number != std::string_view::npos && is_condition(token.text.substr(0, number)))
    return words.refuse(
        token, "a blank is missing: write '" + std::string(token.text.substr(0, number)) + " " +
                   std::string(token.text.substr(number + (token.text[number] == '=' ? 1 : 0))) +
                   "'");
  for (const auto& [typed, meant] : meant_instead)
    if (typed == token.text)
      return words.refuse(token, word + " is no condition: write '" + std::string(meant) + "'");
  if (is_action(token.text))
    return words.refuse(token, words.is_ahead(TokenKind::arrow)
                                   ? word + " is an action: it stands behind the '->'"
                                   : "a '->' is missing before " + word);
  if (is_like_number(words, token))
    return words.refuse(token, word + " is no condition: it is such as 'key 60' or 'cc 7'");
  words.refuse(token, "unknown condition " + word + did_you_mean(token.text, condition_words()));
}

// What is no word, where a condition should stand.
void refuse_no_condition(Words& words, const Token& token) {
  switch (token.kind) {
  case TokenKind::braces: return words.refuse(token, "no expression can stand in a pattern");
  case TokenKind::quoted: return words.refuse(token, in_quotes(token.text) + " is no condition");
  case TokenKind::dots: return words.refuse(token, "these '..' belong to no condition");
  default: return words.refuse(token, "a condition is missing here");
  }
}

// The numbers behind a word that has none, for somebody who expects that it has.
void refuse_numbers(Words& words, const Token& kind, const KindSet& kinds) {
  const std::string word(kind.text);
  const auto some = [&](auto&& test) {
    for (std::size_t i = 0; i < kind_count; ++i)
      if (kinds.test(i) && test(static_cast<Kind>(i))) return true;
    return false;
  };
  const char* const instead = some(has_key) ? " key " : some(has_value) ? " value " : "";
  if (*instead == 0) return words.refuse(words.peek(), in_quotes(word) + " has no number");
  const bool is_range = words.at(TokenKind::dots);
  words.refuse(words.peek(), in_quotes(word) + " takes no numbers: write '" + word + instead +
                                 (is_range ? "LIST" : std::string(words.peek().text)) + "'");
}

Pattern read_kinds(Words& words, const KindSet& kinds) {
  const Token& token = words.take();
  const auto kind = find_rule_kind(token.text);
  if (kind == Kind::sysex) return read_sysex(words);
  if (!at_numbers(words)) return of_kinds(kinds);
  if (!kind || !has_number(*kind) || has_key(*kind)) {
    refuse_numbers(words, token, kinds);
    return of_kinds(kinds);
  }
  const Bounds bounds = bounds_of(number_field(*kind));
  return both(of_kinds(kinds), of_numbers(Op::number, read_set(words, bounds)));
}

Pattern read_condition(Words& words) {
  const Token& token = words.peek();
  if (token.kind != TokenKind::word) {
    refuse_no_condition(words, token);
    return {};
  }
  words.explain({});
  if (token.text[0] == '@') return read_port(words);
  if (token.text[0] == ':') return read_meta(words);
  if (const Condition* const condition = find_condition(token.text)) {
    words.take();
    words.explain(condition->usage);
    return condition->read(words);
  }
  if (const auto group = find_kind_group(token.text)) return read_kinds(words, *group);
  if (const auto kind = find_rule_kind(token.text)) return read_kinds(words, kinds_of({*kind}));
  refuse_unknown(words, token);
  return {};
}

Pattern read_test(Words& words, int depth) {
  if (depth > deepest) {
    words.refuse(words.peek(), "this is nested deeper than " + std::to_string(deepest) + " times");
    return {};
  }
  if (words.take_if("not")) {
    Pattern pattern;
    pattern.op = Op::not_;
    pattern.of.push_back(read_test(words, depth + 1));
    return pattern;
  }
  if (!words.at(TokenKind::open)) return read_condition(words);
  const Token& open = words.take();
  Pattern pattern = read_either(words, depth + 1);
  if (words.is_good() && !words.take_if(TokenKind::close))
    words.refuse(open, "this '(' has no ')'");
  return pattern;
}

// Whether another condition follows, with no "and" before it.
bool at_condition(const Words& words) {
  return !words.is_empty() && !words.at(TokenKind::arrow) && !words.at(TokenKind::close) &&
         !words.at(TokenKind::comma) && !words.at("or");
}

// A value that no kind has which may match would never be found.
void check_values(Words& words, const Token* begin, const Pattern& pattern) {
  KindSet kinds;
  kinds.set();
  for (const Pattern& one : pattern.of)
    if (one.op == Op::kinds) kinds &= one.kinds;
  std::int32_t least = NumberSet::highest;
  std::int32_t most = NumberSet::lowest;
  for (std::size_t i = 0; i < kind_count; ++i) {
    if (!kinds.test(i) || !has_value(static_cast<Kind>(i))) continue;
    least = std::min<std::int32_t>(least, value_field(static_cast<Kind>(i)).min);
    most = std::max<std::int32_t>(most, value_field(static_cast<Kind>(i)).max);
  }
  for (const Pattern& one : pattern.of) {
    const bool is_value = one.op == Op::value || one.op == Op::rises || one.op == Op::falls;
    if (!is_value || one.numbers.is_empty() || least > most) continue;
    const bool is_high = one.numbers.ranges().front().first > most;
    if (!is_high && one.numbers.ranges().back().last >= least) continue;
    const Token* const end = words.here();
    const auto* const at = std::find_if(begin, end, [](const Token& token) {
      return token.text == "value" || token.text == "rises" || token.text == "falls";
    });
    words.refuse(at == end ? *begin : at[1],
                 std::string("no value is so ") + (is_high ? "high" : "low") + " here: it is in " +
                     std::to_string(least) + ".." + std::to_string(most));
  }
}

Pattern read_both(Words& words, int depth) {
  const Token* const begin = words.here();
  std::vector<Pattern> of;
  do {
    of.push_back(read_test(words, depth));
  } while (words.take_if("and") || at_condition(words));
  if (words.at(TokenKind::comma))
    words.refuse(words.peek(), "no ',' can stand here: conditions are joined by 'and' and 'or'");
  Pattern pattern = joined(Op::and_, std::move(of));
  if (pattern.op == Op::and_ && words.is_good()) check_values(words, begin, pattern);
  return pattern;
}

Pattern read_either(Words& words, int depth) {
  std::vector<Pattern> of;
  do {
    of.push_back(read_both(words, depth));
  } while (words.take_if("or"));
  return joined(Op::or_, std::move(of));
}

} // namespace

Pattern of_kinds(const KindSet& kinds) {
  Pattern pattern;
  pattern.op = Op::kinds;
  pattern.kinds = kinds;
  return pattern;
}

Pattern of_numbers(Op op, NumberSet numbers) {
  Pattern pattern;
  pattern.op = op;
  pattern.numbers = std::move(numbers);
  return pattern;
}

Pattern joined(Op op, std::vector<Pattern> of) {
  if (of.size() == 1) return std::move(of[0]);
  Pattern pattern;
  pattern.op = op;
  for (Pattern& one : of) {
    if (one.op == op)
      std::move(one.of.begin(), one.of.end(), std::back_inserter(pattern.of));
    else
      pattern.of.push_back(std::move(one));
  }
  return pattern;
}

Pattern both(Pattern one, Pattern other) {
  std::vector<Pattern> of;
  of.push_back(std::move(one));
  of.push_back(std::move(other));
  return joined(Op::and_, std::move(of));
}

Pattern read_pattern(Words& words) {
  const Token& first = words.peek();
  Pattern pattern;
  if (first.kind == TokenKind::arrow) {
    words.refuse(first, "a pattern is missing before the '->': 'any' is for all events");
  } else if (is_alone(first.text)) {
    words.take();
    if (!words.at(TokenKind::arrow) && !words.is_empty())
      words.refuse(first, in_quotes(first.text) + " stands alone before the '->'");
    if (first.text == "else") pattern.op = Op::other;
    return pattern;
  } else {
    pattern = read_either(words, 0);
  }
  if (words.at(TokenKind::close)) words.refuse(words.peek(), "this ')' has no '('");
  return pattern;
}

bool is_condition(std::string_view word) {
  return find_condition(word) != nullptr || is_alone(word) || find_kind_group(word) ||
         find_rule_kind(word);
}

} // namespace mm::route
