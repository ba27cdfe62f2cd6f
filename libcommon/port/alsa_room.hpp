// How much a client of ALSA's sequencer can take.
#pragma once

namespace mm {

// The input queue of a client, in cells of 28 bytes; an event takes one, and a sysex as many more
// as its bytes need.
struct Room {
  int size = 0; // 0: it has none; kernel clients take events at once
  int free = 0;
};

// `fd` is that of an open sequencer. libasound asks only about our own queues; the kernel answers
// for those of any client (include/uapi/sound/asequencer.h, SNDRV_SEQ_IOCTL_GET_CLIENT_POOL).
Room input_room(int fd, int client);

} // namespace mm
