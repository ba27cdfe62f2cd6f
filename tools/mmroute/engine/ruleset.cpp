#include "engine/ruleset.hpp"

#include <algorithm>
#include <utility>

namespace mm::route {

namespace {

// What has a value, as a number.
std::uint64_t source_of(const Message& message, Kind kind) {
  // Both sides of a note are one thing.
  const Kind thing = kind == Kind::note_off ? Kind::note_on : kind;
  const int channel = info(kind).has_channel() ? message.event.channel() : 1;
  const bool is_numbered = has_number(kind) && kind != Kind::program_change;
  return place_of(thing, message.port, channel, is_numbered ? number_of(message.event) : 0);
}

bool has_op(const Pattern& pattern, Pattern::Op op) {
  return pattern.op == op || std::any_of(pattern.of.begin(), pattern.of.end(),
                                         [&](const Pattern& one) { return has_op(one, op); });
}

} // namespace

class Ruleset::Tail final : public Taker {
 public:
  explicit Tail(Taker& next) : next_(next) {}

  enum class Does : std::uint8_t {
    nothing, // a note-off that comes late, since a rule delayed it: its note has ended long since
    keeps,   // the velocity; the note-off goes after its note-on
    passes,  // one whose note-on was never seen
  };
  void begin(Does does, int velocity) {
    does_ = does;
    velocity_ = velocity;
  }
  // The velocity, which a rule may have changed.
  int end() {
    does_ = Does::nothing;
    return velocity_;
  }

  void take(Message& message) override {
    if (kind_in_rules(message.event) != Kind::note_off || does_ == Does::passes)
      return next_.take(message);
    if (does_ == Does::keeps) velocity_ = message.event.arg[2];
  }

 private:
  Taker& next_;
  int velocity_ = 0;
  Does does_ = Does::nothing;
};

Ruleset::Ruleset(World& world, Taker& next)
    : world_(world), next_(next), tail_(std::make_unique<Tail>(next)) {}

Ruleset::~Ruleset() = default;

bool Ruleset::is_for_releases(const Pattern& pattern) {
  return may_match(pattern, Kind::note_off) && !may_match(pattern, Kind::note_on);
}
bool Ruleset::is_for_pressure(const Pattern& pattern) {
  return may_match(pattern, Kind::poly_pressure) && !may_match(pattern, Kind::note_on);
}

Taker& Ruleset::end(bool for_releases) { return for_releases ? *tail_ : next_; }

std::uint32_t Ruleset::add_rule(const Rule& rule, Taker& first) {
  const Pattern& pattern = rule.pattern;
  rules_.push_back({&rule, &first, rule.goes_on, pattern.op == Pattern::Op::other});
  uses_before_ |= has_op(pattern, Pattern::Op::rises) || has_op(pattern, Pattern::Op::falls);
  uses_held_ |= has_op(pattern, Pattern::Op::held);
  return static_cast<std::uint32_t>(rules_.size()) - 1;
}

Ruleset::Chosen Ruleset::choose_rules(const std::vector<std::uint32_t>& rules) const {
  Chosen chosen;
  if (rules.empty()) return chosen;
  std::vector<const Pattern*> patterns;
  std::vector<bool> decides;
  for (const std::uint32_t number : rules) {
    patterns.push_back(&rules_[number].rule->pattern);
    // "else" may be passed over, by an event that an "also" has taken.
    decides.push_back(!rules_[number].goes_on && !rules_[number].is_other);
  }
  chosen.rules = rules;
  chosen.index = std::make_unique<Index>(patterns, decides);
  return chosen;
}

void Ruleset::add_scene(std::optional<std::uint32_t> scene, std::vector<std::uint32_t> rules) {
  std::vector<std::uint32_t> releases;
  std::vector<std::uint32_t> pressures;
  for (const std::uint32_t number : rules) {
    if (is_for_releases(rules_[number].rule->pattern)) releases.push_back(number);
    if (is_for_pressure(rules_[number].rule->pattern)) pressures.push_back(number);
  }
  matching_.reserve(rules.size());
  scenes_.push_back({scene, choose_rules(rules), choose_rules(releases), choose_rules(pressures)});
  now_ = scenes_.data();
}

void Ruleset::choose(std::uint32_t scene) {
  const auto at = std::find_if(scenes_.begin(), scenes_.end(),
                               [&](const SceneRules& one) { return one.scene == scene; });
  now_ = at == scenes_.end() ? scenes_.data() : &*at;
}

bool Ruleset::passes(Kind kind) const {
  return std::all_of(scenes_.begin(), scenes_.end(), [kind](const SceneRules& scene) {
    return !scene.all.index || scene.all.index->passes(kind);
  });
}

std::vector<const Rule*> Ruleset::unreachable() const {
  std::vector<bool> reached(rules_.size(), false);
  for (const SceneRules& scene : scenes_) {
    std::vector<bool> here(scene.all.rules.size(), true);
    if (scene.all.index)
      for (const std::uint32_t place : scene.all.index->unreachable()) here[place] = false;
    for (std::size_t i = 0; i < here.size(); ++i)
      if (here[i]) reached[scene.all.rules[i]] = true;
  }
  std::vector<const Rule*> lost;
  for (std::size_t i = 0; i < rules_.size(); ++i)
    if (!reached[i]) lost.push_back(rules_[i].rule);
  return lost;
}

// --- playing ---

void Ruleset::take(Message& message) {
  message.follows = false; // a group before this one has said so
  const Kind kind = kind_in_rules(message.event);
  switch (kind) {
  case Kind::note_on: return take_note_on(message);
  case Kind::note_off: return take_note_off(message);
  case Kind::poly_pressure: return take_pressure(message);
  default: return take_plain(message, kind);
  }
}

Look Ruleset::look(const Message& message, Kind kind) const {
  Look look{&message.event, kind, world_.variables(), world_.variables_state(),
            world_.changed_variables()};
  if (uses_before_)
    if (const auto* const value = before_.find(source_of(message, kind))) look.before = *value;
  if (uses_held_)
    if (const auto* const since = pressed_.find(source_of(message, kind)))
      if (kind == Kind::note_off || (has_value(kind) && value_of(message.event) == 0))
        look.held = world_.now() - *since;
  return look;
}

void Ruleset::remember(const Message& message, Kind kind) {
  constexpr std::size_t most = 65'536; // things; then those that come back are new ones
  if (!has_value(kind)) return;
  const std::uint64_t source = source_of(message, kind);
  const int value = kind == Kind::note_off ? 0 : value_of(message.event);
  if (uses_before_) {
    if (before_.size() >= most) before_.clear();
    before_[source] = value;
  }
  if (!uses_held_) return;
  if (pressed_.size() >= most) pressed_.clear();
  if (value == 0)
    pressed_.erase(source);
  else if (pressed_.find(source) == nullptr || kind == Kind::note_on)
    pressed_[source] = world_.now();
}

// Whether a rule has decided. Which rules take the message is settled before one of them acts, so
// that none sees what another one sets.
bool Ruleset::dispatch(Message& message, const Look& look, const Chosen& chosen, bool is_note_on) {
  if (!chosen.index) return false;
  matching_.clear();
  bool is_decided = false;
  for (const Index::Candidate& candidate : chosen.index->find(look)) {
    const std::uint32_t number = chosen.rules[candidate.rule];
    const Compiled& rule = rules_[number];
    if (rule.is_other && !matching_.empty()) continue;
    if (!candidate.is_certain && !matches(rule.rule->pattern, look)) continue;
    matching_.push_back(number);
    is_decided = !rule.goes_on;
    if (is_decided) break;
  }
  for (const std::uint32_t number : matching_) {
    const Compiled& rule = rules_[number];
    if (Tracer* const tracer = world_.tracer()) tracer->rule(rule.rule->text, message);
    if (is_note_on)
      keys_.add(message.port, message.event.channel(), message.event.arg[1], number + 1);
    if (rule.goes_on) {
      Message copy = message;
      rule.first->take(copy);
    } else {
      rule.first->take(message);
    }
  }
  return is_decided;
}

void Ruleset::take_note_on(Message& message) {
  const Look look = this->look(message, Kind::note_on);
  if (remembers()) remember(message, Kind::note_on);
  if (dispatch(message, look, now_->all, true)) return;
  keys_.add(message.port, message.event.channel(), message.event.arg[1], 0);
  next_.take(message);
}

void Ruleset::take_note_off(Message& message) {
  if (!now_->releases.index && !remembers()) {
    const auto only =
        keys_.remove_only(message.port, message.event.channel(), message.event.arg[1]);
    if (only) return give(*only, message);
  }
  if (!holds(message)) return take_plain(message, Kind::note_off);
  if (now_->releases.index) act_on_release(message);
  if (remembers()) remember(message, Kind::note_off);
  follow(message);
}

void Ruleset::give(std::uint32_t taker, Message& message) {
  if (taker == nobody) return;
  if (taker == 0) return next_.take(message);
  const Compiled& rule = rules_[taker - 1];
  if (Tracer* const tracer = world_.tracer()) tracer->rule(rule.rule->text, message);
  rule.first->take(message);
}

// Rules for note-offs do what they do; the note-off itself goes after its note-on in any case.
void Ruleset::act_on_release(Message& message) {
  tail_->begin(Tail::Does::keeps, message.event.arg[2]);
  Message copy = message;
  dispatch(copy, look(message, Kind::note_off), now_->releases, false);
  const int velocity = tail_->end();
  if (message.event.arg[2] == velocity) return;
  // A note-on with velocity 0 has none that could be told.
  message.event.kind = Kind::note_off;
  message.event.arg[2] = static_cast<std::int16_t>(velocity);
  message.is_changed = true;
}

void Ruleset::take_pressure(Message& message) {
  if (!holds(message)) return take_plain(message, Kind::poly_pressure);
  const Look look = this->look(message, Kind::poly_pressure);
  if (uses_before_) remember(message, Kind::poly_pressure);
  if (now_->pressures.index && dispatch(message, look, now_->pressures, false)) return;
  follow(message);
}

// A note-off or poly pressure goes to whatever has taken the note-on.
void Ruleset::follow(Message& message) {
  const Event note = message.event;
  const PortId port = message.port;
  // What they do may come back to the keys.
  takers_.clear();
  keys_.for_each(port, note.channel(), note.arg[1],
                 [&](std::uint32_t taker) { takers_.push_back(taker); });
  if (kind_in_rules(note) == Kind::note_off) keys_.remove(port, note.channel(), note.arg[1]);
  for (const std::uint32_t taker : takers_) {
    Message copy = message;
    copy.follows = true;
    give(taker, copy);
  }
}

void Ruleset::take_plain(Message& message, Kind kind) {
  if (!now_->all.index) return next_.take(message);
  const Look look = this->look(message, kind);
  if (remembers()) remember(message, kind);
  const bool is_off = kind == Kind::note_off;
  if (is_off) tail_->begin(Tail::Does::passes, 0);
  if (!dispatch(message, look, now_->all, false)) next_.take(message);
  if (is_off) tail_->end();
}

void Ruleset::release_port(PortId port) {
  keys_.for_each_of(port, [&](int channel, int note) {
    constexpr int velocity = 64; // MIDI 1.0: of a note-off that measures none
    Message off;
    off.event = make_event(Kind::note_off, channel, note, velocity);
    off.event.port = world_.ports().name(port);
    off.port = port;
    off.is_changed = true;
    follow(off);
  });
  keys_.forget_port(port);
}

void Ruleset::forget(bool keeps_keys) {
  if (keeps_keys)
    keys_.give_all_to(nobody);
  else
    keys_.clear();
  before_.clear();
  pressed_.clear();
}

} // namespace mm::route
