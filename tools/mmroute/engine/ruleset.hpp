// Rules of which the first one that matches decides: what stands between two "then".
#pragma once

#include "engine/held_keys.hpp"
#include "language/syntax.hpp"
#include "tables/index.hpp"
#include "world/message.hpp"
#include "world/table.hpp"
#include "world/world.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace mm::route {

class Ruleset final : public Taker {
 public:
  // Where what no rule takes goes, and what rules have left of messages.
  Ruleset(World& world, Taker& next);
  Ruleset(const Ruleset&) = delete;
  Ruleset& operator=(const Ruleset&) = delete;
  ~Ruleset() override;

  // --- built once ---

  // Where a rule's actions lead to in the end: next; or, of a rule for note-offs, here first.
  [[nodiscard]] Taker& end(bool for_releases);
  // Adds a rule whose first action is `first`. Returns its number.
  std::uint32_t add_rule(const Rule& rule, Taker& first);
  // The rules of a scene in their order, by number; the scene is given by its place in the script.
  // Without a scene: the rules that count while no scene of this group is chosen.
  void add_scene(std::optional<std::uint32_t> scene, std::vector<std::uint32_t> rules);
  // Rules that no event reaches.
  [[nodiscard]] std::vector<const Rule*> unreachable() const;

  // --- playing ---

  void take(Message& message) override;
  void choose(std::uint32_t scene);
  // Whether a key is down whose note went through here.
  [[nodiscard]] bool holds(const Message& note) const {
    return keys_.has(note.port, note.event.channel(), note.event.arg[1]);
  }
  [[nodiscard]] std::size_t held() const { return keys_.count(); }
  // The same without those of ports.
  [[nodiscard]] std::size_t held_without_port() const { return keys_.count_of(0); }
  // The note-on of that note-off has passed, though it was not taken here.
  void hold(const Event& note_off) { keys_.add(0, note_off.channel(), note_off.arg[1], 0); }
  // Whether no rule of any scene has anything to do with that kind.
  [[nodiscard]] bool passes(Kind kind) const;
  // The port has gone: its keys are up.
  void release_port(PortId port);
  // All is silent. Keys that are down (`keeps_keys`) have no note any more: their note-offs end
  // here.
  void forget(bool keeps_keys);

  // Whether a rule can match a note-off (poly pressure) and no note-on.
  static bool is_for_releases(const Pattern& pattern);
  static bool is_for_pressure(const Pattern& pattern);

 private:
  struct Compiled {
    const Rule* rule;
    Taker* first;
    bool goes_on;
    bool is_other; // "else"
  };
  // An index of some of the rules.
  struct Chosen {
    std::vector<std::uint32_t> rules;
    std::unique_ptr<Index> index; // none: there are no rules
  };
  struct SceneRules {
    std::optional<std::uint32_t> scene;
    Chosen all;
    Chosen releases;
    Chosen pressures;
  };
  // What rules for note-offs leave of the note-off.
  class Tail;

  [[nodiscard]] Chosen choose_rules(const std::vector<std::uint32_t>& rules) const;
  [[nodiscard]] Look look(const Message& message, Kind kind) const;
  bool dispatch(Message& message, const Look& look, const Chosen& chosen, bool is_note_on);
  void take_note_on(Message& message);
  void take_note_off(Message& message);
  void follow(Message& message);
  void give(std::uint32_t taker, Message& message);
  [[nodiscard]] bool remembers() const { return uses_before_ || uses_held_; }
  void take_pressure(Message& message);
  void take_plain(Message& message, Kind kind);
  void act_on_release(Message& message);
  void remember(const Message& message, Kind kind);

  World& world_;
  Taker& next_;
  std::vector<Compiled> rules_;
  std::vector<SceneRules> scenes_;
  const SceneRules* now_ = nullptr;
  static constexpr std::uint32_t nobody = UINT32_MAX >> 1; // took a note that was ended since
  HeldKeys keys_;                       // by the rules' numbers + 1; 0: it passed
  std::vector<std::uint32_t> takers_;   // of the note in hand
  std::vector<std::uint32_t> matching_; // rules, while they are looked for and act
  std::unique_ptr<Tail> tail_;
  bool uses_before_ = false;
  bool uses_held_ = false;
  Table<std::int32_t> before_; // the last value of each controller, note, ...
  Table<Nanoseconds> pressed_; // since when each is down
};

} // namespace mm::route
