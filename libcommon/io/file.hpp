// A file, whole.
#pragma once

#include "event/result.hpp"

#include <cstddef>
#include <string>

namespace mm {

// The error is "NAME: why", where the name is what the user calls it. One that is larger than
// `most` bytes, as /dev/zero is, is an error.
Result<std::string> read_file(const std::string& path, const std::string& name,
                              std::size_t most = 64UL << 20);

} // namespace mm
