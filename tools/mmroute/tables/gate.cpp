#include "tables/gate.hpp"

#include <algorithm>
#include <map>

namespace mm::route::lookup {

Gate::Gate(Conditions& conditions, std::span<const Entry> list)
    : failing_(list.size(), 0), open_((list.size() + 63) / 64, 0) {
  std::map<DimensionId, std::vector<Test>> tests;
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    open_[i / 64] |= std::uint64_t{1} << i % 64;
    for (const auto& one : conditions.tests(list[i].rest)) {
      const DimensionId dimension = one.dimension;
      if (conditions[dimension].source != Source::variable) continue;
      const auto pieces = conditions.along(list[i].rest, dimension);
      Test test{i, static_cast<std::uint32_t>(ranges_.size()), 0};
      for (std::size_t p = 0; p < pieces.size(); ++p)
        if (pieces[p].rest != never)
          ranges_.emplace_back(pieces[p].start, p + 1 < pieces.size() ? pieces[p + 1].start - 1
                                                                      : conditions[dimension].last);
      test.end = static_cast<std::uint32_t>(ranges_.size());
      tests[dimension].push_back(test);
    }
  }
  for (const auto& [dimension, its] : tests) {
    dimensions_.push_back(dimension);
    tests_.insert(tests_.end(), its.begin(), its.end());
    asked_.push_back({conditions[dimension].which, 0, static_cast<std::uint32_t>(tests_.size())});
    for (const Test& test : its)
      if (!holds(test, 0)) count(test.entry, false);
  }
}

void Gate::update(const Look& look) {
  state_ = look.variables_state;
  std::uint32_t first = 0;
  for (Asked& asked : asked_) {
    const std::int32_t value =
        asked.variable < look.variables.size() ? look.variables[asked.variable] : 0;
    for (std::uint32_t i = first; value != asked.value && i < asked.end; ++i) {
      const bool held = holds(tests_[i], asked.value);
      if (holds(tests_[i], value) != held) count(tests_[i].entry, !held);
    }
    asked.value = value;
    first = asked.end;
  }
}

bool Gate::holds(const Test& test, std::int64_t value) const {
  return std::any_of(
      ranges_.begin() + test.first, ranges_.begin() + test.end,
      [&](const Range& range) { return range.first <= value && value <= range.second; });
}

// A test of the entry holds now, or does no longer.
void Gate::count(std::uint32_t entry, bool holds) {
  const std::uint64_t bit = std::uint64_t{1} << entry % 64;
  failing_[entry] += holds ? -1U : 1U;
  open_[entry / 64] = failing_[entry] == 0 ? open_[entry / 64] | bit : open_[entry / 64] & ~bit;
}

std::size_t Gate::bytes() const {
  return asked_.capacity() * sizeof(Asked) + tests_.capacity() * sizeof(Test) +
         ranges_.capacity() * sizeof(Range) + failing_.capacity() * sizeof(std::uint32_t) +
         open_.capacity() * sizeof(std::uint64_t);
}

} // namespace mm::route::lookup
