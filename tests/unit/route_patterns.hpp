// Patterns and rules for the tests of the tables that find rules (mmroute).
#pragma once

#include "mmroute/tables/index.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mm::route::test {

using Op = Pattern::Op;
using Numbers = std::vector<std::uint32_t>;

// --- patterns ---

inline Pattern any() { return {}; }
inline Pattern in(Op op, std::int32_t first, std::int32_t last) {
  return {.op = op, .numbers = NumberSet::of(first, last)};
}
inline Pattern is(Op op, std::int32_t number) { return in(op, number, number); }
inline Pattern kind(Kind kind) {
  Pattern pattern{.op = Op::kinds};
  pattern.kinds.set(static_cast<std::size_t>(kind));
  return pattern;
}
inline Pattern port(std::string_view text, bool is_prefix = false) {
  return {.op = Op::port, .text = std::string(text), .is_prefix = is_prefix};
}
inline Pattern when(std::uint32_t variable, std::int32_t first, std::int32_t last) {
  return {.op = Op::variable, .numbers = NumberSet::of(first, last), .variable = variable};
}
inline Pattern is_variable(std::uint32_t variable, std::int32_t value) {
  return when(variable, value, value);
}
inline Pattern sysex(std::vector<std::int16_t> bytes, bool is_open = false) {
  return {.op = Op::bytes, .bytes = std::move(bytes), .is_open = is_open};
}
inline Pattern meta(std::string_view name) { return {.op = Op::meta, .text = std::string(name)}; }
inline Pattern held(Nanoseconds least, Nanoseconds most) {
  return {.op = Op::held, .least = least, .most = most};
}
inline Pattern operator!(Pattern pattern) { return {.op = Op::not_, .of = {std::move(pattern)}}; }
inline Pattern operator&(Pattern a, Pattern b) {
  return {.op = Op::and_, .of = {std::move(a), std::move(b)}};
}
inline Pattern operator|(Pattern a, Pattern b) {
  return {.op = Op::or_, .of = {std::move(a), std::move(b)}};
}

// --- rules, and what is found ---

struct Rules {
  explicit Rules(const std::vector<Pattern>& from, bool decide = true)
      : Rules(from, std::vector<bool>(from.size(), decide)) {}
  Rules(std::vector<Pattern> from, std::vector<bool> decide)
      : patterns(std::move(from)), decides(std::move(decide)), index(pointers(), decides) {}

  [[nodiscard]] std::vector<const Pattern*> pointers() const {
    std::vector<const Pattern*> all;
    for (const Pattern& pattern : patterns) all.push_back(&pattern);
    return all;
  }

  // By trying all.
  [[nodiscard]] Numbers tried(const Look& look) const {
    Numbers rules;
    for (std::uint32_t i = 0; i < patterns.size(); ++i) {
      if (!matches(patterns[i], look)) continue;
      rules.push_back(i);
      if (decides[i]) break;
    }
    return rules;
  }
  [[nodiscard]] Numbers found(const Look& look) const {
    Numbers rules;
    for (const auto& [rule, is_certain] : index.find(look)) {
      const bool does = matches(patterns[rule], look);
      EXPECT_TRUE(does || !is_certain) << "rule " << rule << " is certain";
      if (!does) continue;
      rules.push_back(rule);
      if (decides[rule]) break;
    }
    return rules;
  }

  std::vector<Pattern> patterns;
  std::vector<bool> decides;
  Index index;
};

inline Look look_at(const Event& event, std::span<const std::int32_t> variables = {}) {
  return {.event = &event, .kind = kind_in_rules(event), .variables = variables};
}

inline Event at_port(Event event, std::string_view port) {
  event.port = port;
  return event;
}

} // namespace mm::route::test
