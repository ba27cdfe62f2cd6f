#include "tables/sieve.hpp"

#include <algorithm>

namespace mm::route::lookup {

std::vector<std::pair<std::int64_t, std::uint32_t>> Sieve::cut(DimensionId dimension,
                                                               std::size_t most) {
  std::vector<std::int64_t> starts = starts_along(conditions_, list_, dimension);
  if (starts.size() <= most) {
    exact_.push_back(dimension);
  } else {
    const std::size_t step = (starts.size() + most - 1) / most;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < starts.size(); i += step) starts[kept++] = starts[i];
    starts.resize(kept);
  }
  const std::size_t first_set = bits_.size() / words();
  bits_.resize(bits_.size() + starts.size() * words(), 0);
  const auto part_of = [&](std::int64_t number) {
    return static_cast<std::size_t>(std::upper_bound(starts.begin(), starts.end(), number) -
                                    starts.begin()) -
           1;
  };
  for (std::size_t i = 0; i < list_.size(); ++i) {
    const auto pieces = conditions_.along(list_[i].rest, dimension);
    for (std::size_t p = 0; p < pieces.size(); ++p) {
      if (pieces[p].rest == never) continue;
      const std::size_t last =
          p + 1 < pieces.size() ? part_of(pieces[p + 1].start - 1) : starts.size() - 1;
      for (std::size_t part = part_of(pieces[p].start); part <= last; ++part)
        add(i, first_set + part);
    }
  }
  std::vector<std::pair<std::int64_t, std::uint32_t>> parts;
  for (std::size_t i = 0; i < starts.size(); ++i)
    parts.emplace_back(starts[i], static_cast<std::uint32_t>(first_set + i));
  return parts;
}

bool Sieve::is_certain(const Entry& entry) {
  return conditions_.is_conjunction(entry.rest) &&
         std::ranges::all_of(conditions_.tests(entry.rest), [this](const auto& test) {
           return std::ranges::find(exact_, test.dimension) != exact_.end();
         });
}

} // namespace mm::route::lookup
