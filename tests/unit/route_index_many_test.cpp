// Tables for many rules (mmroute): neither time nor memory grows with what does not match.
#include "allocations.hpp"
#include "mmroute/tables/index.hpp"
#include "random.hpp"
#include "route_patterns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mm::route::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int many = 10'000;
constexpr std::size_t most_memory = 4UL * 1024 * 1024;

// Far more than it takes, so that slow machines and sanitizers pass: what explodes takes minutes.
constexpr std::chrono::seconds most_time{20};

using PatternOf = std::function<Pattern(int)>;

std::vector<Pattern> patterns_of(const PatternOf& of) {
  std::vector<Pattern> patterns;
  for (int i = 0; i < many; ++i) patterns.push_back(of(i));
  return patterns;
}

// An event, and what it points to.
struct Given {
  Event event{};
  std::string text{};
  std::array<std::int32_t, 2> variables{};

  void make(Event made) { event = made; }
  void port(std::string name) {
    text = std::move(name);
    event = at_port(make_event(Kind::clock), text);
  }
  [[nodiscard]] Look look() const { return look_at(event, variables); }
};

// What 10,000 rules differ in.
struct Difference {
  std::string_view name;
  PatternOf pattern;
  std::function<void(int, Given&)> event; // that only that rule matches
};

void PrintTo(const Difference& difference, std::ostream* out) { *out << difference.name; }

std::vector<std::int16_t> message(int i) {
  return {0x41, 0x10, static_cast<std::int16_t>(i % 100), 0x12, static_cast<std::int16_t>(i / 100)};
}

const std::vector<Difference> differences{
    {"channel, key and velocity",
     [](int i) {
       const int velocity = i / 2048 * 20;
       return is(Op::channel, i % 16 + 1) & is(Op::number, i / 16 % 128) &
              in(Op::value, velocity, velocity + 19);
     },
     [](int i, Given& given) {
       given.make(make_event(Kind::poly_pressure, i % 16 + 1, i / 16 % 128, i / 2048 * 20 + 7));
     }},
    {"number", [](int i) { return kind(Kind::nrpn) & is(Op::number, i); },
     [](int i, Given& given) { given.make(make_event(Kind::nrpn, 1, i, 5)); }},
    {"value", [](int i) { return kind(Kind::pitch_bend) & is(Op::value, i - 5000); },
     [](int i, Given& given) { given.make(make_event(Kind::pitch_bend, 1, i - 5000)); }},
    {"number, of a range of values",
     [](int i) {
       return is(Op::channel, 1) & kind(Kind::rpn) & is(Op::number, i) & in(Op::value, i, 16383);
     },
     [](int i, Given& given) { given.make(make_event(Kind::rpn, 1, i, i)); }},
    {"port", [](int i) { return port("port" + std::to_string(i)); },
     [](int i, Given& given) { given.port("port" + std::to_string(i)); }},
    {"prefix of the port", [](int i) { return port("peer" + std::to_string(i) + "/", true); },
     [](int i, Given& given) { given.port("peer" + std::to_string(i) + "/synth"); }},
    {"variable", [](int i) { return is_variable(1, i * 200'003); },
     [](int i, Given& given) {
       given.variables[1] = i * 200'003;
       given.make(make_event(Kind::clock));
     }},
    {"variable, with a far one",
     [](int i) { return is_variable(0, i == 0 ? NumberSet::highest : i); },
     [](int i, Given& given) {
       given.variables[0] = i == 0 ? NumberSet::highest : i;
       given.make(make_event(Kind::clock));
     }},
    {"sysex", [](int i) { return sysex(message(i)); },
     [](int i, Given& given) {
       given.text = '\xf0';
       for (const std::int16_t byte : message(i)) given.text += static_cast<char>(byte);
       given.make(make_bytes(Kind::sysex, given.text += '\xf7'));
     }},
    {"meta event", [](int i) { return meta(":name" + std::to_string(i)); },
     [](int i, Given& given) {
       given.text = ":name" + std::to_string(i) + " text";
       given.make(make_meta(given.text));
     }},
    {"this and that",
     [](int i) {
       switch (i % 5) {
       case 0: return port("port" + std::to_string(i));
       case 1: return kind(Kind::nrpn) & is(Op::number, i);
       case 2: return is_variable(0, i);
       case 3: return is_variable(1, i);
       default: return kind(Kind::pitch_bend) & is(Op::value, i - 5000);
       }
     },
     [](int i, Given& given) {
       given.make(i % 5 == 4 ? make_event(Kind::pitch_bend, 1, i - 5000)
                             : make_event(Kind::nrpn, 1, i % 5 == 1 ? i : 0, 0));
       given.variables = {i % 5 == 2 ? i : 0, i % 5 == 3 ? i : 0};
       given.text = i % 5 == 0 ? "port" + std::to_string(i) : "";
       given.event.port = given.text;
     }},
};

class RouteIndexOfMany : public ::testing::TestWithParam<Difference> {};

TEST_P(RouteIndexOfMany, finds_one_of_10000_rules) {
  const Rules rules(patterns_of(GetParam().pattern));
  std::size_t longest = 0;
  for (int i = 0; i < many; ++i) {
    Given given;
    GetParam().event(i, given);
    longest = std::max(longest, rules.index.find(given.look()).size());
    ASSERT_THAT(rules.found(given.look()), ElementsAre(i));
  }
  EXPECT_LE(longest, 4U);
  EXPECT_THAT(rules.index.unreachable(), IsEmpty());
}

TEST_P(RouteIndexOfMany, takes_little_memory_and_none_for_an_event) {
  const Rules rules(patterns_of(GetParam().pattern));
  const std::vector<const Pattern*> patterns = rules.pointers();
  const std::size_t before = mm::test::allocated();
  const Index index(patterns, rules.decides);
  EXPECT_LE(mm::test::allocated() - before, most_memory);

  std::size_t for_events = 0;
  for (int i = 0; i < many; i += 7) {
    Given given;
    GetParam().event(i, given);
    const Look look = given.look();
    const std::size_t before_event = mm::test::allocations();
    for (const auto& [rule, is_certain] : index.find(look)) matches(*patterns[rule], look);
    for_events += mm::test::allocations() - before_event;
  }
  EXPECT_EQ(for_events, 0U);
}

INSTANTIATE_TEST_SUITE_P(Differences, RouteIndexOfMany, ::testing::ValuesIn(differences));

// --- rules that ask for several dimensions at once ---

class Boxes {
 public:
  explicit Boxes(std::uint64_t seed) : random_(seed) {}

  Pattern side(Op op, int low, int high, int longest) {
    const int first = random_.between(low, high);
    return in(op, first, std::min(high, first + random_.between(0, longest)));
  }
  Pattern box() {
    return side(Op::number, 0, 127, 12) & side(Op::value, 0, 127, 20) & side(Op::channel, 1, 16, 3);
  }
  // Which are no boxes, or ask for more than there are tables for.
  Pattern other() {
    switch (random_.below(5)) {
    case 0: return box() | box();
    case 1: return (!side(Op::number, 0, 127, 100)) & side(Op::channel, 1, 16, 3);
    case 2: return side(Op::value, -8192, 8191, 200) & side(Op::channel, 1, 16, 8);
    case 3: return box() & port("p" + std::to_string(random_.below(4)));
    default: return box();
    }
  }
  Look look() {
    event_ = random_.event(random_.one_in(2) ? Kind::note_on : Kind::pitch_bend);
    port_ = "p" + std::to_string(random_.below(4));
    event_.port = port_;
    return look_at(event_);
  }
  mm::test::Random& random() { return random_; }

 private:
  mm::test::Random random_;
  Event event_;
  std::string port_;
};

TEST(RouteIndexBoxes, are_found_for_certain) {
  Boxes boxes(1);
  const Rules rules(patterns_of([&](int) { return boxes.box(); }));
  std::size_t found = 0;
  for (int i = 0; i < 2000; ++i) {
    const Look look = boxes.look();
    const auto candidates = rules.index.find(look);
    ASSERT_LE(candidates.size(), 1U) << "behind a rule that decides";
    for (const auto& [rule, is_certain] : candidates) ASSERT_TRUE(is_certain);
    found += candidates.size();
  }
  EXPECT_GT(found, 500U);
}

TEST(RouteIndexBoxes, that_nothing_reaches_are_said) {
  Boxes boxes(1);
  std::vector<Pattern> patterns;
  for (int i = 0; i < 200; ++i)
    patterns.push_back(kind(Kind::note_on) & boxes.side(Op::number, 0, 127, 60) &
                       boxes.side(Op::value, 1, 127, 60) & boxes.side(Op::channel, 1, 16, 8));
  const Rules rules(patterns);
  std::vector<bool> is_reached(patterns.size(), false);
  for (int channel = 1; channel <= 16; ++channel)
    for (int note = 0; note < 128; ++note)
      for (int velocity = 1; velocity < 128; ++velocity) {
        const Event event = make_event(Kind::note_on, channel, note, velocity);
        const auto first = std::ranges::find_if(
            patterns, [&](const Pattern& pattern) { return matches(pattern, look_at(event)); });
        if (first != patterns.end())
          is_reached[static_cast<std::size_t>(first - patterns.begin())] = true;
      }
  Numbers hidden;
  for (std::uint32_t i = 0; i < is_reached.size(); ++i)
    if (!is_reached[i]) hidden.push_back(i);
  EXPECT_THAT(hidden, Not(IsEmpty()));
  EXPECT_EQ(rules.index.unreachable(), hidden);
}

TEST(RouteIndexBoxes, and_others_are_found_as_by_trying_all) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Boxes boxes(seed);
    std::vector<Pattern> patterns;
    std::vector<bool> decides;
    for (int i = seed % 4 == 0 ? 4000 : 500; i > 0; --i) {
      patterns.push_back(seed % 3 == 0 ? boxes.box() : boxes.other());
      decides.push_back(boxes.random().one_in(8));
    }
    const Rules rules(patterns, decides);
    for (int i = 0; i < 200; ++i) {
      const Look look = boxes.look();
      ASSERT_EQ(rules.found(look), rules.tried(look)) << "seed " << seed << ", event " << i;
    }
  }
}

// --- what no table can hold: longer lists, but an end ---

// The rules are found as by trying all, and it ends.
void expect_bounded(const Rules& from, const std::function<Look(Given&)>& look) {
  const auto begin = std::chrono::steady_clock::now();
  const std::size_t before = mm::test::allocated();
  const Index index(from.pointers(), from.decides);
  EXPECT_LE(mm::test::allocated() - before, 4 * most_memory);
  EXPECT_LE(std::chrono::steady_clock::now() - begin, most_time);
  for (int i = 0; i < 50; ++i) {
    Given given;
    const Look at = look(given);
    ASSERT_EQ(from.found(at), from.tried(at));
  }
}

TEST(RouteIndexBounds, boxes) {
  mm::test::Random random(1);
  const auto some = [&](Op op, int low, int high) {
    const int first = random.between(low, high);
    return in(op, first, random.between(first, high));
  };
  const Rules rules(patterns_of([&](int) {
    return some(Op::number, 0, 127) & some(Op::value, 0, 127) & some(Op::channel, 1, 16) &
           port("p" + std::to_string(random.below(10)));
  }));
  expect_bounded(rules, [&](Given& given) {
    given.text = "p" + std::to_string(random.below(10));
    given.make(at_port(random.event(Kind::note_on), given.text));
    return given.look();
  });
}

TEST(RouteIndexBounds, the_same_rule_again_and_again) {
  const Rules rules(patterns_of([](int) { return is(Op::channel, 1); }), false);
  const Event event = make_event(Kind::note_on, 1, 60, 1);
  EXPECT_EQ(rules.index.find(look_at(event)).size(), many);
  EXPECT_EQ(rules.found(look_at(event)).size(), many);
  const Rules deciding(patterns_of([](int) { return is(Op::channel, 1) | is(Op::channel, 2); }));
  EXPECT_EQ(deciding.index.find(look_at(event)).size(), 1U);
  EXPECT_EQ(deciding.index.unreachable().size(), many - 1U);
}

TEST(RouteIndexBounds, thresholds_and_variables) {
  mm::test::Random random(1);
  expect_bounded(Rules(patterns_of([](int i) { return is(Op::rises, i - 5000); }), false),
                 [&](Given& given) {
                   given.make(random.event(Kind::pitch_bend));
                   Look look = given.look();
                   look.before = random.between(-8192, 8191);
                   return look;
                 });
  expect_bounded(
      Rules(patterns_of([](int i) { return is_variable(static_cast<std::uint32_t>(i), 0); }),
            false),
      [&](Given& given) {
        given.variables = {0, 1};
        return given.look();
      });
  expect_bounded(Rules(patterns_of([](int i) { return in(Op::number, i, 16383); }), false),
                 [&](Given& given) {
                   given.make(random.event(Kind::nrpn));
                   return given.look();
                 });
}

} // namespace
} // namespace mm::route::test
