// Completions for bash.
//
// Readline splits words at ':' and '=', which names of ports and options are full of, and leaves
// quotes to us. So the function reads the line itself, and gives back what is to stand in place
// of the part that readline replaces, quoted as the word was begun.
#include "model.hpp"

#include <algorithm>

namespace mm::completions {

namespace {

constexpr std::string_view ports_function = R"bash(
# The live ports, a line each, as @TOOL@ takes them.
_@TOOL@_ports() {
  @TOOL@ @LIST@ "$@" --json 2>/dev/null |
    @FILTER@
}
)bash";

constexpr std::string_view file =
    R"bash(# Completions of @TOOL@ for bash; made from the options that it declares.
@PORTS@
_@TOOL@() {
  # The words before the cursor without their quotes, and the word at the cursor, of which
  # readline keeps the first characters as they are: up to a colon, or to an open quote.
  local -a words=()
  local word='' begun='' quote='' c i kept=0 opened=0
  for ((i = 0; i < COMP_POINT; i++)); do
    c=${COMP_LINE:i:1}
    if [[ -z $quote && $c == [[:space:]] ]]; then
      [[ $begun ]] && words+=("$word")
      word='' begun='' kept=0
      continue
    fi
    begun=yes
    if [[ $c == "$quote" ]]; then
      quote=''
    elif [[ $c == \\ && $quote != \' ]]; then
      c=${COMP_LINE:i+1:1}
      [[ $quote && $c != [\$\`\"\\] ]] && word+=\\
      ((++i < COMP_POINT)) && word+=$c
    elif [[ -z $quote && $c == [\'\"] ]]; then
      quote=$c opened=${#word}
    else
      word+=$c
      [[ -z $quote && $COMP_WORDBREAKS == *"$c"* ]] && kept=${#word}
    fi
  done
  [[ $quote ]] && kept=$opened

@COMMAND@  # What is to be completed: an argument (0, 1, ...), a word of an option's value (--port;
  # the next one: --port+) or an option (-); and what stands before it in the word.
  local place='' lead='' ended='' given=0
@WHERE@  for c in "${words[@]:1}"; do
@FURTHER_ENDS@    if [[ $place ]]; then
@WHERE_NEXT@@FURTHER@    elif [[ $ended || $c != -* ]]; then
      ((given++))
    elif [[ $c == -- ]]; then
      ended=yes
    else
      case @KEY@$c in
        @VALUED@) place=$c ;;
@JOINED@      esac
@WHERE_JOINED@    fi
  done
@LAST_FURTHER_ENDS@  if [[ -z $place ]]; then
    place=$given
    [[ $ended ]] || case $word in
      --*=*) place=${word%%=*} lead=${word%%=*}= ;;
@ATTACHED@      -*) place=- ;;
    esac
  fi

  local -a offers=()
  case @KEY@$place in
@VALUES@  esac

  local specials=$' \t!"#$&\'()*;<>?[\\]^`{|}~' offer reply
  COMPREPLY=()
  for offer in "${offers[@]}"; do
    [[ ,${lead#*=}, == *",$offer,"* || $lead$offer != "$word"* ]] && continue
    offer=$lead$offer reply=''
    for ((i = kept; i < ${#offer}; i++)); do
      c=${offer:i:1}
      case $quote$c in
        \'\') c="'\\''" ;;
        \'?) ;;
        \"[\$\`\"\\]) c=\\$c ;;
        \"!) c='"\!"' ;;
        \"?) ;;
        *) [[ $specials == *"$c"* ]] && c=\\$c ;;
      esac
      reply+=$c
    done
    # Readline closes an open quote, but not after a character that looks like one.
    [[ $quote && $reply == *"$quote" ]] && reply+=$quote
    COMPREPLY+=("$reply")
  done
}

complete -F _@TOOL@ @TOOL@
)bash";

constexpr std::string_view command = R"bash(  # The command, if there is one.
  local command=''
  case ${words[1]} in
    @COMMANDS@) command=${words[1]} words=("${words[@]:1}") ;;
  esac

)bash";

constexpr std::string_view further = R"bash(      case @KEY@$place in
        @FURTHER_PLACES@) place+=+ ;;
        *) place='' ;;
      esac
)bash";

constexpr std::string_view further_ends = "    [[ $place == *+ && $c == -* ]] && place=''\n";
constexpr std::string_view last_further_ends = "  [[ $place == *+ && $word == -* ]] && place=''\n";
constexpr std::string_view joined = "        @JOINED_PLACES@) place=${c%%=*}+ ;;\n";

constexpr std::string_view attached =
    "      -[@LETTERS@]?*) place=${word:0:2} lead=${word:0:2} ;;\n";

constexpr std::string_view where_next = "      [[ $place == @ASKED@ ]] && where=(@ASKED@ \"$c\")\n";
constexpr std::string_view where_joined =
    "      [[ $c == @ASKED@=* ]] && where=(@ASKED@ \"${c#*=}\")\n";

// The line that sets the words to choose from.
std::string offers_line(const Value& value) {
  switch (value.kind) {
  case Value::Kind::ports:
  case Value::Kind::sources:
  case Value::Kind::destinations:
    return "mapfile -t offers < <(_@TOOL@_ports" + std::string(port_choice(value.kind)) +
           " \"${where[@]}\")";
  case Value::Kind::event: return "offers=(" + words_of(event_offers()) + ")";
  case Value::Kind::kinds:
    return "[[ $word == *,* ]] && lead=${word%,*},\n      offers=(" + words_of(kind_offers()) + ")";
  case Value::Kind::file: return "compopt -o default";
  case Value::Kind::word: return "offers=(" + join(value.words, " ") + ")";
  default: return "";
  }
}

// The cases of the places where something is offered; those that offer the same are one.
class Cases {
 public:
  void add(const std::vector<std::string>& places, const std::string& line) {
    if (line.empty()) return;
    auto found = std::find_if(cases_.begin(), cases_.end(),
                              [&](const auto& one) { return one.second == line; });
    if (found == cases_.end()) found = cases_.insert(found, {{}, line});
    found->first.insert(found->first.end(), places.begin(), places.end());
  }

  [[nodiscard]] std::string text() const {
    std::string text;
    for (const auto& [places, line] : cases_)
      text += "    " + join(places, " | ") + ")\n      " + line + "\n      ;;\n";
    return text;
  }

 private:
  std::vector<std::pair<std::vector<std::string>, std::string>> cases_;
};

std::string cases_of(const Tool& tool) {
  Cases cases;
  for (const Mode& mode : tool.modes) {
    std::vector<std::string> names;
    for (const Option& option : mode.options)
      names.insert(names.end(), option.names.begin(), option.names.end());
    std::string line = "offers=(" + join(names, " ") + ")";
    if (mode.name.empty() && tool.has_commands())
      line += "\n      [[ $place == 0 && ${#words[@]} == 1 ]] && offers=(" +
              words_of(command_offers(tool)) + ")";
    std::vector<std::string> places{mode.name + '-'};
    if (mode.arguments.empty()) places.push_back(mode.name + '0');
    cases.add(places, line);
    for (const auto& found : {argument_places(mode), value_places(mode)})
      for (const Place& place : found) cases.add(place.names, offers_line(*place.value));
  }
  return cases.text();
}

// The letters of options whose value may stand in the same word.
std::string letters_of(const Tool& tool) {
  std::string letters;
  for (const Mode& mode : tool.modes)
    for (const Option& option : mode.options)
      for (const std::string& name : option.names)
        if (option.takes_word() && name.size() == 2 && letters.find(name[1]) == std::string::npos)
          letters += name[1];
  return letters;
}

} // namespace

std::string for_bash(const Tool& tool) {
  const auto if_any = [](bool any, std::string_view text) { return std::string(any ? text : ""); };
  const PortList list = port_list(tool);
  const Steps steps = steps_of(tool);
  const bool has_further = !steps.further.empty();
  const std::string letters = letters_of(tool);
  return fill(file, {{"PORTS", if_any(tool.has_ports(), ports_function)},
                     {"COMMAND", if_any(tool.has_commands(), command)},
                     {"WHERE", if_any(tool.has_ports(), "  local -a where=()\n")},
                     {"WHERE_NEXT", if_any(tool.has_ports(), where_next)},
                     {"WHERE_JOINED", if_any(tool.has_ports(), where_joined)},
                     {"FURTHER_ENDS", if_any(has_further, further_ends)},
                     {"LAST_FURTHER_ENDS", if_any(has_further, last_further_ends)},
                     {"FURTHER", has_further ? std::string(further) : "      place=''\n"},
                     {"JOINED", if_any(has_further, joined)},
                     {"ATTACHED", if_any(!letters.empty(), attached)},
                     {"VALUES", cases_of(tool)},
                     {"LETTERS", letters},
                     {"VALUED", join(steps.valued, " | ")},
                     {"FURTHER_PLACES", join(steps.further, " | ")},
                     {"JOINED_PLACES", join(steps.joined, " | ")},
                     {"COMMANDS", words_of(command_offers(tool), " | ")},
                     {"KEY", if_any(tool.has_commands(), "$command")},
                     {"ASKED", list.where},
                     {"LIST", list.arguments},
                     {"FILTER", port_filter(list, quoted)},
                     {"TOOL", tool.name}});
}

} // namespace mm::completions
