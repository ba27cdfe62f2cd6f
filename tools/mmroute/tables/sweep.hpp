// How the list of rules that may still match changes along a dimension.
#pragma once

#include "tables/condition.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mm::route::lookup {

// A rule, and what remains of its pattern.
struct Entry {
  std::uint32_t rule;
  ConditionId rest;
};

// Where tests of the dimension change, from its first number on.
std::vector<std::int64_t> starts_along(Conditions& conditions, std::span<const Entry> list,
                                       DimensionId dimension);

// Goes through the intervals of a dimension in which no test of it changes. In each of them the
// list is that of the entries that can match there, up to the first one that does and decides.
class Sweep {
 public:
  Sweep(Conditions& conditions, const std::vector<bool>& decides)
      : conditions_(conditions), decides_(decides) {}

  void begin(std::span<const Entry> list, DimensionId dimension);
  // To the next interval; the first one after begin(). False: there is none.
  bool next();

  [[nodiscard]] std::int64_t start() const { return start_; }
  [[nodiscard]] std::uint32_t size() const { return sums_[1].size; }
  // The same for the same list, and as good as certainly for no other.
  [[nodiscard]] std::uint64_t signature() const { return sums_[1].signature; }
  void copy_list(std::vector<Entry>& to) const { copy_list(1, to); }

  // Of the whole dimension.
  struct Survey {
    std::uint64_t intervals = 0;         // next to each other with different lists
    std::uint64_t lists = 0;             // different ones
    std::uint64_t entries = 0;           // of these together
    std::uint64_t squares = 0;           // of their sizes
    std::uint64_t shortest = UINT64_MAX; // of their sizes
  };
  Survey survey(std::span<const Entry> list, DimensionId dimension);

 private:
  // Of some entries in a row.
  struct Sum {
    std::uint32_t size = 0; // up to the one that decides, that one included
    bool is_decided = false;
    std::uint64_t signature = 0;
  };
  struct Change {
    std::int64_t start;
    std::uint32_t place; // in the list
    ConditionId rest;
  };

  static Sum sum(const Sum& left, const Sum& right) {
    if (left.is_decided) return left;
    return {left.size + right.size, right.is_decided, left.signature + right.signature};
  }
  [[nodiscard]] Sum sum_of(const Entry& entry) const;
  void put(std::uint32_t place, ConditionId rest);
  void copy_list(std::size_t node, std::vector<Entry>& to) const;

  Conditions& conditions_;
  const std::vector<bool>& decides_;
  std::vector<Entry> now_; // the list in this interval; `never` where an entry cannot match
  std::vector<Sum> sums_;  // a tree: of 2 * i and 2 * i + 1 at i; the leaves are the entries
  std::size_t leaves_ = 0;
  std::vector<Change> changes_;
  std::size_t change_ = 0;
  std::int64_t start_ = 0;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> lists_; // signatures and sizes
};

} // namespace mm::route::lookup
