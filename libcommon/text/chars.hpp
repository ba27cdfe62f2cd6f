// Numbers, notes, bytes and times as characters: the small pieces that the formats share.
#pragma once

#include "event/event.hpp"
#include "text/line.hpp"

#include <array>
#include <cstring>
#include <optional>
#include <string_view>

namespace mm::chars {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The characters of a port's tag.
constexpr bool is_port_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '.' ||
         c == '-' || c == '/' || c == ':' || c == '[' || c == ']';
}

// The value of a hexadecimal digit; -1 for any other character.
constexpr int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// A number as people write it: decimal, or hexadecimal after 0x, with an optional '-'.
// Nothing if `word` is no number. Numbers beyond +-999,999,999 come back as that.
std::optional<long> read_number(std::string_view word);

// A note name: a letter, sharps or flats, an octave ("C4", "F#3", "Bb-1"). Nothing if `word`
// is no such name. The note may be out of MIDI's range.
std::optional<long> read_note_name(std::string_view word, int middle_c);

// Seconds with up to nine decimals, as nanoseconds. On failure returns what is wrong.
struct ReadTime {
  Nanoseconds time = 0;
  const char* fault = nullptr;
};
ReadTime read_seconds(std::string_view word);

// A number of seconds from 0 to 9e9, as nanoseconds.
inline Nanoseconds to_nanoseconds(double seconds) {
  const auto whole = static_cast<Nanoseconds>(seconds);
  return whole * second +
         static_cast<Nanoseconds>((seconds - static_cast<double>(whole)) * 1e9 + 0.5);
}

// Whether `text` is well-formed UTF-8 without control characters; else the offset of the first
// byte that is not.
std::optional<std::size_t> find_unprintable(std::string_view text);

// --- writing; each returns the end of what it wrote ---

inline char* put(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

namespace detail {

// "0".."999", four bytes each: the digits, and how many there are.
inline constexpr auto numbers = [] {
  std::array<char, 4000> table{};
  for (std::size_t n = 0; n < 1000; ++n) {
    char* entry = &table[n * 4];
    std::size_t length = 0;
    if (n >= 100) entry[length++] = static_cast<char>('0' + n / 100);
    if (n >= 10) entry[length++] = static_cast<char>('0' + n / 10 % 10);
    entry[length++] = static_cast<char>('0' + n % 10);
    entry[3] = static_cast<char>(length);
  }
  return table;
}();

// "000".."999", four bytes each.
inline constexpr auto padded = [] {
  std::array<char, 4000> table{};
  for (std::size_t n = 0; n < 1000; ++n) {
    table[n * 4] = static_cast<char>('0' + n / 100);
    table[n * 4 + 1] = static_cast<char>('0' + n / 10 % 10);
    table[n * 4 + 2] = static_cast<char>('0' + n % 10);
  }
  return table;
}();

// "00".."ff".
inline constexpr auto hex = [] {
  std::array<char, 512> table{};
  for (std::size_t n = 0; n < 256; ++n) {
    table[n * 2] = "0123456789abcdef"[n / 16];
    table[n * 2 + 1] = "0123456789abcdef"[n % 16];
  }
  return table;
}();

// The number is less than 1000 in these two.
inline char* put_small(char* to, std::uint64_t n) {
  const char* const entry = &numbers[n * 4];
  std::memcpy(to, entry, 4);
  return to + entry[3];
}
inline char* put_padded(char* to, std::uint64_t n) {
  std::memcpy(to, &padded[n * 4], 4);
  return to + 3;
}

char* put_large(char* to, std::uint64_t n);

} // namespace detail

// All that put numbers may write up to three bytes beyond the end that they return.
inline char* put_unsigned(char* to, std::uint64_t n) {
  if (n < 1000) return detail::put_small(to, n);
  if (n >= 1'000'000) return detail::put_large(to, n);
  return detail::put_padded(detail::put_small(to, n / 1000), n % 1000);
}

inline char* put_number(char* to, std::int64_t n) {
  if (static_cast<std::uint64_t>(n) < 1000)
    return detail::put_small(to, static_cast<std::uint64_t>(n));
  if (n >= 0) return put_unsigned(to, static_cast<std::uint64_t>(n));
  *to = '-';
  return put_unsigned(to + 1, static_cast<std::uint64_t>(-n));
}

// Seconds with nine decimals.
inline char* put_seconds(char* to, Nanoseconds time) {
  const auto ns = static_cast<std::uint64_t>(time);
  to = put_unsigned(to, ns / second);
  *to++ = '.';
  const auto fraction = static_cast<std::uint32_t>(ns % second);
  to = detail::put_padded(to, fraction / 1'000'000);
  to = detail::put_padded(to, fraction / 1000 % 1000);
  return detail::put_padded(to, fraction % 1000);
}

inline char* put_hex(char* to, char byte) {
  std::memcpy(to, &detail::hex[std::size_t{static_cast<std::uint8_t>(byte)} * 2], 2);
  return to + 2;
}

char* put_note_name(char* to, int note, int middle_c);

inline constexpr std::size_t seconds_bound = 24;
inline constexpr std::size_t number_bound = 10;

} // namespace mm::chars
