#include "world/world.hpp"

#include "world/node.hpp"

#include <algorithm>
#include <utility>

namespace mm::route {

// SplitMix64.
std::uint64_t Chance::up_to(std::uint64_t most) {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t bits = state_;
  bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9;
  bits = (bits ^ bits >> 27) * 0x94d049bb133111eb;
  bits ^= bits >> 31;
  return most == UINT64_MAX ? bits : bits % (most + 1);
}

std::string World::copy_of(std::string_view data) {
  std::string copy;
  if (!data.empty() && !spare_.empty()) {
    copy = std::move(spare_.back());
    spare_.pop_back();
  }
  copy.assign(data);
  return copy;
}

void World::give_back(std::string data) {
  constexpr std::size_t most = 256;
  constexpr std::size_t longest = 65'536; // bytes
  if (!data.empty() && data.capacity() <= longest && spare_.size() < most)
    spare_.push_back(std::move(data));
}

void World::later(Nanoseconds span, Node& node, const Message& message, std::uint32_t note,
                  bool is_awaited) {
  span = std::max<Nanoseconds>(span, 0);
  Waiting waiting{&node,
                  message,
                  note,
                  mm::later(now_, span),
                  is_timed_,
                  is_awaited,
                  copy_of(message.event.data)};
  if (is_awaited) ++awaited_;
  node.count_waiting(1);
  agenda_.add(mm::later(clock_, span), std::move(waiting));
}

void World::forget_all() {
  agenda_.remove_if([](const Waiting& waiting) {
    waiting.node->count_waiting(-1);
    return true;
  });
  awaited_ = 0;
}

void World::run_next(const std::function<void(Nanoseconds, bool)>& tell) {
  const Nanoseconds due = *agenda_.next();
  Waiting waiting = agenda_.take();
  if (waiting.is_awaited) --awaited_;
  waiting.node->count_waiting(-1);
  set_time(due, waiting.time, waiting.is_timed);
  tell(waiting.time, waiting.is_timed);
  waiting.message.event.data = waiting.data;
  waiting.message.is_changed = true;
  waiting.node->due(waiting.message, waiting.note);
  give_back(std::move(waiting.data));
}

} // namespace mm::route
