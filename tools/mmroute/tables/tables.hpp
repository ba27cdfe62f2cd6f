// The tables of an index, and the way through them.
#pragma once

#include "tables/condition.hpp"
#include "tables/gate.hpp"
#include "tables/index.hpp"
#include "tables/names.hpp"
#include "tables/payload.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace mm::route::lookup {

// Where to go on: a node, or a list of candidates. Of a list the reference says itself where it
// stands and how long it is, so that there is no more to load: of most events that is all there is
// to find.
class Reference {
 public:
  constexpr Reference() = default;
  static constexpr Reference to_node(std::uint32_t node) { return Reference(node); }
  static constexpr Reference to_list(std::uint32_t first, std::uint32_t size) {
    return Reference(list_bit | size << size_shift | first);
  }
  static constexpr Reference of_bits(std::uint32_t bits) { return Reference(bits); }

  // What fits into a reference to a list. Longer ones have the size `long_list`, and `first` is
  // their place among the long lists.
  static constexpr std::uint32_t long_list = 127;
  static constexpr std::uint32_t most_candidates = 1U << 24;

  [[nodiscard]] constexpr bool is_list() const { return (bits_ & list_bit) != 0; }
  [[nodiscard]] constexpr std::uint32_t node() const { return bits_; }
  [[nodiscard]] constexpr std::uint32_t first() const { return bits_ & (most_candidates - 1); }
  [[nodiscard]] constexpr std::uint32_t size() const { return bits_ >> size_shift & long_list; }
  [[nodiscard]] constexpr std::uint32_t bits() const { return bits_; }

  friend bool operator==(Reference, Reference) = default;

 private:
  constexpr explicit Reference(std::uint32_t bits) : bits_(bits) {}
  static constexpr std::uint32_t list_bit = 1U << 31;
  static constexpr std::uint32_t size_shift = 24;
  std::uint32_t bits_ = list_bit; // the empty list
};

// A question about the number of a dimension.
struct Node {
  enum class Shape : std::uint8_t {
    range, // `inside` from `base` to `base + span`, else `outside`
    table, // from `base` on, `1 << shift` numbers for each of `span` rows
    join,  // `span` nodes, whose candidates are put together
    sift,  // the candidates that are in the sets of all dimensions: see Sift
  };
  Source source = Source::argument_0;
  Shape shape = Shape::range;
  std::uint8_t shift = 0;
  std::uint32_t which = 0; // see Dimension
  std::int64_t base = 0;
  std::uint64_t span = 0;
  Reference inside{};     // of a table: below it
  Reference outside{};    // of a table: above it
  std::uint32_t rows = 0; // of a table or join: where they begin; of a sift: its place
};

// A long list whose rules ask for several dimensions at once. For each part of each dimension there
// is a set of the candidates that may match there, a bit for each: in all of them are those that
// match. That takes a step for 64 rules. The variables have a gate instead.
struct Sift {
  static constexpr std::size_t most_ways = 9;
  static constexpr std::uint32_t no_gate = 0xffff'ffff;

  std::uint32_t first = 0; // of its candidates
  std::uint32_t words = 0; // of a set
  std::uint32_t bits = 0; // where its sets begin; the first one has those behind which none follows
  std::uint32_t ways = 0; // in `rows`: for each dimension, to the number of a set
  std::uint32_t way_count = 0;
  std::uint32_t gate = no_gate;
};

struct LongList {
  std::uint32_t first;
  std::uint32_t size;
};

struct Tables {
  using Candidate = Index::Candidate;

  std::array<Reference, kind_count> roots{};
  std::vector<Node> nodes{};
  std::vector<Reference> rows{};
  std::vector<Candidate> candidates{};
  std::vector<LongList> long_lists{};
  std::vector<Sift> sifts{};
  std::vector<std::uint64_t> bits{}; // of their sets
  mutable std::vector<Gate> gates{}; // of sifts
  Names ports{};
  Names metas{};

  // Where lists are put together: each time in the next of some places, so that what find() has
  // given is not lost at once.
  mutable std::vector<Candidate> joined{};
  mutable std::vector<Candidate> sifted{}; // those that are to be put to others
  std::size_t joined_size = 0;             // of a place
  mutable std::size_t place = 0;
  static constexpr std::size_t places = 8;

  [[nodiscard]] std::span<const Candidate> find(const Look& look) const {
    const Reference at = walk(roots[static_cast<std::size_t>(look.kind)], look);
    return at.is_list() ? list(at) : gather(at, look);
  }

  [[nodiscard]] std::size_t bytes() const;

 private:
  // To a list, a join or a sift.
  [[nodiscard]] Reference walk(Reference at, const Look& look) const {
    while (!at.is_list()) {
      const Node& node = nodes[at.node()];
      if (node.shape >= Node::Shape::join) break;
      at = follow(node, number(node, look));
    }
    return at;
  }

  [[nodiscard]] Reference follow(const Node& node, std::int64_t number) const {
    const std::uint64_t distance =
        static_cast<std::uint64_t>(number) - static_cast<std::uint64_t>(node.base);
    if (node.shape == Node::Shape::range) return distance <= node.span ? node.inside : node.outside;
    const std::uint64_t row = distance >> node.shift;
    if (row < node.span) return rows[node.rows + row];
    return number < node.base ? node.inside : node.outside;
  }

  [[nodiscard]] std::int64_t number(const Node& node, const Look& look) const {
    if (node.source <= Source::argument_2)
      return look.event->arg[static_cast<std::size_t>(node.source)];
    return rare_number(node, look);
  }
  [[nodiscard]] std::int64_t rare_number(const Node& node, const Look& look) const;

  [[nodiscard]] std::span<const Candidate> list(Reference at) const {
    if (at.size() != Reference::long_list) return {candidates.data() + at.first(), at.size()};
    const LongList& list = long_lists[at.first()];
    return {candidates.data() + list.first, list.size};
  }

  [[nodiscard]] std::span<const Candidate> gather(Reference at, const Look& look) const;
  std::size_t sift(const Sift& sift, const Look& look, Candidate* to) const;
  std::size_t add(Reference at, const Look& look, Candidate* to, std::size_t size) const;
};

} // namespace mm::route::lookup
