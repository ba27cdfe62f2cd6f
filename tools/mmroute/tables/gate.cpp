#include "tables/gate.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace mm::route::lookup {

Gate::Gate(Conditions& conditions, std::span<const Entry> list)
    : failing_(list.size(), 0), open_((list.size() + 63) / 64, 0) {
  std::map<std::uint32_t, std::vector<Test>> tests; // by variable
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    open_[i / 64] |= std::uint64_t{1} << i % 64;
    std::optional<DimensionId> before; // tests of one dimension stand together
    for (const auto& one : conditions.tests(list[i].rest)) {
      const DimensionId dimension = one.dimension;
      const Dimension& of = conditions[dimension];
      if (of.source != Source::variable || before == dimension) continue;
      before = dimension;
      auto& its = tests[of.which];
      if (its.empty()) dimensions_.push_back(dimension);
      its.push_back({i, static_cast<std::uint32_t>(ranges_.size()), 0});
      const auto pieces = conditions.along(list[i].rest, dimension);
      for (std::size_t p = 0; p < pieces.size(); ++p)
        if (pieces[p].rest != never)
          ranges_.emplace_back(pieces[p].start,
                               p + 1 < pieces.size() ? pieces[p + 1].start - 1 : of.last);
      its.back().end = static_cast<std::uint32_t>(ranges_.size());
    }
  }
  for (const auto& [variable, its] : tests) {
    const auto first = static_cast<std::uint32_t>(tests_.size());
    tests_.insert(tests_.end(), its.begin(), its.end());
    asked_.push_back({variable, 0, first, static_cast<std::uint32_t>(tests_.size())});
    for (const Test& test : its)
      if (!holds(test, 0)) turn(test.entry, false);
  }
}

void Gate::update(const Look& look) {
  const std::uint64_t changes = look.variables_state - state_;
  if (state_ == 0 || changes > look.changed.size()) {
    for (Asked& asked : asked_) update(asked, look);
  } else {
    for (std::uint64_t change = state_ + 1; change <= look.variables_state; ++change) {
      const std::uint32_t variable = look.changed[change % look.changed.size()];
      const auto at = std::ranges::lower_bound(asked_, variable, {}, &Asked::variable);
      if (at != asked_.end() && at->variable == variable) update(*at, look);
    }
  }
  state_ = look.variables_state;
}

void Gate::update(Asked& asked, const Look& look) {
  const std::int32_t value =
      asked.variable < look.variables.size() ? look.variables[asked.variable] : 0;
  if (value == asked.value) return;
  for (std::uint32_t i = asked.first; i < asked.end; ++i) {
    const bool now_holds = holds(tests_[i], value);
    if (now_holds != holds(tests_[i], asked.value)) turn(tests_[i].entry, now_holds);
  }
  asked.value = value;
}

bool Gate::holds(const Test& test, std::int64_t value) const {
  return std::any_of(
      ranges_.begin() + test.first, ranges_.begin() + test.end,
      [value](const Range& range) { return range.first <= value && value <= range.second; });
}

// A test of the entry has begun to hold, or has ceased to.
void Gate::turn(std::uint32_t entry, bool test_holds) {
  const std::uint64_t bit = std::uint64_t{1} << entry % 64;
  failing_[entry] += test_holds ? -1U : 1U;
  open_[entry / 64] = failing_[entry] == 0 ? open_[entry / 64] | bit : open_[entry / 64] & ~bit;
}

std::size_t Gate::bytes() const {
  return dimensions_.capacity() * sizeof(DimensionId) + asked_.capacity() * sizeof(Asked) +
         tests_.capacity() * sizeof(Test) + ranges_.capacity() * sizeof(Range) +
         failing_.capacity() * sizeof(std::uint32_t) + open_.capacity() * sizeof(std::uint64_t);
}

} // namespace mm::route::lookup
