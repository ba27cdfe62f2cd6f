#include "port/fake.hpp"

#include "text/text.hpp"

#include <algorithm>

namespace mm {

void Fake::changed() {
  Arrival arrival;
  arrival.incoming.type = Incoming::Type::ports_changed;
  arrivals_.push_back(arrival);
}

void Fake::plug(const PortInfo& port) {
  there_.push_back(port);
  changed();
}

void Fake::unplug(const std::string& address) {
  std::erase_if(there_, [&](const PortInfo& port) { return port.address == address; });
  left_.push_back(address);
  changed();
}

void Fake::replug(const std::string& address) {
  left_.push_back(address);
  changed();
}

void Fake::connect_virtual(PortId port, bool connected) {
  virtual_[port] = connected;
  changed();
}

void Fake::deliver(PortId port, const std::string& line, Nanoseconds time) {
  Arrival arrival;
  arrival.incoming.port = port;
  arrival.incoming.event.time = time;
  arrival.line = line;
  arrivals_.push_back(arrival);
}

Result<std::vector<PortInfo>> Fake::list(Direction direction) {
  std::vector<PortInfo> found;
  std::copy_if(there_.begin(), there_.end(), std::back_inserter(found),
               [&](const PortInfo& port) { return port.direction == direction; });
  return found;
}

Result<PortId> Fake::open(const PortInfo& port) {
  const bool there = std::any_of(there_.begin(), there_.end(), [&](const PortInfo& other) {
    return other.address == port.address;
  });
  if (!there) return Error{"port " + port.full_name() + ": it is gone"};
  if (refused.contains(port.address))
    return Error{"port " + port.full_name() + ": it cannot be connected"};
  open_[next_] = port.address;
  return next_++;
}

Result<PortId> Fake::open_virtual(Direction /*direction*/, const std::string& /*name*/) {
  virtual_[next_] = false;
  return next_++;
}

void Fake::close(PortId port) {
  open_.erase(port);
  virtual_.erase(port);
}

bool Fake::is_connected(PortId port) {
  if (const auto at = virtual_.find(port); at != virtual_.end()) return at->second;
  const auto at = open_.find(port);
  return at != open_.end() && std::any_of(there_.begin(), there_.end(), [&](const PortInfo& other) {
           return other.address == at->second;
         });
}

bool Fake::receive(Incoming& incoming) {
  if (arrivals_.empty()) return false;
  incoming = arrivals_.front().incoming;
  line_ = arrivals_.front().line;
  arrivals_.pop_front();
  if (incoming.type != Incoming::Type::event) return true;
  static TextParser parser;
  const Nanoseconds time = incoming.event.time;
  parser.parse(line_, incoming.event);
  incoming.event.time = time;
  incoming.event.time_form = TimeForm::absolute;
  return true;
}

Result<bool> Fake::send(PortId port, const Event& message, Nanoseconds when) {
  if (!fault.empty()) return Error{fault};
  if (room == 0) return false;
  --room;
  const TextPrinter printer;
  std::string line(printer.bound(message), ' ');
  line.resize(static_cast<std::size_t>(printer.print(line.data(), message) - line.data()) - 1);
  sent.push_back({port, line, when});
  return true;
}

} // namespace mm
