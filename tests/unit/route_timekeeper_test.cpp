// What time it is for rules, by the clock and by the events.
#include "events.hpp"
#include "mmroute/timekeeper.hpp"

#include <gtest/gtest.h>

namespace mm::route {
namespace {

using test::event_of;

constexpr Nanoseconds millisecond = second / 1000;

// The clock of an event that is handled.
Nanoseconds when(Timekeeper& time, const std::string& line, Nanoseconds earliest = 0) {
  const Event event = event_of(line);
  time.hear(event);
  return time.when(event, earliest);
}

TEST(RouteTimekeeper, by_the_clock_it_is_what_the_clock_shows) {
  Timekeeper time(false);
  time.look(5 * second);
  EXPECT_EQ(time.clock(), 5 * second);
  EXPECT_EQ(when(time, "clock"), 5 * second);
}

TEST(RouteTimekeeper, events_with_a_time_keep_their_distances_however_late_they_come) {
  Timekeeper time(false);
  time.look(100 * second);
  EXPECT_EQ(when(time, "10.000000000 clock"), 100 * second);
  time.look(101 * second + 30 * millisecond);
  EXPECT_EQ(when(time, "11.000000000 clock"), 101 * second);
  // One that came quicker says what the others were late.
  time.look(102 * second - 10 * millisecond);
  EXPECT_EQ(when(time, "12.000000000 clock"), 102 * second - 10 * millisecond);
  time.look(103 * second);
  EXPECT_EQ(when(time, "13.000000000 clock"), 103 * second - 10 * millisecond);
  EXPECT_EQ(when(time, "13.000000000 clock", 103 * second), 103 * second);
}

TEST(RouteTimekeeper, what_comes_far_too_late_has_another_clock) {
  Timekeeper time(false);
  time.look(100 * second);
  when(time, "10.000000000 clock");
  time.look(101 * second);
  EXPECT_EQ(when(time, "10.500000000 clock"), 101 * second);
}

TEST(RouteTimekeeper, by_the_events_it_is_their_time) {
  Timekeeper time(true);
  time.look(99 * second);
  EXPECT_EQ(time.clock(), 0);
  time.read(event_of("3.000000000 clock"));
  EXPECT_EQ(time.last_read(), 3 * second);
  EXPECT_EQ(time.clock(), 0);
  time.advance(time.last_read());
  EXPECT_EQ(time.clock(), 3 * second);
  time.read(event_of("clock"));
  EXPECT_EQ(time.last_read(), 3 * second);
  time.read(event_of("+0.500000000 clock"));
  EXPECT_EQ(time.last_read(), 3 * second + second / 2);
  time.advance(2 * second);
  EXPECT_EQ(time.clock(), 3 * second);
  EXPECT_EQ(when(time, "1.000000000 clock"), 3 * second);
}

} // namespace
} // namespace mm::route
