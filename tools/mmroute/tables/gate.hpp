// Which entries of a list the variables let through.
#pragma once

#include "tables/condition.hpp"
#include "tables/index.hpp"
#include "tables/sweep.hpp"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace mm::route::lookup {

// Variables change seldom, beside events. So what follows from them is kept from one event to the
// next, as a bit for each entry, and only what asks for a variable that has changed is worked out
// anew.
class Gate {
 public:
  // Of the tests of variables within the conditions.
  Gate(Conditions& conditions, std::span<const Entry> list);

  // Those of the variables that are asked for.
  [[nodiscard]] const std::vector<DimensionId>& dimensions() const { return dimensions_; }

  // The bits of the entries that are let through.
  const std::uint64_t* open(const Look& look) {
    if (look.variables_state == 0 || look.variables_state != state_) update(look);
    return open_.data();
  }

  [[nodiscard]] std::size_t bytes() const;

 private:
  using Range = std::pair<std::int64_t, std::int64_t>; // both included

  struct Test {
    std::uint32_t entry;
    std::uint32_t first; // of its ranges
    std::uint32_t end;
  };
  struct Asked {
    std::uint32_t variable;
    std::int32_t value;  // that it had
    std::uint32_t first; // of its tests
    std::uint32_t end;
  };

  void update(const Look& look);
  void update(Asked& asked, const Look& look);
  [[nodiscard]] bool holds(const Test& test, std::int64_t value) const;
  void turn(std::uint32_t entry, bool test_holds);

  std::vector<DimensionId> dimensions_;
  std::vector<Asked> asked_; // by their variables
  std::vector<Test> tests_;
  std::vector<Range> ranges_;
  std::vector<std::uint32_t> failing_; // of an entry: how many of its tests do not hold
  std::vector<std::uint64_t> open_;
  std::uint64_t state_ = 0; // of the variables
};

} // namespace mm::route::lookup
