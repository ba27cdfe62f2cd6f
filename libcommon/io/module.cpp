#include "io/module.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>

namespace mm {

namespace {

// The directory of the modules: the tool's own, then the way that the installation has from
// there to its modules. So a build tree and an installation can be moved.
std::string module_directory() {
  std::array<char, PATH_MAX> path{};
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
  std::string directory(path.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  directory.resize(directory.rfind('/') + 1);
  return directory + MMTOOLS_MODULES_FROM_BIN + '/';
}

} // namespace

Result<void*> load_module(const std::string& name, const char* symbol, const std::string& what) {
  const std::string path = module_directory() + name + ".so";
  if (::access(path.c_str(), F_OK) != 0)
    return Error{what + ": not installed (" + path + ": " + std::strerror(errno) + ")"};
  void* const module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) return Error{what + ": " + ::dlerror()};
  void* const address = ::dlsym(module, symbol);
  if (address == nullptr) return Error{what + ": " + path + " is no module of mmtools"};
  return address;
}

} // namespace mm
