#include "text/text.hpp"

#include "text/chars.hpp"
#include "text/faults.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace mm {

using chars::is_blank;

// The words of a line, one after the other. A word that starts with '#' begins a comment.
class TextParser::Words {
 public:
  explicit Words(std::string_view line) : line_(line) { skip_blanks(); }

  [[nodiscard]] bool empty() const { return at_ == line_.size() || line_[at_] == '#'; }
  [[nodiscard]] bool at_end() const { return at_ == line_.size(); }
  [[nodiscard]] bool at_port() const { return !empty() && line_[at_] == '@'; }
  // Where the next word starts; at the end, where one could have been added.
  [[nodiscard]] std::size_t column() const { return empty() ? end_ : at_; }
  [[nodiscard]] std::size_t left() const { return line_.size() - at_; }
  [[nodiscard]] char peek() const { return line_[at_]; }

  std::string_view next() {
    std::size_t end = at_;
    while (end < line_.size() && !is_blank(line_[end])) ++end;
    return take(end);
  }

  // The next word, which may be a string: "…" with \" and \\ in it, blanks as well. Empty if a
  // string does not end, or does not end its word.
  std::string_view next_quoted() {
    if (peek() != '"') return next();
    std::size_t end = at_ + 1;
    while (end < line_.size() && line_[end] != '"') end += line_[end] == '\\' ? 2 : 1;
    if (end >= line_.size()) return {};
    ++end;
    if (end < line_.size() && !is_blank(line_[end])) return {};
    return take(end);
  }

 private:
  std::string_view take(std::size_t end) {
    const std::string_view word = line_.substr(at_, end - at_);
    at_ = end_ = end;
    skip_blanks();
    return word;
  }
  void skip_blanks() {
    while (at_ < line_.size() && is_blank(line_[at_])) ++at_;
  }

  std::string_view line_;
  std::size_t at_ = 0;  // the start of the next word
  std::size_t end_ = 0; // the end of the one before
};

Parsed TextParser::parse_carefully(std::string_view line, Event& event) {
  event = {};
  Words words(line);
  if (words.empty()) return Parsed::nothing;
  if (chars::is_digit(words.peek()) || words.peek() == '+') {
    if (!read_time(words, event)) return Parsed::fault;
    if (words.empty()) return fail(words.column(), "there is no event after the time");
  }
  bool good = false;
  if (words.peek() == ':') {
    event.kind = Kind::meta;
    good = read_meta(words, event);
  } else {
    const std::size_t column = words.column();
    const std::string_view word = words.next();
    if (word.size() > 1 && (word[0] == '.' || word[0] == '-') && chars::is_digit(word[1]))
      return fail(column,
                  in_quotes(word) + " is no time; it is written as 0.5, and is not negative");
    const auto kind = find_kind(word);
    if (!kind) return fail(column, unknown_kind(word, nearest_kind(word)));
    event.kind = *kind;
    good = info(*kind).payload == Payload::bytes ? read_bytes(words, event)
                                                 : read_fields(words, event);
  }
  return good && read_port(words, event) ? Parsed::event : Parsed::fault;
}

Parsed TextParser::parse_meta(std::string_view text, Event& event) {
  Words words(text);
  event.kind = Kind::meta;
  if (words.empty() || words.peek() != ':') return fail(0, "a meta event starts with ':'");
  if (!read_meta(words, event)) return Parsed::fault;
  if (words.at_port()) return fail(words.column(), "no port can stand here");
  return words.at_end() ? Parsed::event : fail(words.column(), "no comment can stand here");
}

bool TextParser::read_time(Words& words, Event& event) {
  const std::size_t column = words.column();
  const std::string_view word = words.next();
  const bool relative = word[0] == '+';
  const auto [time, fault] = chars::read_seconds(word.substr(relative ? 1 : 0));
  if (fault != nullptr) return refuse(column, in_quotes(word) + " " + fault);
  event.time = time;
  event.time_form = relative ? TimeForm::relative : TimeForm::absolute;
  return true;
}

bool TextParser::read_fields(Words& words, Event& event) {
  const KindInfo& kind = info(event.kind);
  std::size_t i = 0;
  for (const Field& field : kind.fields()) {
    if (words.empty() || words.at_port())
      return refuse(words.column(), "no " + std::string(field.name) + "; it is " + usage(kind));
    const std::size_t column = words.column();
    const std::string_view word = words.next();
    const auto name = std::string(field.name);
    auto value = chars::read_number(word);
    if (!value && field.form == Field::Form::note)
      value = chars::read_note_name(word, notes_.middle_c);
    if (!value) {
      const bool is_note = field.form == Field::Form::note;
      return refuse(column, name + " " + in_quotes(word) + " is no number" +
                                (is_note ? ", and no name such as C4 or F#3" : ""));
    }
    if (!in_range(field, *value)) return refuse(column, not_in_range(field, word));
    event.arg[i++] = static_cast<std::int16_t>(*value);
  }
  if (!words.empty() && !words.at_port())
    return refuse(words.column(), "too many arguments; it is " + usage(kind));
  return true;
}

bool TextParser::read_bytes(Words& words, Event& event) {
  bytes_.start(event.kind, words.left() / 2 + 2);
  while (!words.empty() && !words.at_port()) {
    const std::size_t column = words.column();
    std::string_view word = words.next();
    std::size_t skipped = 0;
    if (word.size() > 2 && (word.starts_with("0x") || word.starts_with("0X"))) skipped = 2;
    word.remove_prefix(skipped);
    if (word.size() > 2 && word.size() % 2 != 0)
      return refuse(column, in_quotes(word) + " is no row of two-digit hex bytes");
    const std::size_t step = word.size() < 2 ? 1 : 2;
    for (std::size_t i = 0; i < word.size(); i += step) {
      const int high = step == 2 ? chars::hex_digit(word[i]) : 0;
      const int low = chars::hex_digit(word[i + step - 1]);
      if (high < 0 || low < 0) return refuse(column, in_quotes(word) + " is no hex byte");
      const char* const fault = bytes_.add(high * 16 + low);
      if (fault != nullptr)
        return refuse(column + skipped + i, in_quotes(word.substr(i, step)) + " " + fault);
    }
  }
  const std::size_t end = words.column();
  if (const char* const fault = bytes_.finish()) return refuse(end, "this " + std::string(fault));
  event.data = bytes_.data();
  return true;
}

bool TextParser::read_meta(Words& words, Event& event) {
  const std::size_t start = words.column();
  const std::string_view name = words.next();
  const auto is_name = [](char c) { return chars::is_port_char(c) && c != ':' && c != '/'; };
  if (name.size() < 2 || !std::all_of(name.begin() + 1, name.end(), is_name))
    return refuse(start, in_quotes(name) + " is no name of a meta event");
  data_ = name;
  while (!words.empty() && !words.at_port()) {
    const std::size_t column = words.column();
    const std::string_view word = words.next_quoted();
    if (word.empty()) return refuse(column, "this string does not end with a '\"' and a blank");
    if (const auto at = chars::find_unprintable(word))
      return refuse(column + *at, "a control character, or no UTF-8");
    data_ += ' ';
    data_ += word;
  }
  event.data = data_;
  return true;
}

bool TextParser::read_port(Words& words, Event& event) {
  if (words.empty()) return true;
  const std::size_t column = words.column();
  const std::string_view port = words.next().substr(1);
  const auto* const bad = std::find_if_not(port.begin(), port.end(), chars::is_port_char);
  if (bad != port.end())
    return refuse(column + 1 + static_cast<std::size_t>(bad - port.begin()),
                  "this cannot stand in a port's tag (A-Z a-z 0-9 _ . - / : [ ])");
  if (port.empty()) return refuse(column, "no tag after the '@'");
  if (!words.empty()) return refuse(words.column(), "nothing but a comment can follow the port");
  event.port = port;
  return true;
}

// --- the short way ---------------------------------------------------------------------------
//
// Nearly every line in a stream is of one shape: seconds with nine decimals or none at all, the
// kind, numbers, perhaps a port, with one blank before each. What follows reads just that, and
// declines everything else, faults included.
//
// The blanks of the whole line are found first, as bits of a mask. What stands between them is
// read with hardly a branch on the characters, which no processor could foresee: four, eight or
// sixteen characters are loaded that end where the word ends, so that the load stays inside the
// line, and those before the word are masked out. What is wrong is gathered and looked at once.

namespace {

using Word = std::uint64_t; // eight characters, the first one lowest

constexpr Word repeat(std::uint8_t byte) { return 0x0101010101010101ULL * byte; }

template <class Unsigned> Unsigned load(const char* from) {
  Unsigned word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

constexpr std::size_t shortest_line = 16;
constexpr std::size_t longest_line = 56; // so that a Word has a bit left for each word of a line

// Where the words of a line end, one after the other; words that are not there are empty.
class Ends {
 public:
  // At the first word.
  explicit Ends(std::string_view line) {
    const char* const text = line.data();
    const std::size_t last = line.size() - 16;
    ends_ |= ~Word{0} << line.size();
    const auto blanks = [text](std::size_t at) {
      return Word{chars::find_in_16(text + at, ' ')} << at;
    };
    ends_ |= blanks(0);
    const std::size_t middle = std::min<std::size_t>(last, 16);
    ends_ |= blanks(middle);
    ends_ |= blanks(last);
    if (last > 32) ends_ |= blanks(32);
    end_ = take();
  }
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
  for (std::size_t i = 0; i < kind.field_count; ++i) {
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

[[gnu::always_inline]] inline bool read_timed(std::string_view line, Event& event) {
  if (line.size() - shortest_line > longest_line - shortest_line) return false;
  const char* const text = line.data();
  Ends ends(line);
  Slips slips;
  event = {};
  if (!read_time(text, ends.end(), event, slips)) return false;

  ends.next();
  const Names::Entry* const kind = names.find(text, ends.end(), ends.length());
  if (kind == nullptr) return false;
  event.kind = kind->kind;
  const bool complete = kind->is_narrow ? read_numbers<true>(text, ends, *kind, event, slips)
                                        : read_numbers<false>(text, ends, *kind, event, slips);
  if (!complete) return false;

  if (ends.end() != line.size()) {
    ends.next();
    if (ends.end() != line.size() || ends.length() < 2 || text[ends.start()] != '@') return false;
    event.port = line.substr(ends.start() + 1);
    slips.add_unless(std::all_of(event.port.begin(), event.port.end(), chars::is_port_char));
  }
  return !slips.any();
}

[[gnu::noinline]] bool read_untimed(std::string_view line, Event& event) {
  static constexpr std::string_view no_time = "0.000000000 ";
  std::array<char, longest_line> timed;
  if (line.size() > timed.size() - no_time.size()) return false;
  std::memcpy(timed.data(), no_time.data(), no_time.size());
  std::memcpy(timed.data() + no_time.size(), line.data(), line.size());
  if (!read_timed({timed.data(), no_time.size() + line.size()}, event)) return false;
  event.time_form = TimeForm::none;
  event.port = line.substr(line.size() - event.port.size());
  return true;
}

} // namespace

Parsed TextParser::parse(std::string_view line, Event& event) {
  if (std::endian::native == std::endian::little && !line.empty())
    if (chars::is_digit(line[0]) ? read_timed(line, event) : read_untimed(line, event))
      return Parsed::event;
  return parse_carefully(line, event);
}

// --- printing --------------------------------------------------------------------------------

namespace {

// What printing has to know of a kind, in one place.
struct Head {
  std::array<char, 16> name{};
  std::uint8_t length = 0;
  std::uint8_t field_count = 0;
  Payload payload = Payload::none;
};

constexpr auto heads = [] {
  std::array<Head, kind_count> table{};
  for (const KindInfo& row : kind_table) {
    Head& head = table[static_cast<std::size_t>(row.kind)];
    std::copy(row.name.begin(), row.name.end(), head.name.begin());
    head.length = static_cast<std::uint8_t>(row.name.size());
    head.field_count = row.field_count;
    head.payload = row.payload;
  }
  return table;
}();

} // namespace

std::size_t TextPrinter::bound(const Event& event) const {
  constexpr std::size_t fields = 3;
  constexpr std::size_t without_data = 1 + chars::seconds_bound + 1 + sizeof(Head::name) +
                                       fields * (1 + chars::number_bound) + 2 + 1;
  return without_data + event.data.size() * 3 + event.port.size();
}

char* TextPrinter::print(char* to, const Event& event) const {
  if (event.time_form != TimeForm::none) {
    if (event.time_form == TimeForm::relative) *to++ = '+';
    to = chars::put_seconds(to, event.time);
    *to++ = ' ';
  }
  const Head& head = heads[static_cast<std::size_t>(event.kind)];
  std::memcpy(to, head.name.data(), head.name.size());
  to += head.length;
  if (notes_.names) {
    to = put_fields_with_names(to, event);
  } else {
    for (std::size_t i = 0; i < head.field_count; ++i) {
      *to++ = ' ';
      to = chars::put_number(to, event.arg[i]);
    }
  }
  if (head.payload == Payload::bytes) {
    for (const char byte : event.data) {
      *to++ = ' ';
      to = chars::put_hex(to, byte);
    }
  } else if (head.payload == Payload::text) {
    to = chars::put(to, event.data);
  }
  if (!event.port.empty()) {
    *to++ = ' ';
    *to++ = '@';
    to = chars::put(to, event.port);
  }
  *to++ = '\n';
  return to;
}

char* TextPrinter::put_fields_with_names(char* to, const Event& event) const {
  std::size_t i = 0;
  for (const Field& field : info(event.kind).fields()) {
    *to++ = ' ';
    to = field.form == Field::Form::note ? chars::put_note_name(to, event.arg[i], notes_.middle_c)
                                         : chars::put_number(to, event.arg[i]);
    ++i;
  }
  return to;
}

std::string make_tag(std::string_view name) {
  std::string tag(name);
  for (char& c : tag)
    if (!chars::is_port_char(c)) c = '_';
  return tag;
}

} // namespace mm
