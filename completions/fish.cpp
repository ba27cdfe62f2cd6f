// Completions for fish.
#include "model.hpp"

namespace mm::completions {

namespace {

constexpr std::string_view ports_function = R"fish(
function __fish_@TOOL@_ports --description 'The live ports, as -p takes them'
    set -l backend (commandline -opc | string match -r -- '^--backend=.+')
    set -l words (commandline -opc)
    if set -l at (contains -i -- --backend $words)
        set backend --backend $words[(math $at + 1)]
    end
    @TOOL@ $backend --list --json 2>/dev/null |
        LC_ALL=C sed -nE @SED@ |
        awk -F '\t' @AWK@
end
)fish";

constexpr std::string_view list_function = R"fish(
function __fish_@TOOL@_list --description 'The words that may follow in a comma list'
    set -l lead (commandline -ct | string replace -r '^--[^=]*=' '' | string match -r '^.*,')
    for offer in (__fish_@TOOL@_kinds)
        contains -- (string split -f1 \t -- $offer) (string split , -- $lead)
        or echo "$lead$offer"
    end
end
)fish";

constexpr std::string_view words_function = R"fish(
function __fish_@TOOL@_@NAME@ --description 'The kinds of events'
    printf '%s\t%s\n' \
@OFFERS@end
)fish";

constexpr std::string_view first_function = R"fish(
function __fish_@TOOL@_is_first --description 'Whether the word is no option, and the first such'
    set -l value no
    for word in (commandline -opc)[2..]
        if test $value = yes
            set value no
            continue
        end
        switch $word
            case @VALUED@
                set value yes
            case '-*'
            case '*'
                return 1
        end
    end
end
)fish";

std::string quoted(const std::string& text) {
  return '\'' + replace(replace(text, "\\", "\\\\"), "'", "\\'") + '\'';
}

// A function that offers the words.
std::string function_of(const std::string& name, const std::vector<Offer>& offers) {
  std::vector<std::string> lines;
  for (const Offer& offer : offers)
    lines.push_back("        " + quoted(offer.word) + ' ' + quoted(offer.about));
  return fill(words_function, {{"NAME", name}, {"OFFERS", join(lines, " \\\n") + '\n'}});
}

std::string line_of(const Option& option) {
  std::string line = "complete -c @TOOL@";
  for (const std::string& name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (option.takes_word()) line += " -x";
  switch (option.value) {
  case Option::Value::ports: line += " -a '(__fish_@TOOL@_ports)'"; break;
  case Option::Value::kinds: line += " -a '(__fish_@TOOL@_list)'"; break;
  case Option::Value::word: line += " -a " + quoted(join(option.words, " ")); break;
  default: break;
  }
  return line + " -d " + quoted(option.about) + '\n';
}

} // namespace

std::string for_fish(const Tool& tool) {
  std::vector<std::string> valued;
  std::string options = "\ncomplete -c @TOOL@ -f\n";
  for (const Option& option : tool.options) {
    if (option.takes_word()) valued.insert(valued.end(), option.names.begin(), option.names.end());
    options += line_of(option);
  }
  std::string text = "# Completions of @TOOL@ for fish; made from the options that it declares.\n";
  if (tool.has(Option::Value::ports)) text += ports_function;
  if (tool.has(Option::Value::kinds))
    text += function_of("kinds", kind_offers()) + std::string(list_function);
  if (tool.takes_events) {
    text += function_of("events", event_offers()) + std::string(first_function);
    options += "complete -c @TOOL@ -n __fish_@TOOL@_is_first -a '(__fish_@TOOL@_events)'\n";
  }
  return fill(text + options, {{"SED", quoted(std::string(sed_ports))},
                               {"AWK", quoted(std::string(awk_ports))},
                               {"VALUED", join(valued, " ")},
                               {"TOOL", tool.name}});
}

} // namespace mm::completions
