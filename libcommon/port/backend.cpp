// Finds and loads the module of a backend, so that a tool pays for none that it does not use.
#include "port/backend.hpp"

#include "io/module.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mm {

namespace {

constexpr const char* sequencer = "/dev/snd/seq";

Result<std::unique_ptr<Backend>> load(const std::string& name, const BackendSetup& setup) {
  const auto symbol = load_module(name, "mm_open_backend", "backend " + name);
  if (!symbol) return symbol.error();
  auto* const open = reinterpret_cast<OpenBackend*>(symbol.value());
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
