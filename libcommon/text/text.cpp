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

Parsed TextParser::parse(std::string_view line, Event& event) {
  if (parse_quickly(line, event)) return Parsed::event;
  return parse_carefully(line, event);
}

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
  bytes_.start(event.kind);
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
// Nearly every line in a stream is of one shape: seconds with nine decimals or none at all, one
// blank, the kind, numbers with one blank before each, perhaps a port. What follows reads just
// that, in one pass, and declines everything else, faults included.

namespace {

using Word = std::uint64_t; // eight characters, the first one lowest

constexpr Word repeat(std::uint8_t byte) { return 0x0101010101010101ULL * byte; }

Word load(const char* from) {
  Word word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// The number of eight digits; `good` becomes false if they are not all digits.
std::uint32_t eight_digits(Word word, bool& good) {
  const Word digits = word - repeat('0');
  good &= ((digits | (word + repeat(0x46))) & repeat(0x80)) == 0;
  const Word pairs = digits * 10 + (digits >> 8);
  return static_cast<std::uint32_t>(
      (((pairs & 0x000000ff000000ffULL) * (100 + (1000000ULL << 32))) +
       (((pairs >> 16) & 0x000000ff000000ffULL) * (1 + (10000ULL << 32)))) >>
      32);
}

// A kind's name as two words, found by a hash that is perfect for the names in the table.
struct Names {
  static constexpr std::size_t slots = 256;
  struct Entry {
    Word low = 0;
    Word high = 0;
    std::size_t length = 0; // tells a name from one with NULs at its end
    Kind kind = Kind::meta;
  };
  Word factor = 0;
  std::array<Entry, slots> entry{};

  static constexpr std::size_t hash(Word low, Word high, Word factor) {
    return static_cast<std::size_t>(((low ^ (high * 31)) * factor) >> 56);
  }
  static constexpr Word pack(std::string_view name, std::size_t from) {
    Word word = 0;
    for (std::size_t i = from; i < std::min(name.size(), from + 8); ++i)
      word |= static_cast<Word>(static_cast<std::uint8_t>(name[i])) << (8 * (i - from));
    return word;
  }
  bool add(std::string_view name, Kind kind) {
    Entry& slot = entry[hash(pack(name, 0), pack(name, 8), factor)];
    if (slot.low != 0) return false;
    slot = {pack(name, 0), pack(name, 8), name.size(), kind};
    return true;
  }
};

const Names names = [] {
  Names table;
  table.factor = 0x9e3779b97f4a7c15ULL;
  for (;; table.factor = table.factor * 6364136223846793005ULL + 1442695040888963407ULL) {
    table.entry = {};
    const auto fits = [&](const KindInfo& row) {
      if (row.payload != Payload::none) return true; // those go the careful way
      return table.add(row.name, row.kind) && (row.alias.empty() || table.add(row.alias, row.kind));
    };
    if (std::all_of(kind_table.begin(), kind_table.end(), fits)) return table;
  }
}();

} // namespace

bool TextParser::parse_quickly(std::string_view line, Event& event) const {
  if (std::endian::native != std::endian::little || line.empty()) return false;
  const char* at = line.data();
  const char* const end = at + line.size();

  event = {};
  if (at != end && chars::is_digit(*at)) {
    std::uint64_t seconds = 0;
    const char* const limit = at + std::min<std::size_t>(line.size(), 10);
    while (at != limit && chars::is_digit(*at))
      seconds = seconds * 10 + static_cast<std::uint64_t>(*at++ - '0');
    if (end - at < 11 || at[0] != '.' || at[10] != ' ' || !chars::is_digit(at[9]) ||
        seconds > 9'000'000'000 - 1)
      return false;
    bool good = true;
    const std::uint32_t fraction = eight_digits(load(at + 1), good);
    if (!good) return false;
    event.time =
        static_cast<Nanoseconds>(seconds * second) + std::int64_t{fraction} * 10 + (at[9] - '0');
    event.time_form = TimeForm::absolute;
    at += 11;
  }

  // The kind: up to 16 characters before a blank or the end.
  std::array<char, 24> padded{};
  const char* name = at;
  const auto left = static_cast<std::size_t>(end - at);
  if (left < 17) {
    padded.fill(' ');
    std::memcpy(padded.data(), at, left);
    name = padded.data();
  }
  const auto blanks = [](Word word) {
    const Word x = word ^ repeat(' ');
    return (x - repeat(1)) & ~x & repeat(0x80);
  };
  Word low = load(name);
  Word high = load(name + 8);
  std::size_t length = 16;
  if (const Word blank = blanks(low); blank != 0) {
    length = static_cast<std::size_t>(std::countr_zero(blank)) / 8;
    low &= (Word{1} << (length * 8)) - 1;
    high = 0;
  } else if (const Word later = blanks(high); later != 0) {
    const auto in_high = static_cast<std::size_t>(std::countr_zero(later)) / 8;
    length = 8 + in_high;
    high &= (Word{1} << (in_high * 8)) - 1;
  } else if (name[16] != ' ') {
    return false;
  }
  const Names::Entry& entry = names.entry[Names::hash(low, high, names.factor)];
  if (entry.low != low || entry.high != high || entry.length != length || length == 0) return false;
  event.kind = entry.kind;
  at += length;

  // The numbers.
  const KindInfo& kind = info(event.kind);
  for (std::size_t i = 0; i < kind.field_count; ++i) {
    if (end - at < 2 || *at != ' ') return false;
    ++at;
    const bool negative = *at == '-';
    at += negative ? 1 : 0;
    const char* const first = at;
    int value = 0;
    while (at != end && chars::is_digit(*at) && at - first < 5) value = value * 10 + (*at++ - '0');
    if (at == first) return false;
    value = negative ? -value : value;
    if (value < kind.field[i].min || value > kind.field[i].max) return false;
    event.arg[i] = static_cast<std::int16_t>(value);
  }
  if (at == end) return true;

  // The port.
  if (end - at < 3 || at[0] != ' ' || at[1] != '@') return false;
  at += 2;
  event.port = {at, static_cast<std::size_t>(end - at)};
  return std::all_of(event.port.begin(), event.port.end(), chars::is_port_char);
}

// --- printing --------------------------------------------------------------------------------

std::size_t TextPrinter::bound(const Event& event) const {
  constexpr std::size_t longest_kind = 16;
  const KindInfo& kind = info(event.kind);
  return chars::seconds_bound + 2 + longest_kind + kind.field_count * (chars::number_bound + 1) +
         event.data.size() * (kind.payload == Payload::bytes ? 3 : 1) + event.port.size() + 4 + 8;
}

char* TextPrinter::print(char* to, const Event& event) const {
  if (event.time_form != TimeForm::none) {
    if (event.time_form == TimeForm::relative) *to++ = '+';
    to = chars::put_seconds(to, event.time);
    *to++ = ' ';
  }
  const KindInfo& kind = info(event.kind);
  to = chars::put(to, kind.name);
  for (std::size_t i = 0; i < kind.field_count; ++i) {
    *to++ = ' ';
    to = notes_.names && kind.field[i].form == Field::Form::note
             ? chars::put_note_name(to, event.arg[i], notes_.middle_c)
             : chars::put_number(to, event.arg[i]);
  }
  if (kind.payload == Payload::bytes) {
    for (const char byte : event.data) {
      *to++ = ' ';
      to = chars::put_hex(to, byte);
    }
  } else if (kind.payload == Payload::text) {
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

std::string make_tag(std::string_view name) {
  std::string tag(name);
  for (char& c : tag)
    if (!chars::is_port_char(c)) c = '_';
  return tag;
}

} // namespace mm
