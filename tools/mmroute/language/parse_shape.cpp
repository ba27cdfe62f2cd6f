// Actions on the value of an event, and on its kind.
#include "language/attributes.hpp"
#include "language/parser.hpp"
#include "text/faults.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace mm::route {

namespace {

using TokenKind = Token::Kind;
using How = Shape::How;

constexpr double most_factor = 1000;

// "A..B to C..D", "P,P,... to Q,Q,..."; or "N" alone.
class PointsReader {
 public:
  PointsReader(Words& words, const Bounds& bounds) : words_(words), bounds_(bounds) {}

  void read(Shape& shape) {
    const Token& begin = words_.peek();
    const std::vector<std::int32_t> from = side();
    if (from.size() == 1 && !words_.at("to")) {
      shape.operand.number = from[0];
      return;
    }
    words_.explain("A..B to C..D or P,P,... to Q,Q,...");
    if (!words_.take_if("to")) return words_.refuse_next("'to'");
    const Token& behind = words_.peek();
    if (!at_numbers(words_)) words_.refuse_next(bounds_.name);
    const std::vector<std::int32_t> to = side();
    if (from.size() < 2)
      words_.refuse(begin,
                    "one point is no line: it takes two at least, such as 0..127 to 20..100");
    if (from.size() != to.size())
      words_.refuse(behind, std::to_string(from.size()) + " before the 'to' and " +
                                std::to_string(to.size()) + " here: it takes as many");
    refuse_repeated(words_, begin, from);
    if (!words_.is_good()) return;
    shape.how = How::points;
    for (std::size_t i = 0; i < from.size(); ++i) shape.points.emplace_back(from[i], to[i]);
    std::sort(shape.points.begin(), shape.points.end());
  }

 private:
  // The ends of a range, or the numbers of a list.
  std::vector<std::int32_t> side() {
    std::vector<std::int32_t> numbers{read_number(words_, bounds_)};
    if (words_.take_if(TokenKind::dots)) {
      numbers.push_back(read_number(words_, bounds_));
      return numbers;
    }
    while (words_.at(TokenKind::comma) && is_like_number(words_, words_.peek(1))) {
      words_.take();
      numbers.push_back(read_number(words_, bounds_));
      if (numbers.size() > most_listed)
        words_.refuse(words_.peek(),
                      "there are more than " + std::to_string(most_listed) + " points");
    }
    return numbers;
  }

  Words& words_;
  const Bounds& bounds_;
};

// "*2", "* 2"
double read_factor(Words& words) {
  const Token& token = words.take();
  words.explain("*X");
  if (token.text == "*") return read_decimal(words, {"factor", 0, most_factor});
  return to_decimal(words, part(token, 1), {"factor", 0, most_factor});
}

// Whether "+5" or "-5" comes next, and no point that is below 0.
bool at_step(const Words& words) {
  const Token& token = words.peek();
  if (token.kind != TokenKind::word || (token.text[0] != '+' && token.text[0] != '-')) return false;
  const Token& behind = words.peek(1);
  const bool is_point = behind.kind == TokenKind::dots ||
                        (behind.kind == TokenKind::word && behind.text == "to") ||
                        (behind.kind == TokenKind::comma && is_like_number(words, words.peek(2)));
  return !is_point;
}

bool read_named_shape(Words& words, Shape& shape, const Bounds& bounds) {
  if (words.take_if("invert")) {
    shape.how = How::invert;
  } else if (words.take_if("curve")) {
    words.explain("curve G");
    shape.how = How::curve;
    shape.factor = read_decimal(words, {"curve", 0, most_factor, false});
  } else if (words.take_if("clip")) {
    words.explain("clip A..B");
    shape.how = How::clip;
    std::tie(shape.low, shape.high) = read_range(words, bounds);
  } else if (words.take_if("compress")) {
    words.explain("compress T R");
    shape.how = How::compress;
    shape.low = read_number(words, bounds);
    shape.factor = read_decimal(words, {"ratio", 1, most_factor});
  } else {
    return false;
  }
  return true;
}

Form read_shape(Words& words, bool is_velocity) {
  constexpr Bounds velocity_steps{"velocity", -127, 127};
  constexpr Bounds value_steps{"value", -16383, 16383};
  const Bounds& bounds = is_velocity ? velocity_bounds : value_bounds;
  Shape shape;
  shape.is_velocity = is_velocity;
  if (read_named_shape(words, shape, bounds)) return shape;
  const Token& token = words.peek();
  if (at_step(words)) {
    shape.how = How::add;
    shape.operand = *read_relative(words, is_velocity ? velocity_steps : value_steps);
  } else if (token.kind == TokenKind::word && token.text[0] == '*') {
    shape.how = How::scale;
    shape.factor = read_factor(words);
  } else if (token.kind == TokenKind::braces) {
    shape.operand = read_operand(words, bounds);
  } else if (at_numbers(words)) {
    PointsReader(words, bounds).read(shape);
  } else if (token.kind == TokenKind::word && token.text[0] != '@') {
    static constexpr std::array<std::string_view, 4> names{"curve", "clip", "compress", "invert"};
    const std::string near = did_you_mean(token.text, names);
    words.refuse(token, in_quotes(token.text) + " is no " + std::string(bounds.name) +
                            (near.empty() ? "; it is " + std::string(words.usage()) : near));
  } else {
    words.refuse_next(bounds.name);
  }
  return shape;
}

std::optional<Kind> find_conversion(std::string_view word) {
  if (word == "note") return Kind::note_on;
  const auto kind = find_rule_kind(word);
  if (!kind || is_note(*kind) || !has_value(*kind) || !info(*kind).has_channel()) return {};
  return kind;
}

std::string_view usage_of(Kind kind) {
  switch (kind) {
  case Kind::note_on: return "note N";
  case Kind::poly_pressure: return "poly-pressure N";
  case Kind::control_change: return "cc N or cc A to B";
  case Kind::program_change: return "prog or prog A to B";
  case Kind::channel_pressure: return "pressure";
  case Kind::pitch_bend: return "bend";
  case Kind::cc14: return "cc14 N or cc14 A to B";
  case Kind::rpn: return "rpn N or rpn A to B";
  default: return "nrpn N or nrpn A to B";
  }
}

// "A to B": within the kind.
void read_numbers_to(Words& words, Convert& convert, const Bounds& bounds) {
  const Token& begin = words.peek();
  convert.from = read_numbers(words, bounds, most_listed);
  refuse_repeated(words, begin, convert.from);
  if (!words.take_if("to")) return words.refuse_next("'to'");
  convert.to = read_targets(words, bounds, convert.from);
}

// Whether "A to B" comes next, and not a single number.
bool is_map(const Words& words) {
  for (std::size_t i = 0; words.peek(i).kind != TokenKind::nothing; ++i) {
    const Token& token = words.peek(i);
    if (token.kind == TokenKind::word && token.text == "to") return true;
    const bool goes_on = token.kind == TokenKind::comma || token.kind == TokenKind::dots ||
                         token.kind == TokenKind::braces || is_like_number(words, token);
    if (!goes_on) return false;
  }
  return false;
}

} // namespace

Form read_velocity(Words& words) { return read_shape(words, true); }
Form read_value(Words& words) { return read_shape(words, false); }

bool is_conversion(std::string_view word) { return find_conversion(word).has_value(); }

Form read_conversion(Words& words, const Token& word) {
  Convert convert;
  convert.kind = find_conversion(word.text).value_or(Kind::control_change);
  words.explain(usage_of(convert.kind));
  if (!has_number(convert.kind)) return convert;
  const Bounds bounds = bounds_of(number_field(convert.kind));
  if (is_map(words)) {
    if (has_key(convert.kind)) words.refuse(word, "for other keys write 'key A to B'");
    read_numbers_to(words, convert, bounds);
  } else if (convert.kind != Kind::program_change) {
    convert.number = read_operand(words, bounds);
  } else if (at_numbers(words)) {
    words.refuse(words.peek(), "the value becomes the program: to set it write 'value " +
                                   std::string(words.peek().text) + ", prog'");
  }
  return convert;
}

} // namespace mm::route
