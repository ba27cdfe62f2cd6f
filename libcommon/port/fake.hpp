// A backend without a system behind it, for tests: ports are plugged and unplugged, events come
// in and go out as the test says.
#pragma once

#include "port/backend.hpp"

#include <deque>
#include <map>
#include <set>
#include <utility>

namespace mm {

class Fake final : public Backend {
 public:
  struct Sent {
    PortId port = 0;
    std::string line; // the event as text
    Nanoseconds when = 0;
    friend bool operator==(const Sent&, const Sent&) = default;
  };

  void plug(const PortInfo& port);
  void unplug(const std::string& address);
  // Unplugs it and plugs it in again, before anybody looks.
  void replug(const std::string& address);
  void connect_virtual(PortId port, bool connected);
  void deliver(PortId port, const std::string& line, Nanoseconds time);

  std::vector<Sent> sent;
  std::size_t room = SIZE_MAX; // messages that send() takes before it says that it is full
  bool can_schedule = false;
  std::size_t piece = 0;
  bool cancelled = false;
  std::string fault;             // if any, what send() fails with
  std::set<std::string> refused; // addresses that are there, and cannot be connected just now

  // How many ports of our own are open.
  [[nodiscard]] std::size_t open_ports() const { return open_.size() + virtual_.size(); }

  [[nodiscard]] std::string_view name() const override { return "fake"; }
  [[nodiscard]] std::string system() const override { return "the fake"; }
  Outcome watch() override { return done(); }
  Result<std::vector<PortInfo>> list(Direction direction) override;
  std::vector<std::string> take_left() override { return std::exchange(left_, {}); }
  Result<PortId> open(const PortInfo& port) override;
  Result<PortId> open_virtual(Direction direction, const std::string& name) override;
  void close(PortId port) override;
  bool is_connected(PortId port) override;
  [[nodiscard]] int descriptor() const override { return -1; }
  bool receive(Incoming& incoming) override;
  bool receive_rest(Incoming& /*incoming*/) override { return false; }
  Result<bool> send(PortId port, const Event& message, Nanoseconds when) override;
  [[nodiscard]] bool schedules() const override { return can_schedule; }
  [[nodiscard]] std::size_t sysex_piece(PortId /*port*/) const override { return piece; }
  bool is_drained() override { return true; }
  void cancel() override { cancelled = true; }

 private:
  struct Arrival {
    Incoming incoming;
    std::string line;
  };
  void changed();

  std::vector<PortInfo> there_;
  std::vector<std::string> left_;
  std::map<PortId, std::string> open_; // the address that a port of ours is connected with
  std::map<PortId, bool> virtual_;
  std::deque<Arrival> arrivals_;
  std::string line_;
  PortId next_ = 0;
};

} // namespace mm
