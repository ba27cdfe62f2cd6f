// What the completions of all shells have in common: the words to choose, and the text of ports.
#include "model.hpp"

#include "event/filter.hpp"
#include "event/kind.hpp"

#include <algorithm>

namespace mm::completions {

namespace {

// The kinds that are in a group: "note-off, note-on".
std::string members(std::string_view group) {
  const auto kinds = parse_kinds(group);
  std::vector<std::string> names;
  for (const KindInfo& row : kind_table)
    if (kinds && kinds.value().test(static_cast<std::size_t>(row.kind)))
      names.emplace_back(row.name.empty() ? ":NAME" : row.name);
  return join(names, ", ");
}

} // namespace

bool Tool::has(Value::Kind kind) const {
  const auto is_one = [kind](const Value& value) { return value.kind == kind; };
  return std::any_of(modes.begin(), modes.end(), [&](const Mode& mode) {
    return std::any_of(mode.arguments.begin(), mode.arguments.end(), is_one) ||
           std::any_of(mode.options.begin(), mode.options.end(), [&](const Option& option) {
             return std::any_of(option.values.begin(), option.values.end(), is_one);
           });
  });
}

bool Tool::has_ports() const {
  return has(Value::Kind::ports) || has(Value::Kind::sources) || has(Value::Kind::destinations);
}

std::vector<Offer> command_offers(const Tool& tool) {
  std::vector<Offer> offers;
  for (const Mode& mode : tool.modes)
    if (!mode.name.empty()) offers.push_back({mode.name, mode.about});
  return offers;
}

std::vector<Place> value_places(const Mode& mode) {
  std::vector<Place> places;
  for (const Option& option : mode.options) {
    if (!option.takes_word()) continue;
    std::string pluses;
    for (const Value& value : option.values) {
      Place place{{}, &value};
      for (const std::string& name : option.names) place.names.push_back(mode.name + name + pluses);
      places.push_back(std::move(place));
      pluses += '+';
    }
  }
  return places;
}

std::vector<Place> argument_places(const Mode& mode) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < mode.arguments.size(); ++i)
    places.push_back({{mode.name + std::to_string(i)}, &mode.arguments[i]});
  return places;
}

Steps steps_of(const Tool& tool) {
  Steps steps;
  for (const Mode& mode : tool.modes)
    for (const Option& option : mode.options) {
      if (!option.takes_word()) continue;
      for (const std::string& name : option.names) {
        std::string place = mode.name + name;
        steps.valued.push_back(place);
        if (option.values.size() > 1 && name.starts_with("--"))
          steps.joined.push_back(place + "=*");
        for (std::size_t i = 1; i < option.values.size(); ++i, place += '+')
          steps.further.push_back(place);
      }
    }
  return steps;
}

std::vector<Offer> event_offers() {
  std::vector<Offer> offers;
  for (const KindInfo& row : kind_table)
    for (const std::string_view name : {row.name, row.alias})
      if (!name.empty()) offers.push_back({std::string(name), usage(row)});
  return offers;
}

std::vector<Offer> kind_offers() {
  auto offers = event_offers();
  for (const std::string_view group : kind_groups)
    offers.push_back({std::string(group), members(group)});
  return offers;
}

namespace {

// A name that has other escapes than \" and \\ has a control character in it: it is left out.

// Of a port of --list, "NAME<tab>ADDRESS".
constexpr std::string_view sed_ports =
    R"sed(/^.*"client":"(([^"\\]|\\["\\])*)","port":"(([^"\\]|\\["\\])*)",)sed"
    R"sed("address":"(([^"\\]|\\["\\])*)".*$/{s//\1:\3)sed"
    "\t"
    R"sed(\5/;s/\\(["\\])/\1/g;p;})sed";

// Of those lines, the words that -p takes: the name, or the address where the name fits several
// ports or has a '=', which -p would take for that before a tag.
constexpr std::string_view awk_ports = R"awk(
      { count[$1]++; name[NR] = $1; address[NR] = $2 }
      END {
        for (i = 1; i <= NR; i++) {
          word = count[name[i]] > 1 || name[i] ~ /=/ ? address[i] : name[i]
          if (word !~ /=/) print word
        }
      })awk";

// Of a port of JACK, the name, which is the only one.
constexpr std::string_view sed_jack_ports =
    R"sed(/^\{"name":"(([^"\\]|\\["\\])*)",.*$/{s//\1/;s/\\(["\\])/\1/g;p;})sed";

} // namespace

PortList port_list(const Tool& tool) {
  if (tool.has_commands()) return {"ls", "--server", std::string(sed_jack_ports), ""};
  return {"--list", "--backend", std::string(sed_ports), std::string(awk_ports)};
}

std::string port_filter(const PortList& list, std::string (*quoted)(const std::string&)) {
  std::string filter = "LC_ALL=C sed -nE " + quoted(list.sed);
  if (!list.awk.empty()) filter += " |\n    awk -F '\\t' " + quoted(list.awk);
  return filter;
}

std::string_view port_choice(Value::Kind kind) {
  switch (kind) {
  case Value::Kind::sources: return " --out";
  case Value::Kind::destinations: return " --in";
  default: return "";
  }
}

std::string quoted(const std::string& text) { return '\'' + replace(text, "'", R"('\'')") + '\''; }

std::string join(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += between;
    text += word;
  }
  return text;
}

std::string words_of(const std::vector<Offer>& offers, std::string_view between) {
  std::vector<std::string> words;
  for (const Offer& offer : offers) words.push_back(offer.word);
  return join(words, between);
}

std::string replace(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string fill(std::string_view text,
                 const std::vector<std::pair<std::string_view, std::string>>& values) {
  std::string filled(text);
  for (const auto& [name, value] : values)
    filled = replace(std::move(filled), '@' + std::string(name) + '@', value);
  return filled;
}

} // namespace mm::completions
