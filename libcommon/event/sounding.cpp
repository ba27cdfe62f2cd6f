#include "event/sounding.hpp"

#include <algorithm>

namespace mm {

// "All notes off" and "all sound off" end nothing here: receivers may ignore them, and a note-off
// too many harms nobody.
void Sounding::set_pedal(int channel, unsigned pedal, bool is_down) {
  std::uint8_t& down = pedals_[static_cast<std::size_t>(channel - 1)];
  const unsigned bit = 1U << pedal;
  down = static_cast<std::uint8_t>(is_down ? down | bit : down & ~bit);
}

bool Sounding::any() const {
  const auto is_any = [](auto bits) { return bits != 0; };
  return std::any_of(notes_.begin(), notes_.begin() + nowhere, is_any) ||
         std::any_of(pedals_.begin(), pedals_.end(), is_any);
}

} // namespace mm
