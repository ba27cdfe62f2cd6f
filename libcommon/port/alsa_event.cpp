#include "port/alsa_event.hpp"

#include <algorithm>
#include <cstdint>

namespace mm::alsa {

namespace {

struct Pair {
  Kind kind;
  snd_seq_event_type_t type;
};

// How ALSA keeps the numbers of a message.
constexpr Pair notes[] = {{Kind::note_on, SND_SEQ_EVENT_NOTEON},
                          {Kind::note_off, SND_SEQ_EVENT_NOTEOFF},
                          {Kind::poly_pressure, SND_SEQ_EVENT_KEYPRESS}};
constexpr Pair controls[] = {{Kind::control_change, SND_SEQ_EVENT_CONTROLLER},
                             {Kind::cc14, SND_SEQ_EVENT_CONTROL14},
                             {Kind::rpn, SND_SEQ_EVENT_REGPARAM},
                             {Kind::nrpn, SND_SEQ_EVENT_NONREGPARAM}};
constexpr Pair values[] = {{Kind::program_change, SND_SEQ_EVENT_PGMCHANGE},
                           {Kind::channel_pressure, SND_SEQ_EVENT_CHANPRESS},
                           {Kind::pitch_bend, SND_SEQ_EVENT_PITCHBEND}};
constexpr Pair commons[] = {{Kind::song_position, SND_SEQ_EVENT_SONGPOS},
                            {Kind::song_select, SND_SEQ_EVENT_SONGSEL}};
constexpr Pair plain[] = {{Kind::tune_request, SND_SEQ_EVENT_TUNE_REQUEST},
                          {Kind::clock, SND_SEQ_EVENT_CLOCK},
                          {Kind::start, SND_SEQ_EVENT_START},
                          {Kind::continue_, SND_SEQ_EVENT_CONTINUE},
                          {Kind::stop, SND_SEQ_EVENT_STOP},
                          {Kind::active_sensing, SND_SEQ_EVENT_SENSING},
                          {Kind::reset, SND_SEQ_EVENT_RESET}};

template <std::size_t N> const Pair* find(const Pair (&pairs)[N], snd_seq_event_type_t type) {
  const Pair* const at =
      std::find_if(pairs, pairs + N, [&](const Pair& pair) { return pair.type == type; });
  return at == pairs + N ? nullptr : at;
}

template <std::size_t N> const Pair* find(const Pair (&pairs)[N], Kind kind) {
  const Pair* const at =
      std::find_if(pairs, pairs + N, [&](const Pair& pair) { return pair.kind == kind; });
  return at == pairs + N ? nullptr : at;
}

// Other clients put any number into an event; ours are in range.
bool in_range(const Event& event) {
  std::size_t i = 0;
  for (const Field& field : info(event.kind).fields()) {
    if (event.arg[i] < field.min || event.arg[i] > field.max) return false;
    ++i;
  }
  return true;
}

// What an event's numbers are, cut to what an Event holds without coming into a valid range.
int number(std::int64_t value) {
  return static_cast<int>(std::clamp<std::int64_t>(value, INT16_MIN, INT16_MAX));
}

} // namespace

bool from_alsa(const snd_seq_event_t& from, Event& event) {
  const auto& note = from.data.note;
  const auto& control = from.data.control;
  const Pair* pair = nullptr;
  if ((pair = find(notes, from.type)) != nullptr) {
    event = make_event(pair->kind, note.channel + 1, note.note, note.velocity);
  } else if ((pair = find(controls, from.type)) != nullptr) {
    event =
        make_event(pair->kind, control.channel + 1, number(control.param), number(control.value));
  } else if ((pair = find(values, from.type)) != nullptr) {
    event = make_event(pair->kind, control.channel + 1, number(control.value));
  } else if ((pair = find(commons, from.type)) != nullptr) {
    event = make_event(pair->kind, number(control.value));
  } else if ((pair = find(plain, from.type)) != nullptr) {
    event = make_event(pair->kind);
  } else if (from.type == SND_SEQ_EVENT_QFRAME) {
    event = make_event(Kind::time_code, number(control.value) >> 4, control.value & 0x0f);
  } else {
    return false;
  }
  return in_range(event);
}

void to_alsa(const Event& event, snd_seq_event_t& to) {
  auto& note = to.data.note;
  auto& control = to.data.control;
  const auto channel = static_cast<unsigned char>(event.channel() - 1);
  const Pair* pair = nullptr;
  if ((pair = find(notes, event.kind)) != nullptr) {
    note.channel = channel;
    note.note = static_cast<unsigned char>(event.arg[1]);
    note.velocity = static_cast<unsigned char>(event.arg[2]);
  } else if ((pair = find(controls, event.kind)) != nullptr) {
    control.channel = channel;
    control.param = static_cast<unsigned>(event.arg[1]);
    control.value = event.arg[2];
  } else if ((pair = find(values, event.kind)) != nullptr) {
    control.channel = channel;
    control.value = event.arg[1];
  } else if ((pair = find(commons, event.kind)) != nullptr) {
    control.value = event.arg[0];
  } else if (event.kind == Kind::time_code) {
    to.type = SND_SEQ_EVENT_QFRAME;
    control.value = event.arg[0] << 4 | event.arg[1];
  } else if ((pair = find(plain, event.kind)) == nullptr) {
    snd_seq_ev_set_sysex(&to, static_cast<unsigned>(event.data.size()),
                         const_cast<char*>(event.data.data()));
  }
  if (pair != nullptr) to.type = pair->type;
}

std::vector<int> alsa_message_types() {
  std::vector<int> types{SND_SEQ_EVENT_QFRAME, SND_SEQ_EVENT_SYSEX};
  const auto add = [&](const auto& pairs) {
    for (const Pair& pair : pairs) types.push_back(pair.type);
  };
  add(notes);
  add(controls);
  add(values);
  add(commons);
  add(plain);
  return types;
}

} // namespace mm::alsa
