// Rules that ask for variables, many of them (mmroute): they are found as by trying all, whatever
// changes between two events.
#include "allocations.hpp"
#include "random.hpp"
#include "route_patterns.hpp"

#include <gmock/gmock.h>

#include <array>
#include <vector>

namespace mm::route::test {
namespace {

using ::testing::IsEmpty;

constexpr std::size_t many = 10'000;

TEST(RouteVariables, one_rule_of_many_with_a_variable_each) {
  std::vector<Pattern> patterns;
  for (std::uint32_t i = 0; i < many; ++i) patterns.push_back(when(i, 5, 6));
  const Rules rules(patterns);
  std::vector<std::int32_t> variables(many, 0);
  const Event event = make_event(Kind::clock);
  Look look = look_at(event, variables);
  look.variables_state = 1;
  EXPECT_THAT(rules.index.find(look), IsEmpty());
  for (std::uint32_t i = 0; i < many; i += 37) {
    variables[i] = 5 + static_cast<std::int32_t>(i % 2);
    ++look.variables_state;
    const auto found = rules.index.find(look);
    ASSERT_EQ(found.size(), 1U);
    ASSERT_EQ(found.front().rule, i);
    ASSERT_TRUE(found.front().is_certain);
    variables[i] = 7;
  }
  EXPECT_THAT(rules.index.unreachable(), IsEmpty());
}

TEST(RouteVariables, of_the_same_state_are_not_looked_at_again) {
  std::vector<Pattern> patterns;
  for (std::uint32_t i = 0; i < 100; ++i) patterns.push_back(is_variable(i, 1));
  const Rules rules(patterns, false);
  std::vector<std::int32_t> variables(100, 1);
  const Event event = make_event(Kind::clock);
  Look look = look_at(event, variables);
  look.variables_state = 1;
  EXPECT_EQ(rules.index.find(look).size(), 100U);
  variables.assign(100, 0);
  EXPECT_EQ(rules.index.find(look).size(), 100U);
  look.variables_state = 2;
  EXPECT_EQ(rules.index.find(look).size(), 0U);
  look.variables_state = 0; // not known
  variables[7] = 1;
  EXPECT_EQ(rules.index.find(look).size(), 1U);
  variables[8] = 1;
  EXPECT_EQ(rules.index.find(look).size(), 2U);
}

TEST(RouteVariables, of_all_only_those_that_are_said_to_have_changed_are_looked_at) {
  std::vector<Pattern> patterns;
  for (std::uint32_t i = 0; i < 100; ++i) patterns.push_back(is_variable(i, 1));
  const Rules rules(patterns, false);
  std::vector<std::int32_t> variables(100, 0);
  std::array<std::uint32_t, 2> changed{};
  const Event event = make_event(Kind::clock);
  Look look = look_at(event, variables);
  look.variables_state = 1;
  look.changed = changed;
  EXPECT_EQ(rules.index.find(look).size(), 0U);
  variables[3] = variables[4] = 1;
  changed = {3, 200};
  look.variables_state = 3;
  EXPECT_EQ(rules.index.find(look).size(), 1U);
  look.variables_state = 6; // more changes than are known
  EXPECT_EQ(rules.index.find(look).size(), 2U);
}

// It is not left to what is kept of variables: it is looked at for each event, and first.
TEST(RouteVariables, one_that_all_rules_ask_for_is_looked_at_first) {
  std::vector<Pattern> patterns;
  for (std::uint32_t i = 1; i < many; ++i)
    patterns.push_back(is_variable(0, 5) & is_variable(i, 1));
  const Rules rules(patterns);
  std::vector<std::int32_t> variables(many, 1);
  const Event event = make_event(Kind::clock);
  Look look = look_at(event, variables);
  look.variables_state = 1;
  EXPECT_THAT(rules.index.find(look), IsEmpty());
  variables[0] = 5; // and nobody says that it has changed
  EXPECT_EQ(rules.index.find(look).size(), 1U);
}

// Patterns that ask for variables among other things.
class Some {
 public:
  explicit Some(std::uint64_t seed)
      : random_(seed), count_(seed % 3 == 0 ? 4 : 60), variables_(count_, 0) {}

  Pattern variable() {
    const auto which = static_cast<std::uint32_t>(random_.below(count_));
    const int first = random_.between(-1, 3);
    Pattern one = when(which, first, random_.one_in(3) ? NumberSet::highest : first + 1);
    return random_.one_in(4) ? !one : one;
  }
  Pattern number() {
    const int first = random_.between(0, 127);
    return in(random_.one_in(2) ? Op::number : Op::value, first, first + random_.between(0, 40));
  }
  Pattern pattern() {
    switch (random_.below(8)) {
    case 0: return number();
    case 1: return number() & (variable() | variable());
    case 2: return (number() & variable()) | variable();
    case 3: return variable() & variable() & number();
    case 4: return kind(Kind::note_on) & variable();
    default: return variable();
    }
  }
  // Of an event; some of the variables may have changed before it.
  Look look() {
    event_ = random_.event(random_.one_in(2) ? Kind::note_on : Kind::control_change);
    event_.port = {};
    for (std::size_t i = random_.one_in(8) ? 6 : random_.below(4); i > 0; --i) {
      const std::size_t variable = random_.below(count_);
      variables_[variable] = random_.between(-2, 5);
      changed_[++state_ % changed_.size()] = static_cast<std::uint32_t>(variable);
    }
    Look look = look_at(event_, variables_);
    look.variables_state = random_.one_in(8) ? 0 : state_;
    if (random_.one_in(2)) look.changed = changed_;
    return look;
  }
  mm::test::Random& random() { return random_; }

 private:
  mm::test::Random random_;
  std::size_t count_;
  std::vector<std::int32_t> variables_;
  std::uint64_t state_ = 1;
  std::array<std::uint32_t, 4> changed_{};
  Event event_;
};

TEST(RouteVariables, rules_are_found_as_by_trying_all) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Some some(seed);
    std::vector<Pattern> patterns;
    std::vector<bool> decides;
    for (std::size_t i = some.random().below(seed % 10 == 0 ? 1500 : 150) + 1; i > 0; --i) {
      patterns.push_back(some.pattern());
      decides.push_back(some.random().one_in(8));
    }
    const Rules rules(patterns, decides);
    for (int i = 0; i < 400; ++i) {
      const Look look = some.look();
      ASSERT_EQ(rules.found(look), rules.tried(look)) << "seed " << seed << ", event " << i;
    }
  }
}

TEST(RouteVariables, an_event_takes_no_memory) {
  std::vector<Pattern> patterns;
  for (std::uint32_t i = 0; i < many; ++i)
    patterns.push_back(is(Op::number, static_cast<std::int32_t>(i % 128)) & is_variable(i, 1));
  const Rules rules(patterns);
  std::vector<std::int32_t> variables(many, 0);
  const Event event = make_event(Kind::note_on, 1, 60, 100);
  Look look = look_at(event, variables);
  const std::size_t before = mm::test::allocations();
  std::size_t found = 0;
  for (std::size_t i = 60; i < many; i += 128) {
    variables[i] = 1;
    ++look.variables_state;
    found += rules.index.find(look).size();
    variables[i] = 0;
  }
  EXPECT_EQ(mm::test::allocations(), before);
  EXPECT_EQ(found, 78U);
}

} // namespace
} // namespace mm::route::test
