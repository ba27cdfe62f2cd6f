// What remains of conditions.
#include "tables/condition.hpp"

#include <algorithm>

namespace mm::route::lookup {

ConditionId Conditions::restrict(ConditionId id, DimensionId dimension, std::int64_t number) {
  if (tests_of(id, dimension).empty()) return id;
  if (op(id) == Op::test) return has(parts(id)[1], number) ? always : never;
  std::vector<ConditionId> rest;
  const ConditionId decided = op(id) == Op::all ? never : always;
  for (const ConditionId part : parts(id)) {
    rest.push_back(restrict(part, dimension, number));
    if (rest.back() == decided) return decided;
  }
  return join(op(id), rest);
}

void Conditions::add_piece(std::int64_t start, ConditionId rest) {
  if (pieces_.empty() || pieces_.back().rest != rest) pieces_.push_back({start, rest});
}

void Conditions::cut_at(std::uint32_t set, DimensionId dimension, ConditionId in, ConditionId out) {
  const Dimension& all = dimensions_[dimension];
  const auto ends = sets_[set];
  if (ends[0] > all.first) add_piece(all.first, out);
  for (std::size_t i = 0; i < ends.size(); i += 2) {
    add_piece(ends[i], in);
    if (ends[i + 1] < all.last) add_piece(ends[i + 1] + 1, out);
  }
}

// The common case, which needs no search: the whole, or a part of it that is a test, is all that
// asks for the dimension.
bool Conditions::cut_at_one_test(ConditionId id, DimensionId dimension) {
  const auto tests = tests_of(id, dimension);
  if (tests.size() != 1) return false;
  const std::uint32_t set = tests.front().set;
  if (op(id) == Op::test) {
    cut_at(set, dimension, always, never);
    return true;
  }
  rest_.clear();
  for (const ConditionId part : parts(id))
    if (op(part) != Op::test || parts(part)[0] != dimension) {
      if (!tests_of(part, dimension).empty()) return false;
      rest_.push_back(part);
    }
  const ConditionId other = rest_.size() == 1 ? rest_.front() : keep(op(id), rest_);
  const bool is_all = op(id) == Op::all;
  cut_at(set, dimension, is_all ? other : always, is_all ? never : other);
  return true;
}

void Conditions::cut(ConditionId id, DimensionId dimension) {
  pieces_.clear();
  const Dimension& all = dimensions_[dimension];
  const auto tests = tests_of(id, dimension);
  if (tests.empty()) return add_piece(all.first, id);
  if (cut_at_one_test(id, dimension)) return;
  std::vector<std::int64_t> starts{all.first};
  for (const Test& test : tests) {
    const auto ends = sets_[test.set];
    for (std::size_t i = 0; i < ends.size(); i += 2) {
      starts.push_back(ends[i]);
      if (ends[i + 1] < all.last) starts.push_back(ends[i + 1] + 1);
    }
  }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  for (const std::int64_t start : starts) add_piece(start, restrict(id, dimension, start));
}

std::span<const Conditions::Piece> Conditions::along(ConditionId id, DimensionId dimension) {
  const std::uint64_t key = std::uint64_t{id} << 32 | dimension;
  const std::uint32_t known = cut_ids_.id_of(std::span(&key, 1));
  if (known == cuts_.size()) {
    cut(id, dimension);
    cuts_.push_back(piece_blocks_.store(pieces_));
  }
  return cuts_[known];
}

} // namespace mm::route::lookup
