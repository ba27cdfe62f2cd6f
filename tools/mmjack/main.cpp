// mmjack: lines to and from JACK's MIDI ports; its graph, transport, events and audio.
#include "command.hpp"
#include "options.hpp"
#include "stream.hpp"

int main(int argc, char** argv) {
  using namespace mm::jack;
  if (argc > 1)
    if (const Command* const command = find_command(argv[1]); command != nullptr)
      return command->run(argc - 1, argv + 1);
  return mm::run_tool(text(), argc, argv, parse_options, run);
}
