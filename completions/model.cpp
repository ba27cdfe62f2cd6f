// What the completions of all shells have in common: the words to choose, and the text of ports.
#include "model.hpp"

#include "event/filter.hpp"
#include "event/kind.hpp"

#include <algorithm>

namespace mm::completions {

namespace {

// The kinds that are in a group: "note-off, note-on".
std::string members(std::string_view group) {
  const auto kinds = parse_kinds(group);
  std::vector<std::string> names;
  for (const KindInfo& row : kind_table)
    if (kinds && kinds.value().test(static_cast<std::size_t>(row.kind)))
      names.emplace_back(row.name.empty() ? ":NAME" : row.name);
  return join(names, ", ");
}

} // namespace

bool Tool::has(Option::Value value) const {
  return std::any_of(options.begin(), options.end(),
                     [value](const Option& option) { return option.value == value; });
}

std::vector<Offer> event_offers() {
  std::vector<Offer> offers;
  for (const KindInfo& row : kind_table)
    for (const std::string_view name : {row.name, row.alias})
      if (!name.empty()) offers.push_back({std::string(name), usage(row)});
  return offers;
}

std::vector<Offer> kind_offers() {
  auto offers = event_offers();
  for (const std::string_view group : kind_groups)
    offers.push_back({std::string(group), members(group)});
  return offers;
}

// A name that has other escapes than \" and \\ has a control character in it: it is left out.
const std::string_view sed_ports =
    R"sed(/^.*"client":"(([^"\\]|\\["\\])*)","port":"(([^"\\]|\\["\\])*)",)sed"
    R"sed("address":"(([^"\\]|\\["\\])*)".*$/{s//\1:\3)sed"
    "\t"
    R"sed(\5/;s/\\(["\\])/\1/g;p;})sed";

const std::string_view awk_ports = R"awk(
      { count[$1]++; name[NR] = $1; address[NR] = $2 }
      END {
        for (i = 1; i <= NR; i++) {
          word = count[name[i]] > 1 || name[i] ~ /=/ ? address[i] : name[i]
          if (word !~ /=/) print word
        }
      })awk";

std::string join(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += between;
    text += word;
  }
  return text;
}

std::string replace(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string fill(std::string_view text,
                 const std::vector<std::pair<std::string_view, std::string>>& values) {
  std::string filled(text);
  for (const auto& [name, value] : values)
    filled = replace(std::move(filled), '@' + std::string(name) + '@', value);
  return filled;
}

} // namespace mm::completions
