// JACK's cycles, added by one thread and looked at by another.
#include "mmjack/cycles.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace mm::jack {
namespace {

TEST(CyclesThread, what_is_looked_for_while_cycles_are_added_is_found) {
  constexpr std::uint32_t frames = 64;
  constexpr std::uint32_t rate = 48000;
  constexpr Nanoseconds length = 1'333'333;
  constexpr int count = 200000;
  constexpr Frame behind = 100; // cycles: what a live event lies back
  constexpr Frame most_ahead = 1000;
  Cycles cycles;
  std::atomic<bool> is_done{false};
  const auto cycle_at = [&](Frame index) {
    const auto begin = static_cast<Nanoseconds>(index) * length;
    return Cycle{index * frames, frames, begin, begin + length};
  };
  cycles.add(cycle_at(1));
  std::atomic<Frame> seen{0};
  std::thread adder([&] {
    for (Frame i = 2; i < count; ++i) {
      while (i > seen + most_ahead) std::this_thread::yield(); // they come in milliseconds, really
      cycles.add(cycle_at(i));
    }
    is_done = true;
  });
  int wrong = 0;
  while (!is_done) {
    const Frame last = cycles.last().frame / frames;
    const Frame index = last > behind ? last - behind : 1;
    wrong += cycles.frame_at(cycle_at(index).time_of(17), rate) != index * frames + 17 ? 1 : 0;
    seen = last;
  }
  adder.join();
  EXPECT_EQ(wrong, 0);
}

} // namespace
} // namespace mm::jack
