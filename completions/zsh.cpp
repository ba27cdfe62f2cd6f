// Completions for zsh, by its own _arguments.
#include "model.hpp"

namespace mm::completions {

namespace {

constexpr std::string_view ports_function = R"zsh(
# The live ports, as -p takes them.
(( $+functions[_@TOOL@_ports] )) ||
_@TOOL@_ports() {
  local -a backend ports expl
  (( $+opt_args[--backend] )) && backend=(--backend "${(Q)opt_args[--backend]}")
  ports=(${(f)"$(@TOOL@ $backend --list --json 2>/dev/null |
    LC_ALL=C sed -nE '@SED@' |
    awk -F '\t' '@AWK@')"})
  _wanted ports expl 'live port' compadd -a ports
}
)zsh";

constexpr std::string_view words_function = R"zsh(
(( $+functions[_@TOOL@_@NAME@] )) ||
_@TOOL@_@NAME@() {
  local -a offers
  offers=(
@OFFERS@  )
  _describe -t @NAME@ 'kind of event' offers "$@"
}
)zsh";

std::string quoted(const std::string& text) { return '\'' + replace(text, "'", R"('\'')") + '\''; }

// A function that offers the words.
std::string function_of(const std::string& name, const std::vector<Offer>& offers) {
  std::string lines;
  for (const Offer& offer : offers)
    lines += "    " + quoted(replace(offer.word, ":", "\\:") + ':' + offer.about) + '\n';
  return fill(words_function, {{"NAME", name}, {"OFFERS", lines}});
}

// How _arguments is told to complete the value.
std::string action(const Option& option) {
  switch (option.value) {
  case Option::Value::ports: return "_@TOOL@_ports";
  case Option::Value::kinds: return "_sequence _@TOOL@_kinds";
  case Option::Value::word: return '(' + join(option.words, " ") + ')';
  default: return " ";
  }
}

// What _arguments is told about each name of an option, a line each.
std::string specs(const Option& option) {
  const std::string about = '[' + replace(replace(option.about, "\\", "\\\\"), "]", "\\]") + ']';
  const std::string value = replace(option.value_name, ":", "\\:");
  std::string lines;
  for (const std::string& name : option.names) {
    std::string spec = option.repeatable ? "*" : '(' + join(option.names, " ") + ')';
    spec += name;
    if (option.value == Option::Value::optional) {
      spec += "=-" + about + "::" + value + ": ";
    } else if (option.takes_word()) {
      spec += name.starts_with("--") ? "=" : "+";
      spec += about + ':' + value + ':' + action(option);
    } else {
      spec += about;
    }
    lines += "  " + quoted(spec) + " \\\n";
  }
  return lines;
}

} // namespace

std::string for_zsh(const Tool& tool) {
  std::string text = "#compdef @TOOL@\n"
                     "# Completions of @TOOL@ for zsh; made from the options that it declares.\n";
  if (tool.has(Option::Value::ports)) text += ports_function;
  if (tool.has(Option::Value::kinds)) text += function_of("kinds", kind_offers());
  if (tool.takes_events) text += function_of("events", event_offers());
  text += "\n_arguments -s -S : \\\n";
  for (const Option& option : tool.options) text += specs(option);
  if (tool.takes_events)
    text += "  '1:event:_@TOOL@_events' \\\n"
            "  '*:argument of the event: '\n";
  else
    text.replace(text.size() - 3, 3, "\n");
  return fill(
      text,
      {{"SED", std::string(sed_ports)}, {"AWK", std::string(awk_ports)}, {"TOOL", tool.name}});
}

} // namespace mm::completions
