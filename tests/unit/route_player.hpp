// What the tests of mmroute's rules as a whole share: rules as text, events as lines, and what
// comes out as lines.
#pragma once

#include "events.hpp"
#include "mmroute/engine/router.hpp"
#include "mmroute/language/parse.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mm::test {

class Routed final : private route::Sink {
 public:
  explicit Routed(std::string_view rules, std::string_view scene = {})
      : world(route::Tempo(120), 1), router(world, *this) {
    use(rules, scene);
    router.enter();
  }
  ~Routed() override = default;
  Routed(const Routed&) = delete;
  Routed& operator=(const Routed&) = delete;

  // Rules take the place of those before.
  void use(std::string_view rules, std::string_view scene = {}) {
    const route::Text text{"rules", std::string(rules)};
    auto parsed =
        route::parse_rules(std::span(&text, 1), {}, has_rules_ ? router.variables() : Lines{});
    EXPECT_EQ(parsed.faults, Lines{});
    router.use(router.compile(std::move(parsed.script)), scene);
    has_rules_ = true;
  }

  // What comes out of the event of a line, now.
  Lines play(std::string_view line) {
    const Event event = event_of(line);
    route::Message message{event, 0, false};
    router.take(message, now_, now_, true);
    return taken();
  }
  // What comes out until so many seconds from the start.
  Lines until(double seconds) {
    now_ = static_cast<Nanoseconds>(seconds * static_cast<double>(second));
    router.run_due(now_, [] { return false; });
    world.set_time(now_, now_, true);
    return taken();
  }
  Lines taken() { return std::exchange(out_, {}); }

  route::World world;
  route::Router router;

 private:
  void begin(Nanoseconds /*time*/, bool /*is_timed*/) override {}
  void put(Event& event, bool /*is_changed*/) override {
    Event plain = event;
    plain.time_form = TimeForm::none;
    out_.push_back(text_of(plain));
  }
  void silence() override { out_.emplace_back("silence"); }

  Lines out_;
  Nanoseconds now_ = 0;
  bool has_rules_ = false;
};

} // namespace mm::test
