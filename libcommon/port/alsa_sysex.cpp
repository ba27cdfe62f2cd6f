#include "port/alsa_sysex.hpp"

#include "io/clock.hpp"

namespace mm::alsa {

void Sysex::take(PortId port, const Address& from, std::string_view piece, Nanoseconds time) {
  sender_ = {port, from};
  piece_ = piece;
  time_ = time;
}

bool Sysex::next(Incoming& incoming) {
  if (next_left(incoming)) return true;
  if (piece_.empty()) return false;
  incoming = {};
  Decoder& decoder = decoders_.try_emplace(sender_, max_size_).first->second;
  if (!decoder.next(piece_, incoming.event) && !decoder.finish_packet(incoming.event)) return false;
  incoming.port = sender_.first;
  incoming.event.time = time_;
  incoming.event.time_form = TimeForm::absolute;
  return true;
}

bool Sysex::next_left(Incoming& incoming) {
  while (!left_.empty()) {
    auto& [port, decoder] = left_.front();
    incoming = {};
    incoming.port = port;
    if (decoder.finish(incoming.event)) {
      incoming.event.time = now();
      incoming.event.time_form = TimeForm::absolute;
      return true;
    }
    left_.pop_front();
  }
  return false;
}

void Sysex::leave(const Address& from) {
  std::erase_if(decoders_, [&](auto& entry) {
    if (entry.first.second != from) return false;
    left_.emplace_back(entry.first.first, std::move(entry.second));
    return true;
  });
}

void Sysex::leave_all() {
  for (auto& [sender, decoder] : decoders_) left_.emplace_back(sender.first, std::move(decoder));
  decoders_.clear();
}

void Sysex::forget(PortId port) {
  std::erase_if(decoders_, [&](const auto& entry) { return entry.first.first == port; });
}

} // namespace mm::alsa
