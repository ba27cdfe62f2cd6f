// MIDI ports, whatever system they belong to: the small contract behind which each backend
// (ALSA's sequencer, RtMidi, the fake of the tests) stands.
#pragma once

#include "event/event.hpp"
#include "event/interface.hpp"
#include "event/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mm {

// As seen from the tool: an input is a port that it receives from.
enum class Direction : std::uint8_t { input, output };

// A port of somebody else's.
struct PortInfo {
  std::string backend; // "alsa", "jack"
  Direction direction = Direction::input;
  std::string client;     // who owns it: "Midi Through"
  std::string name;       // "Midi Through Port-0"
  std::string address;    // what stands for it exactly: "14:0"
  bool connected = false; // with anybody

  [[nodiscard]] std::string full_name() const { return client + ':' + name; }
  friend bool operator==(const PortInfo&, const PortInfo&) = default;
};

// One of our own ports, as open() and open_virtual() number them.
using PortId = int;

// What receive() gives.
struct Incoming {
  enum class Type : std::uint8_t {
    event,         // an event came in at `port`
    lost,          // `count` events were lost there, before what comes next
    undelivered,   // `count` events that send() had taken could not be delivered
    ports_changed, // a port came or went, or was connected or disconnected: list() again
    gone,          // the MIDI system has ended; nothing but closing makes sense
  };
  Type type = Type::event;
  PortId port = 0;
  std::uint64_t count = 0;
  Event event; // its time is that of CLOCK_MONOTONIC; data hold until the next receive()
};

class Backend : public Interface {
 public:
  [[nodiscard]] virtual std::string_view name() const = 0;

  // What its ports belong to, for a person: "the JACK server 'default'".
  [[nodiscard]] virtual std::string system() const = 0;

  // From now on receive() says ports_changed, even while no port is open.
  virtual Outcome watch() = 0;

  // The ports of others that we could open, without our own.
  virtual Result<std::vector<PortInfo>> list(Direction direction) = 0;

  // The addresses of ports that have gone since this was asked last, even if another one is
  // there by now: a device that was plugged in again at once has the same address. To be asked
  // before list().
  virtual std::vector<std::string> take_left() { return {}; }

  // Makes a port of ours and connects it with the port of others that is at that address.
  virtual Result<PortId> open(const PortInfo& port) = 0;

  // Makes a port of ours that others connect with.
  virtual Result<PortId> open_virtual(Direction direction, const std::string& name) = 0;

  virtual void close(PortId port) = 0;

  // Whether anybody is connected with that port of ours.
  virtual bool is_connected(PortId port) = 0;

  // Readable when receive() has something to give.
  [[nodiscard]] virtual int descriptor() const = 0;

  // What came in, without waiting; false if there is nothing.
  virtual bool receive(Incoming& incoming) = 0;

  // What was begun at an input and will not be completed, as Kind::raw: asked for at the end,
  // until it says false.
  virtual bool receive_rest(Incoming& incoming) = 0;

  // --- output ---

  // Hands over a message: no cc14, rpn, nrpn or meta event. `when`, on CLOCK_MONOTONIC, is 0 for
  // now, or a time in the future where schedules() allows it. False: it was not taken, since
  // there is no room just now; try again in a millisecond. A message that can never be sent is
  // an error that says why.
  virtual Result<bool> send(PortId port, const Event& message, Nanoseconds when) = 0;

  // Whether send() takes times in the future.
  [[nodiscard]] virtual bool schedules() const = 0;

  // The longest sysex that is sent as one message; a longer one is sent as events of
  // Kind::sysex whose data are pieces of it. 0: any length, in one message.
  [[nodiscard]] virtual std::size_t sysex_piece(PortId port) const = 0;

  // Whether all that was sent has been delivered.
  virtual bool is_drained() = 0;

  // Takes back what was scheduled for later.
  virtual void cancel() = 0;
};

// What a backend is to know.
struct BackendSetup {
  std::string client;                        // what others see as our name
  std::size_t max_sysex = default_max_sysex; // a longer one that comes in is no MIDI
};

// Opens the backend of that name; "" is the best one that is there: alsa where the kernel has a
// sequencer, else rtmidi. An error says what is missing and how to get it.
Result<std::unique_ptr<Backend>> open_backend(std::string_view name, const BackendSetup& setup);

inline constexpr std::string_view backend_names[] = {"alsa", "rtmidi"};

// What a backend's module exports, as "mm_open_backend".
using OpenBackend = bool(const BackendSetup& setup, std::unique_ptr<Backend>& backend,
                         Error& error);

} // namespace mm
