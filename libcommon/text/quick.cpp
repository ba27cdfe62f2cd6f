// The short way to read a line of mmevents(5), for the lines that nearly all lines are.
//
// Nearly every line in a stream is of one shape: seconds with nine decimals or none at all, the
// kind, numbers, perhaps a port, with one blank before each. What follows reads just that, and
// declines everything else, faults included.
//
// The end of the line and all its blanks are found first, as bits of a mask. What stands between
// them is read with hardly a branch on the characters, which no processor could foresee: four,
// eight or sixteen characters are loaded that end where the word ends, so that the load stays
// inside the line, and those before the word are masked out. What is wrong is gathered and looked
// at once.
#include "text/chars.hpp"
#include "text/text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace mm {

namespace {

using Word = std::uint64_t; // eight characters, the first one lowest

constexpr Word repeat(std::uint8_t byte) { return 0x0101010101010101ULL * byte; }

template <class Unsigned> Unsigned load(const char* from) {
  Unsigned word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

constexpr std::size_t longest_line = 56; // so that a Word has a bit left for each word of a line

// Where the words of a line end, one after the other; words that are not there are empty.
class Ends {
 public:
  // At the first word. LineParser::margin characters are looked at, of which one is to be an LF:
  // see size().
  explicit Ends(const char* text) {
    const Word line_ends = chars::find_in_64(text, '\n');
    size_ = static_cast<std::size_t>(std::countr_zero(line_ends));
    const Word from_end_on = line_ends | (0 - line_ends);
    ends_ = chars::find_in_64(text, ' ') | from_end_on;
    if (size_ <= longest_line) end_ = take();
  }
  // Of the line; greater than longest_line: nothing else is known.
  [[nodiscard]] std::size_t size() const { return size_; }
  void next() {
    start_ = end_ + 1;
    end_ = take();
  }
  [[nodiscard]] std::size_t start() const { return start_; }
  [[nodiscard]] std::size_t end() const { return end_; }
  [[nodiscard]] std::size_t length() const { return end_ - start_; }

 private:
  std::size_t take() {
    const auto end = static_cast<unsigned>(__builtin_ctzll(ends_)); // never 0: see longest_line
    ends_ &= ends_ - 1;
    return end;
  }

  Word ends_ = 0; // a bit for each blank that is left, and for each place from the end on
  std::size_t size_ = 0;
  std::size_t start_ = 0;
  std::size_t end_ = 0;
};

// What is wrong with a line, gathered as it is read.
class Slips {
 public:
  void add_unless(bool good) { signs_ |= good ? 0 : -1; }
  void add_if_negative(int number) { signs_ |= number; }
  // All bytes are to be 0 to 9.
  template <class Unsigned> void add_unless_digits(Unsigned digits) {
    add_beyond(digits, static_cast<Unsigned>(repeat(0x80 - 10)));
  }
  // Each byte is to be less than 0x80 after the byte of `margins` was added.
  template <class Unsigned> void add_beyond(Unsigned bytes, Unsigned margins) {
    bytes_ |= bytes | (bytes + margins);
  }
  [[nodiscard]] bool any() const { return (bytes_ & repeat(0x80)) != 0 || signs_ < 0; }

 private:
  Word bytes_ = 0;
  int signs_ = 0;
};

// The number of eight digits.
std::uint64_t eight_digits(Word digits) {
  const Word pairs = digits * 10 + (digits >> 8);
  return (((pairs & 0x000000ff000000ffULL) * (100 + (1000000ULL << 32))) +
          (((pairs >> 16) & 0x000000ff000000ffULL) * (1 + (10000ULL << 32)))) >>
         32;
}

// The names and aliases of the kinds that have no payload, found by a hash that is perfect for
// them. A name stands in two words, its last character highest.
class Names {
 public:
  struct Entry {
    Word first = 0;
    Word last = 0;
    std::uint8_t length = 0; // tells a name from one with NULs before it
    Kind kind = Kind::meta;
    std::uint8_t field_count = 0;
    bool is_narrow = false; // no number is negative, or greater than 127
    std::array<std::int16_t, 3> min{};
    std::array<std::int16_t, 3> max{};
  };
  static constexpr std::size_t longest = 16;

  constexpr Names() {
    while (!fill()) factor_ = factor_ * 6364136223846793005U + 1442695040888963407U;
  }

  // The entry of the name of that length that ends at text[end]; nullptr if there is none.
  [[nodiscard]] const Entry* find(const char* text, std::size_t end, std::size_t length) const {
    if (length - 1 >= longest) return nullptr;
    // What is kept of sixteen characters, from place `length` on.
    static constexpr auto keep = [] {
      std::array<char, 2 * longest> mask{};
      std::fill(mask.begin() + longest, mask.end(), '\xff');
      return mask;
    }();
    const char* const mask = keep.data() + length;
    const Word first = load<Word>(text + std::max(end, longest) - longest) & load<Word>(mask);
    const Word last = load<Word>(text + end - sizeof last) & load<Word>(mask + sizeof last);
    const Entry& entry = entries_[hash(first, last)];
    const Word difference =
        (entry.first ^ first) | (entry.last ^ last) | (Word{entry.length} ^ length);
    return difference == 0 ? &entry : nullptr;
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
    if (entry.length != 0) return false;
    entry.first = words[0];
    entry.last = words[1];
    entry.length = static_cast<std::uint8_t>(name.size());
    entry.kind = row.kind;
    entry.field_count = row.field_count;
    entry.is_narrow = true;
    for (std::size_t i = 0; i < row.field_count; ++i) {
      entry.min[i] = row.field[i].min;
      entry.max[i] = row.field[i].max;
      entry.is_narrow &= entry.min[i] >= 0 && entry.max[i] <= 127;
    }
    return true;
  }

  Word factor_ = 0x9e3779b97f4a7c15U;
  std::array<Entry, 256> entries_{};
};

constexpr Names names;

// Four characters that end at text[end]: the last `count` as digits, those before them as 0.
std::uint32_t last_digits(const char* text, std::size_t end, std::size_t count) {
  static constexpr std::array<std::uint32_t, 5> keep{0, 0xff000000U, 0xffff0000U, 0xffffff00U,
                                                     0xffffffffU};
  return (load<std::uint32_t>(text + end - 4) ^ 0x30303030U) & keep[count];
}

// The value of up to three digits, which is less than 200: with more, the one multiplication that
// it takes would overflow.
int small_value(std::uint32_t digits, Slips& slips) {
  slips.add_beyond(digits, 0x76767e7fU); // at most 0, 1, 9, 9
  return static_cast<int>(digits * (100U << 16 | 10U << 8 | 1U) >> 24);
}

// The value of up to four digits.
int value(std::uint32_t digits, Slips& slips) {
  slips.add_unless_digits(digits);
  const std::uint32_t pairs = digits * 10 + (digits >> 8);
  return static_cast<int>((pairs & 0xffU) * 100 + (pairs >> 16 & 0xffU));
}

// Reads the numbers of a kind; is_narrow is that of the kind.
template <bool is_narrow>
[[gnu::always_inline]] inline bool
read_numbers(const char* text, Ends& ends, const Names::Entry& kind, Event& event, Slips& slips) {
#pragma GCC unroll 3
  for (std::size_t i = 0; i < event.arg.size(); ++i) {
    if (i == kind.field_count) break;
    ends.next();
    std::size_t count = ends.length();
    const bool is_negative = !is_narrow && count > 1 && text[ends.start()] == '-';
    if (is_negative) --count;
    if (count - 1 >= (is_narrow ? 3 : 4)) return false;
    const std::uint32_t digits = last_digits(text, ends.end(), count);
    int number = is_narrow ? small_value(digits, slips) : value(digits, slips);
    if (is_negative) number = -number;
    slips.add_if_negative(number - kind.min[i]);
    slips.add_if_negative(kind.max[i] - number);
    event.arg[i] = static_cast<std::int16_t>(number);
  }
  return true;
}

// Reads the time: up to ten digits, a point, nine digits.
[[gnu::always_inline]] inline bool read_time(const char* text, std::size_t end, Event& event,
                                             Slips& slips) {
  std::size_t whole = end - 10;
  if (whole - 1 >= 10) return false;
  slips.add_unless(text[whole] == '.');
  const char* at = text;
  std::uint64_t seconds = 0;
  if (whole > 8) {
    for (; whole > 8; --whole) {
      slips.add_unless(chars::is_digit(*at));
      seconds = seconds * 10 + static_cast<std::uint64_t>(*at++ - '0');
    }
    seconds *= 100'000'000;
  }
  const Word digits = (load<Word>(at) ^ repeat('0')) << (64 - 8 * whole);
  const Word decimals = load<Word>(text + end - 9) ^ repeat('0');
  const Word last_decimal = static_cast<std::uint8_t>(text[end - 1] ^ '0');
  slips.add_unless_digits(digits);
  slips.add_unless_digits(decimals);
  slips.add_unless_digits(last_decimal);
  seconds += eight_digits(digits);
  if (seconds >= 9'000'000'000) return false;
  event.time =
      static_cast<Nanoseconds>(seconds * second + eight_digits(decimals) * 10 + last_decimal);
  event.time_form = TimeForm::absolute;
  return true;
}

// Reads the line that begins there, of at most `most` characters; returns its length, or 0.
[[gnu::always_inline]] inline std::size_t read_timed(const char* text, std::size_t most,
                                                     Event& event) {
  Ends ends(text);
  const std::size_t size = ends.size();
  if (size > std::min(longest_line, most)) return 0;
  Slips slips;
  event = {};
  if (!read_time(text, ends.end(), event, slips)) return 0;

  ends.next();
  const Names::Entry* const kind = names.find(text, ends.end(), ends.length());
  if (kind == nullptr) return 0;
  event.kind = kind->kind;
  const bool complete = kind->is_narrow ? read_numbers<true>(text, ends, *kind, event, slips)
                                        : read_numbers<false>(text, ends, *kind, event, slips);
  if (!complete) return 0;

  if (ends.end() != size) {
    ends.next();
    if (ends.end() != size || ends.length() < 2 || text[ends.start()] != '@') return 0;
    event.port = {text + ends.start() + 1, ends.length() - 1};
    slips.add_unless(std::all_of(event.port.begin(), event.port.end(), chars::is_port_char));
  }
  return slips.any() ? 0 : size;
}

// The same without a TIME.
[[gnu::noinline]] std::size_t read_untimed(const char* text, std::size_t most, Event& event) {
  static constexpr std::string_view no_time = "0.000000000 ";
  std::array<char, no_time.size() + LineParser::margin> timed;
  std::memcpy(timed.data(), no_time.data(), no_time.size());
  std::memcpy(timed.data() + no_time.size(), text, LineParser::margin);
  const std::size_t size = read_timed(timed.data(), no_time.size() + most, event);
  if (size == 0) return 0;
  event.time_form = TimeForm::none;
  const std::size_t own_size = size - no_time.size();
  event.port = {text + own_size - event.port.size(), event.port.size()};
  return own_size;
}

} // namespace

std::size_t TextParser::parse_ahead(std::string_view text, Event& event) {
  if (std::endian::native != std::endian::little || text.empty()) return 0;
  return chars::is_digit(text[0]) ? read_timed(text.data(), text.size() - 1, event)
                                  : read_untimed(text.data(), text.size() - 1, event);
}

Parsed TextParser::parse(std::string_view line, Event& event) {
  std::array<char, longest_line + 1 + margin> text;
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
