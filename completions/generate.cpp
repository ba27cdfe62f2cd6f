// Writes the tools' completions for bash, zsh and fish, from the options that the tools declare.
//
// generate DIRECTORY: writes bash/TOOL, zsh/_TOOL and fish/TOOL.fish there.
//
// generate --tools: prints the names of the tools, a line each.
//
// generate --options TOOL: prints the tool's options, a line each: "--port -p".
#include "cli/options.hpp"
#include "io/format.hpp"
#include "model.hpp"
#include "port/backend.hpp"
#include "tools.hpp" // made by CMake: includes the headers of the tools, defines MM_TOOLS

#include <CLI/CLI.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace mm::completions {

namespace {

template <class Names> std::vector<std::string> strings(const Names& names) {
  return {std::begin(names), std::end(names)};
}

std::vector<std::string> split(const std::string& words, char at) {
  std::vector<std::string> found;
  std::istringstream in(words);
  for (std::string word; std::getline(in, word, at);) found.push_back(word);
  return found;
}

// What the option's name of its value says about the words to offer (cli/tool.hpp).
void read_value(Option& option, const std::string& type) {
  using Value = Option::Value;
  if (type.empty()) return;
  if (type.starts_with("[=")) {
    option.value = Value::optional;
    option.value_name = type.substr(2, type.size() - 3);
    return;
  }
  option.value_name = type;
  option.value = Value::word;
  if (type == value::format)
    option.words = strings(format_names);
  else if (type == value::backend)
    option.words = strings(backend_names);
  else if (type == value::clock)
    option.words = strings(clock_names);
  else if (type.find('|') != std::string::npos) // "raw|text"
    option.words = split(type, '|');
  else if (type == value::kinds)
    option.value = Value::kinds;
  else if (type.substr(0, type.find('[')) == value::port)
    option.value = Value::ports;
  else
    option.value = Value::plain;
}

Option read_option(const CLI::Option& declared) {
  Option option;
  for (const std::string& name : declared.get_lnames()) option.names.push_back("--" + name);
  for (const std::string& name : declared.get_snames()) option.names.push_back("-" + name);
  option.about = declared.get_description();
  option.repeatable = declared.get_items_expected_max() > 1;
  read_value(option, declared.get_type_name());
  return option;
}

template <class Typed> Tool read_tool(const ToolText& text, CLI::App& (*declare)(Typed&)) {
  Typed typed;
  const CLI::App& app = declare(typed);
  Tool tool{text.name, {}, false};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional())
      tool.takes_events |= option->get_single_name() == "events";
    else if (!option->get_group().empty()) // else it is hidden
      tool.options.push_back(read_option(*option));
  }
  return tool;
}

std::vector<Tool> read_tools() {
#define MM_TOOL(name) read_tool<name::Typed>(name::text(), name::declare),
  return {MM_TOOLS(MM_TOOL)};
#undef MM_TOOL
}

bool write(const std::filesystem::path& path, const std::string& text) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) std::cerr << "generate: " << path << ": cannot write it\n";
  return !file.fail();
}

bool write_all(const std::filesystem::path& directory) {
  bool written = true;
  for (const Tool& tool : read_tools()) {
    written &= write(directory / "bash" / tool.name, for_bash(tool));
    written &= write(directory / "zsh" / ('_' + tool.name), for_zsh(tool));
    written &= write(directory / "fish" / (tool.name + ".fish"), for_fish(tool));
  }
  return written;
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 1 && words[0] == "--tools") {
    for (const Tool& tool : read_tools()) std::cout << tool.name << '\n';
    return exit_done;
  }
  if (words.size() == 2 && words[0] == "--options") {
    for (const Tool& tool : read_tools()) {
      if (tool.name != words[1]) continue;
      for (const Option& option : tool.options) std::cout << join(option.names, " ") << '\n';
      return exit_done;
    }
    std::cerr << "generate: there is no tool '" << words[1] << "'\n";
    return exit_failed;
  }
  if (words.size() == 1 && !words[0].starts_with('-'))
    return write_all(words[0]) ? exit_done : exit_failed;
  std::cerr << "Usage: generate DIRECTORY\n"
               "       generate --tools\n"
               "       generate --options TOOL\n";
  return exit_usage;
}

} // namespace

} // namespace mm::completions

int main(int argc, char** argv) { return mm::completions::run({argv + 1, argv + argc}); }
