#include "engine/program.hpp"

#include "actions/nodes.hpp"

#include <algorithm>
#include <utility>

namespace mm::route {

namespace {

class Nowhere final : public Taker {
 public:
  void take(Message& /*message*/) override {}
};

// note N, which has a memory.
const Convert* as_to_note(const Action& action) {
  const auto* const convert = std::get_if<Convert>(&action.form);
  const bool is_it = convert != nullptr && convert->kind == Kind::note_on && convert->to.empty();
  return is_it ? convert : nullptr;
}

bool asks_for_meta(const Pattern& pattern) {
  const bool is_named =
      pattern.op == Pattern::Op::meta || (pattern.op == Pattern::Op::kinds &&
                                          pattern.kinds.test(static_cast<std::size_t>(Kind::meta)));
  return is_named || std::any_of(pattern.of.begin(), pattern.of.end(), asks_for_meta);
}

// Meta events pass rules that do not ask for them, as "not note" or "@keys" do not.
void leave_meta_out(std::vector<Rule>& rules) {
  for (Rule& rule : rules) {
    if (asks_for_meta(rule.pattern) || !may_match(rule.pattern, Kind::meta)) continue;
    Pattern both;
    both.op = Pattern::Op::and_;
    both.of.resize(2); // the first one is "any"
    both.of[1] = std::move(rule.pattern);
    rule.pattern = std::move(both);
  }
}

// Tells --explain of a node before the message comes to it.
class Announcer final : public Node {
 public:
  Announcer(World& world, Taker& node, std::string_view text) : Node(world, node), text_(text) {}
  void take(Message& message) override {
    if (Tracer* const tracer = world().tracer()) tracer->action(text_, message);
    pass(message);
  }

 private:
  std::string_view text_;
};

} // namespace

Program::Program(Script script, World& world, Control& control, Taker& out)
    : script_(std::move(script)), world_(world), control_(control),
      nowhere_(std::make_unique<Nowhere>()) {
  for (Group& group : script_.groups) {
    leave_meta_out(group.rules);
    for (Scene& scene : group.scenes) leave_meta_out(scene.rules);
  }
  world.add_variables(script_.variables.size());
  groups_.resize(script_.groups.size());
  Taker* next = &out;
  for (std::size_t i = groups_.size(); i-- > 0;) {
    groups_[i].rules = std::make_unique<Ruleset>(world, *next);
    build(script_.groups[i], groups_[i], *next);
    next = groups_[i].rules.get();
  }
  for (const auto& node : nodes_) node->count_waiting_in(waiting_);
  const bool keys_pass =
      all_pass(Kind::note_off) && all_pass(Kind::note_on) && all_pass(Kind::poly_pressure);
  for (std::size_t i = 0; i < kind_count; ++i)
    passes_[i] = has_key(static_cast<Kind>(i)) ? keys_pass : all_pass(static_cast<Kind>(i));
}

void Program::build(const Group& group, Compiled& compiled, Taker& out) {
  std::vector<std::uint32_t> common;
  add_rules(group.rules, {}, compiled, out, common);
  std::vector<std::pair<std::uint32_t, std::vector<std::uint32_t>>> scenes;
  for (const Scene& scene : group.scenes) {
    std::vector<std::uint32_t> numbers = common;
    const std::size_t begin = nodes_.size();
    add_rules(scene.rules, scene.name, compiled, out, numbers);
    scene_nodes_.push_back({scene.name, begin, nodes_.size()});
    scenes.emplace_back(scene.name, std::move(numbers));
  }
  compiled.rules->add_scene({}, common);
  for (auto& [name, numbers] : scenes) compiled.rules->add_scene(name, std::move(numbers));
}

void Program::add_rules(const std::vector<Rule>& rules, std::optional<std::uint32_t> scene,
                        Compiled& compiled, Taker& out, std::vector<std::uint32_t>& numbers) {
  for (const Rule& rule : rules) {
    Taker& first = compile(rule, *compiled.rules, out);
    if (rule.on == Rule::On::event)
      numbers.push_back(compiled.rules->add_rule(rule, first));
    else
      compiled.occasions.push_back({rule.on, scene, &first});
  }
}

Segment& Program::new_segment(Taker& next, Taker& out, bool for_releases) {
  auto segment = std::make_unique<Segment>(world_, next, out, for_releases);
  Segment& made = *segment;
  nodes_.push_back(std::move(segment));
  return made;
}

// From its last action to its first one.
Taker& Program::compile(const Rule& rule, Ruleset& rules, Taker& out) {
  const bool is_event = rule.on == Rule::On::event;
  const bool for_releases = is_event && Ruleset::is_for_releases(rule.pattern);
  Taker* next = is_event ? &rules.end(for_releases) : nowhere_.get();
  std::size_t end = rule.actions.size();
  while (end > 0) {
    const Action& last = rule.actions[end - 1];
    const Convert* const to_note = as_to_note(last);
    if (to_note != nullptr || needs_node(last)) {
      nodes_.push_back(to_note != nullptr ? std::make_unique<ToNote>(*to_note, world_, *next)
                                          : make_node(last, world_, *next));
      if (world_.tracer() != nullptr)
        nodes_.push_back(std::make_unique<Announcer>(world_, *nodes_.back(), last.text));
      next = nodes_.back().get();
      --end;
      continue;
    }
    std::size_t begin = end;
    while (begin > 0 && as_to_note(rule.actions[begin - 1]) == nullptr &&
           !needs_node(rule.actions[begin - 1]))
      --begin;
    Segment& segment = new_segment(*next, out, for_releases);
    for (std::size_t i = begin; i < end; ++i) {
      const Action& action = rule.actions[i];
      if (auto op = make_op(action, world_, control_, for_releases))
        segment.add(std::move(op), action.text);
    }
    if (!segment.is_empty()) next = &segment;
    end = begin;
  }
  return *next;
}

// Whether no group has anything to do with it.
bool Program::all_pass(Kind kind) const {
  return std::all_of(groups_.begin(), groups_.end(),
                     [kind](const Compiled& group) { return group.rules->passes(kind); });
}

void Program::choose_scene(std::uint32_t scene) {
  for (Compiled& group : groups_) group.rules->choose(scene);
}

void Program::run(Rule::On on, std::optional<std::uint32_t> scene) {
  for (Compiled& group : groups_)
    for (const Occasion& occasion : group.occasions) {
      if (occasion.on != on || occasion.scene != scene) continue;
      Message nothing;
      nothing.event = make_meta("");
      occasion.first->take(nothing);
    }
}

void Program::rest(std::uint32_t scene) {
  for (std::size_t at = scene_nodes_.size(); at-- > 0;) {
    const SceneNodes& some = scene_nodes_[at];
    if (some.scene != scene) continue;
    for (std::size_t i = some.end; i-- > some.begin;) nodes_[i]->rest();
  }
}

void Program::release_port(PortId port) {
  first().release_port(port);
  for (std::size_t i = nodes_.size(); i-- > 0;) nodes_[i]->release_port(port);
}

void Program::let_go() {
  // Those nearest to the input last were made last.
  for (std::size_t i = nodes_.size(); i-- > 0;) nodes_[i]->let_go();
}

void Program::forget() {
  for (const auto& node : nodes_) node->forget();
  // Behind the first group nothing of these keys arrives.
  for (Compiled& group : groups_) group.rules->forget(&group == &groups_.front());
}

std::vector<const Rule*> Program::unreachable() const {
  std::vector<const Rule*> all;
  for (const Compiled& group : groups_) {
    const auto some = group.rules->unreachable();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

} // namespace mm::route
