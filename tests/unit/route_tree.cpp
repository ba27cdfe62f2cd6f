#include "route_tree.hpp"

#include "mmroute/language/parser.hpp"

#include <array>
#include <cstdio>
#include <limits>
#include <vector>

namespace mm::route::test {

namespace {

using Strings = std::vector<std::string>;

std::string joined(const Strings& words, const std::string& between) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) text += (i > 0 ? between : "") + words[i];
  return text;
}

std::string text_of(std::int32_t number) { return std::to_string(number); }

std::string decimal(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", number);
  return text.data();
}

std::string text_of(Kind kind) {
  return kind == Kind::meta ? "meta" : std::string(info(kind).name);
}

std::string text_of(const KindSet& kinds) {
  Strings names;
  for (std::size_t i = 0; i < kind_count; ++i)
    if (kinds.test(i)) names.push_back(text_of(static_cast<Kind>(i)));
  return "{" + joined(names, " ") + "}";
}

std::string text_of(const NumberSet& numbers) {
  Strings ranges;
  for (const auto& [first, last] : numbers.ranges()) {
    const std::string begin = first == NumberSet::lowest ? "" : text_of(first);
    const std::string end = last == NumberSet::highest ? "" : text_of(last);
    ranges.push_back(first == last ? begin : begin + ".." + end);
  }
  return "{" + joined(ranges, ",") + "}";
}

std::string text_of(const std::vector<std::int32_t>& numbers) {
  Strings words;
  for (const std::int32_t number : numbers) words.push_back(text_of(number));
  return joined(words, ",");
}

std::string text_of(const Scale& scale) {
  Strings notes;
  for (int note = 0; note < 12; ++note)
    if (scale.has(note)) notes.push_back(text_of(note));
  return "scale " + text_of(std::int32_t{scale.root}) + "{" + joined(notes, ",") + "}";
}

std::string text_of(const std::optional<Scale>& scale) {
  return scale ? " in " + text_of(*scale) : "";
}

std::string seconds(Nanoseconds time) {
  return time == std::numeric_limits<Nanoseconds>::max()
             ? ""
             : decimal(static_cast<double>(time) / static_cast<double>(second));
}

std::string text_of(const Duration& duration) {
  if (!duration.is_note_value()) return seconds(duration.time) + "s";
  return text_of(duration.numerator) + "/" + text_of(duration.denominator);
}

std::string text_of(const Zone& zone) {
  return (zone.is_upper ? "upper " : "lower ") + text_of(zone.members);
}

std::string bytes_of(const Pattern& pattern) {
  Strings bytes;
  for (const std::int16_t byte : pattern.bytes) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%02x", static_cast<unsigned>(byte));
    bytes.push_back(byte < 0 ? "??" : text.data());
  }
  if (pattern.is_open) bytes.push_back("*");
  return "bytes{" + joined(bytes, " ") + "}";
}

// What each form of an action says.
class Describer {
 public:
  explicit Describer(const Script& script) : script_(script) {}

  std::string operator()(const Pass& /*form*/) const { return "pass"; }
  std::string operator()(const Drop& /*form*/) const { return "drop"; }
  std::string operator()(const ToPorts& form) const { return "ports @" + joined(form.ports, " @"); }
  std::string operator()(const Put& form) const {
    return "put " + of(form.what) + (form.is_relative ? " by" : "") + of(form.to);
  }
  std::string operator()(const Map& form) const {
    return "map " + of(form.what) + " " + text_of(form.from) + " to " + text_of(form.to);
  }
  std::string operator()(const Transpose& form) const {
    return "transpose " + of(form.by) + text_of(form.in);
  }
  std::string operator()(const Snap& form) const { return "snap " + text_of(form.to); }
  std::string operator()(const Chord& form) const {
    return "chord " + text_of(form.intervals) + text_of(form.in);
  }
  std::string operator()(const Shape& form) const {
    return (form.is_velocity ? "vel " : "value ") + how(form);
  }
  std::string operator()(const Convert& form) const {
    if (!form.to.empty())
      return "number " + text_of(form.kind) + " " + text_of(form.from) + " to " + text_of(form.to);
    return "become " + text_of(form.kind) + " " + of(form.number);
  }
  std::string operator()(const Send& form) const;
  std::string operator()(const SetVariable& form) const {
    return "set " + variable(form.variable) + (form.is_relative ? " by " : " to ") + of(form.to);
  }
  std::string operator()(const Count& form) const {
    return "count " + variable(form.variable) + " " + text_of(form.first) + ".." +
           text_of(form.last);
  }
  std::string operator()(const ChooseScene& form) const {
    using Which = ChooseScene::Which;
    if (form.which == Which::next) return "scene next";
    if (form.which == Which::previous) return "scene previous";
    return form.which == Which::number ? "scene number " + of(form.number)
                                       : "scene " + script_.scenes.at(form.scene);
  }
  std::string operator()(const Tap& /*form*/) const { return "tap"; }
  std::string operator()(const Panic& /*form*/) const { return "panic"; }
  std::string operator()(const NoDuplicates& /*form*/) const { return "nodup"; }
  std::string operator()(const Toggle& /*form*/) const { return "toggle"; }
  std::string operator()(const Latch& /*form*/) const { return "latch"; }
  std::string operator()(const Voices& form) const {
    static constexpr std::array names{"last", "low", "high", "oldest"};
    return "voices " + text_of(form.most) + " " + names[static_cast<std::size_t>(form.priority)];
  }
  std::string operator()(const Pedal& form) const {
    return form.is_sostenuto ? "sostenuto" : "sustain";
  }
  std::string operator()(const Long& form) const { return "long " + text_of(form.time); }
  std::string operator()(const Relative& form) const {
    static constexpr std::array names{"twos", "offset", "sign"};
    return std::string("relative ") + names[static_cast<std::size_t>(form.coding)] + " " +
           text_of(form.low) + ".." + text_of(form.high);
  }
  std::string operator()(const Delay& form) const { return "delay " + text_of(form.time); }
  std::string operator()(const Echo& form) const {
    return "echo " + text_of(form.time) + " times " + text_of(form.times) + " fade " +
           decimal(form.fade) + " transpose " + text_of(form.transpose);
  }
  std::string operator()(const Length& form) const { return "length " + text_of(form.time); }
  std::string operator()(const Hold& form) const { return "hold " + text_of(form.time); }
  std::string operator()(const Strum& form) const { return "strum " + text_of(form.time); }
  std::string operator()(const Quantize& form) const { return "quantize " + text_of(form.grid); }
  std::string operator()(const Humanize& form) const {
    return "humanize " + text_of(form.time) + " " + text_of(form.velocity);
  }
  std::string operator()(const Arpeggio& form) const {
    static constexpr std::array names{"up", "down", "up-down", "as-played", "random"};
    return std::string("arp ") + names[static_cast<std::size_t>(form.style)] + " " +
           text_of(form.step) + " octaves " + text_of(form.octaves) + " gate " + decimal(form.gate);
  }
  std::string operator()(const Divide& form) const { return "divide " + text_of(form.by); }
  std::string operator()(const Multiply& form) const { return "multiply " + text_of(form.by); }
  std::string operator()(const Spread& form) const { return "spread " + text_of(form.zone); }
  std::string operator()(const Fold& form) const { return "fold " + text_of(form.channel); }
  std::string operator()(const BendRange& form) const {
    return "bend-range " + text_of(form.from) + " to " + text_of(form.to);
  }

 private:
  static std::string of(Attribute what) { return what == Attribute::key ? "key" : "ch"; }
  [[nodiscard]] std::string of(const Operand& operand) const {
    return operand.expression ? "{" + describe(*operand.expression, script_) + "}"
                              : text_of(operand.number);
  }
  [[nodiscard]] std::string of(const std::vector<Operand>& operands) const {
    std::string text;
    for (const Operand& operand : operands) text += " " + of(operand);
    return text;
  }
  [[nodiscard]] std::string variable(std::uint32_t place) const {
    return script_.variables.at(place);
  }
  [[nodiscard]] std::string how(const Shape& shape) const;

  const Script& script_;
};

std::string Describer::how(const Shape& shape) const {
  switch (shape.how) {
  case Shape::How::set: return "set " + of(shape.operand);
  case Shape::How::add: return "add " + of(shape.operand);
  case Shape::How::scale: return "scale " + decimal(shape.factor);
  case Shape::How::curve: return "curve " + decimal(shape.factor);
  case Shape::How::clip: return "clip " + text_of(shape.low) + ".." + text_of(shape.high);
  case Shape::How::compress: return "compress " + text_of(shape.low) + " " + decimal(shape.factor);
  case Shape::How::invert: return "invert";
  case Shape::How::points: break;
  }
  std::string text = "points";
  for (const auto& [from, to] : shape.points) text += " " + text_of(from) + ":" + text_of(to);
  return text;
}

std::string Describer::operator()(const Send& form) const {
  std::string text = "send";
  if (form.after > 0) text += " +" + seconds(form.after);
  text += " " + text_of(form.kind);
  for (std::size_t i = 0; i < info(form.kind).field_count; ++i) text += " " + of(form.arg[i]);
  text += of(form.bytes);
  for (const Send::Piece& piece : form.pieces) {
    text += " [" + piece.text + "]";
    if (piece.number) text += "{" + describe(*piece.number, script_) + "}";
  }
  return text + (form.port.empty() ? "" : " @" + form.port);
}

std::string of_many(const char* name, const Pattern& pattern, const Script& script) {
  Strings parts;
  for (const Pattern& one : pattern.of) parts.push_back(describe(one, script));
  return name + ("(" + joined(parts, " ")) + ")";
}

} // namespace

std::string describe(const Expression& expression, const Script& script) {
  static constexpr std::array signs{"+", "-", "*", "/", "%"};
  Strings stack;
  for (const Term& term : expression.terms) {
    switch (term.op) {
    case Term::Op::constant: stack.push_back(text_of(term.value)); break;
    case Term::Op::field:
      stack.emplace_back(field_names()[static_cast<std::size_t>(term.value)]);
      break;
    case Term::Op::variable:
      stack.push_back("$" + script.variables.at(static_cast<std::size_t>(term.value)));
      break;
    case Term::Op::negate: stack.back() = "-" + stack.back(); break;
    default: {
      const std::string right = stack.back();
      stack.pop_back();
      const auto sign = static_cast<std::size_t>(term.op) - static_cast<std::size_t>(Term::Op::add);
      stack.back() = "(" + stack.back() + " " + signs[sign] + " " + right + ")";
    }
    }
  }
  return joined(stack, " and ");
}

std::string describe(const Pattern& pattern, const Script& script) {
  switch (pattern.op) {
  case Pattern::Op::any: return "any";
  case Pattern::Op::kinds: return "kinds" + text_of(pattern.kinds);
  case Pattern::Op::channel: return "channel" + text_of(pattern.numbers);
  case Pattern::Op::number: return "number" + text_of(pattern.numbers);
  case Pattern::Op::value: return "value" + text_of(pattern.numbers);
  case Pattern::Op::port: return "port{" + pattern.text + (pattern.is_prefix ? "*}" : "}");
  case Pattern::Op::variable:
    return "variable " + script.variables.at(pattern.variable) + text_of(pattern.numbers);
  case Pattern::Op::bytes: return bytes_of(pattern);
  case Pattern::Op::meta: return "meta{" + pattern.text + "}";
  case Pattern::Op::rises: return "rises" + text_of(pattern.numbers);
  case Pattern::Op::falls: return "falls" + text_of(pattern.numbers);
  case Pattern::Op::held:
    return "held{" + seconds(pattern.least) + ".." + seconds(pattern.most) + "}";
  case Pattern::Op::other: return "else";
  case Pattern::Op::not_: return of_many("not", pattern, script);
  case Pattern::Op::and_: return of_many("and", pattern, script);
  case Pattern::Op::or_: return of_many("or", pattern, script);
  }
  return "?";
}

std::string describe(const Action& action, const Script& script) {
  return std::visit(Describer(script), action.form);
}

std::string describe(const Rule& rule, const Script& script) {
  std::string text = rule.on == Rule::On::enter   ? "enter"
                     : rule.on == Rule::On::leave ? "leave"
                                                  : describe(rule.pattern, script);
  Strings actions;
  for (const Action& action : rule.actions) actions.push_back(describe(action, script));
  if (rule.goes_on) actions.emplace_back("also");
  return text + " -> " + joined(actions, ", ");
}

} // namespace mm::route::test
