// The way of events to one output port: taken apart into messages, long sysex into pieces and at
// the pace that the device bears, and with an eye on the notes that sound.
#pragma once

#include "event/sounding.hpp"
#include "port/backend.hpp"
#include "wire/decoder.hpp"

#include <array>
#include <deque>
#include <string_view>

namespace mm {

struct SysexPace {
  double rate = 0;     // bytes a second; 0: as fast as they are taken
  Nanoseconds gap = 0; // after each sysex
};

class Sender {
 public:
  Sender(Backend& backend, PortId port, SysexPace pace)
      : backend_(backend), port_(port), pace_(pace) {}

  // Sends all that `event` stands for, at `when` (0: now; else see can_schedule()). False: not all
  // of it was taken yet; call again with the same event a little later. An error: this event
  // cannot be sent, and is done with.
  Result<bool> send(const Event& event, Nanoseconds when);

  // Whether ports of `backend` take this event ahead of its time.
  static bool can_schedule(const Backend& backend, const Event& event);

  // How many messages were sent ahead and are not due yet.
  [[nodiscard]] std::size_t count_ahead();

  // Sends what raw bytes began and nothing completed; false: it was not taken yet.
  Result<bool> finish();

  // Forgets what was sent ahead and what was half sent, after Backend::cancel(): what may have
  // been sent of it counts as sounding.
  void cancel();

  // Whether something sounds, or may still come to sound, since it was sent ahead of its time.
  [[nodiscard]] bool any_sounding();

  // Sends the releases; false: not all was taken yet. An error: one of them cannot be sent, and
  // is done with; call again for the others.
  Result<bool> release();

  [[nodiscard]] PortId port() const { return port_; }

 private:
  struct Scheduled {
    Nanoseconds when = 0;
    Event message;
  };

  void begin(const Event& event);
  bool next_message();
  Result<bool> send_message(Nanoseconds when);
  void pause(std::size_t bytes, bool is_last);
  void follow(const Event& message, Nanoseconds when);
  void settle(Nanoseconds until);

  Backend& backend_;
  PortId port_;
  SysexPace pace_;
  Sounding sounding_;
  std::deque<Scheduled> ahead_; // sent, and not yet due
  Decoder raw_;                 // bytes that the user sends make up messages as well

  bool active_ = false;           // an event is being sent
  std::array<Event, 4> messages_; // what it stands for
  std::size_t count_ = 0;
  std::size_t next_ = 0;
  bool decoding_ = false;
  std::string_view bytes_;   // of a raw event, not decoded yet
  bool has_message_ = false; // one is in hand
  Event message_;
  std::size_t sent_ = 0;       // bytes of a sysex in hand
  Nanoseconds not_before_ = 0; // the pace of sysex
  std::deque<Event> releases_;
};

} // namespace mm
