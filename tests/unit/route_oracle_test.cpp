// Which rules of mmroute take an event, beside an interpreter that asks one rule after the other.
#include "mmroute/tables/index.hpp"
#include "route_player.hpp"
#include "route_random.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace mm::route {
namespace {

using test::Lines;
using test::Random;
using test::Routed;

// The rules that random rules begin with set variables, some of them by the way; all others send on
// to a port of their own.
constexpr std::size_t setting = 3;

std::string setting_rule(Random& random, std::size_t number) {
  const std::string does = " -> set v" + std::to_string(number) + " {value % 5}, ";
  if (random.one_in(2)) return "cc" + does + "drop, also";
  return "cc " + std::to_string(20 + number) + does + "drop";
}

std::string port_of(std::size_t rule) { return "r" + std::to_string(rule); }

std::string random_rules(Random& random) {
  const test::RuleForms forms{.holds = false,
                              .has_nodes = false,
                              .acts = false,
                              .has_scenes = false,
                              .has_memory = false,
                              .most = random.one_in(10) ? 200U : 12U};
  std::string all;
  std::size_t number = 0;
  for (const std::string& rule : test::RandomRules(random, forms).make()) {
    const std::string pattern = rule.substr(0, rule.find(" -> "));
    const std::string also = rule.ends_with(", also") ? ", also" : "";
    all += number < setting ? setting_rule(random, number)
                            : pattern + " -> @" + port_of(number) + also;
    all += '\n';
    ++number;
  }
  return all;
}

bool asks_for_meta(const Pattern& pattern) {
  return pattern.op == Pattern::Op::meta ||
         (pattern.op == Pattern::Op::kinds &&
          pattern.kinds.test(static_cast<std::size_t>(Kind::meta))) ||
         std::any_of(pattern.of.begin(), pattern.of.end(), asks_for_meta);
}

// Slow, and plain.
class Interpreter {
 public:
  explicit Interpreter(const std::vector<Rule>& rules) : rules_(rules), variables_(setting) {}

  Lines take(const Event& event) {
    out_.clear();
    const Kind kind = kind_in_rules(event);
    const Key key{std::string(event.port), event.arg[0], event.arg[1]};
    const bool is_held = has_key(kind) && kind != Kind::note_on && held_.contains(key);
    const auto only_pressure = [](const Rule& rule) {
      return may_match(rule.pattern, Kind::poly_pressure) &&
             !may_match(rule.pattern, Kind::note_on);
    };
    if (!is_held) {
      if (!dispatch(event, kind, [](const Rule&) { return true; })) pass(event, key, kind, 0);
    } else if (kind == Kind::note_off || !dispatch(event, kind, only_pressure)) {
      for (const std::size_t taker : held_[key]) send(event, taker);
      if (kind == Kind::note_off) held_.erase(key);
    }
    return out_;
  }

 private:
  using Key = std::tuple<std::string, int, int>;

  template <class Which> bool dispatch(const Event& event, Kind kind, const Which& which) {
    const Key key{std::string(event.port), event.arg[0], event.arg[1]};
    bool is_taken = false;
    const std::vector<std::int32_t> variables = variables_; // as they are before a rule acts
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      const Rule& rule = rules_[i];
      if (!which(rule) || (rule.pattern.op == Pattern::Op::other && is_taken)) continue;
      if (kind == Kind::meta && !asks_for_meta(rule.pattern)) continue;
      if (!matches(rule.pattern, {&event, kind, variables})) continue;
      is_taken = true;
      pass(event, key, kind, i + 1);
      if (!rule.goes_on) return true;
    }
    return false;
  }

  // To the rule of that number, counted from 1; 0: to none.
  void pass(const Event& event, const Key& key, Kind kind, std::size_t taker) {
    if (kind == Kind::note_on) {
      auto& takers = held_[key];
      if (std::find(takers.begin(), takers.end(), taker) == takers.end()) takers.push_back(taker);
    }
    send(event, taker);
  }

  void send(Event event, std::size_t taker) {
    if (taker >= 1 && taker <= setting) {
      variables_[taker - 1] = event.arg[2] % 5;
      return;
    }
    const std::string port = taker == 0 ? std::string(event.port) : port_of(taker - 1);
    event.port = port;
    out_.push_back(test::text_of(event));
  }

  const std::vector<Rule>& rules_;
  std::vector<std::int32_t> variables_;
  std::map<Key, std::vector<std::size_t>> held_;
  Lines out_;
};

TEST(RouteOracle, the_same_rules_take_an_event) {
  constexpr std::uint64_t cases = 1500;
  for (std::uint64_t seed = 1; seed <= cases; ++seed) {
    Random random(seed);
    const std::string rules = random_rules(random);
    const Text text{"rules", rules};
    const ParsedRules parsed = parse_rules(std::span(&text, 1));
    ASSERT_EQ(parsed.faults, Lines{}) << rules;
    Routed routed(rules);
    Interpreter interpreter(parsed.script.groups.front().rules);
    std::string played;
    const test::PlayForms forms{.reloads = false};
    for (const test::Step& step : make_playing(random, forms, {})) {
      if (step.event.empty() || step.event.starts_with(":disconnected")) continue;
      played += step.event + '\n';
      const Lines expected = interpreter.take(test::event_of(step.event));
      ASSERT_EQ(routed.play(step.event), expected) << "seed " << seed << '\n' << rules << played;
    }
  }
}

} // namespace
} // namespace mm::route
