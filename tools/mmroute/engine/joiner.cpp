#include "engine/joiner.hpp"

#include <algorithm>

namespace mm::route {

namespace {

constexpr std::size_t place(Kind kind) { return static_cast<std::size_t>(kind); }

KindSet wide_set() {
  KindSet wide;
  for (const Kind kind : {Kind::cc14, Kind::rpn, Kind::nrpn}) wide.set(place(kind));
  return wide;
}

// Whether the pattern asks for wide kinds by name; groups that have them among others do not count.
bool names_wide(const Pattern& pattern) {
  return pattern.op == Pattern::Op::kinds && (pattern.kinds & ~wide_set()).none();
}

void add(const NumberSet& numbers, ParameterDecoder::Joins& joins) {
  for (std::size_t number = 0; number < joins.cc14.size(); ++number)
    if (numbers.has(static_cast<std::int32_t>(number))) joins.cc14.set(number);
}

// What a pattern names: `cc14 7` the pairs of one controller, `cc14` all of them.
void add(const Pattern& pattern, ParameterDecoder::Joins& joins) {
  NumberSet numbers = NumberSet::all();
  if (pattern.op == Pattern::Op::and_)
    for (const Pattern& one : pattern.of)
      if (one.op == Pattern::Op::number) numbers = numbers.intersect(one.numbers);
  const auto add_kinds = [&](const Pattern& named) {
    if (named.kinds.test(place(Kind::cc14))) add(numbers, joins);
    joins.parameters |= named.kinds.test(place(Kind::rpn)) || named.kinds.test(place(Kind::nrpn));
  };
  if (names_wide(pattern)) add_kinds(pattern);
  for (const Pattern& one : pattern.of) names_wide(one) ? add_kinds(one) : add(one, joins);
}

} // namespace

void Joiner::want(const Script& script) {
  joins_ = {{}, false};
  // What stands behind a "then" sees what comes in, too.
  for_each_rule(script, [this](const Rule& rule) { add(rule.pattern, joins_); });
  decoders_.clear();
}

void Joiner::remove(PortId port) {
  std::erase_if(holding_, [port](const Holding& one) { return one.port == port; });
}

// A value that was joined has the relative times of all that it was made of.
Event Joiner::in_time(const Event& event) {
  Event timed = event;
  if (event.time_form != TimeForm::relative) return timed;
  const bool is_wide = wide_set().test(place(event.kind));
  if (is_wide && holding_.empty()) timed.time = owed_;
  owed_ -= timed.time;
  return timed;
}

ParameterDecoder& Joiner::decoder(PortId port) {
  return decoders_.try_emplace(port, joins_).first->second;
}

} // namespace mm::route
