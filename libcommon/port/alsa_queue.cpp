// On its own, because the kernel's header and libasound's define the same names.
#include "port/alsa_queue.hpp"

#include <sound/asequencer.h>
#include <sys/ioctl.h>

#include <cstdio>
#include <cstring>
#include <memory>

namespace mm::alsa {

Room input_room(int fd, int client) {
  snd_seq_client_pool pool{};
  pool.client = client;
  if (::ioctl(fd, SNDRV_SEQ_IOCTL_GET_CLIENT_POOL, &pool) != 0) return {};
  return {pool.input_pool, pool.input_free};
}

std::optional<QueueCount> input_count(int client) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen("/proc/asound/seq/clients", "re"), std::fclose);
  if (!file) return {};
  bool is_ours = false;
  bool is_input = false;
  QueueCount count;
  char line[256];
  while (std::fgets(line, sizeof line, file.get()) != nullptr) {
    int number = 0;
    unsigned long long value = 0;
    if (std::sscanf(line, "Client %d :", &number) == 1) {
      is_ours = number == client;
      is_input = false;
    }
    if (!is_ours) continue;
    if (std::strstr(line, "Input pool") != nullptr) is_input = true;
    if (is_input && std::sscanf(line, " Alloc success : %llu", &value) == 1) count.cells = value;
    if (is_input && std::sscanf(line, " Alloc failures : %llu", &value) == 1) {
      count.refused = value;
      return count;
    }
  }
  return {};
}

} // namespace mm::alsa
