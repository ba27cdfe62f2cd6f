// What is no plain number: factors, times, scales and bytes.
#include "language/parser.hpp"
#include "language/scales.hpp"
#include "text/chars.hpp"
#include "text/faults.hpp"

#include <algorithm>

namespace mm::route {

namespace {

using TokenKind = Token::Kind;

constexpr std::int32_t longest_seconds = 3600;
constexpr std::int32_t longest_notes = 64;

std::optional<double> parse_decimal(std::string_view word) {
  constexpr std::size_t most_digits = 15;
  const std::size_t point = std::min(word.find('.'), word.size());
  const std::string_view whole = word.substr(0, point);
  const std::string_view rest = word.substr(std::min(point + 1, word.size()));
  const auto is_digits = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), chars::is_digit);
  };
  if (whole.empty() || word.ends_with('.') || word.size() > most_digits || !is_digits(whole) ||
      !is_digits(rest))
    return {};
  double number = 0;
  for (const char c : whole) number = number * 10 + (c - '0');
  double fraction = 0;
  double unit = 1;
  for (const char c : rest) {
    fraction = fraction * 10 + (c - '0');
    unit *= 10;
  }
  return number + fraction / unit; // both are exact, so this is the nearest one to what is written
}

std::string written(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

// "3/16"
Duration read_note_value(Words& words, const Token& token) {
  constexpr std::int32_t most = 10'000;
  const std::size_t slash = token.text.find('/');
  const auto number = [&](std::string_view word) -> std::int32_t {
    constexpr std::size_t most_digits = 5;
    if (word.empty() || word.size() > most_digits ||
        !std::all_of(word.begin(), word.end(), chars::is_digit))
      return 0;
    return static_cast<std::int32_t>(*chars::read_number(word));
  };
  Duration duration{0, number(token.text.substr(0, slash)), number(token.text.substr(slash + 1))};
  if (duration.numerator <= 0 || duration.denominator <= 0 || duration.numerator > most ||
      duration.denominator > most) {
    words.refuse(token, in_quotes(token.text) + " is no note value: it is such as 1/8 or 3/16");
    return {second, 0, 1};
  }
  if (duration.numerator > duration.denominator * longest_notes)
    words.refuse(token,
                 in_quotes(token.text) + " is longer than " + std::to_string(longest_notes) + "/1");
  return duration;
}

} // namespace

double to_decimal(Words& words, const Token& token, const DecimalBounds& bounds) {
  const auto number = parse_decimal(token.text);
  const std::string what = std::string(bounds.name) + ' ' + in_quotes(token.text);
  if (!number) {
    words.refuse(token, what + " is no number such as 2 or 0.5");
    return bounds.most;
  }
  const bool is_least = *number == bounds.least && bounds.is_least_in;
  if (is_least || (*number > bounds.least && *number <= bounds.most)) return *number;
  const std::string least = written(bounds.least);
  const std::string most = written(bounds.most);
  words.refuse(token,
               what + (bounds.is_least_in ? " is not in " + least + ".." + most
                                          : " has to be above " + least + ", up to " + most));
  return bounds.most;
}

double read_decimal(Words& words, const DecimalBounds& bounds) {
  if (words.at(TokenKind::word)) return to_decimal(words, words.take(), bounds);
  words.refuse_next(bounds.name);
  return bounds.most;
}

Nanoseconds read_time(Words& words, const Token& token, std::string_view word) {
  const auto [time, fault] = chars::read_seconds(word);
  if (fault != nullptr)
    words.refuse(token, in_quotes(token.text) + ' ' + fault);
  else if (time > longest_seconds * second)
    words.refuse(token, in_quotes(token.text) + " is longer than an hour");
  return words.is_good() ? time : 0;
}

Duration read_duration(Words& words, bool may_be_none) {
  const Token& token = words.peek();
  if (token.kind != TokenKind::word) {
    words.refuse_next("time");
    return {second, 0, 1};
  }
  words.take();
  if (token.text.find('/') != std::string_view::npos) return read_note_value(words, token);
  if (const auto [time, fault] = chars::read_seconds(token.text); fault != nullptr)
    words.refuse(token, in_quotes(token.text) + ' ' + fault +
                            ", and no note value: it is such as 0.25 or 1/8");
  const Duration duration{read_time(words, token, token.text), 0, 1};
  if (duration.time == 0 && !may_be_none)
    words.refuse(token, in_quotes(token.text) + " is no time: it has to be above 0");
  return duration;
}

std::vector<std::int16_t> read_byte_row(Words& words, const Token& token, bool may_be_any) {
  std::vector<std::int16_t> bytes;
  const char* const right =
      may_be_any ? "a byte is two hex digits, or ??" : "a byte is two hex digits";
  if (token.text.size() % 2 != 0)
    words.refuse(token, in_quotes(token.text) + " is no row of bytes: " + right);
  for (std::size_t i = 0; i < token.text.size() && words.is_good(); i += 2) {
    const std::string_view byte = token.text.substr(i, 2);
    const bool is_any = may_be_any && byte == "??";
    const int high = chars::hex_digit(byte[0]);
    const int low = chars::hex_digit(byte[1]);
    if (!is_any && (high < 0 || low < 0))
      words.refuse(part(token, i, 2), in_quotes(byte) + " is no byte: " + right);
    bytes.push_back(static_cast<std::int16_t>(is_any ? -1 : high * 16 + low));
  }
  return bytes;
}

Scale read_scale(Words& words) {
  const Token& token = words.peek();
  const auto root = token.kind == TokenKind::word ? read_root(token.text) : std::nullopt;
  if (token.kind == TokenKind::word && !root)
    words.refuse(token, in_quotes(token.text) +
                            " is no root of a scale: it is such as C, F# or Bb, without an octave");
  if (!root) {
    words.refuse_next("scale");
    return {1, 0};
  }
  words.take();
  const Token& name = words.peek();
  if (at_numbers(words)) {
    unsigned notes = 0;
    constexpr Bounds semitone{"semitone", 0, 11};
    for (const std::int32_t one : read_numbers(words, semitone, most_listed)) notes |= 1U << one;
    return make_scale(*root, static_cast<std::uint16_t>(notes));
  }
  if (name.kind != TokenKind::word) {
    words.refuse(name, "no name behind the root; a scale is such as " + std::string(token.text) +
                           " major or " + std::string(token.text) + " 0,3,7");
    return {1, 0};
  }
  const auto notes = find_scale(name.text);
  if (!notes)
    words.refuse(name,
                 "unknown scale " + in_quotes(name.text) + did_you_mean(name.text, scale_names()));
  words.take();
  return make_scale(*root, notes.value_or(1));
}

} // namespace mm::route
