// What RtMidi does not tell of the JACK server: which ports there are, when one comes or goes,
// when the server ends, and how far it has come.
#pragma once

#include "event/result.hpp"
#include "io/descriptor.hpp"
#include "port/backend.hpp"

#include <jack/jack.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace mm {

// A JACK client without ports. Its callbacks only set flags and wake the loop.
class JackWatch {
 public:
  explicit JackWatch(Descriptor wake) : wake_(std::move(wake)) {}
  JackWatch(const JackWatch&) = delete;
  JackWatch& operator=(const JackWatch&) = delete;
  ~JackWatch();

  // Connects with the server that JACK_DEFAULT_SERVER names; starts none.
  Outcome start(const std::string& client);

  // The MIDI ports of others: all but those named in `ours`.
  std::vector<PortInfo> list(Direction direction, const std::vector<std::string>& ours);

  // Those that are there now, by full name, of one direction.
  std::vector<std::string> names(unsigned long flags);

  [[nodiscard]] bool is_connected(const std::string& port);

  // Whether the client that owns the port of that name is of this process.
  static bool is_mine(const std::string& port);

  // An eventfd: readable when one of these has become true.
  [[nodiscard]] int descriptor() const { return wake_.get(); }
  bool take_changed() { return changed_.exchange(false); }
  [[nodiscard]] bool has_ended() const { return ended_.load(); }

  // The number of process cycles that the server has begun since start().
  [[nodiscard]] std::uint64_t cycles() const { return cycles_.load(std::memory_order_acquire); }

 private:
  void wake() const;

  Descriptor wake_;
  jack_client_t* client_ = nullptr;
  std::atomic<bool> changed_{false};
  std::atomic<bool> ended_{false};
  std::atomic<std::uint64_t> cycles_{0};
};

} // namespace mm
