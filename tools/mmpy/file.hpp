// A file, whole.
#pragma once

#include "event/result.hpp"

#include <string>

namespace mm::py {

// The error is "PATH: why".
Result<std::string> read_file(const std::string& path);

} // namespace mm::py
