// The order of questions that finds the rules for an event.
//
// A list of rules that may match is split along a dimension: for each of its numbers a shorter list
// remains, of shorter conditions. These are split again, until it is sure of all that are left that
// they match, or no more is to be gained. The same list comes about on many ways, but is split
// once.
#pragma once

#include "tables/condition.hpp"
#include "tables/sweep.hpp"

#include <cstdint>
#include <optional>
#include <queue>
#include <span>
#include <utility>
#include <vector>

namespace mm::route::lookup {

using StepId = std::uint32_t;

// What is done about a list.
struct Step {
  enum class What : std::uint8_t {
    stop,  // these are the candidates
    split, // the number of the dimension tells which step is next
    join,  // all of the next steps, whose candidates are put together
    sift,  // the candidates are those that are left along all of the dimensions
  };
  What what = What::stop;
  std::uint8_t depth = 0;
  DimensionId dimension = 0;
  // Of a split: from that number on.
  std::vector<std::pair<std::int64_t, StepId>> next{};
  // Of a sift; the variables' are none of them, since they have a gate.
  std::vector<DimensionId> dimensions{};
};

class Plan {
 public:
  // Without sifts lists are longer, but all that is in one is there since some event leads to it.
  Plan(Conditions& conditions, const std::vector<bool>& decides, bool may_sift);

  // The first step for that list, in the order of the rules. All lists come before finish().
  StepId add(std::span<const Entry> list, std::uint8_t depth = 0);
  void finish();

  [[nodiscard]] const Step& step(StepId id) const { return steps_[id]; }
  void list(StepId id, std::vector<Entry>& to) const;
  // Whether an event that matches it goes to no rule behind it.
  [[nodiscard]] bool decides(std::uint32_t rule) const { return decides_[rule]; }

  // In how many parts a dimension is cut by a sift at most: where its tests make more of them, some
  // are taken together, and its candidates are less certain. `words`: of a set.
  static std::uint64_t most_sift_parts(std::size_t words);

 private:
  struct Choice {
    DimensionId dimension = 0;
    Sweep::Survey survey{};
    [[nodiscard]] std::uint64_t cost() const { return survey.entries + survey.intervals; }
  };
  // How much a dimension is asked for by a list.
  struct Demand {
    DimensionId dimension = 0;
    std::uint32_t entries = 0;
    std::uint32_t sets = 0; // different ones, one after the other
    std::uint32_t last_set = 0;
  };

  void tidy(std::vector<Entry>& list);
  void drop_hidden(std::vector<Entry>& list);
  void work(StepId id);
  void split(StepId id, std::span<const Entry> list, const Choice& choice);
  bool join(StepId id, std::span<const Entry> list);
  bool sift(StepId id, std::span<const Entry> list, bool is_split_affordable);
  std::vector<Entry> narrow_along(std::span<const Entry> list, DimensionId dimension);
  void count_demand(std::span<const Entry> list);
  std::vector<DimensionId> most_wanted(bool bytes);
  std::optional<Choice> choose(std::span<const Entry> list);

  Conditions& conditions_;
  const std::vector<bool>& decides_;
  Sweep sweep_;
  Interner<std::uint64_t> lists_; // of the steps
  std::vector<Step> steps_;
  std::priority_queue<std::pair<std::uint32_t, StepId>> waiting_; // the longest list first
  std::vector<Demand> demand_;
  std::vector<std::uint32_t> demand_place_; // of a dimension in demand_, + 1
  std::vector<std::uint32_t> mark_;         // of a condition: the last list it was seen in
  std::uint32_t lists_seen_ = 0;
  std::uint64_t budget_;
  std::uint64_t sift_budget_; // in words

  // Room to work in.
  std::vector<Entry> list_;
  std::vector<Entry> tidied_;
  std::vector<Entry> remaining_;
  std::vector<std::uint64_t> items_;
  std::vector<Demand> wanted_;
};

} // namespace mm::route::lookup
