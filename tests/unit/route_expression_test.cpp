// {EXPRESSION}: how it is read, and what it gives.
#include "mmroute/language/expression.hpp"
#include "mmroute/language/parse.hpp"
#include "route_tree.hpp"

#include <gtest/gtest.h>

namespace mm::route {
namespace {

constexpr std::int32_t lowest = NumberSet::lowest;
constexpr std::int32_t highest = NumberSet::highest;

// The expression in a rule, whose variables are a and b.
struct Read {
  Script script;
  Expression expression;
};
Read read(const std::string& expression) {
  const Text text{"rules", "any -> vel {" + expression + "}, set a 1, set b 1"};
  ParsedRules parsed = parse_rules(std::span(&text, 1));
  EXPECT_EQ(parsed.faults, std::vector<std::string>{}) << expression;
  if (!parsed.faults.empty()) return {};
  const auto& shape = std::get<Shape>(parsed.script.groups.at(0).rules.at(0).actions.at(0).form);
  const Expression found = shape.operand.expression.value();
  return {std::move(parsed.script), found};
}

std::string tree(const std::string& expression) {
  const Read found = read(expression);
  return test::describe(found.expression, found.script);
}

// With a = 7, b = -3.
std::int32_t value(const std::string& expression, const Event* event = nullptr) {
  const std::array<std::int32_t, 2> variables{7, -3};
  return evaluate(read(expression).expression, {event, variables, 99});
}

TEST(RouteExpression, precedence) {
  EXPECT_EQ(tree("1"), "1");
  EXPECT_EQ(tree("  a  "), "$a");
  EXPECT_EQ(tree("1+2*3"), "(1 + (2 * 3))");
  EXPECT_EQ(tree("1*2+3"), "((1 * 2) + 3)");
  EXPECT_EQ(tree("(1+2)*3"), "((1 + 2) * 3)");
  EXPECT_EQ(tree("1-2-3"), "((1 - 2) - 3)");
  EXPECT_EQ(tree("8/4/2%3"), "(((8 / 4) / 2) % 3)");
  EXPECT_EQ(tree("-a*b"), "(-$a * $b)");
  EXPECT_EQ(tree("a - -b"), "($a - -$b)");
}

TEST(RouteExpression, names_and_numbers) {
  EXPECT_EQ(tree("channel+note+velocity+pressure+controller"),
            "((((channel + note) + velocity) + pressure) + controller)");
  EXPECT_EQ(tree("program+bend+number+value+tempo"),
            "((((program + bend) + number) + value) + tempo)");
  EXPECT_EQ(tree("0x2a"), "42");
  EXPECT_EQ(tree("a-b"), "($a - $b)") << "a '-' is always minus";
  EXPECT_EQ(tree("a-1"), "($a - 1)");
}

TEST(RouteExpression, arithmetic) {
  EXPECT_EQ(value("a + b"), 4);
  EXPECT_EQ(value("a - b"), 10);
  EXPECT_EQ(value("a * b"), -21);
  EXPECT_EQ(value("a / b"), -2) << "it truncates";
  EXPECT_EQ(value("a % b"), 1);
  EXPECT_EQ(value("b % a"), -3);
  EXPECT_EQ(value("-(a + b)"), -4);
  EXPECT_EQ(value("a / 0"), 0);
  EXPECT_EQ(value("a % 0"), 0);
  EXPECT_EQ(value("a / (b + 3)"), 0);
}

TEST(RouteExpression, stays_in_32_bits) {
  const std::string large = "999999998 * 3";
  EXPECT_EQ(value(large), highest);
  EXPECT_EQ(value("-999999998 * 3"), lowest);
  EXPECT_EQ(value("-(" + large + ") - 1"), -highest - 1);
  EXPECT_EQ(value("0 - 999999998 * 3 - 1"), lowest);
  EXPECT_EQ(value("(-999999998 * 3) / -1"), highest);
  EXPECT_EQ(value("-(-999999998 * 3)"), highest);
  EXPECT_EQ(value("(-999999998 * 3) % -1"), 0);
  EXPECT_EQ(value(large + " * (" + large + ")"), highest);
}

TEST(RouteExpression, as_deep_as_it_may_be) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "1+1*(";
  deep += "1";
  deep += std::string(100, ')');
  EXPECT_EQ(value(deep), 101);
}

// channel, note, velocity, pressure, controller, program, bend, number, value
std::vector<std::int32_t> fields(const Event& event) {
  std::vector<std::int32_t> values;
  for (const char* name : {"channel", "note", "velocity", "pressure", "controller", "program",
                           "bend", "number", "value"})
    values.push_back(value(name, &event));
  return values;
}

TEST(RouteExpression, fields_of_each_kind) {
  using V = std::vector<std::int32_t>;
  EXPECT_EQ(fields(make_event(Kind::note_on, 2, 60, 100)), (V{2, 60, 100, 0, 0, 0, 0, 60, 100}));
  EXPECT_EQ(fields(make_event(Kind::note_off, 2, 60, 64)), (V{2, 60, 64, 0, 0, 0, 0, 60, 64}));
  EXPECT_EQ(fields(make_event(Kind::poly_pressure, 3, 61, 9)), (V{3, 61, 0, 9, 0, 0, 0, 61, 9}));
  EXPECT_EQ(fields(make_event(Kind::control_change, 4, 7, 99)), (V{4, 0, 0, 0, 7, 0, 0, 7, 99}));
  EXPECT_EQ(fields(make_event(Kind::program_change, 5, 6)), (V{5, 0, 0, 0, 0, 6, 0, 6, 6}));
  EXPECT_EQ(fields(make_event(Kind::channel_pressure, 6, 8)), (V{6, 0, 0, 8, 0, 0, 0, 0, 8}));
  EXPECT_EQ(fields(make_event(Kind::pitch_bend, 7, -9)), (V{7, 0, 0, 0, 0, 0, -9, 0, -9}));
  EXPECT_EQ(fields(make_event(Kind::cc14, 8, 1, 9999)), (V{8, 0, 0, 0, 0, 0, 0, 1, 9999}));
  EXPECT_EQ(fields(make_event(Kind::rpn, 9, 2, 8888)), (V{9, 0, 0, 0, 0, 0, 0, 2, 8888}));
  EXPECT_EQ(fields(make_event(Kind::nrpn, 10, 999, 5)), (V{10, 0, 0, 0, 0, 0, 0, 999, 5}));
  EXPECT_EQ(fields(make_event(Kind::time_code, 7, 15)), (V{0, 0, 0, 0, 0, 0, 0, 0, 15}));
  EXPECT_EQ(fields(make_event(Kind::song_position, 777)), (V{0, 0, 0, 0, 0, 0, 0, 0, 777}));
  EXPECT_EQ(fields(make_event(Kind::song_select, 3)), (V{0, 0, 0, 0, 0, 0, 0, 0, 3}));
  EXPECT_EQ(fields(make_event(Kind::clock)), V(9, 0));
  EXPECT_EQ(fields(make_meta(":x 5")), V(9, 0));
}

TEST(RouteExpression, without_an_event) {
  EXPECT_EQ(value("note + value + channel"), 0);
  EXPECT_EQ(value("tempo"), 99);
  EXPECT_EQ(value("tempo + a"), 106);
}

TEST(RouteExpression, an_operand_may_be_plain) {
  EXPECT_EQ(evaluate(Operand{5, {}}, {}), 5);
  EXPECT_EQ(evaluate(Expression{}, {}), 0);
}

} // namespace
} // namespace mm::route
