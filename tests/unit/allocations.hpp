// How often and how much the program allocates by operator new.
#pragma once

#include <cstddef>

namespace mm::test {

std::size_t allocations(); // so far
std::size_t allocated();   // bytes, now

} // namespace mm::test
