#include "mapping.hpp"

#include "text/chars.hpp"
#include "text/faults.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <map>
#include <optional>

namespace mm::py {

namespace {

// A value, or what is wrong with a text, and where.
template <class T>
using Checked = boost::outcome_v2::basic_result<T, Fault, boost::outcome_v2::policy::all_narrow>;

// --- names of channels ---

const TypeInfo* find_type(std::string_view name) {
  for (const TypeInfo& row : channel_types)
    if (row.name == name) return &row;
  return nullptr;
}

bool is_all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), chars::is_digit);
}

// Letters, digits, '_', and what is beyond ASCII: of that Python knows more.
bool is_identifier(std::string_view word) {
  const auto is_part = [](char c) {
    return chars::is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<std::uint8_t>(c) >= 0x80;
  };
  return !word.empty() && !chars::is_digit(word[0]) &&
         std::all_of(word.begin(), word.end(), is_part) && !chars::find_unprintable(word);
}

// The first word that is no name, if there is one.
std::optional<Fault> find_no_name(std::string_view names) {
  for (std::size_t at = 0; at <= names.size();) {
    const std::size_t end = std::min(names.find('.', at), names.size());
    const std::string_view word = names.substr(at, end - at);
    if (word.empty()) return Fault{at, "a name is missing here"};
    if (!is_identifier(word)) return Fault{at, in_quotes(word) + " is no name in Python"};
    at = end + 1;
  }
  return {};
}

// The digits after "ch" or "channel"; nothing if it is another word.
std::optional<std::string_view> channel_digits(std::string_view word) {
  for (const std::string_view before : {std::string_view("channel"), std::string_view("ch")})
    if (word.size() > before.size() && word.starts_with(before) &&
        is_all_digits(word.substr(before.size())))
      return word.substr(before.size());
  return {};
}

// The instances that a file has declared, by name, with their backends.
using Instances = std::map<std::string, std::string, std::less<>>;

bool is_midi_backend(std::string_view backend) {
  return backend == "midi" || backend == "jack" || backend == "rtpmidi" || backend == "winmidi";
}

// One name, which has no ranges any more.
class EndParser {
 public:
  EndParser(std::string_view name, const Instances& instances) : name_(name) {
    last_ = name.rfind('.');
    if (last_ == std::string_view::npos) return;
    const std::size_t dot = last_ == 0 ? std::string_view::npos : name.rfind('.', last_ - 1);
    channel_ = dot == std::string_view::npos ? 0 : dot + 1;
    digits_ = channel_digits(name.substr(channel_, last_ - channel_));
    if (is_midi() && channel_ == 0) return;
    const auto found = instances.find(name.substr(0, name.find('.')));
    if (found != instances.end()) backend_ = found->second;
  }

  [[nodiscard]] Checked<End> parse() const {
    if (auto fault = backend_fault()) return *fault;
    return is_midi() ? midi() : python();
  }

 private:
  // Whether the last word but one is "ch0": then nothing but a MIDI channel can be meant.
  [[nodiscard]] bool is_midi() const { return digits_.has_value(); }

  [[nodiscard]] std::optional<Fault> backend_fault() const;
  [[nodiscard]] Checked<End> midi() const;
  [[nodiscard]] Checked<End> python() const;
  [[nodiscard]] std::optional<Fault> read_control(MidiChannel& channel) const;

  std::string_view name_;
  std::string_view backend_; // of its instance; empty: not declared
  std::size_t last_ = 0;     // the last dot
  std::size_t channel_ = 0;  // where "ch0" begins
  std::optional<std::string_view> digits_;
};

std::optional<Fault> EndParser::backend_fault() const {
  if (backend_.empty()) return {};
  const bool expects_midi = is_midi_backend(backend_);
  const bool expects_python = backend_ == "python";
  if ((expects_midi && is_midi()) || (expects_python && !is_midi())) return {};
  const std::string what =
      in_quotes(name_.substr(0, name_.find('.'))) + " is an instance of " + std::string(backend_);
  if (expects_midi) return Fault{0, what + ": its channels are written as ch0.cc7"};
  if (expects_python) return Fault{0, what + ", and what follows is a MIDI channel"};
  return Fault{0, what + ": there are MIDI and Python alone here"};
}

Checked<End> EndParser::midi() const {
  MidiChannel channel;
  const auto number = chars::read_number(*digits_);
  if (*number > 15) return Fault{channel_, in_quotes(name_) + ": the channel is in 0..15"};
  channel.channel = static_cast<int>(*number) + 1;
  if (auto fault = read_control(channel)) return *fault;
  if (channel_ == 0) return End{channel};
  channel.port = name_.substr(0, channel_ - 1);
  if (channel.port.empty()) return Fault{0, "the name of a port is missing here"};
  const auto odd = std::find_if_not(channel.port.begin(), channel.port.end(), chars::is_port_char);
  if (odd == channel.port.end()) return End{channel};
  return Fault{static_cast<std::size_t>(odd - channel.port.begin()),
               in_quotes(channel.port) + " is no port: a tag has only A-Z a-z 0-9 _ . - / : [ ]"};
}

std::optional<Fault> EndParser::read_control(MidiChannel& channel) const {
  const std::size_t begin = last_ + 1;
  const std::string_view word = name_.substr(begin);
  const std::size_t length = std::min(word.find_first_of("0123456789"), word.size());
  const TypeInfo* const type = find_type(word.substr(0, length));
  if (type == nullptr) {
    std::string what = in_quotes(name_) + ": the type of a MIDI channel is one of ";
    for (const TypeInfo& row : channel_types)
      what += std::string(row.name) + (&row == &channel_types.back() ? "" : ", ");
    return Fault{begin, what};
  }
  channel.type = type->type;
  const std::string_view digits = word.substr(length);
  if (!type->has_number() && digits.empty()) return {};
  if (!type->has_number())
    return Fault{begin + length,
                 in_quotes(name_) + ": " + std::string(type->name) + " has no number"};
  const auto number = is_all_digits(digits) ? chars::read_number(digits) : std::nullopt;
  if (!number || *number > type->most())
    return Fault{begin + length, in_quotes(name_) + ": the number of " + std::string(type->name) +
                                     " is in 0.." + std::to_string(type->most())};
  channel.number = static_cast<int>(*number);
  return {};
}

Checked<End> EndParser::python() const {
  const std::size_t dot = name_.find('.');
  const std::string_view instance = name_.substr(0, dot);
  const auto is_in_word = [](char c) { return static_cast<std::uint8_t>(c) > ' ' && c != '\x7f'; };
  if (dot == std::string_view::npos || dot == 0 ||
      !std::all_of(instance.begin(), instance.end(), is_in_word))
    return Fault{0, in_quotes(name_) + " is no channel: channels are such as py.level and ch0.cc7"};
  if (auto fault = find_no_name(name_.substr(dot + 1))) {
    fault->column += dot + 1;
    return *fault;
  }
  return End{PythonChannel{std::string(name_.substr(dot + 1))}};
}

// --- ranges ---

// A part of a line.
struct Piece {
  std::string_view text;
  std::size_t column = 0; // of its first byte

  [[nodiscard]] Piece part(std::size_t from, std::size_t to) const {
    return {text.substr(from, to - from), column + from};
  }
};

Piece trimmed(Piece piece) {
  while (!piece.text.empty() && chars::is_blank(piece.text.front()))
    piece = piece.part(1, piece.text.size());
  while (!piece.text.empty() && chars::is_blank(piece.text.back())) piece.text.remove_suffix(1);
  return piece;
}

Fault too_many(std::size_t column) {
  return {column, "this stands for more than " + std::to_string(most_channels) + " channels"};
}

// "1..16", "16..1"
Checked<std::vector<std::string>> count(const Piece& range) {
  const std::size_t dots = range.text.find("..");
  const Piece first = trimmed(range.part(0, dots));
  const Piece last = trimmed(range.part(dots + 2, range.text.size()));
  constexpr std::size_t most_digits = 9; // read_number() takes what has more for 999999999
  for (const Piece& end : {first, last})
    if (end.text.empty() || end.text.size() > most_digits || !is_all_digits(end.text))
      return Fault{end.column, in_quotes(end.text) + " is no number: a range is such as 1..16"};
  const long from = *chars::read_number(first.text);
  const long to = *chars::read_number(last.text);
  if (static_cast<std::size_t>(std::abs(to - from)) >= most_channels) return too_many(range.column);
  std::vector<std::string> numbers;
  const long step = from <= to ? 1 : -1;
  for (long n = from; n != to + step; n += step) numbers.push_back(std::to_string(n));
  return numbers;
}

// What stands between braces: words and counts, with commas between them.
Checked<std::vector<std::string>> parse_range(const Piece& range) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at <= range.text.size();) {
    const std::size_t end = std::min(range.text.find(',', at), range.text.size());
    const Piece item = trimmed(range.part(at, end));
    if (item.text.empty()) return Fault{item.column, "a word is missing in this range"};
    if (item.text.find("..") == std::string_view::npos) {
      words.emplace_back(item.text);
    } else {
      const auto numbers = count(item);
      if (!numbers) return numbers.error();
      words.insert(words.end(), numbers.value().begin(), numbers.value().end());
    }
    if (words.size() > most_channels) return too_many(range.column);
    at = end + 1;
  }
  return words;
}

// A name and all that it stands for: the text before each range, the range, and the text after all.
struct Names {
  struct Range {
    std::string_view before;
    std::vector<std::string> words;
  };
  std::vector<Range> ranges;
  std::string_view rest;
  std::size_t count = 1;

  // The name at `index`, where the last range counts fastest.
  [[nodiscard]] std::string at(std::size_t index) const {
    std::size_t whole = count;
    std::string name;
    for (const Range& range : ranges) {
      whole /= range.words.size();
      name.append(range.before).append(range.words[index / whole % range.words.size()]);
    }
    return name.append(rest);
  }
};

Checked<Names> parse_names(const Piece& piece) {
  Names names;
  const std::string_view text = piece.text;
  std::size_t at = 0;
  for (std::size_t brace = 0; (brace = text.find_first_of("{}", at)) != std::string_view::npos;) {
    const std::size_t end = text.find_first_of("{}", brace + 1);
    if (text[brace] == '}' || end == std::string_view::npos || text[end] == '{')
      return Fault{piece.column + brace,
                   text[brace] == '{' ? "this '{' has no '}'" : "this '}' has no '{'"};
    auto words = parse_range(piece.part(brace + 1, end));
    if (!words) return words.error();
    names.count *= words.value().size();
    if (names.count > most_channels) return too_many(piece.column);
    names.ranges.push_back({text.substr(at, brace - at), std::move(words.value())});
    at = end + 1;
  }
  names.rest = text.substr(at);
  return names;
}

// --- mappings ---

Checked<std::vector<End>> parse_side(const Piece& side, const Instances& instances) {
  if (side.text.empty()) return Fault{side.column, "a channel is missing here"};
  const auto names = parse_names(side);
  if (!names) return names.error();
  constexpr std::size_t longest = 255; // there may be most_channels of them
  std::vector<End> ends;
  for (std::size_t i = 0; i < names.value().count; ++i) {
    const std::string name = names.value().at(i);
    if (name.size() > longest)
      return Fault{side.column, "this name is longer than " + std::to_string(longest) + " bytes"};
    auto end = EndParser(name, instances).parse();
    if (!end) {
      const std::size_t within = names.value().ranges.empty() ? end.error().column : 0;
      return Fault{side.column + within, end.error().what};
    }
    ends.push_back(std::move(end.value()));
  }
  return ends;
}

void join(const std::vector<End>& from, const std::vector<End>& to, std::vector<Mapping>& out) {
  const std::size_t count = std::max(from.size(), to.size());
  for (std::size_t i = 0; i < count; ++i)
    out.push_back({from[from.size() == 1 ? 0 : i], to[to.size() == 1 ? 0 : i]});
}

Checked<std::vector<Mapping>> parse_line(std::string_view text, const Instances& instances) {
  const Piece line = trimmed({text});
  const std::size_t arrow = line.text.find_first_of("<>");
  if (arrow == std::string_view::npos)
    return Fault{line.column, "this is no mapping: it is A > B, A < B or A <> B"};
  const bool leftward = line.text[arrow] == '<';
  const bool both = line.text.substr(arrow + 1).starts_with(leftward ? '>' : '<');
  const std::size_t behind = arrow + (both ? 2 : 1);
  const std::size_t second = line.text.find_first_of("<>", behind);
  if (second != std::string_view::npos)
    return Fault{line.column + second, "there is an arrow already"};

  const Piece right = trimmed(line.part(behind, line.text.size()));
  const auto left_ends = parse_side(trimmed(line.part(0, arrow)), instances);
  if (!left_ends) return left_ends.error();
  const auto right_ends = parse_side(right, instances);
  if (!right_ends) return right_ends.error();
  const std::size_t here = right_ends.value().size();
  const std::size_t there = left_ends.value().size();
  if (here != there && here != 1 && there != 1)
    return Fault{right.column, std::to_string(there) + " channels on the left and " +
                                   std::to_string(here) +
                                   " here: it takes as many on both sides, or one on either"};
  std::vector<Mapping> mappings;
  if (!leftward || both) join(left_ends.value(), right_ends.value(), mappings);
  if (leftward || both) join(right_ends.value(), left_ends.value(), mappings);
  return mappings;
}

// The lines of a file, one after the other.
class FileParser {
 public:
  // What is wrong with the line, if anything.
  std::optional<Fault> take(std::string_view text);

  MapFile result;

 private:
  enum class Section : std::uint8_t { map, python, other };

  std::optional<Fault> begin_section(const Piece& title);
  std::optional<Fault> take_mapping(std::string_view text);
  std::optional<Fault> take_option(const Piece& line);

  Section section_ = Section::map; // a file without sections is all mappings
  Instances instances_;
};

std::optional<Fault> FileParser::take(std::string_view text) {
  const Piece line = trimmed({text});
  if (line.text.empty() || line.text[0] == ';' || line.text[0] == '#') return {};
  if (line.text.starts_with('[') && line.text.ends_with(']') && !is_mapping(line.text))
    return begin_section(trimmed(line.part(1, line.text.size() - 1)));
  switch (section_) {
  case Section::map: return take_mapping(text);
  case Section::python: return take_option(line);
  case Section::other: break;
  }
  return {};
}

// "map", "python NAME", "backend python", "include FILE", "midi NAME"
std::optional<Fault> FileParser::begin_section(const Piece& title) {
  const std::size_t blank = std::min(title.text.find_first_of(" \t"), title.text.size());
  const std::string_view first = title.text.substr(0, blank);
  const Piece name = trimmed(title.part(blank, title.text.size()));
  section_ = Section::other;
  if (first == "include")
    return Fault{title.column, "other files are not read from here: give them with --map as well"};
  if (first == "backend") return {};
  if (first == "map") section_ = Section::map;
  if (first == "python") section_ = Section::python;
  if (!name.text.empty() && !instances_.emplace(name.text, first).second)
    return Fault{name.column, in_quotes(name.text) + " is the name of another instance"};
  return {};
}

std::optional<Fault> FileParser::take_mapping(std::string_view text) {
  auto mappings = parse_line(text, instances_);
  if (!mappings) return mappings.error();
  if (result.mappings.size() + mappings.value().size() > most_mappings)
    return Fault{trimmed({text}).column,
                 "with this there are more than " + std::to_string(most_mappings) + " mappings"};
  std::move(mappings.value().begin(), mappings.value().end(), std::back_inserter(result.mappings));
  return {};
}

// "module = FILE", "default-handler = MODULE.FUNCTION"
std::optional<Fault> FileParser::take_option(const Piece& line) {
  const std::size_t equals = line.text.find('=');
  if (equals == std::string_view::npos) return Fault{line.column, "this is no OPTION = VALUE"};
  const std::string_view option = trimmed(line.part(0, equals)).text;
  const Piece value = trimmed(line.part(equals + 1, line.text.size()));
  if (option == "module") {
    if (value.text.empty()) return Fault{value.column, "a module's file is missing here"};
    result.modules.emplace_back(value.text);
    return {};
  }
  if (option != "default-handler")
    return Fault{line.column, in_quotes(option) + " is no option of python: it is module or "
                                                  "default-handler"};
  if (!is_python_name(value.text) || value.text.find('.') == std::string_view::npos)
    return Fault{value.column, in_quotes(value.text) + " is no handler: it is MODULE.FUNCTION"};
  if (!result.default_handler.empty() && result.default_handler != value.text)
    return Fault{value.column, "the default handler is " + result.default_handler + " already"};
  result.default_handler = value.text;
  return {};
}

Error error_at(std::string_view name, std::size_t number, std::string_view line,
               const Fault& fault) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return {std::string(name) + ':' + std::to_string(number) + ':' +
              std::to_string(fault.column + 1) + ": " + fault.what + '\n' +
              show_fault(line, fault.column),
          exit_usage};
}

} // namespace

std::string to_string(const End& end) {
  if (const auto* const python = std::get_if<PythonChannel>(&end)) return "py." + python->name;
  const auto& midi = std::get<MidiChannel>(end);
  const TypeInfo& type = info_of(midi.type);
  return (midi.port.empty() ? "" : midi.port + '.') + "ch" + std::to_string(midi.channel - 1) +
         '.' + std::string(type.name) + (type.has_number() ? std::to_string(midi.number) : "");
}

bool is_python_name(std::string_view text) { return !find_no_name(text); }

Result<std::vector<Mapping>> parse_mapping(std::string_view text, std::string_view name) {
  auto mappings = parse_line(text, {});
  if (!mappings) return error_at(name, 1, text, mappings.error());
  return std::move(mappings.value());
}

Result<MapFile> parse_map_file(std::string_view text, std::string_view name) {
  FileParser parser;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (const auto fault = parser.take(line)) return error_at(name, number, line, *fault);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::move(parser.result);
}

} // namespace mm::py
