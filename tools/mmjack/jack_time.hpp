// JACK's own clock against CLOCK_MONOTONIC.
//
// jack_get_time() counts on CLOCK_MONOTONIC, or on CLOCK_MONOTONIC_RAW, which no NTP corrects, as
// the server was built. So the two run apart, by some microseconds a second.
#pragma once

#include "io/clock.hpp"

#include <jack/jack.h>

namespace mm::jack {

class JackTime {
 public:
  // Finds out which clock it is, once a client has joined.
  void start();

  // What has to be added to JACK's times just now, in nanoseconds. Of two processes that ask within
  // a few milliseconds both get the same, to a microsecond. Never waits.
  Nanoseconds offset();

 private:
  bool is_raw_ = false;
  Nanoseconds offset_ = 0;
};

} // namespace mm::jack
