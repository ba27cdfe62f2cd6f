// The plain version of wire/decoder.hpp, as the oracle of its tests: a byte at a time, no short
// ways, and each event a line of mmevents(5).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mm::test {

class PlainDecoder {
 public:
  explicit PlainDecoder(std::size_t max_sysex) : max_sysex_(max_sysex) {}

  void take(unsigned char byte);
  void finish();

  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

 private:
  enum class Open { nothing, message, sysex, junk };

  void take_data(unsigned char byte);
  void take_status(unsigned char byte);
  void add_junk(unsigned char byte);
  void cut_off();
  void put_message();

  std::size_t max_sysex_;
  Open open_ = Open::nothing;
  unsigned char running_ = 0;
  bool implied_ = false; // the open message has its status from the one before
  std::string pending_;  // the bytes of what is open, with its status
  std::vector<std::string> lines_;
};

// The events of a whole stream.
std::vector<std::string> plainly_decoded(std::string_view stream, std::size_t max_sysex);

} // namespace mm::test
