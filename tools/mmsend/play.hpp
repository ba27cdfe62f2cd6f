// mmsend at work: lines ─▶ (their time) ─▶ (the ports they are for) ─▶ ports.
#pragma once

#include "options.hpp"

namespace mm::send {

Ended run(const Options& options);

} // namespace mm::send
