// Rules as people write them, read.
#pragma once

#include "language/syntax.hpp"
#include "text/line.hpp"

#include <span>
#include <string>
#include <vector>

namespace mm::route {

struct ParsedRules {
  Script script;
  // "NAME:LINE:COLUMN: what", the line, and a caret under the fault: for a person. Empty: all is
  // well. Each rule that is wrong has one, and the others are read nevertheless.
  std::vector<std::string> faults;
};

// Reads the texts one after the other: a scene or a group goes on from one to the next. `variables`
// are those of rules that were there before: they come first in Script::variables, and so keep
// their places.
ParsedRules parse_rules(std::span<const Text> texts, NoteStyle notes = {},
                        std::span<const std::string> variables = {});

} // namespace mm::route
