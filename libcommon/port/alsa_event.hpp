// Events of ALSA's sequencer and ours, one for one.
#pragma once

#include "event/event.hpp"

#include <alsa/asoundlib.h>

#include <vector>

namespace mm::alsa {

// The event that an ALSA event of one message stands for. False for those that are no MIDI
// (the sequencer's own), and for sysex, which comes in pieces.
bool from_alsa(const snd_seq_event_t& from, Event& event);

// Sets type, data and length of an ALSA event; sysex and raw become one of variable length that
// points at the event's data.
void to_alsa(const Event& event, snd_seq_event_t& to);

// The types of all ALSA events that stand for MIDI messages.
std::vector<int> alsa_message_types();

} // namespace mm::alsa
