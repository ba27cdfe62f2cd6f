// The law that all nodes of mmroute keep, whatever is played: no note goes on when all keys are up.
#include "event/sounding.hpp"
#include "mmroute/world/table.hpp"
#include "random.hpp"
#include "route_nodes.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

namespace mm::route {
namespace {

using test::lasting;
using test::Lines;
using test::note_value;
using test::Player;
using test::Random;
using testing::IsEmpty;

// Plays on a few keyboards: notes, the more of them the same ones, and everything else.
class Musician {
 public:
  Musician(Player& player, Random& random, bool is_clean)
      : player_(player), random_(random), is_clean_(is_clean) {
    player_.also = [this](const Event& event) { hear(event); };
  }

  void play_something() {
    pass_time();
    switch (random_.below(8)) {
    case 0:
    case 1:
    case 2: return press();
    case 3:
    case 4: return lift_any();
    case 5: return press_pedal();
    case 6: return send(make_event(Kind::poly_pressure, channel(), note(), random_.below(128)));
    default: return play_other();
    }
  }

  void lift_all() {
    while (!down_.empty()) {
      pass_time();
      lift(*down_.begin());
    }
  }

  // Now and then the tempo changes.
  void pass_time() {
    time_ += random_.between(0, 300) * second / 1000;
    player_.play(test::seconds(time_) +
                 (random_.one_in(20) ? " tempo " + std::to_string(random_.between(30, 300)) : ""));
  }

  // What is heard at the end, when it should be silent.
  [[nodiscard]] Lines sounding() {
    Lines left;
    for (auto& port : sounding_)
      port.second.release([&](const Event& event) {
        if (event.kind == Kind::note_off) left.push_back(test::text_of(event) + " @" + port.first);
      });
    return left;
  }
  void silence() { sounding_.clear(); }
  // How many note-ons of what sounded came, and note-offs of what did not.
  int doubled = 0;
  // Of each note: how many note-ons more than note-offs.
  std::map<std::string, int> balance;

 private:
  using Key = std::tuple<std::string, int, int>;

  int channel() { return random_.one_in(20) ? random_.between(1, 16) : random_.between(1, 3); }
  int note() { return random_.one_in(20) ? random_.between(0, 127) : random_.between(58, 64); }
  const char* port() { return std::array{"", "a", "b"}[random_.below(3)]; }

  void send(Event event) {
    if (event.port.empty()) event.port = port();
    player_.take_in(event);
  }

  void press() {
    const Key key{port(), channel(), note()};
    if (is_clean_ && down_.count(key) > 0) return;
    down_.insert(key);
    send_note(key, Kind::note_on, random_.between(1, 127));
  }
  void lift_any() {
    if (!down_.empty())
      lift(*std::next(down_.begin(), static_cast<std::ptrdiff_t>(random_.below(down_.size()))));
    else if (!is_clean_)
      send(make_event(Kind::note_off, channel(), note(), 5));
  }
  void lift(Key key) {
    // Some keyboards end a key once, however often it has begun.
    if (!is_clean_ && random_.one_in(2))
      down_.erase(key);
    else
      down_.erase(down_.find(key));
    if (random_.one_in(2))
      send_note(key, Kind::note_on, 0);
    else
      send_note(key, Kind::note_off, random_.between(0, 127));
  }
  void send_note(const Key& key, Kind kind, int velocity) {
    Event event = make_event(kind, std::get<1>(key), std::get<2>(key), velocity);
    event.port = std::get<0>(key);
    player_.take_in(event);
  }

  void press_pedal() {
    const int pedal = random_.one_in(2) ? 64 : 66;
    send(make_event(Kind::control_change, channel(), pedal, random_.one_in(2) ? 127 : 0));
  }
  void play_other() {
    Event event = random_.event();
    if (event.kind == Kind::note_on || event.kind == Kind::note_off) event.kind = Kind::clock;
    if (random_.one_in(2)) event = make_event(Kind::channel_pressure, channel(), 5);
    if (random_.one_in(4)) event = make_event(Kind::pitch_bend, channel(), 5);
    player_.take_in(event);
  }

  void hear(const Event& event) {
    if (event.kind != Kind::note_on && event.kind != Kind::note_off) return;
    const std::string key = std::to_string(event.channel()) + ' ' + std::to_string(event.arg[1]) +
                            " @" + std::string(event.port);
    const bool is_on = event.kind == Kind::note_on && event.arg[2] > 0;
    if (balance[key] != (is_on ? 0 : 1)) ++doubled;
    balance[key] += is_on ? 1 : -1;
    sounding_[std::string(event.port)].follow(event);
  }

  Player& player_;
  Random& random_;
  bool is_clean_;
  Nanoseconds time_ = 0;
  std::multiset<Key> down_;
  std::map<std::string, Sounding> sounding_;
};

using Form = decltype(Action::form);

std::vector<Form> forms() {
  using Style = Arpeggio::Style;
  std::vector<Form> all{
      NoDuplicates{},
      Toggle{},
      Latch{},
      Pedal{false},
      Pedal{true},
      Long{lasting(0.4)},
      Relative{},
      Delay{lasting(0.7)},
      Delay{note_value(1, 4)},
      Echo{note_value(1, 8), 3, 0.6, 0},
      Echo{lasting(0.2), 64, 0.9, 5},
      Length{lasting(0.5)},
      Length{note_value(1, 16)},
      Hold{lasting(0.3)},
      Strum{lasting(0.05)},
      Strum{note_value(1, 16)},
      Quantize{note_value(1, 4)},
      Quantize{lasting(0.5)},
      Humanize{lasting(0.5), 20},
      Divide{3},
      Multiply{5},
      Spread{Zone{false, 15}},
      Spread{Zone{true, 3}},
      Fold{4},
  };
  for (const auto priority :
       {Voices::Priority::last, Voices::Priority::low, Voices::Priority::high})
    all.emplace_back(Voices{1, priority});
  for (const int most : {1, 3}) all.emplace_back(Voices{most, Voices::Priority::oldest});
  for (const auto style : {Style::up, Style::down, Style::up_down, Style::as_played, Style::random})
    all.emplace_back(Arpeggio{style, note_value(1, 8), 2, 1});
  return all;
}

// What an action is called in messages: its place among forms() and in Action.
std::string name_of(const Form& form, int seed) {
  return "action " + std::to_string(form.index()) + ", seed " + std::to_string(seed);
}

TEST(Nodes, end_all_notes) {
  for (const Form& form : forms())
    for (int seed = 0; seed < 30; ++seed) {
      Random random(static_cast<std::uint64_t>(seed));
      Player player(form);
      Musician musician(player, random, false);
      for (int i = 0; i < 150; ++i) musician.play_something();
      musician.lift_all();
      player.let_go();
      player.finish();
      ASSERT_THAT(musician.sounding(), IsEmpty()) << name_of(form, seed);
    }
}

TEST(Nodes, end_all_notes_when_they_are_let_go_with_keys_down) {
  for (const Form& form : forms())
    for (int seed = 0; seed < 30; ++seed) {
      Random random(static_cast<std::uint64_t>(seed));
      Player player(form);
      Musician musician(player, random, false);
      for (int i = 0; i < 100; ++i) musician.play_something();
      player.let_go();
      musician.lift_all();
      player.finish();
      ASSERT_THAT(musician.sounding(), IsEmpty()) << name_of(form, seed);
    }
}

TEST(Nodes, end_all_notes_after_a_panic) {
  for (const Form& form : forms())
    for (int seed = 0; seed < 30; ++seed) {
      Random random(static_cast<std::uint64_t>(seed));
      Player player(form);
      Musician musician(player, random, false);
      for (int i = 0; i < 50; ++i) musician.play_something();
      player.forget();
      musician.silence();
      for (int i = 0; i < 50; ++i) musician.play_something();
      musician.lift_all();
      player.let_go();
      player.finish();
      ASSERT_THAT(musician.sounding(), IsEmpty()) << name_of(form, seed);
    }
}

// An action behind may start the panic, in the midst of what the node does.
TEST(Nodes, end_all_notes_after_a_panic_of_who_takes_them) {
  for (const Form& form : forms())
    for (int seed = 0; seed < 30; ++seed) {
      Random random(static_cast<std::uint64_t>(seed));
      Player player(form);
      Musician musician(player, random, false);
      player.also = [&, hear = player.also](const Event& event) {
        hear(event);
        if (!random.one_in(20)) return;
        player.forget();
        musician.silence();
      };
      for (int i = 0; i < 150; ++i) musician.play_something();
      musician.lift_all();
      player.let_go();
      player.finish();
      ASSERT_THAT(musician.sounding(), IsEmpty()) << name_of(form, seed);
    }
}

// Where each key is up before it is pressed again, it is so in what comes out: but for echoes,
// which overlap, and members of a zone that several notes share.
TEST(Nodes, make_clean_notes_of_clean_ones) {
  for (const Form& form : forms())
    for (int seed = 0; seed < 30; ++seed) {
      Random random(static_cast<std::uint64_t>(seed));
      Player player(form);
      Musician musician(player, random, true);
      for (int i = 0; i < 150; ++i) musician.play_something();
      musician.lift_all();
      player.let_go();
      player.finish();
      const bool may_overlap =
          std::holds_alternative<Echo>(form) || std::holds_alternative<Spread>(form);
      ASSERT_TRUE(may_overlap || musician.doubled == 0) << name_of(form, seed);
      for (const auto& [key, balance] : musician.balance)
        ASSERT_EQ(balance, 0) << key << ": " << name_of(form, seed);
    }
}

TEST(Nodes, are_made_for_actions_that_need_them) {
  for (const Form& form : forms()) {
    Action action{};
    action.form = form;
    EXPECT_TRUE(needs_node(action)) << form.index();
  }
  for (const Form& form : {Form(Pass{}), Form(Drop{}), Form(Transpose{}), Form(Send{}),
                           Form(Panic{}), Form(Tap{}), Form(BendRange{})}) {
    Action action{};
    action.form = form;
    EXPECT_FALSE(needs_node(action)) << form.index();
    Player player(Latch{});
    class : public Taker {
      void take(Message& /*message*/) override {}
    } nowhere;
    EXPECT_EQ(make_node(action, player.world, nowhere), nullptr) << form.index();
  }
}

// What is over is forgotten: after more keys than there is room for, one more is as the first one.
TEST(Nodes, remember_no_key_that_is_up) {
  constexpr int keys = 66'000;
  for (const Form& form :
       {Form(Delay{lasting(0.5)}), Form(Quantize{lasting(1)}), Form(Echo{lasting(0.1), 2, 0.5, 0}),
        Form(Length{lasting(0.1)}), Form(Long{lasting(0.1)}), Form(Toggle{}), Form(Divide{2}),
        Form(Spread{Zone{false, 3}})}) {
    Player player(form);
    player.is_writing = false;
    Nanoseconds time = 0;
    // When all comes that comes of a key that is pressed twice, as a sum.
    Nanoseconds begin = 0;
    Nanoseconds times = 0;
    player.also = [&](const Event& /*event*/) { times += second + player.world.now() - begin; };
    const auto play = [&](int key) {
      const std::string port = "p" + std::to_string(key / 2048);
      begin = time;
      times = 0;
      for (int i = 0; i < 4; ++i) {
        Event event = make_event(i % 2 == 0 ? Kind::note_on : Kind::note_off, 1 + key % 16,
                                 key / 16 % 128, 100);
        event.port = port;
        player.take_in(event);
        player.go_to(time += second / 4);
      }
      player.go_to(time += 9 * second);
      return times;
    };
    const Nanoseconds first = play(0);
    for (int key = 1; key < keys; ++key) ASSERT_EQ(play(key), first) << name_of(form, key);
  }
}

// More ports than anybody has: notes pass that there is no room to remember.
TEST(Nodes, do_not_grow_without_end) {
  for (const Form& form : forms()) {
    Player player(form);
    player.is_writing = false;
    for (int i = 0; i < 70'000; ++i) {
      Event event = make_event(Kind::note_on, 1 + i % 16, i / 16 % 128, 100);
      const std::string port = std::string("p") + std::to_string(i / 2048);
      event.port = port;
      player.take_in(event);
      event.kind = Kind::control_change;
      player.take_in(event);
    }
    EXPECT_LE(player.world.awaited(), 2'000'000U) << form.index();
    player.let_go();
  }
}

} // namespace
} // namespace mm::route
