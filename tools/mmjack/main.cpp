// mmjack: lines to and from JACK's MIDI ports; its graph, transport, events and audio.
#include "command.hpp"
#include "event/kind.hpp"
#include "options.hpp"
#include "stream.hpp"

#include <vector>

namespace {

// A word that is no option, where a command is expected.
mm::Error unknown(std::string_view word) {
  std::vector<std::string_view> names;
  for (const auto& command : mm::jack::commands()) names.push_back(command.name);
  const std::string_view near = mm::nearest(word, names);
  return {"no command '" + std::string(word) + "'" +
              (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?"),
          mm::exit_usage};
}

} // namespace

int main(int argc, char** argv) {
  using namespace mm::jack;
  const std::string_view first = argc > 1 ? argv[1] : "-";
  if (const Command* const command = find_command(first); command != nullptr)
    return command->run(argc - 1, argv + 1);
  if (!first.starts_with('-')) return mm::refuse_arguments(tool, unknown(first));
  return mm::run_tool(text(), argc, argv, parse_options, run);
}
