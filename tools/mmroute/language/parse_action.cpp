// Actions: what they are called, and in which order they may stand.
#include "language/parser.hpp"
#include "text/faults.hpp"

#include <algorithm>
#include <array>

namespace mm::route {

namespace {

using TokenKind = Token::Kind;

template <class Kind> Form read_alone(Words& /*words*/) { return Kind{}; }
template <class Kind> Form read_timed(Words& words) { return Kind{read_duration(words)}; }

Form read_sustain(Words& /*words*/) { return Pedal{false}; }
Form read_sostenuto(Words& /*words*/) { return Pedal{true}; }

struct ActionInfo {
  std::string_view name;
  std::string_view usage;
  Form (*read)(Words& words); // what stands behind the name
  bool is_for_event = true;   // it is nothing without one
};

constexpr bool needs_none = false;
constexpr std::array actions{
    ActionInfo{"pass", "pass", read_alone<Pass>},
    ActionInfo{"drop", "drop", read_alone<Drop>},
    ActionInfo{"also", "also", read_alone<Pass>, needs_none},
    ActionInfo{"ch", "ch N, ch N,N,..., ch +N or ch A to B", read_channel},
    ActionInfo{"key", "key N, key N,N,... or key A to B", read_key},
    ActionInfo{"transpose", "transpose N [in SCALE]", read_transpose},
    ActionInfo{"snap", "snap SCALE", read_snap},
    ActionInfo{"chord", "chord N,N,... [in SCALE]", read_chord},
    ActionInfo{"vel",
               "vel N, +N, -N, *X, curve G, clip A..B, compress T R, invert, A..B to C..D or "
               "P,P,... to Q,Q,...",
               read_velocity},
    ActionInfo{"value",
               "value N, +N, -N, *X, curve G, clip A..B, compress T R, invert, A..B to C..D or "
               "P,P,... to Q,Q,...",
               read_value},
    ActionInfo{"send", "send EVENT, such as send pc 1 5", read_send, needs_none},
    ActionInfo{"set", "set VARIABLE N, +N or -N", read_set_variable, needs_none},
    ActionInfo{"count", "count VARIABLE A..B", read_count, needs_none},
    ActionInfo{"scene", "scene NAME, N, next or previous", read_choose_scene},
    ActionInfo{"tap", "tap", read_alone<Tap>, needs_none},
    ActionInfo{"panic", "panic", read_alone<Panic>, needs_none},
    ActionInfo{"nodup", "nodup", read_alone<NoDuplicates>},
    ActionInfo{"toggle", "toggle", read_alone<Toggle>},
    ActionInfo{"latch", "latch", read_alone<Latch>},
    ActionInfo{"mono", "mono [last|low|high]", read_mono},
    ActionInfo{"poly", "poly N", read_poly},
    ActionInfo{"sustain", "sustain", read_sustain},
    ActionInfo{"sostenuto", "sostenuto", read_sostenuto},
    ActionInfo{"long", "long T", read_timed<Long>},
    ActionInfo{"relative", "relative twos|offset|sign [A..B]", read_relative_coding},
    ActionInfo{"delay", "delay T", read_timed<Delay>},
    ActionInfo{"echo", "echo T [times N] [fade X] [transpose N]", read_echo},
    ActionInfo{"hold", "hold T", read_timed<Hold>},
    ActionInfo{"length", "length T", read_timed<Length>},
    ActionInfo{"strum", "strum T", read_timed<Strum>},
    ActionInfo{"quantize", "quantize T", read_timed<Quantize>},
    ActionInfo{"humanize", "humanize T [N]", read_humanize},
    ActionInfo{"arp", "arp up|down|up-down|as-played|random T [octaves N] [gate X]", read_arpeggio},
    ActionInfo{"divide", "divide N", read_divide},
    ActionInfo{"multiply", "multiply N", read_multiply},
    ActionInfo{"spread", "spread lower|upper [MEMBERS]", read_spread},
    ActionInfo{"fold", "fold CH", read_fold},
    ActionInfo{"bend-range", "bend-range A to B", read_bend_range},
};

const ActionInfo* find_action(std::string_view word) {
  for (const ActionInfo& action : actions)
    if (action.name == word) return &action;
  return nullptr;
}

std::vector<std::string_view> action_words() {
  std::vector<std::string_view> words;
  for (const ActionInfo& action : actions) words.push_back(action.name);
  words.insert(words.end(),
               {"cc", "cc14", "rpn", "nrpn", "bend", "pressure", "poly-pressure", "prog", "note"});
  return words;
}

constexpr std::array meant_instead{
    Instead{"channel", "ch"},
    Instead{"velocity", "vel"},
    Instead{"program", "prog"},
    Instead{"octave", "transpose 12"},
    Instead{"block", "drop"},
    Instead{"discard", "drop"},
    Instead{"ignore", "drop"},
    Instead{"filter", "drop"},
    Instead{"to", "@PORT"},
    Instead{"port", "@PORT"},
    Instead{"arpeggio", "arp"},
    Instead{"arpeggiate", "arp"},
    Instead{"continue", "also"},
    Instead{"aftertouch", "pressure"},
    Instead{"duplicate", "@PORT @PORT"},
    Instead{"quantise", "quantize"},
    Instead{"humanise", "humanize"},
};

void refuse_unknown(Words& words, const Token& token) {
  const std::string word = in_quotes(token.text);
  if (token.kind != TokenKind::word || is_like_number(words, token))
    return words.refuse(token, word + (words.usage().empty()
                                           ? " is no action"
                                           : " is too much; it is " + std::string(words.usage())));
  for (const auto& [typed, meant] : meant_instead)
    if (typed == token.text)
      return words.refuse(token, word + " is no action: write '" + std::string(meant) + "'");
  if (token.text == "note-on" || token.text == "note-off" || token.text == "on" ||
      token.text == "off")
    return words.refuse(token, word + " is no action: write 'note N' or 'send " +
                                   std::string(token.text) + " ...'");
  if (find_rule_kind(token.text) || token.text[0] == ':')
    return words.refuse(token,
                        word + " is no action: write 'send " + std::string(token.text) + "'");
  if (is_condition(token.text))
    return words.refuse(token, word + " is no action: it stands before the '->'");
  words.refuse(token, "unknown action " + word + did_you_mean(token.text, action_words()));
}

void refuse_missing(Words& words, const Token& token) {
  if (token.kind == TokenKind::arrow) return words.refuse(token, "there is a '->' already");
  words.refuse(token, "an action is missing here");
}

// What a rule is to have of actions, one after the other.
class ActionReader {
 public:
  ActionReader(Words& words, Rule& rule) : words_(words), rule_(rule) {}

  void read_all() {
    words_.explain({});
    do {
      const Token& token = words_.peek();
      if (rule_.goes_on)
        words_.refuse(token, "nothing can stand behind 'also': it is the last action");
      const bool is_missing = token.kind == TokenKind::nothing || token.kind == TokenKind::comma ||
                              token.kind == TokenKind::arrow;
      is_missing ? refuse_missing(words_, token) : read_one(token);
    } while (words_.take_if(TokenKind::comma) || at_port());
    if (!words_.is_empty()) refuse_end(words_.peek());
    if (begin_ != nullptr && copies() > most_in_rule)
      words_.refuse(*begin_, "with this the rule makes more than " + std::to_string(most_in_rule) +
                                 " copies");
  }

 private:
  static constexpr std::size_t most_in_rule = 1024;

  [[nodiscard]] bool at_port() const {
    return words_.at(TokenKind::word) && words_.peek().text[0] == '@';
  }

  void read_one(const Token& token) {
    const Token* const begin = words_.here();
    if (token.kind == TokenKind::word && token.text[0] == '@') {
      check_order(token, true);
      return take_ports(begin);
    }
    if (token.kind != TokenKind::word) return refuse_unknown(words_, token);
    if (const ActionInfo* const action = find_action(token.text)) {
      check_order(token, action->is_for_event && action->name != "scene");
      if (rule_.on != Rule::On::event && action->name == "scene")
        words_.refuse(token, "no scene can be chosen while one begins or ends");
      words_.take();
      words_.explain(action->usage);
      return add(begin, action->read(words_));
    }
    if (!is_conversion(token.text)) return refuse_unknown(words_, token);
    check_order(token, true);
    words_.take();
    add(begin, read_conversion(words_, token));
  }

  // How many events the rule makes of one.
  [[nodiscard]] std::size_t copies() const {
    std::size_t all = 1;
    for (const Action& action : rule_.actions) {
      std::size_t count = 1;
      if (const auto* const put = std::get_if<Put>(&action.form)) count = put->to.size();
      if (const auto* const ports = std::get_if<ToPorts>(&action.form)) count = ports->ports.size();
      if (const auto* const chord = std::get_if<Chord>(&action.form))
        count = chord->intervals.size();
      all = std::min(all * count, most_in_rule + 1);
    }
    return all;
  }

  void check_order(const Token& token, bool is_for_event) {
    if (!is_for_event) return;
    if (rule_.on != Rule::On::event)
      words_.refuse(token, in_quotes(token.text) + " needs an event, and there is none in '" +
                               (rule_.on == Rule::On::enter ? "enter'" : "leave'"));
    else if (is_dropped_)
      words_.refuse(token, in_quotes(token.text) +
                               " needs the event, which ended with the 'drop' before it");
  }

  void add(const Token* begin, Form form) {
    if (!words_.is_good()) return;
    if (begin->text == "also") {
      rule_.goes_on = true;
      return;
    }
    is_dropped_ |= std::holds_alternative<Drop>(form);
    rule_.actions.push_back({std::move(form), begin->place, as_written(begin, words_.here())});
    begin_ = begin;
  }

  // Ports in a row are one action.
  void take_ports(const Token* begin) {
    Form form = read_ports(words_);
    auto* const before =
        rule_.actions.empty() ? nullptr : std::get_if<ToPorts>(&rule_.actions.back().form);
    if (before == nullptr || !words_.is_good()) return add(begin, std::move(form));
    for (std::string& port : std::get<ToPorts>(form).ports)
      before->ports.push_back(std::move(port));
    rule_.actions.back().text = as_written(begin_, words_.here());
  }

  // Behind an action is something that belongs neither to it nor to another one.
  void refuse_end(const Token& token) {
    if (token.kind == TokenKind::arrow) return words_.refuse(token, "there is a '->' already");
    if (token.kind == TokenKind::close) return words_.refuse(token, "this ')' has no '('");
    const bool is_other =
        token.kind == TokenKind::word && (is_action(token.text) || is_conversion(token.text));
    if (is_other) return words_.refuse(token, "a ',' is missing before " + in_quotes(token.text));
    std::string what = in_quotes(token.text) + " is too much";
    if (!words_.usage().empty()) what += "; it is " + std::string(words_.usage());
    words_.refuse(token, std::move(what));
  }

  Words& words_;
  Rule& rule_;
  const Token* begin_ = nullptr; // of the last action
  bool is_dropped_ = false;
};

} // namespace

void read_actions(Words& words, Rule& rule) { ActionReader(words, rule).read_all(); }

bool is_action(std::string_view word) { return find_action(word) != nullptr; }

} // namespace mm::route
