// What RtMidi does not tell of the JACK server: which ports there are, when one comes or goes,
// when the server ends, and how far it has come.
#pragma once

#include "event/result.hpp"
#include "io/descriptor.hpp"
#include "port/backend.hpp"
#include "port/jack_client.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace mm {

// What a port of ours is called that nobody else is to connect with: JACK has no other way to say
// so, and under the name of the port that it is connected with it would be taken for that.
inline constexpr const char* private_port = "private";

// A JACK client without ports. Its callbacks only set flags and wake the loop.
class JackWatch {
 public:
  explicit JackWatch(Descriptor wake) : wake_(std::move(wake)) {}
  JackWatch(const JackWatch&) = delete;
  JackWatch& operator=(const JackWatch&) = delete;
  ~JackWatch() = default;

  // Connects with the server that JACK_DEFAULT_SERVER names; starts none.
  Outcome start(const std::string& client);

  // The MIDI ports of others: all but those named in `ours`, and those that a tool of ours has
  // only to connect itself with.
  std::vector<PortInfo> list(Direction direction, const std::vector<std::string>& ours);

  // Those of the last list() that have gone since, even if one of the same name came again.
  std::vector<std::string> take_left();

  // Those that are there now, by full name, of one direction.
  std::vector<std::string> names(unsigned long flags);

  [[nodiscard]] bool is_connected(const std::string& port);

  // Connects two ports, an output and an input; false if JACK refuses that.
  bool connect(const std::string& source, const std::string& destination);

  // An eventfd: readable when one of these has become true.
  [[nodiscard]] int descriptor() const { return wake_.get(); }
  bool take_changed() { return changed_.exchange(false); }
  [[nodiscard]] bool has_ended() const { return ended_.load(); }

  // Wakes the loop in that cycle, or in the next one if it has begun.
  void wake_at(std::uint64_t cycle) { wake_at_.store(cycle); }

  // The number of process cycles that the server has begun since start().
  [[nodiscard]] std::uint64_t cycles() const { return cycles_.load(std::memory_order_acquire); }

 private:
  void wake() const;
  void changed();

  Descriptor wake_;
  jack_client_t* client_ = nullptr; // own_, whose callbacks use what follows
  std::atomic<bool> changed_{false};
  std::atomic<bool> ended_{false};
  std::atomic<std::uint64_t> cycles_{0};
  std::atomic<std::uint64_t> wake_at_{0}; // 0: not asked for
  std::mutex left_mutex_;                 // JACK's thread for notifications is no real-time one
  std::vector<jack_port_id_t> left_;      // ports that have gone
  std::map<const jack_port_t*, std::string> known_; // what list() found
  JackClient own_; // the last member: it goes first, and its callbacks with it
};

} // namespace mm
