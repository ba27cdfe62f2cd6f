// --dot: the routing as a graph.
#pragma once

#include "language/syntax.hpp"

#include <string>

namespace mm::route {

// In Graphviz's language: where events come from, the rules by groups and scenes, where they go to.
std::string to_dot(const Script& script);

} // namespace mm::route
