// What all rules share: the time, the tempo, variables, chance, and what waits for its time.
#pragma once

#include "io/agenda.hpp"
#include "language/expression.hpp"
#include "world/message.hpp"
#include "world/ports.hpp"
#include "world/tempo.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mm::route {

class Node;

// Told what happens, for --explain.
class Tracer : public Interface {
 public:
  // A rule takes the message; an action was done to it, or begins to act on it.
  virtual void rule(std::string_view text, const Message& message) = 0;
  virtual void action(std::string_view text, const Message& message) = 0;
  // It ends here.
  virtual void end(std::string_view why) = 0;
};

// Numbers that look random, the same for the same seed everywhere.
class Chance {
 public:
  explicit Chance(std::uint64_t seed = 0) : state_(seed) {}
  // From 0 to `most`.
  std::uint64_t up_to(std::uint64_t most);

 private:
  std::uint64_t state_;
};

class World {
 public:
  World(Tempo tempo, std::uint64_t seed) : tempo_(tempo), chance_(seed) {}

  // The time of what is handled, on the clock of the events.
  [[nodiscard]] Nanoseconds now() const { return now_; }
  // The same on the clock that counts what waits; it never goes back, as TIMEs may.
  [[nodiscard]] Nanoseconds clock() const { return clock_; }
  [[nodiscard]] Tempo& tempo() { return tempo_; }
  [[nodiscard]] Chance& chance() { return chance_; }
  [[nodiscard]] Ports& ports() { return ports_; }
  [[nodiscard]] std::span<const std::int32_t> variables() const { return variables_; }
  // How often they have changed, from 1 on, and which one each time; see Look.
  [[nodiscard]] std::uint64_t variables_state() const { return variables_state_; }
  [[nodiscard]] std::span<const std::uint32_t> changed_variables() const { return changed_; }
  // As many as there are to be; new ones are 0.
  void add_variables(std::size_t count) {
    if (count > variables_.size()) variables_.resize(count);
  }
  void set_variable(std::size_t variable, std::int32_t value) {
    if (variables_[variable] == value) return;
    variables_[variable] = value;
    ++variables_state_;
    changed_[variables_state_ % changed_.size()] = static_cast<std::uint32_t>(variable);
  }
  [[nodiscard]] Scope scope(const Message& message) const {
    return {&message.event, variables_, static_cast<std::int32_t>(tempo_.beats_per_minute() + 0.5)};
  }
  // Null: nobody is told.
  [[nodiscard]] Tracer* tracer() const { return tracer_; }
  // Rules that are compiled while there is one tell it of all their actions.
  void set_tracer(Tracer* tracer) { tracer_ = tracer; }

  // --- what waits ---

  struct Waiting {
    Node* node = nullptr;
    Message message;
    std::uint32_t note = 0; // for the node: whatever it likes
    Nanoseconds time = 0;   // now() then
    bool is_timed = true;   // what is sent then has a TIME
    bool is_awaited = true; // the end of the stream waits for it
    std::string data;       // what the event's data is of: sysex, a meta event
  };

  // Calls node.due(message, note) so much later, at least 0; at the same time in the order of the
  // calls. `is_awaited`: the end of the stream waits for it; what repeats for ever says no.
  void later(Nanoseconds span, Node& node, const Message& message, std::uint32_t note = 0,
             bool is_awaited = true);
  // How many wait that are awaited.
  [[nodiscard]] std::size_t awaited() const { return awaited_; }
  [[nodiscard]] std::optional<Nanoseconds> next() const { return agenda_.next(); }
  // Takes the next one and calls its node. `tell` is told before its time, and whether what is sent
  // has a TIME.
  void run_next(const std::function<void(Nanoseconds, bool)>& tell);
  // Forgets all of them.
  void forget_all();

  // What is handled from now on happens at `clock` (on which next() counts), which the events call
  // `time`.
  void set_time(Nanoseconds clock, Nanoseconds time, bool is_timed) {
    clock_ = clock;
    now_ = time;
    is_timed_ = is_timed;
  }

 private:
  // The data of what waits, in memory that was had before.
  std::string copy_of(std::string_view data);
  void give_back(std::string data);

  Nanoseconds clock_ = 0;
  Nanoseconds now_ = 0;
  bool is_timed_ = true;
  Tempo tempo_;
  Chance chance_;
  Ports ports_;
  std::vector<std::int32_t> variables_;
  std::uint64_t variables_state_ = 1;
  std::array<std::uint32_t, 64> changed_{};
  Tracer* tracer_ = nullptr;
  Agenda<Waiting> agenda_;
  std::size_t awaited_ = 0;
  std::vector<std::string> spare_; // what copies of data were in
};

} // namespace mm::route
