// What sounds of what a peer has sent. Its lines may have tags of their own, and their releases
// have them too.
#pragma once

#include "event/sounding.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace mm::tcp {

class Heard {
 public:
  // Takes note of an event as it came.
  void follow(const Event& event) {
    if (event.port.empty())
      untagged_.follow(event);
    else if (is_channel_message(event.kind))
      of(event.port).follow(event);
  }

  // Hands out what ends it all, and forgets it. `sink` is called with an Event.
  template <class Sink> void release(Sink&& sink) {
    untagged_.release(sink);
    for (auto& [tag, sounding] : tagged_)
      sounding.release([&, &name = tag](Event event) {
        event.port = name;
        sink(event);
      });
  }

 private:
  Sounding& of(std::string_view tag) {
    constexpr std::size_t most = 256; // the other tags share the releases of what has none
    const auto known = tagged_.find(tag);
    if (known != tagged_.end()) return known->second;
    return tagged_.size() < most ? tagged_[std::string(tag)] : untagged_;
  }

  Sounding untagged_;
  std::map<std::string, Sounding, std::less<>> tagged_;
};

} // namespace mm::tcp
