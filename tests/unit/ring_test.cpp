// The ring between a real-time thread and the loop: alone, against a plain queue, and with two
// threads. A binary of its own, so that the thread sanitizer can be asked about just this.
#include "io/ring.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <thread>

namespace mm {
namespace {

constexpr std::size_t header = 24; // what a record takes beside its bytes

// The oldest record, as "TIME BYTES" and how many were lost before it; then it is gone.
std::string take(Ring& ring) {
  Ring::Record record;
  if (!ring.front(record)) return "nothing";
  std::string text = std::to_string(record.time) + ' ' + std::string(record.bytes);
  if (record.lost > 0) text += ", lost " + std::to_string(record.lost);
  ring.pop();
  return text;
}

TEST(Ring, is_empty_at_first) {
  Ring ring(64);
  EXPECT_EQ(take(ring), "nothing");
}

TEST(Ring, gives_what_was_put_in_in_its_order) {
  Ring ring(256);
  EXPECT_TRUE(ring.push(1, "note"));
  EXPECT_TRUE(ring.push(2, ""));
  EXPECT_TRUE(ring.push(-3, std::string_view("\0\xff", 2)));
  EXPECT_EQ(take(ring), "1 note");
  EXPECT_EQ(take(ring), "2 ");
  EXPECT_EQ(take(ring), std::string("-3 \0\xff", 5));
  EXPECT_EQ(take(ring), "nothing");
}

TEST(Ring, the_oldest_record_stays_until_it_is_popped) {
  Ring ring(256);
  ring.push(1, "one");
  ring.push(2, "two");
  Ring::Record record;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(ring.front(record));
    EXPECT_EQ(record.bytes, "one");
  }
  ring.push(3, "three"); // the record still holds
  EXPECT_EQ(record.bytes, "one");
  ring.pop();
  EXPECT_EQ(take(ring), "2 two");
  EXPECT_EQ(take(ring), "3 three");
}

// A record never wraps around; what is left at the end of the ring is passed over, be it only
// eight bytes, less than a header.
TEST(Ring, a_record_that_does_not_fit_at_the_end_goes_to_the_start) {
  for (const std::size_t gap :
       {std::size_t{8}, std::size_t{16}, std::size_t{24}, std::size_t{32}}) {
    Ring ring(128);
    const std::string first(128 - gap - header, 'a');
    const std::string second(gap + 8 - std::min(header, gap), 'b');
    EXPECT_TRUE(ring.push(1, first));
    EXPECT_EQ(take(ring), "1 " + first);
    EXPECT_TRUE(ring.push(2, second)) << gap;
    EXPECT_TRUE(ring.push(3, "c")) << gap;
    EXPECT_EQ(take(ring), "2 " + second);
    EXPECT_EQ(take(ring), "3 c");
    EXPECT_EQ(take(ring), "nothing");
  }
}

TEST(Ring, one_that_ends_at_the_end_is_followed_by_one_at_the_start) {
  Ring ring(64);
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(ring.push(round, std::string(64 - header, 'x')));
    EXPECT_FALSE(ring.push(0, ""));
    EXPECT_EQ(take(ring).substr(0, 3), std::to_string(round) + " x");
  }
}

TEST(Ring, what_does_not_fit_is_counted_in_the_next_record) {
  Ring ring(64); // two records of up to eight bytes
  EXPECT_TRUE(ring.push(1, "one"));
  EXPECT_TRUE(ring.push(2, "two"));
  EXPECT_FALSE(ring.push(3, "three"));
  EXPECT_FALSE(ring.push(4, "four"));
  EXPECT_EQ(take(ring), "1 one");
  EXPECT_EQ(take(ring), "2 two");
  EXPECT_EQ(take(ring), "nothing");
  EXPECT_TRUE(ring.push(5, "five"));
  EXPECT_TRUE(ring.push(6, "six"));
  EXPECT_EQ(take(ring), "5 five, lost 2");
  EXPECT_EQ(take(ring), "6 six");
  EXPECT_EQ(ring.take_lost(), 0U);
}

TEST(Ring, what_is_lost_and_followed_by_nothing_can_be_asked_for) {
  Ring ring(64);
  EXPECT_TRUE(ring.push(1, "one"));
  EXPECT_TRUE(ring.push(2, "two"));
  EXPECT_FALSE(ring.push(3, "three"));
  EXPECT_EQ(take(ring), "1 one");
  EXPECT_EQ(take(ring), "2 two");
  EXPECT_EQ(ring.take_lost(), 1U);
  EXPECT_EQ(ring.take_lost(), 0U);
  EXPECT_TRUE(ring.push(4, "four"));
  EXPECT_EQ(take(ring), "4 four");
}

TEST(Ring, one_that_is_longer_than_the_ring_is_lost) {
  Ring ring(64);
  EXPECT_FALSE(ring.push(1, std::string(64 - header + 1, 'x')));
  EXPECT_TRUE(ring.push(2, std::string(64 - header, 'x')));
  EXPECT_EQ(take(ring), "2 " + std::string(64 - header, 'x') + ", lost 1");
}

TEST(Ring, one_of_half_its_size_always_fits_in_when_it_is_empty) {
  Ring ring(128);
  for (int i = 0; i < 100; ++i) {
    const std::string half(128 / 2 - header, static_cast<char>('a' + i % 26));
    EXPECT_TRUE(ring.push(i, half));
    EXPECT_EQ(take(ring), std::to_string(i) + ' ' + half);
    const std::string small(static_cast<std::size_t>(i % 40), 's');
    EXPECT_TRUE(ring.push(i, small));
    EXPECT_EQ(take(ring), std::to_string(i) + ' ' + small);
  }
}

// Against a plain queue: the same records come out, whatever is pushed and popped when; and what
// is refused is just what has no room, be it behind the last record or at the ring's start.
TEST(Ring, gives_what_a_queue_would_give) {
  struct Entry {
    std::string text;
    std::size_t end = 0;
  };
  for (std::uint64_t seed = 1; seed <= 1000 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    const std::size_t capacity = std::size_t{64} << below(4);
    Ring ring(capacity);
    std::deque<Entry> queue;
    std::size_t begin = 0; // of what is in it, counted from the first byte ever
    std::size_t end = 0;
    std::uint64_t lost = 0;
    for (int step = 0; step < 300; ++step) {
      if (below(2) == 0) {
        const auto time = static_cast<Nanoseconds>(below(1'000'000));
        std::string bytes(below(capacity / 2), ' ');
        for (char& c : bytes) c = static_cast<char>(below(256));
        const std::size_t size = (header + bytes.size() + 7) / 8 * 8;
        const std::size_t to_end = capacity - end % capacity;
        const std::size_t after = end + (size > to_end ? to_end : 0) + size;
        const bool fits = after - begin <= capacity;
        EXPECT_EQ(ring.push(time, bytes), fits);
        if (fits) {
          std::string text = std::to_string(time) + ' ' + bytes;
          if (lost > 0) text += ", lost " + std::to_string(lost);
          queue.push_back({text, after});
          end = after;
        }
        lost = fits ? 0 : lost + 1;
      } else if (queue.empty()) {
        EXPECT_EQ(take(ring), "nothing");
      } else {
        EXPECT_EQ(take(ring), queue.front().text);
        begin = queue.front().end;
        queue.pop_front();
      }
    }
  }
}

// --- two threads ---

// A message that tells whether it came through whole: its number, bytes that follow from it, as
// many as follow from it, and their sum.
std::string message(std::uint64_t number) {
  std::string bytes(sizeof number + number * 2654435761U % 61, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  std::uint8_t sum = 0;
  for (std::size_t i = sizeof number; i < bytes.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(number * 31 + i * 7);
    bytes[i] = static_cast<char>(byte);
    sum = static_cast<std::uint8_t>(sum + byte);
  }
  bytes += static_cast<char>(sum);
  return bytes;
}

struct Count {
  std::uint64_t read = 0;
  std::uint64_t lost = 0;
  std::uint64_t wrong = 0;
};

// One thread writes `total` messages, and now and then lets the other one go on; this one reads.
// Each record is the message that its number says, and the count of what was lost before it is
// exact.
Count pass(std::uint64_t total, std::size_t capacity, std::uint64_t burst) {
  Ring ring(capacity);
  std::atomic<bool> written{false};
  std::thread writer([&] {
    for (std::uint64_t number = 0; number < total; ++number) {
      ring.push(static_cast<Nanoseconds>(number), message(number));
      if (number % burst == 0) std::this_thread::yield();
    }
    written = true;
  });
  Count count;
  std::uint64_t next = 0;
  while (true) {
    const bool last = written;
    Ring::Record record;
    if (!ring.front(record)) {
      if (last) break;
      std::this_thread::yield();
      continue;
    }
    count.lost += record.lost;
    next += record.lost;
    if (record.time != static_cast<Nanoseconds>(next) || record.bytes != message(next))
      ++count.wrong;
    ++next;
    ++count.read;
    ring.pop();
  }
  writer.join();
  count.lost += ring.take_lost();
  return count;
}

void expect_exact(std::uint64_t total, std::size_t capacity, std::uint64_t burst) {
  const Count count = pass(total, capacity, burst);
  EXPECT_EQ(count.wrong, 0U);
  EXPECT_EQ(count.read + count.lost, total);
  EXPECT_GT(count.read, 0U);
}

TEST(Ring, two_threads_written_is_read_and_lost) { expect_exact(1'000'000, 4096, 64); }
TEST(Ring, two_threads_when_it_is_mostly_full) { expect_exact(200'000, 256, 1000); }
TEST(Ring, two_threads_when_it_is_mostly_empty) { expect_exact(200'000, 1UL << 20, 4); }

} // namespace
} // namespace mm
