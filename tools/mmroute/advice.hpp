// What is right in rules, but of no use: --check says so.
#pragma once

#include "language/syntax.hpp"

#include <string>
#include <vector>

namespace mm::route {

struct Advice {
  const Rule* rule;
  Place place; // of what is of no use
  std::string what;
};

// Actions that do nothing to any event that comes to them: `note -> value 3`. And rules that ask
// for a variable which no rule sets.
std::vector<Advice> find_useless(const Script& script);

} // namespace mm::route
