#include "world/values.hpp"

#include "language/attributes.hpp"

namespace mm::route {

namespace {

constexpr int wide = 16383; // the width of 14 bits
constexpr int narrow = 127; // of 7

// 7 bits as 14, so that 0, 64 and 127 become 0, 8192 and 16383 (as MIDI 2.0 scales up: above the
// middle the lower bits repeat the upper ones).
int widen(int value) {
  if (value <= 64) return value << 7;
  const int repeated = value & 0x3f; // six bits below the top one
  return value << 7 | repeated << 1 | repeated >> 5;
}

} // namespace

int rescale(int value, Kind from, Kind to) {
  const Field& a = value_field(from);
  const Field& b = value_field(to);
  const int width = a.max - a.min;
  const int height = b.max - b.min;
  const int offset = value - a.min;
  if (width == height) return b.min + offset;
  if (width == narrow && height == wide) return b.min + widen(offset);
  if (width == wide && height == narrow) return b.min + (offset >> 7);
  return b.min + (offset * height + width / 2) / width;
}

void convert_to(Kind to, int number, Message& message) {
  Event& event = message.event;
  const bool is_release = kind_in_rules(event) == Kind::note_off;
  const int value = is_release ? 0 : value_of(event);
  const auto scaled = static_cast<std::int16_t>(rescale(value, event.kind, to));
  message.is_changed = true;
  event.kind = to;
  const bool is_numbered = place_of_value(to) == 2;
  event.arg = {event.arg[0], is_numbered ? static_cast<std::int16_t>(number) : scaled,
               is_numbered ? scaled : std::int16_t{0}};
}

} // namespace mm::route
