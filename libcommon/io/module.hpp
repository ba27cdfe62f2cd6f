// Modules: what a tool loads only when it is asked for, so that nobody else pays for the libraries
// behind it at start, and a distribution can put each into a package of its own.
#pragma once

#include "event/result.hpp"

#include <string>

namespace mm {

// Loads the module of that name, once, from where the installation has it, and returns the address
// of its C function `symbol`. An error says what is missing, after `what`: "backend alsa".
Result<void*> load_module(const std::string& name, const char* symbol, const std::string& what);

} // namespace mm
