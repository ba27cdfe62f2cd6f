// The code of -e, made a function.
#pragma once

#include "ref.hpp"

#include <string>

namespace mm::py {

// `def handle(e): CODE; return e`, with these globals. What the code sets are names of the globals,
// which stay from event to event; but `e` is its argument, and quick to reach. Null: an exception
// is set. The code has been compiled as it is before, so what is wrong with it has been said.
Ref define_function(const std::string& source, PyObject* names);

} // namespace mm::py
