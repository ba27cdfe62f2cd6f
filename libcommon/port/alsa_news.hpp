// What ALSA's sequencer announces: ports that come, go, and are connected.
#pragma once

#include "port/alsa_client.hpp"

#include <vector>

namespace mm::alsa {

// Announcements go to a client of their own: a flood of messages does not crowd them out.
class News {
 public:
  // Those of ports of the client `ours` are none: an attempt to open one that fails would call for
  // the next.
  Outcome subscribe(int ours);

  [[nodiscard]] bool is_subscribed() const { return client_ != nullptr; }
  // Of its client; only when it is subscribed.
  [[nodiscard]] int descriptor() const { return descriptor_of(client_.get()); }
  [[nodiscard]] bool is_by(int client) const {
    return is_subscribed() && client == snd_seq_client_id(client_.get());
  }

  // Reads what there is, without waiting: whether it is any, several being one. Ports that have
  // gone are added to `gone`.
  bool read(std::vector<Address>& gone);

 private:
  Client client_;
  int ours_ = -1;
};

} // namespace mm::alsa
