// Tables that find the rules for an event (mmroute): they find what trying all rules finds.
#include "mmroute/tables/index.hpp"
#include "random.hpp"
#include "route_patterns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace mm::route::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// --- any rules, any events ---

class Patterns {
 public:
  explicit Patterns(std::uint64_t seed) : random_(seed) {}

  Pattern pattern(int depth) {
    if (depth == 0 || random_.one_in(3)) return condition();
    Pattern pattern{.op = random_.one_in(3) ? Op::not_ : random_.one_in(2) ? Op::and_ : Op::or_};
    const int parts = pattern.op == Op::not_ ? 1 : random_.between(2, 3);
    for (int i = 0; i < parts; ++i) pattern.of.push_back(this->pattern(depth - 1));
    return pattern;
  }

  // The event holds until the next one is asked for.
  Look look() {
    event_ = random_.event();
    if (random_.one_in(8))
      event_ = make_event(Kind::note_on, random_.between(1, 16), random_.between(0, 127), 0);
    if (event_.kind == Kind::sysex) {
      data_ = "\xf0" + word("\x01\x02\x41", 4) + (random_.one_in(8) ? "" : "\xf7");
      event_.data = data_;
    } else if (event_.kind == Kind::meta) {
      data_ = ":" + word("ab", 2) + std::array{"", " 1", "\t", "c"}[random_.below(4)];
      event_.data = data_;
    } else {
      for (std::size_t i = 0; i < info(event_.kind).field_count; ++i)
        if (random_.one_in(2))
          event_.arg[i] = static_cast<std::int16_t>(std::clamp<int>(
              number(), info(event_.kind).field[i].min, info(event_.kind).field[i].max));
    }
    port_ = random_.one_in(4) ? "" : word("xy/", 3);
    event_.port = port_;
    for (std::int32_t& variable : variables_) variable = number();
    Look look = look_at(event_, std::span(variables_).first(random_.below(4)));
    look.before = random_.one_in(4) ? Look::unknown : number();
    look.held = random_.one_in(4) ? -1 : random_.between(0, 5);
    return look;
  }

  mm::test::Random& random() { return random_; }

 private:
  int number() {
    return random_.one_in(10) ? random_.between(-8192, 16383) : random_.between(-2, 20);
  }
  NumberSet numbers() {
    NumberSet set;
    for (std::size_t i = random_.below(4); i > 0; --i) {
      const int first = number();
      switch (random_.below(4)) {
      case 0: set.add(first, NumberSet::highest); break;
      case 1: set.add(NumberSet::lowest, first); break;
      default: set.add(first, first + random_.between(0, 10));
      }
    }
    return random_.one_in(20) ? NumberSet::all() : set;
  }
  std::string word(std::string_view letters, std::size_t longest) {
    std::string text;
    for (std::size_t i = random_.below(longest + 1); i > 0; --i)
      text += letters[random_.below(letters.size())];
    return text;
  }
  Pattern condition() {
    Pattern pattern{.op = static_cast<Op>(random_.below(static_cast<std::size_t>(Op::not_)))};
    pattern.kinds = KindSet(random_.one_in(2) ? random_.below(1U << kind_count)
                                              : std::size_t{1} << random_.below(kind_count));
    pattern.numbers = numbers();
    if (pattern.op == Op::rises || pattern.op == Op::falls) pattern.numbers = NumberSet::of(5, 5);
    pattern.text = pattern.op == Op::meta ? ":" + word("ab", 2) : word("xy/", 3);
    pattern.is_prefix = random_.one_in(2);
    pattern.variable = static_cast<std::uint32_t>(random_.below(3));
    for (const char byte : word("\x01\x02\x41?", 4))
      pattern.bytes.push_back(byte == '?' ? -1 : byte);
    pattern.is_open = random_.one_in(2);
    pattern.least = random_.between(-1, 3);
    pattern.most = pattern.least + random_.between(-1, 3);
    return pattern;
  }

  mm::test::Random random_;
  Event event_;
  std::string data_;
  std::string port_;
  std::array<std::int32_t, 3> variables_{};
};

TEST(RouteIndex, finds_what_trying_all_rules_finds) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Patterns some(seed);
    std::vector<Pattern> patterns;
    std::vector<bool> decides;
    for (std::size_t i = some.random().below(seed % 10 == 0 ? 60 : 8) + 1; i > 0; --i) {
      patterns.push_back(some.pattern(some.random().between(0, 4)));
      decides.push_back(some.random().one_in(2));
    }
    const Rules rules(patterns, decides);
    for (int i = 0; i < 1000; ++i) {
      const Look look = some.look();
      const Numbers tried = rules.tried(look);
      ASSERT_EQ(rules.found(look), tried) << "seed " << seed << ", event " << i;
      for (const std::uint32_t rule : tried) ASSERT_TRUE(may_match(patterns[rule], look.kind));
    }
  }
}

// --- one dimension after the other ---

// The candidates; `uncertain` for one that matches() has to be asked about.
constexpr std::uint32_t uncertain = 1000;
Numbers certain(const Rules& rules, const Look& look) {
  Numbers numbers;
  for (const auto& [rule, is_certain] : rules.index.find(look))
    numbers.push_back(is_certain ? rule : uncertain);
  return numbers;
}

TEST(RouteIndex, is_certain_of_simple_rules) {
  const Rules rules(
      {in(Op::number, NumberSet::lowest, 59) & (kind(Kind::note_on) | kind(Kind::note_off)),
       kind(Kind::control_change) & is(Op::number, 1) & in(Op::value, 64, NumberSet::highest),
       is(Op::channel, 10) & !port("keys")});
  EXPECT_THAT(certain(rules, look_at(make_event(Kind::note_on, 10, 59, 1))), ElementsAre(0));
  EXPECT_THAT(certain(rules, look_at(make_event(Kind::note_on, 9, 60, 1))), IsEmpty());
  EXPECT_THAT(certain(rules, look_at(make_event(Kind::control_change, 1, 1, 64))), ElementsAre(1));
  EXPECT_THAT(certain(rules, look_at(make_event(Kind::control_change, 1, 1, 63))), IsEmpty());
  EXPECT_THAT(certain(rules, look_at(make_event(Kind::control_change, 10, 1, 63))), ElementsAre(2));
  EXPECT_THAT(certain(rules, look_at(at_port(make_event(Kind::pitch_bend, 10, 1), "keys"))),
              IsEmpty());
  EXPECT_THAT(certain(rules, look_at(at_port(make_event(Kind::pitch_bend, 10, 1), "key"))),
              ElementsAre(2));
}

TEST(RouteIndex, takes_a_note_on_with_velocity_0_for_a_note_off) {
  const Rules rules({kind(Kind::note_on), kind(Kind::note_off) & is(Op::value, 0), any()});
  EXPECT_THAT(certain(rules, look_at(make_event(Kind::note_on, 1, 60, 0))), ElementsAre(1));
  EXPECT_THAT(certain(rules, look_at(make_event(Kind::note_on, 1, 60, 1))), ElementsAre(0));
  EXPECT_THAT(certain(rules, look_at(make_event(Kind::note_off, 1, 60, 1))), ElementsAre(2));
  EXPECT_FALSE(may_match(kind(Kind::note_off), Kind::note_on));
  EXPECT_FALSE(may_match(is(Op::value, 0), Kind::note_on));
  EXPECT_TRUE(may_match(is(Op::value, 0), Kind::note_off));
}

TEST(RouteIndex, has_no_rules_for_meta_events_but_those_that_ask_for_them) {
  const Rules rules({any(), Pattern{.op = Op::other}, meta(":tempo"), !any()});
  EXPECT_THAT(certain(rules, look_at(make_meta(":tempo 120"))), ElementsAre(2));
  EXPECT_THAT(certain(rules, look_at(make_meta(":tempo"))), ElementsAre(2));
  EXPECT_THAT(certain(rules, look_at(make_meta(":tempos"))), ElementsAre(3));
  EXPECT_THAT(certain(rules, look_at(make_event(Kind::clock))), ElementsAre(0));
}

TEST(RouteIndex, tells_ports_by_their_longest_prefix) {
  const Rules rules({port("peer/", true), port("p", true), port("peer"), port("", true)}, false);
  const auto at = [&](std::string_view port) {
    return certain(rules, look_at(at_port(make_event(Kind::clock), port)));
  };
  EXPECT_THAT(at("peer/1"), ElementsAre(0, 1, 3));
  EXPECT_THAT(at("peer/"), ElementsAre(0, 1, 3));
  EXPECT_THAT(at("peer"), ElementsAre(1, 2, 3));
  EXPECT_THAT(at("peers"), ElementsAre(1, 3));
  EXPECT_THAT(at("other"), ElementsAre(3));
  EXPECT_THAT(at(std::string(100, 'p')), ElementsAre(1, 3));
  EXPECT_THAT(at(""), IsEmpty());
}

// The storage of a port's name is used again for the next one.
TEST(RouteIndex, compares_what_the_port_is_called) {
  const Rules rules({port("one"), port("two")});
  std::string name = "one";
  const Event event = at_port(make_event(Kind::clock), name);
  EXPECT_THAT(certain(rules, look_at(event)), ElementsAre(0));
  name.replace(0, 3, "two");
  EXPECT_THAT(certain(rules, look_at(event)), ElementsAre(1));
}

TEST(RouteIndex, knows_values_that_cross_a_threshold) {
  const Rules rules({is(Op::rises, 64), is(Op::falls, 64)});
  const auto crossing = [&](std::int32_t before, int value) {
    const Event event = make_event(Kind::control_change, 1, 1, value);
    Look look = look_at(event);
    look.before = before;
    EXPECT_EQ(rules.found(look), rules.tried(look));
    return certain(rules, look);
  };
  EXPECT_THAT(crossing(63, 64), ElementsAre(0));
  EXPECT_THAT(crossing(64, 65), IsEmpty());
  EXPECT_THAT(crossing(64, 63), ElementsAre(1));
  EXPECT_THAT(crossing(63, 0), IsEmpty());
  EXPECT_THAT(crossing(Look::unknown, 64), ElementsAre(0));
  EXPECT_THAT(crossing(Look::unknown, 63), IsEmpty());
}

TEST(RouteIndex, knows_how_long_a_note_was_held) {
  const Rules rules(
      {held(second / 2, std::numeric_limits<Nanoseconds>::max()), held(0, second / 4)});
  const Event event = make_event(Kind::note_off, 1, 60, 0);
  const auto after = [&](Nanoseconds time) {
    Look look = look_at(event);
    look.held = time;
    return certain(rules, look);
  };
  EXPECT_THAT(after(second / 2), ElementsAre(0));
  EXPECT_THAT(after(second / 4), ElementsAre(1));
  EXPECT_THAT(after(second / 4 + 1), IsEmpty());
  EXPECT_THAT(after(0), ElementsAre(1));
  EXPECT_THAT(after(-1), IsEmpty());
}

TEST(RouteIndex, compares_sysex_without_f0_and_f7) {
  const Rules rules({sysex({0x41, -1, 0x42}), sysex({0x41}, true), sysex({}, true)});
  const auto of = [&](std::string_view data) {
    return rules.found(look_at(make_bytes(Kind::sysex, data)));
  };
  EXPECT_THAT(of("\xf0\x41\x10\x42\xf7"), ElementsAre(0));
  EXPECT_THAT(of("\xf0\x41\x10\x42"), ElementsAre(0)) << "cut off";
  EXPECT_THAT(of("\xf0\x41\x10\x43\xf7"), ElementsAre(1));
  EXPECT_THAT(of("\xf0\x41\x10\xf7"), ElementsAre(1));
  EXPECT_THAT(of("\xf0\xf7"), ElementsAre(2));
}

TEST(RouteIndex, takes_variables_for_0_at_first) {
  const Rules rules({when(1, 0, 0), when(1, 7, NumberSet::highest)});
  const Event event = make_event(Kind::clock);
  EXPECT_THAT(certain(rules, look_at(event)), ElementsAre(0));
  EXPECT_THAT(certain(rules, look_at(event, std::array{9, 7})), ElementsAre(1));
  EXPECT_THAT(certain(rules, look_at(event, std::array{9, 6})), IsEmpty());
}

TEST(RouteIndex, goes_on_behind_rules_that_do_not_decide) {
  const Rules rules({is(Op::channel, 1), in(Op::number, 0, 63), any(), any()},
                    {false, false, true, true});
  EXPECT_THAT(certain(rules, look_at(make_event(Kind::note_on, 1, 60, 1))), ElementsAre(0, 1, 2));
  EXPECT_THAT(certain(rules, look_at(make_event(Kind::note_on, 2, 64, 1))), ElementsAre(2));
}

TEST(RouteIndex, says_which_rules_nothing_reaches) {
  const Rules rules({in(Op::number, 0, 63), in(Op::number, 60, 63),
                     in(Op::number, 60, 64), // 1 is hidden
                     in(Op::number, 64, 127) & kind(Kind::note_on),
                     kind(Kind::note_on),                      // 4 is hidden by all before
                     sysex({0x41}, true), sysex({0x41, 0x10}), // 6
                     kind(Kind::clock) & is(Op::channel, 1),   // 7 asks for too much
                     is(Op::channel, 1) & is(Op::channel, 2),  // 8
                     port("a", true), port("ab"), port("b")}); // 10
  EXPECT_THAT(rules.index.unreachable(), ElementsAre(1, 4, 6, 7, 8, 10));
  // A note-on has a velocity of 1 at least.
  const Rules notes({kind(Kind::note_on) & in(Op::value, 1, 127), kind(Kind::note_on)});
  EXPECT_THAT(notes.index.unreachable(), ElementsAre(1));
}

} // namespace
} // namespace mm::route::test
