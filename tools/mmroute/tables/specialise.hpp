// What a pattern asks of the events of one kind.
#pragma once

#include "language/syntax.hpp"
#include "tables/condition.hpp"
#include "tables/names.hpp"

#include <cstdint>
#include <span>

namespace mm::route::lookup {

class Specialiser {
 public:
  // The names have all that the patterns ask for.
  Specialiser(Conditions& conditions, const Names& ports, const Names& metas)
      : conditions_(conditions), ports_(ports), metas_(metas) {}

  // `is_negated`: that the pattern does not match.
  ConditionId condition(const Pattern& pattern, Kind kind, bool is_negated = false);

 private:
  ConditionId test(const Dimension& dimension, std::span<const std::int64_t> set, bool is_negated);
  ConditionId test(const Dimension& dimension, const NumberSet& numbers, bool is_negated);
  ConditionId field(const Pattern& pattern, Kind kind, int place, bool is_negated);
  ConditionId crossing(const Pattern& pattern, Kind kind, bool is_negated);
  ConditionId bytes(const Pattern& pattern, bool is_negated);
  ConditionId named(const Pattern& pattern, const Names& names, Source source, bool is_negated);
  ConditionId held(const Pattern& pattern, bool is_negated);
  ConditionId joined(const Pattern& pattern, Kind kind, bool is_negated);

  Conditions& conditions_;
  const Names& ports_;
  const Names& metas_;
  Conditions::Set within_; // room to work in
  Conditions::Set set_;
};

} // namespace mm::route::lookup
