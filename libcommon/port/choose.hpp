// Which port a person means.
#pragma once

#include "event/result.hpp"
#include "port/backend.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mm {

// What -p takes: "NAME=TAG", or "NAME".
struct PortRequest {
  std::string pattern;
  std::string tag; // empty: none given
};

// Splits "NAME=TAG" at its last '='. A tag that cannot be one is an error of usage.
Result<PortRequest> parse_port_request(std::string_view argument);

// The ports that `pattern` means, by the first of these rules that fits any of them:
//   1. the exact name of the port, of its client, or of both, "CLIENT:PORT"
//   2. its address, "20:0"
//   3. /REGEX/, an extended regular expression, in "CLIENT:PORT"
//   4. a part of "CLIENT:PORT", whatever the case of its letters
// An expression that is none is an error.
Result<std::vector<PortInfo>> find_ports(std::span<const PortInfo> ports, std::string_view pattern);

// The one port that it means. Several are an error that lists them; none is an error that lists
// what there is.
Result<PortInfo> choose_port(std::span<const PortInfo> ports, std::string_view pattern,
                             Direction direction);

// The port's tag where none was given: its name, after that of its client unless the name begins
// with that already.
std::string default_tag(const PortInfo& port);

// A line of --list: backend, direction, address and name, in columns of the given width.
std::string describe(const PortInfo& port, std::size_t address_width);

} // namespace mm
