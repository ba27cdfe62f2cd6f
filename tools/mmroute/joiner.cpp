#include "joiner.hpp"

#include <algorithm>

namespace mm::route {

namespace {

constexpr std::size_t place(Kind kind) { return static_cast<std::size_t>(kind); }

KindSet wide_set() {
  KindSet wide;
  for (const Kind kind : {Kind::cc14, Kind::rpn, Kind::nrpn}) wide.set(place(kind));
  return wide;
}

// The wide kinds that a pattern names; groups that have them among others do not count.
KindSet wide_kinds(const Pattern& pattern) {
  KindSet named;
  if (pattern.op == Pattern::Op::kinds && (pattern.kinds & ~wide_set()).none())
    named = pattern.kinds;
  for (const Pattern& one : pattern.of) named |= wide_kinds(one);
  return named;
}

} // namespace

void Joiner::want(const Script& script) {
  KindSet named;
  // What stands behind a "then" sees what comes in, too.
  for (const Group& group : script.groups) {
    for (const Rule& rule : group.rules) named |= wide_kinds(rule.pattern);
    for (const Scene& scene : group.scenes)
      for (const Rule& rule : scene.rules) named |= wide_kinds(rule.pattern);
  }
  joins_.cc14 = named.test(place(Kind::cc14));
  joins_.parameters = named.test(place(Kind::rpn)) || named.test(place(Kind::nrpn));
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
