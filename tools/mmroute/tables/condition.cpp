#include "tables/condition.hpp"

#include <algorithm>
#include <array>

namespace mm::route::lookup {

using Set = Conditions::Set;

void intersect(std::span<const std::int64_t> a, std::span<const std::int64_t> b, Set& to) {
  to.clear();
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const std::int64_t first = std::max(a[i], b[j]);
    const std::int64_t last = std::min(a[i + 1], b[j + 1]);
    if (first <= last) to.insert(to.end(), {first, last});
    (a[i + 1] < b[j + 1] ? i : j) += 2;
  }
}

void complement(std::span<const std::int64_t> set, std::int64_t first, std::int64_t last, Set& to) {
  to.clear();
  for (std::size_t i = 0; i < set.size(); i += 2) {
    if (first < set[i]) to.insert(to.end(), {first, set[i] - 1});
    if (set[i + 1] == last) return;
    first = set[i + 1] + 1;
  }
  to.insert(to.end(), {first, last});
}

Conditions::Conditions() {
  keep(Op::constant, std::array<std::uint32_t, 1>{never});
  keep(Op::constant, std::array<std::uint32_t, 1>{always});
}

DimensionId Conditions::dimension(const Dimension& of) {
  const std::array<std::int64_t, 4> key{static_cast<std::int64_t>(of.source), of.which, of.first,
                                        of.last};
  const DimensionId id = dimension_ids_.id_of(key);
  if (id == dimensions_.size()) dimensions_.push_back(of);
  return id;
}

ConditionId Conditions::keep(Op op, std::span<const std::uint32_t> parts) {
  key_.assign(1, static_cast<std::uint32_t>(op));
  key_.insert(key_.end(), parts.begin(), parts.end());
  return conditions_.id_of(key_);
}

ConditionId Conditions::test(DimensionId dimension, std::span<const std::int64_t> set) {
  const Dimension& all = dimensions_[dimension];
  intersect(set, std::array{all.first, all.last}, set_);
  if (set_.empty()) return never;
  if (set_.size() == 2 && set_[0] == all.first && set_[1] == all.last) return always;
  return keep(Op::test, std::array{dimension, sets_.id_of(set_)});
}

// One test instead of several of the same dimension.
ConditionId Conditions::join_sets(Op op, std::span<const ConditionId> tests) {
  const DimensionId dimension = parts(tests.front())[0];
  const Dimension& all = dimensions_[dimension];
  // One of the sets: not in all of their complements.
  const auto of = [&](ConditionId id) {
    const auto set = sets_[parts(id)[1]];
    if (op == Op::all)
      other_set_.assign(set.begin(), set.end());
    else
      complement(set, all.first, all.last, other_set_);
  };
  of(tests.front());
  Set joined = other_set_;
  for (const ConditionId id : tests.subspan(1)) {
    of(id);
    intersect(joined, other_set_, set_);
    joined = set_;
  }
  if (op == Op::all) return test(dimension, joined);
  complement(joined, all.first, all.last, other_set_);
  return test(dimension, other_set_);
}

// In flat_. False: then the whole is decided.
bool Conditions::join_tests(Op op) {
  const auto dimension_of = [&](ConditionId id) { return parts(id)[0]; };
  const auto middle = std::partition(flat_.begin(), flat_.end(),
                                     [&](ConditionId id) { return this->op(id) == Op::test; });
  std::sort(flat_.begin(), middle,
            [&](ConditionId a, ConditionId b) { return dimension_of(a) < dimension_of(b); });
  joined_.assign(middle, flat_.end());
  for (auto from = flat_.begin(); from != middle;) {
    auto to = from + 1;
    while (to != middle && dimension_of(*to) == dimension_of(*from)) ++to;
    const ConditionId one = to == from + 1 ? *from : join_sets(op, {from, to});
    if (one == (op == Op::all ? never : always)) return false;
    if (one != never && one != always) joined_.push_back(one);
    from = to;
  }
  flat_.swap(joined_);
  return true;
}

bool Conditions::is_conjunction(ConditionId id) const {
  if (op(id) == Op::test || id == always) return true;
  return op(id) == Op::all &&
         std::ranges::all_of(parts(id), [this](ConditionId part) { return op(part) == Op::test; });
}

ConditionId Conditions::join(Op op, std::span<const ConditionId> parts) {
  const ConditionId neutral = op == Op::all ? always : never;
  const ConditionId decided = op == Op::all ? never : always;
  flat_.clear();
  for (const ConditionId part : parts) {
    if (part == decided) return decided;
    if (part == neutral) continue;
    if (this->op(part) == op)
      flat_.insert(flat_.end(), this->parts(part).begin(), this->parts(part).end());
    else
      flat_.push_back(part);
  }
  if (flat_.size() > 1 && !join_tests(op)) return decided;
  std::sort(flat_.begin(), flat_.end());
  flat_.erase(std::unique(flat_.begin(), flat_.end()), flat_.end());
  if (flat_.empty()) return neutral;
  return flat_.size() == 1 ? flat_.front() : keep(op, flat_);
}

bool Conditions::has(std::uint32_t set, std::int64_t number) const {
  const auto ends = sets_[set];
  // In a range: more of the ends are up to it than not.
  const auto above = std::upper_bound(ends.begin(), ends.end(), number);
  const auto index = static_cast<std::size_t>(above - ends.begin());
  return index % 2 == 1 || (index > 0 && ends[index - 1] == number);
}

std::span<const Conditions::Test> Conditions::find_tests(ConditionId id) {
  if (id >= tests_.size()) tests_.resize(conditions_.size());
  if (op(id) == Op::constant) return {};
  if (op(id) == Op::test) {
    const Test one{parts(id)[0], parts(id)[1]};
    return tests_[id] = test_blocks_.store(std::span(&one, 1));
  }
  std::vector<Test> found;
  for (const ConditionId part : parts(id)) {
    const auto of = tests(part);
    found.insert(found.end(), of.begin(), of.end());
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return tests_[id] = test_blocks_.store(found);
}

std::span<const Conditions::Test> Conditions::tests_of(ConditionId id, DimensionId dimension) {
  const auto all = tests(id);
  const auto less = [](const Test& test, DimensionId than) { return test.dimension < than; };
  const auto first = std::lower_bound(all.begin(), all.end(), dimension, less);
  const auto end = std::lower_bound(first, all.end(), dimension + 1, less);
  return all.subspan(static_cast<std::size_t>(first - all.begin()),
                     static_cast<std::size_t>(end - first));
}

bool Conditions::implies(ConditionId narrow, ConditionId wide) {
  if (narrow == wide || narrow == never || wide == always) return true;
  if (narrow == always || wide == never) return false;
  const auto implied = [&](ConditionId part) { return implies(narrow, part); };
  const auto implying = [&](ConditionId part) { return implies(part, wide); };
  if (op(wide) == Op::all) return std::ranges::all_of(parts(wide), implied);
  if (op(narrow) == Op::any) return std::ranges::all_of(parts(narrow), implying);
  if (op(narrow) == Op::all) return std::ranges::any_of(parts(narrow), implying);
  if (op(wide) == Op::any) return std::ranges::any_of(parts(wide), implied);
  if (parts(narrow)[0] != parts(wide)[0]) return false;
  const auto inner = sets_[parts(narrow)[1]];
  intersect(inner, sets_[parts(wide)[1]], set_);
  return std::ranges::equal(set_, inner);
}

} // namespace mm::route::lookup
