// The scales that have a name.
#pragma once

#include "language/syntax.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mm::route {

// "major", "minor", ..., for messages and help.
std::span<const std::string_view> scale_names();

// The notes of the scale on C, bit 0 is the root; nothing for an unknown name.
std::optional<std::uint16_t> find_scale(std::string_view name);

// Those notes on another root: 0 is C.
Scale make_scale(int root, std::uint16_t notes);

// "C", "F#", "Bb": 0 is C; nothing if it is no such name.
std::optional<int> read_root(std::string_view word);

} // namespace mm::route
