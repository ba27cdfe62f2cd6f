#include "to_note.hpp"

#include "attributes.hpp"
#include "values.hpp"

#include <algorithm>
#include <vector>

namespace mm::route {

namespace {

// What a value comes from, as a number: its kind, port, channel and number.
std::uint64_t source_of(const Message& message) {
  constexpr int kind_shift = 56;
  const int number = has_number(message.event.kind) && message.event.kind != Kind::program_change
                         ? number_of(message.event)
                         : 0;
  return key_of(message.port, message.event.channel(), number) ^
         static_cast<std::uint64_t>(message.event.kind) << kind_shift;
}

} // namespace

int ToNote::note_for(const Message& message) {
  return std::clamp<std::int32_t>(evaluate(convert_.number, world().scope(message)), 0, 127);
}

void ToNote::take(Message& message) {
  const Kind kind = message.event.kind;
  if (is_note(kind) || message.follows) return take_note(message);
  if (has_value(kind) && info(kind).has_channel()) return take_value(message);
  pass(message);
}

void ToNote::take_note(Message& message) {
  const std::uint64_t key = key_of(message);
  const std::int16_t* const held = keys_.find(key);
  const bool starts = is_note_on(message);
  const auto note = static_cast<std::int16_t>(held != nullptr ? *held : note_for(message));
  if (starts) keys_[key] = note;
  if (is_note_off(message)) keys_.erase(key);
  message.is_changed |= message.event.arg[1] != note;
  message.event.arg[1] = note;
  pass(message);
}

void ToNote::take_value(Message& message) {
  const std::uint64_t source = source_of(message);
  const int velocity = rescale(value_of(message.event), message.event.kind, Kind::note_on);
  const Message* const sounding = sounding_.find(source);
  if (velocity > 0 && sounding == nullptr) {
    if (is_over_) return;              // nobody might end it
    constexpr std::size_t most = 4096; // at a time
    if (sounding_.size() >= most) return;
    const auto note = static_cast<std::int16_t>(note_for(message));
    message.event.kind = Kind::note_on;
    message.event.arg = {message.event.arg[0], note, static_cast<std::int16_t>(velocity)};
    message.is_changed = true;
    sounding_[source] = message;
    pass(message);
  } else if (velocity == 0 && sounding != nullptr) {
    const Message note = *sounding;
    sounding_.erase(source);
    release(note);
  }
}

void ToNote::let_go() {
  is_over_ = true;
  rest();
}

void ToNote::rest() {
  std::vector<Message> notes;
  sounding_.for_each([&](std::uint64_t /*source*/, const Message& note) { notes.push_back(note); });
  sounding_.clear();
  for (const Message& note : notes) release(note);
}

void ToNote::forget() {
  keys_.clear();
  sounding_.clear();
}

} // namespace mm::route
