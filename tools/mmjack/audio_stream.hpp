// capture and play at work.
#pragma once

#include "audio.hpp"

namespace mm::jack {

Ended capture(const Audio& audio);
Ended play(const Audio& audio);

} // namespace mm::jack
