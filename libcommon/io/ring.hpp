// From a real-time thread to the loop: a lock-free ring of messages with their times.
//
// One thread writes, one reads. All memory is there from the start; the writer never waits,
// allocates, or calls the system.
#pragma once

#include "event/event.hpp"

#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace mm {

class Ring {
 public:
  struct Record {
    Nanoseconds time = 0;
    std::uint64_t lost = 0; // messages that did not fit in just before this one
    std::uint32_t tag = 0;  // as it was given
    std::string_view bytes; // in the ring, until pop()
  };

  // `capacity` in bytes, a power of two. A message takes 24 bytes and its own, rounded up to 8; one
  // that is longer than half of the ring may not fit although it is empty.
  explicit Ring(std::size_t capacity)
      : capacity_(capacity), data_(std::make_unique<std::byte[]>(capacity)) {}

  // Writer: false if it does not fit; then it is lost, and counted in the next record.
  bool push(Nanoseconds time, std::string_view bytes, std::uint32_t tag = 0) {
    const std::size_t write = write_.load(std::memory_order_relaxed);
    const std::size_t free = capacity_ - (write - read_.load(std::memory_order_acquire));
    const std::size_t size = round_up(sizeof(Header) + bytes.size());
    const std::size_t to_end = capacity_ - write % capacity_;
    // A record does not wrap around: if need be, the rest of the ring is left empty.
    const std::size_t gap = size > to_end ? to_end : 0;
    if (size + gap > free) {
      lost_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    if (gap > 0) put(write, Header{skip, 0, 0, 0}); // at least 8 bytes: the length fits
    const std::uint64_t lost = lost_.exchange(0, std::memory_order_relaxed);
    put(write + gap, Header{static_cast<std::uint32_t>(bytes.size()), tag, time, lost});
    if (!bytes.empty()) std::memcpy(at(write + gap) + sizeof(Header), bytes.data(), bytes.size());
    write_.store(write + gap + size, std::memory_order_release);
    return true;
  }

  // Writer: so many messages were lost before they came here; they are counted as well.
  void add_lost(std::uint64_t count) { lost_.fetch_add(count, std::memory_order_relaxed); }

  // Reader: the oldest record; false if there is none.
  bool front(Record& record) {
    const std::size_t write = write_.load(std::memory_order_acquire);
    std::size_t read = read_.load(std::memory_order_relaxed);
    if (read == write) return false;
    std::uint32_t length = 0;
    std::memcpy(&length, at(read), sizeof length);
    if (length == skip) {
      read += capacity_ - read % capacity_;
      read_.store(read, std::memory_order_release);
    }
    Header header;
    std::memcpy(&header, at(read), sizeof header);
    record = {header.time,
              header.lost,
              header.tag,
              {reinterpret_cast<const char*>(at(read) + sizeof header), header.length}};
    size_ = round_up(sizeof header + header.length);
    return true;
  }

  // Reader: done with what front() gave.
  void pop() {
    read_.store(read_.load(std::memory_order_relaxed) + size_, std::memory_order_release);
  }

  // Reader, when front() said false: the messages that were lost since the last record. They are
  // counted here and in no record.
  std::uint64_t take_lost() { return lost_.exchange(0, std::memory_order_relaxed); }

 private:
  struct Header {
    std::uint32_t length = 0;
    std::uint32_t tag = 0;
    Nanoseconds time = 0;
    std::uint64_t lost = 0;
  };
  static constexpr std::uint32_t skip = ~std::uint32_t{0};
  static constexpr std::size_t round_up(std::size_t n) { return (n + 7) / 8 * 8; }

  std::byte* at(std::size_t position) { return data_.get() + position % capacity_; }
  void put(std::size_t position, const Header& header) {
    const std::size_t to_end = capacity_ - position % capacity_;
    std::memcpy(at(position), &header, std::min(sizeof header, to_end));
  }

  std::size_t capacity_;
  std::unique_ptr<std::byte[]> data_;
  std::size_t size_ = 0; // of the record that front() gave
  alignas(64) std::atomic<std::size_t> write_{0};
  std::atomic<std::uint64_t> lost_{0};
  alignas(64) std::atomic<std::size_t> read_{0};
};

} // namespace mm
