// The tags of ports as numbers.
#pragma once

#include "world/message.hpp"

#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace mm::route {

class Ports {
 public:
  Ports() { names_.emplace_back(); }

  // The number of that tag; 0 for an empty one.
  PortId number(std::string_view name) {
    if (name == names_[last_]) return last_;
    return last_ = find(name);
  }
  // Its text holds as long as this.
  [[nodiscard]] std::string_view name(PortId port) const { return names_[port]; }
  [[nodiscard]] PortId count() const { return static_cast<PortId>(names_.size()); }

 private:
  PortId find(std::string_view name);

  std::deque<std::string> names_; // the first one is empty: no port
  std::map<std::string_view, PortId> numbers_;
  PortId last_ = 0;
};

} // namespace mm::route
