// A hash table for what is held at a time: small, and without allocation once it has grown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace mm::route {

// From a number of 64 bits (below 2^64 - 1) to a value. Open addressing; what is taken out leaves
// no trace. References hold until the next change.
template <class Value> class Table {
 public:
  [[nodiscard]] Value* find(std::uint64_t key) {
    if (slots_.empty()) return nullptr;
    for (std::size_t at = place(key);; at = next(at)) {
      if (slots_[at].key == key) return &slots_[at].value;
      if (slots_[at].key == none) return nullptr;
    }
  }
  [[nodiscard]] const Value* find(std::uint64_t key) const {
    return const_cast<Table*>(this)->find(key);
  }

  // The value of that key; a new one if there is none.
  Value& operator[](std::uint64_t key) {
    if (Value* const found = find(key)) return *found;
    if ((size_ + 1) * 2 > slots_.size()) grow();
    std::size_t at = place(key);
    while (slots_[at].key != none) at = next(at);
    slots_[at].key = key;
    slots_[at].value = Value{};
    ++size_;
    return slots_[at].value;
  }

  void erase(std::uint64_t key) {
    if (slots_.empty()) return;
    std::size_t at = place(key);
    while (slots_[at].key != key) {
      if (slots_[at].key == none) return;
      at = next(at);
    }
    // Those behind it that would not be found any more move up.
    std::size_t gap = at;
    for (std::size_t from = next(gap); slots_[from].key != none; from = next(from)) {
      const std::size_t home = place(slots_[from].key);
      if (((from - home) & mask()) < ((from - gap) & mask())) continue;
      slots_[gap] = std::move(slots_[from]);
      gap = from;
    }
    slots_[gap].key = none;
    slots_[gap].value = Value{};
    --size_;
  }

  void clear() {
    slots_.clear();
    size_ = 0;
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  // In no particular order, but in the same one for the same history. `visit` may not change the
  // table.
  template <class Visit> void for_each(Visit&& visit) {
    for (Slot& slot : slots_)
      if (slot.key != none) visit(slot.key, slot.value);
  }

 private:
  static constexpr std::uint64_t none = UINT64_MAX;
  struct Slot {
    std::uint64_t key = none;
    Value value{};
  };

  [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }
  [[nodiscard]] std::size_t next(std::size_t at) const { return (at + 1) & mask(); }
  [[nodiscard]] std::size_t place(std::uint64_t key) const {
    constexpr std::uint64_t golden = 0x9e3779b97f4a7c15; // Fibonacci hashing
    return (key * golden >> 32) & mask();
  }
  void grow() {
    constexpr std::size_t least = 16;
    std::vector<Slot> before(slots_.empty() ? least : slots_.size() * 2);
    before.swap(slots_);
    for (Slot& slot : before) {
      if (slot.key == none) continue;
      std::size_t at = place(slot.key);
      while (slots_[at].key != none) at = next(at);
      slots_[at] = std::move(slot);
    }
  }

  std::vector<Slot> slots_; // a power of two
  std::size_t size_ = 0;
};

} // namespace mm::route
