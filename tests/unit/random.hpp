// Random events and bytes for the property tests: the same for the same seed, on every machine.
#pragma once

#include "event/event.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace mm::test {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  // 0 ... n-1. (The standard's distributions differ from library to library.)
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  int between(int low, int high) {
    return low + static_cast<int>(below(static_cast<std::size_t>(high - low + 1)));
  }
  bool one_in(std::size_t n) { return below(n) == 0; }
  // Any value of the range, its ends more often than the others.
  int edgy(int low, int high);

  // An event of any kind, with any time, and in one of three cases a port. It holds until the next
  // one is asked for.
  Event event();
  Event event(Kind kind);

  // MIDI bytes without a fault: `messages` messages, with running status here and there, and
  // realtime messages anywhere, inside others as well.
  std::string midi(std::size_t messages);

  // Any bytes, but such that messages come about: of a random mixture of data and status bytes.
  std::string junk(std::size_t length);

  // Sizes of pieces to cut a stream into, 0 among them.
  std::vector<std::size_t> cuts();

  // `line` with a few characters changed, added, left out, doubled or swapped, to any byte but LF.
  std::string mutated(std::string line);

 private:
  char data_byte() { return static_cast<char>(below(0x80)); }
  char realtime();
  std::string word(std::string_view letters, std::size_t longest);
  std::string character();
  std::string meta_text();
  std::string payload(Kind kind);

  std::mt19937_64 engine_;
  std::string data_;
  std::string port_;
};

} // namespace mm::test
