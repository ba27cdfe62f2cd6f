// Actions that have a memory: variables, scenes, voices, encoders.
#include "language/parser.hpp"
#include "text/faults.hpp"

#include <array>
#include <tuple>

namespace mm::route {

namespace {

using TokenKind = Token::Kind;

// One of the words, or `none` and a fault.
template <class Value, std::size_t Count>
Value read_choice(Words& words,
                  const std::array<std::pair<std::string_view, Value>, Count>& choices,
                  std::string_view what, Value none) {
  for (const auto& [name, value] : choices)
    if (words.take_if(name)) return value;
  words.refuse_next(what);
  return none;
}

std::uint32_t find_scene(Words& words, const Token& token) {
  const NameList& scenes = words.names().scenes();
  const auto place = scenes.find(token.text);
  if (place) return *place;
  const std::vector<std::string_view> known(scenes.all().begin(), scenes.all().end());
  const std::string near = did_you_mean(token.text, known);
  words.refuse(token, "unknown scene " + in_quotes(token.text) +
                          (near.empty() ? ": a line 'scene NAME' begins one" : near));
  return 0;
}

} // namespace

Form read_set_variable(Words& words) {
  SetVariable form;
  form.variable = read_variable(words);
  if (auto by = read_relative(words, variable_bounds)) {
    form.is_relative = true;
    form.to = std::move(*by);
  } else {
    form.to = read_operand(words, variable_bounds);
  }
  return form;
}

Form read_count(Words& words) {
  Count form;
  form.variable = read_variable(words);
  const Token& range = words.peek();
  std::tie(form.first, form.last) = read_range(words, variable_bounds);
  if (form.first == NumberSet::lowest || form.last == NumberSet::highest)
    words.refuse(range, "this range has no end: it is such as 1..8");
  return form;
}

Form read_choose_scene(Words& words) {
  using Which = ChooseScene::Which;
  if (words.take_if("next")) return ChooseScene{Which::next, 0, {}};
  if (words.take_if("previous")) return ChooseScene{Which::previous, 0, {}};
  const Token& token = words.peek();
  const std::size_t count = words.names().scenes().all().size();
  const bool is_number = token.text.find_first_of("+-0123456789") == 0; // no note: a scene's name
  if (token.kind == TokenKind::word && !is_number) {
    words.take();
    return ChooseScene{Which::scene, find_scene(words, token), {}};
  }
  if (token.kind != TokenKind::word && token.kind != TokenKind::braces) words.refuse_next("scene");
  if (count == 0) words.refuse(token, "there are no scenes: a line 'scene NAME' begins one");
  const Bounds bounds{"scene", 1, static_cast<std::int32_t>(count)};
  return ChooseScene{Which::number, 0, read_operand(words, bounds)};
}

Form read_mono(Words& words) {
  using Priority = Voices::Priority;
  constexpr std::array<std::pair<std::string_view, Priority>, 3> choices{
      {{"last", Priority::last}, {"low", Priority::low}, {"high", Priority::high}}};
  const Token& token = words.peek();
  const bool is_told = token.kind == TokenKind::word && token.text[0] != '@';
  return Voices{1,
                is_told ? read_choice(words, choices, "priority", Priority::last) : Priority::last};
}

Form read_poly(Words& words) {
  constexpr Bounds voices{"number of voices", 1, 128};
  return Voices{read_number(words, voices), Voices::Priority::oldest};
}

Form read_relative_coding(Words& words) {
  using Coding = Relative::Coding;
  constexpr std::array<std::pair<std::string_view, Coding>, 3> choices{
      {{"twos", Coding::twos}, {"offset", Coding::offset}, {"sign", Coding::sign}}};
  Relative form;
  form.coding = read_choice(words, choices, "coding", Coding::twos);
  constexpr Bounds controller_value{"value", 0, 127};
  if (at_numbers(words)) std::tie(form.low, form.high) = read_range(words, controller_value);
  return form;
}

} // namespace mm::route
