// Rules, compiled: what makes an event go through them.
#pragma once

#include "actions/op.hpp"
#include "actions/segment.hpp"
#include "actions/to_note.hpp"
#include "engine/ruleset.hpp"
#include "language/syntax.hpp"
#include "world/node.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mm::route {

class Program {
 public:
  // What comes out of the last group goes to `out`. The script's variables are those of the world.
  Program(Script script, World& world, Control& control, Taker& out);

  [[nodiscard]] const Script& script() const { return script_; }

  // Where events come in.
  [[nodiscard]] Ruleset& first() { return *groups_.front().rules; }
  // Whether a key is down whose note came in here.
  [[nodiscard]] bool holds(const Message& note) { return first().holds(note); }
  // Whether no rule has anything to do with that kind: what comes in goes out. Of notes, where this
  // is so of all that has a key.
  [[nodiscard]] bool passes(Kind kind) const { return passes_[static_cast<std::size_t>(kind)]; }
  // Whether no key is down whose note came in here, and nothing waits.
  [[nodiscard]] bool is_idle() { return first().held() == 0 && waiting_ == 0; }

  void choose_scene(std::uint32_t scene);
  // Runs the "enter" (or "leave") rules of the scene, or with no scene those that stand outside of
  // scenes.
  void run(Rule::On on, std::optional<std::uint32_t> scene);

  // The scene has ended: what its rules keep sounding without a key is released.
  void rest(std::uint32_t scene);
  void release_port(PortId port);
  void let_go();
  void forget();

  // Rules that no event reaches.
  [[nodiscard]] std::vector<const Rule*> unreachable() const;

 private:
  // A rule for when a scene begins or ends.
  struct Occasion {
    Rule::On on;
    std::optional<std::uint32_t> scene;
    Taker* first;
  };
  // The nodes of a scene's rules in a group, by their places.
  struct SceneNodes {
    std::uint32_t scene;
    std::size_t begin;
    std::size_t end;
  };
  struct Compiled {
    std::unique_ptr<Ruleset> rules;
    std::vector<Occasion> occasions;
  };

  [[nodiscard]] bool all_pass(Kind kind) const;
  void build(const Group& group, Compiled& compiled, Taker& out);
  Taker& compile(const Rule& rule, Ruleset& rules, Taker& out);
  Segment& new_segment(Taker& next, Taker& out, bool for_releases);
  void add_rules(const std::vector<Rule>& rules, std::optional<std::uint32_t> scene,
                 Compiled& compiled, Taker& out, std::vector<std::uint32_t>& numbers);

  Script script_;
  World& world_;
  Control& control_;
  std::unique_ptr<Taker> nowhere_; // where rules without an event end
  std::size_t waiting_ = 0;        // messages of the nodes
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<SceneNodes> scene_nodes_;
  std::vector<Compiled> groups_;
  std::array<bool, kind_count> passes_{};
};

} // namespace mm::route
