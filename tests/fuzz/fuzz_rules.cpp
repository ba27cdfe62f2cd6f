// Rules: what is read holds what its readers rely on, and is read again as the same from how it is
// written; what is refused is refused with a place and words.
#include "fuzz.hpp"
#include "mmroute/language/expression.hpp"
#include "mmroute/language/parse.hpp"
#include "route_tree.hpp"
#include "text/chars.hpp"

#include <algorithm>
#include <span>

namespace {

using namespace mm;
using namespace mm::route;
using Op = Pattern::Op;

void expect(bool good, const char* what, const std::string& text) {
  if (good) return;
  std::fprintf(stderr, "%s: %s\n", what, text.c_str());
  std::abort();
}

// "NAME:LINE:COLUMN: what", the line, and the caret.
void expect_fault(const std::string& fault) {
  const auto lines = std::count(fault.begin(), fault.end(), '\n');
  const std::size_t at = fault.find_first_not_of("0123456789:", 5);
  expect(lines == 2 && fault.starts_with("fuzz:") && fault.ends_with('^') && fault[at] == ' ' &&
             std::count(fault.begin(), fault.begin() + static_cast<std::ptrdiff_t>(at), ':') == 3,
         "a fault without a place", fault);
}

// --- what the tree promises ---

class Checker {
 public:
  Checker(const Script& script, const Rule& rule) : script_(script), rule_(rule) {}

  void check() {
    pattern(rule_.pattern);
    for (const Action& action : rule_.actions) {
      expect(!action.text.empty() && action.text.find('\n') == std::string::npos,
             "an action without its text", rule_.text);
      std::visit(*this, action.form);
    }
    expect(rule_.text.starts_with(rule_.pattern_text), "another pattern", rule_.text);
  }

  void operator()(const ToPorts& form) const {
    that(!form.ports.empty());
    for (const std::string& port : form.ports) that(is_tag(port));
  }
  void operator()(const Put& form) const {
    that(!form.to.empty() && form.to.size() <= 128 && (!form.is_relative || form.to.size() == 1));
    const bool is_key = form.what == Attribute::key;
    for (const Operand& to : form.to)
      form.is_relative ? number(to, -15, 15) : number(to, is_key ? 0 : 1, is_key ? 127 : 16);
  }
  void operator()(const Map& form) const {
    const bool is_key = form.what == Attribute::key;
    map(form.from, form.to, is_key ? 0 : 1, is_key ? 127 : 16);
  }
  void operator()(const Transpose& form) const {
    number(form.by, -127, 127);
    if (form.in) scale(*form.in);
  }
  void operator()(const Snap& form) const { scale(form.to); }
  void operator()(const Chord& form) const {
    that(!form.intervals.empty() && form.intervals.size() <= 128);
    for (const std::int32_t interval : form.intervals) in(interval, -127, 127);
    if (form.in) scale(*form.in);
  }
  void operator()(const Shape& form) const;
  void operator()(const Convert& form) const {
    that(form.from.empty() == form.to.empty());
    if (!form.from.empty()) return map(form.from, form.to, 0, 16383);
    number(form.number, 0, 16383);
  }
  void operator()(const Send& form) const;
  void operator()(const SetVariable& form) const {
    that(form.variable < script_.variables.size());
    number(form.to, NumberSet::lowest, NumberSet::highest);
  }
  void operator()(const Count& form) const {
    that(form.variable < script_.variables.size() && form.first <= form.last);
  }
  void operator()(const ChooseScene& form) const {
    const auto scenes = static_cast<std::int32_t>(script_.scenes.size());
    if (form.which == ChooseScene::Which::scene) that(form.scene < script_.scenes.size());
    if (form.which == ChooseScene::Which::number) number(form.number, 1, scenes);
  }
  void operator()(const Voices& form) const { in(form.most, 1, 128); }
  void operator()(const Long& form) const { time(form.time); }
  void operator()(const Relative& form) const {
    that(form.low <= form.high);
    in(form.low, -8192, 16383);
    in(form.high, -8192, 16383);
  }
  void operator()(const Delay& form) const { time(form.time); }
  void operator()(const Echo& form) const {
    time(form.time);
    in(form.times, 1, 1000);
    in(form.transpose, -127, 127);
    that(form.fade > 0 && form.fade <= 1);
  }
  void operator()(const Length& form) const { time(form.time); }
  void operator()(const Hold& form) const { time(form.time); }
  void operator()(const Strum& form) const { time(form.time); }
  void operator()(const Quantize& form) const { time(form.grid); }
  void operator()(const Humanize& form) const {
    if (form.time.is_note_value() || form.time.time != 0) time(form.time);
    in(form.velocity, 0, 127);
  }
  void operator()(const Arpeggio& form) const {
    time(form.step);
    in(form.octaves, 1, 10);
    that(form.gate > 0 && form.gate <= 1);
  }
  void operator()(const Divide& form) const { in(form.by, 1, 1'000'000); }
  void operator()(const Multiply& form) const { in(form.by, 1, 1000); }
  void operator()(const Spread& form) const { in(form.zone.members, 1, 15); }
  void operator()(const Fold& form) const { in(form.channel, 1, 16); }
  void operator()(const BendRange& form) const {
    in(form.from, 1, 127);
    in(form.to, 1, 127);
  }
  template <class Plain> void operator()(const Plain& /*form*/) const {} // has no numbers

 private:
  void that(bool good) const { expect(good, "the tree breaks its promise", rule_.text); }
  void in(std::int32_t number, std::int32_t least, std::int32_t most) const {
    that(number >= least && number <= most);
  }
  void number(const Operand& operand, std::int32_t least, std::int32_t most) const {
    if (operand.is_constant())
      in(operand.number, least, most);
    else
      expression(*operand.expression);
  }
  void numbers(const Pattern& pattern, std::int32_t least, std::int32_t most) const {
    const auto ranges = pattern.numbers.ranges();
    that(!ranges.empty() && ranges.front().first >= least && ranges.back().last <= most);
    for (std::size_t i = 0; i < ranges.size(); ++i)
      that(ranges[i].first <= ranges[i].last &&
           (i == 0 || std::int64_t{ranges[i - 1].last} + 1 < ranges[i].first));
  }
  void map(const std::vector<std::int32_t>& from, const std::vector<std::int32_t>& to,
           std::int32_t least, std::int32_t most) const {
    that(!from.empty() && (to.size() == 1 || to.size() == from.size()));
    for (const std::int32_t one : from) in(one, least, most);
    for (const std::int32_t one : to) in(one, least, most);
  }
  void scale(const Scale& scale) const {
    that(scale.notes != 0 && scale.notes < 1 << 12 && scale.root < 12);
  }
  void time(const Duration& duration) const {
    that(duration.denominator > 0 &&
         (duration.is_note_value() ? duration.numerator > 0 && duration.time == 0
                                   : duration.time > 0 && duration.time <= 3600 * second));
  }
  static bool is_tag(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), chars::is_port_char);
  }
  void pattern(const Pattern& pattern) const;
  void expression(const Expression& expression) const;

  const Script& script_;
  const Rule& rule_;
};

void Checker::operator()(const Shape& form) const {
  const std::int32_t least = form.is_velocity ? 0 : -8192;
  const std::int32_t most = form.is_velocity ? 127 : 16383;
  if (form.how == Shape::How::set) number(form.operand, least, most);
  if (form.how == Shape::How::add) number(form.operand, -most, most);
  that(form.factor >= 0 && form.factor <= 1000);
  if (form.how == Shape::How::curve) that(form.factor > 0);
  if (form.how == Shape::How::compress) that(form.factor >= 1);
  if (form.how == Shape::How::clip) {
    that(form.low <= form.high);
    in(form.low, least, most);
    in(form.high, least, most);
  }
  if (form.how != Shape::How::points) return;
  that(form.points.size() >= 2);
  for (std::size_t i = 0; i < form.points.size(); ++i) {
    in(form.points[i].first, least, most);
    in(form.points[i].second, least, most);
    that(i == 0 || form.points[i - 1].first < form.points[i].first);
  }
}

void Checker::operator()(const Send& form) const {
  that(form.after >= 0 && form.after <= 3600 * second && (form.port.empty() || is_tag(form.port)));
  const KindInfo& kind = info(form.kind);
  for (std::size_t i = 0; i < kind.field_count; ++i)
    number(form.arg[i], kind.field[i].min, kind.field[i].max);
  that(form.bytes.empty() == (kind.payload != Payload::bytes));
  for (const Operand& byte : form.bytes) number(byte, 0, 255);
  if (form.kind == Kind::sysex)
    that(form.bytes.size() >= 2 && form.bytes.front().number == 0xf0 &&
         form.bytes.back().number == 0xf7);
  that(form.pieces.empty() == (form.kind != Kind::meta));
  for (const Send::Piece& piece : form.pieces) {
    that(!chars::find_unprintable(piece.text));
    if (piece.number) expression(*piece.number);
  }
  if (form.kind == Kind::meta)
    that(form.pieces[0].text.size() > 1 && form.pieces[0].text[0] == ':');
}

// Each term finds what it needs, and one number is left.
void Checker::expression(const Expression& expression) const {
  std::size_t size = 0;
  for (const Term& term : expression.terms) {
    const bool is_leaf = term.op <= Term::Op::variable;
    const std::size_t needs = is_leaf ? 0 : term.op == Term::Op::negate ? 1 : 2;
    that(size >= needs);
    size = size - needs + 1;
    that(size <= 256);
    const auto place = static_cast<std::size_t>(term.value);
    if (term.op == Term::Op::variable) that(place < script_.variables.size());
    if (term.op == Term::Op::field) that(term.value >= 0 && term.value < 10);
  }
  that(size == 1);
  const std::vector<std::int32_t> variables(script_.variables.size(), -7);
  const Event event = make_event(Kind::note_on, 1, 60, 100);
  evaluate(expression, {&event, variables, 120});
}

void Checker::pattern(const Pattern& pattern) const {
  switch (pattern.op) {
  case Op::kinds: return that(pattern.kinds.any());
  case Op::channel: return numbers(pattern, 1, 16);
  case Op::number: return numbers(pattern, 0, 16383);
  case Op::value: return numbers(pattern, -8192, 16383);
  case Op::variable:
    that(pattern.variable < script_.variables.size());
    return numbers(pattern, NumberSet::lowest, NumberSet::highest);
  case Op::rises:
  case Op::falls:
    numbers(pattern, -8192, 16383);
    return that(pattern.numbers.ranges()[0].first == pattern.numbers.ranges()[0].last);
  case Op::port: return that(is_tag(pattern.text) || (pattern.text.empty() && pattern.is_prefix));
  case Op::meta: return that(pattern.text.size() > 1 && pattern.text[0] == ':');
  case Op::bytes:
    for (const std::int16_t byte : pattern.bytes) in(byte, -1, 127);
    return;
  case Op::held: return that(pattern.least >= 0 && pattern.least <= pattern.most);
  case Op::not_: that(pattern.of.size() == 1); break;
  case Op::and_:
  case Op::or_: that(pattern.of.size() > 1); break;
  case Op::any:
  case Op::other: return that(pattern.of.empty());
  }
  for (const Pattern& one : pattern.of) {
    that(pattern.op == Op::not_ || one.op != pattern.op);
    this->pattern(one);
  }
}

// --- the same again ---

// What all rules say, and each line as a text of its own, as they are written.
struct Written {
  std::string says;
  std::vector<Text> lines;
};
Written write(const Script& script) {
  Written written;
  const auto line = [&](std::string text) { written.lines.push_back({"fuzz", std::move(text)}); };
  const auto add = [&](const std::vector<Rule>& rules) {
    for (const Rule& rule : rules) {
      Checker(script, rule).check();
      written.says += route::test::describe(rule, script) + '\n';
      line(rule.text);
    }
  };
  for (const Group& group : script.groups) {
    if (&group != script.groups.data()) line("then");
    written.says += "then\n";
    add(group.rules);
    for (const Scene& scene : group.scenes) {
      line("scene " + script.scenes.at(scene.name));
      written.says += written.lines.back().content + '\n';
      add(scene.rules);
    }
  }
  return written;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Text text{"fuzz", std::string(data, data + size)};
  const ParsedRules parsed = parse_rules(std::span(&text, 1));
  for (const std::string& fault : parsed.faults) expect_fault(fault);
  const Written written = write(parsed.script);
  if (!parsed.faults.empty()) return 0; // names may be missing
  const ParsedRules again = parse_rules(written.lines);
  expect(again.faults.empty(), "it is not read again", again.faults.empty() ? "" : again.faults[0]);
  fuzz::expect_same("read again it says something else", written.says, write(again.script).says);
  return 0;
}
