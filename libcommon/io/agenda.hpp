// What is due later: events to be sent, and timers.
#pragma once

#include "io/clock.hpp"

#include <cstdint>
#include <map>
#include <memory_resource>
#include <optional>
#include <utility>

namespace mm {

// Hands out entries in the order of their times; of those with the same time, in the order in which
// they were added. The room of what was taken is used again, so that an agenda that has held as
// much before allocates nothing.
template <class Entry> class Agenda {
 public:
  // The place of an entry, until it is taken.
  using Place = std::pair<Nanoseconds, std::uint64_t>;

  Place add(Nanoseconds due, Entry entry) {
    const Place place{due, next_++};
    entries_.emplace(place, std::move(entry));
    return place;
  }
  void remove(const Place& place) { entries_.erase(place); }

  // When the next one is due.
  [[nodiscard]] std::optional<Nanoseconds> next() const {
    if (entries_.empty()) return {};
    return entries_.begin()->first.first;
  }

  // The oldest one; there has to be one.
  Entry take() {
    auto node = entries_.extract(entries_.begin());
    return std::move(node.mapped());
  }

  // All times are so much later from now on. Places that were handed out before mean nothing more;
  // `moved` is told each entry's new one.
  template <class Moved> void shift(Nanoseconds by, Moved&& moved) {
    Entries shifted(&room_);
    for (auto& [place, entry] : entries_) {
      const Place later{mm::later(place.first, by), place.second};
      moved(entry, later);
      shifted.emplace(later, std::move(entry));
    }
    entries_.swap(shifted);
  }

  template <class Visit> void for_each(Visit&& visit) const {
    for (const auto& [place, entry] : entries_) visit(entry);
  }

  template <class Which> void remove_if(Which&& which) {
    std::erase_if(entries_, [&](const auto& entry) { return which(entry.second); });
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }

 private:
  using Entries = std::pmr::map<Place, Entry>;

  std::pmr::unsynchronized_pool_resource room_; // cannot be copied, and so no agenda can
  Entries entries_{&room_};
  std::uint64_t next_ = 0;
};

} // namespace mm
