#include "actions/to_note.hpp"

#include "actions/node_parts.hpp"
#include "language/attributes.hpp"
#include "world/values.hpp"

#include <algorithm>
#include <vector>

namespace mm::route {

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
  if (starts) {
    if (std::int16_t* const kept = keep(keys_, key)) *kept = note;
  }
  if (is_note_off(message)) keys_.erase(key);
  message.is_changed |= message.event.arg[1] != note;
  message.event.arg[1] = note;
  pass(message);
}

void ToNote::take_value(Message& message) {
  const std::uint64_t source = control_of(message);
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
  Leaving leaving;
  sounding_.for_each([&](std::uint64_t /*source*/, const Message& note) { leaving.add(note); });
  sounding_.clear();
  leaving.send([this](const Message& note) { release(note); });
}

void ToNote::release_port(PortId port) {
  Leaving leaving;
  std::vector<std::uint64_t> sources;
  sounding_.for_each([&](std::uint64_t source, const Message& note) {
    if (note.port != port) return;
    sources.push_back(source);
    leaving.add(note);
  });
  for (const std::uint64_t source : sources) sounding_.erase(source);
  leaving.send([this](const Message& note) { release(note); });
}

void ToNote::forget() {
  keys_.clear();
  sounding_.clear();
}

} // namespace mm::route
