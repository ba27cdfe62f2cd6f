// The keys that are down, and which rules have taken each of them.
#pragma once

#include "world/message.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace mm::route {

class HeldKeys {
 public:
  // A taker as a number, as who asks counts them.
  using TakerId = std::uint32_t;

  // The taker got the note-on of that key; once more is the same as once.
  void add(PortId port, int channel, int note, TakerId taker) {
    Entry& entry = make_entry(port, channel, note);
    if (entry != 0) return add_another(entry, taker);
    entry = taker << 1 | 1;
    ++ports_[port]->down;
  }

  // Whether the key is down.
  [[nodiscard]] bool has(PortId port, int channel, int note) const {
    return port < ports_.size() && ports_[port] && ports_[port]->keys[place(channel, note)] != 0;
  }
  // Calls `visit` with each taker of the key, in their order.
  template <class Visit> void for_each(PortId port, int channel, int note, Visit&& visit) const {
    Entry at = entry(port, channel, note);
    if (is_single(at)) return visit(at >> 1);
    for (at >>= 1; at != 0; at = lists_[at].next) visit(lists_[at].taker);
  }
  // The key is up, if it has one taker only, as nearly always: which one.
  std::optional<TakerId> remove_only(PortId port, int channel, int note) {
    if (!has(port, channel, note)) return {};
    Entry& entry = ports_[port]->keys[place(channel, note)];
    if (!is_single(entry)) return {};
    --ports_[port]->down;
    return std::exchange(entry, 0) >> 1;
  }
  // The key is up.
  void remove(PortId port, int channel, int note);

  // Calls `visit` with channel and note of each key of the port that is down; it may change them.
  template <class Visit> void for_each_of(PortId port, Visit&& visit) const {
    if (port >= ports_.size() || !ports_[port]) return;
    const Keys keys = ports_[port]->keys;
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (keys[i] != 0) visit(static_cast<int>(i / 128) + 1, static_cast<int>(i % 128));
  }
  // A port that has gone, and has none down: its memory.
  void forget_port(PortId port) {
    if (port < ports_.size()) ports_[port].reset();
  }

  // Those that are down have this taker now, and no other.
  void give_all_to(TakerId taker);

  // How many are down; and of one port.
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] std::size_t count_of(PortId port) const {
    return port < ports_.size() && ports_[port] ? ports_[port]->down : 0;
  }
  void clear();

 private:
  using Entry = std::uint32_t; // 0: up; odd: one taker; even: the first of a list
  using Keys = std::array<Entry, std::size_t{16} * 128>;
  struct Port {
    Keys keys{};
    std::size_t down = 0; // how many of them
  };

  static std::size_t place(int channel, int note) {
    return static_cast<std::size_t>((channel - 1) << 7 | note);
  }
  static bool is_single(Entry entry) { return (entry & 1) != 0; }
  [[nodiscard]] Entry entry(PortId port, int channel, int note) const {
    return has(port, channel, note) ? ports_[port]->keys[place(channel, note)] : 0;
  }
  Entry& make_entry(PortId port, int channel, int note) {
    if (port >= ports_.size() || !ports_[port]) make_port(port);
    return ports_[port]->keys[place(channel, note)];
  }
  void make_port(PortId port);
  void add_another(Entry& entry, TakerId taker);
  std::uint32_t make_link(TakerId taker, std::uint32_t next);

  struct Link {
    TakerId taker = 0;
    std::uint32_t next = 0;
  };
  std::vector<std::unique_ptr<Port>> ports_;
  std::vector<Link> lists_{1}; // the first one is none
  std::uint32_t free_ = 0;
};

} // namespace mm::route
