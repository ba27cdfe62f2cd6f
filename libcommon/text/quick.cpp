// The short way to read a line of mmevents(5), for the lines that nearly all lines are.
//
// Nearly every line in a stream is of one shape: seconds with nine decimals or none at all, the
// kind, numbers, perhaps a port, with one blank before each. What follows reads just that, and
// declines everything else, faults included.
//
// Where all the words end is found first, as bits of a mask; how many words there are to be, the
// kind tells. They are read with hardly a branch on the characters, which no processor could
// foresee: four, eight or sixteen characters are loaded that end where the word ends, so that the
// load stays inside the line, and those before the word are masked out.
#include "text/chars.hpp"
#include "text/lanes.hpp"
#include "text/text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace mm {

namespace {

using lanes::Best;
using Word = std::uint64_t; // eight characters, the first one lowest

constexpr Word repeat(std::uint8_t byte) { return 0x0101010101010101ULL * byte; }

template <class Unsigned> Unsigned load(const char* from) {
  Unsigned word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// The words of a line, one after the other.
class Words {
 public:
  // LineParser::margin characters are looked at. Where they end, words are said to end as well.
  explicit Words(const char* text)
      : begin_(text), ends_(static_cast<std::int64_t>(Best::find_ends(text) | Word{1} << 63)) {}

  [[nodiscard]] const char* begin() const { return begin_; }
  [[nodiscard]] std::size_t length() const {
    return static_cast<unsigned>(__builtin_ctzll(static_cast<Word>(ends_)));
  }
  // The next one, behind this one of that length, which is less than 63, and one character.
  void next(std::size_t length) {
    begin_ += length + 1;
    ends_ >>= length + 1; // its highest bit stays
  }

 private:
  const char* begin_;
  std::int64_t ends_; // a bit for each character from begin_ on that ends a word
};

// The names and aliases of the kinds that have no payload, found by a hash that is perfect for
// them. A name stands in two words, its last character highest.
class Names {
 public:
  struct alignas(64) Entry {
    Word first = 0;
    Word last = 0;
    lanes::Bounds bounds; // of the arguments
    Kind kind = Kind::meta;
    std::uint8_t field_count = 0;
    bool is_signed = false; // some number may be negative
  };
  static constexpr std::size_t longest = 16;

  constexpr Names() {
    while (!fill()) factor_ = factor_ * 6364136223846793005U + 1442695040888963407U;
  }

  // The entry of the name of that length, 1 to `longest`, that begins at text[start]; nullptr if
  // there is none. There is no NUL in it, and behind `text` there are more than `longest`
  // characters.
  [[nodiscard]] const Entry* find(const char* text, std::size_t start, std::size_t length) const {
    // What is kept of sixteen characters, from place `length` on.
    static constexpr auto keep = [] {
      std::array<char, 2 * longest> mask{};
      std::fill(mask.begin() + longest, mask.end(), '\xff');
      return mask;
    }();
    const char* const mask = keep.data() + length;
    const std::size_t end = start + length;
    const Word first = load<Word>(text + std::max(end, longest) - longest) & load<Word>(mask);
    const Word last = load<Word>(text + end - sizeof last) & load<Word>(mask + sizeof last);
    const Entry& entry = entries_[hash(first, last)];
    return ((entry.first ^ first) | (entry.last ^ last)) == 0 ? &entry : nullptr;
  }

 private:
  [[nodiscard]] constexpr std::size_t hash(Word first, Word last) const {
    return static_cast<std::size_t>(((first + last) * factor_) >> 56);
  }

  constexpr bool fill() {
    entries_ = {};
    for (const KindInfo& row : kind_table)
      if (row.payload == Payload::none && !(add(row.name, row) && add(row.alias, row)))
        return false;
    return true;
  }

  constexpr bool add(std::string_view name, const KindInfo& row) {
    if (name.empty()) return true;
    std::array<Word, 2> words{};
    for (std::size_t i = 0; i < name.size(); ++i) {
      const std::size_t place = longest - name.size() + i;
      words[place / 8] |= static_cast<Word>(static_cast<std::uint8_t>(name[i])) << place % 8 * 8;
    }
    Entry& entry = entries_[hash(words[0], words[1])];
    if (entry.last != 0) return false;
    entry.first = words[0];
    entry.last = words[1];
    entry.kind = row.kind;
    entry.field_count = row.field_count;
    for (std::size_t i = 0; i < row.field_count; ++i) {
      entry.bounds.min |= lanes::place(row.field[i].min, i);
      entry.bounds.max |= lanes::place(row.field[i].max, i);
      entry.is_signed |= row.field[i].min < 0;
    }
    return true;
  }

  Word factor_ = 0x9e3779b97f4a7c15U;
  std::array<Entry, 256> entries_{};
};

constexpr Names names;

// Reads a time of that length: up to ten digits, a point, nine digits.
[[gnu::always_inline]] inline bool read_time(const char* text, std::size_t length, Event& event) {
  std::size_t whole = length - 10;
  if (whole - 1 >= 10) return false;
  const auto point = static_cast<std::uint16_t>(load<std::uint16_t>(text + whole) ^ 0x302eU);
  const auto tenths = static_cast<std::uint16_t>(point << 8 | point >> 8);
  if (tenths > 9) return false; // there is no point, or no digit behind it
  const Word decimals = load<Word>(text + length - sizeof decimals) ^ repeat('0');
  Nanoseconds seconds = 0;
  if (whole > 8) [[unlikely]] {
    for (; whole > 8; --whole) {
      if (!chars::is_digit(*text)) return false;
      seconds = seconds * 10 + (*text++ - '0');
    }
    if (seconds >= 90) return false; // more than can be counted in Nanoseconds
    seconds *= 100'000'000;
  }
  const Word digits = (load<Word>(text) ^ repeat('0')) << (64 - 8 * whole);
  lanes::Eights numbers;
  if (!Best::read_eights(digits, decimals, numbers)) return false;
  event.time =
      (seconds + numbers.first) * second + Nanoseconds{tenths} * (second / 10) + numbers.second;
  event.time_form = TimeForm::absolute;
  return true;
}

// Reads the numbers of a kind, which stand behind the word of that length; says how long the last
// one is. is_signed is that of the kind.
template <bool is_signed>
[[gnu::always_inline]] inline bool read_numbers(Words& words, std::size_t& length,
                                                const Names::Entry& kind, Event& event) {
  // What is kept of four characters: the last ones, so many.
  static constexpr std::array<std::uint32_t, 5> keep{0, 0xff000000U, 0xffff0000U, 0xffffff00U,
                                                     0xffffffffU};
  Best::Numbers numbers;
  lanes::Four signs = 0;
#pragma GCC unroll 3
  for (std::size_t i = 0; i < event.arg.size(); ++i) {
    if (i == kind.field_count) break;
    if (words.begin()[length] != ' ') return false;
    words.next(length);
    length = words.length();
    std::size_t count = length;
    if (is_signed && *words.begin() == '-') {
      signs |= lanes::place(-1, i);
      --count;
    }
    if (count - 1 >= 4) return false;
    numbers.set(i, load<std::uint32_t>(words.begin() + length - 4), keep[count]);
  }
  lanes::Four arguments = 0;
  if (!numbers.get(signs, kind.bounds, arguments)) return false;
  for (std::size_t i = 0; i < event.arg.size(); ++i)
    event.arg[i] = static_cast<std::int16_t>(arguments >> 16 * i);
  return true;
}

[[gnu::noinline]] bool read_port(std::string_view word, Event& event) {
  if (word.size() < 2 || word[0] != '@') return false;
  event.port = word.substr(1);
  return std::all_of(event.port.begin(), event.port.end(),
                     [](char c) { return chars::is_port_char(c); });
}

// Reads the line that `text` begins with; returns its length, or 0.
[[gnu::always_inline]] inline std::size_t read_timed(std::string_view text, Event& event) {
  Words words(text.data());
  std::size_t length = words.length();
  if (!read_time(words.begin(), length, event) || words.begin()[length] != ' ') return 0;

  words.next(length);
  length = words.length();
  if (length - 1 >= Names::longest) return 0;
  const auto start = static_cast<std::size_t>(words.begin() - text.data());
  const Names::Entry* const kind = names.find(text.data(), start, length);
  if (kind == nullptr) return 0;
  event.kind = kind->kind;
  event.data = {};
  event.port = {};
  const bool good = kind->is_signed ? read_numbers<true>(words, length, *kind, event)
                                    : read_numbers<false>(words, length, *kind, event);
  if (!good) return 0;

  if (words.begin()[length] == ' ') {
    words.next(length);
    length = words.length();
    if (!read_port({words.begin(), length}, event)) return 0;
  }
  const auto size = static_cast<std::size_t>(words.begin() + length - text.data());
  if (words.begin()[length] != '\n' || size >= text.size()) return 0;
  return size;
}

constexpr std::size_t longest_line = LineParser::margin - 1;

// The same without a TIME.
[[gnu::noinline]] std::size_t read_untimed(std::string_view text, Event& event) {
  static constexpr std::string_view no_time = "0.000000000 ";
  std::array<char, no_time.size() + LineParser::margin> timed;
  std::memcpy(timed.data(), no_time.data(), no_time.size());
  std::memcpy(timed.data() + no_time.size(), text.data(), LineParser::margin);
  const std::size_t size = read_timed({timed.data(), no_time.size() + text.size()}, event);
  if (size == 0) return 0;
  event.time_form = TimeForm::none;
  const std::size_t own_size = size - no_time.size();
  event.port = text.substr(own_size - event.port.size(), event.port.size());
  return own_size;
}

} // namespace

std::size_t TextParser::parse_ahead(std::string_view text, Event& event) {
  if (std::endian::native != std::endian::little || text.empty()) return 0;
  return chars::is_digit(text[0]) ? read_timed(text, event) : read_untimed(text, event);
}

Parsed TextParser::parse(std::string_view line, Event& event) {
  std::array<char, margin> text;
  if (!line.empty() && line.size() <= longest_line) {
    std::memcpy(text.data(), line.data(), line.size());
    text[line.size()] = '\n';
    // An LF within the line is no end of it.
    if (parse_ahead({text.data(), line.size() + 1}, event) == line.size()) {
      event.port = line.substr(line.size() - event.port.size());
      return Parsed::event;
    }
  }
  return parse_carefully(line, event);
}

} // namespace mm
