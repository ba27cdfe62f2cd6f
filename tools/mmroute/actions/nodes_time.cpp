// Actions that move notes in time, each note as a whole: delay, strum, quantize, humanize.
#include "actions/node_parts.hpp"
#include "io/clock.hpp"

#include <algorithm>
#include <limits>

namespace mm::route {

namespace {

// Sends each note-on later by some span, and its note-off and poly pressure by the same span, so
// that the note is as long as it was played. What is about one key stays in its order: a key that
// is pressed again while its note-off waits is not heard before that.
//
// A note-off without note-on is, like any other kind, no business of it.
class Shift : public Node {
 public:
  using Node::Node;

  void take(Message& message) override {
    if (is_note_on(message))
      press(message);
    else if (has_key(message.event.kind))
      follow(message);
    else
      take_other(message);
  }

  void due(Message& message, std::uint32_t note) override {
    if (waiting_ > 0) --waiting_;
    const std::uint64_t at = key_of(message);
    Key* const key = note == of_key ? keys_.find(at) : nullptr;
    if (key != nullptr && key->waiting > 0) {
      --key->waiting;
      tidy(at, *key);
    }
    pass(message);
  }

  void forget() override {
    keys_.clear();
    waiting_ = 0;
  }

 protected:
  // How much later the note-on is to be sent. May change it.
  virtual Nanoseconds shift(Message& note_on) = 0;
  // What belongs to no key that is known.
  virtual void take_other(Message& message) { pass(message); }

  void wait(Nanoseconds due, const Message& message, std::uint32_t note) {
    ++waiting_;
    later(due - world().clock(), message, note);
  }
  // More than that and what comes is sent at once; but for note-offs.
  [[nodiscard]] bool is_full() const { return waiting_ >= most_waiting; }

  static constexpr std::uint32_t of_no_key = 0; // what due() is told
  static constexpr std::uint32_t of_key = 1;

 private:
  static constexpr std::size_t most_waiting = 1'000'000;

  struct Key {
    Nanoseconds span = 0;      // of the last note-on
    Nanoseconds last = 0;      // when the last that waits is due, on world().clock()
    std::uint32_t down = 0;    // note-ons without their note-offs
    std::uint32_t waiting = 0; // how many of it wait
  };

  void press(Message& note_on) {
    const Nanoseconds span = shift(note_on);
    Key* const key = is_full() ? nullptr : keep(keys_, key_of(note_on));
    if (key == nullptr) return pass(note_on);
    ++key->down;
    // What of the key waits still makes it later; then the note-off is as much later.
    const Nanoseconds now = world().clock();
    key->span = mm::later(now, span) - now;
    if (key->waiting > 0) key->span = std::max(key->span, key->last - now);
    send(note_on, *key);
  }

  // A note-off, or poly pressure.
  void follow(Message& message) {
    const std::uint64_t at = key_of(message);
    Key* const key = keys_.find(at);
    if (key == nullptr) return take_other(message);
    const bool is_end = is_note_off(message) && key->down > 0;
    if (is_end) --key->down;
    if (is_full() && !is_end) return pass(message);
    send(message, *key);
  }

  // By the span of its key, and not before what of it waits.
  void send(Message& message, Key& key) {
    const Nanoseconds now = world().clock();
    const Nanoseconds due = std::max(mm::later(now, key.span), key.waiting > 0 ? key.last : now);
    if (due == now && key.waiting == 0) {
      tidy(key_of(message), key);
      pass(message);
    } else {
      key.last = due;
      ++key.waiting;
      wait(due, message, of_key);
    }
  }

  void tidy(std::uint64_t at, const Key& key) {
    if (key.down == 0 && key.waiting == 0) keys_.erase(at);
  }

  Table<Key> keys_;
  std::size_t waiting_ = 0;
};

// Everything is sent later by a span. Should the tempo make it shorter meanwhile, nothing overtakes
// what waits already; only note-offs go by the span of their note-ons.
class DelayNode final : public Shift {
 public:
  DelayNode(const Delay& action, World& world, Taker& next)
      : Shift(world, next), time_(action.time) {}

  void forget() override {
    Shift::forget();
    last_ = none;
  }

 private:
  static constexpr Nanoseconds none = std::numeric_limits<Nanoseconds>::min();

  Nanoseconds shift(Message& /*note_on*/) override {
    const Nanoseconds now = world().clock();
    last_ = std::max(mm::later(now, world().tempo().span(time_)), last_);
    return last_ - now;
  }

  void take_other(Message& message) override {
    if (is_full()) return pass(message);
    const Nanoseconds span = shift(message);
    if (span == 0) return pass(message);
    wait(last_, message, of_no_key);
  }

  Duration time_;
  Nanoseconds last_ = none; // when the last one is due
};

// Notes that come together are sent one after another. Together is what comes less than the span
// after the one before was due; so they may be any number.
class StrumNode final : public Shift {
 public:
  StrumNode(const Strum& action, World& world, Taker& next)
      : Shift(world, next), time_(action.time) {}

  void forget() override {
    Shift::forget();
    has_last_ = false;
  }

 private:
  Nanoseconds shift(Message& /*note_on*/) override {
    const Nanoseconds now = world().clock();
    const Nanoseconds next = mm::later(last_, world().tempo().span(time_));
    last_ = has_last_ ? std::max(now, next) : now;
    has_last_ = true;
    return last_ - now;
  }

  Duration time_;
  Nanoseconds last_ = 0; // when the one before is due
  bool has_last_ = false;
};

// Notes begin at the next point of the grid, or at once if they are on one.
class QuantizeNode final : public Shift {
 public:
  QuantizeNode(const Quantize& action, World& world, Taker& next)
      : Shift(world, next), grid_(action.grid) {}

 private:
  Nanoseconds shift(Message& /*note_on*/) override {
    return world().tempo().until_grid(grid_, world().now());
  }

  Duration grid_;
};

// Notes are played a little late, and not all with the same force. Their lengths stay.
class HumanizeNode final : public Shift {
 public:
  HumanizeNode(const Humanize& action, World& world, Taker& next)
      : Shift(world, next), time_(action.time), most_(action.velocity) {}

 private:
  Nanoseconds shift(Message& note_on) override {
    Chance& chance = world().chance();
    const Nanoseconds span = std::max<Nanoseconds>(world().tempo().span(time_), 0);
    const auto late = static_cast<Nanoseconds>(chance.up_to(static_cast<std::uint64_t>(span)));
    if (most_ > 0) {
      const auto off = static_cast<int>(chance.up_to(2 * static_cast<std::uint64_t>(most_)));
      const int velocity = std::clamp(note_on.event.arg[2] + off - most_, 1, 127);
      note_on.is_changed |= velocity != note_on.event.arg[2];
      note_on.event.arg[2] = static_cast<std::int16_t>(velocity);
    }
    return late;
  }

  Duration time_;
  int most_;
};

} // namespace

std::unique_ptr<Node> make(const Delay& action, World& world, Taker& next) {
  return std::make_unique<DelayNode>(action, world, next);
}
std::unique_ptr<Node> make(const Strum& action, World& world, Taker& next) {
  return std::make_unique<StrumNode>(action, world, next);
}
std::unique_ptr<Node> make(const Quantize& action, World& world, Taker& next) {
  return std::make_unique<QuantizeNode>(action, world, next);
}
std::unique_ptr<Node> make(const Humanize& action, World& world, Taker& next) {
  return std::make_unique<HumanizeNode>(action, world, next);
}

} // namespace mm::route
