#include "world/ports.hpp"

namespace mm::route {

PortId Ports::find(std::string_view name) {
  // Peers that come and go for ever: beyond so many, new ones have no tag of their own.
  constexpr PortId most = 1U << 20;
  if (name.empty()) return 0;
  const auto at = numbers_.find(name);
  if (at != numbers_.end()) return at->second;
  if (count() >= most) return 0;
  names_.emplace_back(name);
  const PortId port = count() - 1;
  numbers_.emplace(names_.back(), port);
  return port;
}

} // namespace mm::route
