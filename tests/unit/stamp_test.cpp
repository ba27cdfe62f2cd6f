// The TIME of what a filter sends, by the times of what came.
#include "events.hpp"
#include "io/stamp.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

using test::event_of;
using test::Lines;
using test::text_of;
using testing::ElementsAre;

// What becomes of events of the input: each line is "drop LINE", "pass LINE", "twice LINE" (it goes
// on, and once more), or "at NANOSECONDS", which sends a clock from a timer.
Lines stamped(const Lines& script, bool is_virtual = false) {
  Stamp stamp(is_virtual);
  Lines sent;
  const auto send = [&](Event event) {
    stamp.put_on(event);
    sent.push_back(text_of(event));
  };
  for (const std::string& step : script) {
    const std::size_t blank = step.find(' ');
    const std::string word = step.substr(0, blank);
    const std::string rest = step.substr(blank + 1);
    if (word == "at") {
      stamp.begin(Nanoseconds{std::stoll(rest)});
      send(event_of("stop"));
      continue;
    }
    const Event event = event_of(rest);
    stamp.begin(event);
    if (word != "drop") send(event);
    if (word == "twice") send(event_of("99.000000000 start"));
  }
  return sent;
}

TEST(Stamp, is_the_time_of_the_event_that_is_handled) {
  EXPECT_THAT(
      stamped({"twice 1.5 clock", "drop 2.5 clock", "twice clock", "pass 0.25 clock"}),
      ElementsAre("1.500000000 clock", "1.500000000 start", "clock", "start", "0.250000000 clock"));
}

TEST(Stamp, of_relative_times_what_was_dropped_is_added_to_the_next) {
  EXPECT_THAT(stamped({"pass +0.25 clock", "drop +0.5 clock", "drop +0.125 clock", "pass +1 clock",
                       "pass +2 clock"}),
              ElementsAre("+0.250000000 clock", "+1.625000000 clock", "+2.000000000 clock"));
}

TEST(Stamp, of_a_relative_time_several_events_have_it_once) {
  EXPECT_THAT(stamped({"drop +1 clock", "twice +0.5 clock", "twice +0 clock"}),
              ElementsAre("+1.500000000 clock", "+0.000000000 start", "+0.000000000 clock",
                          "+0.000000000 start"));
}

TEST(Stamp, an_event_without_time_has_what_was_dropped_before_it) {
  EXPECT_THAT(stamped({"drop +1 clock", "twice clock", "pass clock"}),
              ElementsAre("+1.000000000 clock", "start", "clock"));
  EXPECT_THAT(stamped({"drop +1 clock", "drop clock", "pass +1 clock"}),
              ElementsAre("+2.000000000 clock"));
}

TEST(Stamp, an_absolute_time_needs_nothing_of_what_was_dropped_before_it) {
  EXPECT_THAT(stamped({"drop +1 clock", "drop 5 clock", "pass +0.5 clock"}),
              ElementsAre("5.500000000 clock"));
  EXPECT_THAT(stamped({"pass 2 clock", "drop 3 clock", "pass +1 clock", "pass +1 clock"}),
              ElementsAre("2.000000000 clock", "4.000000000 clock", "+1.000000000 clock"));
  EXPECT_THAT(stamped({"drop +1 clock", "pass 5 clock", "pass +0.5 clock"}),
              ElementsAre("5.000000000 clock", "+0.500000000 clock"));
}

TEST(Stamp, is_the_time_of_a_timer_and_then_of_the_next_event) {
  EXPECT_THAT(stamped({"pass clock", "at 1500000000", "pass clock"}),
              ElementsAre("clock", "1.500000000 stop", "clock"));
  EXPECT_THAT(stamped({"pass 1 clock", "at 1500000000", "pass +0.5 clock"}),
              ElementsAre("1.000000000 clock", "1.500000000 stop", "+0.500000000 clock"));
}

TEST(Stamp, is_none_before_anything) {
  Stamp stamp(false);
  Event event = event_of("5 clock");
  stamp.put_on(event);
  EXPECT_EQ(text_of(event), "clock");
}

// What is sent at `time` of a virtual clock; its line.
std::string sent_at(Stamp& stamp, Nanoseconds time) {
  stamp.begin(time);
  Event event = make_event(Kind::start);
  stamp.put_on(event);
  return text_of(event);
}

std::string passed(Stamp& stamp, Nanoseconds after) {
  Event event = make_event(Kind::clock);
  event.time = after;
  event.time_form = TimeForm::relative;
  stamp.begin(event);
  stamp.put_on(event);
  return text_of(event);
}

TEST(Stamp, what_a_virtual_clock_sends_has_its_place_among_relative_times) {
  Stamp stamp(true);
  EXPECT_EQ(passed(stamp, second), "+1.000000000 clock");
  EXPECT_EQ(sent_at(stamp, second + second / 4), "+0.250000000 start");
  EXPECT_EQ(sent_at(stamp, second + second / 4), "+0.000000000 start");
  // A second after the clock, of which a quarter has gone by.
  EXPECT_EQ(passed(stamp, second), "+0.750000000 clock");
  EXPECT_EQ(passed(stamp, second), "+1.000000000 clock");
}

TEST(Stamp, relative_times_add_up_to_the_longest_that_can_be_read_at_most) {
  EXPECT_THAT(stamped({"drop +9000000000 clock", "drop +9000000000 clock", "pass +1 clock"}),
              ElementsAre("+9000000000.000000000 clock"));
}

TEST(Stamp, knows_what_has_the_time_already) {
  Stamp stamp(false);
  stamp.begin(event_of("1.5 clock"));
  EXPECT_TRUE(stamp.is_on(event_of("1.5 start")));
  EXPECT_FALSE(stamp.is_on(event_of("1.6 start")));
  EXPECT_FALSE(stamp.is_on(event_of("+1.5 start")));
  EXPECT_FALSE(stamp.is_on(event_of("start")));
  stamp.begin(event_of("+1.5 clock"));
  EXPECT_FALSE(stamp.is_on(event_of("+1.5 clock"))) << "others may be missing before it";
  EXPECT_FALSE(stamp.is_on(event_of("1.5 clock")));
  stamp.begin(event_of("clock"));
  EXPECT_FALSE(stamp.is_on(event_of("clock"))) << "the same";
  stamp.begin(Nanoseconds{7});
  EXPECT_TRUE(stamp.is_on(event_of("0.000000007 clock")));
}

TEST(Stamp, where_no_event_has_a_time_what_comes_later_has_a_relative_one_on_a_virtual_clock) {
  EXPECT_THAT(stamped({"pass clock", "at 250000000", "at 1000000000"}, true),
              ElementsAre("clock", "+0.250000000 stop", "+0.750000000 stop"));
  EXPECT_THAT(stamped({"pass 1.000000000 clock", "pass clock", "at 2000000000"}, true),
              ElementsAre("1.000000000 clock", "clock", "2.000000000 stop"));
}

// Of what is sent before the first event, the stream's own times go on from there.
TEST(Stamp, what_is_sent_before_the_first_event_counts_in_relative_times) {
  Stamp stamp(true);
  Lines sent;
  const auto send = [&](std::string_view line) {
    Event event = event_of(line);
    stamp.put_on(event);
    sent.push_back(text_of(event));
  };
  stamp.expect(TimeForm::relative);
  stamp.begin(second / 2);
  send("stop");
  const Event first = event_of("+1 clock");
  stamp.begin(first);
  EXPECT_FALSE(stamp.passes(first));
  send("clock");
  stamp.begin(3 * second / 2);
  send("stop");
  const Event next = event_of("+1 clock");
  stamp.begin(next);
  send("clock");
  EXPECT_THAT(sent, ElementsAre("+0.500000000 stop", "+0.500000000 clock", "+0.500000000 stop",
                                "+0.500000000 clock"));
}

} // namespace
} // namespace mm
