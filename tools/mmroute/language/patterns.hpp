// The conditions of patterns, one by one, and what patterns are made of.
#pragma once

#include "language/parser.hpp"

#include <initializer_list>
#include <string_view>
#include <vector>

namespace mm::route {

// A condition that is called by a word which is no kind of event.
struct Condition {
  std::string_view name;
  std::string_view usage;
  Pattern (*read)(Words& words); // what stands behind the name
};
// Null: there is none of that name.
const Condition* find_condition(std::string_view word);
// All words that a condition may begin with.
const std::vector<std::string_view>& condition_words();

Pattern read_port(Words& words);
Pattern read_meta(Words& words);
Pattern read_sysex(Words& words); // behind the word

KindSet kinds_of(std::initializer_list<Kind> kinds);
Pattern of_kinds(const KindSet& kinds);
Pattern of_numbers(Pattern::Op op, NumberSet numbers);
// Those that are joined in the same way become part of it; a single one is just itself.
Pattern joined(Pattern::Op op, std::vector<Pattern> of);
Pattern both(Pattern one, Pattern other);

} // namespace mm::route
