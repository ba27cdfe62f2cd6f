#include "state.hpp"

#include "event/expand.hpp"

namespace mm::py {

namespace {

void follow_in(State::Channels& channels, const Event& event) {
  State::Channel& channel = channels[static_cast<std::size_t>(event.channel() - 1)];
  const auto number = static_cast<std::size_t>(event.arg[1]);
  switch (event.kind) {
  case Kind::note_off: channel.velocities[number] = 0; break;
  case Kind::note_on: channel.velocities[number] = event.arg[2]; break;
  case Kind::poly_pressure: channel.pressures[number] = event.arg[2]; break;
  case Kind::control_change: channel.controllers[number] = event.arg[2]; break;
  case Kind::program_change: channel.program = event.arg[1]; break;
  case Kind::channel_pressure: channel.pressure = event.arg[1]; break;
  case Kind::pitch_bend: channel.bend = event.arg[1]; break;
  default: break;
  }
}

} // namespace

void State::follow(const Event& event) {
  if (event.kind == Kind::cc14 || event.kind == Kind::rpn || event.kind == Kind::nrpn)
    return for_each_message(event, [this](const Event& message) { follow(message); });
  if (!is_channel_message(event.kind)) {
    if (event.kind != Kind::meta || event.data != ":disconnected") return;
    ports_.erase(std::string(event.port));
    last_ = nullptr;
    return;
  }
  follow_in(all_, event);
  if (event.port.empty()) return;
  if (last_ == nullptr || last_port_ != event.port) {
    auto at = ports_.find(event.port);
    if (at == ports_.end()) {
      has_overflowed_ |= ports_.size() >= most_ports;
      if (ports_.size() >= most_ports) return;
      at = ports_.emplace(event.port, Channels()).first;
    }
    last_port_ = at->first;
    last_ = &at->second;
  }
  follow_in(*last_, event);
}

const State::Channels* State::of(std::string_view port) const {
  const auto at = ports_.find(port);
  if (at != ports_.end()) return &at->second;
  has_missed_ |= has_overflowed_;
  return nullptr;
}

} // namespace mm::py
