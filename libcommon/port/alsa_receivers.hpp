// Who hears an output port of ours on ALSA's sequencer, as far as sending has to know.
#pragma once

#include "port/alsa_client.hpp"
#include "port/backend.hpp"

#include <cstddef>
#include <vector>

namespace mm::alsa {

class Receivers {
 public:
  Receivers() = default;
  // Those that the port has just now.
  Receivers(snd_seq_t* client, PortId port);

  [[nodiscard]] std::size_t count() const { return clients_.size(); }
  // Whether one of them is a MIDI cable.
  [[nodiscard]] bool has_hardware() const { return has_hardware_; }

  // Takes the room for so many cells, if every receiver has it. `fd` is the sequencer's.
  bool take_room(int fd, int cells);

 private:
  std::vector<int> clients_;
  bool has_hardware_ = false;
  int room_ = 0; // cells that all of them have left, at least
};

} // namespace mm::alsa
