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

struct Option {
  enum class Value {
    none,
    optional, // in the same word: --timed=2
    plain,    // anything; nothing is offered
    ports,    // one of the ports that there are now
    kinds,    // a comma list of kinds of events and groups of them
    word,     // one of `words`
  };
  std::vector<std::string> names; // "-p", "--port"
  std::string about;
  std::string value_name; // "PORT[=TAG]"; empty: it takes none
  Value value = Value::none;
  std::vector<std::string> words;
  bool repeatable = false;

  // Whether the next word is its value.
  [[nodiscard]] bool takes_word() const { return value != Value::none && value != Value::optional; }
};

struct Tool {
  std::string name;
  std::vector<Option> options;
  bool takes_events = false; // as arguments, the first of which is a kind

  // Whether any of the options takes such a value.
  [[nodiscard]] bool has(Option::Value value) const;
};

// The kinds of events, with their aliases.
std::vector<Offer> event_offers();

// The same and the groups of kinds: what KINDS are.
std::vector<Offer> kind_offers();

// Programs that make the names of ports of the tool's --list --json: sed -nE of that gives lines
// "NAME<tab>ADDRESS", and awk -F '\t' of those the words that -p takes: the name, or the address
// where the name fits several ports or has a '=', which -p would take for that before a tag.
extern const std::string_view sed_ports;
extern const std::string_view awk_ports;

std::string join(const std::vector<std::string>& words, std::string_view between);

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
