// Numbers for sequences, counted from 0: equal sequences have the same number.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace mm::route::lookup {

// Spreads the bits of a number over all of it (the finisher of SplitMix64).
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9U;
  x = (x ^ x >> 27) * 0x94d049bb133111ebU;
  return x ^ x >> 31;
}

// Keeps sequences where they are, many in a block.
template <class Item> class Blocks {
 public:
  std::span<const Item> store(std::span<const Item> items) {
    if (items.empty()) return {};
    if (items.size() > room_) {
      const std::size_t size = std::max(items.size(), block_size);
      blocks_.push_back(std::make_unique<Item[]>(size));
      next_ = blocks_.back().get();
      room_ = size;
    }
    Item* const first = next_;
    std::ranges::copy(items, first);
    next_ += items.size();
    room_ -= items.size();
    return {first, items.size()};
  }

 private:
  static constexpr std::size_t block_size = 1024;
  std::vector<std::unique_ptr<Item[]>> blocks_;
  Item* next_ = nullptr; // free, in the last block
  std::size_t room_ = 0;
};

// `Item` is a whole number. The sequences stay where they are as long as this.
template <class Item> class Interner {
 public:
  std::uint32_t id_of(std::span<const Item> items) {
    if (2 * (items_.size() + 1) > slots_.size()) grow();
    const std::uint64_t hash = hash_of(items);
    std::size_t at = hash & (slots_.size() - 1);
    for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1)) {
      const std::uint32_t id = slots_[at] - 1;
      if (hashes_[id] == hash && std::ranges::equal(items_[id], items)) return id;
    }
    items_.push_back(blocks_.store(items));
    hashes_.push_back(hash);
    slots_[at] = static_cast<std::uint32_t>(items_.size());
    return slots_[at] - 1;
  }

  std::span<const Item> operator[](std::uint32_t id) const { return items_[id]; }
  [[nodiscard]] std::size_t size() const { return items_.size(); }

 private:
  static std::uint64_t hash_of(std::span<const Item> items) {
    std::uint64_t hash = items.size();
    for (const Item item : items)
      hash = mix(hash + 0x9e3779b97f4a7c15U + static_cast<std::uint64_t>(item));
    return hash;
  }

  void grow() {
    slots_.assign(std::max<std::size_t>(16, 2 * slots_.size()), 0);
    for (std::size_t id = 0; id < items_.size(); ++id) {
      std::size_t at = hashes_[id] & (slots_.size() - 1);
      while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = static_cast<std::uint32_t>(id + 1);
    }
  }

  std::vector<std::span<const Item>> items_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> slots_; // a number + 1; 0: free
  Blocks<Item> blocks_;
};

} // namespace mm::route::lookup
