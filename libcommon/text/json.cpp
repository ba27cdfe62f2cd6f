#include "text/json.hpp"

#include "text/chars.hpp"
#include "text/faults.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace mm {

namespace {

using Json = nlohmann::json;

} // namespace

// What a member's value is, as far as an event can use it.
struct JsonParser::Value {
  enum class Type : std::uint8_t { number, string, bytes, other };
  Type type = Type::other;
  double number = 0;
  std::string text; // of a string; of a number, or of the first in an array that is no byte, as
                    // it stands in the line
  std::vector<int> bytes;
};

// Takes the parts of one object from the JSON library; what lies deeper is passed over.
class JsonParser::Members final : public nlohmann::json_sax<Json> {
 public:
  [[nodiscard]] const Value* find(std::string_view key) const {
    const auto at = members_.find(key);
    return at == members_.end() ? nullptr : &at->second;
  }
  [[nodiscard]] bool is_object() const { return is_object_; }
  [[nodiscard]] const Fault& fault() const { return fault_; }

  bool null() override { return put({}); }
  bool boolean(bool /*value*/) override { return put({}); }
  bool number_integer(number_integer_t n) override {
    return put_number(static_cast<double>(n), std::to_string(n));
  }
  bool number_unsigned(number_unsigned_t n) override {
    return put_number(static_cast<double>(n), std::to_string(n));
  }
  bool number_float(number_float_t n, const string_t& text) override { return put_number(n, text); }
  bool string(string_t& text) override {
    return put({Value::Type::string, 0, std::move(text), {}});
  }
  bool binary(binary_t& /*value*/) override { return put({}); }
  bool start_object(std::size_t /*size*/) override {
    if (depth_ == 0) is_object_ = true;
    put({});
    ++depth_;
    return true;
  }
  bool end_object() override { return --depth_ >= 0; }
  bool key(string_t& name) override {
    if (depth_ == 1) key_ = std::move(name);
    return true;
  }
  bool start_array(std::size_t /*size*/) override {
    put({Value::Type::bytes, 0, {}, {}});
    ++depth_;
    return true;
  }
  bool end_array() override { return --depth_ >= 0; }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const Json::exception& /*error*/) override {
    fault_ = {position == 0 ? 0 : position - 1, "this is no JSON object on one line"};
    return false;
  }

 private:
  bool put(Value value) {
    if (depth_ == 1)
      members_.insert_or_assign(key_, std::move(value));
    else if (depth_ == 2)
      spoil_array();
    return true;
  }
  // An array with anything but numbers in it is none of ours.
  void spoil_array() {
    if (const auto at = members_.find(key_); at != members_.end())
      at->second.type = Value::Type::other;
  }
  bool put_number(double number, std::string text) {
    if (depth_ != 2) return put({Value::Type::number, number, std::move(text), {}});
    const auto at = members_.find(key_);
    if (at == members_.end() || at->second.type != Value::Type::bytes) return true;
    const bool is_byte = number >= 0 && number <= 255 && number == std::floor(number);
    at->second.bytes.push_back(is_byte ? static_cast<int>(number) : -1);
    if (!is_byte && at->second.text.empty()) at->second.text = std::move(text);
    return true;
  }

  std::map<std::string, Value, std::less<>> members_;
  std::string key_;
  int depth_ = 0;
  bool is_object_ = false;
  Fault fault_;
};

// A fault in the member `key`: its column is where the key stands in the line, with a ':' after
// it, which tells it from a string.
bool JsonParser::refuse(std::string_view key, std::string what) {
  std::size_t column = line_.size();
  for (std::size_t at = line_.find(key); at != std::string_view::npos;
       at = line_.find(key, at + 1)) {
    const std::string_view after = line_.substr(at + key.size());
    if (at == 0 || line_[at - 1] != '"' || !after.starts_with('"')) continue;
    const std::size_t next = after.find_first_not_of(" \t\r", 1);
    if (next == std::string_view::npos || after[next] != ':') continue;
    column = at - 1;
    break;
  }
  fail(column, std::move(what));
  return false;
}

Parsed JsonParser::parse(std::string_view line, Event& event) {
  event = {};
  if (std::all_of(line.begin(), line.end(), chars::is_blank)) return Parsed::nothing;
  line_ = line;
  // The JSON library takes a NUL for the end.
  if (const std::size_t nul = line.find('\0'); nul != std::string_view::npos)
    return fail(nul, "this is no JSON object on one line");
  Members members;
  if (!Json::sax_parse(line.begin(), line.end(), &members))
    return fail(std::min(members.fault().column, line.size()), members.fault().what);
  if (!members.is_object()) return fail(0, "this is no JSON object");

  const Value* const kind = members.find("kind");
  if (kind == nullptr || kind->type != Value::Type::string) {
    refuse("kind", R"(no "kind", such as "kind":"note-on")");
    return Parsed::fault;
  }
  bool good = read_time(members, event);
  if (good && kind->text.starts_with(':')) {
    good = read_meta(members, event);
  } else if (good) {
    const auto known = find_kind(kind->text);
    if (!known) {
      refuse("kind", unknown_kind(kind->text, nearest_kind(kind->text)));
      return Parsed::fault;
    }
    event.kind = *known;
    good = info(*known).payload == Payload::bytes ? read_bytes(members, event)
                                                  : read_fields(members, event);
  }
  return good && read_port(members, event) ? Parsed::event : Parsed::fault;
}

bool JsonParser::read_time(const Members& members, Event& event) {
  if (members.find("time") != nullptr && members.find("after") != nullptr)
    return refuse("after", "an event has a time or comes after another one, not both");
  for (const std::string_view key : {"time", "after"}) {
    const Value* const value = members.find(key);
    if (value == nullptr) continue;
    constexpr double most = 9e9;
    if (value->type != Value::Type::number || !(value->number >= 0 && value->number <= most))
      return refuse(key, std::string(key) + " is no time in seconds");
    // As written, if nine decimals say it all; else what arithmetic (in jq, say) left of it.
    const auto [time, fault] = chars::read_seconds(value->text);
    event.time = fault == nullptr ? time : chars::to_nanoseconds(value->number);
    event.time_form = key == "time" ? TimeForm::absolute : TimeForm::relative;
  }
  return true;
}

bool JsonParser::read_fields(const Members& members, Event& event) {
  const KindInfo& kind = info(event.kind);
  std::size_t i = 0;
  for (const Field& field : kind.fields()) {
    const Value* const value = members.find(field.name);
    const auto name = std::string(field.name);
    if (value == nullptr) return refuse(field.name, "no " + name + "; it is " + usage(kind));
    std::optional<double> number;
    if (value->type == Value::Type::number) number = value->number;
    if (value->type == Value::Type::string && field.form == Field::Form::note)
      number = chars::read_note_name(value->text, notes_.middle_c);
    if (!number || *number != std::floor(*number))
      return refuse(field.name,
                    name + " is no whole number" +
                        (field.form == Field::Form::note ? ", and no note's name" : ""));
    if (*number < field.min || *number > field.max)
      return refuse(field.name, not_in_range(field, value->text));
    event.arg[i++] = static_cast<std::int16_t>(*number);
  }
  return true;
}

bool JsonParser::read_bytes(const Members& members, Event& event) {
  const Value* const data = members.find("data");
  if (data == nullptr || data->type != Value::Type::bytes)
    return refuse("data", R"(no "data", such as "data":[240,67,247])");
  bytes_.start(event.kind, data->bytes.size() + 2);
  for (const int byte : data->bytes) {
    const char* const fault = bytes_.add(byte);
    if (fault != nullptr)
      return refuse("data", in_quotes(byte < 0 ? data->text : std::to_string(byte)) + " " + fault);
  }
  if (const char* const fault = bytes_.finish())
    return refuse("data", "this " + std::string(fault));
  event.data = bytes_.data();
  return true;
}

bool JsonParser::read_meta(const Members& members, Event& event) {
  text_ = members.find("kind")->text;
  const std::size_t name_end = text_.size();
  if (std::any_of(text_.begin(), text_.end(), chars::is_blank))
    return refuse("kind", in_quotes(text_) + " is no name of a meta event");
  if (const Value* const arguments = members.find("arguments")) {
    if (arguments->type != Value::Type::string)
      return refuse("arguments", "the arguments are no string");
    text_ += ' ' + arguments->text;
  }
  if (meta_.parse_meta(text_, event) == Parsed::event) return true;
  return refuse(meta_.fault().column < name_end ? "kind" : "arguments", meta_.fault().what);
}

bool JsonParser::read_port(const Members& members, Event& event) {
  const Value* const port = members.find("port");
  if (port == nullptr) return true;
  if (port->type != Value::Type::string || port->text.empty() ||
      !std::all_of(port->text.begin(), port->text.end(), chars::is_port_char))
    return refuse("port", "the port is no tag (A-Z a-z 0-9 _ . - / : [ ])");
  port_ = port->text;
  event.port = port_;
  return true;
}

// --- printing --------------------------------------------------------------------------------

namespace {

// `text` with a JSON string's escapes. It is UTF-8 without control characters but tabs.
char* put_escaped(char* to, std::string_view text) {
  for (const char c : text) {
    if (c == '"' || c == '\\') *to++ = '\\';
    if (c == '\t') {
      to = chars::put(to, "\\t");
      continue;
    }
    *to++ = c;
  }
  return to;
}

char* put_key(char* to, std::string_view key) {
  *to++ = ',';
  *to++ = '"';
  to = chars::put(to, key);
  return chars::put(to, "\":");
}

} // namespace

namespace {
constexpr std::size_t names = 200; // all keys, the kind, braces and quotes
} // namespace

JsonPrinter::JsonPrinter(NoteStyle notes)
    : Printer({.without_data = names + chars::seconds_bound + 3 * chars::number_bound,
               .for_a_byte = 4}),
      notes_(notes) {}

char* JsonPrinter::print(char* to, const Event& event) const {
  const KindInfo& kind = info(event.kind);
  *to++ = '{';
  if (event.time_form != TimeForm::none) {
    to = chars::put(to, event.time_form == TimeForm::relative ? "\"after\":" : "\"time\":");
    to = chars::put_seconds(to, event.time);
    *to++ = ',';
  }
  to = chars::put(to, "\"kind\":\"");
  const std::size_t name_end = std::min(event.data.find(' '), event.data.size());
  to = chars::put(to, event.kind == Kind::meta ? event.data.substr(0, name_end) : kind.name);
  *to++ = '"';
  for (std::size_t i = 0; i < kind.field_count; ++i) {
    to = put_key(to, kind.field[i].name);
    if (notes_.names && kind.field[i].form == Field::Form::note) {
      *to++ = '"';
      to = chars::put_note_name(to, event.arg[i], notes_.middle_c);
      *to++ = '"';
    } else {
      to = chars::put_number(to, event.arg[i]);
    }
  }
  if (kind.payload == Payload::bytes) {
    to = put_key(to, "data");
    *to++ = '[';
    for (const char& byte : event.data) {
      if (&byte != event.data.data()) *to++ = ',';
      to = chars::put_unsigned(to, static_cast<std::uint8_t>(byte));
    }
    *to++ = ']';
  } else if (kind.payload == Payload::text && name_end < event.data.size()) {
    to = put_key(to, "arguments");
    *to++ = '"';
    to = put_escaped(to, event.data.substr(name_end + 1));
    *to++ = '"';
  }
  if (!event.port.empty()) {
    to = put_key(to, "port");
    *to++ = '"';
    to = chars::put(to, event.port);
    *to++ = '"';
  }
  return chars::put(to, "}\n");
}

} // namespace mm
