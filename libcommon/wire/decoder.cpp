#include "wire/decoder.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace mm {

namespace {

constexpr std::uint8_t sysex_start = 0xf0;
constexpr std::uint8_t sysex_end = 0xf7;
constexpr std::uint8_t first_realtime = 0xf8;
constexpr std::size_t junk_piece = 4096; // a longer row of junk comes out in pieces of this

std::uint8_t byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<std::uint8_t>(bytes[i]);
}

bool is_data(char byte) { return (static_cast<std::uint8_t>(byte) & 0x80U) == 0; }

// How many data bytes `bytes` begins with.
std::size_t data_run(std::string_view bytes) {
  std::size_t n = 0;
  if constexpr (std::endian::native == std::endian::little) {
    for (; n + 8 <= bytes.size(); n += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + n, sizeof word);
      const std::uint64_t status = word & 0x8080808080808080U;
      if (status != 0) return n + static_cast<std::size_t>(std::countr_zero(status)) / 8;
    }
  }
  while (n < bytes.size() && is_data(bytes[n])) ++n;
  return n;
}

constexpr bool is_undefined(std::uint8_t status) {
  return status == 0xf4 || status == 0xf5 || status == 0xf9 || status == 0xfd;
}

std::int16_t argument(int value) { return static_cast<std::int16_t>(value); }

// How the arguments of a channel message come from its data bytes. The first is the channel.
struct Layout {
  Kind kind = Kind::meta;
  std::uint8_t data_bytes = 0;
  std::int16_t third = 0;  // the bits of the second byte that make the third argument
  std::int16_t high = 0;   // the bits, seven places up, that it adds to the second argument
  std::int16_t centre = 0; // what is taken from that
};

// One for each status, so that an event is made without a branch on the kind: in a mixed stream,
// no processor could foresee it.
constexpr auto layouts = [] {
  constexpr std::size_t channels = 16;
  std::array<Layout, sysex_start> table{};
  for (const KindInfo& row : kind_table) {
    if (!is_channel_message(row.kind)) continue;
    Layout layout{row.kind, static_cast<std::uint8_t>(data_bytes(row.status)), 0, 0, 0};
    if (row.field_count == 3) layout.third = 0x7f;
    if (row.kind == Kind::pitch_bend) {
      layout.high = 0x3f80;
      layout.centre = 8192;
    }
    std::fill_n(table.begin() + row.status, channels, layout);
  }
  return table;
}();

// Two bytes are read from `data`, whatever they are, even if the message has one.
void make_channel_message(std::uint8_t status, const char* data, Event& event) {
  const Layout& layout = layouts[status];
  event = {};
  event.kind = layout.kind;
  event.arg = {argument((status & 0x0f) + 1),
               argument(data[0] + (data[1] << 7 & layout.high) - layout.centre),
               argument(data[1] & layout.third)};
}

// The event of a whole message of one to three bytes.
void make_message(std::uint8_t status, const std::array<char, 2>& data, Event& event) {
  if (status < sysex_start) return make_channel_message(status, data.data(), event);
  event = {};
  event.kind = *kind_of_status(status);
  switch (event.kind) {
  case Kind::time_code: event.arg = {argument(data[0] >> 4), argument(data[0] & 0x0f)}; break;
  case Kind::song_position: event.arg = {argument(data[0] | data[1] << 7)}; break;
  case Kind::song_select: event.arg = {argument(data[0])}; break;
  default: break;
  }
}

} // namespace

bool Decoder::next(std::string_view& bytes, Event& event) {
  if (state_ == State::idle && next_whole(bytes, event)) return true;
  take_back();
  while (!bytes.empty()) {
    const std::uint8_t byte = byte_at(bytes, 0);
    const bool complete = byte >= first_realtime ? take_realtime(bytes, event)
                          : is_data(bytes[0])    ? take_data(bytes, event)
                                                 : take_status(bytes, event);
    if (complete) return true;
  }
  return false;
}

// The short way: a channel message that is there as a whole, at the front of `bytes`.
bool Decoder::next_whole(std::string_view& bytes, Event& event) {
  constexpr std::size_t longest = 3;
  if (bytes.size() < longest) return false;
  const bool implied = is_data(bytes[0]);
  const std::uint8_t status = implied ? running_ : byte_at(bytes, 0);
  if (status == 0 || status >= sysex_start) return false;
  const std::size_t needed = layouts[status].data_bytes;
  const char* const data = bytes.data() + (implied ? 0 : 1);
  if (!is_data(data[0]) || !is_data(data[needed - 1])) return false;
  make_channel_message(status, data, event);
  running_ = status;
  bytes.remove_prefix(needed + (implied ? 0 : 1));
  return true;
}

bool Decoder::take_realtime(std::string_view& bytes, Event& event) {
  const std::uint8_t status = byte_at(bytes, 0);
  if (!is_undefined(status)) {
    make_message(status, data_, event);
  } else if (state_ == State::junk) {
    return take_junk(bytes, event);
  } else {
    single_ = bytes[0];
    event = make_bytes(Kind::raw, {&single_, 1});
  }
  bytes.remove_prefix(1);
  return true;
}

bool Decoder::take_status(std::string_view& bytes, Event& event) {
  const std::uint8_t status = byte_at(bytes, 0);
  if (status == sysex_end && state_ == State::sysex) {
    kept_ += bytes[0];
    bytes.remove_prefix(1);
    return hand_out(Kind::sysex, event);
  }
  const bool is_junk = is_undefined(status) || status == sysex_end;
  if (state_ != State::idle || is_junk) make_junk();
  if (is_junk) {
    running_ = 0;
    return take_junk(bytes, event);
  }
  if (state_ == State::junk) return hand_out(Kind::raw, event); // and the status stays

  running_ = status < sysex_start ? status : 0;
  if (status == sysex_start) {
    // The short way: the whole of it is here.
    const std::size_t length = 1 + data_run(bytes.substr(1)) + 1;
    if (length <= bytes.size() && length <= max_sysex_ && byte_at(bytes, length - 1) == sysex_end) {
      event = make_bytes(Kind::sysex, bytes.substr(0, length));
      bytes.remove_prefix(length);
      return true;
    }
    kept_ = bytes[0];
    state_ = State::sysex;
    bytes.remove_prefix(1);
    return false;
  }
  bytes.remove_prefix(1);
  if (data_bytes(status) == 0) { // tune request
    make_message(status, data_, event);
    return true;
  }
  state_ = State::message;
  status_ = status;
  implied_ = false;
  count_ = 0;
  return false;
}

bool Decoder::take_data(std::string_view& bytes, Event& event) {
  if (state_ == State::sysex) return take_sysex_data(bytes, event);
  if (state_ == State::idle && running_ != 0) {
    state_ = State::message;
    status_ = running_;
    implied_ = true;
    count_ = 0;
  }
  if (state_ != State::message) {
    make_junk();
    return take_junk(bytes, event);
  }
  data_[count_++] = bytes[0];
  bytes.remove_prefix(1);
  if (count_ < data_bytes(status_)) return false;
  state_ = State::idle;
  make_message(status_, data_, event);
  return true;
}

bool Decoder::take_sysex_data(std::string_view& bytes, Event& event) {
  const std::size_t room = max_sysex_ - std::min(max_sysex_, kept_.size() + 1);
  const std::size_t run = data_run(bytes);
  const std::size_t taken = std::min(room, run);
  kept_.append(bytes.substr(0, taken));
  bytes.remove_prefix(taken);
  if (taken == run) return false;
  // Longer than it may be: what is there of it, and what follows, is junk now.
  return hand_out(Kind::raw, event);
}

bool Decoder::take_junk(std::string_view& bytes, Event& event) {
  kept_ += bytes[0];
  bytes.remove_prefix(1);
  return kept_.size() >= junk_piece && hand_out(Kind::raw, event);
}

// Makes junk of what was begun.
void Decoder::make_junk() {
  if (state_ == State::message) {
    if (!implied_) kept_ += static_cast<char>(status_);
    kept_.append(data_.data(), count_);
  }
  state_ = State::junk;
}

bool Decoder::hand_out(Kind kind, Event& event) {
  event = make_bytes(kind, kept_);
  handed_out_ = true;
  state_ = State::idle;
  return true;
}

// Empties what the caller is done with; the memory of a large sysex is given back.
void Decoder::take_back() {
  constexpr std::size_t worth_keeping = 1UL << 20;
  if (!handed_out_) return;
  handed_out_ = false;
  kept_.clear();
  if (kept_.capacity() > worth_keeping) kept_.shrink_to_fit();
}

bool Decoder::finish(Event& event) {
  take_back();
  if (state_ == State::idle) return false;
  make_junk();
  running_ = 0;
  return hand_out(Kind::raw, event);
}

} // namespace mm
