#include "routes.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace mm::py {

static_assert(
    [] {
      for (const TypeInfo& row : channel_types)
        if (&row != &info_of(row.type)) return false;
      return true;
    }(),
    "each row of the table stands at the place of its type");

namespace {

using Type = MidiChannel::Type;

const TypeInfo* find_type(Kind kind) {
  if (kind == Kind::note_off) kind = Kind::note_on;
  for (const TypeInfo& row : channel_types)
    if (row.kind == kind) return &row;
  return nullptr;
}

int number_of(const TypeInfo& type, const Event& event) {
  return type.has_number() ? event.arg[1] : 0;
}

double scaled(const TypeInfo& type, const Event& event) {
  if (event.kind == Kind::note_off) return 0;
  const Field& field = type.value();
  return static_cast<double>(event.arg[type.has_number() ? 2 : 1] - field.min) /
         (field.max - field.min);
}

// Of a channel, whatever its port.
std::uint32_t key_of(Type type, int channel, int number) {
  return (static_cast<std::uint32_t>(type) << 4 | static_cast<std::uint32_t>(channel - 1)) << 14 |
         static_cast<std::uint32_t>(number);
}

} // namespace

std::optional<double> value_of(const MidiChannel& channel, const Event& event) {
  const TypeInfo* const type = find_type(event.kind);
  if (type == nullptr || type->type != channel.type || event.channel() != channel.channel ||
      number_of(*type, event) != channel.number ||
      (!channel.port.empty() && channel.port != event.port))
    return {};
  return scaled(*type, event);
}

Event event_of(const MidiChannel& channel, double value) {
  const TypeInfo& type = info_of(channel.type);
  const Field& field = type.value();
  const double clamped = value > 0 ? std::min(value, 1.0) : 0.0;
  const long number = field.min + std::lround(clamped * (field.max - field.min));
  Event event = type.has_number() ? make_event(type.kind, channel.channel, channel.number, number)
                                  : make_event(type.kind, channel.channel, number);
  if (channel.type == Type::note && number == 0) event.kind = Kind::note_off;
  event.port = channel.port;
  return event;
}

Routes::Routes(const std::vector<Mapping>& mappings) {
  std::set<Mapping> seen;
  for (const Mapping& mapping : mappings) {
    if (!seen.insert(mapping).second) continue;
    const auto index = static_cast<std::uint32_t>(mappings_.size());
    mappings_.push_back(mapping);
    if (const auto* const midi = std::get_if<MidiChannel>(&mapping.from)) {
      from_midi_[key_of(midi->type, midi->channel, midi->number)].push_back(index);
      has_parameters_ |= midi->type == Type::rpn || midi->type == Type::nrpn;
    } else {
      from_python_[std::get<PythonChannel>(mapping.from).name].push_back(index);
    }
  }
}

std::optional<Routes::Setting> Routes::setting_of(const Event& event) {
  const TypeInfo* const type = find_type(event.kind);
  if (type == nullptr) return {};
  return Setting{key_of(type->type, event.channel(), number_of(*type, event)),
                 scaled(*type, event)};
}

bool Routes::takes_port(const Mapping& mapping, const Event& event) {
  const std::string& port = std::get<MidiChannel>(mapping.from).port;
  return port.empty() || port == event.port;
}

std::vector<std::string> Routes::python_channels() const {
  std::vector<std::string> names;
  std::set<std::string_view> seen;
  for (const Mapping& mapping : mappings_)
    for (const End* const end : {&mapping.from, &mapping.to})
      if (const auto* const python = std::get_if<PythonChannel>(end))
        if (seen.insert(python->name).second) names.push_back(python->name);
  return names;
}

} // namespace mm::py
