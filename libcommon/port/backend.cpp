// Finds and loads the module of a backend, so that a tool pays for none that it does not use.
#include "port/backend.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>

namespace mm {

namespace {

constexpr const char* sequencer = "/dev/snd/seq";

// The directory of the modules: the tool's own, then the way that the installation has from
// there to its modules. So a build tree and an installation can be moved.
std::string module_directory() {
  std::array<char, PATH_MAX> path{};
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
  std::string directory(path.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  directory.resize(directory.rfind('/') + 1);
  return directory + MMTOOLS_MODULES_FROM_BIN + '/';
}

Result<std::unique_ptr<Backend>> load(const std::string& name, const BackendSetup& setup) {
  const std::string path = module_directory() + name + ".so";
  if (::access(path.c_str(), F_OK) != 0)
    return Error{"backend " + name + ": not installed (" + path + ": " + std::strerror(errno) +
                 ")"};
  void* const module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) return Error{"backend " + name + ": " + ::dlerror()};
  auto* const open = reinterpret_cast<OpenBackend*>(::dlsym(module, "mm_open_backend"));
  if (open == nullptr) return Error{"backend " + name + ": " + path + " is no mmtools module"};
  std::unique_ptr<Backend> backend;
  Error error;
  if (!open(setup, backend, error)) return error;
  return backend;
}

std::string nothing_there(const std::string& alsa, const std::string& rtmidi) {
  return "no MIDI system: there is no ALSA sequencer (" + alsa + ") and no JACK server (" + rtmidi +
         ")\n"
         "Load the kernel's sequencer: modprobe snd-seq\n"
         "or start a JACK server, which needs no hardware: jackd -d dummy";
}

} // namespace

Result<std::unique_ptr<Backend>> open_backend(std::string_view name, const BackendSetup& setup) {
  if (!name.empty()) return load(std::string(name), setup);
  std::string why_not = std::string(sequencer) + ": ";
  if (::access(sequencer, R_OK | W_OK) == 0) {
    auto alsa = load("alsa", setup);
    if (alsa) return alsa;
    why_not = alsa.error().what;
  } else {
    why_not += std::strerror(errno);
  }
  auto rtmidi = load("rtmidi", setup);
  if (rtmidi) return rtmidi;
  return Error{nothing_there(why_not, rtmidi.error().what)};
}

} // namespace mm
