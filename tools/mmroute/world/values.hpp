// Values of one kind as those of another.
#pragma once

#include "world/message.hpp"

namespace mm::route {

// A value of one kind's range in that of another. Of ranges of the same width nothing is lost, and
// from the wider one back neither; the ends stay ends, and a bend's middle the middle.
int rescale(int value, Kind from, Kind to);

// The message becomes one of that kind, on its channel, with that number where the kind has one (a
// program is its value). A note's value is its velocity; that of a note-off 0. `to` is no note.
void convert_to(Kind to, int number, Message& message);

} // namespace mm::route
