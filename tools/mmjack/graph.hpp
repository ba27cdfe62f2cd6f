// The graph of a JACK server: its ports, and how they are connected.
#pragma once

#include "event/result.hpp"

#include <jack/jack.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mm::jack {

struct Port {
  std::string name; // "CLIENT:PORT"
  bool is_midi = false;
  bool is_output = false; // it is a source
  bool is_physical = false;
  bool is_terminal = false;
  bool can_monitor = false;
  bool is_mine = false;
  std::vector<std::string> aliases;
  std::vector<std::string> connections; // names of the ports at the other end
  jack_latency_range_t latency{};       // frames, in the port's own direction
};

// Whether a port may be called so; our lines could not name it otherwise.
Outcome check_name(const std::string& name);

std::vector<Port> list_ports(jack_client_t* client);

// The ports that `pattern` means, by the first of these rules that fits any of them: the exact name
// or an alias; that of the client; /REGEX/; a part of the name. `is_output`, `is_midi`: only such.
// None is an error that lists what there is.
Result<std::vector<Port>> find_ports(const std::vector<Port>& ports, const std::string& pattern,
                                     std::optional<bool> is_output,
                                     std::optional<bool> is_midi = {});

// A source and a destination, by their names.
using Connection = std::pair<std::string, std::string>;

// The connections that "SRC DST" asks for: one, or as many as both patterns have ports, in their
// order.
Result<std::vector<Connection>> find_connections(const std::vector<Port>& ports,
                                                 const std::string& source,
                                                 const std::string& destination);

// All that there are, each once.
std::vector<Connection> list_connections(const std::vector<Port>& ports);

// One that is there already is fine, and so is one to be cut that is not there.
Outcome connect(jack_client_t* client, const Connection& connection);
Outcome disconnect(jack_client_t* client, const Connection& connection);

// "SRC DST", as in a meta event.
std::string to_string(const Connection& connection);

} // namespace mm::jack
