// Writes the tools' completions for bash, zsh and fish, from the options that the tools declare.
//
// generate DIRECTORY: writes bash/TOOL, zsh/_TOOL and fish/TOOL.fish there.
//
// generate --tools: prints the names of the tools, a line each.
//
// generate --commands TOOL: prints the names of the tool's commands, a line each.
//
// generate --options TOOL [COMMAND]: prints the options of the tool without a command, or of the
// command, a line each: "--port -p".
#include "cli/options.hpp"
#include "io/format.hpp"
#include "model.hpp"
#include "port/backend.hpp"
#include "tools.hpp" // made by CMake: includes the headers of the tools, defines MM_TOOLS

#include <CLI/CLI.hpp>

#include <algorithm>
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

// What the name of a value says about the words to offer (cli/tool.hpp).
Value read_value(const std::string& type) {
  using Kind = Value::Kind;
  if (type.starts_with('[')) {
    Value value = read_value(type.substr(1, type.size() - 2));
    value.is_optional = true;
    return value;
  }
  if (type == value::format) return {type, Kind::word, strings(format_names)};
  if (type == value::clock) return {type, Kind::word, strings(clock_names)};
  if (type.find('|') != std::string::npos)
    return {type, Kind::word, split(type, '|')}; // "raw|text"
  if (type == value::kinds) return {type, Kind::kinds};
  if (type.substr(0, type.find('[')) == value::port) return {type, Kind::ports};
  if (type == "SRC") return {type, Kind::sources};
  if (type == "DST") return {type, Kind::destinations};
  if (type == "FILE" || type == "MAPPING")
    return {type, Kind::file}; // a mapping, or a file of them
  return {type};
}

// The same of several: "SRC DST".
std::vector<Value> read_values(const std::string& types) {
  std::vector<Value> values;
  for (const std::string& type : split(types, ' ')) values.push_back(read_value(type));
  return values;
}

std::vector<Value> read_arguments(const CLI::Option& declared) {
  if (declared.get_single_name() == "events") return {{"event", Value::Kind::event}};
  return read_values(declared.get_type_name());
}

Option read_option(const CLI::Option& declared) {
  Option option;
  for (const std::string& name : declared.get_lnames()) option.names.push_back("--" + name);
  for (const std::string& name : declared.get_snames()) option.names.push_back("-" + name);
  option.about = declared.get_description();
  const std::string type = declared.get_type_name();
  option.is_joined = type.starts_with("[=");
  if (option.is_joined)
    option.values = {{type.substr(2, type.size() - 3), Value::Kind::plain, {}, true}};
  else
    option.values = read_values(type);
  if (option.names.front() == "--backend") // other options have a NAME, too
    option.values.front() = {type, Value::Kind::word, strings(backend_names)};
  option.is_repeatable =
      declared.get_items_expected_max() > std::max<int>(1, static_cast<int>(option.values.size()));
  return option;
}

Mode read_mode(std::string_view name, std::string_view about, const CLI::App& app) {
  Mode mode{std::string(name), std::string(about), {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional())
      mode.arguments = read_arguments(*option);
    else if (!option->get_group().empty()) // else it is hidden
      mode.options.push_back(read_option(*option));
  }
  return mode;
}

template <class Typed> Tool read_tool(const ToolText& text, CLI::App& (*declare)(Typed&)) {
  Typed typed;
  return {text.name, {read_mode("", text.summary, declare(typed))}};
}

template <class Commands> Tool with_commands(Tool tool, const Commands& commands) {
  for (const auto& command : commands)
    tool.modes.push_back(read_mode(command.name, command.summary, command.declare()));
  return tool;
}

std::vector<Tool> read_tools() {
#define MM_TOOL(name) read_tool<name::Typed>(name::text(), name::declare),
#define MM_TOOL_WITH_COMMANDS(name) with_commands(MM_TOOL(name) name::commands()),
  return {MM_TOOLS(MM_TOOL, MM_TOOL_WITH_COMMANDS)};
#undef MM_TOOL_WITH_COMMANDS
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

bool write_all(const std::vector<Tool>& tools, const std::filesystem::path& directory) {
  bool written = true;
  for (const Tool& tool : tools) {
    written &= write(directory / "bash" / tool.name, for_bash(tool));
    written &= write(directory / "zsh" / ('_' + tool.name), for_zsh(tool));
    written &= write(directory / "fish" / (tool.name + ".fish"), for_fish(tool));
  }
  return written;
}

// The one of that name.
template <class Named>
const Named* find(const std::vector<Named>& all, const std::string& name, std::string_view what) {
  for (const Named& one : all)
    if (one.name == name) return &one;
  std::cerr << "generate: there is no " << what << " '" << name << "'\n";
  return nullptr;
}

int print_options(const std::vector<Mode>& modes, const std::string& command) {
  const Mode* const mode = find(modes, command, "command");
  if (mode == nullptr) return exit_failed;
  for (const Option& option : mode->options) std::cout << join(option.names, " ") << '\n';
  return exit_done;
}

int run(const std::vector<std::string>& words) {
  const std::vector<Tool> tools = read_tools();
  if (words.size() == 1 && words[0] == "--tools") {
    for (const Tool& tool : tools) std::cout << tool.name << '\n';
    return exit_done;
  }
  if (words.size() == 2 && words[0] == "--commands") {
    const Tool* const tool = find(tools, words[1], "tool");
    if (tool == nullptr) return exit_failed;
    for (const Offer& command : command_offers(*tool)) std::cout << command.word << '\n';
    return exit_done;
  }
  if ((words.size() == 2 || words.size() == 3) && words[0] == "--options") {
    const Tool* const tool = find(tools, words[1], "tool");
    if (tool == nullptr) return exit_failed;
    return print_options(tool->modes, words.size() == 3 ? words[2] : "");
  }
  if (words.size() == 1 && !words[0].starts_with('-'))
    return write_all(tools, words[0]) ? exit_done : exit_failed;
  std::cerr << "Usage: generate DIRECTORY\n"
               "       generate --tools\n"
               "       generate --commands TOOL\n"
               "       generate --options TOOL [COMMAND]\n";
  return exit_usage;
}

} // namespace

} // namespace mm::completions

int main(int argc, char** argv) { return mm::completions::run({argv + 1, argv + argc}); }
