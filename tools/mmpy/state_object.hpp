// mm.state: the last values, as Python sees them.
#pragma once

#include "ref.hpp"
#include "state.hpp"

namespace mm::py {

// Adds it to the module. `state` has to stay. False: an exception is set.
bool add_state(PyObject* module, const State& state);

} // namespace mm::py
