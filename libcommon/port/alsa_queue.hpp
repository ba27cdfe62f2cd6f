// The input queue that ALSA's sequencer keeps for each client: its room, and what it has lost.
//
// It is counted in cells of 28 bytes; an event takes one, and a sysex as many more as its bytes
// need. libasound tells only of our own queue's size; the kernel knows more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace mm::alsa {

inline constexpr int most_cells = 2000; // what the kernel allows a client's queues

// Of an event with so many bytes.
inline std::uint64_t cells_of(std::size_t bytes) {
  constexpr std::size_t cell_size = 28;
  return 1 + (bytes + cell_size - 1) / cell_size;
}

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

} // namespace mm::alsa
