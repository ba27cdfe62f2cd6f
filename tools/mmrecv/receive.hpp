// mmrecv at work: ports ─▶ (decode) ─▶ (filter) ─▶ lines on stdout.
#pragma once

#include "options.hpp"

namespace mm::recv {

Ended run(const Options& options);

} // namespace mm::recv
