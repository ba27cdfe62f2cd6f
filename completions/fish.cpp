// Completions for fish.
#include "model.hpp"

#include <algorithm>

namespace mm::completions {

namespace {

constexpr std::string_view ports_function = R"fish(
function __fish_@TOOL@_ports --description 'The live ports, as @TOOL@ takes them'
    set -l where (commandline -opc | string match -r -- '^@ASKED@=.+')
    set -l words (commandline -opc)
    if set -l at (contains -i -- @ASKED@ $words)
        set where @ASKED@ $words[(math $at + 1)]
    end
    @TOOL@ @LIST@ $argv $where --json 2>/dev/null |
        @FILTER@
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

constexpr std::string_view command_functions = R"fish(
function __fish_@TOOL@_command --description 'The command that was typed, if there is one'
    set -l words (commandline -opc)
    contains -- "$words[2]" @COMMANDS@
    and echo $words[2]
end

function __fish_@TOOL@_in --description 'Whether it is this command; an empty word: none'
    set -l command (__fish_@TOOL@_command)
    test "$command" = "$argv"
end
)fish";

constexpr std::string_view at_function = R"fish(
function __fish_@TOOL@_at --description 'Whether it is this argument (0), or word of a value (-x+)'
    set -l words (commandline -opc)
@COMMAND@    set -l place ''
    set -l given 0
    for word in $words[2..]
@FURTHER_ENDS@        if test -n "$place"
@FURTHER@            continue
        end
        switch "@KEY@$word"
            case @VALUED@
                set place $word
@JOINED@            case "@KEY@-*"
            case '*'
                set given (math $given + 1)
        end
    end
    test -n "$place"
    or set place $given
    test "@KEY@$place" = "$argv"
end
)fish";

constexpr std::string_view at_command = R"fish(    set -l command (__fish_@TOOL@_command)
    test -n "$command"
    and set -e words[1]
)fish";

constexpr std::string_view further = R"fish(            switch "@KEY@$place"
                case @FURTHER_PLACES@
                    set place "$place+"
                case '*'
                    set place ''
            end
)fish";

constexpr std::string_view further_ends = R"fish(        string match -q -- '*+ -*' "$place $word"
        and set place ''
)fish";

constexpr std::string_view joined = R"fish(            case @JOINED_PLACES@
                set place (string replace -r '=.*' + -- $word)
)fish";

std::string fish_quoted(const std::string& text) {
  return '\'' + replace(replace(text, "\\", "\\\\"), "'", "\\'") + '\'';
}

// A function that offers the words.
std::string function_of(const std::string& name, const std::vector<Offer>& offers) {
  std::vector<std::string> lines;
  for (const Offer& offer : offers)
    lines.push_back("        " + fish_quoted(offer.word) + ' ' + fish_quoted(offer.about));
  return fill(words_function, {{"NAME", name}, {"OFFERS", join(lines, " \\\n") + '\n'}});
}

// What is offered for the value.
std::string action(const Value& value) {
  switch (value.kind) {
  case Value::Kind::ports:
  case Value::Kind::sources:
  case Value::Kind::destinations:
    return " -a '(__fish_@TOOL@_ports" + std::string(port_choice(value.kind)) + ")'";
  case Value::Kind::event: return " -a '(__fish_@TOOL@_events)'";
  case Value::Kind::kinds: return " -a '(__fish_@TOOL@_list)'";
  case Value::Kind::file: return " -F";
  case Value::Kind::word: return " -a " + fish_quoted(join(value.words, " "));
  default: return "";
  }
}

std::string line_of(const Option& option) {
  std::string line;
  for (const std::string& name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (option.takes_word()) {
    const Value& first = option.values.front();
    line += (first.kind == Value::Kind::file ? " -r" : " -x") + action(first);
  }
  return line + " -d " + fish_quoted(option.about) + '\n';
}

// The words that fish does not know by itself to belong to an option.
std::vector<Place> places_of(const Mode& mode) {
  auto places = argument_places(mode);
  for (Place& place : value_places(mode))
    if (place.names.front().ends_with('+')) places.push_back(std::move(place));
  return places;
}

std::string lines_of(const Tool& tool, const Mode& mode) {
  std::string in;
  if (tool.has_commands())
    in = " -n '__fish_@TOOL@_in " + (mode.name.empty() ? "\"\"" : mode.name) + "'";
  std::string lines;
  for (const Option& option : mode.options) lines += "complete -c @TOOL@" + in + line_of(option);
  for (const Place& place : places_of(mode))
    if (const std::string offers = action(*place.value); !offers.empty())
      for (const std::string& name : place.names)
        lines += "complete -c @TOOL@ -n '__fish_@TOOL@_at " + name + "'" + offers + '\n';
  return lines;
}

std::string command_lines(const Tool& tool) {
  std::string lines;
  for (const Offer& command : command_offers(tool))
    lines += "complete -c @TOOL@ -n 'test (count (commandline -opc)) = 1' -a " + command.word +
             " -d " + fish_quoted(command.about) + '\n';
  return lines;
}

} // namespace

std::string for_fish(const Tool& tool) {
  std::string text = "# Completions of @TOOL@ for fish; made from the options that it declares.\n";
  if (tool.has_ports()) text += ports_function;
  if (tool.has(Value::Kind::kinds))
    text += function_of("kinds", kind_offers()) + std::string(list_function);
  if (tool.has(Value::Kind::event)) text += function_of("events", event_offers());
  if (tool.has_commands()) text += command_functions;
  if (std::any_of(tool.modes.begin(), tool.modes.end(),
                  [](const Mode& mode) { return !places_of(mode).empty(); }))
    text += at_function;
  text += "\ncomplete -c @TOOL@ -f\n" + command_lines(tool);
  for (const Mode& mode : tool.modes) text += lines_of(tool, mode);
  const PortList list = port_list(tool);
  const Steps steps = steps_of(tool);
  const bool has_further = !steps.further.empty();
  return fill(text, {{"COMMAND", std::string(tool.has_commands() ? at_command : "")},
                     {"FURTHER", std::string(has_further ? further : "            set place ''\n")},
                     {"FURTHER_ENDS", std::string(has_further ? further_ends : "")},
                     {"JOINED", std::string(has_further ? joined : "")},
                     {"VALUED", join(steps.valued, " ")},
                     {"FURTHER_PLACES", join(steps.further, " ")},
                     {"JOINED_PLACES", "'" + join(steps.joined, "' '") + "'"},
                     {"COMMANDS", words_of(command_offers(tool))},
                     {"KEY", tool.has_commands() ? "$command" : ""},
                     {"ASKED", list.where},
                     {"LIST", list.arguments},
                     {"FILTER", port_filter(list, fish_quoted)},
                     {"TOOL", tool.name}});
}

} // namespace mm::completions
