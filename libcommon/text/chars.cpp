#include "text/chars.hpp"

#include <algorithm>

namespace mm::chars {

std::optional<long> read_number(std::string_view word) {
  constexpr long most = 999'999'999;
  const bool negative = word.starts_with('-');
  if (negative) word.remove_prefix(1);
  long base = 10;
  if (word.starts_with("0x") || word.starts_with("0X")) {
    base = 16;
    word.remove_prefix(2);
  }
  if (word.empty()) return {};
  long value = 0;
  for (const char c : word) {
    const int digit = hex_digit(c);
    if (digit < 0 || digit >= base) return {};
    value = std::min(value * base + digit, most);
  }
  return negative ? -value : value;
}

std::optional<long> read_note_name(std::string_view word, int middle_c) {
  // Semitones above C of the letters A to G.
  static constexpr std::array semitones{9, 11, 0, 2, 4, 5, 7};
  if (word.size() < 2) return {};
  const char letter = static_cast<char>(word[0] & ~0x20);
  if (letter < 'A' || letter > 'G') return {};
  long note = semitones[static_cast<std::size_t>(letter - 'A')];
  word.remove_prefix(1);
  // All accidentals are of one kind: "Cbb4" is a note, "C#b4" is not.
  const char accidental = word[0];
  while (word.size() > 1 && word[0] == accidental && (accidental == '#' || accidental == 'b')) {
    note += accidental == '#' ? 1 : -1;
    word.remove_prefix(1);
  }
  const std::string_view digits = word.starts_with('-') ? word.substr(1) : word;
  if (digits.empty() || digits.size() > 2 || !std::all_of(digits.begin(), digits.end(), is_digit))
    return {};
  return note + 12 * (*read_number(word) - middle_c + 5);
}

ReadTime read_seconds(std::string_view word) {
  constexpr Nanoseconds most_seconds = 9'000'000'000; // and not a nanosecond more
  const std::size_t point = std::min(word.find('.'), word.size());
  const std::string_view whole = word.substr(0, point);
  const std::string_view fraction =
      point < word.size() ? word.substr(point + 1) : std::string_view{};
  if (whole.empty() || !std::all_of(whole.begin(), whole.end(), is_digit) ||
      !std::all_of(fraction.begin(), fraction.end(), is_digit) || word.ends_with('.'))
    return {0, "is no time in seconds"};
  if (fraction.size() > 9) return {0, "has more than nine decimals"};
  Nanoseconds seconds = 0;
  for (const char c : whole) seconds = std::min(seconds * 10 + (c - '0'), most_seconds + 1);
  Nanoseconds time = 0;
  for (std::size_t i = 0; i < 9; ++i)
    time = time * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  time += seconds * second;
  if (time > most_seconds * second) return {0, "is too large a time"};
  return {time, nullptr};
}

namespace {

// The length of the well-formed UTF-8 sequence at the start of `text` (Unicode 15, table 3-7);
// 0 if there is none.
std::size_t utf8_length(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0;
  };
  const auto in = [](int byte, int low, int high) { return byte >= low && byte <= high; };
  const int first = at(0);
  if (first < 0x80) return 1;
  if (in(first, 0xc2, 0xdf)) return in(at(1), 0x80, 0xbf) ? 2 : 0;
  if (in(first, 0xe0, 0xef)) {
    const int low = first == 0xe0 ? 0xa0 : 0x80;
    const int high = first == 0xed ? 0x9f : 0xbf;
    return in(at(1), low, high) && in(at(2), 0x80, 0xbf) ? 3 : 0;
  }
  if (in(first, 0xf0, 0xf4)) {
    const int low = first == 0xf0 ? 0x90 : 0x80;
    const int high = first == 0xf4 ? 0x8f : 0xbf;
    return in(at(1), low, high) && in(at(2), 0x80, 0xbf) && in(at(3), 0x80, 0xbf) ? 4 : 0;
  }
  return 0;
}

} // namespace

std::optional<std::size_t> find_unprintable(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<std::uint8_t>(text[i]);
    if ((c < 0x20 && c != '\t') || c == 0x7f) return i;
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return {};
}

char* detail::put_large(char* to, std::uint64_t n) {
  return put_padded(put_unsigned(to, n / 1000), n % 1000);
}

char* put_note_name(char* to, int note, int middle_c) {
  static constexpr std::array<std::string_view, 12> names{"C",  "C#", "D",  "D#", "E",  "F",
                                                          "F#", "G",  "G#", "A",  "A#", "B"};
  to = put(to, names[static_cast<std::size_t>(note % 12)]);
  return put_number(to, note / 12 - 5 + middle_c);
}

} // namespace mm::chars
