// Steps within a scale.
#pragma once

#include "language/syntax.hpp"

namespace mm::route {

// The nearest note of the scale; of two, the lower.
int snap(const Scale& scale, int note);

// The note so many degrees of the scale above (below 0: under) a note; one that is not in the scale
// counts as the nearest one below it, and keeps its distance to it.
int step(const Scale& scale, int note, int degrees);

} // namespace mm::route
