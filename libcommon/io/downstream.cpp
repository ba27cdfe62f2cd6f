#include "io/downstream.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace mm {

template <class Queue> void Downstream::put_by(const Event& event, Queue&& queue) {
  if (output_.error() != 0) return; // nobody reads it
  sounding(event.port).follow(event);
  queue();
  if (output_.queue().size() > most_queued && make_room_) make_room_();
}

void Downstream::put(const Event& event) {
  put_by(event, [&] { output_.queue().put(event); });
}

void Downstream::put_line(const Event& event, std::string_view line) {
  put_by(event, [&] { output_.queue().put_line(line); });
}

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

std::vector<Event> Downstream::ends() const {
  std::vector<Event> all;
  for_each_end([&](const Event& event) { all.push_back(event); });
  return all;
}

void Downstream::release_in_handler() const {
  const auto write = [&](std::string_view bytes) {
    constexpr std::size_t enough = 4096; // a pipe that can be written takes them without waiting
    pollfd ready{output_.descriptor(), POLLOUT, 0};
    while (!bytes.empty() && ::poll(&ready, 1, 0) == 1) {
      const ssize_t got =
          ::write(output_.descriptor(), bytes.data(), std::min(bytes.size(), enough));
      if (got <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(got));
    }
  };
  write(output_.queue().waiting());
  for_each_end([&](const Event& event) {
    std::array<char, 512> line{};
    if (output_.queue().bound(event) > line.size()) return;
    const char* const end = output_.queue().print(line.data(), event);
    write({line.data(), static_cast<std::size_t>(end - line.data())});
  });
}

} // namespace mm
