// Events in, through the rules, and out. Passive: no I/O and no clock; who uses it says what time
// it is.
#pragma once

#include "engine/program.hpp"
#include "event/sounding.hpp"
#include "world/world.hpp"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace mm::route {

// Where events go to.
class Sink : public Interface {
 public:
  // What is put from now on is sent by the time, and not by an event of the input. Not timed: it
  // has no TIME.
  virtual void begin(Nanoseconds time, bool is_timed) = 0;
  // An event, which is no longer needed; where `is_changed` is false it is the one of the input, as
  // it came.
  virtual void put(Event& event, bool is_changed) = 0;
  // Ends all that sounds, and calms all ports: a panic.
  virtual void silence() = 0;
};

class Router final : private Control {
 public:
  Router(World& world, Sink& sink);
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;
  ~Router() override;

  // Makes rules ready for use().
  std::unique_ptr<Program> compile(Script script);

  // Rules take the place of those before, whose notes go on to their end. Variables and scenes keep
  // their values where the names are the same. `scene`: the first one; empty: the script's first.
  void use(std::unique_ptr<Program> program, std::string_view scene = {});

  // The scene's and the program's "enter" rules: before the first event.
  void enter();

  // An event of the input, at that time on the clock of next(). `time`: its TIME, or where it has
  // none the same. Of the message the event counts, which may be changed.
  void take(Message& message, Nanoseconds clock, Nanoseconds time, bool is_timed) {
    if (passes(message.event)) return sink_.put(message.event, false);
    take_by_rules(message, clock, time, is_timed);
  }

  // The same in two steps, for who needs the time only if rules do: whether the event goes on as it
  // is, since no rule has to do with it. If it does it is taken, and for the caller to put.
  bool passes(const Event& event) {
    if (event.kind >= Kind::clock || !goes_straight(event)) return false;
    if (has_key(event.kind)) straight_keys_.follow(event);
    return true;
  }
  void take_by_rules(Message& message, Nanoseconds clock, Nanoseconds time, bool is_timed) {
    world_.set_time(clock, time, is_timed);
    Event& event = message.event;
    if (goes_straight(event)) {
      follow_clock(event.kind);
      return sink_.put(event, false);
    }
    message.port = 0;
    message.is_changed = false;
    if (!event.port.empty() || event.kind >= Kind::clock || !retired_.empty())
      take_carefully(message);
    else
      first_->take(message);
    if (is_unsettled_) settle();
  }

  // When something is due, on the clock of take().
  [[nodiscard]] std::optional<Nanoseconds> next() const { return world_.next(); }
  // Does what is due at `clock` or before, until `is_enough` says so.
  template <class Enough> void run_due(Nanoseconds clock, const Enough& is_enough) {
    while (const auto next = world_.next()) {
      if (*next > clock || is_enough()) return;
      world_.run_next([this](Nanoseconds time, bool is_timed) { sink_.begin(time, is_timed); });
      if (is_unsettled_) settle();
    }
  }
  // Whether something waits that the end of the stream waits for.
  [[nodiscard]] bool is_waiting() const { return world_.awaited() > 0; }

  // The stream is at its end: what repeats by itself stops.
  void end_of_input();
  // The last words: the "leave" rules, and what rules hold is released.
  void leave();

  // The scene that is chosen; empty: there are none.
  [[nodiscard]] std::string_view scene_name() const;

  // The names of all variables, by their places.
  [[nodiscard]] const std::vector<std::string>& variables() const {
    return program_->script().variables;
  }

 private:
  // What leaves the last group.
  class Exit;

  void choose_scene(std::uint32_t scene) override {
    wanted_scene_ = scene;
    is_unsettled_ = true;
  }
  void panic() override { wants_panic_ = is_unsettled_ = true; }
  [[nodiscard]] std::uint32_t scene() const override;
  [[nodiscard]] std::uint32_t scene_count() const override;

  [[nodiscard]] bool goes_straight(const Event& event) const {
    return goes_straight_[static_cast<std::size_t>(event.kind)] && event.port.empty();
  }
  void take_carefully(Message& message);
  void follow_clock(Kind kind);
  void take_meta(const Message& message);
  void release_port(PortId port);
  void hold_straight_keys();
  void choose_straight();
  void settle();
  void change_scene(std::uint32_t scene);
  void silence();
  void drop_retired();

  World& world_;
  Sink& sink_;
  std::unique_ptr<Exit> exit_;
  std::unique_ptr<Program> program_;
  Ruleset* first_ = nullptr;                      // of the program
  std::vector<std::unique_ptr<Program>> retired_; // the newest last
  // By kind: it has no port, no rule has to do with it, and nothing is left of rules that had.
  std::array<bool, kind_count> goes_straight_{};
  Sounding straight_keys_;            // that are down, of notes that went straight on
  std::map<PortId, Sounding> pedals_; // that are down in what comes in
  std::uint32_t scene_ = 0;
  std::optional<std::uint32_t> wanted_scene_;
  bool wants_panic_ = false;
  bool is_unsettled_ = false; // there is something for settle()
};

} // namespace mm::route
