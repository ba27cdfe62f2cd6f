// RtMidi's ports; on Linux, those of a JACK server.
//
//   JACK ──▶ RtMidi's callback ──▶ a ring for each port ──▶ receive()
//   send() ──▶ RtMidi's own ring ──▶ JACK, at the start of its next period
//
// What RtMidi would lose in silence is not given to it: a message that is too long for its ring
// is refused, and no more is handed over in a period than the ring and JACK's port buffer take.
#include "io/clock.hpp"
#include "io/ring.hpp"
#include "io/wakeup.hpp"
#include "port/backend.hpp"
#include "port/jack_watch.hpp"
#include "wire/decoder.hpp"
#include "wire/encoder.hpp"

#include <rtmidi/RtMidi.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <optional>
#include <utility>

namespace mm {

namespace {

// RtMidi keeps what is to be sent in a ring of 16,384 bytes, with four bytes before each message.
constexpr std::size_t rtmidi_ring = 16384;
constexpr std::size_t rtmidi_header = 4;
constexpr std::size_t longest_message = rtmidi_ring - rtmidi_header - 1;
// JACK's port buffer of 32,768 bytes takes twelve for each message, and its bytes where those are
// more than four. A period may find in RtMidi's ring what was sent in two; so in one half of what
// fits is sent.
constexpr std::size_t jack_header = 12;
constexpr std::size_t jack_inline = 4;
constexpr std::size_t period_ring = rtmidi_ring / 2 - 64;
constexpr std::size_t period_buffer = 32768 / 2 - 64;
constexpr std::size_t input_ring = 1UL << 20;
// How long JACK is given to do what it was asked for: a second.
constexpr int patience = 200;
constexpr timespec pause{0, 5'000'000};

void ignore_errors(RtMidiError::Type /*type*/, const std::string& /*text*/, void* /*data*/) {}

class RtMidiBackend final : public Backend {
 public:
  explicit RtMidiBackend(const BackendSetup& setup)
      : client_(setup.client), max_sysex_(setup.max_sysex),
        watch_(Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))) {}
  RtMidiBackend(const RtMidiBackend&) = delete;
  RtMidiBackend& operator=(const RtMidiBackend&) = delete;
  ~RtMidiBackend() override {
    for (const auto& [id, output] : outputs_)
      if (output->midi) output->midi->closePort();
    if (!outputs_.empty()) let_periods_end();
  }

  Outcome start() {
    std::cerr.rdbuf(nullptr); // RtMidi prints to it; what is wrong is said in our own words
    return watch_.start(client_);
  }

  [[nodiscard]] std::string_view name() const override { return "rtmidi"; }

  [[nodiscard]] std::string system() const override { return describe_jack_server(); }

  Outcome watch() override { return done(); } // the watch is on from the start

  Result<std::vector<PortInfo>> list(Direction direction) override {
    std::vector<std::string> ours;
    for (const auto& [id, input] : inputs_) ours.push_back(input->own_name);
    for (const auto& [id, output] : outputs_) ours.push_back(output->own_name);
    return watch_.list(direction, ours);
  }

  std::vector<std::string> take_left() override { return watch_.take_left(); }

  Result<PortId> open(const PortInfo& port) override {
    return make(port.direction, private_port, &port);
  }

  Result<PortId> open_virtual(Direction direction, const std::string& name) override {
    const auto most = static_cast<std::size_t>(jack_port_name_size()) - client_.size() - 6;
    if (name.size() > most)
      return Error{"port '" + name + "': JACK takes names of up to " + std::to_string(most) +
                   " bytes"};
    return make(direction, name, nullptr);
  }

  void close(PortId port) override {
    inputs_.erase(port);
    if (const auto at = outputs_.find(port); at != outputs_.end()) {
      if (at->second->midi) {
        at->second->midi->closePort();
        let_periods_end();
      }
      outputs_.erase(at);
    }
  }

  bool is_connected(PortId port) override {
    if (const auto at = inputs_.find(port); at != inputs_.end())
      return watch_.is_connected(at->second->own_name);
    const auto at = outputs_.find(port);
    return at != outputs_.end() && watch_.is_connected(at->second->own_name);
  }

  [[nodiscard]] int descriptor() const override { return watch_.descriptor(); }

  bool receive(Incoming& incoming) override {
    if (!draining_) {
      std::uint64_t count = 0; // before the rings are looked at: what comes later wakes again
      [[maybe_unused]] const ssize_t got = ::read(watch_.descriptor(), &count, sizeof count);
      draining_ = true;
    }
    if (take_message(incoming)) return true;
    draining_ = false;
    if (watch_.has_ended() && !said_ended_) {
      said_ended_ = true;
      incoming = {};
      incoming.type = Incoming::Type::gone;
      return true;
    }
    // What a port sent before it went may still be on its way.
    if (watch_.take_changed()) {
      changed_at_ = watch_.cycles() + 2;
      watch_.wake_at(*changed_at_);
    }
    if (!changed_at_ || watch_.cycles() < *changed_at_) return false;
    if (take_cut_off(incoming)) return true;
    changed_at_.reset();
    incoming = {};
    incoming.type = Incoming::Type::ports_changed;
    return true;
  }

  bool receive_rest(Incoming& incoming) override {
    return std::any_of(inputs_.begin(), inputs_.end(),
                       [&](auto& entry) { return finish(entry.first, *entry.second, incoming); });
  }

  Result<bool> send(PortId port, const Event& message, Nanoseconds /*when*/) override {
    const auto at = outputs_.find(port);
    if (at == outputs_.end()) return true;
    Output& output = *at->second;
    const Message encoded(message);
    const std::string_view bytes = encoded.bytes();
    if (bytes.size() > longest_message)
      return Error{"a sysex of " + std::to_string(bytes.size()) + " bytes is longer than " +
                   std::to_string(longest_message) +
                   ", the most that RtMidi passes on to JACK; --backend alsa takes it"};
    const std::size_t ring = rtmidi_header + bytes.size();
    const std::size_t buffer = jack_header + (bytes.size() > jack_inline ? bytes.size() : 0);
    const std::uint64_t cycle = watch_.cycles();
    if (cycle < output.closed_until) return false;
    if (cycle != output.cycle) {
      output.cycle = cycle;
      output.ring = output.buffer = 0;
    }
    const bool is_long = ring > period_ring || buffer > period_buffer;
    if (is_long) { // goes alone: all before it is out, and nothing follows until it is
      if (cycle < output.out_at) return false;
      output.closed_until = cycle + 2;
    } else if (output.ring + ring > period_ring || output.buffer + buffer > period_buffer) {
      return false;
    }
    output.ring += ring;
    output.buffer += buffer;
    output.out_at = cycle + 2;
    try {
      output.midi->sendMessage(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    } catch (const RtMidiError& error) {
      return Error{error.getMessage()};
    }
    return true;
  }

  [[nodiscard]] bool schedules() const override { return false; }
  [[nodiscard]] std::size_t sysex_piece(PortId /*port*/) const override { return 0; }

  bool is_drained() override {
    // One more, since a period that had begun when we sent may have been too late for it.
    return watch_.has_ended() ||
           std::all_of(outputs_.begin(), outputs_.end(),
                       [&](const auto& entry) { return watch_.cycles() > entry.second->out_at; });
  }

  void cancel() override {}

 private:
  struct Input {
    Input(int wake_fd, std::size_t max_sysex)
        : ring(input_ring), wake(wake_fd), decoder(max_sysex) {}
    Ring ring;
    int wake;
    Decoder decoder;
    std::string_view bytes; // of the ring's first record, not decoded yet
    Nanoseconds time = 0;
    std::uint64_t lost = 0; // before that record
    bool has_record = false;
    std::string own_name;
    std::unique_ptr<RtMidiIn> midi; // the last member: it goes first, and its callback with it
  };
  struct Output {
    std::string own_name;
    std::uint64_t cycle = 0;        // the period in which this was sent:
    std::size_t ring = 0;           // bytes in RtMidi's ring
    std::size_t buffer = 0;         // bytes in JACK's buffer
    std::uint64_t out_at = 0;       // the period in which all is out for sure
    std::uint64_t closed_until = 0; // a long message is on its way
    std::unique_ptr<RtMidiOut> midi;
  };

  // Gives what was begun at a port and not completed.
  static bool finish(PortId id, Input& input, Incoming& incoming) {
    incoming = {};
    incoming.port = id;
    if (!input.decoder.finish(incoming.event)) return false;
    incoming.event.time = now();
    incoming.event.time_form = TimeForm::absolute;
    return true;
  }

  // What a port that has gone had begun: before it is told that it went.
  bool take_cut_off(Incoming& incoming) {
    return std::any_of(inputs_.begin(), inputs_.end(), [&](auto& entry) {
      return !watch_.is_connected(entry.second->own_name) &&
             finish(entry.first, *entry.second, incoming);
    });
  }

  // Runs in JACK's thread.
  static void receive_message(double /*delta*/, std::vector<unsigned char>* message, void* data) {
    auto& input = *static_cast<Input*>(data);
    input.ring.push(now(), {reinterpret_cast<const char*>(message->data()), message->size()});
    wake(input.wake);
  }

  Result<PortId> make(Direction direction, const std::string& name, const PortInfo* peer) {
    constexpr int tries = 3; // a server that is busy refuses a client now and then
    std::optional<PortId> id;
    for (int i = 0; i < tries && !id && !watch_.has_ended(); ++i) id = make_once(direction, name);
    if (!id) return Error{"port '" + name + "': JACK does not make it"};
    const std::string& ours =
        direction == Direction::input ? inputs_[*id]->own_name : outputs_[*id]->own_name;
    const bool connected =
        peer == nullptr || (direction == Direction::input ? watch_.connect(peer->address, ours)
                                                          : watch_.connect(ours, peer->address));
    if (connected && await(peer != nullptr, ours)) return *id;
    close(*id);
    return Error{"port '" + (peer != nullptr ? peer->full_name() : name) +
                 "': JACK does not connect it"};
  }

  // RtMidi's output frees its ring while JACK's thread may still be reading it (5.0.0). Once the
  // port is closed it reads no more: so the periods that have begun are waited for between the two.
  void let_periods_end() {
    const std::uint64_t since = watch_.cycles();
    for (int i = 0; i < patience && !watch_.has_ended() && watch_.cycles() < since + 2; ++i)
      ::nanosleep(&pause, nullptr);
  }

  // Makes a port that is not connected. (RtMidi would connect it with one of an index, which moves
  // when ports come and go.)
  std::optional<PortId> make_once(Direction direction, const std::string& name) {
    const auto flags = direction == Direction::input ? JackPortIsInput : JackPortIsOutput;
    const auto before = watch_.names(flags);
    const PortId id = next_++;
    RtMidi* midi = nullptr;
    std::string* own_name = nullptr;
    try {
      if (direction == Direction::input) {
        auto& input = inputs_[id] = std::make_unique<Input>(watch_.descriptor(), max_sysex_);
        input->midi = std::make_unique<RtMidiIn>(RtMidi::UNIX_JACK, client_);
        input->midi->setErrorCallback(ignore_errors);
        input->midi->ignoreTypes(false, false, false);
        input->midi->setCallback(receive_message, input.get());
        own_name = &input->own_name;
        midi = input->midi.get();
      } else {
        auto& output = outputs_[id] = std::make_unique<Output>();
        output->midi = std::make_unique<RtMidiOut>(RtMidi::UNIX_JACK, client_);
        output->midi->setErrorCallback(ignore_errors);
        own_name = &output->own_name;
        midi = output->midi.get();
      }
      midi->openVirtualPort(name);
      *own_name = find_own(*midi, before, flags, name);
      if (!own_name->empty()) return id;
    } catch (const RtMidiError& error) {
      ignore_errors(error.getType(), error.getMessage(), nullptr);
    }
    close(id);
    return {};
  }

  // JACK changes its graph between two periods: waits until the new port is connected, and until
  // what is sent there arrives.
  bool await(bool connected, const std::string& own_name) {
    std::optional<std::uint64_t> since;
    for (int i = 0; i < patience && !watch_.has_ended(); ++i) {
      if (!since && (!connected || watch_.is_connected(own_name))) since = watch_.cycles();
      if (since && watch_.cycles() >= *since + 2) return true;
      ::nanosleep(&pause, nullptr);
    }
    return since.has_value();
  }

  // RtMidi does not say under which name JACK knows its port: it is the one that is new, of a
  // client of our name. Where another process of ours makes one at the same time, ours is the one
  // that can be renamed.
  std::string find_own(RtMidi& midi, const std::vector<std::string>& before, unsigned long flags,
                       const std::string& name) {
    std::vector<std::string> fitting;
    for (int i = 0; i < patience && fitting.empty() && !watch_.has_ended(); ++i) {
      if (i > 0) ::nanosleep(&pause, nullptr);
      fitting = new_ports(before, flags, name);
    }
    if (fitting.size() < 2) return fitting.empty() ? std::string() : fitting.front();
    const std::string mark =
        name + " of " + std::to_string(::getpid()) + '.' + std::to_string(next_);
    std::string found;
    midi.setPortName(mark);
    for (int i = 0; i < patience && found.empty() && !watch_.has_ended(); ++i) {
      if (i > 0) ::nanosleep(&pause, nullptr);
      const auto marked = new_ports(before, flags, mark);
      if (!marked.empty()) found = marked.front();
    }
    midi.setPortName(name);
    return found.empty() ? found : found.substr(0, found.find(':') + 1) + name;
  }

  // Those that were not there before, of clients "CLIENT" or "CLIENT-01", as JACK makes them.
  std::vector<std::string> new_ports(const std::vector<std::string>& before, unsigned long flags,
                                     const std::string& name) {
    std::vector<std::string> found;
    for (const std::string& port : watch_.names(flags)) {
      const std::size_t colon = port.find(':');
      const bool is_new = std::find(before.begin(), before.end(), port) == before.end();
      if (is_new && port.starts_with(client_) && port.substr(colon + 1) == name)
        found.push_back(port);
    }
    return found;
  }

  // Of the messages that wait, the one that came first.
  bool take_message(Incoming& incoming) {
    while (true) {
      const auto first = oldest();
      if (first == inputs_.end()) return take_lost(incoming);
      Input& input = *first->second;
      incoming = {};
      incoming.port = first->first;
      if (input.lost > 0) {
        incoming.type = Incoming::Type::lost;
        incoming.count = std::exchange(input.lost, 0);
        return true;
      }
      if (input.decoder.next(input.bytes, incoming.event) ||
          input.decoder.finish_packet(incoming.event)) {
        incoming.event.time = input.time;
        incoming.event.time_form = TimeForm::absolute;
        return true;
      }
      input.ring.pop();
      input.has_record = false;
    }
  }

  // What was lost after the last message that there was room for.
  bool take_lost(Incoming& incoming) {
    for (auto& [id, input] : inputs_) {
      const std::uint64_t lost = input->ring.take_lost();
      if (lost == 0) continue;
      incoming = {};
      incoming.type = Incoming::Type::lost;
      incoming.port = id;
      incoming.count = lost;
      return true;
    }
    return false;
  }

  using Inputs = std::map<PortId, std::unique_ptr<Input>>;

  Inputs::iterator oldest() {
    auto first = inputs_.end();
    for (auto at = inputs_.begin(); at != inputs_.end(); ++at) {
      Input& input = *at->second;
      Ring::Record record;
      if (!input.has_record && input.ring.front(record)) {
        input.has_record = true;
        input.bytes = record.bytes;
        input.time = record.time;
        input.lost = record.lost;
      }
      if (input.has_record && (first == inputs_.end() || input.time < first->second->time))
        first = at;
    }
    return first;
  }

  std::string client_;
  std::size_t max_sysex_;
  JackWatch watch_;
  bool draining_ = false;
  bool said_ended_ = false;
  std::optional<std::uint64_t> changed_at_; // the cycle in which a change of the graph is told
  PortId next_ = 0;
  Inputs inputs_;
  std::map<PortId, std::unique_ptr<Output>> outputs_;
};

} // namespace

} // namespace mm

extern "C" __attribute__((visibility("default"))) bool
mm_open_backend(const mm::BackendSetup& setup, std::unique_ptr<mm::Backend>& backend,
                mm::Error& error) {
  auto rtmidi = std::make_unique<mm::RtMidiBackend>(setup);
  const auto started = rtmidi->start();
  if (!started) {
    error = started.error();
    return false;
  }
  backend = std::move(rtmidi);
  return true;
}
