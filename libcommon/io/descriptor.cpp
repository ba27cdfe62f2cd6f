#include "io/descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <string>

namespace mm {

Descriptor open_again(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return {};
  if (!S_ISFIFO(status.st_mode) && (!S_ISCHR(status.st_mode) || ::isatty(fd) == 0)) return {};
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  const int access = ::fcntl(fd, F_GETFL) & O_ACCMODE;
  return Descriptor(::open(path.c_str(), access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

} // namespace mm
