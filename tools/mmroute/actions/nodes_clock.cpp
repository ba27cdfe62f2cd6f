// Actions that count: divide lets one of several pass, multiply makes several clocks of one.
#include "actions/node_parts.hpp"
#include "io/clock.hpp"

namespace mm::route {

namespace {

// The first event passes and each Nth after it. What is counted as one: all notes, by their
// note-ons; the MIDI clock of each port, from its start; of any other kind each controller (or what
// has the number) of each channel and port.
//
// A note-off passes if its note-on did, and so does poly pressure. Start, stop, continue, active
// sensing and reset pass.
class DivideNode final : public Node {
 public:
  DivideNode(const Divide& action, World& world, Taker& next)
      : Node(world, next), by_(static_cast<std::uint32_t>(action.by)) {}

  void take(Message& message) override {
    const Kind kind = message.event.kind;
    if (is_note_on(message)) return press(message);
    if (is_note(kind) || kind == Kind::poly_pressure) {
      const bool* const key = keys_.find(key_of(message));
      if (key != nullptr) return follow(message, *key);
      if (is_note(kind)) return pass(message);
    }
    if (kind == Kind::start) counts_.erase(place_of(Kind::clock, message.port, 1, 0));
    if (is_realtime(kind) && kind != Kind::clock) return pass(message);
    if (counts_.size() >= most_keys) counts_.clear();
    if (counts(counts_[control_of(message)])) pass(message);
  }

  void forget() override { keys_.clear(); }

 private:
  // Whether the event is one that passes.
  [[nodiscard]] bool counts(std::uint32_t& count) const {
    const bool passes = count == 0;
    if (++count >= by_) count = 0;
    return passes;
  }

  void press(Message& note_on) {
    const bool passes = counts(notes_);
    if (bool* const key = keep(keys_, key_of(note_on))) *key |= passes;
    if (passes) pass(note_on);
  }

  void follow(Message& message, bool has_passed) {
    if (is_note_off(message)) keys_.erase(key_of(message));
    if (has_passed) pass(message);
  }

  std::uint32_t by_;
  std::uint32_t notes_ = 0;
  Table<std::uint32_t> counts_; // how many there were since the last that passed
  Table<bool> keys_;            // that are down: whether a note-on of theirs has passed
};

// Each clock of the MIDI clock is followed by N-1 more, spread evenly over the time until the next
// one, which is taken to be as long as the time before it. If the next one comes before that, what
// is left is sent right before it, so that there are N for one always; but for the first clock of
// all, and the first one after a pause, which have no time before them.
//
// Each port has its own clock. All other events pass.
class MultiplyNode final : public Node {
 public:
  MultiplyNode(const Multiply& action, World& world, Taker& next)
      : Node(world, next), by_(action.by) {}

  void take(Message& message) override {
    if (message.event.kind != Kind::clock) return pass(message);
    Port* const port = keep(ports_, message.port);
    if (port == nullptr) return pass(message);
    // As in Tempo: what is further apart is no clock, but one that had stopped.
    constexpr Nanoseconds longest = 3 * second;
    const Nanoseconds now = world().clock();
    const std::int32_t left = port->left;
    const bool goes_on = port->number != 0 && now - port->last < longest;
    port->span = goes_on ? now - port->last : 0;
    port->last = now;
    port->left = goes_on ? by_ - 1 : 0;
    port->number = next_number();
    wait(*port, message);
    for (std::int32_t i = 0; i < left; ++i) {
      Message copy = message;
      copy.is_changed = true;
      pass(copy);
    }
    pass(message);
  }

  void due(Message& message, std::uint32_t note) override {
    Port* const port = ports_.find(message.port);
    if (port == nullptr || port->number != note) return;
    --port->left;
    wait(*port, message);
    pass(message);
  }

  void forget() override { ports_.clear(); }

 private:
  struct Port {
    Nanoseconds last = 0;     // clock
    Nanoseconds span = 0;     // between that and the one before
    std::int32_t left = 0;    // how many are still to come before the next one
    std::uint32_t number = 0; // of the last clock; 0: there was none
  };

  std::uint32_t next_number() { return ++numbers_ != 0 ? numbers_ : ++numbers_; }

  // For the time of the next one that is left.
  void wait(const Port& port, const Message& clock) {
    if (port.left == 0) return;
    const double part = static_cast<double>(by_ - port.left) / by_;
    const Nanoseconds due = port.last + span_of(part * static_cast<double>(port.span));
    later(due - world().clock(), clock, port.number, false);
  }

  std::int32_t by_;
  Table<Port> ports_;
  std::uint32_t numbers_ = 0;
};

} // namespace

std::unique_ptr<Node> make(const Divide& action, World& world, Taker& next) {
  return std::make_unique<DivideNode>(action, world, next);
}
std::unique_ptr<Node> make(const Multiply& action, World& world, Taker& next) {
  return std::make_unique<MultiplyNode>(action, world, next);
}

} // namespace mm::route
