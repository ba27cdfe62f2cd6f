// Our side of JACK's real-time thread: it copies messages between port buffers and lock-free rings,
// each on its frame, and does nothing else.
//
//   input ports ──▶ ring ──▶ receive()
//   send() ──▶ ring ──▶ what waits for its frame ──▶ output ports ──▶ ring ──▶ take_back()
//
// What is sent stays ours until it comes back, so all memory is allocated and freed outside, and
// what has really been played is known.
#pragma once

#include "cycles.hpp"
#include "io/descriptor.hpp"
#include "io/ring.hpp"
#include "jack_time.hpp"

#include <jack/jack.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mm::jack {

// A message on its way to an output port.
struct Outgoing {
  Frame frame = 0; // 0: as soon as possible
  std::uint64_t sequence = 0;
  std::uint32_t port = 0;
  enum class Fate : std::uint8_t { waiting, played, late, cancelled };
  Fate fate = Fate::waiting;
  std::string bytes;
};

// A message that came in.
struct Received {
  std::uint32_t port = 0;
  Nanoseconds time = 0;   // of its frame, on CLOCK_MONOTONIC
  std::uint64_t lost = 0; // how many were lost before it
  std::string_view bytes; // until the next call
};

class Engine {
 public:
  // At most so many messages may be on their way at once.
  static constexpr std::size_t most_waiting = 16384;

  // `wake` is an eventfd, which is written to when there is something to take.
  explicit Engine(int wake);

  // Before start(). The ports are those of `client`, numbered from 0; their order is kept.
  void add_input(jack_port_t* port) { inputs_.push_back({port}); }
  void add_output(jack_port_t* port) { outputs_.push_back({port}); }

  // Sets the process callback of a client that is not active yet.
  void attach(jack_client_t* client);
  // The client is gone: all that waits comes back as cancelled, and new ports may be added.
  void detach();

  // --- from here on: the loop's side, one thread ---

  // The oldest message; false if there is none just now.
  bool receive(Received& received);
  // After false: what was lost since the last message.
  std::uint64_t take_lost() { return received_.take_lost(); }

  // Sends a message on its way. There must not be more than most_waiting.
  void send(std::unique_ptr<Outgoing> message);
  // One that has been dealt with; null if there is none.
  std::unique_ptr<Outgoing> take_back();
  [[nodiscard]] std::size_t waiting() const { return waiting_; }

  // What was sent until now and has not been played yet comes back as cancelled.
  void cancel() { cancel_before_.store(sequence_); }

  [[nodiscard]] const Cycles& cycles() const { return cycles_; }
  // The longest message that a port takes; 0: not known yet.
  [[nodiscard]] std::size_t longest() const { return longest_.load(); }

 private:
  struct Port {
    jack_port_t* port = nullptr;
    void* buffer = nullptr;
    std::uint32_t next = 0;  // input: the event that comes next
    std::uint32_t count = 0; // and how many there are
    bool is_full = false;    // output
  };

  static int process(jack_nframes_t frames, void* self);
  bool read_inputs(const Cycle& cycle);
  bool write_outputs(const Cycle& cycle);
  void take_sent();
  bool put(Outgoing& message, const Cycle& cycle);
  void give_back(Outgoing* message);
  bool cancel_until(std::uint64_t sequence);

  jack_client_t* client_ = nullptr;
  int wake_;
  std::vector<Port> inputs_;
  std::vector<Port> outputs_;
  Cycles cycles_;
  JackTime time_;
  Ring received_;
  Ring sent_;
  Ring returned_;
  std::vector<Outgoing*> heap_; // what waits for its frame: the first one is due first
  std::vector<Outgoing*> kept_; // for the next cycle, since a port is full
  Frame next_frame_ = 0;        // unwrapped
  bool has_begun_ = false;
  bool holds_record_ = false;
  std::size_t waiting_ = 0;
  std::uint64_t sequence_ = 1;
  std::atomic<std::uint64_t> cancel_before_{0}; // a sequence; 0: nothing is to be cancelled
  std::atomic<std::size_t> longest_{0};
};

} // namespace mm::jack
