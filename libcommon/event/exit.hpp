// Exit statuses: an interface, the same in every tool and in the EXIT STATUS of every man page.
#pragma once

namespace mm {

enum Exit : int {
  exit_done = 0,
  exit_failed = 1, // something failed, or an input line was rejected
  exit_usage = 2,  // wrong usage; nothing was started
  // by signal: after clean-up the tool dies of the signal that ended it
};

} // namespace mm
