#include "language/parse.hpp"

#include "language/parser.hpp"
#include "text/faults.hpp"

#include <algorithm>
#include <utility>

namespace mm::route {

namespace {

using TokenKind = Token::Kind;

constexpr std::size_t most_rules = 1'000'000;

// The lines of all texts, one after the other.
class Parser {
 public:
  Parser(std::span<const Text> texts, NoteStyle notes, std::span<const std::string> variables)
      : texts_(texts), names_(variables, notes) {}

  ParsedRules parse() {
    for_each_line([this](std::span<const Token> line) { names_.collect(line); });
    parsed_.script.groups.emplace_back();
    for_each_line([this](std::span<const Token> line) { take(line); });
    parsed_.script.variables = names_.variables().all();
    parsed_.script.scenes = names_.scenes().all();
    return std::move(parsed_);
  }

 private:
  template <class Visit> void for_each_line(Visit&& visit) {
    std::vector<Token> tokens;
    for (std::uint32_t text = 0; text < texts_.size(); ++text) {
      Lexer lexer(texts_[text].content, text);
      while (lexer.next(tokens)) visit(std::span<const Token>(tokens));
    }
  }

  void take(std::span<const Token> line);
  void begin_scene(Words& words);
  void begin_group(Words& words);
  void take_rule(Words& words);
  void report(const Token& token, const std::string& what);

  std::span<const Text> texts_;
  Names names_;
  ParsedRules parsed_;
  std::size_t rules_ = 0;
};

std::string what_of_astray(const Token& token) {
  switch (token.text[0]) {
  case '{': return "this '{' has no '}'";
  case '}': return "this '}' has no '{'";
  default: return "this '\"' has no other one";
  }
}

void Parser::take(std::span<const Token> line) {
  Words words(line, names_);
  const auto astray = std::find_if(
      line.begin(), line.end(), [](const Token& token) { return token.kind == TokenKind::astray; });
  if (astray != line.end())
    words.refuse(*astray, what_of_astray(*astray));
  else if (words.take_if("scene"))
    begin_scene(words);
  else if (words.take_if("then"))
    begin_group(words);
  else
    take_rule(words);
  if (words.refused()) report(words.refused()->token, words.refused()->what);
}

void Parser::begin_scene(Words& words) {
  words.explain("scene NAME");
  const Token& name = words.peek();
  if (name.kind != TokenKind::word) return words.refuse_next("name");
  if (!is_scene_name(name.text))
    return words.refuse(name, in_quotes(name.text) +
                                  " is no name of a scene: a letter, then letters, digits, '_' and "
                                  "'-', and neither 'next' nor 'previous'");
  words.take();
  std::vector<Scene>& scenes = parsed_.script.groups.back().scenes;
  const std::uint32_t place = names_.scenes().find(name.text).value_or(0);
  const bool is_known = std::any_of(scenes.begin(), scenes.end(),
                                    [&](const Scene& scene) { return scene.name == place; });
  if (!words.is_empty())
    words.refuse(words.peek(), "nothing can follow the name of a scene: rules stand on lines of "
                               "their own");
  else if (is_known)
    words.refuse(name, "there is a scene " + in_quotes(name.text) + " already");
  scenes.push_back({place, {}});
}

void Parser::begin_group(Words& words) {
  if (!words.is_empty())
    words.refuse(words.peek(), "nothing can follow 'then': it is a line of its own");
  parsed_.script.groups.emplace_back();
}

void refuse_no_arrow(Words& words, const Token& token) {
  if (token.kind == TokenKind::nothing)
    words.refuse(token, "no '->' and no action: a rule is PATTERN -> ACTION");
  else
    words.refuse(token, "no '->' before " + in_quotes(token.text));
}

// A pedal that never comes would do nothing.
void check_pedals(Words& words, const Token* tokens, const Rule& rule) {
  constexpr std::int32_t sustain = 64;
  constexpr std::int32_t sostenuto = 66;
  for (const Action& action : rule.actions) {
    const auto* const pedal = std::get_if<Pedal>(&action.form);
    if (pedal == nullptr) continue;
    const std::int32_t number = pedal->is_sostenuto ? sostenuto : sustain;
    if (may_be_controller(rule.pattern, number)) continue;
    while (tokens->place.line != action.place.line || tokens->place.column != action.place.column)
      ++tokens;
    const std::string controller = "cc " + std::to_string(number);
    words.refuse(*tokens, action.text + " needs " + controller + ": write 'note or " + controller +
                              " -> " + action.text + "'");
  }
}

void Parser::take_rule(Words& words) {
  const Token* const begin = words.here();
  Rule rule;
  if (words.at("enter")) rule.on = Rule::On::enter;
  if (words.at("leave")) rule.on = Rule::On::leave;
  rule.place = begin->place;
  rule.pattern = read_pattern(words);
  rule.pattern_text = as_written(begin, words.here());
  if (words.is_good() && !words.at(TokenKind::arrow)) refuse_no_arrow(words, words.peek());
  words.take();
  if (words.is_good()) read_actions(words, rule);
  if (words.is_good()) check_pedals(words, begin, rule);
  if (++rules_ == most_rules + 1)
    words.refuse(*begin, "with this there are more than " + std::to_string(most_rules) + " rules");
  if (!words.is_good() || rules_ > most_rules) return;
  rule.text = as_written(begin, words.here());
  Group& group = parsed_.script.groups.back();
  (group.scenes.empty() ? group.rules : group.scenes.back().rules).push_back(std::move(rule));
}

void Parser::report(const Token& token, const std::string& what) {
  const Text& text = texts_[token.place.text];
  parsed_.faults.push_back(text.name + ':' + std::to_string(token.place.line + 1) + ':' +
                           std::to_string(token.place.column + 1) + ": " + what + '\n' +
                           show_fault(line_around(text.content, token), token.place.column));
}

} // namespace

ParsedRules parse_rules(std::span<const Text> texts, NoteStyle notes,
                        std::span<const std::string> variables) {
  return Parser(texts, notes, variables).parse();
}

} // namespace mm::route
