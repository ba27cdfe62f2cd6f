// Places on JACK's transport.
#pragma once

#include "event/result.hpp"

#include <jack/jack.h>

#include <string>

namespace mm::jack {

// Moves the transport to FRAME ("48000"), TIME ("12.5s", "1:30", "0:01:30.25") or BBT ("3|1|0":
// bar, beat, tick), which is counted with the tempo that the timebase master tells.
Outcome locate(jack_client_t* client, const std::string& place);

// What is rolling: "stopped", "rolling", "starting".
std::string name_of(jack_transport_state_t state);

// "0:01:30.250"
std::string time_of(jack_nframes_t frame, jack_nframes_t rate);

// Beats since the start, by the bar, beat and tick; the position has to have them.
double beats_of(const jack_position_t& position);

// Sets bar, beat and tick to what they are at so many beats, and that they are there.
void set_beats(jack_position_t& position, double beats);

} // namespace mm::jack
