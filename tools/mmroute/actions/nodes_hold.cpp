// Actions that let notes go on though their keys are up: latch, toggle, sustain and sostenuto.
#include "actions/node_parts.hpp"

#include <array>
#include <bitset>

namespace mm::route {

namespace {

using Keys = std::bitset<128>;

// Notes go on when their keys come up. The first key that is pressed when none is down releases
// them, right before it sounds. Each channel of each port for itself.
//
// A key that is pressed again ends its note first. What still comes when the node has been let go
// passes as it comes.
class LatchNode final : public Node {
 public:
  using Node::Node;

  void take(Message& message) override {
    if (is_note_on(message) && !is_over_) return press(message);
    if (!is_note_off(message)) return pass(message);
    Channel* const channel = channels_.find(channel_of(message));
    const auto note = static_cast<std::size_t>(message.event.arg[1]);
    if (channel == nullptr || !channel->sounding.test(note)) return pass(message);
    channel->down.reset(note);
  }

  void let_go() override {
    is_over_ = true;
    rest();
  }

  // Notes whose keys are down are released by these.
  void rest() override {
    channels_.for_each([&](std::uint64_t at, const Channel& channel) {
      leave(at, channel.sounding & ~channel.down);
    });
    channels_.clear();
    leaving_.send([&](Message& message) { pass(message); });
  }

  void forget() override { channels_.clear(); }

 private:
  struct Channel {
    Keys down;
    Keys sounding; // with those that are down
  };

  void press(Message& note_on) {
    const std::uint64_t at = channel_of(note_on);
    Channel* const channel = keep(channels_, at);
    if (channel == nullptr) return pass(note_on);
    const auto note = static_cast<std::size_t>(note_on.event.arg[1]);
    Keys ending = channel->sounding;
    if (channel->down.any()) ending &= Keys{}.set(note);
    leave(at, ending);
    channel->sounding &= ~ending;
    channel->sounding.set(note);
    channel->down.set(note);
    leaving_.send([&](Message& message) { pass(message); });
    pass(note_on);
  }

  void leave(std::uint64_t at, const Keys& notes) {
    for (std::size_t note = 0; note < notes.size(); ++note)
      if (notes.test(note))
        leaving_.add(note_of(world(), at | note, Kind::note_off, release_velocity));
  }

  bool is_over_ = false;    // it has been let go
  Table<Channel> channels_; // by channel_of()
  Leaving leaving_;
};

// Keys and buttons as switches: each press turns on what is off and off what is on. Note-offs, and
// the value 0 of controllers and channel pressure, are no presses and are dropped; a controller is
// on with the highest value of its kind. Notes that still come when the node has been let go pass.
class ToggleNode final : public Node {
 public:
  using Node::Node;

  void take(Message& message) override {
    const Kind kind = message.event.kind;
    if (is_control(kind)) return take_control(message);
    if (is_note_on(message) && !is_over_) return press(message);
    if (!has_key(kind)) return pass(message);
    const std::uint64_t at = key_of(message);
    Key* const key = keys_.find(at);
    if (key == nullptr) return pass(message);
    if (is_note_off(message)) {
      key->is_down = false;
      if (!key->is_on) keys_.erase(at);
    } else if (key->is_on) {
      pass(message); // poly pressure
    }
  }

  void let_go() override {
    is_over_ = true;
    rest();
  }

  // Notes whose keys are down are released by these; controllers stay as they are.
  void rest() override {
    keys_.for_each([&](std::uint64_t at, const Key& key) {
      if (key.is_on && !key.is_down)
        leaving_.add(note_of(world(), at, Kind::note_off, release_velocity));
    });
    keys_.clear();
    leaving_.send([&](Message& message) { pass(message); });
  }

  void forget() override { keys_.clear(); }

 private:
  struct Key {
    bool is_on = false;
    bool is_down = false;
  };

  void press(Message& note_on) {
    Key* const key = keep(keys_, key_of(note_on));
    if (key == nullptr) return pass(note_on);
    key->is_on = !key->is_on;
    key->is_down = true;
    if (key->is_on)
      pass(note_on);
    else
      release(note_on);
  }

  void take_control(Message& message) {
    Event& event = message.event;
    if (value_of(event) == 0) return;
    bool* const is_on = keep(controls_, control_of(message));
    if (is_on == nullptr) return pass(message);
    *is_on = !*is_on;
    const int value = *is_on ? value_field(event.kind).max : 0;
    message.is_changed |= value_of(event) != value;
    event.arg[static_cast<std::size_t>(place_of_value(event.kind))] =
        static_cast<std::int16_t>(value);
    pass(message);
  }

  bool is_over_ = false; // it has been let go
  Table<Key> keys_;
  Table<bool> controls_;
  Leaving leaving_;
};

// Does for a receiver without pedals what a pedal does: holds note-offs back until it is up.
// Sustain holds all of them, sostenuto those of the keys that were down when the pedal went down.
// The pedal itself is dropped. Each channel of each port for itself.
//
// A key that is pressed again while the pedal holds its note ends it first.
class PedalNode final : public Node {
 public:
  PedalNode(const Pedal& action, World& world, Taker& next)
      : Node(world, next), is_sostenuto_(action.is_sostenuto) {}

  void take(Message& message) override {
    if (is_note_on(message)) return press(message);
    if (is_note_off(message)) return lift(message);
    const Event& event = message.event;
    const int pedal = is_sostenuto_ ? 66 : 64; // MIDI 1.0, "Control Change"
    if (event.kind != Kind::control_change || event.arg[1] != pedal) return pass(message);
    Channel* const channel = keep(channels_, channel_of(message));
    if (channel == nullptr) return pass(message);
    constexpr int down = 64; // and above
    if (event.arg[2] >= down)
      hold(*channel);
    else
      lift_pedal(channel_of(message), *channel);
    leaving_.send([&](Message& off) { pass(off); });
  }

  // The pedal does nothing from now on.
  void let_go() override {
    is_over_ = true;
    rest();
  }

  void rest() override {
    channels_.for_each([&](std::uint64_t at, Channel& channel) { lift_pedal(at, channel); });
    leaving_.send([&](Message& message) { pass(message); });
  }

  // The pedal is as far down as it was.
  void forget() override {
    channels_.for_each([&](std::uint64_t /*at*/, Channel& channel) {
      channel.down.reset();
      channel.held.reset();
      if (is_sostenuto_) channel.caught.reset();
    });
  }

 private:
  struct Channel {
    bool is_pedal_down = false;
    Keys down;                                // keys
    Keys caught;                              // whose note-offs the pedal holds back
    Keys held;                                // whose note-offs it does hold back
    std::array<std::uint8_t, 128> velocity{}; // of these
  };

  void hold(Channel& channel) const {
    if (channel.is_pedal_down || is_over_) return;
    channel.is_pedal_down = true;
    channel.caught = is_sostenuto_ ? channel.down : ~Keys{};
  }

  void lift_pedal(std::uint64_t at, Channel& channel) {
    for (std::size_t note = 0; note < channel.held.size(); ++note)
      if (channel.held.test(note))
        leaving_.add(note_of(world(), at | note, Kind::note_off, channel.velocity[note]));
    channel.is_pedal_down = false;
    channel.caught.reset();
    channel.held.reset();
  }

  void press(Message& note_on) {
    Channel* const channel = keep(channels_, channel_of(note_on));
    if (channel == nullptr) return pass(note_on);
    const auto note = static_cast<std::size_t>(note_on.event.arg[1]);
    const bool is_again = channel->held.test(note);
    const int velocity = channel->velocity[note];
    channel->held.reset(note);
    channel->down.set(note);
    if (is_again) release(note_on, velocity);
    pass(note_on);
  }

  void lift(Message& note_off) {
    Channel* const channel = channels_.find(channel_of(note_off));
    if (channel == nullptr) return pass(note_off);
    const auto note = static_cast<std::size_t>(note_off.event.arg[1]);
    if (channel->held.test(note)) return;
    const bool is_held = channel->down.test(note) && channel->caught.test(note);
    channel->down.reset(note);
    if (!is_held) return pass(note_off);
    channel->held.set(note);
    channel->velocity[note] = static_cast<std::uint8_t>(
        note_off.event.kind == Kind::note_off ? note_off.event.arg[2] : release_velocity);
  }

  bool is_sostenuto_;
  bool is_over_ = false;    // it has been let go
  Table<Channel> channels_; // by channel_of()
  Leaving leaving_;
};

} // namespace

std::unique_ptr<Node> make(const Latch& /*action*/, World& world, Taker& next) {
  return std::make_unique<LatchNode>(world, next);
}
std::unique_ptr<Node> make(const Toggle& /*action*/, World& world, Taker& next) {
  return std::make_unique<ToggleNode>(world, next);
}
std::unique_ptr<Node> make(const Pedal& action, World& world, Taker& next) {
  return std::make_unique<PedalNode>(action, world, next);
}

} // namespace mm::route
