#include "at.hpp"

#include "text/chars.hpp"

#include <ctime>
#include <optional>
#include <string>

namespace mm::send {

namespace {

// Takes `count` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t count) {
  if (text.size() < count) return {};
  int number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!chars::is_digit(text[i])) return {};
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

struct TimeOfDay {
  int hour = 0;
  int minute = 0;
  int second = 0;
  Nanoseconds fraction = 0;
};

// "14:00", "14:00:30", "14:00:30.5"
std::optional<TimeOfDay> take_time_of_day(std::string_view& text) {
  TimeOfDay time;
  const auto hour = take_number(text, 2);
  if (!hour || !take(text, ':')) return {};
  const auto minute = take_number(text, 2);
  if (!minute || *hour > 23 || *minute > 59) return {};
  time = {*hour, *minute, 0, 0};
  if (!take(text, ':')) return time;
  const auto seconds = take_number(text, 2);
  if (!seconds || *seconds > 60) return {};
  time.second = *seconds;
  if (!text.starts_with('.')) return time;
  std::size_t end = 1;
  while (end < text.size() && chars::is_digit(text[end])) ++end;
  const auto [fraction, fault] = chars::read_seconds("0" + std::string(text.substr(0, end)));
  if (fault != nullptr) return {};
  time.fraction = fraction;
  text.remove_prefix(end);
  return time;
}

void set(std::tm& date, const TimeOfDay& time) {
  date.tm_hour = time.hour;
  date.tm_min = time.minute;
  date.tm_sec = time.second;
  date.tm_isdst = -1;
}

// Seconds east of UTC after a time: "Z", "+01:00", "+0100", "-05". Nothing: local time.
bool take_zone(std::string_view& text, std::optional<long>& east) {
  if (take(text, 'Z')) {
    east = 0;
    return true;
  }
  const bool negative = text.starts_with('-');
  if (!negative && !text.starts_with('+')) return text.empty();
  text.remove_prefix(1);
  const auto hours = take_number(text, 2);
  const bool colon = take(text, ':');
  const auto minutes = text.empty() && !colon ? 0 : take_number(text, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return false;
  east = (*hours * 3600L + *minutes * 60L) * (negative ? -1 : 1);
  return text.empty();
}

} // namespace

Result<Nanoseconds> parse_at(std::string_view text, Nanoseconds now) {
  const Error wrong{"--at '" + std::string(text) +
                        "': it is HH:MM, HH:MM:SS or ISO 8601, such as 2026-11-20T14:00:00Z",
                    exit_usage};
  const auto seconds_now = static_cast<std::time_t>(now / second);
  std::tm date{};
  ::localtime_r(&seconds_now, &date);

  std::string_view rest = text;
  if (const auto today = take_time_of_day(rest); today && rest.empty()) {
    set(date, *today);
    std::tm copy = date;
    const Nanoseconds at = Nanoseconds{std::mktime(&copy)} * second + today->fraction;
    if (at > now) return at;
    ++date.tm_mday; // mktime makes the first of the next month of it if need be
    return Nanoseconds{std::mktime(&date)} * second + today->fraction;
  }

  rest = text;
  const auto year = take_number(rest, 4);
  if (!year || !take(rest, '-')) return wrong;
  const auto month = take_number(rest, 2);
  if (!month || !take(rest, '-')) return wrong;
  const auto day = take_number(rest, 2);
  if (!day || !(take(rest, 'T') || take(rest, ' '))) return wrong;
  const auto time = take_time_of_day(rest);
  std::optional<long> east;
  if (!time || !take_zone(rest, east) || !rest.empty()) return wrong;
  date = {};
  date.tm_year = *year - 1900;
  date.tm_mon = *month - 1;
  date.tm_mday = *day;
  set(date, *time);
  std::tm made = date;
  const std::time_t utc = east ? ::timegm(&made) - *east : std::mktime(&made);
  // What the calendar does not have, it has moved elsewhere.
  if (made.tm_mon != date.tm_mon || made.tm_mday != date.tm_mday) return wrong;
  constexpr std::time_t most = 9'000'000'000; // as in a TIME: nanoseconds do not reach further
  if (utc < 0 || utc >= most) return wrong;
  return Nanoseconds{utc} * second + time->fraction;
}

} // namespace mm::send
