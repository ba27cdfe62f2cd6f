// --explain: which rules an event matches, and what comes of it.
#pragma once

#include "language/syntax.hpp"
#include "options.hpp"

namespace mm::route {

// Prints it to stdout for the events of --explain, one after the other: they are played.
Ended explain(const Options& options, Script script);

} // namespace mm::route
