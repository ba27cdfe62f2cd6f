// The tree of rules as text: for comparing it as a whole.
#pragma once

#include "mmroute/language/syntax.hpp"

#include <string>

namespace mm::route::test {

// Such as "and(kinds{control-change} number{1,7..10})".
std::string describe(const Pattern& pattern, const Script& script);

// Such as "put ch 1 2", with all that differs from what the action does unless told.
std::string describe(const Action& action, const Script& script);

// Its pattern and its actions: "PATTERN -> ACTION, ACTION"; "also" at the end.
std::string describe(const Rule& rule, const Script& script);

// In infix order, with all parentheses: "(note - 12)".
std::string describe(const Expression& expression, const Script& script);

} // namespace mm::route::test
