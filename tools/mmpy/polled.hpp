// Descriptors that are waited for by poll(), while other threads of the script run.
#pragma once

#include "io/poll_set.hpp"

namespace mm::py {

class Polled : public PollSet {
 public:
  // Other threads of the script run meanwhile.
  void wait(std::optional<Nanoseconds> span);
};

} // namespace mm::py
