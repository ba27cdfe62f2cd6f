#include "advice.hpp"

#include "language/attributes.hpp"
#include "tables/index.hpp"

#include <algorithm>

namespace mm::route {

namespace {

KindSet of(std::initializer_list<Kind> kinds) {
  KindSet set;
  for (const Kind kind : kinds) set.set(static_cast<std::size_t>(kind));
  return set;
}

template <class Which> KindSet kinds_where(Which&& which) {
  KindSet set;
  for (const KindInfo& row : kind_table)
    if (which(row.kind)) set.set(static_cast<std::size_t>(row.kind));
  return set;
}

KindSet with_key() { return kinds_where(has_key); }
KindSet with_channel() {
  return kinds_where([](Kind kind) { return info(kind).has_channel(); });
}
KindSet with_value_and_channel() {
  return kinds_where([](Kind kind) { return has_value(kind) && info(kind).has_channel(); });
}
KindSet notes() { return of({Kind::note_on, Kind::note_off}); }
KindSet buttons() {
  return of({Kind::note_on, Kind::note_off, Kind::control_change, Kind::channel_pressure,
             Kind::cc14, Kind::rpn, Kind::nrpn});
}

// The kinds that an action does something to.
struct ActsOn {
  KindSet operator()(const Put& put) const {
    return put.what == Attribute::key ? with_key() : with_channel();
  }
  KindSet operator()(const Map& map) const {
    return map.what == Attribute::key ? with_key() : with_channel();
  }
  KindSet operator()(const Transpose& /*form*/) const { return with_key(); }
  KindSet operator()(const Snap& /*form*/) const { return with_key(); }
  KindSet operator()(const Chord& /*form*/) const { return with_key(); }
  KindSet operator()(const Shape& shape) const {
    return shape.is_velocity ? notes() : kinds_where(has_value) & ~notes();
  }
  KindSet operator()(const Convert& convert) const {
    return convert.to.empty() ? with_value_and_channel() : of({convert.kind});
  }
  KindSet operator()(const BendRange& /*form*/) const { return of({Kind::pitch_bend}); }
  KindSet operator()(const Toggle& /*form*/) const { return buttons(); }
  KindSet operator()(const Long& /*form*/) const { return buttons(); }
  KindSet operator()(const Latch& /*form*/) const { return notes(); }
  KindSet operator()(const Voices& /*form*/) const { return notes(); }
  KindSet operator()(const Pedal& /*form*/) const { return notes(); }
  KindSet operator()(const Relative& /*form*/) const { return of({Kind::control_change}); }
  KindSet operator()(const Echo& /*form*/) const { return notes(); }
  KindSet operator()(const Length& /*form*/) const { return notes(); }
  KindSet operator()(const Hold& /*form*/) const { return notes(); }
  KindSet operator()(const Strum& /*form*/) const { return notes(); }
  KindSet operator()(const Quantize& /*form*/) const { return notes(); }
  KindSet operator()(const Humanize& /*form*/) const { return notes(); }
  KindSet operator()(const Arpeggio& /*form*/) const { return notes(); }
  KindSet operator()(const Multiply& /*form*/) const { return of({Kind::clock}); }
  KindSet operator()(const Spread& /*form*/) const { return with_channel(); }
  KindSet operator()(const Fold& /*form*/) const { return with_channel(); }
  // Whatever it is, as a port, a delay, a "send".
  template <class Form> KindSet operator()(const Form& /*form*/) const { return KindSet().set(); }
};

// What becomes of the kinds.
KindSet after(const Action& action, const KindSet& kinds) {
  const auto* const convert = std::get_if<Convert>(&action.form);
  if (convert == nullptr || !convert->to.empty() || (kinds & with_value_and_channel()).none())
    return kinds;
  KindSet made = of({convert->kind});
  if (convert->kind == Kind::note_on) made |= notes();
  return (kinds & ~with_value_and_channel()) | made;
}

// Which variables some rule sets, by their places.
std::vector<bool> find_set(const Script& script) {
  std::vector<bool> is_set(script.variables.size(), false);
  for_each_rule(script, [&](const Rule& rule) {
    for (const Action& action : rule.actions) {
      if (const auto* const set = std::get_if<SetVariable>(&action.form))
        is_set[set->variable] = true;
      if (const auto* const count = std::get_if<Count>(&action.form))
        is_set[count->variable] = true;
    }
  });
  return is_set;
}

void look_at(const Rule& rule, const Pattern& pattern, const Script& script,
             std::vector<bool>& is_known, std::vector<Advice>& all) {
  for (const Pattern& part : pattern.of) look_at(rule, part, script, is_known, all);
  if (pattern.op != Pattern::Op::variable || is_known[pattern.variable]) return;
  is_known[pattern.variable] = true; // once is enough
  all.push_back({&rule, rule.place,
                 "no rule sets '" + script.variables[pattern.variable] + "': it is always 0"});
}

void look_at_actions(const Rule& rule, std::vector<Advice>& all) {
  if (rule.on != Rule::On::event) return;
  KindSet kinds = kinds_where([&](Kind kind) { return may_match(rule.pattern, kind); });
  if (kinds.none()) return; // which is said elsewhere
  for (const Action& action : rule.actions) {
    if ((kinds & std::visit(ActsOn{}, action.form)).none())
      all.push_back(
          {&rule, action.place, "'" + action.text + "' does nothing to events of these kinds"});
    kinds = after(action, kinds);
  }
}

} // namespace

std::vector<Advice> find_useless(const Script& script) {
  std::vector<Advice> all;
  std::vector<bool> is_known = find_set(script);
  for_each_rule(script, [&](const Rule& rule) {
    look_at(rule, rule.pattern, script, is_known, all);
    look_at_actions(rule, all);
  });
  return all;
}

} // namespace mm::route
