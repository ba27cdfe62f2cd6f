// Which rules an event may match, found by tables.
#pragma once

#include "language/attributes.hpp"
#include "language/syntax.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

namespace mm::route {

// What patterns look at.
struct Look {
  const Event* event = nullptr;
  Kind kind = Kind::meta; // kind_in_rules()
  std::span<const std::int32_t> variables;
  // How often variables have changed, from 1 on; 0: not known. All looks at an index count alike.
  std::uint64_t variables_state = 0;
  // The variable of the last changes, that of change n at n % size; empty: not known.
  std::span<const std::uint32_t> changed{};
  std::int32_t before = unknown; // the value of the one before of the same kind, channel and number
  Nanoseconds held = -1; // how long the note was held, or the controller above 0; -1: not known

  static constexpr std::int32_t unknown = std::numeric_limits<std::int32_t>::min();
};

// Whether the event matches. Pattern::Op::other matches all but meta events here: whether a rule
// took it, who asks knows. No allocation.
bool matches(const Pattern& pattern, const Look& look);

// Whether events of that kind can match it at all.
bool may_match(const Pattern& pattern, Kind kind);

class Index {
 public:
  // A rule that may match.
  struct Candidate {
    std::uint32_t rule; // its place among the patterns
    bool is_certain;    // it does; else matches() tells
  };

  // The patterns of the rules in their order; they have to stay as long as this. `decides` says of
  // each whether an event that matches it goes to no rule behind it (it is no "also"): behind one
  // that matches for certain there is no candidate then.
  Index(std::span<const Pattern* const> patterns, const std::vector<bool>& decides);
  ~Index();
  Index(Index&&) noexcept;
  Index& operator=(Index&&) noexcept;

  // The candidates for that event, in the order of the rules; they hold for a few more calls. No
  // allocation; takes as long for many rules as for few. Of events that no rule takes it is empty.
  // It remembers the last port, and what follows from the variables: for one thread.
  [[nodiscard]] std::span<const Candidate> find(const Look& look) const;

  // Whether events of that kind have no candidates at all.
  [[nodiscard]] bool passes(Kind kind) const;

  // Rules that no event reaches, since those before take all that they match. It takes as long as
  // to make the tables.
  [[nodiscard]] std::vector<std::uint32_t> unreachable() const;

 private:
  struct Tables;
  std::vector<const Pattern*> patterns_;
  std::vector<bool> decides_;
  std::unique_ptr<Tables> tables_;
};

} // namespace mm::route
