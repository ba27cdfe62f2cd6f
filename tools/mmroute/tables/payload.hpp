// What patterns see of the data of an event.
#pragma once

#include <cstddef>
#include <string_view>

namespace mm::route {

// The bytes of a sysex without f0 and f7; one that was cut off has no f7.
constexpr std::string_view sysex_body(std::string_view data) {
  if (data.starts_with('\xf0')) data.remove_prefix(1);
  if (data.ends_with('\xf7')) data.remove_suffix(1);
  return data;
}

// ":NAME" of a meta event.
constexpr std::string_view meta_name(std::string_view data) {
  std::size_t size = 0;
  while (size < data.size() && data[size] != ' ' && data[size] != '\t') ++size;
  return data.substr(0, size);
}

} // namespace mm::route
