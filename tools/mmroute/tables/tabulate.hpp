// Makes tables of a plan.
#pragma once

#include "tables/plan.hpp"
#include "tables/tables.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace mm::route::lookup {

class Tabulator {
 public:
  Tabulator(const Plan& plan, Conditions& conditions, Tables& tables)
      : plan_(plan), conditions_(conditions), tables_(tables) {}

  // Where to begin for the list of that step.
  Reference root(StepId step);
  // After the last root.
  void finish();

 private:
  // From `start` on, up to the next one.
  struct Part {
    std::int64_t start;
    Reference to;
  };
  using Parts = std::span<const Part>;
  // What is known of a step.
  struct Done {
    Reference to;
    std::size_t longest; // list that it leads to
  };

  Done make(StepId step);
  Done make_list(StepId step);
  Done make_split(const Step& step);
  Done make_join(const Step& step);
  Done make_sift(StepId id);

  // Of the numbers up to `last`.
  Reference ask(const Dimension& dimension, Parts parts, std::int64_t last);
  Reference table(const Dimension& dimension, Parts parts, std::int64_t last, std::uint8_t shift);
  Reference halves(const Dimension& dimension, Parts parts, std::int64_t last);
  Reference keep(const Node& node);
  std::uint32_t keep_rows(std::span<const Reference> rows);

  const Plan& plan_;
  Conditions& conditions_;
  Tables& tables_;
  std::vector<std::optional<Done>> done_;
  Interner<std::uint64_t> nodes_; // equal ones are there once
  Interner<std::uint32_t> rows_;
  std::vector<std::uint32_t> rows_place_;
  Interner<std::uint64_t> lists_;
  std::vector<Reference> lists_place_;
  std::size_t longest_joined_ = 0;
  std::vector<Entry> list_; // room to work in
};

} // namespace mm::route::lookup
