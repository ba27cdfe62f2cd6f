// The last value of everything that came in: controllers, notes, bend, ...
#pragma once

#include "event/event.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace mm::py {

// Values are as in the events; `unknown` is one that never came.
class State {
 public:
  static constexpr std::int16_t unknown = INT16_MIN;

  struct Channel {
    Channel() {
      controllers.fill(unknown);
      pressures.fill(unknown);
    }
    std::array<std::int16_t, 128> velocities{}; // of the notes that are held; 0: it is not
    std::array<std::int16_t, 128> controllers;
    std::array<std::int16_t, 128> pressures; // poly-pressure
    std::int16_t pressure = unknown;
    std::int16_t program = unknown;
    std::int16_t bend = unknown;
  };
  using Channels = std::array<Channel, 16>;

  // Takes note of an event, for all ports together and for its own.
  void follow(const Event& event);

  [[nodiscard]] const Channels& all() const { return all_; }
  // Whether a port was asked for that is not known because there were too many at once.
  [[nodiscard]] bool has_missed() const { return has_missed_; }
  // Those of one port; null: nothing came from it.
  [[nodiscard]] const Channels* of(std::string_view port) const;

 private:
  // A port that goes away is forgotten; ports that come and go for ever are so many at once.
  static constexpr std::size_t most_ports = 256;

  Channels all_;
  bool has_overflowed_ = false;
  mutable bool has_missed_ = false;
  std::map<std::string, Channels, std::less<>> ports_;
  std::string_view last_port_; // that of the event before
  Channels* last_ = nullptr;   // and its channels
};

} // namespace mm::py
