#include "run.hpp"

#include "advice.hpp"
#include "dot.hpp"
#include "engine/router.hpp"
#include "explain.hpp"
#include "rules.hpp"
#include "stage.hpp"
#include "text/faults.hpp"

#include <algorithm>
#include <utility>

namespace mm::route {

namespace {

class Nothing final : public Sink {
  void begin(Nanoseconds /*time*/, bool /*is_timed*/) override {}
  void put(Event& /*event*/, bool /*is_changed*/) override {}
  void silence() override {}
};

// "FILE:LINE:COLUMN: what", the rule, and a caret.
void advise(const Options& options, const Rule& rule, const Place& place, const std::string& what) {
  const auto& files = options.files;
  const std::string name = place.text < files.size()
                               ? files[place.text]
                               : "rule " + std::to_string(place.text - files.size() + 1);
  // The rule's text is on one line, whatever the file has: the caret stands there if it can.
  const bool is_first_line = place.line == rule.place.line && place.column >= rule.place.column;
  const std::size_t column = is_first_line ? place.column - rule.place.column : 0;
  complain(text().name, name + ':' + std::to_string(place.line + 1) + ':' +
                            std::to_string(place.column + 1) + ": " + what + '\n' +
                            show_fault(rule.text, column));
}

// The rules are right; but some of them may be of no use.
Ended check(const Options& options, Script script) {
  Nothing nothing;
  World world(Tempo(), options.seed);
  Router router(world, nothing);
  const auto program = router.compile(std::move(script));
  for (const Rule* const rule : program->unreachable())
    advise(options, *rule, rule->place,
           "no event comes here: none can meet it, or the rules before it take them");
  for (const Advice& advice : find_useless(program->script()))
    advise(options, *advice.rule, advice.place, advice.what);
  return {};
}

} // namespace

Ended run(const Options& options) {
  auto script = load_rules(options);
  if (!script) {
    complain(text().name, script.error().what);
    return {script.error().status, 0};
  }
  const std::vector<std::string>& scenes = script.value().scenes;
  if (!options.scene.empty() &&
      std::find(scenes.begin(), scenes.end(), options.scene) == scenes.end()) {
    complain(text().name, "--scene " + options.scene + ": the rules have no such scene");
    return {exit_usage, 0};
  }
  if (options.check) return check(options, std::move(script.value()));
  if (options.dot) return print(text().name, to_dot(script.value()));
  if (!options.explain.empty()) return explain(options, std::move(script.value()));
  Stage stage(options, std::move(script.value()));
  return stage.run();
}

} // namespace mm::route
