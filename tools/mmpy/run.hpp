// Runs mmpy: the scripts are loaded, and the stream goes through their handlers.
#pragma once

#include "cli/tool.hpp"
#include "options.hpp"

namespace mm::py {

Ended run(const Options& options);

} // namespace mm::py
