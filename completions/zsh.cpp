// Completions for zsh, by its own _arguments.
#include "model.hpp"

namespace mm::completions {

namespace {

constexpr std::string_view ports_function = R"zsh(
# The live ports, as @TOOL@ takes them.
(( $+functions[_@TOOL@_ports] )) ||
_@TOOL@_ports() {
  local -a where ports expl
  (( $+opt_args[@ASKED@] )) && where=(@ASKED@ "${(Q)opt_args[@ASKED@]}")
  ports=(${(f)"$(@TOOL@ @LIST@ "$@" $where --json 2>/dev/null |
    @FILTER@)"})
  _wanted ports expl 'live port' compadd -a ports
}
)zsh";

constexpr std::string_view words_function = R"zsh(
(( $+functions[_@TOOL@_@NAME@] )) ||
_@TOOL@_@NAME@() {
  local -a offers
  offers=(
@OFFERS@  )
  _describe -t @NAME@ '@WHAT@' offers "$@"
}
)zsh";

// A function that offers the words.
std::string function_of(const std::string& name, const std::string& what,
                        const std::vector<Offer>& offers) {
  std::string lines;
  for (const Offer& offer : offers)
    lines += "    " + quoted(replace(offer.word, ":", "\\:") + ':' + offer.about) + '\n';
  return fill(words_function, {{"NAME", name}, {"WHAT", what}, {"OFFERS", lines}});
}

// How _arguments is told to complete the word: ":MESSAGE:ACTION".
std::string message_and_action(const Value& value) {
  const std::string message =
      (value.is_optional ? "::" : ":") + replace(value.name, ":", "\\:") + ':';
  switch (value.kind) {
  case Value::Kind::ports:
  case Value::Kind::sources:
  case Value::Kind::destinations: // the blank: without the arguments that compadd is to have
    return message + " _@TOOL@_ports" + std::string(port_choice(value.kind));
  case Value::Kind::event: return message + "_@TOOL@_events";
  case Value::Kind::kinds: return message + "_sequence _@TOOL@_kinds";
  case Value::Kind::file: return message + "_files";
  case Value::Kind::word: return message + '(' + join(value.words, " ") + ')';
  default: return message + ' ';
  }
}

// What _arguments is told about each name of an option, a line each.
std::string specs(const Option& option) {
  const std::string about = '[' + replace(replace(option.about, "\\", "\\\\"), "]", "\\]") + ']';
  std::string values;
  for (const Value& value : option.values) values += message_and_action(value);
  std::string lines;
  for (const std::string& name : option.names) {
    std::string spec = option.is_repeatable ? "*" : '(' + join(option.names, " ") + ')';
    spec += name;
    if (option.is_joined)
      spec += "=-";
    else if (option.takes_word())
      spec += name.starts_with("--") ? "=" : "+";
    lines += " \\\n  " + quoted(spec + about + values);
  }
  return lines;
}

// The call of _arguments for the mode.
std::string call_of(const Mode& mode) {
  std::string call = "_arguments -s -S :";
  for (const Option& option : mode.options) call += specs(option);
  for (std::size_t i = 0; i < mode.arguments.size(); ++i)
    call += " \\\n  " + quoted(std::to_string(i + 1) + message_and_action(mode.arguments[i]));
  if (!mode.arguments.empty()) call += " \\\n  '*:argument: '";
  return call + '\n';
}

// The calls of all modes, of which the command that was typed chooses.
std::string calls_of(const Tool& tool) {
  std::string calls = "if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
                      "  _@TOOL@_commands\n"
                      "  return\n"
                      "fi\n"
                      "case $words[2] in";
  const auto add = [&](const std::string& pattern, const std::string& text) {
    calls += replace("\n(" + pattern + ")\n  " + replace(text, "\n", "\n  ") + ";;", "\n", "\n  ");
  };
  for (const Mode& mode : tool.modes)
    if (!mode.name.empty()) add(mode.name, "shift words\n(( CURRENT-- ))\n" + call_of(mode));
  add("*", call_of(tool.modes.front()));
  return calls + "\nesac\n";
}

} // namespace

std::string for_zsh(const Tool& tool) {
  std::string text = "#compdef @TOOL@\n"
                     "# Completions of @TOOL@ for zsh; made from the options that it declares.\n";
  if (tool.has_ports()) text += ports_function;
  if (tool.has(Value::Kind::kinds)) text += function_of("kinds", "kind of event", kind_offers());
  if (tool.has(Value::Kind::event)) text += function_of("events", "kind of event", event_offers());
  if (tool.has_commands()) text += function_of("commands", "command", command_offers(tool));
  text += '\n' + (tool.has_commands() ? calls_of(tool) : call_of(tool.modes.front()));
  const PortList list = port_list(tool);
  return fill(text, {{"ASKED", list.where},
                     {"LIST", list.arguments},
                     {"FILTER", port_filter(list, quoted)},
                     {"TOOL", tool.name}});
}

} // namespace mm::completions
