// Patterns as conditions that can be taken apart: what remains of one when a part of the event is
// known.
//
// For the events of one kind all tests of a pattern say that some number of the event (a dimension)
// is in a set. `not` is gone: it stands for the complements of these sets. Equal conditions have
// the same id.
#pragma once

#include "language/syntax.hpp"
#include "tables/interner.hpp"
#include "tables/names.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mm::route::lookup {

// Where a dimension's number is taken from.
enum class Source : std::uint8_t {
  argument_0, // of the event
  argument_1,
  argument_2,
  variable, // `which`
  before,   // Look::before; unknown is the least
  held,     // Look::held
  port,     // Names
  name,     // of a meta event: Names
  byte,     // of a sysex without f0 and f7, at the place `which`; no_byte behind its end
};

inline constexpr std::int64_t no_byte = 256;

struct Dimension {
  Source source = Source::argument_0;
  std::uint32_t which = 0;
  std::int64_t first = 0; // of its numbers
  std::int64_t last = 0;
};

using DimensionId = std::uint32_t;
using ConditionId = std::uint32_t;
inline constexpr ConditionId never = 0;
inline constexpr ConditionId always = 1;

class Conditions {
 public:
  // first, last, first, last, ...: ranges that rise, do not overlap and do not touch.
  using Set = std::vector<std::int64_t>;

  // That the dimension's number is in a set.
  struct Test {
    DimensionId dimension;
    std::uint32_t set;
    friend auto operator<=>(const Test&, const Test&) = default;
  };

  // From `start` on, to the start of the next piece, `rest` remains.
  struct Piece {
    std::int64_t start;
    ConditionId rest;
  };

  Conditions();

  DimensionId dimension(const Dimension& of);
  [[nodiscard]] const Dimension& operator[](DimensionId id) const { return dimensions_[id]; }
  [[nodiscard]] std::size_t dimension_count() const { return dimensions_.size(); }

  ConditionId test(DimensionId dimension, std::span<const std::int64_t> set);
  ConditionId all_of(std::span<const ConditionId> parts) { return join(Op::all, parts); }
  ConditionId any_of(std::span<const ConditionId> parts) { return join(Op::any, parts); }

  // The tests within it, each once, in the order of the dimensions.
  std::span<const Test> tests(ConditionId id) {
    return id < tests_.size() && !tests_[id].empty() ? tests_[id] : find_tests(id);
  }

  // Whether a test of that dimension is within it.
  bool asks(ConditionId id, DimensionId dimension) {
    for (const Test& test : tests(id))
      if (test.dimension >= dimension) return test.dimension == dimension;
    return false;
  }

  // Whether it holds where all tests within it do, and nowhere else.
  [[nodiscard]] bool is_conjunction(ConditionId id) const;

  // What remains of it for the numbers of that dimension; neighbours differ. The first piece starts
  // where the dimension does.
  std::span<const Piece> along(ConditionId id, DimensionId dimension);

  // Whether each event that meets `narrow` meets `wide` for sure.
  bool implies(ConditionId narrow, ConditionId wide);

 private:
  enum class Op : std::uint32_t { constant, test, all, any };

  // A condition is kept as its operation and its parts (of a test: dimension and set).
  [[nodiscard]] Op op(ConditionId id) const { return static_cast<Op>(conditions_[id][0]); }
  [[nodiscard]] std::span<const std::uint32_t> parts(ConditionId id) const {
    return conditions_[id].subspan(1);
  }
  ConditionId keep(Op op, std::span<const std::uint32_t> parts);
  ConditionId join(Op op, std::span<const ConditionId> parts);
  bool join_tests(Op op);
  ConditionId join_sets(Op op, std::span<const ConditionId> tests);
  std::span<const Test> find_tests(ConditionId id);
  ConditionId restrict(ConditionId id, DimensionId dimension, std::int64_t number);
  void cut(ConditionId id, DimensionId dimension);
  bool cut_at_one_test(ConditionId id, DimensionId dimension);
  void cut_at(std::uint32_t set, DimensionId dimension, ConditionId in, ConditionId out);
  void add_piece(std::int64_t start, ConditionId rest);
  std::span<const Test> tests_of(ConditionId id, DimensionId dimension);
  [[nodiscard]] bool has(std::uint32_t set, std::int64_t number) const;

  Interner<std::int64_t> dimension_ids_;
  std::vector<Dimension> dimensions_;
  Interner<std::int64_t> sets_;
  Interner<std::uint32_t> conditions_;
  Blocks<Test> test_blocks_;
  std::vector<std::span<const Test>> tests_; // of conditions, as far as they are known
  Interner<std::uint64_t> cut_ids_;          // of a condition and a dimension
  Blocks<Piece> piece_blocks_;
  std::vector<std::span<const Piece>> cuts_;

  // Room to work in, kept since to allocate it each time would take most of the time.
  std::vector<std::uint32_t> key_;
  std::vector<ConditionId> flat_;
  std::vector<ConditionId> joined_;
  std::vector<ConditionId> rest_;
  std::vector<Piece> pieces_;
  Set set_;
  Set other_set_;
};

// --- sets ---

// `to` is none of the two.
void intersect(std::span<const std::int64_t> a, std::span<const std::int64_t> b,
               Conditions::Set& to);
// Of what a dimension from `first` to `last` has.
void complement(std::span<const std::int64_t> set, std::int64_t first, std::int64_t last,
                Conditions::Set& to);

} // namespace mm::route::lookup
