// Actions on where an event goes: its port, its channel, its key.
#include "language/parser.hpp"
#include "text/faults.hpp"

namespace mm::route {

namespace {

using TokenKind = Token::Kind;

std::optional<Scale> read_in_scale(Words& words) {
  if (!words.take_if("in")) return {};
  return read_scale(words);
}

// "N", "LIST", "A to B"
Form read_places(Words& words, Attribute what, const Bounds& bounds) {
  const Token* const begin = words.here();
  std::vector<Operand> operands = read_operands(words, bounds, most_listed);
  if (!words.at("to")) {
    if (operands.size() > most_copies)
      words.refuse(*begin, "this makes more than " + std::to_string(most_copies) + " copies");
    return Put{what, std::move(operands)};
  }
  Map map{what, {}, {}};
  for (const Operand& operand : operands) {
    if (!operand.is_constant())
      words.refuse(*begin, "no expressions can stand before a 'to': these have to be numbers");
    map.from.push_back(operand.number);
  }
  refuse_repeated(words, *begin, map.from);
  if (!words.take_if("to")) return map;
  map.to = read_targets(words, bounds, map.from);
  return map;
}

} // namespace

Form read_ports(Words& words) {
  ToPorts form;
  do {
    const Token& token = words.peek();
    if (token.text.ends_with('*'))
      words.refuse(token, "an event is sent to ports one by one: no '*'");
    form.ports.push_back(read_tag(words));
  } while (words.at(TokenKind::word) && words.peek().text[0] == '@');
  return form;
}

Form read_channel(Words& words) {
  constexpr Bounds step{"step", -15, 15};
  if (auto by = read_relative(words, step)) {
    Put form{Attribute::channel, {}, true};
    form.to.push_back(std::move(*by));
    return form;
  }
  return read_places(words, Attribute::channel, channel_bounds);
}

Form read_key(Words& words) {
  const Token& token = words.peek();
  if (token.kind == TokenKind::word && (token.text[0] == '+' || token.text[0] == '-'))
    words.refuse(token,
                 "no step can stand here: write 'transpose " + std::string(token.text) + "'");
  return read_places(words, Attribute::key, note_bounds);
}

Form read_transpose(Words& words) {
  Operand by = read_operand(words, interval_bounds);
  return Transpose{std::move(by), read_in_scale(words)};
}

Form read_snap(Words& words) { return Snap{read_scale(words)}; }

Form read_chord(Words& words) {
  std::vector<std::int32_t> intervals = read_numbers(words, interval_bounds, most_copies);
  return Chord{std::move(intervals), read_in_scale(words)};
}

} // namespace mm::route
