// The rules that the user gave: read from files and arguments.
#pragma once

#include "event/result.hpp"
#include "language/syntax.hpp"
#include "options.hpp"

#include <string>
#include <vector>

namespace mm::route {

// Reads and parses them. `variables` are those of rules that were there before: they keep their
// places. The error has all faults, one below the other.
Result<Script> load_rules(const Options& options, const std::vector<std::string>& variables = {});

} // namespace mm::route
