// Actions on the value of an event: its velocity, its controller's value, its bend; and on its
// kind.
#include "actions/ops.hpp"
#include "language/attributes.hpp"
#include "world/values.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mm::route {

namespace {

// The straight line between the points around `value`; beyond the first and last point their value.
double between_points(const Shape& shape, double value) {
  const auto& points = shape.points;
  if (value <= points.front().first) return points.front().second;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const auto& [x0, y0] = points[i - 1];
    const auto& [x1, y1] = points[i];
    if (value <= x1) return y0 + (value - x0) * (y1 - y0) / (x1 - x0);
  }
  return points.back().second;
}

// What becomes of a value between `min` and `max`; not yet in this range, nor whole.
double shaped(const Shape& shape, double value, double min, double max) {
  switch (shape.how) {
  case Shape::How::scale: return value * shape.factor;
  // A bend is curved to both sides of its middle, which stays.
  case Shape::How::curve:
    return value < 0 ? min * std::pow(value / min, 1 / shape.factor)
                     : max * std::pow(value / max, 1 / shape.factor);
  case Shape::How::clip: return std::clamp<double>(value, shape.low, shape.high);
  case Shape::How::compress:
    return value <= shape.low ? value : shape.low + (value - shape.low) / shape.factor;
  case Shape::How::invert: return min < 0 ? -value : min + max - value;
  case Shape::How::points: return between_points(shape, value);
  default: return value; // set and add, which are worked out
  }
}

// vel: of notes, from 1 on, since 0 would end them; value: of all other kinds.
class ShapeValue final : public Op {
 public:
  ShapeValue(const Shape& shape, World& world, bool for_releases)
      : shape_(shape), world_(world), for_releases_(for_releases) {
    for (std::size_t i = 0; i < seven_bits_.size(); ++i) {
      seven_bits_[i] = result(static_cast<int>(i), 0, 127);
      velocities_[i] = result(static_cast<int>(i), 1, 127);
    }
  }

  bool apply(unsigned /*copy*/, Message& message, Sender& /*sender*/) override {
    const Kind kind = message.event.kind;
    if (is_note(kind) != shape_.is_velocity || !has_value(kind)) return true;
    std::int16_t& value = message.event.arg[static_cast<std::size_t>(place_of_value(kind))];
    if (is_note(kind) && !takes(kind, value)) return true;
    const std::int16_t before = value;
    value = changed(message, kind, value);
    message.is_changed |= value != before;
    return true;
  }

 private:
  // The velocity of a note-off is left to rules for note-offs.
  [[nodiscard]] bool takes(Kind kind, int velocity) const {
    return for_releases_ ? kind == Kind::note_off : kind == Kind::note_on && velocity != 0;
  }

  [[nodiscard]] std::int16_t changed(const Message& message, Kind kind, int value) const {
    const Field& field = value_field(kind);
    const int min = kind == Kind::note_on ? 1 : field.min;
    if (shape_.how == Shape::How::set || shape_.how == Shape::How::add) {
      const std::int64_t number = evaluate(shape_.operand, world_.scope(message));
      const std::int64_t to = shape_.how == Shape::How::add ? value + number : number;
      return static_cast<std::int16_t>(std::clamp<std::int64_t>(to, min, field.max));
    }
    if (field.max == 127)
      return (kind == Kind::note_on ? velocities_ : seven_bits_)[static_cast<std::size_t>(value)];
    return result(value, min, field.max);
  }

  [[nodiscard]] std::int16_t result(int value, int min, int max) const {
    const double to = std::round(shaped(shape_, value, min, max));
    return static_cast<std::int16_t>(std::isnan(to) ? min : std::clamp<double>(to, min, max));
  }

  const Shape& shape_;
  World& world_;
  bool for_releases_;
  std::array<std::int16_t, 128> seven_bits_{};
  std::array<std::int16_t, 128> velocities_{};
};

class ScaleBend final : public Op {
 public:
  explicit ScaleBend(const BendRange& range) : range_(range) {}

  bool apply(unsigned /*copy*/, Message& message, Sender& /*sender*/) override {
    if (message.event.kind != Kind::pitch_bend) return true;
    const Field& field = value_field(Kind::pitch_bend);
    std::int16_t& bend = message.event.arg[1];
    const double to = std::round(static_cast<double>(bend) * range_.from / range_.to);
    const auto scaled = static_cast<std::int16_t>(std::clamp<double>(to, field.min, field.max));
    message.is_changed |= scaled != bend;
    bend = scaled;
    return true;
  }

 private:
  const BendRange& range_;
};

// Becomes another kind, with its value rescaled. (Into notes: ToNote, which has a memory.)
class ConvertKind final : public Op {
 public:
  ConvertKind(const Convert& convert, World& world) : convert_(convert), world_(world) {}

  bool apply(unsigned /*copy*/, Message& message, Sender& /*sender*/) override {
    const Kind from = message.event.kind;
    if (!has_value(from) || !info(from).has_channel()) return true;
    // A program is not ended by a key that is released.
    if (convert_.kind == Kind::program_change && kind_in_rules(message.event) == Kind::note_off)
      return false;
    const int number =
        has_number(convert_.kind) && convert_.kind != Kind::program_change ? number_of(message) : 0;
    convert_to(convert_.kind, number, message);
    return true;
  }
  [[nodiscard]] bool is_pure() const override { return convert_.number.is_constant(); }

 private:
  [[nodiscard]] int number_of(const Message& message) const {
    const Field& field = number_field(convert_.kind);
    return std::clamp<std::int32_t>(evaluate(convert_.number, world_.scope(message)), field.min,
                                    field.max);
  }

  const Convert& convert_;
  World& world_;
};

// Another number within the kind, by position; others stay.
class MapNumber final : public Op {
 public:
  explicit MapNumber(const Convert& convert) : convert_(convert) {}

  bool apply(unsigned /*copy*/, Message& message, Sender& /*sender*/) override {
    if (message.event.kind != convert_.kind) return true;
    std::int16_t& number = message.event.arg[1];
    const auto at = std::find(convert_.from.begin(), convert_.from.end(), number);
    if (at == convert_.from.end()) return true;
    const auto place = static_cast<std::size_t>(at - convert_.from.begin());
    const auto to = static_cast<std::int16_t>(convert_.to[convert_.to.size() == 1 ? 0 : place]);
    message.is_changed |= to != number;
    number = to;
    return true;
  }

 private:
  const Convert& convert_;
};

} // namespace

std::unique_ptr<Op> make_op(const Shape& shape, World& world, bool for_releases) {
  return std::make_unique<ShapeValue>(shape, world, for_releases);
}

std::unique_ptr<Op> make_op(const BendRange& range) { return std::make_unique<ScaleBend>(range); }

std::unique_ptr<Op> make_op(const Convert& convert, World& world) {
  if (!convert.to.empty()) return std::make_unique<MapNumber>(convert);
  return std::make_unique<ConvertKind>(convert, world);
}

} // namespace mm::route
