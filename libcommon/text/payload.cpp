#include "text/payload.hpp"

#include <algorithm>

namespace mm {

namespace {

constexpr int sysex_start = 0xf0;
constexpr int sysex_end = 0xf7;
constexpr const char* too_long = "makes it longer than --max-sysex allows";

} // namespace

void PayloadBuilder::start(Kind kind, std::size_t expected) {
  constexpr std::size_t worth_keeping = 1UL << 20;
  if (data_.capacity() > worth_keeping) data_ = std::string(); // "= {}" keeps the memory
  data_.clear();
  data_.reserve(std::min(expected, max_));
  is_sysex_ = kind == Kind::sysex;
  first_ = true;
  ended_ = false;
  if (is_sysex_) data_ += static_cast<char>(sysex_start);
}

const char* PayloadBuilder::add(int byte) {
  constexpr int highest_byte = 0xff;
  constexpr int highest_data = 0x7f;
  if (ended_) return "follows the f7 that ends the sysex";
  if (byte < 0 || byte > highest_byte) return "is no byte";
  const bool repeats_start = is_sysex_ && first_ && byte == sysex_start;
  first_ = false;
  if (repeats_start) return nullptr;
  ended_ = is_sysex_ && byte == sysex_end;
  if (is_sysex_ && byte > highest_data && !ended_) return "is no data byte of a sysex (00..7f)";
  if (data_.size() >= max_) return too_long;
  data_ += static_cast<char>(byte);
  return nullptr;
}

const char* PayloadBuilder::finish() {
  if (!is_sysex_) return first_ ? "needs bytes: raw HEX..." : nullptr;
  if (ended_) return nullptr;
  if (data_.size() >= max_) return too_long;
  data_ += static_cast<char>(sysex_end);
  return nullptr;
}

} // namespace mm
