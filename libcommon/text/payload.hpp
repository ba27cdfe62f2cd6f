// The bytes of a sysex or raw event, as the line formats collect them.
#pragma once

#include "event/event.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace mm {

// Adds what a person may leave out (the f0 and the f7 of a sysex), and says what cannot stand.
class PayloadBuilder {
 public:
  explicit PayloadBuilder(std::size_t max_sysex) : max_(max_sysex) {}

  // `expected`: the most bytes that the line may have.
  void start(Kind kind, std::size_t expected);

  // Adds a byte. Returns what is wrong with it, as the end of a sentence; nullptr if nothing.
  const char* add(int byte);

  // Adds what is missing at the end. Returns what is wrong with the whole; nullptr if nothing.
  const char* finish();

  // Holds until the next start().
  [[nodiscard]] std::string_view data() const { return data_; }

 private:
  std::size_t max_;
  std::string data_;
  bool is_sysex_ = false;
  bool first_ = true;
  bool ended_ = false;
};

} // namespace mm
