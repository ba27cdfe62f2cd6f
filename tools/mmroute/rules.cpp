#include "rules.hpp"

#include "io/file.hpp"
#include "language/parse.hpp"

#include <algorithm>

namespace mm::route {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf"; // some editors begin a file with it

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
  if (!parsed.faults.empty()) {
    std::string all;
    for (const std::string& fault : parsed.faults)
      all += (all.empty() ? "" : '\n' + text().name + ": ") + fault;
    return Error{all, exit_usage};
  }
  return std::move(parsed.script);
}

} // namespace mm::route
