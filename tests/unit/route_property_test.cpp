// What holds of mmroute whatever the rules are, and whatever is played: no note hangs.
#include "event/sounding.hpp"
#include "events.hpp"
#include "mmroute/engine/router.hpp"
#include "mmroute/language/parse.hpp"
#include "route_random.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <set>
#include <tuple>

namespace mm::route {
namespace {

using test::Lines;
using test::PlayForms;
using test::Random;
using test::RuleForms;
using test::Step;

struct Case {
  std::uint64_t seed = 0;
  Lines rules;
  std::vector<Step> steps;
  bool holds = true;          // rules may hold notes whose keys are up
  bool is_one_by_one = false; // then what is for no key that is down is left out, and further keys
};

// What came out, and how it was.
struct Played {
  Lines out;
  bool is_parsed = true;
  std::string faults;
  std::string sounding_before; // the end: "PORT CHANNEL NOTE", when all keys were up
  std::string sounding_after;
  std::string astray; // a note-off or poly pressure of what did not sound
  bool is_endless = false;
};

class Ear final : public Sink {
 public:
  explicit Ear(Played& played) : played_(played) {}

  void begin(Nanoseconds time, bool is_timed) override {
    played_.out.push_back("at " + std::to_string(time) + (is_timed ? "" : " untimed"));
  }
  void put(Event& event, bool is_changed) override {
    Event plain = event;
    plain.time_form = TimeForm::none;
    played_.out.push_back(test::text_of(plain) + (is_changed ? "" : " ="));
    if (event.kind > Kind::poly_pressure) return;
    const Note note{std::string(event.port), event.channel(), event.arg[1]};
    if (is_note_on({event, 0, false})) {
      sounding_.insert(note);
    } else if (!sounding_.contains(note)) {
      if (played_.astray.empty()) played_.astray = played_.out.back();
    } else if (event.kind != Kind::poly_pressure) {
      sounding_.erase(note);
    }
    ports_[note.port].follow(event);
  }
  void silence() override {
    played_.out.emplace_back("silence");
    sounding_.clear();
    ports_.clear();
  }

  [[nodiscard]] std::string sounding() const {
    std::string all;
    for (const auto& [port, channel, note] : sounding_)
      all += '@' + port + ' ' + std::to_string(channel) + ' ' + std::to_string(note) + '\n';
    bool is_any = false;
    for (const auto& [name, port] : ports_) is_any |= port.any();
    EXPECT_EQ(is_any, !all.empty());
    return all;
  }

 private:
  struct Note {
    std::string port;
    int channel;
    int note;
    auto operator<=>(const Note&) const = default;
  };

  Played& played_;
  std::set<Note> sounding_;
  std::map<std::string, Sounding> ports_;
};

// Knows which rules there were, and says nothing.
class Listener final : public Tracer {
  void rule(std::string_view text, const Message& message) override { count(text, message); }
  void action(std::string_view text, const Message& message) override { count(text, message); }
  void end(std::string_view why) override { count_ += why.size(); }

  void count(std::string_view text, const Message& message) {
    count_ += text.size() + message.event.port.size();
  }

  std::size_t count_ = 0;
};

std::string joined(const Lines& lines) {
  std::string all;
  for (const std::string& line : lines) all += line + '\n';
  return all;
}

class Playing {
 public:
  explicit Playing(const Case& what, Tracer* tracer)
      : what_(what), ear_(played_), world_(Tempo(120), what.seed), router_(world_, ear_) {
    world_.set_tracer(tracer);
  }

  Played play() {
    if (!use(what_.rules)) return played_;
    world_.set_time(time_, time_, true);
    router_.enter();
    for (const Step& step : what_.steps) {
      time_ = std::max(time_, start + step.time);
      run_due(time_);
      if (!step.rules.empty() && !use(step.rules)) return played_;
      if (!step.event.empty()) take(step.event, step.from_clock);
    }
    release_keys();
    // What rules hold may repeat itself for ever.
    run_due(time_ + (what_.holds ? 2 : 1000) * second);
    played_.sounding_before = ear_.sounding();
    world_.set_time(time_, time_, false);
    router_.end_of_input();
    run_due(INT64_MAX / 2);
    world_.set_time(time_, time_, false);
    router_.leave();
    run_due(INT64_MAX / 2);
    played_.sounding_after = ear_.sounding();
    return played_;
  }

 private:
  using Key = std::tuple<std::string, int, int>;

  bool use(const Lines& rules) {
    const Text text{"rules", joined(rules)};
    ParsedRules parsed =
        parse_rules(std::span(&text, 1), {}, has_rules_ ? router_.variables() : Lines{});
    played_.is_parsed = parsed.faults.empty();
    played_.faults = joined(parsed.faults);
    if (!played_.is_parsed) return false;
    router_.use(router_.compile(std::move(parsed.script)));
    has_rules_ = true;
    return true;
  }

  void take(const std::string& line, Nanoseconds from_clock) {
    const Event event = test::event_of(line);
    if (what_.is_one_by_one && has_key(event.kind) &&
        (is_note_on({event, 0, false}) ? !keys_.empty() : !keys_.contains(key_in(event))))
      return;
    follow(event);
    Message message{event, 0, false};
    router_.take(message, time_, time_ + from_clock, true);
  }

  static Key key_in(const Event& event) {
    return {std::string(event.port), event.channel(), event.arg[1]};
  }

  // The keys.
  void follow(const Event& event) {
    const std::string port(event.port);
    if (event.kind == Kind::meta && event.data == ":disconnected")
      std::erase_if(keys_, [&](const auto& key) { return std::get<0>(key) == port; });
    if (event.kind > Kind::note_on) return;
    if (is_note_on({event, 0, false}))
      keys_.insert(key_in(event));
    else
      keys_.erase(key_in(event));
  }
  void release_keys() {
    const auto keys = keys_;
    for (const auto& [port, channel, note] : keys)
      take("off " + std::to_string(channel) + ' ' + std::to_string(note) + " 64" +
               (port.empty() ? "" : " @" + port),
           0);
  }

  void run_due(Nanoseconds until) {
    constexpr int most = 20'000;
    int left = most;
    while (const auto next = router_.next()) {
      if (*next > until) break;
      if (left-- == 0) {
        played_.is_endless = true;
        break;
      }
      time_ = std::max(time_, *next);
      router_.run_due(*next, [] { return false; });
    }
  }

  const Case& what_;
  Played played_;
  Ear ear_;
  World world_;
  Router router_;
  static constexpr Nanoseconds start = 10 * second; // TIMEs may be before
  Nanoseconds time_ = start;
  bool has_rules_ = false;
  std::set<Key> keys_;
};

Played play(const Case& what, Tracer* tracer = nullptr) { return Playing(what, tracer).play(); }

// --- what fails, made small ---

// Whether it does still fail.
using Fails = std::function<bool(const Case&)>;

template <class Item>
bool shrink_list(Case& what, std::vector<Item>& (*list_of)(Case&, std::size_t), std::size_t which,
                 const Fails& fails) {
  bool is_smaller = false;
  for (std::size_t size = std::max<std::size_t>(list_of(what, which).size() / 2, 1); size > 0;
       size /= 2) {
    for (std::size_t at = 0; at + size <= list_of(what, which).size();) {
      Case smaller = what;
      auto& list = list_of(smaller, which);
      const auto begin = list.begin() + static_cast<std::ptrdiff_t>(at);
      list.erase(begin, begin + static_cast<std::ptrdiff_t>(size));
      if (fails(smaller)) {
        what = std::move(smaller);
        is_smaller = true;
      } else {
        at += size;
      }
    }
  }
  return is_smaller;
}

// Actions of a rule, and words in front of the arrow, that are not needed.
bool shrink_rule(Case& what, const std::function<std::string&(Case&)>& rule_of,
                 const Fails& fails) {
  bool is_smaller = false;
  for (std::size_t at = 0; at < rule_of(what).size();) {
    const std::string rule = rule_of(what);
    bool was_cut = false;
    for (const std::size_t end : {rule.find(", ", at), rule.find(' ', at), rule.size()}) {
      if (end == std::string::npos || end < at) continue;
      Case smaller = what;
      std::string cut = rule;
      cut.erase(at, end == rule.size() ? end : end + 1 - at);
      while (cut.ends_with(' ') || cut.ends_with(',')) cut.pop_back();
      if (cut.size() >= rule.size()) continue;
      rule_of(smaller) = cut;
      if (!fails(smaller)) continue;
      what = std::move(smaller);
      is_smaller = was_cut = true;
      break;
    }
    if (!was_cut) {
      const std::size_t space = rule.find(' ', at);
      at = space == std::string::npos ? rule.size() : space + 1;
    }
  }
  return is_smaller;
}

Case minimised(Case what, const Fails& fails) {
  for (int round = 0; round < 6; ++round) {
    bool is_smaller = shrink_list<Step>(
        what, [](Case & one, std::size_t) -> auto& { return one.steps; }, 0, fails);
    is_smaller |= shrink_list<std::string>(
        what, [](Case & one, std::size_t) -> auto& { return one.rules; }, 0, fails);
    for (std::size_t i = 0; i < what.steps.size(); ++i)
      if (!what.steps[i].rules.empty())
        is_smaller |= shrink_list<std::string>(
            what, [](Case & one, std::size_t at) -> auto& { return one.steps[at].rules; }, i,
            fails);
    for (std::size_t i = 0; i < what.rules.size(); ++i)
      is_smaller |= shrink_rule(
          what, [i](Case& one) -> std::string& { return one.rules[i]; }, fails);
    for (std::size_t i = 0; i < what.steps.size(); ++i)
      for (std::size_t j = 0; j < what.steps[i].rules.size(); ++j)
        is_smaller |= shrink_rule(
            what, [i, j](Case& one) -> std::string& { return one.steps[i].rules[j]; }, fails);
    if (!is_smaller) break;
  }
  return what;
}

std::string described(const Case& what) {
  std::string all = "seed " + std::to_string(what.seed) + "\n--- rules\n" + joined(what.rules);
  all += "--- playing\n";
  for (const Step& step : what.steps) {
    all += std::to_string(static_cast<double>(step.time) / static_cast<double>(second)) + ' ';
    if (step.from_clock != 0) all += "(TIME " + std::to_string(step.from_clock) + ") ";
    all += step.event + '\n';
    if (!step.rules.empty()) all += "  reload:\n" + joined(step.rules) + "  end\n";
  }
  Played played = play(what);
  constexpr std::size_t most = 60;
  if (played.out.size() > most) played.out.resize(most);
  all += "--- out\n" + joined(played.out);
  all += "--- sounds with all keys up\n" + played.sounding_before;
  all += "--- sounds at the end\n" + played.sounding_after;
  if (!played.astray.empty()) all += "--- astray: " + played.astray + '\n';
  return all;
}

// --- the property ---

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable); // NOLINT(concurrency-mt-unsafe)
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// Plays random cases until one fails; what fails of it is said by `fault`.
void check(std::uint64_t cases, const RuleForms& rules, const PlayForms& playing,
           const std::function<std::string(const Case&)>& fault) {
  const std::uint64_t first = number_of("MMROUTE_FIRST", 1);
  const std::uint64_t most_faults = number_of("MMROUTE_FAULTS", 1);
  cases = number_of("MMROUTE_CASES", cases);
  std::uint64_t faults = 0;
  for (std::uint64_t seed = first; seed < first + cases; ++seed) {
    Random random(seed);
    Case what;
    what.seed = seed;
    what.rules = test::RandomRules(random, rules).make();
    what.steps = make_playing(random, playing, rules);
    what.holds = rules.holds;
    what.is_one_by_one = playing.one_by_one;
    const std::string found = fault(what);
    if (found.empty()) continue;
    const Case small = minimised(what, [&](const Case& one) { return fault(one) == found; });
    ADD_FAILURE() << found << ": " << described(small);
    if (++faults == most_faults) return;
  }
}

std::string fault_of_rules(const Played& played) {
  return played.faults.empty() ? "" : "the generator is wrong: " + played.faults;
}

TEST(RouteProperty, all_ends_in_silence) {
  check(1200, {}, {}, [](const Case& what) -> std::string {
    const Played played = play(what);
    if (!played.is_parsed) return fault_of_rules(played);
    if (played.is_endless) return "endless";
    return played.sounding_after.empty() ? "" : "a note hangs";
  });
}

TEST(RouteProperty, notes_end_with_their_keys) {
  const RuleForms rules{.holds = false};
  check(1200, rules, {}, [](const Case& what) -> std::string {
    const Played played = play(what);
    if (!played.is_parsed) return fault_of_rules(played);
    if (played.is_endless) return "endless";
    return played.sounding_before.empty() ? "" : "a note hangs";
  });
}

// Where no two keys become the same note: each note-off and all poly pressure is for what sounds.
std::string fault_of_going_astray(const Case& what) {
  const Played played = play(what);
  if (!played.is_parsed) return fault_of_rules(played);
  if (!played.sounding_before.empty()) return "a note hangs";
  return played.astray.empty() ? "" : "astray";
}

TEST(RouteProperty, nothing_is_for_notes_that_do_not_sound) {
  const RuleForms moves{.holds = false, .copies = false, .acts = false, .parts_pressure = false};
  check(300, moves, {.one_by_one = true, .most = 12}, fault_of_going_astray);
}

TEST(RouteProperty, is_the_same_each_time) {
  Listener listener;
  check(400, {}, {}, [&](const Case& what) -> std::string {
    const Played once = play(what);
    if (!once.is_parsed) return fault_of_rules(once);
    if (play(what).out != once.out) return "another time it is different";
    return play(what, &listener).out == once.out ? "" : "with a tracer it is different";
  });
}

} // namespace
} // namespace mm::route
