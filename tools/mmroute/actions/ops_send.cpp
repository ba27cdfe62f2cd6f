// New events, made from a form in which numbers stand for those of the event in hand.
#include "actions/ops.hpp"
#include "text/chars.hpp"

#include <algorithm>
#include <string>

namespace mm::route {

namespace {

class SendEvent final : public Op {
 public:
  SendEvent(const Send& send, World& world)
      : send_(send), world_(world), port_(world.ports().number(send.port)) {}

  bool apply(unsigned /*copy*/, Message& message, Sender& sender) override {
    Message made;
    made.is_changed = true;
    made.port = port_ != 0 ? port_ : message.port;
    made.event.port = world_.ports().name(made.port);
    made.event.kind = send_.kind;
    const Scope scope = world_.scope(message);
    const KindInfo& kind = info(send_.kind);
    for (std::size_t i = 0; i < kind.field_count; ++i)
      made.event.arg[i] = within(send_.arg[i], scope, kind.field[i].min, kind.field[i].max);
    if (kind.payload != Payload::none) write_data(scope);
    made.event.data = data_;
    sender.send(made, send_.after);
    return true;
  }
  [[nodiscard]] bool is_pure() const override { return send_.kind != Kind::note_on; }
  [[nodiscard]] bool acts() const override { return true; }

 private:
  static std::int16_t within(const Operand& operand, const Scope& scope, int min, int max) {
    return static_cast<std::int16_t>(std::clamp<std::int32_t>(evaluate(operand, scope), min, max));
  }

  void write_data(const Scope& scope) {
    constexpr int most_data = 127;
    constexpr int most_byte = 255;
    data_.clear();
    const std::size_t last = send_.bytes.empty() ? 0 : send_.bytes.size() - 1;
    for (std::size_t i = 0; i < send_.bytes.size(); ++i) {
      const bool frames = send_.kind == Kind::raw || i == 0 || i == last; // f0 and f7
      data_ += static_cast<char>(within(send_.bytes[i], scope, 0, frames ? most_byte : most_data));
    }
    for (const Send::Piece& piece : send_.pieces) {
      data_ += piece.text;
      if (!piece.number) continue;
      char digits[chars::number_bound + 4];
      char* const end = chars::put_number(digits, evaluate(*piece.number, scope));
      data_.append(digits, end);
    }
  }

  const Send& send_;
  World& world_;
  PortId port_;
  std::string data_;
};

} // namespace

std::unique_ptr<Op> make_op(const Send& send, World& world) {
  return std::make_unique<SendEvent>(send, world);
}

} // namespace mm::route
