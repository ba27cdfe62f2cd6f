// Actions on where a note is: its channel and its key.
#include "actions/ops.hpp"
#include "actions/scale_steps.hpp"
#include "language/attributes.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace mm::route {

namespace {

constexpr int note_count = 128;
constexpr int channel_count = 16;
constexpr std::int16_t none = -1;

void set_argument(Message& message, std::size_t place, int value) {
  if (message.event.arg[place] == value) return;
  message.event.arg[place] = static_cast<std::int16_t>(value);
  message.is_changed = true;
}

// Notes to notes: each by a table; messages that have no key pass. Several tables: a copy by each.
class KeyTables final : public Op {
 public:
  using Keys = std::array<std::int16_t, note_count>; // none: it ends

  explicit KeyTables(std::vector<Keys> tables) : tables_(std::move(tables)) {}

  [[nodiscard]] unsigned copies() const override { return static_cast<unsigned>(tables_.size()); }
  bool apply(unsigned copy, Message& message, Sender& /*sender*/) override {
    if (!has_key(message.event.kind)) return copy == 0;
    const std::int16_t key = tables_[copy][static_cast<std::size_t>(message.event.arg[1])];
    if (key == none) return false;
    set_argument(message, 1, key);
    return true;
  }

 private:
  std::vector<Keys> tables_;
};

template <class Make> KeyTables::Keys make_keys(Make&& make) {
  KeyTables::Keys keys{};
  for (int note = 0; note < note_count; ++note) {
    const int key = make(note);
    keys[static_cast<std::size_t>(note)] =
        key >= 0 && key < note_count ? static_cast<std::int16_t>(key) : none;
  }
  return keys;
}

std::unique_ptr<Op> one_table(const KeyTables::Keys& keys) {
  return std::make_unique<KeyTables>(std::vector{keys});
}

// Channels to channels, the same way.
class ChannelTables final : public Op {
 public:
  using Channels = std::array<std::int16_t, channel_count + 1>;

  explicit ChannelTables(std::vector<Channels> tables) : tables_(std::move(tables)) {}

  [[nodiscard]] unsigned copies() const override { return static_cast<unsigned>(tables_.size()); }
  bool apply(unsigned copy, Message& message, Sender& /*sender*/) override {
    if (!info(message.event.kind).has_channel()) return copy == 0;
    const std::int16_t channel = tables_[copy][static_cast<std::size_t>(message.event.channel())];
    if (channel == none) return false;
    set_argument(message, 0, channel);
    return true;
  }

 private:
  std::vector<Channels> tables_;
};

template <class Make> ChannelTables::Channels make_channels(Make&& make) {
  ChannelTables::Channels channels{};
  for (int channel = 1; channel <= channel_count; ++channel) {
    const int to = make(channel);
    channels[static_cast<std::size_t>(channel)] =
        to >= 1 && to <= channel_count ? static_cast<std::int16_t>(to) : none;
  }
  return channels;
}

// A key or channel that is worked out for each message.
class PutWorkedOut final : public Op {
 public:
  PutWorkedOut(const Put& put, World& world) : put_(put), world_(world) {}

  [[nodiscard]] unsigned copies() const override { return static_cast<unsigned>(put_.to.size()); }
  bool apply(unsigned copy, Message& message, Sender& /*sender*/) override {
    const bool is_key = put_.what == Attribute::key;
    const Kind kind = message.event.kind;
    if (is_key ? !has_key(kind) : !info(kind).has_channel()) return copy == 0;
    const std::size_t place = is_key ? 1 : 0;
    const Field& field = info(kind).field[place];
    const std::int64_t number = evaluate(put_.to[copy], world_.scope(message));
    const std::int64_t before = put_.is_relative ? message.event.arg[place] : 0;
    const std::int64_t to = number + before;
    if (put_.is_relative && (to < field.min || to > field.max)) return false;
    set_argument(message, place,
                 static_cast<int>(std::clamp<std::int64_t>(to, field.min, field.max)));
    return true;
  }
  [[nodiscard]] bool is_pure() const override { return false; }

 private:
  const Put& put_;
  World& world_;
};

class TransposeWorkedOut final : public Op {
 public:
  TransposeWorkedOut(const Transpose& transpose, World& world)
      : transpose_(transpose), world_(world) {}

  bool apply(unsigned /*copy*/, Message& message, Sender& /*sender*/) override {
    if (!has_key(message.event.kind)) return true;
    constexpr std::int32_t most = note_count; // further is out of range in any case
    const int by = std::clamp(evaluate(transpose_.by, world_.scope(message)), -most, most);
    const int note = message.event.arg[1];
    const int to = transpose_.in ? step(*transpose_.in, note, by) : note + by;
    if (to < 0 || to >= note_count) return false;
    set_argument(message, 1, to);
    return true;
  }
  [[nodiscard]] bool is_pure() const override { return false; }

 private:
  const Transpose& transpose_;
  World& world_;
};

// By position; what is not in `from` stays.
int mapped(const Map& map, int value) {
  const auto at = std::find(map.from.begin(), map.from.end(), value);
  if (at == map.from.end()) return value;
  return map.to.size() == 1 ? map.to[0] : map.to[static_cast<std::size_t>(at - map.from.begin())];
}

} // namespace

std::unique_ptr<Op> make_op(const Put& put, World& world) {
  const bool is_constant = std::all_of(put.to.begin(), put.to.end(),
                                       [](const Operand& one) { return one.is_constant(); });
  if (!is_constant) return std::make_unique<PutWorkedOut>(put, world);
  if (put.what == Attribute::key) {
    std::vector<KeyTables::Keys> tables;
    for (const Operand& to : put.to)
      tables.push_back(
          make_keys([&](int note) { return put.is_relative ? note + to.number : to.number; }));
    return std::make_unique<KeyTables>(std::move(tables));
  }
  std::vector<ChannelTables::Channels> tables;
  for (const Operand& to : put.to)
    tables.push_back(make_channels(
        [&](int channel) { return put.is_relative ? channel + to.number : to.number; }));
  return std::make_unique<ChannelTables>(std::move(tables));
}

std::unique_ptr<Op> make_op(const Map& map) {
  if (map.what == Attribute::key)
    return one_table(make_keys([&](int note) { return mapped(map, note); }));
  return std::make_unique<ChannelTables>(
      std::vector{make_channels([&](int channel) { return mapped(map, channel); })});
}

std::unique_ptr<Op> make_op(const Transpose& transpose, World& world) {
  if (!transpose.by.is_constant()) return std::make_unique<TransposeWorkedOut>(transpose, world);
  return one_table(make_keys([&](int note) {
    const int by = transpose.by.number;
    return transpose.in ? step(*transpose.in, note, by) : note + by;
  }));
}

std::unique_ptr<Op> make_op(const Snap& scale) {
  return one_table(make_keys([&](int note) { return snap(scale.to, note); }));
}

std::unique_ptr<Op> make_op(const Chord& chord) {
  std::vector<KeyTables::Keys> tables;
  for (const std::int32_t interval : chord.intervals)
    tables.push_back(make_keys(
        [&](int note) { return chord.in ? step(*chord.in, note, interval) : note + interval; }));
  return std::make_unique<KeyTables>(std::move(tables));
}

} // namespace mm::route
