// Actions that remember values: nodup, relative.
#include "actions/node_parts.hpp"

#include <algorithm>

namespace mm::route {

namespace {

// Drops what says again what was said last: the same value of a kind, port, channel and number; a
// note-on whose note has not ended. Never dropped is what says no value, but does something each
// time: note-offs, realtime and time code, sysex and meta events, the messages that parameters are
// sent by (data entry, increment and decrement, parameter numbers: controllers 6, 38, 96-101) and
// the channel mode messages (120-127).
//
// A bank (controllers 0 and 32) makes the next program a new one, a note-on the next pressure of
// its key.
class NoDuplicatesNode final : public Node {
 public:
  using Node::Node;

  void take(Message& message) override {
    if (is_note_off(message))
      values_.erase(place_beside(message, Kind::note_on, message.event.arg[1]));
    else if (is_compared(message.event) && is_repeated(message))
      return;
    pass(message);
  }

  void forget() override { values_.clear(); }

 private:
  static bool is_compared(const Event& event) {
    if (!has_value(event.kind) || event.kind == Kind::time_code) return false;
    if (event.kind != Kind::control_change) return true;
    const int number = event.arg[1];
    return number != 6 && number != 38 && (number < 96 || number > 101) && number < 120;
  }

  // That of another kind, on the channel of the message.
  static std::uint64_t place_beside(const Message& message, Kind kind, int number) {
    return place_of(kind, message.port, message.event.channel(), number);
  }

  bool is_repeated(const Message& message) {
    const Event& event = message.event;
    const std::uint64_t at = control_of(message);
    const int value = value_of(event);
    const int* const last = values_.find(at);
    if (last != nullptr && (event.kind == Kind::note_on || *last == value)) return true;
    if (values_.size() >= most_keys) values_.clear();
    values_[at] = value;
    if (event.kind == Kind::note_on)
      values_.erase(place_beside(message, Kind::poly_pressure, event.arg[1]));
    if (event.kind == Kind::control_change && (event.arg[1] == 0 || event.arg[1] == 32))
      values_.erase(place_beside(message, Kind::program_change, 0));
    return false;
  }

  Table<int> values_; // by control_of()
};

// An encoder sends how far it was turned; this makes it where it stands. Each controller of each
// channel and port begins at the lowest value, and ends at the lowest and the highest. What changes
// nothing is dropped. Only control changes are turns; all else passes.
//
// Codings: `twos` 1 to 63 up, 127 to 64 down; `offset` 65 to 127 up, 63 to 0 down; `sign` 1 to 63
// up, 65 to 127 down.
class RelativeNode final : public Node {
 public:
  RelativeNode(const Relative& action, World& world, Taker& next)
      : Node(world, next), action_(action) {}

  void take(Message& message) override {
    if (message.event.kind != Kind::control_change) return pass(message);
    // How far above the lowest.
    std::int32_t* const at = keep(values_, control_of(message));
    if (at == nullptr) return;
    const std::int32_t before = *at;
    *at = std::clamp(before + turn(message.event.arg[2]), 0, action_.high - action_.low);
    if (*at == before) return;
    message.event.arg[2] = static_cast<std::int16_t>(action_.low + *at);
    message.is_changed = true;
    pass(message);
  }

 private:
  [[nodiscard]] int turn(int value) const {
    constexpr int middle = 64;
    switch (action_.coding) {
    case Relative::Coding::twos: return value < middle ? value : value - 2 * middle;
    case Relative::Coding::offset: return value - middle;
    case Relative::Coding::sign: break;
    }
    return value < middle ? value : middle - value;
  }

  Relative action_;
  Table<std::int32_t> values_; // by control_of()
};

} // namespace

std::unique_ptr<Node> make(const NoDuplicates& /*action*/, World& world, Taker& next) {
  return std::make_unique<NoDuplicatesNode>(world, next);
}
std::unique_ptr<Node> make(const Relative& action, World& world, Taker& next) {
  return std::make_unique<RelativeNode>(action, world, next);
}

} // namespace mm::route
