#include "rules.hpp"

#include "io/file.hpp"
#include "language/parse.hpp"

#include <algorithm>

namespace mm::route {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf"; // some editors begin a file with it

// What is wrong, all in one; of very many faults, as a file has that holds no rules, the first
// ones.
std::string told(const std::vector<std::string>& faults) {
  constexpr std::size_t most = 20;
  const std::string next = '\n' + text().name + ": ";
  std::string all;
  for (std::size_t i = 0; i < std::min(faults.size(), most); ++i)
    all += (i == 0 ? "" : next) + faults[i];
  if (faults.size() > most) all += next + count_of(faults.size() - most, "more fault");
  return all;
}

} // namespace

Result<Script> load_rules(const Options& options, const std::vector<std::string>& variables) {
  std::vector<Text> texts;
  for (const std::string& file : options.files) {
    auto content = read_file(file, file);
    if (!content) return Error{content.error().what, exit_usage};
    std::string& rules = content.value();
    if (rules.starts_with(byte_order_mark)) rules.erase(0, byte_order_mark.size());
    texts.push_back({file, std::move(rules)});
  }
  for (std::size_t i = 0; i < options.rules.size(); ++i)
    texts.push_back({"rule " + std::to_string(i + 1), options.rules[i]});

  ParsedRules parsed = parse_rules(texts, options.input.format.notes, variables);
  if (!parsed.faults.empty()) return Error{told(parsed.faults), exit_usage};
  return std::move(parsed.script);
}

} // namespace mm::route
