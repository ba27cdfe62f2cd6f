// Which events a handler takes: the kinds and filters of @mm.on("note-on", channel=1, ...).
#pragma once

#include "event/event.hpp"
#include "ref.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mm::py {

// A set of the numbers that an argument may have.
class NumberSet {
 public:
  NumberSet(int min, int max) : min_(min), words_(static_cast<std::size_t>(max - min) / 64 + 1) {}
  [[nodiscard]] bool is_empty() const {
    return std::all_of(words_.begin(), words_.end(), [](std::uint64_t word) { return word == 0; });
  }
  void add(int number) { word(number) |= bit(number); }
  [[nodiscard]] bool has(int number) const {
    return (words_[place(number) / 64] & bit(number)) != 0;
  }

 private:
  [[nodiscard]] std::size_t place(int number) const {
    return static_cast<std::size_t>(number - min_);
  }
  [[nodiscard]] std::uint64_t bit(int number) const {
    return std::uint64_t{1} << place(number) % 64;
  }
  std::uint64_t& word(int number) { return words_[place(number) / 64]; }

  int min_;
  std::vector<std::uint64_t> words_;
};

// Compiled for one kind.
class KindFilter {
 public:
  [[nodiscard]] bool takes(const Event& event) const {
    for (const auto& [index, numbers] : arguments)
      if (!numbers.has(event.arg[index])) return false;
    return takes_words(event);
  }

  std::vector<std::pair<std::size_t, NumberSet>> arguments;
  std::vector<std::string> ports; // none: all of them
  std::vector<std::string> metas; // ":tempo"; none: all of them

 private:
  [[nodiscard]] bool takes_words(const Event& event) const;
};

// For each kind: whether it is taken at all, and what else counts.
struct Filter {
  std::array<bool, kind_count> kinds{};
  std::array<KindFilter, kind_count> of{};
};

// From the positional arguments and keywords of mm.on(). False: an exception is set.
bool make_filter(PyObject* const* values, std::size_t count, PyObject* keywords, Filter& filter);

} // namespace mm::py
