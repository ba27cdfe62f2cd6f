// The input queue that ALSA's sequencer keeps for each client: its room, and what it has lost.
//
// It is counted in cells of 28 bytes; an event takes one, and a sysex as many more as its bytes
// need. libasound tells only of our own queue's size; the kernel knows more.
#pragma once

#include <cstdint>
#include <optional>

namespace mm {

struct Room {
  int size = 0; // 0: the client has no queue; kernel clients take events at once
  int free = 0;
};

// The room of any client's queue. `fd` is that of an open sequencer
// (include/uapi/sound/asequencer.h, SNDRV_SEQ_IOCTL_GET_CLIENT_POOL).
Room input_room(int fd, int client);

struct QueueCount {
  std::uint64_t cells = 0;   // that went into the queue, ever
  std::uint64_t refused = 0; // events that did not fit
};

// Nothing where /proc/asound/seq/clients does not tell.
std::optional<QueueCount> input_count(int client);

} // namespace mm
