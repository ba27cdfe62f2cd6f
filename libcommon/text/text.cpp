#include "text/text.hpp"

#include "text/chars.hpp"
#include "text/faults.hpp"

#include <algorithm>
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

TextPrinter::TextPrinter(NoteStyle notes)
    : Printer({.without_data = 1 + chars::seconds_bound + 1 + sizeof(Head::name) +
                               3 * (1 + chars::number_bound) + 2 + 1,
               .for_a_byte = 3}),
      notes_(notes) {}

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
