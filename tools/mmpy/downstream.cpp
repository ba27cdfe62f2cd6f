#include "downstream.hpp"

namespace mm::py {

void Downstream::find(std::string_view port) {
  // Ports that come and go for ever: those at which nothing sounds are forgotten.
  constexpr std::size_t many = 1024;
  if (ports_.size() >= many) std::erase_if(ports_, [](auto& one) { return !one.second.any(); });
  auto at = ports_.find(port);
  if (at == ports_.end()) at = ports_.emplace(port, Sounding()).first;
  last_port_ = at->first;
  last_ = &at->second;
}

bool Downstream::would_end(const Event& event) {
  const bool ends =
      event.kind == Kind::note_off ||
      ((event.kind == Kind::note_on || event.kind == Kind::control_change) && event.arg[2] == 0);
  if (!ends) return false;
  const Sounding& now = sounding(event.port);
  Sounding then = now;
  then.follow(event);
  bool less = false;
  now.for_each_beyond(then, [&](const Event&) { less = true; });
  return less;
}

} // namespace mm::py
