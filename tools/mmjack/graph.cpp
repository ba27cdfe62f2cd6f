#include "graph.hpp"

#include "port/choose.hpp"
#include "words.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace mm::jack {

namespace {

std::vector<std::string> take_names(const char** names) {
  std::vector<std::string> found;
  for (const char** name = names; name != nullptr && *name != nullptr; ++name)
    found.emplace_back(*name);
  jack_free(names);
  return found;
}

Port describe(jack_client_t* client, const std::string& name, jack_port_t* port) {
  const auto flags = static_cast<unsigned>(jack_port_flags(port));
  Port found;
  found.name = name;
  found.is_midi = std::strcmp(jack_port_type(port), JACK_DEFAULT_MIDI_TYPE) == 0;
  found.is_output = (flags & JackPortIsOutput) != 0;
  found.is_physical = (flags & JackPortIsPhysical) != 0;
  found.is_terminal = (flags & JackPortIsTerminal) != 0;
  found.can_monitor = (flags & JackPortCanMonitor) != 0;
  found.is_mine = jack_port_is_mine(client, port) != 0;
  constexpr int most_aliases = 2;
  std::array<std::string, most_aliases> aliases;
  std::array<char*, most_aliases> places{};
  for (std::size_t i = 0; i < aliases.size(); ++i) {
    aliases[i].resize(static_cast<std::size_t>(jack_port_name_size()));
    places[i] = aliases[i].data();
  }
  const int count = jack_port_get_aliases(port, places.data());
  for (int i = 0; i < count; ++i)
    found.aliases.emplace_back(aliases[static_cast<std::size_t>(i)].c_str());
  found.connections = take_names(jack_port_get_all_connections(client, port));
  jack_port_get_latency_range(port, found.is_output ? JackCaptureLatency : JackPlaybackLatency,
                              &found.latency);
  return found;
}

// As the library's rules see it. Its address is its place in the list, as nobody types it.
PortInfo as_info(const Port& port, std::size_t index) {
  const std::size_t colon = port.name.find(':');
  return {"jack",
          port.is_output ? Direction::input : Direction::output,
          port.name.substr(0, colon),
          port.name.substr(colon + 1),
          "\n" + std::to_string(index),
          false};
}

std::string names_of(const std::vector<Port>& ports) {
  std::string text;
  for (const Port& port : ports) text += "\n  " + port.name;
  return text;
}

} // namespace

Outcome check_name(const std::string& name) {
  const auto is_control = [](unsigned char c) { return c < ' ' || c == 0x7f; };
  if (std::none_of(name.begin(), name.end(), is_control)) return done();
  return Error{"a port's name has no control characters", exit_usage};
}

std::vector<Port> list_ports(jack_client_t* client) {
  std::vector<Port> ports;
  for (const std::string& name : take_names(jack_get_ports(client, nullptr, nullptr, 0)))
    if (jack_port_t* const port = jack_port_by_name(client, name.c_str()); port != nullptr)
      ports.push_back(describe(client, name, port));
  return ports;
}

Result<std::vector<Port>> find_ports(const std::vector<Port>& ports, const std::string& pattern,
                                     std::optional<bool> is_output, std::optional<bool> is_midi) {
  if (pattern.empty()) return Error{"an empty name is that of no port", exit_usage};
  std::vector<Port> able;
  for (const Port& port : ports)
    if (port.is_output == is_output.value_or(port.is_output) &&
        port.is_midi == is_midi.value_or(port.is_midi))
      able.push_back(port);
  for (const Port& port : able)
    if (port.name == pattern ||
        std::find(port.aliases.begin(), port.aliases.end(), pattern) != port.aliases.end())
      return std::vector<Port>{port};
  std::vector<PortInfo> infos;
  for (std::size_t i = 0; i < able.size(); ++i) infos.push_back(as_info(able[i], i));
  const auto fitting = mm::find_ports(infos, pattern);
  if (!fitting) return fitting.error();
  std::vector<Port> found;
  for (const PortInfo& info : fitting.value())
    found.push_back(able[static_cast<std::size_t>(std::stoul(info.address.substr(1)))]);
  if (!found.empty()) return found;
  const std::string what = std::string(!is_midi   ? ""
                                       : *is_midi ? "MIDI "
                                                  : "audio ") +
                           (!is_output   ? "port"
                            : *is_output ? "output port"
                                         : "input port");
  return Error{"no " + what + " '" + pattern + "'" +
               (able.empty() ? "; there is none" : "; there is" + names_of(able))};
}

Result<std::vector<Connection>> find_connections(const std::vector<Port>& ports,
                                                 const std::string& source,
                                                 const std::string& destination) {
  const auto sources = find_ports(ports, source, true);
  if (!sources) return sources.error();
  const bool is_midi = sources.value().front().is_midi;
  for (const Port& port : sources.value())
    if (port.is_midi != is_midi)
      return Error{"'" + source + "' fits MIDI ports and audio ports:" + names_of(sources.value())};
  const auto destinations = find_ports(ports, destination, false, is_midi);
  if (!destinations) return destinations.error();
  if (sources.value().size() != destinations.value().size())
    return Error{"'" + source + "' and '" + destination +
                 "' do not fit one port each, nor as many:" + names_of(sources.value()) + "\nand" +
                 names_of(destinations.value())};
  std::vector<Connection> found;
  for (std::size_t i = 0; i < sources.value().size(); ++i)
    found.emplace_back(sources.value()[i].name, destinations.value()[i].name);
  return found;
}

std::vector<Connection> list_connections(const std::vector<Port>& ports) {
  std::vector<Connection> found;
  for (const Port& port : ports)
    if (port.is_output)
      for (const std::string& other : port.connections) found.emplace_back(port.name, other);
  return found;
}

namespace {

Outcome check(jack_client_t* client, const Connection& connection) {
  for (const std::string& name : {connection.first, connection.second})
    if (jack_port_by_name(client, name.c_str()) == nullptr) return Error{"no port '" + name + "'"};
  return done();
}

bool is_connected(jack_client_t* client, const Connection& connection) {
  jack_port_t* const port = jack_port_by_name(client, connection.first.c_str());
  const auto others = port != nullptr ? take_names(jack_port_get_all_connections(client, port))
                                      : std::vector<std::string>();
  return std::find(others.begin(), others.end(), connection.second) != others.end();
}

} // namespace

Outcome connect(jack_client_t* client, const Connection& connection) {
  const int error = jack_connect(client, connection.first.c_str(), connection.second.c_str());
  if (error == 0 || error == EEXIST) return done();
  if (const auto checked = check(client, connection); !checked) return checked;
  if (is_connected(client, connection)) return done();
  return Error{"JACK does not connect " + to_string(connection) +
               ": an output port goes to an input port of its type"};
}

Outcome disconnect(jack_client_t* client, const Connection& connection) {
  if (jack_disconnect(client, connection.first.c_str(), connection.second.c_str()) == 0)
    return done();
  if (const auto checked = check(client, connection); !checked) return checked;
  if (!is_connected(client, connection)) return done();
  return Error{"JACK does not disconnect " + to_string(connection)};
}

std::string to_string(const Connection& connection) {
  return as_word(connection.first) + ' ' + as_word(connection.second);
}

} // namespace mm::jack
