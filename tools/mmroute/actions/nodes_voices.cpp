// mono and poly: how many notes may sound at a time.
#include "actions/node_parts.hpp"

#include <algorithm>

namespace mm::route {

namespace {

// On each channel of each port at most so many notes sound. The note-off of the one that goes
// comes right before the note-on of the one that comes.
//
// `poly`: the note that has sounded longest goes, and does not come back. `mono`: the last, lowest
// or highest of the keys that are down sounds. When its key comes up, the one that is now the last
// (lowest, highest) sounds again, with its own velocity. Poly pressure of a key that does not sound
// is dropped.
class VoicesNode final : public Node {
 public:
  VoicesNode(const Voices& action, World& world, Taker& next)
      : Node(world, next), most_(action.most), priority_(action.priority) {}

  void take(Message& message) override {
    if (is_note_on(message)) return press(message);
    if (is_note_off(message)) return lift(message);
    if (message.event.kind == Kind::poly_pressure)
      if (Channel* const keys = channels_.find(channel_of(message)))
        if (const auto key = find(*keys, message); key != keys->end() && key->is != Is::sounding)
          return;
    pass(message);
  }

  // Keys that are down and do not sound will not any more.
  void let_go() override {
    channels_.for_each([](std::uint64_t /*at*/, Channel& keys) {
      for (Key& key : keys)
        if (key.is == Is::waiting) key.is = Is::gone;
    });
  }

  void forget() override {
    channels_.for_each([](std::uint64_t /*at*/, Channel& keys) { keys.clear(); });
  }

 private:
  enum class Is : std::uint8_t { sounding, waiting, gone };
  // A key that is down.
  struct Key {
    std::uint8_t note = 0;
    std::uint8_t velocity = 0;
    Is is = Is::sounding;
  };
  using Channel = std::vector<Key>; // in the order in which they were pressed

  static Channel::iterator find(Channel& keys, const Message& message) {
    return std::find_if(keys.begin(), keys.end(),
                        [&](const Key& key) { return key.note == message.event.arg[1]; });
  }
  [[nodiscard]] bool is_mono() const { return priority_ != Voices::Priority::oldest; }

  void press(Message& note_on) {
    const std::uint64_t at = channel_of(note_on);
    Channel* const keys = keep(channels_, at);
    if (keys == nullptr) return pass(note_on);
    if (const auto again = find(*keys, note_on); again != keys->end()) {
      if (again->is == Is::sounding) leave(at, *again);
      keys->erase(again);
    }
    const auto note = static_cast<std::uint8_t>(note_on.event.arg[1]);
    keys->push_back({note, static_cast<std::uint8_t>(note_on.event.arg[2])});
    const bool sounds = !is_mono() || first(*keys)->note == note;
    if (sounds)
      make_room(at, *keys);
    else
      keys->back().is = Is::waiting;
    leaving_.send([&](Message& message) { pass(message); });
    if (sounds) pass(note_on);
  }

  // The last one is new.
  void make_room(std::uint64_t at, Channel& keys) {
    const auto is_sounding = [](const Key& key) { return key.is == Is::sounding; };
    if (std::count_if(keys.begin(), keys.end(), is_sounding) <= most_) return;
    Key& oldest = *std::find_if(keys.begin(), keys.end(), is_sounding);
    oldest.is = is_mono() ? Is::waiting : Is::gone;
    leave(at, oldest);
  }

  void lift(Message& note_off) {
    const std::uint64_t at = channel_of(note_off);
    Channel* const keys = channels_.find(at);
    if (keys == nullptr) return pass(note_off);
    const auto key = find(*keys, note_off);
    if (key == keys->end()) return pass(note_off);
    const bool is_sounding = key->is == Is::sounding;
    keys->erase(key);
    if (!is_sounding) return;
    leaving_.add(note_off);
    if (Key* const next = is_mono() ? first(*keys) : nullptr) {
      next->is = Is::sounding;
      leaving_.add(note_of(world(), at | next->note, Kind::note_on, next->velocity));
    }
    leaving_.send([&](Message& message) { pass(message); });
  }

  // The one that has priority among those that sound or wait; null if none does.
  [[nodiscard]] Key* first(Channel& keys) const {
    Key* found = nullptr;
    for (Key& key : keys) {
      if (key.is == Is::gone) continue;
      const bool is_better =
          found == nullptr || priority_ == Voices::Priority::last ||
          (priority_ == Voices::Priority::low ? key.note < found->note : key.note > found->note);
      if (is_better) found = &key;
    }
    return found;
  }

  void leave(std::uint64_t at, const Key& key) {
    leaving_.add(note_of(world(), at | key.note, Kind::note_off, release_velocity));
  }

  std::int32_t most_;
  Voices::Priority priority_;
  Table<Channel> channels_; // by channel_of()
  Leaving leaving_;
};

} // namespace

std::unique_ptr<Node> make(const Voices& action, World& world, Taker& next) {
  return std::make_unique<VoicesNode>(action, world, next);
}

} // namespace mm::route
