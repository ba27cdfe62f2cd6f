// What is said of exceptions: the traceback, and of one that comes again and again only how often.
#pragma once

#include "event/event.hpp"
#include "ref.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

namespace mm::py {

// The code of -e stands in a function; its lines are told as they were typed.
inline constexpr const char* expression_file = "-e";
inline constexpr int lines_before_expression = 2;

class Faults {
 public:
  // Prints the exception that is set, and clears it. `at` says what was being done, as
  // "note-on 1 60 100". The same one (by its class, file and line) is printed once a second.
  void report(const std::string& at, Nanoseconds now);

  // When repeated ones are to be told.
  [[nodiscard]] std::optional<Nanoseconds> next() const { return next_; }
  // Tells of those that have come again in the second before; `all`: the end is there.
  void tell(Nanoseconds now, bool all = false);

  // All that were reported.
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  using Key = std::tuple<std::string, std::string, long>; // class, file, line
  struct Told {
    Nanoseconds at = 0;
    std::uint64_t more = 0; // that came since then
  };
  std::map<Key, Told> told_;
  std::optional<Nanoseconds> next_;
  std::uint64_t count_ = 0;
};

} // namespace mm::py
