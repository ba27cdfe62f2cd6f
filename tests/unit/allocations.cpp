#include "allocations.hpp"

#include <cstdlib>
#include <new>

namespace {

std::size_t bytes = 0;
std::size_t count = 0;

constexpr std::size_t header = alignof(std::max_align_t); // before each block: its size

} // namespace

// Not inlined: g++ takes the header for a place outside of the block.
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* const block = std::malloc(size + header);
  if (block == nullptr) throw std::bad_alloc();
  *static_cast<std::size_t*>(block) = size;
  bytes += size;
  ++count;
  return static_cast<char*>(block) + header;
}

// What this one gives, the plain delete takes; a sanitizer's own would have no header.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return operator new(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

[[gnu::noinline]] void operator delete(void* pointer) noexcept {
  if (pointer == nullptr) return;
  void* const block = static_cast<char*>(pointer) - header;
  bytes -= *static_cast<std::size_t*>(block);
  std::free(block);
}

void operator delete(void* pointer, std::size_t) noexcept { operator delete(pointer); }

namespace mm::test {

std::size_t allocations() { return count; }
std::size_t allocated() { return bytes; }

} // namespace mm::test
