// A file, whole.
#pragma once

#include "event/result.hpp"

#include <string>

namespace mm {

// The error is "NAME: why", where the name is what the user calls it.
Result<std::string> read_file(const std::string& path, const std::string& name);

} // namespace mm
