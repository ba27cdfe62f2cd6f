#include "audio.hpp"

#include "audio_stream.hpp"

#include <CLI/CLI.hpp>

namespace mm::jack {

void Audio::declare(CLI::App& app, const char* port, const char* port_about) {
  const char* const group = "Audio";
  app.add_option("-c,--channels", channels, "how many (2, or as many as --port)")
      ->transform(check::whole(1, 256))
      ->type_name("N")
      ->group(group);
  app.add_option("-p,--port", ports, port_about)
      ->type_name(port)
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--duration", duration, "end after so long")
      ->check(check::positive())
      ->type_name("SEC")
      ->group(group);
  app.add_flag("-q,--quiet", quiet, "show no levels on a terminal")->group(group);
  declare_where(app, where);
  declare_ready_fd(app, ready_fd);
}

Outcome Audio::check() {
  if (channels == 0) channels = ports.empty() ? 2 : static_cast<int>(ports.size());
  if (ports.size() > static_cast<std::size_t>(channels))
    return Error{"more ports than channels", exit_usage};
  return done();
}

const ToolText& Capture::text() {
  static const ToolText text{
      "mmjack capture",
      "Write the audio of JACK ports to stdout: 32-bit floats, the channels interleaved.",
      "mmjack capture [-c N] [-p SRC]... [OPTION]...",
      {"mmjack capture -c 2 -p system:capture_1 -p system:capture_2 --duration 10 |\n"
       "    sox -t f32 -r 48000 -c 2 - take.wav"}};
  return text;
}

CLI::App& Capture::declare() {
  CLI::App& app = make_app(text());
  audio_.declare(app, "SRC", "a port to hear, for the next channel");
  return app;
}

Ended Capture::run() const { return capture(audio_); }

const ToolText& Play::text() {
  static const ToolText text{
      "mmjack play",
      "Play audio from stdin at JACK ports: 32-bit floats, the channels interleaved.",
      "mmjack play [-c N] [-p DST]... [OPTION]...",
      {"sox take.wav -t f32 -r 48000 -c 2 - |\n"
       "    mmjack play -c 2 -p system:playback_1 -p system:playback_2"}};
  return text;
}

CLI::App& Play::declare() {
  CLI::App& app = make_app(text());
  audio_.declare(app, "DST", "a port that hears the next channel");
  return app;
}

Ended Play::run() const { return play(audio_); }

} // namespace mm::jack
