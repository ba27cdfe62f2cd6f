// Numbers in a pattern: 1,7..10.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace mm::route {

// A set of whole numbers, as ranges that rise, do not overlap and do not touch.
class NumberSet {
 public:
  struct Range {
    std::int32_t first;
    std::int32_t last;
    friend bool operator==(const Range&, const Range&) = default;
  };
  static constexpr std::int32_t lowest = std::numeric_limits<std::int32_t>::min();
  static constexpr std::int32_t highest = std::numeric_limits<std::int32_t>::max();

  NumberSet() = default;
  static NumberSet all() { return of(lowest, highest); }
  static NumberSet of(std::int32_t first, std::int32_t last) {
    NumberSet set;
    set.add(first, last);
    return set;
  }

  // Of ranges in any order, each with first <= last.
  static NumberSet of(std::vector<Range> ranges) {
    std::sort(ranges.begin(), ranges.end(),
              [](const Range& a, const Range& b) { return a.first < b.first; });
    NumberSet set;
    for (const Range& range : ranges) {
      if (set.is_empty() || !touches(set.ranges_.back(), range))
        set.ranges_.push_back(range);
      else
        set.ranges_.back().last = std::max(set.ranges_.back().last, range.last);
    }
    return set;
  }

  // first <= last
  void add(std::int32_t first, std::int32_t last) {
    std::vector<Range> joined;
    joined.reserve(ranges_.size() + 1);
    Range range{first, last};
    for (const Range& one : ranges_) {
      if (touches(one, range))
        range = {std::min(one.first, range.first), std::max(one.last, range.last)};
      else
        joined.push_back(one);
    }
    joined.insert(std::find_if(joined.begin(), joined.end(),
                               [&](const Range& one) { return one.first > range.last; }),
                  range);
    ranges_ = std::move(joined);
  }

  [[nodiscard]] bool has(std::int32_t number) const {
    for (const Range& range : ranges_)
      if (number <= range.last) return number >= range.first;
    return false;
  }
  [[nodiscard]] bool is_empty() const { return ranges_.empty(); }
  [[nodiscard]] bool is_all() const { return ranges_ == all().ranges_; }
  [[nodiscard]] std::span<const Range> ranges() const { return ranges_; }

  [[nodiscard]] NumberSet unite(const NumberSet& other) const {
    NumberSet set = *this;
    for (const Range& range : other.ranges_) set.add(range.first, range.last);
    return set;
  }
  [[nodiscard]] NumberSet intersect(const NumberSet& other) const {
    NumberSet set;
    for (const Range& a : ranges_)
      for (const Range& b : other.ranges_)
        if (a.first <= b.last && b.first <= a.last)
          set.ranges_.push_back({std::max(a.first, b.first), std::min(a.last, b.last)});
    return set;
  }
  [[nodiscard]] NumberSet complement() const {
    NumberSet set;
    std::int64_t next = lowest;
    for (const Range& range : ranges_) {
      if (range.first > next)
        set.ranges_.push_back({static_cast<std::int32_t>(next), range.first - 1});
      next = std::int64_t{range.last} + 1;
    }
    if (next <= highest) set.ranges_.push_back({static_cast<std::int32_t>(next), highest});
    return set;
  }

  friend bool operator==(const NumberSet&, const NumberSet&) = default;

 private:
  static bool touches(const Range& a, const Range& b) {
    return std::int64_t{a.first} <= std::int64_t{b.last} + 1 &&
           std::int64_t{b.first} <= std::int64_t{a.last} + 1;
  }
  std::vector<Range> ranges_;
};

} // namespace mm::route
