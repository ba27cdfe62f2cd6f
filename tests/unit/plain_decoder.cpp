#include "plain_decoder.hpp"

#include "events.hpp"

namespace mm::test {

namespace {

// The number of bytes of a message with this status.
std::size_t length_of(unsigned char status) {
  if (status < 0xc0 || (status >= 0xe0 && status < 0xf0) || status == 0xf2) return 3;
  return status == 0xf6 ? 1 : 2;
}

std::string realtime_name(unsigned char status) {
  switch (status) {
  case 0xf8: return "clock";
  case 0xfa: return "start";
  case 0xfb: return "continue";
  case 0xfc: return "stop";
  case 0xfe: return "active-sensing";
  case 0xff: return "reset";
  default: return "";
  }
}

} // namespace

void PlainDecoder::take(unsigned char byte) {
  if (byte >= 0xf8) {
    const std::string name = realtime_name(byte);
    if (!name.empty())
      lines_.push_back(name);
    else if (open_ == Open::junk)
      add_junk(byte);
    else
      lines_.push_back("raw " + hex(std::string(1, static_cast<char>(byte))));
  } else if (byte >= 0x80) {
    take_status(byte);
  } else {
    take_data(byte);
  }
}

void PlainDecoder::take_data(unsigned char byte) {
  constexpr std::size_t end = 1; // the f7
  if (open_ == Open::sysex && pending_.size() + 1 + end > max_sysex_) cut_off();
  if (open_ == Open::nothing && running_ != 0) {
    open_ = Open::message;
    implied_ = true;
    pending_ = static_cast<char>(running_);
  }
  if (open_ == Open::nothing || open_ == Open::junk) return add_junk(byte);
  pending_ += static_cast<char>(byte);
  if (open_ == Open::message) put_message();
}

void PlainDecoder::take_status(unsigned char byte) {
  if (byte == 0xf7 && open_ == Open::sysex) {
    lines_.push_back("sysex " + hex(pending_) + " f7");
    pending_.clear();
    open_ = Open::nothing;
    return;
  }
  if (byte == 0xf4 || byte == 0xf5 || byte == 0xf7) {
    running_ = 0;
    return add_junk(byte);
  }
  cut_off();
  running_ = byte < 0xf0 ? byte : 0;
  open_ = byte == 0xf0 ? Open::sysex : Open::message;
  implied_ = false;
  pending_ = static_cast<char>(byte);
  if (open_ == Open::message) put_message();
}

void PlainDecoder::add_junk(unsigned char byte) {
  constexpr std::size_t piece = 4096;
  if (open_ == Open::message && implied_) pending_.erase(0, 1);
  open_ = Open::junk;
  pending_ += static_cast<char>(byte);
  if (pending_.size() >= piece) cut_off();
}

// What is open becomes raw.
void PlainDecoder::cut_off() {
  if (open_ == Open::message && implied_) pending_.erase(0, 1);
  if (!pending_.empty()) lines_.push_back("raw " + hex(pending_));
  pending_.clear();
  open_ = Open::nothing;
}

void PlainDecoder::finish() {
  if (open_ == Open::nothing) return;
  cut_off();
  running_ = 0;
}

// Puts the open message if it is whole.
void PlainDecoder::put_message() {
  const auto status = static_cast<unsigned char>(pending_[0]);
  if (pending_.size() < length_of(status)) return;
  const int one = pending_.size() > 1 ? pending_[1] : 0;
  const int two = pending_.size() > 2 ? pending_[2] : 0;
  const auto words = [](int first, int second) {
    return ' ' + std::to_string(first) + ' ' + std::to_string(second);
  };
  const int channel = status % 16 + 1;
  std::string line;
  switch (status / 16) {
  case 0x8: line = "note-off" + words(channel, one) + ' ' + std::to_string(two); break;
  case 0x9: line = "note-on" + words(channel, one) + ' ' + std::to_string(two); break;
  case 0xa: line = "poly-pressure" + words(channel, one) + ' ' + std::to_string(two); break;
  case 0xb: line = "control-change" + words(channel, one) + ' ' + std::to_string(two); break;
  case 0xc: line = "program-change" + words(channel, one); break;
  case 0xd: line = "channel-pressure" + words(channel, one); break;
  case 0xe: line = "pitch-bend" + words(channel, one + 128 * two - 8192); break;
  default:
    if (status == 0xf1) line = "time-code" + words(one / 16, one % 16);
    if (status == 0xf2) line = "song-position " + std::to_string(one + 128 * two);
    if (status == 0xf3) line = "song-select " + std::to_string(one);
    if (status == 0xf6) line = "tune-request";
  }
  lines_.push_back(line);
  pending_.clear();
  open_ = Open::nothing;
}

std::vector<std::string> plainly_decoded(std::string_view stream, std::size_t max_sysex) {
  PlainDecoder decoder(max_sysex);
  for (const char c : stream) decoder.take(static_cast<unsigned char>(c));
  decoder.finish();
  return decoder.lines();
}

} // namespace mm::test
