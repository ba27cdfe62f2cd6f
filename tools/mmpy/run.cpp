#include "run.hpp"

#include "interpreter.hpp"
#include "module.hpp"
#include "stage.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mm::py {

namespace {

// Our own copy of a descriptor, which the script's processes do not get.
int keep(int fd) { return ::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1); }

// What scripts, and processes that they start, read and write is not the stream of events.
bool keep_stream_apart() {
  const int none = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const bool kept =
      none >= 0 && ::dup2(none, STDIN_FILENO) >= 0 && ::dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
  if (none > STDERR_FILENO) ::close(none);
  return kept;
}

} // namespace

Ended run(const Options& options) {
  const int in = keep(STDIN_FILENO);
  const int out = keep(STDOUT_FILENO);
  if (in < 0 || out < 0 || !keep_stream_apart()) {
    complain(text().name, std::string("stdin, stdout: ") + std::strerror(errno));
    return {exit_failed, 0};
  }
  // It is used until the process ends, also by the script's threads.
  auto& stage = *new Stage(options, in, out);
  if (const auto started = start_interpreter(options, add_modules); !started) {
    complain(text().name, started.error().what);
    return {started.error().status, 0};
  }
  return stage.run();
}

} // namespace mm::py
