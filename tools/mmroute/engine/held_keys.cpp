#include "engine/held_keys.hpp"

namespace mm::route {

void HeldKeys::make_port(PortId port) {
  if (port >= ports_.size()) ports_.resize(std::size_t{port} + 1);
  ports_[port] = std::make_unique<Port>();
}

std::size_t HeldKeys::count() const {
  std::size_t all = 0;
  for (const auto& port : ports_) all += port ? port->down : 0;
  return all;
}

std::uint32_t HeldKeys::make_link(TakerId taker, std::uint32_t next) {
  std::uint32_t at = free_;
  if (at != 0) {
    free_ = lists_[at].next;
  } else {
    at = static_cast<std::uint32_t>(lists_.size());
    lists_.emplace_back();
  }
  lists_[at] = {taker, next};
  return at;
}

void HeldKeys::add_another(Entry& entry, TakerId taker) {
  const Entry single = taker << 1 | 1;
  if (entry == single) return;
  if (is_single(entry)) {
    entry = make_link(entry >> 1, make_link(taker, 0)) << 1;
    return;
  }
  std::uint32_t at = entry >> 1;
  while (lists_[at].taker != taker && lists_[at].next != 0) at = lists_[at].next;
  if (lists_[at].taker == taker) return;
  const std::uint32_t link = make_link(taker, 0);
  lists_[at].next = link;
}

void HeldKeys::remove(PortId port, int channel, int note) {
  if (!has(port, channel, note)) return;
  Entry& entry = ports_[port]->keys[place(channel, note)];
  if (!is_single(entry)) {
    std::uint32_t at = entry >> 1;
    while (at != 0) {
      const std::uint32_t next = lists_[at].next;
      lists_[at].next = free_;
      free_ = at;
      at = next;
    }
  }
  entry = 0;
  --ports_[port]->down;
}

void HeldKeys::give_all_to(TakerId taker) {
  for (const auto& port : ports_) {
    if (!port) continue;
    for (Entry& entry : port->keys)
      if (entry != 0) entry = taker << 1 | 1;
  }
  lists_.resize(1);
  free_ = 0;
}

void HeldKeys::clear() {
  ports_.clear();
  lists_.resize(1);
  free_ = 0;
}

} // namespace mm::route
