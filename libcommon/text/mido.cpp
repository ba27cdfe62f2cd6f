#include "text/mido.hpp"

#include "event/expand.hpp"
#include "text/chars.hpp"
#include "text/faults.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <vector>

namespace mm {

namespace {

// mido counts channels from 0.
int offset(const Field& field) { return field.name == "channel" ? 1 : 0; }

// What mido takes for a value that is left out.
std::int16_t default_value(const Field& field) {
  constexpr std::int16_t velocity = 64;
  if (field.name == "velocity") return velocity;
  return static_cast<std::int16_t>(offset(field));
}

std::string_view nearest_mido(std::string_view word) {
  std::vector<std::string_view> names;
  for (const KindInfo& row : kind_table) names.push_back(row.mido);
  return nearest(word, names);
}

// A float as Python prints it. (strtod, since std::from_chars would drag in libm, which every
// start would pay for.)
std::optional<double> read_float(const std::string& word) {
  if (word.empty() || word[0] == '+') return {};
  if (word.find_first_not_of("0123456789.e+-") != std::string::npos) return {};
  char* end = nullptr;
  const double number = std::strtod(word.c_str(), &end);
  if (end != word.c_str() + word.size()) return {};
  return number;
}

} // namespace

Parsed MidoParser::parse(std::string_view line, Event& event) {
  event = {};
  line = line.substr(0, line.find('#'));
  std::size_t at = 0;
  bool first = true;
  while (true) {
    while (at < line.size() && chars::is_blank(line[at])) ++at;
    if (at == line.size()) break;
    std::size_t end = at;
    while (end < line.size() && !chars::is_blank(line[end])) ++end;
    const std::string_view word = line.substr(at, end - at);
    if (first) {
      const auto kind = find_mido_kind(word);
      if (!kind) return fail(at, unknown_kind(word, nearest_mido(word)));
      event.kind = *kind;
      const auto fields = info(*kind).fields();
      std::transform(fields.begin(), fields.end(), event.arg.begin(), default_value);
      bytes_.start(*kind, 2);
      bytes_.finish();
      event.data = *kind == Kind::sysex ? bytes_.data() : std::string_view{};
      first = false;
    } else if (!read_member(word, at, event)) {
      return Parsed::fault;
    }
    at = end;
  }
  return first ? Parsed::nothing : Parsed::event;
}

bool MidoParser::read_member(std::string_view word, std::size_t column, Event& event) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos)
    return refuse(column, in_quotes(word) + " is not NAME=VALUE");
  const std::string_view name = word.substr(0, equals);
  const std::string_view value = word.substr(equals + 1);
  const std::size_t value_column = column + equals + 1;
  if (name == "time") return read_time(value, value_column, event);
  if (name == "data" && event.kind == Kind::sysex) return read_data(value, value_column, event);

  const auto fields = info(event.kind).fields();
  const auto field =
      std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.mido == name; });
  if (field == fields.end())
    return refuse(column, std::string(info(event.kind).mido) + " has no " + in_quotes(name));
  const auto number = chars::read_number(value);
  if (!number)
    return refuse(value_column, std::string(name) + " " + in_quotes(value) + " is no number");
  if (!in_range(*field, *number + offset(*field)))
    return refuse(value_column, std::string(name) + " " + in_quotes(value) + " is not in " +
                                    std::to_string(field->min - offset(*field)) + ".." +
                                    std::to_string(field->max - offset(*field)));
  event.arg[static_cast<std::size_t>(field - fields.begin())] =
      static_cast<std::int16_t>(*number + offset(*field));
  return true;
}

bool MidoParser::read_time(std::string_view value, std::size_t column, Event& event) {
  const auto [time, fault] = chars::read_seconds(value);
  event.time = time;
  if (fault != nullptr) {
    // Python prints floats with more digits than a nanosecond has, and small ones as 1e-05.
    constexpr double most = 9e9;
    const auto number = read_float(std::string(value));
    if (!number || !(*number >= 0 && *number <= most))
      return refuse(column, in_quotes(value) + " " + fault);
    event.time = chars::to_nanoseconds(*number);
  }
  event.time_form = event.time == 0 ? TimeForm::none : TimeForm::absolute;
  return true;
}

bool MidoParser::read_data(std::string_view value, std::size_t column, Event& event) {
  if (!value.starts_with('(') || !value.ends_with(')') || value.size() < 2)
    return refuse(column, "data is not (BYTE,BYTE,...)");
  bytes_.start(Kind::sysex, value.size() / 2 + 2);
  std::size_t at = 1;
  while (at < value.size() - 1) {
    const std::size_t end = std::min(value.find(',', at), value.size() - 1);
    const std::string_view word = value.substr(at, end - at);
    const auto byte = chars::read_number(word);
    constexpr int highest_data = 0x7f;
    if (!byte || *byte < 0 || *byte > highest_data)
      return refuse(column + at, in_quotes(word) + " is no data byte (0..127)");
    const char* const fault = bytes_.add(static_cast<int>(*byte));
    if (fault != nullptr) return refuse(column + at, in_quotes(word) + " " + fault);
    at = end + 1;
  }
  if (const char* const fault = bytes_.finish())
    return refuse(column, "this " + std::string(fault));
  event.data = bytes_.data();
  return true;
}

namespace {
constexpr std::size_t names = 80; // of the kind and its values
constexpr std::size_t messages = 4;
constexpr std::size_t comment = 2; // "# "
} // namespace

MidoPrinter::MidoPrinter()
    : Printer({.without_data = comment + TextPrinter().bound({}) +
                               messages * (names + chars::seconds_bound + 3 * chars::number_bound),
               .for_a_byte = 4}) {}

char* MidoPrinter::print(char* to, const Event& event) const {
  if (event.kind == Kind::meta || event.kind == Kind::raw)
    return comment_.print(chars::put(to, "# "), event);
  for_each_message(event, [&](const Event& message) {
    const KindInfo& kind = info(message.kind);
    to = chars::put(to, kind.mido);
    for (std::size_t i = 0; i < kind.field_count; ++i) {
      *to++ = ' ';
      to = chars::put(to, kind.field[i].mido);
      *to++ = '=';
      to = chars::put_number(to, message.arg[i] - offset(kind.field[i]));
    }
    if (message.kind == Kind::sysex) {
      to = chars::put(to, " data=(");
      for (std::size_t i = 1; i + 1 < message.data.size(); ++i) {
        if (i > 1) *to++ = ',';
        to = chars::put_unsigned(to, static_cast<std::uint8_t>(message.data[i]));
      }
      *to++ = ')';
    }
    to = chars::put(to, " time=");
    to = message.time_form == TimeForm::none ? chars::put(to, "0")
                                             : chars::put_seconds(to, message.time);
    *to++ = '\n';
  });
  return to;
}

} // namespace mm
