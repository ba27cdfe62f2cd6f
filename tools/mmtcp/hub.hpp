// mmtcp at work: stdin ─▶ peers, peers ─▶ stdout (and ─▶ the other peers).
#pragma once

#include "options.hpp"

namespace mm::tcp {

Ended run(const Options& options);

} // namespace mm::tcp
