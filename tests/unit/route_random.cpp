#include "route_random.hpp"

#include <algorithm>

namespace mm::test {

namespace {

constexpr std::size_t variables = 3;
constexpr int few_channels = 3;
constexpr int lowest_key = 58; // keys are few, so that they meet
constexpr int highest_key = 66;

std::string text(int number) { return std::to_string(number); }

} // namespace

// --- numbers ---

std::string RandomRules::list(int low, int high) {
  std::string all;
  for (std::size_t n = 1 + random_.below(3); n > 0; --n) {
    const int a = random_.between(low, high);
    const int b = random_.between(a, high);
    if (!all.empty()) all += ",";
    switch (random_.below(4)) {
    case 0: all += text(a); break;
    case 1: all += text(a) + ".." + text(b); break;
    case 2: all += text(a) + ".."; break;
    default: all += ".." + text(b);
    }
  }
  return all;
}

std::string RandomRules::some(int low, int high) {
  std::string all = number(low, high);
  for (std::size_t n = 1 + random_.below(2); n > 0; --n) all += "," + number(low, high);
  return all;
}

std::string RandomRules::span(int low, int high) {
  const int a = random_.between(low, high);
  return text(a) + ".." + number(a, high);
}

std::string RandomRules::key() {
  return one_in(4) ? any_of("C4", "F#3", "Bb4", "C-1", "G9", "Db4")
                   : number(lowest_key, highest_key);
}

std::string RandomRules::expression(int depth) {
  const std::string operand = one_in(2)
                                  ? any_of("channel", "note", "velocity", "pressure", "controller",
                                           "program", "bend", "number", "value", "tempo")
                              : one_in(2) ? "v" + text(static_cast<int>(random_.below(variables)))
                                          : number(0, 130);
  if (depth > 2 || one_in(3)) return one_in(8) ? "-" + operand : operand;
  const std::string left = one_in(3) ? "(" + expression(depth + 1) + ")" : operand;
  return left + any_of(" + ", " - ", " * ", " / ", " % ") + expression(depth + 1);
}

std::string RandomRules::operand(int low, int high) {
  return one_in(3) ? "{" + expression() + "}" : number(low, high);
}

std::string RandomRules::scale() {
  return any_of("C", "F#", "Bb", "D") + " " +
         any_of("major", "minor", "harmonic-minor", "blues", "chromatic", "0,3,7", "0", "dorian");
}

std::string RandomRules::duration() {
  return any_of("0.001", "0.05", "0.2", "1", "1/16", "1/4", "3/16", "1/12");
}

// --- patterns ---

std::string RandomRules::note_pattern() {
  std::string all = any_of("note", "note", "note", "note-on");
  for (std::size_t n = random_.below(3); n > 0; --n)
    all += " " + std::string(one_in(6) ? "not " : "") + condition(true);
  return one_in(8) ? "note (" + all + " or " + any_of("key 60", "ch 1", "vel ..64") + ")" : all;
}

std::string RandomRules::condition(bool is_for_notes) {
  switch (random_.below(is_for_notes ? 9 : 22)) {
  case 0: return "ch " + list(1, few_channels);
  case 1: return "key " + list(lowest_key, highest_key);
  case 2: return "vel " + list(1, 127);
  case 3: return "in-scale " + scale();
  case 4: return any_of("@a", "@b", "@ab*", "@*", "@a*");
  case 5: return "when v" + text(static_cast<int>(random_.below(variables))) + " " + list(-2, 5);
  case 6: return "zone " + any_of("lower", "upper") + (one_in(2) ? " 3" : "");
  case 7: return forms_.has_memory ? any_of("rises ", "falls ") + number(1, 127) : "ch 1";
  // "held" would make of a rule for notes one for note-offs, and nothing would end what it sends.
  case 8:
    return forms_.has_memory && !is_for_notes ? "held " + any_of("0.1..", "..0.1", "0.05..0.3")
                                              : "key 60..";
  case 9: return any_of("note", "voice", "common", "realtime", "meta", "any", "(sysex)");
  case 10: return any_of("note-off", "on", "off", "poly-pressure", "pp", "clock", "start", "stop");
  case 11: return "cc " + list(0, 127);
  case 12: return any_of("cc", "control-change", "cp", "pressure", "bend", "pitch-bend", "prog");
  case 13: return "prog " + list(0, 10);
  case 14: return any_of("cc14", "rpn", "nrpn") + (one_in(2) ? " " + list(0, 31) : "");
  case 15: return "value " + list(0, 127);
  case 16: return any_of("(sysex 43 ?? *)", "(sysex f0 43 f7)", "(sysex *)", "(sysex 43 10)");
  case 17: return any_of(":marker", ":scene", ":disconnected", ":tempo");
  case 18: return "cc " + text(random_.between(20, 22));
  default: return any_of("note", "cc", "voice", "pp", "bend");
  }
}

std::string RandomRules::pattern(Of of, int depth) {
  if (of == Of::notes) return note_pattern();
  if (of == Of::releases) return "note-off" + std::string(one_in(2) ? " " + condition(true) : "");
  if (depth == 0 && one_in(8)) return "else";
  std::string all;
  for (std::size_t n = 1 + random_.below(depth > 1 ? 1 : 3); n > 0; --n) {
    if (!all.empty()) all += any_of(" ", " and ", " or ", " ");
    if (one_in(6)) all += "not ";
    all += one_in(4) ? "(" + pattern(Of::other, depth + 1) + ")" : condition(false);
  }
  return all;
}

// --- actions ---

// Where a note is.
std::string RandomRules::place_action() {
  const bool copies = forms_.copies && copying_ < 2 && one_in(2);
  if (copies) ++copying_;
  switch (random_.below(9)) {
  case 0: return copies ? "ch " + some(1, few_channels) : "ch " + operand(1, few_channels);
  case 1: return "ch " + any_of("+", "-") + (one_in(3) ? operand(1, 3) : "1");
  case 2: return "ch 1..3 to " + any_of("2..4", "3..1", "5", "1,1,2");
  case 3:
    return copies ? "key " + some(lowest_key, highest_key)
                  : "key " + (one_in(3) ? operand(50, 70) : key());
  case 4: return "key 60..62 to " + any_of("70..72", "62..60", "61", "60,60,65");
  case 5: return "transpose " + operand(-14, 14) + (one_in(3) ? " in " + scale() : "");
  case 6: return "snap " + scale();
  case 7:
    return copies ? "chord " + some(-13, 13) + (one_in(3) ? " in " + scale() : "")
                  : "transpose " + number(-70, 70);
  default: return copies ? any_of("@a @b", "@b @c", "@c @c") : any_of("@a", "@b", "@c");
  }
}

std::string RandomRules::value_action(Of of) {
  const std::string what = of != Of::other || one_in(2) ? "vel " : "value ";
  switch (random_.below(8)) {
  case 0: return what + operand(0, 127);
  case 1: return what + any_of("+", "-") + number(1, 60);
  case 2: return what + "*" + any_of("0.5", "2", "0", "1.3");
  case 3: return what + "curve " + any_of("0.5", "2", "1");
  case 4: return what + "clip " + span(0, 127);
  case 5: return what + "compress " + number(1, 100) + " " + any_of("2", "4.5");
  case 6: return what + "invert";
  default: return what + any_of("0..127 to 127..0", "1..127 to 60..64", "1,64,127 to 1,100,127");
  }
}

std::string RandomRules::conversion() {
  return any_of("cc ", "cc14 ", "rpn ", "nrpn ", "poly-pressure ") + operand(0, 31);
}

std::string RandomRules::hold_action() {
  switch (random_.below(4)) {
  case 0: return "latch";
  case 1: return "toggle";
  case 2:
    return "arp " + any_of("up", "down", "up-down", "as-played", "random") + " " +
           any_of("0.05", "1/16", "1/4") + (one_in(3) ? " octaves 2" : "") +
           (one_in(3) ? " gate " + any_of("0.01", "0.9", "1") : "");
  default: return one_in(2) ? "note " + operand(lowest_key, highest_key) : "latch";
  }
}

std::string RandomRules::node_action(Of of, bool& is_note) {
  if (forms_.holds && one_in(4)) return hold_action();
  switch (random_.below(of == Of::other ? 16 : 14)) {
  case 0: return "delay " + duration();
  case 1:
    if (!forms_.copies || ++copying_ > 2) return "nodup";
    return "echo " + duration() + (one_in(2) ? " times " + number(1, 4) : "") +
           (one_in(2) ? " fade " + any_of("0.5", "1", "0.9") : "") +
           (one_in(2) ? " transpose " + number(-13, 13) : "");
  case 2: return "length " + duration();
  case 3: return "strum " + duration();
  case 4: return "quantize " + any_of("0.1", "1/8", "1/16");
  case 5: return "humanize " + (one_in(3) ? "0" : duration()) + (one_in(2) ? " 20" : "");
  case 6: return "mono" + any_of("", " last", " low", " high");
  case 7: return "poly " + number(1, 3);
  case 8: return "nodup";
  case 9: return "divide " + number(1, 3);
  case 10: return "long " + any_of("0.05", "0.2", "1/16");
  case 11:
    is_note = false; // its pressure
    return "spread " + any_of("lower", "upper") + (one_in(2) ? " " + number(1, 4) : "");
  case 12: return "fold " + number(1, few_channels);
  case 13:
    return of == Of::notes && is_note ? "note " + operand(lowest_key, highest_key)
                                      : "bend-range 48 to 2";
  case 14: return "multiply " + number(1, 3);
  default: return "relative " + any_of("twos", "offset", "sign") + (one_in(2) ? " 10..100" : "");
  }
}

std::string RandomRules::sent(bool is_note) {
  const std::string later = forms_.has_nodes && one_in(3) ? any_of("+0 ", "+0.1 ", "+1 ") : "";
  const std::string port = one_in(3) ? any_of(" @a", " @c") : "";
  const std::string channel = operand(1, few_channels) + " ";
  if (is_note && one_in(2))
    return later + "note-on " + channel + operand(lowest_key, highest_key) + " " + operand(1, 127) +
           port;
  switch (random_.below(7)) {
  case 0: return later + "note-off " + channel + operand(lowest_key, highest_key) + " 0" + port;
  case 1: return later + "cc " + channel + operand(0, 31) + " " + operand(0, 127) + port;
  case 2: return later + "pc " + channel + operand(0, 127) + port;
  case 3: return later + "bend " + channel + operand(-8192, 8191) + port;
  case 4: return later + "sysex 43 {value} 01" + port;
  case 5: return later + ":hello {v0} \"is {value}\"" + port;
  default: return later + "nrpn " + channel + operand(0, 16383) + " " + operand(0, 16383) + port;
  }
}

// What is done beside the event.
std::string RandomRules::act(bool is_note) {
  const std::string variable = "v" + text(static_cast<int>(random_.below(variables)));
  switch (random_.below(7)) {
  case 0: return "set " + variable + " " + operand(0, 4);
  case 1: return "set " + variable + " " + any_of("+1", "-1", "-3");
  case 2: return "count " + variable + " 0..3";
  case 3:
    if (has_scene_names_) return "scene " + any_of("next", "previous", "A", "B", "{value % 3 + 1}");
    return "tap";
  case 4: return one_in(8) ? "panic" : "pass";
  default: return "send " + sent(is_note && forms_.copies);
  }
}

std::string RandomRules::actions(Of of) {
  std::string all;
  bool is_note = of == Of::notes;
  bool is_dropped = false;
  const auto add = [&](const std::string& action) { all += (all.empty() ? "" : ", ") + action; };
  for (std::size_t n = 1 + random_.below(4); n > 0 && !is_dropped; --n) {
    const std::string before = all;
    switch (random_.below(8)) {
    case 0:
    case 1: add(place_action()); break;
    case 2: add(value_action(of)); break;
    case 3:
    case 4:
      if (forms_.has_nodes && (of != Of::releases || forms_.bends_rules))
        add(node_action(of, is_note));
      else
        add(place_action());
      break;
    case 5: add(forms_.acts ? act(is_note) : "pass"); break;
    case 6:
      if (forms_.parts_pressure && one_in(3)) {
        add(one_in(3) ? any_of("bend", "pressure", "prog") : conversion());
        is_note = false;
      } else if (one_in(6)) {
        add("drop");
        is_dropped = true;
      } else {
        add(any_of("pass", "bend-range 48 to 12", "cc 1..3 to 4..6", "nrpn 1..2 to 2"));
      }
      break;
    default: add(place_action());
    }
    // Two ports in a row are two copies.
    if (!forms_.copies && all.find('@') != all.rfind('@')) all = before;
  }
  if (forms_.copies && one_in(4)) add("also");
  return all;
}

std::string RandomRules::occasion() {
  const std::string what = any_of("enter", "leave") + " -> ";
  return what + any_of("set v0 1", "count v1 0..4", "send cc 1 7 {v0}", "send +0.1 pc 1 3 @a",
                       "set v2 {v0 + v1}");
}

std::string RandomRules::rule() {
  if (forms_.acts && one_in(12)) return occasion();
  if (forms_.holds && forms_.has_nodes && one_in(10))
    return any_of("note or cc 64", "voice", "any") + " -> sustain" +
           (one_in(3) ? ", " + place_action() : "");
  if (forms_.holds && forms_.has_nodes && one_in(20)) return "note or cc 66 -> sostenuto";
  if (forms_.acts && one_in(20)) return "cc 123 or cc 22 value 100.. -> panic";
  const Of of = one_in(8) ? Of::releases : one_in(2) ? Of::notes : Of::other;
  std::string pattern = this->pattern(of);
  if (!forms_.parts_pressure && of == Of::other && pattern != "else")
    pattern = "(" + pattern + ") not pp not off";
  return pattern + " -> " + actions(of);
}

std::vector<std::string> RandomRules::make() {
  copying_ = 0;
  std::vector<std::string> all;
  for (std::size_t i = 0; i < variables; ++i) {
    const std::string name = "v" + text(static_cast<int>(i));
    all.push_back("cc " + text(static_cast<int>(20 + i)) + " -> set " + name +
                  " {value % 5}, drop");
  }
  const bool has_scenes = forms_.has_scenes && one_in(2);
  has_scene_names_ = has_scenes;
  const std::size_t groups = forms_.has_scenes ? 1 + random_.below(3) : 1;
  for (std::size_t group = 0; group < groups; ++group) {
    if (group > 0) all.emplace_back("then");
    for (std::size_t n = random_.below(forms_.most); n > 0; --n) all.push_back(rule());
    if (!has_scenes || (group > 0 && one_in(2))) continue;
    for (const char* const name : {"A", "B", "C"}) {
      if (group > 0 && one_in(2)) continue;
      all.push_back(std::string("scene ") + name);
      for (std::size_t n = random_.below(4); n > 0; --n) all.push_back(rule());
    }
  }
  return all;
}

// --- playing ---

namespace {

class Playing {
 public:
  Playing(Random& random, const PlayForms& forms, const RuleForms& rules)
      : random_(random), forms_(forms), rules_(rules) {}

  std::vector<Step> make() {
    for (std::size_t n = 1 + random_.below(forms_.most); n > 0; --n) {
      if (forms_.one_by_one)
        one_key();
      else
        anything();
    }
    return std::move(steps_);
  }

 private:
  void pass_time(Nanoseconds most) {
    time_ += static_cast<Nanoseconds>(random_.below(static_cast<std::size_t>(most)));
  }
  void add(const std::string& event) {
    const bool strays = !forms_.one_by_one && random_.one_in(20);
    steps_.push_back(
        {time_, strays ? -Nanoseconds{random_.between(0, 1'000'000'000)} : 0, event, {}});
  }
  std::string port() {
    static constexpr const char* ports[] = {"", "", " @a", " @b", " @abc"};
    return ports[random_.below(std::size(ports))];
  }
  std::string channel() { return ' ' + text(random_.between(1, few_channels)); }
  std::string number(int low, int high) { return ' ' + text(random_.edgy(low, high)); }
  std::string key() { return ' ' + text(random_.between(lowest_key, highest_key)); }

  void reload() { steps_.push_back({time_, 0, {}, RandomRules(random_, rules_).make()}); }

  // No note sounds twice, and there is no note-off too many.
  void one_key() {
    const std::string where = channel() + key();
    const std::string to = port();
    if (random_.one_in(6)) other();
    if (forms_.reloads && random_.one_in(12)) reload();
    add("on" + where + number(1, 127) + to);
    for (std::size_t n = random_.below(4); n > 0; --n) {
      pass_time(second / 4);
      if (random_.one_in(4))
        other();
      else
        add("pp" + where + number(0, 127) + to);
      if (forms_.reloads && random_.one_in(12)) reload();
    }
    pass_time(second / 2);
    add((random_.one_in(3) ? "on" + where + " 0" : "off" + where + number(0, 127)) + to);
    time_ += 20 * second;
    add({});
  }

  void anything() {
    if (random_.one_in(3)) pass_time(second / 3);
    if (random_.one_in(25)) pass_time(3 * second);
    switch (random_.below(12)) {
    case 0:
    case 1:
    case 2:
    case 3: return add("on" + channel() + key() + number(1, 127) + port());
    case 4:
    case 5: return add("off" + channel() + key() + number(0, 127) + port());
    case 6: return add("on" + channel() + key() + " 0" + port());
    case 7: return add("pp" + channel() + key() + number(0, 127) + port());
    case 8:
      if (forms_.reloads && random_.one_in(3)) return reload();
      return add({});
    default: return other();
    }
  }

  void other() {
    switch (random_.below(14)) {
    case 0: return add("cc" + channel() + " 64" + number(0, 127) + port());
    case 1: return add("cc" + channel() + number(20, 22) + number(0, 127) + port());
    case 2: return add("cc" + channel() + number(0, 31) + number(0, 127) + port());
    case 3:
      return add("cc" + channel() + any(" 66", " 123", " 74", " 1") + number(0, 127) + port());
    case 4: return add("cp" + channel() + number(0, 127) + port());
    case 5: return add("pb" + channel() + number(-8192, 8191) + port());
    case 6: return add("pc" + channel() + number(0, 9) + port());
    case 7: return add(any("clock", "start", "stop", "continue", "active-sensing", "reset"));
    case 8: return add(any("sysex f0 43 f7", "sysex f0 43 10 20 f7", "tune-request", "raw 90"));
    case 9: return add(any(":scene A", ":scene B", ":scene C", ":scene nowhere"));
    case 10: return add(any(":marker", ":tempo 200", ":tempo 60", ":marker here"));
    case 11:
      if (!forms_.one_by_one && random_.one_in(2))
        return add(any(":disconnected @a", ":disconnected @b", ":disconnected @abc"));
      return add("song-position" + number(0, 16383));
    case 12: return add("cc14" + channel() + number(0, 31) + number(0, 16383) + port());
    default: return add(any("rpn", "nrpn") + channel() + number(0, 40) + number(0, 16383) + port());
    }
  }

  template <class... Words> std::string any(const Words&... words) {
    const char* const all[] = {words...};
    return all[random_.below(sizeof...(words))];
  }

  Random& random_;
  PlayForms forms_;
  RuleForms rules_;
  Nanoseconds time_ = 0;
  std::vector<Step> steps_;
};

} // namespace

std::vector<Step> make_playing(Random& random, const PlayForms& forms, const RuleForms& rules) {
  return Playing(random, forms, rules).make();
}

} // namespace mm::test
