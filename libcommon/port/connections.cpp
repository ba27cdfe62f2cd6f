#include "port/connections.hpp"

#include "text/text.hpp"

#include <algorithm>

namespace mm {

Connections::Connections(Direction direction, PortOptions options)
    : direction_(direction), options_(std::move(options)) {
  for (const auto* const requests : {&options_.ports, &options_.virtuals})
    for (const PortRequest& request : *requests) {
      Port port;
      port.request = request;
      port.is_virtual = requests == &options_.virtuals;
      ports_.push_back(port);
    }
}

Outcome Connections::open(Backend& backend, Nanoseconds current) {
  current_ = current;
  if (const auto watched = backend.watch(); !watched) return watched;
  for (Port& port : ports_) {
    if (!port.is_virtual) continue;
    const auto id = backend.open_virtual(direction_, port.request.pattern);
    if (!id) return id.error();
    port.id = id.value();
    port.tag = port.request.tag.empty() ? make_tag(port.request.pattern) : port.request.tag;
  }
  const auto there = backend.list(direction_);
  if (!there) return there.error();
  if (const auto found = find_missing(backend, there.value()); !found) return found;
  if (options_.all)
    if (const auto added = add_new(backend, there.value()); !added) return added;
  started_ = true;
  seen_ = there.value();
  return done();
}

Result<std::vector<Connections::Change>> Connections::update(Backend& backend,
                                                             Nanoseconds current) {
  current_ = current;
  // What is known of a port before this.
  struct Before {
    bool connected = false;
    PortId id = 0;
    bool closed = false; // and perhaps opened anew, even under the same number
  };
  const std::vector<std::string> left = backend.take_left();
  const auto there = backend.list(direction_);
  if (!there) return there.error();
  // One that has gone meanwhile is not tried again, and one that is new is tried at once.
  std::erase_if(refusals_, [&](const auto& refusal) {
    const auto is_it = [&](const PortInfo& info) { return info.address == refusal.first; };
    return std::find(left.begin(), left.end(), refusal.first) != left.end() ||
           std::none_of(there.value().begin(), there.value().end(), is_it);
  });
  std::vector<Before> before;
  for (Port& port : ports_) {
    before.push_back({port.connected, port.id.value_or(-1), false});
    if (!port.id) continue;
    const bool is_listed =
        std::any_of(there.value().begin(), there.value().end(), [&](const PortInfo& info) {
          return info.address == port.address && info.full_name() == port.peer;
        });
    const bool has_left = std::find(left.begin(), left.end(), port.address) != left.end();
    if (!port.is_virtual && (!is_listed || has_left)) {
      backend.close(*port.id);
      port.id.reset();
      port.others.clear();
      for (const PortInfo& info : seen_)
        if (info.name == port.name && info.address != port.address)
          port.others.push_back(info.address);
      before.back().closed = true;
    }
    port.connected = port.id && backend.is_connected(*port.id);
  }
  if (const auto found = find_missing(backend, there.value()); !found) return found.error();
  if (options_.all)
    if (const auto added = add_new(backend, there.value()); !added) return added.error();

  seen_ = there.value();

  std::vector<Change> changes;
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    const Before was = i < before.size() ? before[i] : Before{};
    const bool is = ports_[i].connected;
    if (was.connected && (!is || was.closed)) changes.push_back({i, false, was.id, current_});
    if (is && (!was.connected || was.closed)) changes.push_back({i, true, *ports_[i].id, current_});
  }
  return changes;
}

std::vector<Connections::Change> Connections::drop() {
  std::vector<Change> changes;
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    if (ports_[i].connected) changes.push_back({i, false, *ports_[i].id, now()});
    ports_[i].connected = false;
    ports_[i].id.reset();
    ports_[i].others.clear();
  }
  seen_.clear();
  refusals_.clear();
  return changes;
}

// Opens the ports that are not open and are there now.
Outcome Connections::find_missing(Backend& backend, const std::vector<PortInfo>& there) {
  for (Port& port : ports_) {
    if (port.id || port.is_virtual) continue;
    if (port.peer.empty()) {
      if (const auto found = find_first(backend, port, there); !found) return found;
      continue;
    }
    const PortInfo* const same = find_again(port, there);
    if (same != nullptr && !is_too_early(*same)) static_cast<void>(connect(backend, port, *same));
  }
  return done();
}

// A port that was there before: only itself will do. It may have another address, but not that of
// another device of the same make; and its client another name (JACK calls the second of two
// programs of one name "NAME-01"), if it is still what the user has asked for.
const PortInfo* Connections::find_again(const Port& port,
                                        const std::vector<PortInfo>& there) const {
  const PortInfo* found = nullptr;
  for (const PortInfo& info : there) {
    if (info.full_name() != port.peer || is_taken(info)) continue;
    if (info.address == port.address) return &info;
    const bool is_other =
        std::find(port.others.begin(), port.others.end(), info.address) != port.others.end();
    if (found == nullptr && !is_other) found = &info;
  }
  if (found != nullptr) return found;
  const auto fitting = find_ports(there, port.request.pattern);
  if (!fitting || fitting.value().size() != 1) return nullptr;
  const auto same = std::find(there.begin(), there.end(), fitting.value().front());
  const bool is_it =
      same->name == port.name && !is_taken(*same) &&
      std::find(port.others.begin(), port.others.end(), same->address) == port.others.end();
  return is_it ? &*same : nullptr;
}

// Opens a port that was never there. What is wrong at the start ends the tool; later, a work that
// goes on is not given up for it.
Outcome Connections::find_first(Backend& backend, Port& port, const std::vector<PortInfo>& there) {
  const std::string& pattern = port.request.pattern;
  std::vector<PortInfo> candidates;
  std::copy_if(there.begin(), there.end(), std::back_inserter(candidates),
               [&](const PortInfo& info) { return !is_taken(info); });
  const auto found = find_ports(candidates, pattern);
  if (!found) return found.error();
  if (found.value().empty()) port.fault.clear();
  if (found.value().empty() && (options_.wait || started_)) return done();
  if (found.value().empty() && !find_ports(there, pattern).value().empty())
    return Error{"port '" + pattern + "': asked for twice"};
  const auto peer = choose_port(candidates, pattern, direction_);
  if (!peer) {
    if (!started_) return peer.error();
    if (port.fault != peer.error().what) notices_.push_back(peer.error().what);
    port.fault = peer.error().what;
    return done();
  }
  port.fault.clear();
  if (is_too_early(peer.value())) return done();
  const auto connected = connect(backend, port, peer.value());
  if (!connected && !started_ && !options_.wait) return connected;
  return done();
}

// --all: opens what is new.
Outcome Connections::add_new(Backend& backend, const std::vector<PortInfo>& there) {
  for (const PortInfo& peer : there) {
    if (is_taken(peer) || is_too_early(peer)) continue;
    const bool known = std::any_of(ports_.begin(), ports_.end(), [&](const Port& port) {
      return !port.is_virtual && port.peer == peer.full_name() && !port.id;
    });
    if (known) continue;
    Port port;
    port.request.pattern = peer.full_name();
    // One that lets nobody in is no failure: nobody asked for it by name.
    if (connect(backend, port, peer)) ports_.push_back(port);
  }
  return done();
}

Outcome Connections::connect(Backend& backend, Port& port, const PortInfo& peer) {
  constexpr int soon = 20; // then it is no matter of a moment
  constexpr Nanoseconds quickly = second / 10;
  constexpr Nanoseconds slowly = 2 * second;
  const auto id = backend.open(peer);
  if (!id) {
    Refusal& refusal = refusals_[peer.address];
    refusal.next = current_ + (++refusal.tries > soon ? slowly : quickly);
    return id.error();
  }
  refusals_.erase(peer.address);
  if (port.tag.empty()) port.tag = port.request.tag.empty() ? free_tag(peer) : port.request.tag;
  port.peer = peer.full_name();
  port.name = peer.name;
  port.address = peer.address;
  port.id = id.value();
  port.connected = true;
  return done();
}

bool Connections::is_too_early(const PortInfo& peer) const {
  const auto refusal = refusals_.find(peer.address);
  return refusal != refusals_.end() && current_ < refusal->second.next;
}

std::optional<Nanoseconds> Connections::next_try() const {
  std::optional<Nanoseconds> first;
  for (const auto& [address, refusal] : refusals_)
    if (!first || refusal.next < *first) first = refusal.next;
  return first;
}

bool Connections::is_taken(const PortInfo& peer) const {
  return std::any_of(ports_.begin(), ports_.end(), [&](const Port& port) {
    return port.id && !port.is_virtual && port.address == peer.address;
  });
}

// Two devices of one make have the same name; then the address tells them apart.
std::string Connections::free_tag(const PortInfo& peer) const {
  std::string tag = default_tag(peer);
  const bool used =
      std::any_of(ports_.begin(), ports_.end(), [&](const Port& port) { return port.tag == tag; });
  return used ? tag + '/' + make_tag(peer.address) : tag;
}

const Connections::Port* Connections::find(PortId id) const {
  const auto port = std::find_if(ports_.begin(), ports_.end(),
                                 [&](const Port& candidate) { return candidate.id == id; });
  return port == ports_.end() ? nullptr : &*port;
}

bool Connections::any_connected() const {
  return std::any_of(ports_.begin(), ports_.end(), [](const Port& port) { return port.connected; });
}

bool Connections::all_connected() const {
  return std::all_of(ports_.begin(), ports_.end(), [](const Port& port) { return port.connected; });
}

bool Connections::tagged() const {
  return options_.all || ports_.size() > 1 ||
         std::any_of(ports_.begin(), ports_.end(),
                     [](const Port& port) { return !port.request.tag.empty(); });
}

} // namespace mm
