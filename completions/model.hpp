// What a completion has to know about a tool, and what the writers of the three shells share.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mm::completions {

// A word to choose, and what a shell that has room for it says about the word.
struct Offer {
  std::string word;
  std::string about;
};

// A word that is an argument, or the value of an option.
struct Value {
  enum class Kind {
    plain,        // anything; nothing is offered
    ports,        // one of the ports that there are now
    sources,      // the same, where something comes from
    destinations, // or goes to
    event,        // the kind of an event
    kinds,        // a comma list of kinds of events and groups of them
    file,         // the name of a file
    word,         // one of `words`
  };
  std::string name; // "PORT[=TAG]"
  Kind kind = Kind::plain;
  std::vector<std::string> words{};
  bool is_optional = false;
};

struct Option {
  std::vector<std::string> names; // "-p", "--port"
  std::string about;
  std::vector<Value> values;
  bool is_joined = false; // the value stands in the same word, if there is one: --timed=2
  bool is_repeatable = false;

  // Whether the next word is its value.
  [[nodiscard]] bool takes_word() const { return !values.empty() && !is_joined; }
};

// What is typed after the name of a tool, or of a command of one.
struct Mode {
  std::string name; // of the command; empty: without a command
  std::string about;
  std::vector<Option> options;
  std::vector<Value> arguments; // those that come first: more may follow
};

struct Tool {
  std::string name;
  std::vector<Mode> modes; // the first is that without a command

  [[nodiscard]] bool has_commands() const { return modes.size() > 1; }
  // Whether anything is such a value.
  [[nodiscard]] bool has(Value::Kind kind) const;
  [[nodiscard]] bool has_ports() const;
};

// The names of the modes but the first, and what they are about.
std::vector<Offer> command_offers(const Tool& tool);

// A place on the line as the scripts of bash and fish know it, after the command: the number of an
// argument (0, 1, ...), an option's name for the first word of its value, and for each further one
// a '+' more. So "connect1" and "transport--connect+" are each a DST.
struct Place {
  std::vector<std::string> names; // one for each name of the option
  const Value* value;
};

// Those of the words of values, but the joined ones; those of arguments.
std::vector<Place> value_places(const Mode& mode);
std::vector<Place> argument_places(const Mode& mode);

// Places that are the same in how a script goes on from there.
struct Steps {
  std::vector<std::string> valued;  // a value's first word comes next
  std::vector<std::string> further; // a word of a value that has another one after it
  std::vector<std::string> joined;  // --name=* where the value has another word
};

Steps steps_of(const Tool& tool);

// The kinds of events, with their aliases.
std::vector<Offer> event_offers();

// The same and the groups of kinds: what KINDS are.
std::vector<Offer> kind_offers();

// How the names of the live ports are made.
struct PortList {
  std::string arguments; // the tool, with these and --json, lists them
  std::string where;     // the option that says of which system
  std::string sed;       // sed -nE with this prints what is to be offered
  std::string awk;       // if there is one, awk -F '\t' of that does
};

PortList port_list(const Tool& tool);

// The commands of the pipe that makes words of the list; `quoted` is how the shell quotes.
std::string port_filter(const PortList& list, std::string (*quoted)(const std::string&));

// What the tool is to list, beside the arguments, for such a value: "--out".
std::string_view port_choice(Value::Kind kind);

// In quotes, as bash and zsh read them.
std::string quoted(const std::string& text);

std::string join(const std::vector<std::string>& words, std::string_view between);

// The same of the words of offers.
std::string words_of(const std::vector<Offer>& offers, std::string_view between = " ");

// `text` with each `from` in it replaced.
std::string replace(std::string text, std::string_view from, std::string_view to);

// `text` with each "@NAME@" in it replaced by what stands for it.
std::string fill(std::string_view text,
                 const std::vector<std::pair<std::string_view, std::string>>& values);

// The completions of a tool, as the text of a file.
std::string for_bash(const Tool& tool);
std::string for_zsh(const Tool& tool);
std::string for_fish(const Tool& tool);

} // namespace mm::completions
