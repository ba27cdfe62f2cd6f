// The parts of the parser: what reads a pattern, an action, a number from the words of a rule.
#pragma once

#include "language/lexer.hpp"
#include "language/syntax.hpp"
#include "text/line.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mm::route {

// Parentheses, and "not" upon "not": deeper than anybody writes, and shallow for a stack.
inline constexpr int deepest = 100;
// The most numbers that a list of numbers may stand for: all that a parameter's number can be.
inline constexpr std::size_t most_listed = 16384;
// The most copies that an action makes of an event.
inline constexpr std::size_t most_copies = 128;

// Names, each with its place.
class NameList {
 public:
  std::uint32_t add(std::string_view name);
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& all() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::uint32_t, std::less<>> places_;
};

// All that the texts name, which is known before the first rule is read.
class Names {
 public:
  // `before`: variables that have their places already, whether they are still in use or not.
  Names(std::span<const std::string> before, NoteStyle notes);

  // Takes in those that the words of a rule, or of a line such as "scene NAME", bring.
  void collect(std::span<const Token> words);

  [[nodiscard]] const NameList& variables() const { return variables_; }
  // The place of one that some rule sets, counts or tests.
  [[nodiscard]] std::optional<std::uint32_t> find_variable(std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> used_variables() const;
  [[nodiscard]] const NameList& scenes() const { return scenes_; }
  [[nodiscard]] NoteStyle notes() const { return notes_; }

 private:
  NameList variables_;
  std::vector<bool> is_used_; // of each variable
  NameList scenes_;
  NoteStyle notes_;
};

bool is_variable_name(std::string_view word);
bool is_scene_name(std::string_view word);
std::optional<FieldName> find_field(std::string_view name);
std::span<const std::string_view> field_names();

// The words of a rule one after the other, and the first fault in them: after it, there are none
// left, so that what reads on comes to its end.
class Words {
 public:
  // Kind::nothing is the last one of the tokens.
  Words(std::span<const Token> tokens, const Names& names) : tokens_(tokens), names_(names) {}

  [[nodiscard]] const Names& names() const { return names_; }
  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  const Token& take() {
    const Token& token = peek();
    at_ = std::min(at_ + 1, tokens_.size() - 1);
    return token;
  }
  [[nodiscard]] bool is_empty() const { return at(Token::Kind::nothing); }
  [[nodiscard]] bool at(Token::Kind kind) const { return peek().kind == kind; }
  [[nodiscard]] bool at(std::string_view word) const {
    return at(Token::Kind::word) && peek().text == word;
  }
  template <class What> bool take_if(What what) {
    if (!at(what)) return false;
    take();
    return true;
  }
  // Whether there is such a one among those to come.
  [[nodiscard]] bool is_ahead(Token::Kind kind) const;
  // Behind the last word that was taken.
  [[nodiscard]] const Token* here() const { return &tokens_[at_]; }

  // How what is read now is written: "transpose N [in SCALE]".
  void explain(std::string_view usage) { usage_ = usage; }
  [[nodiscard]] std::string_view usage() const { return usage_; }

  void refuse(const Token& token, std::string what);
  // The word that comes next is not what should stand here, or there is none.
  void refuse_next(std::string_view expected);

  struct Refused {
    Token token;
    std::string what;
  };
  [[nodiscard]] const std::optional<Refused>& refused() const { return refused_; }
  [[nodiscard]] bool is_good() const { return !refused_; }

 private:
  std::span<const Token> tokens_;
  const Names& names_;
  std::size_t at_ = 0;
  std::string_view usage_;
  std::optional<Refused> refused_;
};

// A part of a word, for a fault in it.
Token part(const Token& token, std::size_t from, std::size_t length = std::string_view::npos);

// What people write, and what is meant.
struct Instead {
  std::string_view typed;
  std::string_view meant;
};

// "; did you mean 'note'?", or nothing.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> names);

// --- numbers (parse_number.cpp, parse_measure.cpp) ---

// What a number may be, and what messages call it.
struct Bounds {
  std::string_view name;
  std::int32_t min = 0;
  std::int32_t max = 0;
  bool is_note = false; // may be a name
};
constexpr Bounds bounds_of(const Field& field) {
  return {field.name, field.min, field.max, field.form == Field::Form::note};
}
inline constexpr Bounds channel_bounds{"channel", 1, 16};
inline constexpr Bounds note_bounds{"note", 0, 127, true};
inline constexpr Bounds velocity_bounds{"velocity", 0, 127};
inline constexpr Bounds value_bounds{"value", -8192, 16383}; // of any kind
inline constexpr Bounds variable_bounds{"number", NumberSet::lowest, NumberSet::highest};
inline constexpr Bounds interval_bounds{"interval", -127, 127};

// Whether the word is meant as a number, right or wrong.
bool is_like_number(const Words& words, const Token& token);
// Whether a number or a range comes next.
bool at_numbers(const Words& words);

std::int32_t read_number(Words& words, const Bounds& bounds);
// A number or {EXPRESSION}.
Operand read_operand(Words& words, const Bounds& bounds);
// "+5", "-5", "+{x}", "-{x}"; nothing if no such comes next.
std::optional<Operand> read_relative(Words& words, const Bounds& bounds);
// 1,7..10
NumberSet read_set(Words& words, const Bounds& bounds);
// The same, one by one, in the order in which they are written; ranges may count down.
std::vector<Operand> read_operands(Words& words, const Bounds& bounds, std::size_t most);
std::vector<std::int32_t> read_numbers(Words& words, const Bounds& bounds, std::size_t most);
// A..B, A.. or ..B, where A <= B
std::pair<std::int32_t, std::int32_t> read_range(Words& words, const Bounds& bounds);
// Behind "A to": by position, as many as in `from`, or one.
std::vector<std::int32_t> read_targets(Words& words, const Bounds& bounds,
                                       const std::vector<std::int32_t>& from);
// Says so if a number stands there twice.
void refuse_repeated(Words& words, const Token& at, const std::vector<std::int32_t>& numbers);

// What a number that need not be whole may be.
struct DecimalBounds {
  std::string_view name;
  double least = 0;
  double most = 0;
  bool is_least_in = true; // else it has to be above it
};
double read_decimal(Words& words, const DecimalBounds& bounds);
// Of a part of a word.
double to_decimal(Words& words, const Token& token, const DecimalBounds& bounds);
// Seconds, up to an hour.
Nanoseconds read_time(Words& words, const Token& token, std::string_view word);
// 0.25 or 1/8; 0 only if it `may_be_none`.
Duration read_duration(Words& words, bool may_be_none = false);
Scale read_scale(Words& words);

// A row of two-digit hex bytes, such as f0 or f043; -1 is "??", if that `may_be_any`.
std::vector<std::int16_t> read_byte_row(Words& words, const Token& token, bool may_be_any);

// --- names (parser.cpp) ---

std::uint32_t read_variable(Words& words);
// "@bass", without the '@'; "@bass*" without the '*' as well, if it `is_prefix`.
std::string read_tag(Words& words, bool is_prefix = false);
// The name of a meta event, with its ':'.
std::string read_meta_name(Words& words);
// "lower", "upper 7"
Zone read_zone(Words& words);
// Names and aliases of mmevents(5), and "prog", "bend", "pressure".
std::optional<Kind> find_rule_kind(std::string_view word);
// The kinds of a group, such as "note".
std::optional<KindSet> find_kind_group(std::string_view word);
// All words for kinds and groups.
const std::vector<std::string_view>& kind_words();

// --- expressions (parse_expression.cpp) ---

Expression read_expression(Words& words, const Token& braces);

// --- patterns (parse_pattern.cpp) ---

// Up to the "->".
Pattern read_pattern(Words& words);
bool is_condition(std::string_view word);
// Whether a control change of that number may match.
bool may_be_controller(const Pattern& pattern, std::int32_t number);

// --- actions ---

using Form = decltype(Action::form);

// Behind the "->", up to the end (parse_action.cpp).
void read_actions(Words& words, Rule& rule);
bool is_action(std::string_view word);

Form read_ports(Words& words); // parse_routing.cpp
Form read_channel(Words& words);
Form read_key(Words& words);
Form read_transpose(Words& words);
Form read_snap(Words& words);
Form read_chord(Words& words);

Form read_velocity(Words& words); // parse_shape.cpp
Form read_value(Words& words);
// `word` is its name, which has been taken.
Form read_conversion(Words& words, const Token& word);
bool is_conversion(std::string_view word);

Form read_send(Words& words); // parse_send.cpp

Form read_set_variable(Words& words); // parse_state.cpp
Form read_count(Words& words);
Form read_choose_scene(Words& words);
Form read_mono(Words& words);
Form read_poly(Words& words);
Form read_relative_coding(Words& words);

Form read_echo(Words& words); // parse_time.cpp
Form read_humanize(Words& words);
Form read_arpeggio(Words& words);
Form read_divide(Words& words);
Form read_multiply(Words& words);
Form read_spread(Words& words);
Form read_fold(Words& words);
Form read_bend_range(Words& words);

} // namespace mm::route
