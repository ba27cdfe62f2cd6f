// On its own, because the kernel's header and libasound's define the same names.
#include "port/alsa_room.hpp"

#include <sound/asequencer.h>
#include <sys/ioctl.h>

namespace mm {

Room input_room(int fd, int client) {
  snd_seq_client_pool pool{};
  pool.client = client;
  if (::ioctl(fd, SNDRV_SEQ_IOCTL_GET_CLIENT_POOL, &pool) != 0) return {};
  return {pool.input_pool, pool.input_free};
}

} // namespace mm
