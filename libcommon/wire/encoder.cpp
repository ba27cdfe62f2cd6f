#include "wire/encoder.hpp"

#include <cstring>
#include <utility>

namespace mm {

namespace {

char* append(char* to, std::string_view bytes) {
  std::memcpy(to, bytes.data(), bytes.size());
  return to + bytes.size();
}

} // namespace

Message::Message(const Event& event) {
  const KindInfo& kind = info(event.kind);
  if (kind.payload == Payload::bytes) {
    long_ = event.data;
    if (long_.data() == nullptr) long_ = "";
    return;
  }
  const auto low = [](int value) { return static_cast<char>(value & 0x7f); };
  const auto high = [](int value) { return static_cast<char>(value >> 7 & 0x7f); };
  int status = kind.status;
  length_ = kind.has_channel() ? kind.field_count : 1;
  if (kind.has_channel()) {
    status += event.channel() - 1;
    short_[1] = low(event.arg[1]);
    short_[2] = low(event.arg[2]);
  }
  switch (event.kind) {
  case Kind::pitch_bend: {
    constexpr int centre = 8192;
    short_[1] = low(event.arg[1] + centre);
    short_[2] = high(event.arg[1] + centre);
    length_ = 3;
    break;
  }
  case Kind::time_code:
    short_[1] = static_cast<char>(event.arg[0] << 4 | event.arg[1]);
    length_ = 2;
    break;
  case Kind::song_position:
    short_[1] = low(event.arg[0]);
    short_[2] = high(event.arg[0]);
    length_ = 3;
    break;
  case Kind::song_select:
    short_[1] = low(event.arg[0]);
    length_ = 2;
    break;
  default: break;
  }
  short_[0] = static_cast<char>(status);
}

std::size_t encode_bound(const Event& event) {
  constexpr std::size_t four_control_changes = 12;
  return event.data.size() + four_control_changes;
}

char* encode(char* to, const Event& event) {
  for_each_message(event, [&](const Event& message) { to = append(to, Message(message).bytes()); });
  return to;
}

char* encode(char* to, const Event& event, char& running) {
  for_each_message(event, [&](const Event& message) {
    const Message encoded(message);
    std::string_view bytes = encoded.bytes();
    if (is_channel_message(message.kind)) {
      const char status = bytes.front();
      if (std::exchange(running, status) == status) bytes.remove_prefix(1);
    } else if (!is_realtime(message.kind)) {
      running = '\0';
    }
    to = append(to, bytes);
  });
  return to;
}

} // namespace mm
