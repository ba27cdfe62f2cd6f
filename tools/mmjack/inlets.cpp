#include "inlets.hpp"

#include "text/text.hpp"

#include <algorithm>

namespace mm::jack {

Inlets::Inlets(Engine& engine, const std::vector<std::string>& names, std::size_t max_sysex)
    : engine_(engine) {
  for (const std::string& name : names) inlets_.push_back({make_tag(name), Decoder(max_sysex), {}});
}

void Inlets::receive(const Sink& sink, const std::function<void(std::uint64_t)>& lost) {
  Received received;
  while (engine_.receive(received)) {
    if (received.lost > 0) lost(received.lost);
    Inlet& inlet = inlets_[received.port];
    Event event;
    while (inlet.decoder.next(received.bytes, event) || inlet.decoder.finish_packet(event)) {
      event.time = received.time;
      pass(inlet, event, sink);
    }
  }
  if (const std::uint64_t count = engine_.take_lost(); count > 0) lost(count);
}

void Inlets::pass(Inlet& inlet, Event event, const Sink& sink) {
  event.time_form = TimeForm::absolute;
  event.port = inlet.tag;
  inlet.last = std::max(inlet.last, event.time);
  inlet.notes.heard(event);
  if (sink(event)) inlet.notes.passed(event);
}

void Inlets::silence(std::size_t port, const Sink& sink) {
  Inlet& inlet = inlets_[port];
  Event event;
  if (inlet.decoder.finish(event)) {
    event.time = std::max(now(), inlet.last);
    pass(inlet, event, sink);
  }
  inlet.notes.silence();
}

void Inlets::make_up(const Sink& sink) {
  for (Inlet& inlet : inlets_)
    inlet.notes.make_up([&](Event event) {
      event.time = std::max(now(), inlet.last); // a frame of this cycle may lie ahead
      event.time_form = TimeForm::absolute;
      event.port = inlet.tag;
      return sink(event);
    });
}

} // namespace mm::jack
