// Our output ports: events become messages, and those that were really played are followed, so that
// what sounds can be released.
#pragma once

#include "engine.hpp"
#include "event/result.hpp"
#include "event/sounding.hpp"
#include "wire/decoder.hpp"

#include <deque>
#include <string>
#include <vector>

namespace mm::jack {

class Outlets {
 public:
  Outlets(Engine& engine, const std::vector<std::string>& names);

  // Whether one more event can be sent just now. If not, there will be room after the next wakeup.
  [[nodiscard]] bool has_room() const;

  // Sends what the event stands for to the port of its tag, or to all; frame 0: as soon as
  // possible. An error: it cannot be sent, and is done with.
  Outcome send(const Event& event, Frame frame);

  // Takes note of what has been played. To be called at each wakeup.
  void take_back();

  // Sends what raw bytes have begun and not ended.
  Outcome finish();

  [[nodiscard]] bool any_sounding() const;
  // Sends what ends it all.
  void release();
  // The server has ended: nothing sounds any more.
  void forget();

  [[nodiscard]] bool is_idle() const { return engine_.waiting() == 0; }
  // Messages that came too late for their frame; and that were not played at all.
  [[nodiscard]] std::uint64_t late() const { return late_; }
  [[nodiscard]] std::uint64_t cancelled() const { return cancelled_; }
  // A tag that names no port, the first time that one comes; then empty again.
  std::string take_unknown_tag() { return std::exchange(unknown_tag_, {}); }

 private:
  struct Outlet {
    std::string tag;
    Sounding sounding;
    Decoder raw; // bytes that the user sends make up messages as well
  };

  Outcome send_to(std::uint32_t port, const Event& event, Frame frame);
  Outcome send_message(std::uint32_t port, const Event& message, Frame frame);
  std::unique_ptr<Outgoing> make();

  Engine& engine_;
  std::vector<Outlet> outlets_;
  std::vector<std::unique_ptr<Outgoing>> spare_;
  Decoder played_; // messages as events again
  std::uint64_t late_ = 0;
  std::uint64_t cancelled_ = 0;
  std::string unknown_tag_;
  bool has_told_tag_ = false;
};

} // namespace mm::jack
