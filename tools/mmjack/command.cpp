#include "command.hpp"

#include "audio.hpp"
#include "control.hpp"
#include "monitor.hpp"
#include "patch.hpp"
#include "server.hpp"
#include "transport.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>

namespace mm::jack {

namespace {

constexpr std::array all{
    make_command<Ls>("ls", "list ports"),
    make_command<Connect>("connect", "connect ports"),
    make_command<Disconnect>("disconnect", "cut connections"),
    make_command<Rename>("rename", "give a port another name"),
    make_command<Save>("save", "print all connections"),
    make_command<Restore>("restore", "make the connections that save has printed"),
    make_command<Info>("info", "print what is known of the server"),
    make_command<SetBufferSize>("set-buffer-size", "set the frames of a period"),
    make_command<Monitor>("monitor", "print what happens at the server, as lines"),
    make_command<Control>("control", "do what lines on stdin ask for"),
    make_command<Transport>("transport", "start, stop, move, follow, drive the transport"),
    make_command<Capture>("capture", "write audio to stdout, as 32-bit floats"),
    make_command<Play>("play", "play audio from stdin"),
};

} // namespace

std::span<const Command> commands() { return all; }

const Command* find_command(std::string_view name) {
  const auto* const found = std::find_if(
      all.begin(), all.end(), [&](const Command& command) { return command.name == name; });
  return found == all.end() ? nullptr : found;
}

void declare_where(CLI::App& app, Where& where) {
  app.add_option("--server", where.server, "the JACK server, if not JACK_DEFAULT_SERVER's")
      ->type_name("NAME")
      ->group("Server");
  app.add_option("--client", where.client, "our name there (mmjack)")
      ->type_name("NAME")
      ->group("Server");
}

JackClient join(const Where& where) {
  auto client = join_jack(where.client, where.server);
  if (client) return std::move(client.value());
  complain(tool, client.error().what);
  return nullptr;
}

} // namespace mm::jack
