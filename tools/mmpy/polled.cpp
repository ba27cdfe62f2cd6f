#include "polled.hpp"

#include "ref.hpp"

namespace mm::py {

void Polled::wait(std::optional<Nanoseconds> span) {
  PyThreadState* const thread = PyEval_SaveThread();
  PollSet::wait(span);
  PyEval_RestoreThread(thread);
}

} // namespace mm::py
