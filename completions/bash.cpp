// Completions for bash.
//
// Readline splits words at ':' and '=', which names of ports and options are full of, and leaves
// quotes to us. So the function reads the line itself, and gives back what is to stand in place
// of the part that readline replaces, quoted as the word was begun.
#include "model.hpp"

namespace mm::completions {

namespace {

constexpr std::string_view ports_function = R"bash(
# The live ports, a line each, as -p takes them.
_@TOOL@_ports() {
  @TOOL@ "$@" --list --json 2>/dev/null |
    LC_ALL=C sed -nE '@SED@' |
    awk -F '\t' '@AWK@'
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

  # The option whose value is to be completed, and what stands before that value in the word.
  local option='' lead='' plain='' ended=''
@BACKEND@  for c in "${words[@]:1}"; do
    if [[ $option ]]; then
@BACKEND_NEXT@      option=''
    elif [[ $ended || $c != -* ]]; then
      plain=yes
    elif [[ $c == -- ]]; then
      ended=yes
    else
      case $c in
        @VALUED@) option=$c ;;
@BACKEND_JOINED@      esac
    fi
  done
  if [[ -z $option && -z $ended ]]; then
    case $word in
      --*=*) option=${word%%=*} lead=${word%%=*}= ;;
@ATTACHED@    esac
  fi

  local -a offers=()
  case $option in
    '')
@FREE@
      ;;
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

constexpr std::string_view attached =
    "      -[@LETTERS@]?*) option=${word:0:2} lead=${word:0:2} ;;\n";

constexpr std::string_view free_with_events = R"bash(      if [[ -z $ended && $word == -* ]]; then
        offers=(@OPTIONS@)
      elif [[ -z $plain ]]; then
        offers=(@EVENTS@)
      fi)bash";

constexpr std::string_view free_without_events =
    R"bash(      [[ -z $ended && -z $plain ]] && offers=(@OPTIONS@))bash";

std::string words_of(const std::vector<Offer>& offers) {
  std::vector<std::string> words;
  for (const Offer& offer : offers) words.push_back(offer.word);
  return join(words, " ");
}

// The line of the case that sets the words to choose from.
std::string offers_line(const Tool& tool, const Option& option) {
  switch (option.value) {
  case Option::Value::ports:
    return "mapfile -t offers < <(_" + tool.name + "_ports \"${backend[@]}\")";
  case Option::Value::kinds:
    return "[[ $word == *,* ]] && lead=${word%,*},\n      offers=(" + words_of(kind_offers()) + ")";
  case Option::Value::word: return "offers=(" + join(option.words, " ") + ")";
  default: return "";
  }
}

} // namespace

constexpr const char* backend_next =
    "      [[ $option == --backend ]] && backend=(--backend \"$c\")\n";
constexpr const char* backend_joined = "        --backend=*) backend=(--backend \"${c#*=}\") ;;\n";

std::string for_bash(const Tool& tool) {
  std::vector<std::string> all;
  std::vector<std::string> valued;
  std::string letters;
  std::string values;
  for (const Option& option : tool.options) {
    all.insert(all.end(), option.names.begin(), option.names.end());
    if (!option.takes_word()) continue;
    valued.insert(valued.end(), option.names.begin(), option.names.end());
    for (const std::string& name : option.names)
      if (name.size() == 2) letters += name[1];
    const std::string line = offers_line(tool, option);
    if (!line.empty())
      values += "    " + join(option.names, " | ") + ")\n      " + line + "\n      ;;\n";
  }
  const bool ports = tool.has(Option::Value::ports);
  return fill(file,
              {{"PORTS", std::string(ports ? ports_function : "")},
               {"SED", std::string(sed_ports)},
               {"AWK", std::string(awk_ports)},
               {"FREE", std::string(tool.takes_events ? free_with_events : free_without_events)},
               {"OPTIONS", join(all, " ")},
               {"EVENTS", words_of(event_offers())},
               {"VALUED", join(valued, " | ")},
               {"BACKEND", std::string(ports ? "  local -a backend=()\n" : "")},
               {"BACKEND_NEXT", std::string(ports ? backend_next : "")},
               {"BACKEND_JOINED", std::string(ports ? backend_joined : "")},
               {"ATTACHED", std::string(letters.empty() ? "" : attached)},
               {"LETTERS", letters},
               {"VALUES", values},
               {"TOOL", tool.name}});
}

} // namespace mm::completions
