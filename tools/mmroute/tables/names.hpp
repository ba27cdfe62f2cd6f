// The names that patterns ask for (ports, meta events), as numbers: tables can stand on these.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mm::route::lookup {

// The numbers rise as the names do in the order of the alphabet, and all names that begin with some
// prefix stand side by side. A name that nobody asks for has the number of the longest prefix that
// it begins with: patterns cannot tell it from any other with that prefix.
class Names {
 public:
  static constexpr std::uint32_t none = 0; // of the empty name

  // First all that is asked for, then finish(), then the questions.
  void add(std::string_view text, bool is_prefix) {
    entries_.push_back({std::string(text), !is_prefix});
  }
  void finish();

  // The numbers of the names that are `text`, or begin with it.
  using Range = std::pair<std::uint32_t, std::uint32_t>;
  [[nodiscard]] Range range(std::string_view text, bool is_prefix) const;
  [[nodiscard]] std::uint32_t last() const { return static_cast<std::uint32_t>(entries_.size()); }

  // The number of any name. The one asked for last is remembered, since events come in runs of a
  // port.
  [[nodiscard]] std::uint32_t number(std::string_view name) const {
    if (name.empty()) return none;
    if (name.size() == recent_size_ && std::string_view(recent_.data(), recent_size_) == name)
      return recent_number_;
    return find(name);
  }

  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Entry {
    std::string text;
    bool is_whole; // else a prefix, and stands for the names that are no entry
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = 0; // 0: free
  };

  static std::uint64_t hash_of(std::string_view text);
  [[nodiscard]] std::uint32_t look_up(std::string_view text, bool is_whole) const;
  std::uint32_t find(std::string_view name) const;

  std::vector<Entry> entries_; // in their order; the number of the first one is 1
  std::vector<Slot> slots_;
  std::vector<std::size_t> prefix_sizes_; // falling, without 0
  mutable std::array<char, 64> recent_{};
  mutable std::size_t recent_size_ = 0;
  mutable std::uint32_t recent_number_ = none;
};

} // namespace mm::route::lookup
