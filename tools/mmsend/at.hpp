// --at: when to start.
#pragma once

#include "event/event.hpp"
#include "event/result.hpp"

#include <string_view>

namespace mm::send {

// What --at says: "14:00", "14:00:30" (local time, today or, if that has gone by, tomorrow) or
// ISO 8601, "2026-11-20T14:00:00" (local), "...Z" or "...+01:00", seconds with decimals where
// needed. The result counts on CLOCK_REALTIME, as `now` does.
Result<Nanoseconds> parse_at(std::string_view text, Nanoseconds now);

} // namespace mm::send
