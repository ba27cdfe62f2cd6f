#include "random.hpp"

namespace mm::test {

namespace {

constexpr std::string_view letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
constexpr std::string_view tag_letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/:[]";

// A code point as UTF-8.
std::string utf8(std::uint32_t point) {
  const auto tail = [&](unsigned shift) {
    return static_cast<char>(0x80U | (point >> shift & 0x3fU));
  };
  if (point < 0x80) return {static_cast<char>(point)};
  if (point < 0x800) return {static_cast<char>(0xc0U | point >> 6), tail(0)};
  if (point < 0x10000) return {static_cast<char>(0xe0U | point >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0U | point >> 18), tail(12), tail(6), tail(0)};
}

} // namespace

int Random::edgy(int low, int high) {
  switch (below(4)) {
  case 0: return low;
  case 1: return high;
  default: return between(low, high);
  }
}

std::string Random::word(std::string_view from, std::size_t longest) {
  std::string word;
  for (std::size_t n = 1 + below(longest); n > 0; --n) word += from[below(from.size())];
  return word;
}

// A printable character, mostly of ASCII.
std::string Random::character() {
  constexpr std::uint32_t first_surrogate = 0xd800;
  constexpr std::uint32_t last_surrogate = 0xdfff;
  if (!one_in(5)) return {static_cast<char>(between('!', '~'))};
  const auto point = static_cast<std::uint32_t>(one_in(2)   ? between(0x80, 0x7ff)
                                                : one_in(2) ? between(0x800, 0xffff)
                                                            : between(0x10000, 0x10ffff));
  if (point >= first_surrogate && point <= last_surrogate) return utf8(first_surrogate - 1);
  return utf8(point);
}

std::string Random::meta_text() {
  std::string text = ':' + word(letters, 20);
  for (std::size_t n = below(4); n > 0; --n) {
    text += ' ';
    if (one_in(2)) {
      // A word. Its first character says what it is, so that one is plain.
      text += letters[below(letters.size())];
      for (std::size_t m = below(10); m > 0; --m) text += character();
      continue;
    }
    text += '"';
    for (std::size_t m = below(10); m > 0; --m) {
      const std::string c = one_in(4) ? (one_in(3) ? "\t" : " ") : character();
      if (c == "\"" || c == "\\") text += '\\';
      text += c;
    }
    text += '"';
  }
  return text;
}

std::string Random::payload(Kind kind) {
  const std::size_t length = one_in(10) ? below(500) : below(12);
  std::string data;
  if (kind == Kind::sysex) data += '\xf0';
  for (std::size_t i = 0; i < length; ++i)
    data += kind == Kind::sysex ? data_byte() : static_cast<char>(below(0x100));
  if (kind == Kind::sysex) data += '\xf7';
  if (data.empty()) data += '\x90'; // raw needs bytes
  return data;
}

Event Random::event() { return event(static_cast<Kind>(below(kind_count))); }

Event Random::event(Kind kind) {
  Event event;
  event.kind = kind;
  std::size_t i = 0;
  for (const Field& field : info(kind).fields())
    event.arg[i++] = static_cast<std::int16_t>(edgy(field.min, field.max));
  if (info(kind).payload != Payload::none) {
    data_ = kind == Kind::meta ? meta_text() : payload(kind);
    event.data = data_;
  }
  event.time_form = static_cast<TimeForm>(below(3));
  if (event.time_form != TimeForm::none) {
    constexpr Nanoseconds last = 9'000'000'000 * second;
    switch (below(6)) {
    case 0: event.time = 0; break;
    case 1: event.time = last; break;
    case 2: event.time = last - 1; break;
    case 3: event.time = static_cast<Nanoseconds>(below(static_cast<std::size_t>(last))); break;
    case 4: event.time = static_cast<Nanoseconds>(below(10)) * second; break;
    default: event.time = static_cast<Nanoseconds>(below(100'000 * std::size_t{second}));
    }
  }
  if (one_in(3)) {
    port_ = word(tag_letters, 30);
    event.port = port_;
  }
  return event;
}

char Random::realtime() {
  static constexpr std::string_view statuses = "\xf8\xfa\xfb\xfc\xfe\xff";
  return statuses[below(statuses.size())];
}

std::string Random::midi(std::size_t messages) {
  const std::size_t rarity = one_in(3) ? 1'000'000 : 2 + below(20); // of realtime
  std::string stream;
  const auto put = [&](char byte) {
    while (one_in(rarity)) stream += realtime();
    stream += byte;
  };
  char running = 0;
  for (; messages > 0; --messages) {
    const auto pick = below(20);
    if (pick < 14) {
      const auto kind = static_cast<unsigned>(below(7));
      const char status = static_cast<char>(0x80U + kind * 16 + (one_in(2) ? 0 : below(16)));
      const bool keep = running != 0 && one_in(2);
      if (!keep) put(running = status);
      const auto high = static_cast<unsigned char>(running) & 0xf0U;
      put(data_byte());
      if (high != 0xc0 && high != 0xd0) put(data_byte());
      continue;
    }
    running = 0;
    switch (pick) {
    case 14:
      put('\xf1');
      put(data_byte());
      break;
    case 15:
      put('\xf2');
      put(data_byte());
      put(data_byte());
      break;
    case 16:
      put('\xf3');
      put(data_byte());
      break;
    case 17: put('\xf6'); break;
    default:
      put('\xf0');
      for (std::size_t n = one_in(20) ? below(3000) : below(20); n > 0; --n) put(data_byte());
      put('\xf7');
    }
  }
  return stream;
}

std::string Random::junk(std::size_t length) {
  static constexpr std::string_view likely = "\x90\x80\xb0\xc3\xe0\xf0\xf0\xf7\xf7\xf1\xf2\xf3"
                                             "\xf4\xf5\xf6\xf8\xf9\xfd\xfe\xff";
  const std::size_t status = 1 + below(8); // one in so many
  const bool any = one_in(3);
  std::string bytes;
  while (bytes.size() < length) {
    if (one_in(2000)) bytes.append(below(6000), data_byte()); // longer than a piece of junk
    if (any)
      bytes += static_cast<char>(below(0x100));
    else
      bytes += one_in(status) ? likely[below(likely.size())] : data_byte();
  }
  return bytes;
}

std::vector<std::size_t> Random::cuts() {
  std::vector<std::size_t> sizes(1 + below(8));
  for (std::size_t& size : sizes) size = one_in(2) ? below(4) : below(40);
  sizes.back() += 1; // one of them goes on
  return sizes;
}

std::string Random::mutated(std::string line) {
  static constexpr std::string_view likely = " \t\r@#:\"\\+-.0123456789xXfgC\x7f\x80\xc3\xff";
  const auto character = [&]() -> char {
    if (one_in(4)) return '\0';
    if (!one_in(4)) return likely[below(likely.size())];
    const char c = static_cast<char>(below(0x100));
    return c == '\n' ? ' ' : c;
  };
  for (std::size_t n = 1 + below(3); n > 0; --n) {
    const std::size_t at = below(line.size() + 1);
    const bool inside = at < line.size();
    switch (below(6)) {
    case 0: line.insert(at, 1, character()); break;
    case 1:
      if (inside) line[at] = character();
      break;
    case 2:
      if (inside) line.erase(at, 1 + below(3));
      break;
    case 3:
      if (inside) line.insert(at, line.substr(at, 1 + below(4)));
      break;
    case 4:
      if (at + 1 < line.size()) std::swap(line[at], line[at + 1]);
      break;
    default: line.resize(at);
    }
  }
  return line;
}

} // namespace mm::test
