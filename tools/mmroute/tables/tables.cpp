#include "tables/tables.hpp"

#include <algorithm>
#include <bit>

namespace mm::route::lookup {

std::int64_t Tables::rare_number(const Node& node, const Look& look) const {
  switch (node.source) {
  case Source::argument_0:
  case Source::argument_1:
  case Source::argument_2: break;
  case Source::variable: return node.which < look.variables.size() ? look.variables[node.which] : 0;
  case Source::before: return look.before;
  case Source::held: return look.held;
  case Source::port: return ports.number(look.event->port);
  case Source::name: return metas.number(meta_name(look.event->data));
  case Source::byte: {
    const std::string_view body = sysex_body(look.event->data);
    return node.which < body.size() ? static_cast<unsigned char>(body[node.which]) : no_byte;
  }
  }
  return 0;
}

std::span<const Index::Candidate> Tables::gather(Reference at, const Look& look) const {
  place = (place + 1) % places;
  Candidate* const to = joined.data() + place * joined_size;
  return {to, add(at, look, to, 0)};
}

// The candidates, from `to` on; says how many.
std::size_t Tables::sift(const Sift& sift, const Look& look, Candidate* to) const {
  const std::uint64_t* const sets = bits.data() + sift.bits;
  std::array<const std::uint64_t*, Sift::most_ways + 1> in{};
  std::size_t count = 0;
  if (sift.gate != Sift::no_gate) in[count++] = gates[sift.gate].open(look);
  for (std::size_t i = 0; i < sift.way_count; ++i)
    in[count++] = sets + std::size_t{walk(rows[sift.ways + i], look).first()} * sift.words;
  const Candidate* const first_to = to;
  const Candidate* of = candidates.data() + sift.first;
  for (std::size_t word = 0; word < sift.words; ++word, of += 64) {
    std::uint64_t left = in[0][word];
    for (std::size_t i = 1; i < count; ++i) left &= in[i][word];
    const std::uint64_t last = left & sets[word];
    if (last != 0) left &= last ^ (last - 1);
    for (; left != 0; left &= left - 1) *to++ = of[std::countr_zero(left)];
    if (last != 0) break;
  }
  return static_cast<std::size_t>(to - first_to);
}

// Puts the candidates among the `size` that are there, in the order of the rules; says how many
// there are then.
std::size_t Tables::add(Reference at, const Look& look, Candidate* to, std::size_t size) const {
  at = walk(at, look);
  std::span<const Candidate> more;
  if (at.is_list()) {
    more = list(at);
  } else if (const Node& node = nodes[at.node()]; node.shape == Node::Shape::join) {
    for (std::size_t i = 0; i < node.span; ++i) size = add(rows[node.rows + i], look, to, size);
    return size;
  } else {
    const Sift& sift = sifts[node.rows];
    if (size == 0) return this->sift(sift, look, to);
    more = {sifted.data(), this->sift(sift, look, sifted.data())};
  }
  // From behind, so that each moves once.
  std::size_t left = size;
  std::size_t right = more.size();
  for (std::size_t end = size + more.size(); right > 0; --end) {
    const bool is_left = left > 0 && to[left - 1].rule > more[right - 1].rule;
    to[end - 1] = is_left ? to[--left] : more[--right];
  }
  return size + more.size();
}

std::size_t Tables::bytes() const {
  std::size_t gate_bytes = gates.capacity() * sizeof(Gate);
  for (const Gate& gate : gates) gate_bytes += gate.bytes();
  return gate_bytes + sizeof(*this) + nodes.capacity() * sizeof(Node) +
         rows.capacity() * sizeof(Reference) +
         (candidates.capacity() + joined.capacity() + sifted.capacity()) * sizeof(Candidate) +
         long_lists.capacity() * sizeof(LongList) + sifts.capacity() * sizeof(Sift) +
         bits.capacity() * sizeof(std::uint64_t) + ports.bytes() + metas.bytes();
}

} // namespace mm::route::lookup
