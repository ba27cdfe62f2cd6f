// The sets of a list's rules that may match in the parts of a dimension.
#pragma once

#include "tables/condition.hpp"
#include "tables/sweep.hpp"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace mm::route::lookup {

// Makes sets, of a bit for each entry of the list. Set 0 is kept for finish().
class Sieve {
 public:
  // The list has to stay as long as this.
  Sieve(Conditions& conditions, std::span<const Entry> list)
      : conditions_(conditions), list_(list), bits_(words(), 0) {}

  // Of a set.
  [[nodiscard]] std::size_t words() const { return (list_.size() + 63) / 64; }

  // Cuts a dimension in parts, not more than `most`: where each starts, and the number of its set.
  std::vector<std::pair<std::int64_t, std::uint32_t>> cut(DimensionId dimension, std::size_t most);

  // The sets do not tell about a dimension, but something else does, exactly.
  void leave(DimensionId dimension) { exact_.push_back(dimension); }

  // Whether an entry that is in the sets of all dimensions that were cut matches for certain.
  bool is_certain(const Entry& entry);

  // All sets. In the first one are the entries that are certain, and decide.
  template <class Decides> const std::vector<std::uint64_t>& finish(Decides&& decides) {
    for (std::size_t i = 0; i < list_.size(); ++i)
      if (is_certain(list_[i]) && decides(list_[i])) add(i, 0);
    return bits_;
  }

 private:
  void add(std::size_t entry, std::size_t set) {
    bits_[set * words() + entry / 64] |= std::uint64_t{1} << entry % 64;
  }

  Conditions& conditions_;
  std::span<const Entry> list_;
  std::vector<std::uint64_t> bits_;
  // Dimensions that were cut wherever a test of them changes, or left.
  std::vector<DimensionId> exact_;
};

} // namespace mm::route::lookup
