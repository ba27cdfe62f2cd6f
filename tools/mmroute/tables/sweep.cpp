#include "tables/sweep.hpp"

#include <algorithm>
#include <bit>

namespace mm::route::lookup {

std::vector<std::int64_t> starts_along(Conditions& conditions, std::span<const Entry> list,
                                       DimensionId dimension) {
  std::vector<std::int64_t> starts{conditions[dimension].first};
  for (const Entry& entry : list)
    if (conditions.asks(entry.rest, dimension))
      for (const auto& piece : conditions.along(entry.rest, dimension))
        starts.push_back(piece.start);
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  return starts;
}

void Sweep::begin(std::span<const Entry> list, DimensionId dimension) {
  now_.assign(list.begin(), list.end());
  leaves_ = std::bit_ceil(list.size());
  sums_.assign(2 * leaves_, {});
  // The first interval begins with a change as well, of nothing.
  changes_.assign(1, {conditions_[dimension].first, 0,
                      conditions_.along(list.front().rest, dimension).front().rest});
  for (std::uint32_t place = 0; place < list.size(); ++place) {
    if (!conditions_.asks(list[place].rest, dimension)) continue;
    const auto pieces = conditions_.along(list[place].rest, dimension);
    now_[place].rest = pieces.front().rest;
    for (const auto& piece : pieces.subspan(1))
      changes_.push_back({piece.start, place, piece.rest});
  }
  for (std::size_t i = 0; i < now_.size(); ++i) sums_[leaves_ + i] = sum_of(now_[i]);
  for (std::size_t i = leaves_ - 1; i > 0; --i) sums_[i] = sum(sums_[2 * i], sums_[2 * i + 1]);
  std::sort(changes_.begin(), changes_.end(),
            [](const Change& a, const Change& b) { return a.start < b.start; });
  change_ = 0;
}

bool Sweep::next() {
  if (change_ == changes_.size()) return false;
  start_ = changes_[change_].start;
  for (; change_ < changes_.size() && changes_[change_].start == start_; ++change_)
    put(changes_[change_].place, changes_[change_].rest);
  return true;
}

Sweep::Sum Sweep::sum_of(const Entry& entry) const {
  if (entry.rest == never) return {};
  return {1, entry.rest == always && decides_[entry.rule],
          mix((std::uint64_t{entry.rule} << 32 | entry.rest) + 0x9e3779b97f4a7c15U)};
}

void Sweep::put(std::uint32_t place, ConditionId rest) {
  now_[place].rest = rest;
  std::size_t i = leaves_ + place;
  sums_[i] = sum_of(now_[place]);
  for (i /= 2; i > 0; i /= 2) sums_[i] = sum(sums_[2 * i], sums_[2 * i + 1]);
}

void Sweep::copy_list(std::size_t node, std::vector<Entry>& to) const {
  if (sums_[node].size == 0) return;
  if (node >= leaves_) {
    to.push_back(now_[node - leaves_]);
    return;
  }
  copy_list(2 * node, to);
  if (!sums_[2 * node].is_decided) copy_list(2 * node + 1, to);
}

Sweep::Survey Sweep::survey(std::span<const Entry> list, DimensionId dimension) {
  Survey survey;
  lists_.clear();
  std::uint64_t before = 0;
  for (begin(list, dimension); next(); before = signature()) {
    if (survey.intervals > 0 && signature() == before) continue;
    ++survey.intervals;
    lists_.emplace_back(signature(), size());
  }
  std::sort(lists_.begin(), lists_.end());
  lists_.erase(std::unique(lists_.begin(), lists_.end()), lists_.end());
  survey.lists = lists_.size();
  for (const auto& [signature, size] : lists_) {
    survey.entries += size;
    survey.squares += std::uint64_t{size} * size;
    survey.shortest = std::min<std::uint64_t>(survey.shortest, size);
  }
  return survey;
}

} // namespace mm::route::lookup
