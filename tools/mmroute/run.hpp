// What mmroute does, once it is known what it is asked for.
#pragma once

#include "options.hpp"

namespace mm::route {

Ended run(const Options& options);

} // namespace mm::route
