// The ports that a tool was asked for: opens them, waits for those that are not there yet, and
// takes them up again when they come back.
#pragma once

#include "io/clock.hpp"
#include "port/backend.hpp"
#include "port/choose.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mm {

struct PortOptions {
  std::vector<PortRequest> ports;            // -p
  std::vector<PortRequest> virtuals;         // --virtual
  bool all = false;                          // --all: every port there is, and those that come
  bool wait = false;                         // --wait: for ports that are not there
  std::size_t max_sysex = default_max_sysex; // of what comes in
};

class Connections {
 public:
  struct Port {
    PortRequest request;
    bool is_virtual = false;
    std::string tag;          // what its events carry: the one that was given, or one of its name
    std::string peer;         // the full name of the other port, once it was found
    std::string name;         // without its client,
    std::string address;      // and its address
    std::optional<PortId> id; // our own port, while it is open
    bool connected = false;   // with the other port; a virtual one, with anybody
    std::string fault;        // why none of the ports that are there will do
    std::vector<std::string> others; // ports of the same name that were there when it went
  };

  // Which port has been connected or disconnected.
  struct Change {
    std::size_t index = 0;
    bool connected = false;
    PortId id = 0;        // our own port; closed already if the other one has gone
    Nanoseconds time = 0; // before any event that came by a new connection
  };

  Connections(Direction direction, PortOptions options);

  // Opens what is there. A port that is missing is an error, or is waited for. Once it has
  // succeeded, this opens the ports again in a system that was started anew, and waits for those
  // that are missing.
  Outcome open(Backend& backend, Nanoseconds current = now());

  // After Incoming::ports_changed: looks at what there is now, closes and opens.
  Result<std::vector<Change>> update(Backend& backend, Nanoseconds current = now());

  // What is to be said to the user of ports that are waited for; empties it.
  std::vector<std::string> take_notices() { return std::exchange(notices_, {}); }

  // When update() is to be called again, on CLOCK_MONOTONIC, since a port that is there could not
  // be connected: JACK shows ports a moment before they can be, and others let nobody in for long.
  [[nodiscard]] std::optional<Nanoseconds> next_try() const;

  // The MIDI system has gone, and every port with it.
  std::vector<Change> drop();

  [[nodiscard]] const std::vector<Port>& ports() const { return ports_; }
  [[nodiscard]] const Port* find(PortId id) const;
  [[nodiscard]] bool any_connected() const;
  [[nodiscard]] bool all_connected() const;

  // Whether lines say which port they are of: there are several, or the user named one.
  [[nodiscard]] bool tagged() const;

 private:
  Outcome connect(Backend& backend, Port& port, const PortInfo& peer);
  Outcome add_new(Backend& backend, const std::vector<PortInfo>& there);
  Outcome find_missing(Backend& backend, const std::vector<PortInfo>& there);
  Outcome find_first(Backend& backend, Port& port, const std::vector<PortInfo>& there);
  [[nodiscard]] bool is_taken(const PortInfo& peer) const;
  [[nodiscard]] bool is_too_early(const PortInfo& peer) const;
  [[nodiscard]] const PortInfo* find_again(const Port& port,
                                           const std::vector<PortInfo>& there) const;
  [[nodiscard]] std::string free_tag(const PortInfo& peer) const;

  Direction direction_;
  PortOptions options_;
  std::vector<Port> ports_;
  bool started_ = false;       // open() has succeeded once
  Nanoseconds current_ = 0;    // the time of this turn
  std::vector<PortInfo> seen_; // what was there at the last look
  // Ports that could not be connected, by address.
  struct Refusal {
    int tries = 0;
    Nanoseconds next = 0; // when it is tried again
  };
  std::map<std::string, Refusal> refusals_;
  std::vector<std::string> notices_;
};

} // namespace mm
