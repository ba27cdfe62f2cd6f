// mmjack at work without a command: input ports ─▶ stdout, stdin ─▶ output ports.
#pragma once

#include "options.hpp"

namespace mm::jack {

Ended run(const Options& options);

} // namespace mm::jack
