// Random rules of mmroute and random playing for them: the same for the same seed, everywhere.
#pragma once

#include "event/event.hpp"
#include "random.hpp"

#include <string>
#include <vector>

namespace mm::test {

// What random rules may have.
struct RuleForms {
  bool holds = true;      // what holds notes beyond their keys: latch, toggle, arp, pedals, note N
  bool has_nodes = true;  // what has a memory or takes time
  bool copies = true;     // several messages of one: chord, lists, also, echo, send
  bool acts = true;       // set, count, scene, tap, panic, send
  bool has_scenes = true; // and groups
  bool has_memory = true; // patterns that look at what was before: rises, falls, held
  bool parts_pressure = true; // poly pressure goes elsewhere than its note, or comes of other kinds
  std::size_t most = 8;       // rules
  bool bends_rules = false;   // note-off rules with nodes; notes that others end as well
};

// Rules as lines.
class RandomRules {
 public:
  RandomRules(Random& random, const RuleForms& forms) : random_(random), forms_(forms) {}

  std::vector<std::string> make();

 private:
  // What a pattern matches, as far as actions have to know.
  enum class Of { notes, releases, other };

  template <class... Words> std::string any_of(const Words&... words) {
    const std::string all[] = {std::string(words)...};
    return all[random_.below(sizeof...(words))];
  }
  bool one_in(std::size_t n) { return random_.one_in(n); }
  std::string number(int low, int high) { return std::to_string(random_.between(low, high)); }
  std::string list(int low, int high);
  std::string some(int low, int high); // several numbers
  std::string span(int low, int high); // A..B
  std::string key();
  std::string expression(int depth = 0);
  std::string operand(int low, int high);
  std::string scale();
  std::string duration();
  std::string condition(bool is_for_notes);
  std::string pattern(Of of, int depth = 0);
  std::string note_pattern();
  std::string rule();
  std::string occasion();
  std::string actions(Of of);
  std::string place_action();
  std::string value_action(Of of);
  std::string node_action(Of of, bool& is_note);
  std::string hold_action();
  std::string conversion();
  std::string act(bool is_note);
  std::string sent(bool is_note);

  Random& random_;
  RuleForms forms_;
  bool has_scene_names_ = false;
  std::size_t copying_ = 0; // actions that make several of one: of these there are few
};

// One thing that happens.
struct Step {
  Nanoseconds time = 0;           // on the clock, from the start; never goes back
  Nanoseconds from_clock = 0;     // how much the event's TIME is beside the clock
  std::string event;              // a line; empty: nothing but the time that passes
  std::vector<std::string> rules; // not empty: new ones take the place of those before
};

// What random playing may have.
struct PlayForms {
  bool one_by_one = false; // one key at a time, and time for what it does to end; nothing stray
  bool reloads = true;
  std::size_t most = 60; // steps
};

std::vector<Step> make_playing(Random& random, const PlayForms& forms, const RuleForms& rules);

} // namespace mm::test
