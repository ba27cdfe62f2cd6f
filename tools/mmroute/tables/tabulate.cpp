#include "tables/tabulate.hpp"

#include "tables/sieve.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

namespace mm::route::lookup {

namespace {

// A table of so many rows for each part of a dimension is worth its memory: it takes one step.
// While there are few tables it may be large.
constexpr std::uint64_t most_rows = 8;
constexpr std::uint64_t most_rows_at_first = 64;
constexpr std::size_t few_rows = 1U << 16;

// So many parts are found by comparing, where a table is too large.
constexpr std::size_t most_compared = 5;

std::uint64_t distance(std::int64_t from, std::int64_t to) {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

} // namespace

Reference Tabulator::root(StepId step) { return make(step).to; }

void Tabulator::finish() {
  tables_.joined_size = longest_joined_;
  tables_.joined.resize(longest_joined_ * Tables::places);
  tables_.nodes.shrink_to_fit();
  tables_.rows.shrink_to_fit();
  tables_.candidates.shrink_to_fit();
  tables_.bits.shrink_to_fit();
}

Tabulator::Done Tabulator::make(StepId id) {
  if (id >= done_.size()) done_.resize(id + 1);
  if (done_[id]) return *done_[id];
  const Step& step = plan_.step(id);
  Done done{};
  switch (step.what) {
  case Step::What::stop: done = make_list(id); break;
  case Step::What::split: done = make_split(step); break;
  case Step::What::join: done = make_join(step); break;
  case Step::What::sift: done = make_sift(id); break;
  }
  done_[id] = done;
  return done;
}

Tabulator::Done Tabulator::make_list(StepId step) {
  std::vector<std::uint64_t> items;
  plan_.list(step, list_);
  for (const Entry& entry : list_)
    items.push_back(std::uint64_t{entry.rule} << 1 | (entry.rest == always ? 1 : 0));
  const std::uint32_t id = lists_.id_of(items);
  if (id == lists_place_.size()) {
    auto first = static_cast<std::uint32_t>(tables_.candidates.size());
    auto size = static_cast<std::uint32_t>(items.size());
    for (const std::uint64_t item : items)
      tables_.candidates.push_back({static_cast<std::uint32_t>(item >> 1), (item & 1) != 0});
    if (size >= Reference::long_list || first >= Reference::most_candidates) {
      tables_.long_lists.push_back({first, size});
      first = static_cast<std::uint32_t>(tables_.long_lists.size() - 1);
      size = Reference::long_list;
    }
    lists_place_.push_back(Reference::to_list(first, size));
  }
  return {lists_place_[id], items.size()};
}

Tabulator::Done Tabulator::make_split(const Step& step) {
  std::vector<Part> parts;
  std::size_t longest = 0;
  for (const auto& [start, next] : step.next) {
    const Done done = make(next);
    longest = std::max(longest, done.longest);
    if (parts.empty() || parts.back().to != done.to) parts.push_back({start, done.to});
  }
  const Dimension& dimension = conditions_[step.dimension];
  return {ask(dimension, parts, dimension.last), longest};
}

Tabulator::Done Tabulator::make_join(const Step& step) {
  std::vector<Reference> next;
  std::size_t longest = 0;
  for (const auto& [start, id] : step.next) {
    const Done done = make(id);
    longest += done.longest;
    if (done.to != Reference{}) next.push_back(done.to);
  }
  longest_joined_ = std::max(longest_joined_, longest);
  Node node;
  node.shape = Node::Shape::join;
  node.span = next.size();
  node.rows = keep_rows(next);
  return {keep(node), longest};
}

Tabulator::Done Tabulator::make_sift(StepId id) {
  plan_.list(id, list_);
  Sieve sieve(conditions_, list_);
  Sift sift{.first = static_cast<std::uint32_t>(tables_.candidates.size()),
            .words = static_cast<std::uint32_t>(sieve.words()),
            .bits = static_cast<std::uint32_t>(tables_.bits.size())};
  std::vector<Reference> ways;
  std::vector<Part> parts;
  for (const DimensionId dimension : plan_.step(id).dimensions) {
    parts.clear();
    for (const auto& [start, set] : sieve.cut(dimension, Plan::most_sift_parts(sieve.words())))
      parts.push_back({start, Reference::to_list(set, 0)});
    ways.push_back(ask(conditions_[dimension], parts, conditions_[dimension].last));
  }
  Gate gate(conditions_, list_);
  for (const DimensionId variable : gate.dimensions()) sieve.leave(variable);
  if (!gate.dimensions().empty()) {
    sift.gate = static_cast<std::uint32_t>(tables_.gates.size());
    tables_.gates.push_back(std::move(gate));
  }
  for (const Entry& entry : list_)
    tables_.candidates.push_back({entry.rule, sieve.is_certain(entry)});
  const auto& bits = sieve.finish([this](const Entry& entry) { return plan_.decides(entry.rule); });
  tables_.bits.insert(tables_.bits.end(), bits.begin(), bits.end());
  sift.ways = keep_rows(ways);
  sift.way_count = static_cast<std::uint32_t>(ways.size());
  Node node;
  node.shape = Node::Shape::sift;
  node.rows = static_cast<std::uint32_t>(tables_.sifts.size());
  tables_.sifts.push_back(sift);
  if (tables_.sifted.size() < list_.size()) tables_.sifted.resize(list_.size());
  longest_joined_ = std::max(longest_joined_, list_.size());
  return {keep(node), list_.size()};
}

Reference Tabulator::ask(const Dimension& dimension, Parts parts, std::int64_t last) {
  if (parts.size() == 1) return parts[0].to;
  const bool is_range = parts.size() == 2 || (parts.size() == 3 && parts[0].to == parts[2].to);
  if (is_range) {
    Node node{.source = dimension.source,
              .which = dimension.which,
              .base = parts[1].start,
              .inside = parts[1].to,
              .outside = parts[0].to};
    node.span = distance(parts[1].start, parts.size() == 2 ? last : parts[2].start - 1);
    return keep(node);
  }
  // What is below the second part and above the one before the last needs no row.
  const std::uint64_t size = distance(parts[1].start, parts.back().start);
  const std::uint64_t most = tables_.rows.size() < few_rows ? most_rows_at_first : most_rows;
  if (size <= most * parts.size()) return table(dimension, parts, last, 0);
  if (parts.size() <= most_compared) return halves(dimension, parts, last);
  std::uint8_t shift = 0;
  while ((size - 1) >> shift >= std::max<std::uint64_t>(64, 2 * parts.size())) ++shift;
  return table(dimension, parts, last, shift);
}

Reference Tabulator::halves(const Dimension& dimension, Parts parts, std::int64_t last) {
  const std::size_t middle = parts.size() / 2;
  Node node{.source = dimension.source, .which = dimension.which, .base = parts[middle].start};
  node.span = distance(node.base, last);
  node.inside = ask(dimension, parts.subspan(middle), last);
  node.outside = ask(dimension, parts.first(middle), node.base - 1);
  return keep(node);
}

// The last row may reach into the last part, the rows before it end below that.
Reference Tabulator::table(const Dimension& dimension, Parts parts, std::int64_t last,
                           std::uint8_t shift) {
  const std::uint64_t size = (distance(parts[1].start, parts.back().start - 1) >> shift) + 1;
  Node node{.source = dimension.source,
            .shape = Node::Shape::table,
            .shift = shift,
            .which = dimension.which,
            .base = parts[1].start,
            .span = size};
  node.inside = parts.front().to;
  node.outside = parts.back().to;
  std::vector<Reference> rows;
  std::vector<Part> within;
  std::size_t part = 1;
  for (std::uint64_t row = 0; row < size; ++row) {
    const std::int64_t first = node.base + static_cast<std::int64_t>(row << shift);
    const std::uint64_t width = std::min((std::uint64_t{1} << shift) - 1, distance(first, last));
    const std::int64_t end = first + static_cast<std::int64_t>(width);
    while (part + 1 < parts.size() && parts[part + 1].start <= first) ++part;
    within.assign(1, {first, parts[part].to});
    for (std::size_t i = part + 1; i < parts.size() && parts[i].start <= end; ++i)
      within.push_back(parts[i]);
    rows.push_back(ask(dimension, within, end));
  }
  node.rows = keep_rows(rows);
  return keep(node);
}

Reference Tabulator::keep(const Node& node) {
  const std::array<std::uint64_t, 5> key{
      std::uint64_t{node.which} << 32 | static_cast<std::uint64_t>(node.source) << 16 |
          static_cast<std::uint64_t>(node.shape) << 8 | node.shift,
      static_cast<std::uint64_t>(node.base), node.span,
      std::uint64_t{node.inside.bits()} << 32 | node.outside.bits(), node.rows};
  const std::uint32_t id = nodes_.id_of(key);
  if (id == tables_.nodes.size()) tables_.nodes.push_back(node);
  return Reference::to_node(id);
}

std::uint32_t Tabulator::keep_rows(std::span<const Reference> rows) {
  std::vector<std::uint32_t> bits;
  for (const Reference row : rows) bits.push_back(row.bits());
  const std::uint32_t id = rows_.id_of(bits);
  if (id == rows_place_.size()) {
    rows_place_.push_back(static_cast<std::uint32_t>(tables_.rows.size()));
    tables_.rows.insert(tables_.rows.end(), rows.begin(), rows.end());
  }
  return rows_place_[id];
}

} // namespace mm::route::lookup
