#include "tables/tables.hpp"

#include <algorithm>

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

std::span<const Index::Candidate> Tables::join(Reference at, const Look& look) const {
  place = (place + 1) % places;
  Candidate* const to = joined.data() + place * joined_size;
  return {to, add(at, look, to, 0)};
}

// Puts the candidates among the `size` that are there, in the order of the rules; says how many
// there are then.
std::size_t Tables::add(Reference at, const Look& look, Candidate* to, std::size_t size) const {
  at = walk(at, look);
  if (!at.is_list()) {
    const Node& node = nodes[at.node()];
    for (std::size_t i = 0; i < node.span; ++i) size = add(rows[node.rows + i], look, to, size);
    return size;
  }
  const std::span<const Candidate> more = list(at);
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
  return sizeof(*this) + nodes.capacity() * sizeof(Node) + rows.capacity() * sizeof(Reference) +
         (candidates.capacity() + joined.capacity()) * sizeof(Candidate) +
         long_lists.capacity() * sizeof(LongList) + ports.bytes() + metas.bytes();
}

} // namespace mm::route::lookup
