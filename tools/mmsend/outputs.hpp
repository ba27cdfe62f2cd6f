// The output ports, and which of them a line is for.
#pragma once

#include "port/connections.hpp"
#include "port/sender.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace mm::send {

class Outputs {
 public:
  Outputs(const Connections& connections, SysexPace pace, bool wait)
      : connections_(connections), pace_(pace), wait_(wait) {}

  enum class Sent : std::uint8_t {
    all,
    busy,    // a port has no room just now: the same event again, in a millisecond
    waiting, // a port is not there, and is waited for: the same event again, when it has come
  };

  // Sends `event` to the ports it is for: the one that its tag names, else all.
  Sent send(Backend* backend, const Event& event, Nanoseconds when);

  // Whether each port that `event` is for takes it ahead of its time.
  bool can_schedule(Backend* backend, const Event& event);

  // A port has gone, and what was sent ahead of its time with it.
  void forget(PortId id);

  void cancel();
  [[nodiscard]] bool any_sounding();

  // Sends what raw bytes began and nothing completed; false: not all was taken yet.
  bool finish(Backend* backend);

  // Releases what sounds, on all ports; false: not all was taken yet.
  bool release(Backend* backend);

  // Events that went nowhere, since their port had gone; and those that could not be sent.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  // What is to be said on stderr; empties it.
  std::vector<std::string> take_notices() { return std::exchange(notices_, {}); }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  std::vector<std::size_t> targets(const Event& event);
  Sender& sender(Backend& backend, PortId id);
  void note_unknown_tag(const Event& event);
  void note_unheard(const Connections::Port& port);
  void report(const Connections::Port& port, const Error& error);

  const Connections& connections_;
  SysexPace pace_;
  bool wait_;
  std::map<PortId, Sender> senders_;
  std::vector<std::size_t> left_; // ports that have not taken the event in hand
  bool in_hand_ = false;
  std::set<std::string, std::less<>> unknown_; // tags that were mentioned,
  std::set<std::string> unheard_;              // and virtual ports
  std::vector<std::string> notices_;
  std::uint64_t dropped_ = 0;
  bool failed_ = false;
};

} // namespace mm::send
