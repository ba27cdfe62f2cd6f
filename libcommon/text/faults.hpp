// The words for what is wrong with a line, the same in every format.
#pragma once

#include "event/kind.hpp"

#include <string>
#include <string_view>

namespace mm {

// The word in quotes, cut short if it is long, and printable.
std::string in_quotes(std::string_view word);

std::string unknown_kind(std::string_view word, std::string_view nearest);

inline bool in_range(const Field& field, long value) {
  return value >= field.min && value <= field.max;
}
std::string not_in_range(const Field& field, std::string_view word);

// The line with a caret under `column`, as two lines for a person: cut to a screen's width
// around the fault, and with '?' for what cannot be shown.
std::string show_fault(std::string_view line, std::size_t column);

} // namespace mm
