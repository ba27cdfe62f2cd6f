#include "rules.hpp"

#include "io/file.hpp"
#include "parse.hpp"

#include <algorithm>

namespace mm::route {

Result<Script> load_rules(const Options& options, const std::vector<std::string>& variables) {
  std::vector<Text> texts;
  for (const std::string& file : options.files) {
    auto content = read_file(file, file);
    if (!content) return Error{content.error().what, exit_usage};
    texts.push_back({file, std::move(content.value())});
  }
  for (std::size_t i = 0; i < options.rules.size(); ++i)
    texts.push_back({"rule " + std::to_string(i + 1), options.rules[i]});

  ParsedRules parsed = parse_rules(texts, options.input.format.notes, variables);
  if (!parsed.faults.empty()) {
    std::string all;
    for (const std::string& fault : parsed.faults) all += (all.empty() ? "" : "\n") + fault;
    return Error{all, exit_usage};
  }
  const std::vector<std::string>& scenes = parsed.script.scenes;
  if (!options.scene.empty() &&
      std::find(scenes.begin(), scenes.end(), options.scene) == scenes.end())
    return Error{"--scene " + options.scene + ": the rules have no such scene", exit_usage};
  return std::move(parsed.script);
}

} // namespace mm::route
