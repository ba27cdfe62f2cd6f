// Our input ports: what comes in becomes events, with the time of their frames.
#pragma once

#include "engine.hpp"
#include "event/sounding.hpp"
#include "wire/decoder.hpp"

#include <functional>
#include <string>
#include <vector>

namespace mm::jack {

class Inlets {
 public:
  Inlets(Engine& engine, const std::vector<std::string>& names, std::size_t max_sysex);

  // Where events go; true: it was passed on. Their times are on CLOCK_MONOTONIC.
  using Sink = std::function<bool(const Event&)>;

  // Passes on what has come, and calls `lost` with the number of messages that there was no room
  // for.
  void receive(const Sink& sink, const std::function<void(std::uint64_t)>& lost);

  // A source has gone: passes on what it has begun and not ended.
  void silence(std::size_t port, const Sink& sink);

  // Passes on what ends those notes that go on sounding behind the sink alone.
  void make_up(const Sink& sink);

  [[nodiscard]] std::size_t count() const { return inlets_.size(); }
  [[nodiscard]] const std::string& tag(std::size_t port) const { return inlets_[port].tag; }

 private:
  struct Inlet {
    std::string tag;
    Decoder decoder;
    LossySounding notes;
    Nanoseconds last = 0; // the latest TIME of an event: what ends notes must not be earlier
  };

  static void pass(Inlet& inlet, Event event, const Sink& sink);

  Engine& engine_;
  std::vector<Inlet> inlets_;
};

} // namespace mm::jack
