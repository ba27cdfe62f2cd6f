// The parts of ours that are written in Python: what is not done for each event.
#pragma once

#include "ref.hpp"

namespace mm::py {

extern const char* const embedded_aio;
extern const char* const embedded_commands;

// Runs the source as a module of that name, once. Null: an exception is set.
Ref import_embedded(const char* name, const char* source);

} // namespace mm::py
