#include "server.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <cstdio>

namespace mm::jack {

const ToolText& Info::text() {
  static const ToolText text{"mmjack info",
                             "Print what is known of a JACK server.",
                             "mmjack info [OPTION]...",
                             {"mmjack info", "mmjack info --json | jq .sample_rate"}};
  return text;
}

CLI::App& Info::declare() {
  CLI::App& app = make_app(text());
  app.add_flag("--json", json_, "print it as one JSON object")->group("Output");
  declare_where(app, where_);
  return app;
}

Ended Info::run() const {
  const auto joined = join(where_);
  if (!joined) return {exit_failed, 0};
  jack_client_t* const client = joined.get();
  const jack_nframes_t rate = jack_get_sample_rate(client);
  const jack_nframes_t frames = jack_get_buffer_size(client);
  constexpr double hundredths = 100;
  const double load = std::round(jack_cpu_load(client) * hundredths) / hundredths;
  const std::string server = describe_jack_server(where_.server);
  if (json_) {
    const nlohmann::ordered_json object{
        {"server",
         server.substr(server.find('\'') + 1, server.rfind('\'') - server.find('\'') - 1)},
        {"version", jack_get_version_string()},
        {"sample_rate", rate},
        {"buffer_size", frames},
        {"realtime", jack_is_realtime(client) != 0},
        {"cpu_load", load},
        {"frame_time", jack_frame_time(client)},
        {"midi_buffer", jack_port_type_get_buffer_size(client, JACK_DEFAULT_MIDI_TYPE)},
    };
    return print(tool, object.dump() + '\n');
  }
  char period[32];
  std::snprintf(period, sizeof period, "%.2f ms", 1000.0 * frames / rate);
  char cpu[32];
  std::snprintf(cpu, sizeof cpu, "%.2f", load);
  return print(tool, "server       " + server.substr(4) + "\nversion      " +
                         jack_get_version_string() + "\nsample rate  " + std::to_string(rate) +
                         "\nbuffer size  " + std::to_string(frames) + " frames, " + period +
                         "\nrealtime     " + (jack_is_realtime(client) != 0 ? "yes" : "no") +
                         "\ncpu load     " + cpu + " %\nframe time   " +
                         std::to_string(jack_frame_time(client)) + '\n');
}

const ToolText& SetBufferSize::text() {
  static const ToolText text{"mmjack set-buffer-size",
                             "Set the number of frames that a JACK server does in one period.",
                             "mmjack set-buffer-size N [OPTION]...",
                             {"mmjack set-buffer-size 256"}};
  return text;
}

CLI::App& SetBufferSize::declare() {
  CLI::App& app = make_app(text());
  app.add_option("frames", typed_)->group("");
  declare_where(app, where_);
  return app;
}

Outcome SetBufferSize::check() {
  constexpr std::uint32_t most = 1U << 20;
  if (typed_.empty()) return Error{"how many frames?", exit_usage};
  const char* const last = typed_.data() + typed_.size();
  const auto [end, error] = std::from_chars(typed_.data(), last, frames_);
  if (error == std::errc{} && end == last && frames_ > 0 && frames_ <= most) return done();
  return Error{"'" + typed_ + "': it is a whole number in 1..1048576", exit_usage};
}

Ended SetBufferSize::run() const {
  const auto client = join(where_);
  if (!client) return {exit_failed, 0};
  jack_set_buffer_size(client.get(), frames_);
  const jack_nframes_t now = jack_get_buffer_size(client.get());
  if (now == frames_) return {};
  complain(tool, describe_jack_server(where_.server) + " does not take " + std::to_string(frames_) +
                     " frames: it has " + std::to_string(now));
  return {exit_failed, 0};
}

} // namespace mm::jack
