#include "engine.hpp"

#include "io/wakeup.hpp"

#include <jack/midiport.h>

#include <algorithm>
#include <cstring>

namespace mm::jack {

namespace {

constexpr std::size_t input_ring = 1UL << 20;
// A record with a pointer takes 32 bytes.
constexpr std::size_t pointer_ring = Engine::most_waiting * 64;

std::string_view as_bytes(Outgoing* const& message) {
  return {reinterpret_cast<const char*>(&message), sizeof(void*)};
}

Outgoing* pop(Ring& ring) {
  Ring::Record record;
  if (!ring.front(record)) return nullptr;
  Outgoing* message = nullptr;
  std::memcpy(&message, record.bytes.data(), sizeof(void*));
  ring.pop();
  return message;
}

// What is due later stands deeper in the heap; on one frame, what was sent later.
bool is_later(const Outgoing* a, const Outgoing* b) {
  return a->frame != b->frame ? a->frame > b->frame : a->sequence > b->sequence;
}

} // namespace

Engine::Engine(int wake)
    : wake_(wake), received_(input_ring), sent_(pointer_ring), returned_(pointer_ring) {
  heap_.reserve(most_waiting);
  kept_.reserve(most_waiting);
}

void Engine::attach(jack_client_t* client) {
  client_ = client;
  has_begun_ = false;
  cycles_.clear();
  longest_ = 0;
  time_.start();
  jack_set_process_callback(client, process, this);
}

void Engine::detach() {
  client_ = nullptr;
  take_sent();
  cancel_until(sequence_);
  inputs_.clear();
  outputs_.clear();
}

// --- the real-time thread ---

int Engine::process(jack_nframes_t frames, void* self) {
  auto& engine = *static_cast<Engine*>(self);
  jack_nframes_t first = 0;
  jack_time_t begin = 0;
  jack_time_t end = 0;
  float period = 0;
  if (jack_get_cycle_times(engine.client_, &first, &begin, &end, &period) != 0) return 0;
  // JACK counts frames with 32 bits, which last for a day.
  if (!std::exchange(engine.has_begun_, true)) engine.next_frame_ = first;
  engine.next_frame_ +=
      static_cast<std::int32_t>(first - static_cast<jack_nframes_t>(engine.next_frame_));
  constexpr Nanoseconds microsecond = 1000;
  const Nanoseconds offset = engine.time_.offset();
  Cycle cycle{engine.next_frame_, frames, static_cast<Nanoseconds>(begin) * microsecond + offset,
              static_cast<Nanoseconds>(end) * microsecond + offset};
  if (cycle.end <= cycle.begin) // freewheeling
    cycle.end = cycle.begin + frames * second / jack_get_sample_rate(engine.client_);
  engine.cycles_.add(cycle);
  const bool received = engine.read_inputs(cycle);
  const bool returned = engine.write_outputs(cycle);
  if (received || returned) {
    wake(engine.wake_);
  }
  return 0;
}

// The events of all ports, in the order of their frames.
bool Engine::read_inputs(const Cycle& cycle) {
  bool any = false;
  for (Port& port : inputs_) {
    port.buffer = jack_port_get_buffer(port.port, cycle.frames);
    port.count = jack_midi_get_event_count(port.buffer);
    port.next = 0;
    // Several sources together may be more than the buffer holds.
    if (const std::uint32_t lost = jack_midi_get_lost_event_count(port.buffer); lost > 0) {
      received_.add_lost(lost);
      any = true;
    }
  }
  while (true) {
    std::size_t first = inputs_.size();
    jack_midi_event_t event{};
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      jack_midi_event_t candidate{};
      if (inputs_[i].next == inputs_[i].count ||
          jack_midi_event_get(&candidate, inputs_[i].buffer, inputs_[i].next) != 0)
        continue;
      if (first < inputs_.size() && candidate.time >= event.time) continue;
      first = i;
      event = candidate;
    }
    if (first == inputs_.size()) return any;
    ++inputs_[first].next;
    received_.push(cycle.time_of(event.time),
                   {reinterpret_cast<const char*>(event.buffer), event.size},
                   static_cast<std::uint32_t>(first));
    any = true;
  }
}

bool Engine::write_outputs(const Cycle& cycle) {
  for (Port& port : outputs_) {
    port.buffer = jack_port_get_buffer(port.port, cycle.frames);
    jack_midi_clear_buffer(port.buffer);
    port.is_full = false;
    if (longest_.load(std::memory_order_relaxed) == 0)
      longest_.store(jack_midi_max_event_size(port.buffer), std::memory_order_relaxed);
  }
  take_sent();
  bool any = false;
  if (const std::uint64_t before = cancel_before_.exchange(0); before > 0)
    any = cancel_until(before);
  while (!heap_.empty() && heap_.front()->frame < cycle.frame + cycle.frames) {
    std::pop_heap(heap_.begin(), heap_.end(), is_later);
    Outgoing* const message = heap_.back();
    heap_.pop_back();
    if (!put(*message, cycle)) {
      kept_.push_back(message);
      continue;
    }
    give_back(message);
    any = true;
  }
  for (Outgoing* const message : kept_) {
    heap_.push_back(message);
    std::push_heap(heap_.begin(), heap_.end(), is_later);
  }
  kept_.clear();
  return any;
}

void Engine::take_sent() {
  while (Outgoing* const message = pop(sent_)) {
    heap_.push_back(message);
    std::push_heap(heap_.begin(), heap_.end(), is_later);
  }
}

// False: the port has no room for it in this cycle.
bool Engine::put(Outgoing& message, const Cycle& cycle) {
  Port& port = outputs_[message.port];
  if (port.is_full) return false;
  const bool is_late = message.frame != 0 && message.frame < cycle.frame;
  const std::uint32_t offset =
      message.frame <= cycle.frame ? 0 : static_cast<std::uint32_t>(message.frame - cycle.frame);
  // JACK counts what it is asked in vain to take as lost, and tells those who listen.
  if (message.bytes.size() > jack_midi_max_event_size(port.buffer)) {
    port.is_full = true;
    return false;
  }
  jack_midi_data_t* const to = jack_midi_event_reserve(port.buffer, offset, message.bytes.size());
  if (to == nullptr) {
    port.is_full = true;
    return false;
  }
  std::memcpy(to, message.bytes.data(), message.bytes.size());
  message.fate = is_late ? Outgoing::Fate::late : Outgoing::Fate::played;
  return true;
}

void Engine::give_back(Outgoing* message) { returned_.push(0, as_bytes(message)); }

bool Engine::cancel_until(std::uint64_t sequence) {
  const auto kept = std::partition(heap_.begin(), heap_.end(), [&](const Outgoing* message) {
    return message->sequence >= sequence;
  });
  const bool any = kept != heap_.end();
  for (auto at = kept; at != heap_.end(); ++at) {
    (*at)->fate = Outgoing::Fate::cancelled;
    give_back(*at);
  }
  heap_.erase(kept, heap_.end());
  std::make_heap(heap_.begin(), heap_.end(), is_later);
  return any;
}

// --- the loop's side ---

bool Engine::receive(Received& received) {
  if (std::exchange(holds_record_, false)) received_.pop();
  Ring::Record record;
  if (!received_.front(record)) return false;
  holds_record_ = true;
  received = {record.tag, record.time, record.lost, record.bytes};
  return true;
}

void Engine::send(std::unique_ptr<Outgoing> message) {
  message->sequence = sequence_++;
  message->fate = Outgoing::Fate::waiting;
  ++waiting_;
  sent_.push(0, as_bytes(message.release()));
}

std::unique_ptr<Outgoing> Engine::take_back() {
  std::unique_ptr<Outgoing> message(pop(returned_));
  if (message) --waiting_;
  return message;
}

} // namespace mm::jack
