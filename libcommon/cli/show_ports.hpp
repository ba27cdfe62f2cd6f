// --list and --watch: the ports there are, as text or JSON.
#pragma once

#include "cli/options.hpp"
#include "cli/tool.hpp"

#include <string>

namespace mm {

// Does what `choice` asks for, until a signal if it is to watch.
Ended show_ports(const std::string& tool, const PortChoice& choice, Direction direction);

} // namespace mm
