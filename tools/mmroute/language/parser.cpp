#include "language/parser.hpp"

#include "text/chars.hpp"
#include "text/faults.hpp"

#include <algorithm>
#include <array>

namespace mm::route {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

template <class Test> bool is_name(std::string_view word, Test&& is_part) {
  return !word.empty() && is_letter(word[0]) && std::all_of(word.begin(), word.end(), is_part);
}

// At the place of their FieldName.
constexpr std::array<std::string_view, 10> fields{"channel",    "note",    "velocity", "pressure",
                                                  "controller", "program", "bend",     "number",
                                                  "value",      "tempo"};

constexpr std::array<std::pair<std::string_view, Kind>, 3> short_kinds{{
    {"prog", Kind::program_change},
    {"bend", Kind::pitch_bend},
    {"pressure", Kind::channel_pressure},
}};

} // namespace

// --- names ---

std::uint32_t NameList::add(std::string_view name) {
  if (const auto place = find(name)) return *place;
  const auto place = static_cast<std::uint32_t>(names_.size());
  names_.emplace_back(name);
  places_.emplace(name, place);
  return place;
}

std::optional<std::uint32_t> NameList::find(std::string_view name) const {
  const auto found = places_.find(name);
  if (found == places_.end()) return {};
  return found->second;
}

Names::Names(std::span<const std::string> before, NoteStyle notes) : notes_(notes) {
  for (const std::string& variable : before) variables_.add(variable);
  is_used_.resize(variables_.all().size());
}

std::optional<std::uint32_t> Names::find_variable(std::string_view name) const {
  const auto place = variables_.find(name);
  if (!place || !is_used_[*place]) return {};
  return place;
}

std::vector<std::string_view> Names::used_variables() const {
  std::vector<std::string_view> used;
  for (std::size_t i = 0; i < is_used_.size(); ++i)
    if (is_used_[i]) used.push_back(variables_.all()[i]);
  return used;
}

void Names::collect(std::span<const Token> words) {
  if (words[0].text == "scene") {
    if (is_scene_name(words[1].text)) scenes_.add(words[1].text);
    return;
  }
  bool is_pattern = true;
  bool is_start = true; // of an action
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string_view word = words[i].text;
    const bool brings =
        is_pattern ? word == "when" : is_start && (word == "set" || word == "count");
    if (brings && is_variable_name(words[i + 1].text)) {
      const std::uint32_t place = variables_.add(words[i + 1].text);
      is_used_.resize(variables_.all().size());
      is_used_[place] = true;
    }
    is_pattern &= words[i].kind != Token::Kind::arrow;
    is_start = words[i].kind == Token::Kind::arrow || words[i].kind == Token::Kind::comma;
  }
}

bool is_variable_name(std::string_view word) {
  return is_name(word, [](char c) { return is_letter(c) || chars::is_digit(c); }) &&
         !find_field(word);
}

bool is_scene_name(std::string_view word) {
  return is_name(word, [](char c) { return is_letter(c) || chars::is_digit(c) || c == '-'; }) &&
         word != "next" && word != "previous";
}

std::optional<FieldName> find_field(std::string_view name) {
  const auto* const found = std::find(fields.begin(), fields.end(), name);
  if (found == fields.end()) return {};
  return static_cast<FieldName>(found - fields.begin());
}

std::span<const std::string_view> field_names() { return fields; }

std::optional<Kind> find_rule_kind(std::string_view word) {
  for (const auto& [name, kind] : short_kinds)
    if (name == word) return kind;
  return find_kind(word);
}

std::optional<KindSet> find_kind_group(std::string_view word) {
  if (std::find(std::begin(kind_groups), std::end(kind_groups), word) == std::end(kind_groups))
    return {};
  return parse_kinds(word).value();
}

const std::vector<std::string_view>& kind_words() {
  static const std::vector<std::string_view> words = [] {
    std::vector<std::string_view> all(std::begin(kind_groups), std::end(kind_groups));
    for (const KindInfo& row : kind_table) all.insert(all.end(), {row.name, row.alias});
    for (const auto& short_kind : short_kinds) all.push_back(short_kind.first);
    return all;
  }();
  return words;
}

// --- words ---

bool Words::is_ahead(Token::Kind kind) const {
  return std::any_of(tokens_.begin() + static_cast<std::ptrdiff_t>(at_), tokens_.end(),
                     [&](const Token& token) { return token.kind == kind; });
}

void Words::refuse(const Token& token, std::string what) {
  if (!refused_) refused_ = {token, std::move(what)};
  at_ = tokens_.size() - 1;
}

void Words::refuse_next(std::string_view expected) {
  const Token token = peek();
  const bool is_missing = token.kind == Token::Kind::nothing || token.kind == Token::Kind::comma ||
                          token.kind == Token::Kind::arrow || token.kind == Token::Kind::close;
  std::string what = is_missing ? "no " + std::string(expected)
                                : in_quotes(token.text) + " is no " + std::string(expected);
  if (!usage_.empty()) what += "; it is " + std::string(usage_);
  refuse(token, std::move(what));
}

Token part(const Token& token, std::size_t from, std::size_t length) {
  Token piece = token;
  piece.place.column += static_cast<std::uint32_t>(from);
  piece.text = token.text.substr(from, length);
  return piece;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> names) {
  const std::string_view near = nearest(word, names);
  return near.empty() ? "" : "; did you mean '" + std::string(near) + "'?";
}

// --- names in a rule ---

std::uint32_t read_variable(Words& words) {
  const Token& token = words.peek();
  if (token.kind != Token::Kind::word) {
    words.refuse_next("variable");
    return 0;
  }
  if (find_field(token.text))
    words.refuse(token,
                 in_quotes(token.text) + " is a field of the event: a variable needs another name");
  else if (!is_variable_name(token.text))
    words.refuse(token, in_quotes(token.text) +
                            " is no name of a variable: a letter, then letters, digits and '_'");
  words.take();
  return words.names().find_variable(token.text).value_or(0);
}

std::string read_tag(Words& words, bool is_prefix) {
  const Token token = words.take();
  if (!words.is_good()) return {};
  const std::string_view tag = token.text.substr(1, token.text.size() - (is_prefix ? 2 : 1));
  const auto odd = std::find_if_not(tag.begin(), tag.end(), chars::is_port_char);
  if (tag.empty())
    words.refuse(token, "no tag after the '@'");
  else if (odd != tag.end())
    words.refuse(part(token, 1 + static_cast<std::size_t>(odd - tag.begin())),
                 "this cannot stand in a port's tag (A-Z a-z 0-9 _ . - / : [ ])");
  else if (words.peek().is_glued && words.at(Token::Kind::braces))
    words.refuse(words.peek(), "no expression can stand in a port's tag");
  return std::string(tag);
}

std::string read_meta_name(Words& words) {
  const Token token = words.take();
  const std::string_view name = token.text;
  const auto is_part = [](char c) { return chars::is_port_char(c) && c != ':' && c != '/'; };
  if (name.size() < 2 || !std::all_of(name.begin() + 1, name.end(), is_part))
    words.refuse(token, in_quotes(name) + " is no name of a meta event");
  return std::string(name);
}

Zone read_zone(Words& words) {
  Zone zone;
  zone.is_upper = words.at("upper");
  if (!words.take_if("lower") && !words.take_if("upper")) words.refuse_next("zone");
  if (at_numbers(words)) zone.members = read_number(words, {"number of members", 1, 15});
  return zone;
}

} // namespace mm::route
