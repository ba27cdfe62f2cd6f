// When each line is played, and what --at says.
#include "io/timeline.hpp"
#include "mmsend/at.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

namespace mm::send {
namespace {

// --- lines ---

Event line(TimeForm form, Nanoseconds time) {
  Event event;
  event.kind = Kind::clock;
  event.time_form = form;
  event.time = time;
  return event;
}

const Event none = line(TimeForm::none, 0);
Event at(Nanoseconds time) { return line(TimeForm::absolute, time); }
Event after(Nanoseconds time) { return line(TimeForm::relative, time); }

// A line that comes at `now`, and when it is to be played; 0: at once.
struct Row {
  Nanoseconds now;
  Event event;
  Nanoseconds due;
};

void expect_played(Timeline timeline, const std::vector<Row>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    EXPECT_EQ(timeline.due(rows[i].event, rows[i].now), rows[i].due) << "line " << i + 1;
}

TEST(Timeline, lines_without_time_are_played_when_they_come) {
  expect_played(Timeline(false, 1, 0), {{100, none, 0}, {100, none, 0}, {250, none, 0}});
}

TEST(Timeline, absolute_times_do_not_count_unless_they_are_asked_for) {
  expect_played(Timeline(false, 1, 0), {{100, at(7000), 0}, {110, at(9000), 0}, {120, at(1), 0}});
}

TEST(Timeline, a_relative_time_counts_from_the_line_before_and_not_from_now) {
  expect_played(Timeline(false, 1, 0), {{100, none, 0},
                                        {101, after(50), 150},
                                        {102, after(50), 200},   // does not drift
                                        {290, after(50), 250}}); // late, and so at once
  expect_played(Timeline(false, 1, 0), {{100, after(50), 150}, {100, after(0), 150}});
}

TEST(Timeline, what_no_number_can_say_is_never) {
  constexpr Nanoseconds never = std::numeric_limits<Nanoseconds>::max();
  constexpr Nanoseconds longest = 9'000'000'000 * second - 1;
  expect_played(Timeline(false, 1, 0), {{100, after(longest), 100 + longest},
                                        {100, after(longest), never},
                                        {100, after(longest), never}});
  expect_played(Timeline(true, 1e-300, 0), {{100, at(0), 100},
                                            {100, at(1), 100 + (Nanoseconds{1} << 61)},
                                            {100, at(longest), 100 + (Nanoseconds{1} << 61)}});
}

TEST(Timeline, a_line_without_time_never_overtakes_one_that_waits) {
  expect_played(Timeline(false, 1, 0), {{100, after(50), 150},
                                        {101, none, 150},
                                        {102, at(7), 150},
                                        {160, none, 0},          // the wait is over
                                        {170, after(50), 210}}); // 50 after 160
}

TEST(Timeline, timed_lines_keep_their_distances) {
  expect_played(Timeline(true, 1, 0),
                {{100, at(7000), 100}, // the first one is now
                 {100, at(7010), 110},
                 {500, at(7010), 110}, // late, and no reason to shift the rest
                 {500, at(7900), 1000},
                 {500, at(7890), 1000}}); // out of order: not before the line before
}

TEST(Timeline, timed_lines_begin_where_those_before_them_end) {
  expect_played(Timeline(true, 1, 0),
                {{100, after(50), 150}, {101, at(7000), 150}, {102, at(7001), 151}});
  expect_played(Timeline(true, 1, 0), {{100, none, 0}, {130, none, 0}, {140, at(7000), 130}});
}

TEST(Timeline, relative_and_absolute_times_may_be_mixed) {
  expect_played(Timeline(true, 1, 0), {{100, at(7000), 100},
                                       {100, after(50), 150},
                                       {100, none, 150},
                                       {100, at(7100), 200}, // still from the first one
                                       {100, after(1), 201}});
}

TEST(Timeline, speed_scales_every_time) {
  expect_played(Timeline(true, 2, 0),
                {{100, at(7000), 100}, {100, at(7100), 150}, {100, after(100), 200}});
  expect_played(Timeline(true, 0.5, 0),
                {{100, at(7000), 100}, {100, at(7100), 300}, {100, after(10), 320}});
  expect_played(Timeline(false, 4, 0), {{100, after(100), 125}});
}

TEST(Timeline, does_not_drift_however_many_lines_there_are) {
  Timeline timeline(true, 3, 0);
  Nanoseconds due = 0;
  for (int i = 0; i <= 300'000; ++i) due = timeline.due(at(i * 100), 1000);
  EXPECT_EQ(due, 1000 + 10'000'000);
}

TEST(Timeline, a_start_is_when_the_first_line_is_played) {
  expect_played(Timeline(true, 1, 1000), {{100, at(7000), 1000}, {100, at(7010), 1010}});
  expect_played(Timeline(false, 1, 1000),
                {{100, none, 1000}, {100, after(5), 1005}, {1006, none, 0}});
  expect_played(Timeline(false, 1, 1000), {{100, after(5), 1005}});
  expect_played(Timeline(false, 1, 1000), {{100, at(7), 1000}, {1001, at(7), 0}});
  expect_played(Timeline(true, 1, 1000), {{1100, at(7000), 1000}}); // the input came late
}

TEST(Timeline, in_another_round_the_first_time_is_when_the_last_line_was) {
  Timeline timeline(true, 1, 0);
  std::vector<Nanoseconds> due;
  for (int round = 0; round < 3; ++round) {
    for (const Nanoseconds time : {7000, 7010, 7030}) due.push_back(timeline.due(at(time), 100));
    timeline.restart();
  }
  EXPECT_THAT(due, testing::ElementsAre(100, 110, 130, 130, 140, 160, 160, 170, 190));
}

// --- --at ---

constexpr const char* berlin = "CET-1CEST,M3.5.0,M10.5.0/3";

// The time that `text` means where it is `now`, in UTC and with the fraction that is not 0; or
// what is wrong.
class ParseAt : public testing::Test {
 protected:
  ParseAt() { set_zone("UTC"); }
  ~ParseAt() override { set_zone(nullptr); }

  static void set_zone(const char* zone) {
    zone != nullptr ? ::setenv("TZ", zone, 1) : ::unsetenv("TZ");
    ::tzset();
  }

  // "2026-11-20 12:00:00" UTC
  static Nanoseconds utc(const char* text) {
    std::tm date{};
    ::strptime(text, "%Y-%m-%d %H:%M:%S", &date);
    return Nanoseconds{::timegm(&date)} * second;
  }

  std::string at(std::string_view text) const {
    const auto at = parse_at(text, now_);
    if (!at) return std::to_string(at.error().status) + ": " + at.error().what;
    const auto seconds = static_cast<std::time_t>(at.value() / second);
    std::tm date{};
    ::gmtime_r(&seconds, &date);
    char shown[32];
    std::strftime(shown, sizeof shown, "%Y-%m-%d %H:%M:%S", &date);
    std::string result = shown;
    if (const Nanoseconds fraction = at.value() % second; fraction != 0)
      result += " +" + std::to_string(fraction);
    return result;
  }

  Nanoseconds now_ = utc("2026-11-20 12:00:00");
};

TEST_F(ParseAt, a_time_of_day_is_today) {
  EXPECT_EQ(at("14:00"), "2026-11-20 14:00:00");
  EXPECT_EQ(at("14:00:30"), "2026-11-20 14:00:30");
  EXPECT_EQ(at("14:00:30.25"), "2026-11-20 14:00:30 +250000000");
  EXPECT_EQ(at("23:59:59.999999999"), "2026-11-20 23:59:59 +999999999");
  EXPECT_EQ(at("12:00:00.000000001"), "2026-11-20 12:00:00 +1");
}

TEST_F(ParseAt, one_that_has_gone_by_is_tomorrow) {
  EXPECT_EQ(at("11:59:59"), "2026-11-21 11:59:59");
  EXPECT_EQ(at("12:00"), "2026-11-21 12:00:00");
  EXPECT_EQ(at("00:00"), "2026-11-21 00:00:00");
  EXPECT_EQ(at("11:00:00.5"), "2026-11-21 11:00:00 +500000000");
  now_ = utc("2026-11-30 12:00:00");
  EXPECT_EQ(at("06:00"), "2026-12-01 06:00:00");
  now_ = utc("2026-12-31 23:30:00");
  EXPECT_EQ(at("06:00"), "2027-01-01 06:00:00");
  now_ = utc("2028-02-28 12:00:00");
  EXPECT_EQ(at("06:00"), "2028-02-29 06:00:00");
}

TEST_F(ParseAt, a_time_of_day_is_local) {
  set_zone(berlin);
  EXPECT_EQ(at("14:00"), "2026-11-20 13:00:00");
  EXPECT_EQ(at("12:59"), "2026-11-21 11:59:00") << "it is 13:00 there";
  now_ = utc("2026-11-20 23:30:00"); // 0:30 of the next day
  EXPECT_EQ(at("06:00"), "2026-11-21 05:00:00");
  EXPECT_EQ(at("00:15"), "2026-11-21 23:15:00");
}

TEST_F(ParseAt, tomorrow_may_have_another_offset) {
  set_zone(berlin);
  now_ = utc("2026-03-28 12:00:00"); // the night before summer time
  EXPECT_EQ(at("12:00"), "2026-03-29 10:00:00");
  EXPECT_EQ(at("23:00"), "2026-03-28 22:00:00");
  now_ = utc("2026-10-24 12:00:00"); // and its last day
  EXPECT_EQ(at("12:00"), "2026-10-25 11:00:00");
}

TEST_F(ParseAt, ISO_8601_with_its_zone) {
  set_zone(berlin);
  EXPECT_EQ(at("2026-11-20T14:00:00Z"), "2026-11-20 14:00:00");
  EXPECT_EQ(at("2026-11-20T14:00Z"), "2026-11-20 14:00:00");
  EXPECT_EQ(at("2026-11-20 14:00:00Z"), "2026-11-20 14:00:00");
  EXPECT_EQ(at("2026-11-20T14:00:00+01:00"), "2026-11-20 13:00:00");
  EXPECT_EQ(at("2026-11-20T14:00:00-0330"), "2026-11-20 17:30:00");
  EXPECT_EQ(at("2026-11-20T14:00:00+05"), "2026-11-20 09:00:00");
  EXPECT_EQ(at("2026-12-31T23:00:00-02:00"), "2027-01-01 01:00:00");
  EXPECT_EQ(at("2026-11-20T14:00:00.123456789Z"), "2026-11-20 14:00:00 +123456789");
  EXPECT_EQ(at("2026-11-20T14:00:00.5-01:00"), "2026-11-20 15:00:00 +500000000");
}

TEST_F(ParseAt, ISO_8601_without_a_zone_is_local) {
  set_zone(berlin);
  EXPECT_EQ(at("2026-11-20T14:00:00"), "2026-11-20 13:00:00");
  EXPECT_EQ(at("2026-07-01T14:00:00"), "2026-07-01 12:00:00");
  EXPECT_EQ(at("2026-07-01T14:00:00.5"), "2026-07-01 12:00:00 +500000000");
}

TEST_F(ParseAt, ISO_8601_may_have_gone_by) {
  EXPECT_EQ(at("2001-02-03T04:05:06Z"), "2001-02-03 04:05:06");
  EXPECT_EQ(at("1970-01-01T00:00:00Z"), "1970-01-01 00:00:00");
}

TEST_F(ParseAt, leap_days_and_seconds) {
  EXPECT_EQ(at("2028-02-29T00:00:00Z"), "2028-02-29 00:00:00");
  EXPECT_EQ(at("2000-02-29T00:00:00Z"), "2000-02-29 00:00:00");
  EXPECT_EQ(at("14:00:60"), "2026-11-20 14:01:00");
}

TEST_F(ParseAt, what_is_no_time_is_wrong_usage) {
  for (const std::string text :
       {"", "now", "14", "1400", "9:00", "14:0", "24:00", "14:60", "14:00:61", "14:00:", "14:00:3",
        "14:00:30.", "14:00:30.1234567890", "14:00 ", " 14:00", "14:00Z", "14.00", "-1:00",
        "2026-11-20", "2026-11-20T", "2026-11-20x14:00", "2026-1-20T14:00Z", "26-11-20T14:00Z",
        "2026/11/20T14:00Z", "2026-00-20T14:00Z", "2026-13-20T14:00Z", "2026-11-00T14:00Z",
        "2026-11-31T14:00Z", "2026-02-29T14:00Z", "2100-02-29T14:00Z", "2026-11-20T24:00Z",
        "2026-11-20T14:00z", "2026-11-20T14:00ZZ", "2026-11-20T14:00Z ", "2026-11-20T14:00+",
        "2026-11-20T14:00+1", "2026-11-20T14:00+1:00",
        "2026-11-20T14:00+01:", "2026-11-20T14:00+01:0", "2026-11-20T14:00+01:000",
        "2026-11-20T14:00+24:00", "2026-11-20T14:00+01:60", "2026-11-20T14:00 CET",
        // beyond what nanoseconds count
        "1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "2263-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z"})
    EXPECT_EQ(at(text), "2: --at '" + text +
                            "': it is HH:MM, HH:MM:SS or ISO 8601, such as 2026-11-20T14:00:00Z");
}

} // namespace
} // namespace mm::send
