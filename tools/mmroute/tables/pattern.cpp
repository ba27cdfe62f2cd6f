// Whether an event matches a pattern.
#include "tables/index.hpp"
#include "tables/payload.hpp"

#include <algorithm>

namespace mm::route {

namespace {

bool match_bytes(const Pattern& pattern, std::string_view data) {
  const std::string_view body = sysex_body(data);
  if (pattern.is_open ? body.size() < pattern.bytes.size() : body.size() != pattern.bytes.size())
    return false;
  return std::equal(pattern.bytes.begin(), pattern.bytes.end(), body.begin(),
                    [](std::int16_t want, char have) {
                      return want < 0 || want == static_cast<unsigned char>(have);
                    });
}

bool match_value(const Pattern& pattern, const Look& look) {
  if (!has_value(look.kind)) return false;
  const std::int32_t value = value_of(*look.event);
  if (pattern.op == Pattern::Op::value) return pattern.numbers.has(value);
  if (pattern.numbers.is_empty()) return false;
  const std::int32_t threshold = pattern.numbers.ranges().front().first;
  // A value before that is not known is below any threshold.
  return pattern.op == Pattern::Op::rises ? look.before < threshold && threshold <= value
                                          : look.before >= threshold && threshold > value;
}

bool match_port(const Pattern& pattern, std::string_view port) {
  if (port.empty()) return false;
  return pattern.is_prefix ? port.starts_with(pattern.text) : port == pattern.text;
}

bool match_variable(const Pattern& pattern, const Look& look) {
  return pattern.numbers.has(
      pattern.variable < look.variables.size() ? look.variables[pattern.variable] : 0);
}

// What can come of a pattern for the events of a kind.
struct Outcomes {
  bool yes;
  bool no;
};

Outcomes outcomes_in(const NumberSet& numbers, std::int32_t first, std::int32_t last) {
  const NumberSet range = NumberSet::of(first, last);
  const NumberSet within = numbers.intersect(range);
  return {!within.is_empty(), within != range};
}

Outcomes outcomes_of_field(const Pattern& pattern, Kind kind, int place) {
  if (place < 0) return {false, true};
  const Field& field = info(kind).field[static_cast<std::size_t>(place)];
  const bool is_velocity = kind == Kind::note_on && place == place_of_value(kind);
  return outcomes_in(pattern.numbers, is_velocity ? 1 : field.min, field.max);
}

Outcomes outcomes(const Pattern& pattern, Kind kind);

Outcomes outcomes_of_parts(const Pattern& pattern, Kind kind) {
  if (pattern.op == Pattern::Op::not_) {
    const Outcomes of = outcomes(pattern.of.front(), kind);
    return {of.no, of.yes};
  }
  const bool is_and = pattern.op == Pattern::Op::and_;
  Outcomes all{is_and, !is_and};
  for (const Pattern& part : pattern.of) {
    const Outcomes of = outcomes(part, kind);
    all.yes = is_and ? all.yes && of.yes : all.yes || of.yes;
    all.no = is_and ? all.no || of.no : all.no && of.no;
  }
  return all;
}

Outcomes outcomes(const Pattern& pattern, Kind kind) {
  switch (pattern.op) {
  case Pattern::Op::any:
  case Pattern::Op::other: return {kind != Kind::meta, kind == Kind::meta};
  case Pattern::Op::kinds: {
    const bool is_one = pattern.kinds.test(static_cast<std::size_t>(kind));
    return {is_one, !is_one};
  }
  case Pattern::Op::channel:
    return outcomes_of_field(pattern, kind, info(kind).has_channel() ? 0 : -1);
  case Pattern::Op::number: return outcomes_of_field(pattern, kind, place_of_number(kind));
  case Pattern::Op::value: return outcomes_of_field(pattern, kind, place_of_value(kind));
  case Pattern::Op::port: return {pattern.is_prefix || !pattern.text.empty(), true};
  case Pattern::Op::variable:
    return outcomes_in(pattern.numbers, NumberSet::lowest, NumberSet::highest);
  case Pattern::Op::bytes:
    return {kind == Kind::sysex, kind != Kind::sysex || !pattern.is_open || !pattern.bytes.empty()};
  case Pattern::Op::meta: return {kind == Kind::meta, true};
  case Pattern::Op::rises:
  case Pattern::Op::falls: return {has_value(kind) && !pattern.numbers.is_empty(), true};
  case Pattern::Op::held:
    return {can_end_hold(kind) && pattern.least <= pattern.most && pattern.most >= 0, true};
  case Pattern::Op::not_:
  case Pattern::Op::and_:
  case Pattern::Op::or_: return outcomes_of_parts(pattern, kind);
  }
  return {true, true};
}

} // namespace

bool matches(const Pattern& pattern, const Look& look) {
  const Event& event = *look.event;
  const auto part_matches = [&](const Pattern& part) { return matches(part, look); };
  switch (pattern.op) {
  case Pattern::Op::any:
  case Pattern::Op::other: return look.kind != Kind::meta;
  case Pattern::Op::kinds: return pattern.kinds.test(static_cast<std::size_t>(look.kind));
  case Pattern::Op::channel:
    return info(look.kind).has_channel() && pattern.numbers.has(event.channel());
  case Pattern::Op::number: return has_number(look.kind) && pattern.numbers.has(number_of(event));
  case Pattern::Op::value:
  case Pattern::Op::rises:
  case Pattern::Op::falls: return match_value(pattern, look);
  case Pattern::Op::port: return match_port(pattern, event.port);
  case Pattern::Op::variable: return match_variable(pattern, look);
  case Pattern::Op::bytes: return look.kind == Kind::sysex && match_bytes(pattern, event.data);
  case Pattern::Op::meta: return look.kind == Kind::meta && meta_name(event.data) == pattern.text;
  case Pattern::Op::held:
    return can_end_hold(look.kind) && look.held >= 0 && look.held >= pattern.least &&
           look.held <= pattern.most;
  case Pattern::Op::not_: return !matches(pattern.of.front(), look);
  case Pattern::Op::and_: return std::all_of(pattern.of.begin(), pattern.of.end(), part_matches);
  case Pattern::Op::or_: return std::any_of(pattern.of.begin(), pattern.of.end(), part_matches);
  }
  return false;
}

bool may_match(const Pattern& pattern, Kind kind) { return outcomes(pattern, kind).yes; }

} // namespace mm::route
