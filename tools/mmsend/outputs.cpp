#include "outputs.hpp"

#include "text/text.hpp"

#include <algorithm>
#include <utility>

namespace mm::send {

namespace {

// Whether a line with this tag is for that port: by the tag that the user gave it, or else by what
// the user called it, or by its whole name.
bool is_named(const Connections::Port& port, std::string_view tag) {
  if (tag.empty()) return false;
  if (port.tag == tag) return true;
  const PortRequest& request = port.request;
  return tag == (request.tag.empty() ? make_tag(request.pattern) : request.tag);
}

} // namespace

std::vector<std::size_t> Outputs::targets(const Event& event) {
  const auto& ports = connections_.ports();
  std::vector<std::size_t> named;
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    all.push_back(i);
    if (is_named(ports[i], event.port)) named.push_back(i);
  }
  if (!named.empty()) return named;
  if (!event.port.empty()) note_unknown_tag(event);
  return all;
}

// Somebody who gave the ports tags expects each line to find its own.
void Outputs::note_unknown_tag(const Event& event) {
  const auto& ports = connections_.ports();
  const bool have_tags = std::any_of(ports.begin(), ports.end(),
                                     [](const auto& port) { return !port.request.tag.empty(); });
  constexpr std::size_t enough = 100;
  if (!have_tags || unknown_.size() >= enough || !unknown_.emplace(event.port).second) return;
  notices_.push_back("@" + std::string(event.port) +
                     ": no port has this tag; its events go to all ports");
}

void Outputs::note_unheard(const Connections::Port& port) {
  const std::string& name = port.request.pattern;
  if (!unheard_.insert(name).second) return;
  notices_.push_back("port '" + name +
                     "': nobody is connected with it yet, and nobody hears what " +
                     "is sent now (--wait waits)");
}

Sender& Outputs::sender(Backend& backend, PortId id) {
  return senders_.try_emplace(id, backend, id, pace_).first->second;
}

Outputs::Sent Outputs::send(Backend* backend, const Event& event, Nanoseconds when) {
  if (!in_hand_) left_ = targets(event);
  if (!in_hand_ && left_.empty()) { // no port at all is there
    if (wait_) return Sent::waiting;
    ++dropped_;
    return Sent::all;
  }
  in_hand_ = true;
  bool busy = false;
  bool waiting = false;
  std::erase_if(left_, [&](std::size_t index) {
    const auto& port = connections_.ports()[index];
    const bool there = port.id && backend != nullptr && (port.connected || port.is_virtual);
    if (!there || (wait_ && !port.connected)) {
      if (!wait_) ++dropped_;
      waiting |= wait_;
      return !wait_;
    }
    if (port.is_virtual && !port.connected) note_unheard(port);
    const auto sent = sender(*backend, *port.id).send(event, when);
    if (!sent) report(port, sent.error());
    const bool done = !sent || sent.value();
    busy |= !done;
    return done;
  });
  if (busy) return Sent::busy;
  if (waiting) return Sent::waiting;
  in_hand_ = false;
  return Sent::all;
}

void Outputs::report(const Connections::Port& port, const Error& error) {
  notices_.push_back("port " + (port.peer.empty() ? port.request.pattern : port.peer) + ": " +
                     error.what);
  failed_ = true;
}

bool Outputs::can_schedule(Backend* backend, const Event& event) {
  return backend != nullptr && Sender::can_schedule(*backend, event);
}

void Outputs::forget(PortId id) {
  const auto at = senders_.find(id);
  if (at == senders_.end()) return;
  dropped_ += at->second.count_ahead();
  senders_.erase(at);
}

void Outputs::cancel() {
  for (auto& [id, sender] : senders_) sender.cancel();
  in_hand_ = false;
}

bool Outputs::any_sounding() {
  return std::any_of(senders_.begin(), senders_.end(),
                     [](auto& entry) { return entry.second.any_sounding(); });
}

namespace {

bool is_done(const Result<bool>& result) { return !result || result.value(); }

} // namespace

bool Outputs::finish(Backend* backend) {
  bool all = true;
  if (backend != nullptr)
    for (auto& [id, sender] : senders_) all &= is_done(sender.finish());
  return all;
}

bool Outputs::release(Backend* backend) {
  bool all = true;
  if (backend != nullptr)
    for (auto& [id, sender] : senders_) {
      const auto sent = sender.release();
      failed_ |= !sent;
      all &= sent && sent.value();
    }
  return all;
}

} // namespace mm::send
