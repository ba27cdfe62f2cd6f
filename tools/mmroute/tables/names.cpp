#include "tables/names.hpp"

#include "tables/interner.hpp"

#include <algorithm>
#include <cstring>
#include <functional>

namespace mm::route::lookup {

void Names::finish() {
  add({}, true); // what begins with no other prefix
  std::sort(entries_.begin(), entries_.end());
  entries_.erase(std::unique(entries_.begin(), entries_.end()), entries_.end());
  std::size_t size = 16;
  while (size < 2 * entries_.size()) size *= 2;
  slots_.assign(size, {});
  std::uint32_t number = 0;
  for (const Entry& entry : entries_) {
    const std::uint64_t hash = hash_of(entry.text);
    std::size_t at = hash & (size - 1);
    while (slots_[at].number != 0) at = (at + 1) & (size - 1);
    slots_[at] = {static_cast<std::uint32_t>(hash >> 32), ++number};
    if (!entry.is_whole && !entry.text.empty()) prefix_sizes_.push_back(entry.text.size());
  }
  std::sort(prefix_sizes_.begin(), prefix_sizes_.end(), std::greater<>());
  prefix_sizes_.erase(std::unique(prefix_sizes_.begin(), prefix_sizes_.end()), prefix_sizes_.end());
}

Names::Range Names::range(std::string_view text, bool is_prefix) const {
  if (!is_prefix) {
    const std::uint32_t number = text.empty() ? none : look_up(text, true);
    return {number, number};
  }
  const auto first = std::partition_point(entries_.begin(), entries_.end(),
                                          [&](const Entry& entry) { return entry.text < text; });
  const auto end = std::partition_point(
      first, entries_.end(), [&](const Entry& entry) { return entry.text.starts_with(text); });
  return {static_cast<std::uint32_t>(first - entries_.begin()) + 1,
          static_cast<std::uint32_t>(end - entries_.begin())};
}

// Eight bytes at a time, the last ones overlapping.
std::uint64_t Names::hash_of(std::string_view text) {
  constexpr std::uint64_t factor = 0x9e3779b97f4a7c15U;
  std::uint64_t hash = text.size() * factor;
  const auto take = [&](const char* at, std::size_t size) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, size);
    hash = (hash ^ word) * factor;
    hash ^= hash >> 32;
  };
  if (text.size() < 8) {
    std::uint64_t word = 0;
    for (const char c : text) word = word << 8 | static_cast<unsigned char>(c);
    return mix(hash ^ word);
  }
  for (std::size_t at = 0; at + 8 < text.size(); at += 8) take(text.data() + at, 8);
  take(text.data() + text.size() - 8, 8);
  return mix(hash);
}

// Its number; 0 if it is no entry.
std::uint32_t Names::look_up(std::string_view text, bool is_whole) const {
  const std::uint64_t hash = hash_of(text);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask; slots_[at].number != 0; at = (at + 1) & mask) {
    if (slots_[at].hash != static_cast<std::uint32_t>(hash >> 32)) continue;
    const Entry& entry = entries_[slots_[at].number - 1];
    if (entry.is_whole == is_whole && entry.text == text) return slots_[at].number;
  }
  return 0;
}

std::uint32_t Names::find(std::string_view name) const {
  std::uint32_t number = look_up(name, true);
  for (std::size_t i = 0; number == 0 && i < prefix_sizes_.size(); ++i)
    if (prefix_sizes_[i] <= name.size()) number = look_up(name.substr(0, prefix_sizes_[i]), false);
  if (number == 0) number = 1; // the empty prefix is the first entry
  if (name.size() <= recent_.size()) {
    std::ranges::copy(name, recent_.begin());
    recent_size_ = name.size();
    recent_number_ = number;
  }
  return number;
}

std::size_t Names::bytes() const {
  std::size_t bytes = entries_.capacity() * sizeof(Entry) + slots_.capacity() * sizeof(Slot);
  for (const Entry& entry : entries_)
    if (entry.text.capacity() > 15) bytes += entry.text.capacity() + 1; // else within the string
  return bytes;
}

} // namespace mm::route::lookup
