#include "port/alsa_receivers.hpp"

#include "port/alsa_queue.hpp"

#include <algorithm>

namespace mm::alsa {

Receivers::Receivers(snd_seq_t* client, PortId port) {
  snd_seq_query_subscribe_t* query = nullptr;
  snd_seq_query_subscribe_alloca(&query);
  const snd_seq_addr_t root{static_cast<unsigned char>(snd_seq_client_id(client)),
                            static_cast<unsigned char>(port)};
  snd_seq_query_subscribe_set_root(query, &root);
  snd_seq_query_subscribe_set_type(query, SND_SEQ_QUERY_SUBS_READ);
  snd_seq_client_info_t* info = nullptr;
  snd_seq_client_info_alloca(&info);
  for (int i = 0;; ++i) {
    snd_seq_query_subscribe_set_index(query, i);
    if (snd_seq_query_port_subscribers(client, query) < 0) break;
    const int receiver = snd_seq_query_subscribe_get_addr(query)->client;
    clients_.push_back(receiver);
    if (snd_seq_get_any_client_info(client, receiver, info) == 0)
      has_hardware_ |= snd_seq_client_info_get_card(info) >= 0;
  }
}

// Asking costs a call into the kernel, so what it says is used up before it is asked again.
bool Receivers::take_room(int fd, int cells) {
  if (room_ < cells) {
    room_ = most_cells;
    for (const int client : clients_) {
      const Room room = input_room(fd, client);
      // An empty queue is tried with anything: to wait for more would be to wait for ever.
      if (room.size > 0 && room.free < room.size)
        room_ = std::min(room_, room.free);
      else if (room.size > 0)
        room_ = std::min(room_, std::max(room.size, cells));
    }
    if (room_ < cells) return false;
  }
  room_ -= cells;
  return true;
}

} // namespace mm::alsa
