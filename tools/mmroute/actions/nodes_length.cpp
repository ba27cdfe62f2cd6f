// Actions that look at how long notes are, or make more of them: echo, length, hold, long.
#include "actions/node_parts.hpp"

#include <algorithm>
#include <cmath>

namespace mm::route {

namespace {

// Repeats each note some times, each time softer and perhaps at another pitch. The note itself and
// all that is no note pass at once; poly pressure is that of the note itself.
//
// The note-off is repeated as often as its note-on was, by the same spans. A key that is pressed
// again while it is down counts as one with the press before: the longer of the spans and the
// larger of the numbers are those of its note-offs.
class EchoNode final : public Node {
 public:
  EchoNode(const Echo& action, World& world, Taker& next) : Node(world, next), action_(action) {}

  void take(Message& message) override {
    if (is_note_on(message))
      press(message);
    else if (is_note_off(message))
      lift(message);
    pass(message);
  }

  void due(Message& message, std::uint32_t /*note*/) override {
    if (waiting_ > 0) --waiting_;
    pass(message);
  }

  void forget() override {
    keys_.clear();
    waiting_ = 0;
  }

 private:
  // More than that, and notes are not repeated.
  static constexpr std::size_t most_waiting = 10'000;

  struct Key {
    Nanoseconds span = 0;
    std::int32_t times = 0;
    std::uint32_t down = 0; // note-ons without their note-offs
  };

  void press(const Message& note_on) {
    const Nanoseconds span = world().tempo().span(action_.time);
    Key* const key = keep(keys_, key_of(note_on));
    if (key == nullptr) return;
    key->span = std::max(key->span, span);
    ++key->down;
    if (waiting_ >= most_waiting) return;
    std::int32_t times = 0;
    while (times < action_.times && repeat(note_on, times + 1, key->span)) ++times;
    key->times = std::max(key->times, times);
  }

  void lift(const Message& note_off) {
    const std::uint64_t at = key_of(note_off);
    Key* const key = keys_.find(at);
    if (key == nullptr) return;
    for (std::int32_t time = 1; time <= key->times; ++time)
      wait(transposed(note_off, time), time * key->span);
    if (--key->down == 0) keys_.erase(at);
  }

  // Whether the note is loud enough for that, and still a note.
  bool repeat(const Message& note_on, std::int32_t time, Nanoseconds span) {
    const double exact = note_on.event.arg[2] * std::pow(action_.fade, time);
    const long velocity = std::lround(std::clamp(exact, 0.0, 127.0));
    const std::int64_t note = note_on.event.arg[1] + std::int64_t{action_.transpose} * time;
    if (velocity < 1 || note < 0 || note > 127) return false;
    Message repeated = transposed(note_on, time);
    repeated.event.arg[2] = static_cast<std::int16_t>(velocity);
    wait(repeated, time * span);
    return true;
  }

  [[nodiscard]] Message transposed(const Message& note, std::int32_t time) const {
    Message other = note;
    other.event.arg[1] = static_cast<std::int16_t>(note.event.arg[1] + action_.transpose * time);
    return other;
  }

  void wait(const Message& message, Nanoseconds span) {
    ++waiting_;
    later(span, message);
  }

  Echo action_;
  Table<Key> keys_;
  std::size_t waiting_ = 0;
};

// Notes have all the same length, however long their keys are down. A key that is pressed again
// before its note has ended ends it first. Poly pressure of a note that has ended is dropped.
class LengthNode final : public Node {
 public:
  LengthNode(const Length& action, World& world, Taker& next)
      : Node(world, next), time_(action.time) {}

  void take(Message& message) override {
    if (is_note_on(message)) return press(message);
    Key* const key = has_key(message.event.kind) ? keys_.find(key_of(message)) : nullptr;
    if (key == nullptr) return pass(message);
    if (is_note_off(message)) {
      if (key->down > 0) --key->down;
      tidy(key_of(message), *key);
    } else if (key->is_sounding) {
      pass(message);
    }
  }

  void due(Message& note_on, std::uint32_t note) override {
    const std::uint64_t at = key_of(note_on);
    Key* const key = keys_.find(at);
    if (key == nullptr || key->press != note) return;
    key->is_sounding = false;
    tidy(at, *key);
    release(note_on);
  }

  void forget() override { keys_.clear(); }

 private:
  struct Key {
    std::uint32_t press = 0; // which one started the note
    std::uint32_t down = 0;  // note-ons without their note-offs
    bool is_sounding = false;
  };

  void press(Message& note_on) {
    Key* const key = keep(keys_, key_of(note_on));
    if (key == nullptr) return pass(note_on);
    const bool is_again = key->is_sounding;
    *key = {++presses_, key->down + 1, true};
    later(world().tempo().span(time_), note_on, presses_);
    if (is_again) release(note_on);
    pass(note_on);
  }

  void tidy(std::uint64_t at, const Key& key) {
    if (!key.is_sounding && key.down == 0) keys_.erase(at);
  }

  Duration time_;
  Table<Key> keys_;
  std::uint32_t presses_ = 0;
};

// Notes go on for some time behind their note-off. A key that is pressed again meanwhile ends the
// note first.
class HoldNode final : public Node {
 public:
  HoldNode(const Hold& action, World& world, Taker& next) : Node(world, next), time_(action.time) {}

  void take(Message& message) override {
    const bool is_on = is_note_on(message);
    if (!is_on && !is_note_off(message)) return pass(message);
    const std::uint64_t at = key_of(message);
    if (const Off* const waiting = lingering_.find(at)) {
      Message off = waiting->message;
      lingering_.erase(at);
      pass(off);
    }
    Off* const off = is_on ? nullptr : keep(lingering_, at);
    if (off == nullptr) return pass(message);
    *off = {message, ++offs_};
    later(world().tempo().span(time_), message, offs_);
  }

  void due(Message& message, std::uint32_t note) override {
    const std::uint64_t at = key_of(message);
    const Off* const off = lingering_.find(at);
    if (off == nullptr || off->number != note) return;
    lingering_.erase(at);
    pass(message);
  }

  void forget() override { lingering_.clear(); }

 private:
  struct Off {
    Message message;
    std::uint32_t number = 0;
  };

  Duration time_;
  Table<Off> lingering_; // note-offs, by their keys
  std::uint32_t offs_ = 0;
};

// Only what is held so long goes on, at the time when it has been: notes, and controllers and
// channel pressure from when they leave 0. What ends before vanishes; what comes behind passes as
// it comes. While a controller is waited for, its other values vanish as well.
//
// What waits when the node is let go vanishes too: nobody might end it.
class LongNode final : public Node {
 public:
  LongNode(const Long& action, World& world, Taker& next) : Node(world, next), time_(action.time) {}

  void take(Message& message) override {
    const Kind kind = message.event.kind;
    if (!has_key(kind) && !is_control(kind)) return pass(message);
    const std::uint64_t at = place_of(message);
    if (is_note_on(message) || (is_control(kind) && value_of(message.event) > 0))
      begin(at, message);
    else if (is_note_off(message) || is_control(kind))
      end(at, message);
    else if (const Held* const held = held_.find(at); held == nullptr || held->has_passed)
      pass(message); // poly pressure
  }

  void due(Message& message, std::uint32_t note) override {
    Held* const held = held_.find(place_of(message));
    if (held == nullptr || !held->is_waiting || held->press != note) return;
    const bool is_again = held->has_passed;
    held->is_waiting = false;
    held->has_passed = true;
    if (is_again) release(message);
    pass(message);
  }

  void let_go() override {
    held_.for_each([](std::uint64_t /*at*/, Held& held) { held.is_waiting = false; });
  }

  void forget() override { held_.clear(); }

 private:
  struct Held {
    std::uint32_t press = 0;
    bool is_waiting = false;
    bool has_passed = false; // then its end has to pass as well
  };

  // Of a note without its kind: its note-off has the same.
  static std::uint64_t place_of(const Message& message) {
    return has_key(message.event.kind) ? key_of(message) : control_of(message);
  }

  void begin(std::uint64_t at, Message& message) {
    Held* const held = keep(held_, at);
    if (held == nullptr) return pass(message);
    if (is_control(message.event.kind)) {
      if (held->has_passed) return pass(message);
      if (held->is_waiting) return;
    }
    held->press = ++presses_;
    held->is_waiting = true;
    later(world().tempo().span(time_), message, presses_, false);
  }

  void end(std::uint64_t at, Message& message) {
    const Held* const held = held_.find(at);
    const bool passes = held == nullptr || held->has_passed;
    held_.erase(at);
    if (passes) pass(message);
  }

  Duration time_;
  Table<Held> held_;
  std::uint32_t presses_ = 0;
};

} // namespace

std::unique_ptr<Node> make(const Echo& action, World& world, Taker& next) {
  return std::make_unique<EchoNode>(action, world, next);
}
std::unique_ptr<Node> make(const Length& action, World& world, Taker& next) {
  return std::make_unique<LengthNode>(action, world, next);
}
std::unique_ptr<Node> make(const Hold& action, World& world, Taker& next) {
  return std::make_unique<HoldNode>(action, world, next);
}
std::unique_ptr<Node> make(const Long& action, World& world, Taker& next) {
  return std::make_unique<LongNode>(action, world, next);
}

} // namespace mm::route
