#include "transport.hpp"

#include "conductor.hpp"
#include "position.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <cstdio>

namespace mm::jack {

namespace {

constexpr std::array<std::string_view, 4> frame_rates{"24", "25", "29.97", "30"};

} // namespace

const ToolText& Transport::text() {
  static const ToolText text{
      "mmjack transport",
      "Print, start, stop, move, follow or drive the transport of a JACK server.",
      "mmjack transport [start|stop|locate FRAME|TIME|BBT|state] [OPTION]...",
      {"mmjack transport locate 1:30", "mmjack transport start --master 120",
       "mmjack transport --clock-out clock --connect clock synth"}};
  return text;
}

CLI::App& Transport::declare() {
  CLI::App& app = make_app(text());
  app.add_option("action", action)->type_name("start|stop|locate|state")->group("");
  const char* const group = "Transport";
  app.add_flag("--json", json, "print the state as one JSON object")->group(group);
  app.add_flag("--follow", follow, "stay, and print a line when it starts, stops or is moved")
      ->group(group);
  app.add_option("--sync-timeout", sync_timeout, "how long slow clients may take to get ready")
      ->check(check::positive())
      ->type_name("SEC")
      ->group(group);
  app.add_option("--master", master_, "be timebase master: beats a minute, and 4/4")
      ->expected(1, 2)
      ->type_name("BPM [N/D]")
      ->group(group);
  const char* const sync = "Other clocks";
  app.add_option("--clock-out", clock_out, "make a port that gives MIDI clock")
      ->type_name("NAME")
      ->group(sync);
  app.add_option("--timecode-out", timecode_out, "make a port that gives MIDI time code")
      ->type_name("NAME")
      ->group(sync);
  app.add_option("--frame-rate", typed_frame_rate_, "of the time code (30)")
      ->type_name("24|25|29.97|30")
      ->group(sync);
  app.add_option("--slave-to", slave_to, "make a port whose MIDI clock drives the transport")
      ->type_name("NAME")
      ->group(sync);
  app.add_option("--connect", connect, "connect two ports, ours or others'")
      ->type_size(2)
      ->type_name("SRC DST")
      ->allow_extra_args(false)
      ->group(sync);
  declare_to(app, format_);
  declare_clock(app, typed_clock_);
  declare_where(app, where);
  declare_ready_fd(app, ready_fd);
  return app;
}

namespace {

Outcome check_action(const std::vector<std::string>& words) {
  if (words.empty()) return done();
  const std::string& what = words.front();
  const std::size_t most = what == "locate" ? 2 : 1;
  if (what != "start" && what != "stop" && what != "state" && what != "locate")
    return Error{"'" + what + "': it is one of start, stop, locate PLACE, state", exit_usage};
  if (words.size() > most) return Error{"unexpected argument '" + words[most] + "'", exit_usage};
  if (words.size() < most)
    return Error{"locate where? FRAME (48000), TIME (12.5s, 1:30) or BBT ('3|1|0')", exit_usage};
  return done();
}

// "120", and "3/4" if it is there.
Outcome check_master(const std::vector<std::string>& words, Transport& transport) {
  constexpr double slowest = 1;
  constexpr double fastest = 1000;
  const auto read = [](const std::string& text, auto& number) {
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    return error == std::errc{} && end == last;
  };
  if (words.empty()) return done();
  if (!read(words[0], transport.tempo) || !(transport.tempo >= slowest) ||
      transport.tempo > fastest)
    return Error{"--master '" + words[0] + "': it is a number of beats a minute in 1..1000",
                 exit_usage};
  if (words.size() < 2) return done();
  const std::size_t slash = words[1].find('/');
  if (slash == std::string::npos || !read(words[1].substr(0, slash), transport.beats) ||
      !read(words[1].substr(slash + 1), transport.beat_type) || transport.beats < 1 ||
      transport.beat_type < 1)
    return Error{"--master '" + words[1] + "': a time signature is N/D, such as 3/4", exit_usage};
  return done();
}

} // namespace

Outcome Transport::check() {
  // "--master 120 start": CLI11 takes the action for the time signature.
  if (master_.size() == 2 && master_[1].find('/') == std::string::npos) {
    action.insert(action.begin(), master_[1]);
    master_.pop_back();
  }
  if (auto checked = check_action(action); !checked) return checked;
  if (auto checked = check_master(master_, *this); !checked) return checked;
  if (tempo > 0 && !slave_to.empty())
    return Error{"--master and --slave-to exclude each other: the clock has the tempo", exit_usage};
  if (typed_frame_rate_.empty()) {
    typed_frame_rate_ = "30";
  } else if (timecode_out.empty()) {
    return Error{"--frame-rate goes with --timecode-out", exit_usage};
  }
  if (!connect.empty() && clock_out.empty() && timecode_out.empty() && slave_to.empty())
    return Error{"--connect goes with a port of ours; others are connected by mmjack connect",
                 exit_usage};
  if ((!clock_out.empty() && (clock_out == timecode_out || clock_out == slave_to)) ||
      (!timecode_out.empty() && timecode_out == slave_to))
    return Error{"two ports of one name", exit_usage};
  const auto rate = find_name("--frame-rate", typed_frame_rate_, frame_rates);
  if (!rate) return rate.error();
  frame_rate = static_cast<FrameRate>(rate.value());
  const auto to = check_to(format_);
  if (!to) return to.error();
  output = to.value();
  const auto kind = check_clock(typed_clock_);
  if (!kind) return kind.error();
  clock = kind.value();
  return done();
}

namespace {

std::string state_as_json(jack_transport_state_t state, const jack_position_t& position) {
  nlohmann::ordered_json object{
      {"state", name_of(state)},
      {"frame", position.frame},
      {"seconds", static_cast<double>(position.frame) / position.frame_rate},
      {"sample_rate", position.frame_rate},
  };
  if ((position.valid & JackPositionBBT) != 0) {
    object["bar"] = position.bar;
    object["beat"] = position.beat;
    object["tick"] = position.tick;
    object["beats_per_bar"] = position.beats_per_bar;
    object["beat_type"] = position.beat_type;
    object["ticks_per_beat"] = position.ticks_per_beat;
    object["tempo"] = position.beats_per_minute;
  }
  return object.dump() + '\n';
}

std::string state_as_text(jack_transport_state_t state, const jack_position_t& position) {
  std::string text = name_of(state) + "  " + std::to_string(position.frame) + "  " +
                     time_of(position.frame, position.frame_rate);
  if ((position.valid & JackPositionBBT) != 0) {
    char beats[96];
    std::snprintf(beats, sizeof beats, "  %d|%d|%d  %g bpm  %g/%g", position.bar, position.beat,
                  position.tick, position.beats_per_minute,
                  static_cast<double>(position.beats_per_bar),
                  static_cast<double>(position.beat_type));
    text += beats;
  }
  return text + '\n';
}

Outcome act(jack_client_t* client, const Transport& transport) {
  constexpr double microseconds = 1e6;
  if (transport.sync_timeout)
    jack_set_sync_timeout(client, static_cast<jack_time_t>(*transport.sync_timeout * microseconds));
  const std::string what = transport.action.empty() ? "" : transport.action.front();
  if (what == "start") jack_transport_start(client);
  if (what == "stop") jack_transport_stop(client);
  if (what == "locate") return locate(client, transport.action[1]);
  return done();
}

} // namespace

Ended Transport::run() const {
  if (stays()) return conduct(*this, act);
  const auto client = join(where);
  if (!client) return {exit_failed, 0};
  if (const auto acted = act(client.get(), *this); !acted) {
    complain(tool, acted.error().what);
    return {exit_failed, 0};
  }
  const bool asks = action.empty() ? !sync_timeout : action.front() == "state";
  if (!asks && !json) return {};
  jack_position_t position{};
  const jack_transport_state_t state = jack_transport_query(client.get(), &position);
  return print(tool, json ? state_as_json(state, position) : state_as_text(state, position));
}

} // namespace mm::jack
