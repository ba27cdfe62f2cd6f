#include "tables/plan.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace mm::route::lookup {

namespace {

// A split takes as much of the budget as it makes entries of lists and intervals.
constexpr std::uint64_t least_budget = 100'000;
constexpr std::uint64_t budget_per_rule = 16;

// Sets of sifts take so many words together.
constexpr std::uint64_t least_sift_budget = 1U << 19;
constexpr std::uint64_t sift_budget_per_rule = 16;

// A list of fewer rules is not worth a sift.
constexpr std::ptrdiff_t least_sifted = 12;

constexpr std::uint8_t deepest = 48;

// A list of so many rules that are to be compared with the bytes of a sysex is short enough.
constexpr std::size_t few = 4;

// Dimensions that are looked at for a split.
constexpr std::size_t most_looked_at = 6;
constexpr std::size_t most_bytes_looked_at = 3;

// So many rules are compared with each other: whether one hides another.
constexpr std::size_t most_compared = 8;

std::uint64_t packed(const Entry& entry) { return std::uint64_t{entry.rule} << 32 | entry.rest; }
Entry unpacked(std::uint64_t item) {
  return {static_cast<std::uint32_t>(item >> 32), static_cast<ConditionId>(item)};
}

} // namespace

Plan::Plan(Conditions& conditions, const std::vector<bool>& decides, bool may_sift)
    : conditions_(conditions), decides_(decides), sweep_(conditions, decides),
      budget_(least_budget + budget_per_rule * decides.size()),
      sift_budget_(may_sift ? least_sift_budget + sift_budget_per_rule * decides.size() : 0) {}

void Plan::list(StepId id, std::vector<Entry>& to) const {
  to.clear();
  for (const std::uint64_t item : lists_[id]) to.push_back(unpacked(item));
}

// Drops what is behind a rule that decides and asks for no more.
void Plan::drop_hidden(std::vector<Entry>& list) {
  if (list.size() > most_compared) return;
  for (std::size_t i = 0; i < list.size(); ++i)
    if (decides_[list[i].rule])
      list.erase(std::remove_if(list.begin() + static_cast<std::ptrdiff_t>(i) + 1, list.end(),
                                [&](const Entry& entry) {
                                  return conditions_.implies(entry.rest, list[i].rest);
                                }),
                 list.end());
}

void Plan::tidy(std::vector<Entry>& list) {
  ++lists_seen_;
  std::size_t kept = 0;
  for (const Entry entry : list) { // a copy: it may be written over
    if (entry.rest == never) continue;
    if (entry.rest >= mark_.size()) mark_.resize(2 * std::size_t{entry.rest} + 16, 0);
    if (mark_[entry.rest] == lists_seen_) continue; // one before decides about the same events
    if (decides_[entry.rule]) mark_[entry.rest] = lists_seen_;
    list[kept++] = entry;
    if (entry.rest == always && decides_[entry.rule]) break;
  }
  list.resize(kept);
  drop_hidden(list);
}

StepId Plan::add(std::span<const Entry> entries, std::uint8_t depth) {
  tidied_.assign(entries.begin(), entries.end());
  tidy(tidied_);
  items_.clear();
  for (const Entry& entry : tidied_) items_.push_back(packed(entry));
  const StepId id = lists_.id_of(items_);
  if (id == steps_.size()) {
    steps_.push_back({.depth = depth});
    const auto open =
        std::ranges::count_if(tidied_, [](const Entry& entry) { return entry.rest != always; });
    if (open > 0) waiting_.emplace(static_cast<std::uint32_t>(open), id);
  }
  return id;
}

void Plan::finish() {
  while (!waiting_.empty()) {
    const StepId id = waiting_.top().second;
    waiting_.pop();
    work(id);
  }
}

void Plan::work(StepId id) {
  if (steps_[id].depth >= deepest) return;
  list(id, list_);
  const auto choice = choose(list_);
  if (!choice) return;
  // To put lists together at each event costs time: only where the split would multiply them.
  const bool multiplies = choice->cost() > std::max<std::uint64_t>(4096, 8 * list_.size());
  if ((multiplies || choice->cost() > budget_) && join(id, list_)) return;
  const bool is_affordable = choice->cost() <= budget_;
  const bool is_dear = choice->cost() > std::max<std::uint64_t>(1024, 4 * list_.size());
  // Where each rule has a variable of its own, a split by one is as good as none.
  const bool is_in_vain = conditions_[choice->dimension].source == Source::variable &&
                          10 * choice->survey.shortest > 9 * list_.size();
  if ((is_dear || is_in_vain || !is_affordable) && sift(id, list_, is_affordable)) return;
  if (is_affordable) split(id, list_, *choice);
}

void Plan::split(StepId id, std::span<const Entry> list, const Choice& choice) {
  budget_ -= choice.cost();
  std::unordered_map<std::uint64_t, StepId> known;
  std::vector<std::pair<std::int64_t, StepId>> next;
  const auto depth = static_cast<std::uint8_t>(steps_[id].depth + 1);
  for (sweep_.begin(list, choice.dimension); sweep_.next();) {
    auto [place, is_new] = known.try_emplace(sweep_.signature(), 0);
    if (is_new) {
      remaining_.clear();
      sweep_.copy_list(remaining_);
      place->second = add(remaining_, depth);
    }
    if (next.empty() || next.back().second != place->second)
      next.emplace_back(sweep_.start(), place->second);
  }
  steps_[id].what = Step::What::split;
  steps_[id].dimension = choice.dimension;
  steps_[id].next = std::move(next);
}

// --- the choice ---

void Plan::count_demand(std::span<const Entry> list) {
  for (const Demand& demand : demand_) demand_place_[demand.dimension] = 0;
  demand_.clear();
  demand_place_.resize(conditions_.dimension_count(), 0);
  for (const Entry& entry : list) {
    DimensionId before = std::numeric_limits<DimensionId>::max();
    for (const auto& test : conditions_.tests(entry.rest)) {
      std::uint32_t& place = demand_place_[test.dimension];
      if (place == 0) {
        demand_.push_back({.dimension = test.dimension});
        place = static_cast<std::uint32_t>(demand_.size());
      }
      Demand& demand = demand_[place - 1];
      if (test.dimension != before) ++demand.entries;
      if (demand.sets == 0 || demand.last_set != test.set) ++demand.sets;
      demand.last_set = test.set;
      before = test.dimension;
    }
  }
}

// Those that most rules ask for; of the bytes those in which they differ most.
std::vector<DimensionId> Plan::most_wanted(bool bytes) {
  auto& demands = wanted_;
  demands.clear();
  for (const Demand& demand : demand_)
    if ((conditions_[demand.dimension].source == Source::byte) == bytes) demands.push_back(demand);
  const std::size_t most = std::min(demands.size(), bytes ? most_bytes_looked_at : most_looked_at);
  const auto key = [&](const Demand& demand) {
    return bytes ? std::pair(demand.sets, demand.entries) : std::pair(demand.entries, demand.sets);
  };
  std::partial_sort(demands.begin(), demands.begin() + static_cast<std::ptrdiff_t>(most),
                    demands.end(),
                    [&](const Demand& a, const Demand& b) { return key(a) > key(b); });
  std::vector<DimensionId> wanted;
  for (std::size_t i = 0; i < most; ++i) wanted.push_back(demands[i].dimension);
  return wanted;
}

// The dimension that leaves the shortest lists, then the fewest. Bytes only narrow lists down:
// matches() compares all of them quicker than a step for each would.
std::optional<Plan::Choice> Plan::choose(std::span<const Entry> list) {
  count_demand(list);
  std::optional<Choice> best;
  const auto key = [](const Choice& choice) {
    return std::tuple(choice.survey.entries, choice.survey.lists, choice.dimension);
  };
  for (const DimensionId dimension : most_wanted(false)) {
    const Choice choice{dimension, sweep_.survey(list, dimension)};
    if (!best || key(choice) < key(*best)) best = choice;
  }
  if (list.size() <= few) return best;
  std::optional<Choice> byte;
  for (const DimensionId dimension : most_wanted(true)) {
    const Choice choice{dimension, sweep_.survey(list, dimension)};
    const bool narrows = 10 * choice.survey.squares < 9 * choice.survey.entries * list.size();
    if (narrows && (!byte || choice.survey.squares < byte->survey.squares)) byte = choice;
  }
  return !best || (byte && byte->cost() < best->cost()) ? byte : best;
}

// --- joining ---

// The rules that match in few of the intervals of the dimension.
std::vector<Entry> Plan::narrow_along(std::span<const Entry> list, DimensionId dimension) {
  const std::vector<std::int64_t> starts = starts_along(conditions_, list, dimension);
  const auto place = [&](std::int64_t start) {
    return std::lower_bound(starts.begin(), starts.end(), start) - starts.begin();
  };
  std::vector<Entry> narrow;
  for (const Entry& entry : list) {
    if (!conditions_.asks(entry.rest, dimension)) continue; // it matches in all
    const auto pieces = conditions_.along(entry.rest, dimension);
    std::ptrdiff_t covered = 0;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (pieces[i].rest == never) continue;
      covered -= place(pieces[i].start);
      covered += i + 1 < pieces.size() ? place(pieces[i + 1].start)
                                       : static_cast<std::ptrdiff_t>(starts.size());
    }
    if (16 * covered <= static_cast<std::ptrdiff_t>(starts.size())) narrow.push_back(entry);
  }
  return narrow;
}

// Where some rules ask for one dimension and others for another one, a split along either copies
// the others into all its lists: then they are looked for apart.
bool Plan::join(StepId id, std::span<const Entry> list) {
  std::vector<DimensionId> dimensions = most_wanted(false);
  for (const DimensionId byte : most_wanted(true)) dimensions.push_back(byte);
  std::vector<Entry> most;
  for (const DimensionId dimension : dimensions) {
    std::vector<Entry> narrow = narrow_along(list, dimension);
    if (narrow.size() > most.size() && narrow.size() < list.size()) most = std::move(narrow);
  }
  if (most.size() < list.size() / 16 + 2) return false;
  std::vector<Entry> others;
  auto one = most.begin();
  for (const Entry& entry : list)
    if (one != most.end() && one->rule == entry.rule)
      ++one;
    else
      others.push_back(entry);
  const auto depth = static_cast<std::uint8_t>(steps_[id].depth + 1);
  const StepId first = add(most, depth);
  const StepId second = add(others, depth);
  steps_[id].what = Step::What::join;
  steps_[id].next = {{0, first}, {0, second}};
  return true;
}

// --- sifting ---

std::uint64_t Plan::most_sift_parts(std::size_t words) {
  return std::clamp<std::uint64_t>((1U << 16) / words, 64, 2048);
}

// Where most rules ask for several dimensions, a split along one copies them into many lists, which
// are to be split along the next one: then all dimensions are looked at apart. What has to leave
// rules uncertain is worse than a split that is affordable.
bool Plan::sift(StepId id, std::span<const Entry> list, bool is_split_affordable) {
  const auto open =
      std::ranges::count_if(list, [](const Entry& entry) { return entry.rest != always; });
  if (open < least_sifted) return false;
  const std::size_t words = (list.size() + 63) / 64;
  std::vector<DimensionId> dimensions;
  std::uint64_t cost = words;
  for (const bool bytes : {false, true})
    for (const DimensionId dimension : most_wanted(bytes)) {
      const Demand& demand = demand_[demand_place_[dimension] - 1];
      if (conditions_[dimension].source == Source::variable) continue;
      if (16 * std::size_t{demand.entries} < list.size()) continue;
      dimensions.push_back(dimension);
      const std::uint64_t parts = starts_along(conditions_, list, dimension).size();
      if (parts > most_sift_parts(words) && is_split_affordable) return false;
      cost += words * std::min(parts, most_sift_parts(words));
    }
  // The variables have a gate, at which any number of them is worth it.
  const bool has_gate = std::ranges::any_of(demand_, [this](const Demand& demand) {
    return conditions_[demand.dimension].source == Source::variable;
  });
  if ((dimensions.size() < 2 && !has_gate) || cost > sift_budget_) return false;
  sift_budget_ -= cost;
  steps_[id].what = Step::What::sift;
  steps_[id].dimensions = std::move(dimensions);
  return true;
}

} // namespace mm::route::lookup
