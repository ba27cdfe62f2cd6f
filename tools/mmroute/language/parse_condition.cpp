// The conditions of patterns, one by one.
#include "language/attributes.hpp"
#include "language/patterns.hpp"
#include "text/chars.hpp"
#include "text/faults.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace mm::route {

namespace {

using TokenKind = Token::Kind;
using Op = Pattern::Op;

const KindSet& with_key() {
  static const KindSet kinds = kinds_of({Kind::note_off, Kind::note_on, Kind::poly_pressure});
  return kinds;
}

// All kinds with a value that is no velocity.
const KindSet& with_value() {
  static const KindSet kinds = [] {
    KindSet set;
    for (std::size_t i = 0; i < kind_count; ++i)
      set.set(i, has_value(static_cast<Kind>(i)) && !is_note(static_cast<Kind>(i)));
    return set;
  }();
  return kinds;
}

Pattern kinds_and(const KindSet& kinds, Op op, NumberSet numbers) {
  return both(of_kinds(kinds), of_numbers(op, std::move(numbers)));
}

Pattern read_any(Words& /*words*/) { return {}; }

Pattern read_channels(Words& words) {
  return of_numbers(Op::channel, read_set(words, channel_bounds));
}

Pattern read_keys(Words& words) {
  return kinds_and(with_key(), Op::number, read_set(words, note_bounds));
}

Pattern read_velocities(Words& words) {
  return kinds_and(kinds_of({Kind::note_off, Kind::note_on}), Op::value,
                   read_set(words, velocity_bounds));
}

Pattern read_values(Words& words) {
  return kinds_and(with_value(), Op::value, read_set(words, value_bounds));
}

Pattern read_in_scale(Words& words) {
  const Scale scale = read_scale(words);
  NumberSet notes;
  for (int note = note_bounds.min; note <= note_bounds.max; ++note)
    if (scale.has(note)) notes.add(note, note);
  return kinds_and(with_key(), Op::number, std::move(notes));
}

Pattern read_zone_channels(Words& words) {
  const Zone zone = read_zone(words);
  NumberSet channels = NumberSet::of(zone.master(), zone.master());
  for (int member = 0; member < zone.members; ++member)
    channels.add(zone.channel(member), zone.channel(member));
  return of_numbers(Op::channel, std::move(channels));
}

Pattern read_when(Words& words) {
  const std::uint32_t variable = read_variable(words);
  if (!at_numbers(words)) words.refuse_next("number");
  Pattern pattern = of_numbers(Op::variable, read_set(words, variable_bounds));
  pattern.variable = variable;
  return pattern;
}

template <Op op> Pattern read_crossing(Words& words) {
  const std::int32_t number = read_number(words, value_bounds);
  return of_numbers(op, NumberSet::of(number, number));
}

// "0.5..", "..0.25", "0.1..0.5"
Pattern read_held(Words& words) {
  const Token& begin = words.peek();
  const auto read_end = [&] {
    const Token& token = words.take();
    return read_time(words, token, token.text);
  };
  Pattern pattern;
  pattern.op = Op::held;
  pattern.most = std::numeric_limits<Nanoseconds>::max();
  const bool is_open = words.at(TokenKind::dots);
  if (!is_open && !is_like_number(words, begin)) words.refuse_next("range of seconds");
  if (!is_open) pattern.least = read_end();
  if (words.is_good() && !words.take_if(TokenKind::dots)) {
    const std::string word(begin.text);
    words.refuse(begin,
                 in_quotes(word) + " is no range: write '" + word + "..' or '.." + word + "'");
  }
  if (is_like_number(words, words.peek()))
    pattern.most = read_end();
  else if (is_open)
    words.refuse(begin, "no number beside the '..'");
  if (pattern.most < pattern.least) words.refuse(begin, "this range counts down");
  return pattern;
}

constexpr std::array conditions{
    Condition{"any", "any", read_any},
    Condition{"ch", "ch LIST, such as ch 1,3..5", read_channels},
    Condition{"key", "key LIST, such as key C2..B3", read_keys},
    Condition{"vel", "vel LIST, such as vel 64..", read_velocities},
    Condition{"value", "value LIST, such as value 64..", read_values},
    Condition{"in-scale", "in-scale SCALE, such as in-scale C major", read_in_scale},
    Condition{"zone", "zone lower|upper [MEMBERS]", read_zone_channels},
    Condition{"when", "when VARIABLE LIST, such as when bank 1,2", read_when},
    Condition{"rises", "rises N", read_crossing<Op::rises>},
    Condition{"falls", "falls N", read_crossing<Op::falls>},
    Condition{"held", "held RANGE, such as held 0.5..", read_held},
};

// Whether it may be a row of bytes of a sysex, right or wrong.
bool is_like_bytes(std::string_view word) {
  const auto is_part = [](char c) { return c == '?' || chars::hex_digit(c) >= 0; };
  return word == "*" || chars::is_digit(word[0]) || word[0] == '?' ||
         (word.size() % 2 == 0 && std::all_of(word.begin(), word.end(), is_part));
}

// The bytes of a sysex in a pattern, which has neither f0 nor f7.
class SysexBytes {
 public:
  explicit SysexBytes(Words& words) : words_(words) { pattern_.op = Op::bytes; }

  void take(const Token& token) {
    if (token.text == "*") {
      if (goes_on(token)) pattern_.is_open = true;
      return;
    }
    std::size_t at = 0;
    for (const std::int16_t byte : read_byte_row(words_, token, true)) {
      add(part(token, at, 2), byte);
      at += 2;
    }
  }
  Pattern pattern() { return std::move(pattern_); }

 private:
  bool goes_on(const Token& token) {
    if (!pattern_.is_open && !is_ended_) return true;
    words_.refuse(token, "nothing can stand behind the " +
                             std::string(pattern_.is_open ? "'*'" : "f7 that ends the sysex"));
    return false;
  }
  void add(const Token& token, std::int16_t byte) {
    constexpr std::int16_t start = 0xf0;
    constexpr std::int16_t end = 0xf7;
    constexpr std::int16_t highest_data = 0x7f;
    if (!goes_on(token)) return;
    const bool is_start = byte == start && is_first_;
    is_first_ = false;
    is_ended_ = byte == end;
    if (is_start || is_ended_) return;
    if (byte > highest_data)
      words_.refuse(token, in_quotes(token.text) + " is no data byte of a sysex (00..7f)");
    pattern_.bytes.push_back(byte);
  }

  Words& words_;
  Pattern pattern_;
  bool is_first_ = true;
  bool is_ended_ = false;
};

// Whether two tests of the tree can be told for a control change: no, perhaps, yes.
enum class Answer : std::uint8_t { no, perhaps, yes };

Answer answer(const Pattern& pattern, std::int32_t controller) {
  const auto certainly = [](bool is_so) { return is_so ? Answer::yes : Answer::no; };
  switch (pattern.op) {
  case Op::any: return Answer::yes;
  case Op::kinds:
    return certainly(pattern.kinds.test(static_cast<std::size_t>(Kind::control_change)));
  case Op::number: return certainly(pattern.numbers.has(controller));
  case Op::bytes:
  case Op::meta: return Answer::no;
  case Op::not_:
    return static_cast<Answer>(2 - static_cast<int>(answer(pattern.of[0], controller)));
  case Op::and_:
  case Op::or_: {
    const bool is_and = pattern.op == Op::and_;
    Answer all = certainly(is_and);
    for (const Pattern& one : pattern.of)
      all =
          is_and ? std::min(all, answer(one, controller)) : std::max(all, answer(one, controller));
    return all;
  }
  default: return Answer::perhaps;
  }
}

} // namespace

KindSet kinds_of(std::initializer_list<Kind> kinds) {
  KindSet set;
  for (const Kind kind : kinds) set.set(static_cast<std::size_t>(kind));
  return set;
}

const Condition* find_condition(std::string_view word) {
  for (const Condition& condition : conditions)
    if (condition.name == word) return &condition;
  return nullptr;
}

const std::vector<std::string_view>& condition_words() {
  static const std::vector<std::string_view> words = [] {
    std::vector<std::string_view> all = kind_words();
    for (const Condition& condition : conditions) all.push_back(condition.name);
    all.insert(all.end(), {"not", "or", "and", "else", "enter", "leave"});
    return all;
  }();
  return words;
}

Pattern read_port(Words& words) {
  Pattern pattern;
  pattern.op = Op::port;
  const Token& token = words.peek();
  pattern.is_prefix = token.text.ends_with('*');
  if (token.text == "@*")
    words.take();
  else
    pattern.text = read_tag(words, pattern.is_prefix);
  return pattern;
}

Pattern read_meta(Words& words) {
  Pattern pattern;
  pattern.op = Op::meta;
  pattern.text = read_meta_name(words);
  return pattern;
}

Pattern read_sysex(Words& words) {
  const auto at_bytes = [&] {
    return words.at(TokenKind::word) && is_like_bytes(words.peek().text);
  };
  Pattern kind = of_kinds(kinds_of({Kind::sysex}));
  if (!at_bytes()) return kind;
  SysexBytes bytes(words);
  while (at_bytes()) bytes.take(words.take());
  return both(std::move(kind), bytes.pattern());
}

bool may_be_controller(const Pattern& pattern, std::int32_t number) {
  return answer(pattern, number) != Answer::no;
}

} // namespace mm::route
