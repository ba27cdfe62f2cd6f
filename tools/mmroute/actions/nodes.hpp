// The nodes of all actions that have a memory or take time.
#pragma once

#include "language/syntax.hpp"
#include "world/node.hpp"

#include <memory>

namespace mm::route {

// The node of an action; null for those that need none (they are done at once, in a Segment).
std::unique_ptr<Node> make_node(const Action& action, World& world, Taker& next);

// Whether make_node() would make one.
bool needs_node(const Action& action);

} // namespace mm::route
