// The words of a meta event, and strings in quotes among them (mmevents(5)).
#pragma once

#include "event/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mm::jack {

// `:connect "a b:out" c:in` as its three words. An error if a quote is not closed.
Result<std::vector<std::string>> split_words(std::string_view text);

// A word as it stands in a line: in quotes where it would not be one word otherwise.
std::string as_word(std::string_view word);

} // namespace mm::jack
