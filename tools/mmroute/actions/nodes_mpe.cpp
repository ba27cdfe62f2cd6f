// MIDI Polyphonic Expression: spread makes a zone of a channel, fold a channel of a zone.
#include "actions/node_parts.hpp"
#include "event/sounding.hpp"

#include <algorithm>
#include <array>
#include <bitset>

namespace mm::route {

namespace {

// Each note gets a member channel of its own: the one that has been free for longest or, if none is
// free, of those with the fewest notes the one whose last note is oldest. Its poly pressure becomes
// the pressure of that channel, which is 0 again for the next note. All else that has a channel is
// for the zone as a whole, and goes to its master. Each port has its own zone.
//
// A key that is pressed again before its note-off ends its note first.
class SpreadNode final : public Node {
 public:
  SpreadNode(const Spread& action, World& world, Taker& next)
      : Node(world, next), zone_(action.zone) {}

  void take(Message& message) override {
    const Kind kind = message.event.kind;
    if (is_note_on(message)) return press(message);
    if (!info(kind).has_channel()) return pass(message);
    const std::uint64_t key = has_key(kind) ? key_of(message) : 0;
    const std::uint8_t* const member = has_key(kind) ? notes_.find(key) : nullptr;
    if (is_note_off(message)) {
      if (member == nullptr) return pass(message);
      set_channel(message, zone_.channel(*member));
      free(message.port, *member);
      notes_.erase(key);
    } else if (member != nullptr) {
      const int pressure = message.event.arg[2];
      if (Members* const members = ports_.find(message.port))
        (*members)[*member].pressure = pressure;
      const bool follows = message.follows;
      message = pressure_of(message.port, *member, pressure);
      message.follows = follows;
    } else {
      set_channel(message, zone_.master());
    }
    pass(message);
  }

  void forget() override {
    ports_.clear();
    notes_.clear();
  }

 private:
  struct Member {
    std::uint32_t notes = 0;
    std::uint64_t turn = 0; // when its last note began or ended
    int pressure = 0;
  };
  using Members = std::array<Member, 15>;

  Message pressure_of(PortId port, int member, int pressure) {
    return make_message(world(), port, Kind::channel_pressure, zone_.channel(member), pressure);
  }

  void press(Message& note_on) {
    const std::uint64_t key = key_of(note_on);
    if (const std::uint8_t* const member = notes_.find(key)) {
      Message off = note_on;
      set_channel(off, zone_.channel(*member));
      free(note_on.port, *member);
      notes_.erase(key);
      release(off);
    }
    Members* const members = keep(ports_, note_on.port);
    std::uint8_t* const place = members != nullptr ? keep(notes_, key) : nullptr;
    if (place == nullptr) return pass(note_on);
    const int chosen = choose(*members);
    Member& member = (*members)[static_cast<std::size_t>(chosen)];
    *place = static_cast<std::uint8_t>(chosen);
    member.turn = ++turns_;
    const bool is_pressed = ++member.notes == 1 && member.pressure != 0;
    if (is_pressed) {
      member.pressure = 0;
      Message pressure = pressure_of(note_on.port, chosen, 0);
      pass(pressure);
      if (notes_.find(key) == nullptr) return; // a panic has come between
    }
    set_channel(note_on, zone_.channel(chosen));
    pass(note_on);
  }

  [[nodiscard]] int choose(const Members& members) const {
    std::size_t best = 0;
    for (std::size_t i = 1; i < static_cast<std::size_t>(std::clamp(zone_.members, 1, 15)); ++i) {
      const Member& a = members[i];
      const Member& b = members[best];
      if (a.notes != b.notes ? a.notes < b.notes : a.turn < b.turn) best = i;
    }
    return static_cast<int>(best);
  }

  void free(PortId port, std::uint8_t member) {
    Members* const members = ports_.find(port);
    if (members == nullptr) return;
    --(*members)[member].notes;
    (*members)[member].turn = ++turns_;
  }

  Zone zone_;
  Table<Members> ports_;
  Table<std::uint8_t> notes_; // by key_of(): on which member
  std::uint64_t turns_ = 0;
};

// All notes come on one channel; with them what is played on each note, as far as a channel can
// say it. Each port has its own zone.
//
// - Two members that hold the same key make one note, which ends when both are up; the second one
//   starts it anew.
// - Bend, controllers and all else of a channel pass if that has the newest of the notes that
// sound,
//   if no note sounds at all, and on a master: channel 1 or 16, where it never had a note. Others
//   are dropped; but bend and timbre (controller 74) are kept, and sent when the channel's note is
//   the newest one, before its note-on or when newer ones have ended. Pedals (controllers 64, 66
//   and 69) always pass, so that none stays down.
// - Channel pressure becomes poly pressure of the notes on that channel. If there are none it
// passes
//   on a master, and else is dropped.
//
// A note-off without note-on goes to the channel too, unless that note is held there.
class FoldNode final : public Node {
 public:
  FoldNode(const Fold& action, World& world, Taker& next)
      : Node(world, next), channel_(action.channel) {}

  void take(Message& message) override {
    const Kind kind = message.event.kind;
    if (!info(kind).has_channel()) return pass(message);
    Port* const port = keep(ports_, message.port);
    if (port != nullptr && is_note_on(message))
      press(*port, message);
    else if (port != nullptr && is_note_off(message))
      lift(*port, message);
    else if (port == nullptr || kind == Kind::poly_pressure)
      add(message);
    else if (kind == Kind::channel_pressure)
      press_channel(*port, message);
    else
      take_other(*port, message);
    leaving_.send([&](Message& one) { pass(one); });
  }

  void forget() override {
    ports_.for_each([](std::uint64_t /*at*/, Port& port) { port.keys.clear(); });
  }

 private:
  struct Key {
    std::uint8_t channel = 0;
    std::uint8_t note = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };
  static constexpr std::int16_t unknown = INT16_MIN;
  // What is played on a note.
  struct Play {
    std::int16_t bend = unknown;
    std::int16_t timbre = unknown;
  };
  struct Port {
    std::vector<Key> keys;       // that are down, the newest last
    std::bitset<17> had_note;    // which channels
    std::array<Play, 17> played; // on each
    Play sent;
  };

  static Key key_in(const Message& message) {
    return {static_cast<std::uint8_t>(message.event.channel()),
            static_cast<std::uint8_t>(message.event.arg[1])};
  }
  static bool is_master(const Port& port, std::size_t channel) {
    return (channel == 1 || channel == 16) && !port.had_note.test(channel);
  }
  static bool sounds(const Port& port, std::uint8_t note) {
    return std::any_of(port.keys.begin(), port.keys.end(),
                       [&](const Key& key) { return key.note == note; });
  }

  // To go to the channel.
  void add(const Message& message) {
    leaving_.add(message);
    set_channel(leaving_.last(), channel_);
  }
  template <class... Args> void add_new(const Message& cause, Kind kind, Args... args) {
    leaving_.add(make_message(world(), cause.port, kind, channel_, args...));
    leaving_.last().follows = cause.follows;
  }

  void press(Port& port, const Message& note_on) {
    const Key key = key_in(note_on);
    const bool is_again = sounds(port, key.note);
    std::erase(port.keys, key);
    port.keys.push_back(key);
    port.had_note.set(key.channel);
    if (is_again) add_new(note_on, Kind::note_off, key.note, release_velocity);
    play_newest(port, note_on);
    add(note_on);
  }

  void lift(Port& port, const Message& note_off) {
    const Key key = key_in(note_off);
    std::erase(port.keys, key);
    if (!sounds(port, key.note)) add(note_off);
    play_newest(port, note_off);
  }

  // Sends what is played on the newest note, as far as that is not how it is.
  void play_newest(Port& port, const Message& cause) {
    if (port.keys.empty()) return;
    const Play& played = port.played[port.keys.back().channel];
    // A member that was never bent is not to sound as the one before it was bent.
    const bool is_bent = played.bend != unknown || port.sent.bend != unknown;
    const std::int16_t bend = played.bend != unknown ? played.bend : std::int16_t{0};
    if (is_bent && bend != port.sent.bend) add_new(cause, Kind::pitch_bend, port.sent.bend = bend);
    if (played.timbre != unknown && played.timbre != port.sent.timbre)
      add_new(cause, Kind::control_change, timbre, port.sent.timbre = played.timbre);
  }

  void press_channel(const Port& port, const Message& pressure) {
    const int channel = pressure.event.channel();
    for (const Key& key : port.keys)
      if (key.channel == channel)
        add_new(pressure, Kind::poly_pressure, key.note, pressure.event.arg[1]);
    if (is_master(port, static_cast<std::size_t>(channel))) add(pressure);
  }

  void take_other(Port& port, const Message& message) {
    const Event& event = message.event;
    const auto channel = static_cast<std::size_t>(event.channel());
    const bool passes = port.keys.empty() || port.keys.back().channel == channel ||
                        is_master(port, channel) || is_pedal(event);
    if (event.kind == Kind::pitch_bend) {
      port.played[channel].bend = event.arg[1];
      if (passes) port.sent.bend = event.arg[1];
    } else if (event.kind == Kind::control_change && event.arg[1] == timbre) {
      port.played[channel].timbre = event.arg[2];
      if (passes) port.sent.timbre = event.arg[2];
    }
    if (passes) add(message);
  }

  static bool is_pedal(const Event& event) {
    return event.kind == Kind::control_change &&
           std::find(Sounding::pedals.begin(), Sounding::pedals.end(), event.arg[1]) !=
               Sounding::pedals.end();
  }

  static constexpr int timbre = 74; // MPE 1.0: the third dimension

  int channel_;
  Table<Port> ports_;
  Leaving leaving_;
};

} // namespace

std::unique_ptr<Node> make(const Spread& action, World& world, Taker& next) {
  return std::make_unique<SpreadNode>(action, world, next);
}
std::unique_ptr<Node> make(const Fold& action, World& world, Taker& next) {
  return std::make_unique<FoldNode>(action, world, next);
}

} // namespace mm::route
