// What the tests of mmroute's nodes share: somebody who plays lines through a node and writes down
// what comes out, at which time.
#pragma once

#include "events.hpp"
#include "mmroute/actions/nodes.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace mm::test {

// The lines of a text that stands indented in a test, without blank ones.
inline Lines lines(std::string_view text) {
  Lines all;
  for (const std::string& line : split(text))
    if (const std::size_t begin = line.find_first_not_of(' '); begin != std::string::npos)
      all.push_back(line.substr(begin));
  return all;
}

// Seconds, as short as can be.
inline std::string seconds(Nanoseconds time) {
  std::string text = std::to_string(second + time % second).substr(1);
  text.erase(text.find_last_not_of('0') + 1);
  return std::to_string(time / second) + (text.empty() ? "" : "." + text);
}

class Player final : private route::Taker {
 public:
  template <class Form>
  explicit Player(const Form& form) : world(route::Tempo(120), 1), node_(made(form)) {}

  // "TIME EVENT", after all that is due by then. Some are no events: "TIME let-go", "TIME forget"
  // (a panic), "TIME tempo BEATS", "TIME" (nothing).
  void play(const std::string& line) {
    const std::size_t space = std::min(line.find(' '), line.size());
    const std::string what = line.substr(std::min(space + 1, line.size()));
    const Nanoseconds time = event_of(line.substr(0, space) + " clock").time;
    go_to(time);
    if (what == "let-go") return node_->let_go();
    if (what == "forget") return forget();
    if (what.starts_with("tempo ")) return world.tempo().set(std::stod(what.substr(6)));
    if (!what.empty()) take_in(event_of(what));
  }
  // All that is due by then.
  void go_to(Nanoseconds time) {
    run([&] { return *world.next() <= time; });
    world.set_time(time, time + time_from_clock, true);
  }
  void play_all(std::string_view text) {
    for (const std::string& line : lines(text)) play(line);
  }
  void take_in(const Event& event) {
    route::Message message{event, world.ports().number(event.port), false};
    message.event.port = world.ports().name(message.port);
    node_->take(message);
  }
  // All that the end of a stream waits for.
  void finish() {
    run([&] { return world.awaited() > 0; });
  }
  void let_go() { node_->let_go(); }
  void forget() {
    world.forget_all();
    node_->forget();
  }

  route::World world;
  Lines heard;                            // "TIME EVENT"
  bool is_writing = true;                 // what is heard
  std::function<void(const Event&)> also; // told of each event
  bool tells_unchanged = false;           // then a line of what is not changed ends with " ="
  Nanoseconds time_from_clock = 0;        // how much later the TIMEs are than the clock

 private:
  template <class Form> std::unique_ptr<route::Node> made(const Form& form) {
    route::Action action{};
    action.form = form;
    EXPECT_TRUE(route::needs_node(action));
    return route::make_node(action, world, *this);
  }

  template <class Goes> void run(Goes&& goes) {
    while (world.next() && goes()) world.run_next([](Nanoseconds, bool) {});
  }

  void take(route::Message& message) override {
    EXPECT_EQ(message.event.port, world.ports().name(message.port));
    message.event.time_form = TimeForm::none;
    if (is_writing) heard.push_back(seconds(world.now()) + ' ' + text_of(message.event));
    if (is_writing && tells_unchanged && !message.is_changed) heard.back() += " =";
    if (also) also(message.event);
    message = {}; // as who takes it may
  }

  std::unique_ptr<route::Node> node_;
};

// What an action makes of events.
template <class Form> Lines played(const Form& form, std::string_view text) {
  Player player(form);
  player.play_all(text);
  player.finish();
  return player.heard;
}

inline route::Duration lasting(double time) {
  return {static_cast<Nanoseconds>(time * second), 0, 1};
}
inline route::Duration note_value(std::int32_t numerator, std::int32_t denominator) {
  return {0, numerator, denominator};
}

} // namespace mm::test
