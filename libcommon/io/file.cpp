#include "io/file.hpp"

#include "io/descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace mm {

Result<std::string> read_file(const std::string& path, const std::string& name, std::size_t most) {
  const auto failed = [&] { return Error{name + ": " + std::strerror(errno)}; };
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return failed();
  std::string content;
  std::array<char, 65536> part{};
  while (true) {
    const ssize_t got = ::read(file.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed();
    if (got == 0) return content;
    if (content.size() + static_cast<std::size_t>(got) > most)
      return Error{name + ": it is larger than " + std::to_string(most) + " bytes"};
    content.append(part.data(), static_cast<std::size_t>(got));
  }
}

} // namespace mm
