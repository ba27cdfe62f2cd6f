// Rules of mmroute as a whole: what notes do while variables, scenes and rules change, panic, ports
// that go, and memory.
#include "allocations.hpp"
#include "route_player.hpp"

#include <gmock/gmock.h>

#include <functional>

namespace mm::route {
namespace {

using test::Lines;
using test::Routed;
using testing::ElementsAre;
using testing::IsEmpty;

// --- note-offs follow their note-ons ---

TEST(Router, a_note_off_follows_though_a_variable_has_changed) {
  Routed rules("cc 20 -> set up {value}, drop\n"
               "note -> transpose {up}");
  rules.play("cc 1 20 7");
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 1 67 100"));
  rules.play("cc 1 20 5");
  EXPECT_THAT(rules.play("pp 1 60 9"), ElementsAre("poly-pressure 1 67 9"));
  EXPECT_THAT(rules.play("off 1 60 1"), ElementsAre("note-off 1 67 1"));
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 1 65 100"));
}

TEST(Router, a_key_that_is_pressed_again_ends_all_that_it_has_started) {
  Routed rules("cc 20 -> set up {value}, drop\n"
               "note -> transpose {up}");
  rules.play("on 1 60 100");
  rules.play("cc 1 20 5");
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 1 65 100"));
  EXPECT_THAT(rules.play("on 1 60 0"), ElementsAre("note-on 1 60 0", "note-on 1 65 0"));
}

TEST(Router, a_note_off_follows_where_rules_ask_for_variables) {
  Routed rules("cc 20 -> set way {value}, drop\n"
               "note when way 0 -> ch 2\n"
               "note when way 1 -> ch 3");
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 2 60 100"));
  rules.play("cc 1 20 1");
  EXPECT_THAT(rules.play("on 1 64 100"), ElementsAre("note-on 3 64 100"));
  EXPECT_THAT(rules.play("off 1 60 1"), ElementsAre("note-off 2 60 1"));
  rules.play("cc 1 20 2");
  EXPECT_THAT(rules.play("off 1 64 1"), ElementsAre("note-off 3 64 1"));
  EXPECT_THAT(rules.play("on 1 64 1"), ElementsAre("note-on 1 64 1"));
}

TEST(Router, a_note_off_follows_a_split_by_velocity) {
  Routed rules("note vel ..63 -> ch 2\n"
               "note vel 64.. -> ch 3, transpose 12");
  EXPECT_THAT(rules.play("on 1 60 30"), ElementsAre("note-on 2 60 30"));
  EXPECT_THAT(rules.play("off 1 60 127"), ElementsAre("note-off 2 60 127"));
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 3 72 100"));
  EXPECT_THAT(rules.play("on 1 60 20"), ElementsAre("note-on 2 60 20"));
  EXPECT_THAT(rules.play("off 1 60 0"), ElementsAre("note-off 3 72 0", "note-off 2 60 0"));
}

TEST(Router, a_note_off_follows_all_layers) {
  Routed rules("note key ..60 -> @bass, also\n"
               "note vel 100.. -> @brass, chord 0,7, also\n"
               "note -> @piano");
  EXPECT_THAT(rules.play("on 1 60 100"),
              ElementsAre("note-on 1 60 100 @bass", "note-on 1 60 100 @brass",
                          "note-on 1 67 100 @brass", "note-on 1 60 100 @piano"));
  EXPECT_THAT(rules.play("pp 1 60 3"),
              ElementsAre("poly-pressure 1 60 3 @bass", "poly-pressure 1 60 3 @brass",
                          "poly-pressure 1 67 3 @brass", "poly-pressure 1 60 3 @piano"));
  EXPECT_THAT(rules.play("off 1 60 1"),
              ElementsAre("note-off 1 60 1 @bass", "note-off 1 60 1 @brass",
                          "note-off 1 67 1 @brass", "note-off 1 60 1 @piano"));
}

TEST(Router, a_note_off_that_was_never_seen_goes_through_the_rules) {
  Routed rules("note -> transpose 12");
  EXPECT_THAT(rules.play("off 1 60 1"), ElementsAre("note-off 1 72 1"));
}

TEST(Router, notes_that_are_sent_by_a_note_end_with_it) {
  Routed rules("note key 60 -> send note-on 2 {note + 12} 50 @b, send +0.5 note-on 3 1 1, ch 5");
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 2 72 50 @b", "note-on 5 60 100"));
  rules.until(0.1);
  EXPECT_THAT(rules.play("off 1 60 9"), ElementsAre("note-off 2 72 9 @b", "note-off 5 60 9"));
  EXPECT_THAT(rules.until(0.5), ElementsAre("note-on 3 1 1"));
  EXPECT_THAT(rules.until(0.6), ElementsAre("note-off 3 1 9"));
}

TEST(Router, what_a_note_sends_beside_does_not_end_with_it) {
  Routed rules("note -> send cc 1 7 100, send sysex 43 01, key {note + 1}");
  EXPECT_THAT(rules.play("on 1 60 100"),
              ElementsAre("control-change 1 7 100", "sysex f0 43 01 f7", "note-on 1 61 100"));
  EXPECT_THAT(rules.play("off 1 60 9"), ElementsAre("note-off 1 61 9"));
}

TEST(Router, what_a_note_has_become_ends_with_it) {
  Routed rules("note -> cc {note}");
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("control-change 1 60 100"));
  EXPECT_THAT(rules.play("off 1 60 9"), ElementsAre("control-change 1 60 0"));
}

TEST(Router, of_a_note_that_was_dropped_the_note_off_is_dropped) {
  Routed rules("note -> transpose {velocity}");
  EXPECT_THAT(rules.play("on 1 60 100"), IsEmpty());
  EXPECT_THAT(rules.play("pp 1 60 9"), IsEmpty());
  EXPECT_THAT(rules.play("on 1 60 0"), IsEmpty());
}

// --- scenes ---

constexpr std::string_view two_scenes = "cc 20 -> scene {value}, drop\n"
                                        "scene low\n"
                                        "note -> transpose -12\n"
                                        "enter -> send cc 1 7 10\n"
                                        "leave -> send cc 1 7 11\n"
                                        "scene high\n"
                                        "note -> transpose 12\n"
                                        "enter -> send cc 1 7 20\n";

TEST(Router, notes_end_in_the_scene_that_started_them) {
  Routed rules(two_scenes);
  EXPECT_THAT(rules.taken(), ElementsAre("control-change 1 7 10"));
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 1 48 100"));
  EXPECT_THAT(rules.play("cc 1 20 2"),
              ElementsAre("control-change 1 7 11", "control-change 1 7 20"));
  EXPECT_THAT(rules.play("on 1 62 100"), ElementsAre("note-on 1 74 100"));
  EXPECT_THAT(rules.play("off 1 60 1"), ElementsAre("note-off 1 48 1"));
  EXPECT_THAT(rules.play(":scene low"), ElementsAre(":scene low", "control-change 1 7 10"));
  EXPECT_THAT(rules.play("off 1 62 1"), ElementsAre("note-off 1 74 1"));
  EXPECT_THAT(rules.play(":scene nowhere"), ElementsAre(":scene nowhere"));
  EXPECT_THAT(rules.play("cc 1 20 3"), IsEmpty());
}

TEST(Router, the_first_scene_can_be_chosen) {
  Routed rules(two_scenes, "high");
  EXPECT_THAT(rules.taken(), ElementsAre("control-change 1 7 20"));
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 1 72 100"));
}

// --- reloads ---

TEST(Router, notes_end_in_the_rules_that_started_them) {
  Routed rules("note -> transpose 12");
  rules.play("on 1 60 100");
  rules.use("note -> transpose 5");
  EXPECT_THAT(rules.play("on 1 62 100"), ElementsAre("note-on 1 67 100"));
  rules.use("note -> drop");
  EXPECT_THAT(rules.play("pp 1 60 3"), ElementsAre("poly-pressure 1 72 3"));
  EXPECT_THAT(rules.play("on 1 65 100"), IsEmpty());
  EXPECT_THAT(rules.play("off 1 60 1"), ElementsAre("note-off 1 72 1"));
  EXPECT_THAT(rules.play("off 1 60 1"), IsEmpty());
  EXPECT_THAT(rules.play("off 1 62 1"), ElementsAre("note-off 1 67 1"));
}

TEST(Router, a_key_that_is_pressed_again_after_a_reload_ends_in_both) {
  Routed rules("note -> transpose 12");
  rules.play("on 1 60 100");
  rules.use("note -> transpose 5");
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 1 65 100"));
  rules.use("note -> transpose 1");
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 1 61 100"));
  EXPECT_THAT(rules.play("off 1 60 1"),
              ElementsAre("note-off 1 72 1", "note-off 1 65 1", "note-off 1 61 1"));
}

TEST(Router, what_waits_goes_on_over_a_reload) {
  Routed rules("note -> delay 1, ch 2\nthen\nnote -> transpose 1");
  rules.play("on 1 60 100");
  rules.use("note -> ch 9");
  rules.until(0.5);
  rules.use("note -> ch 10");
  EXPECT_THAT(rules.until(1), ElementsAre("note-on 2 61 100"));
  EXPECT_THAT(rules.play("off 1 60 3"), IsEmpty());
  EXPECT_THAT(rules.until(2), ElementsAre("note-off 2 61 3"));
  EXPECT_THAT(rules.play("off 1 60 4"), ElementsAre("note-off 10 60 4"));
}

TEST(Router, what_is_held_by_rules_ends_with_them) {
  Routed rules("note ch 1 -> latch, ch 5\n"
               "note or cc 64 -> sustain\n"
               "cc 1 -> note 40");
  for (const char* const line : {"on 1 60 100", "off 1 60 0", "cc 2 64 127", "on 2 62 100",
                                 "off 2 62 0", "on 2 63 100", "cc 1 1 100"})
    rules.play(line);
  rules.taken();
  rules.use("any -> drop");
  EXPECT_THAT(rules.taken(), testing::UnorderedElementsAre("note-off 5 60 64", "note-off 2 62 0",
                                                           "note-off 1 40 64"));
  EXPECT_THAT(rules.play("off 2 63 7"), ElementsAre("note-off 2 63 7"));
}

TEST(Router, values_that_wait_start_no_note_that_nobody_ends) {
  Routed rules("cc 1 -> delay 1, note 60");
  rules.play("cc 1 1 100");
  rules.use("cc 2 -> ch 2");
  EXPECT_THAT(rules.until(3), IsEmpty());
}

TEST(Router, variables_and_the_scene_keep_their_values_over_a_reload) {
  Routed rules("cc 20 -> set a {value}, drop\n"
               "cc 21 -> set b {value}, drop\n"
               "scene x\n"
               "scene y\n"
               "on -> key {a}");
  rules.play("cc 1 20 5");
  rules.play("cc 1 21 6");
  rules.play(":scene y");
  rules.use("cc 30 -> set c 1, set b 1, drop\n"
            "cc 31 -> set a 1, drop\n"
            "on -> ch {c + 1}, also\n"
            "scene z\n"
            "on -> drop\n"
            "scene y\n"
            "on -> key {b}, vel {a}");
  EXPECT_THAT(rules.play("on 3 60 100"), ElementsAre("note-on 1 60 100", "note-on 3 6 5"));
  // One that has gone, and the variable that comes again.
  rules.use("cc 1 -> set d {value}, drop\n"
            "scene w\n"
            "on -> key {d}");
  EXPECT_THAT(rules.play("on 4 60 100"), ElementsAre("note-on 4 0 100"));
  rules.use("cc 20 -> set a {value}\n"
            "on -> key {a}");
  EXPECT_THAT(rules.play("on 5 60 100"), ElementsAre("note-on 5 5 100"));
}

// However many rules there are between them, so that they are found in another way.
TEST(Router, what_a_rule_sets_counts_for_the_next_group_and_the_next_event) {
  for (const int between : {0, 1, 20, 1000}) {
    std::string text = "on -> set a {note}, drop, also\n"
                       "on when a 0 -> @first, also\n"
                       "on when b 1.. -> @b, also\n";
    for (int i = 0; i < between; ++i)
      text += "on when c" + std::to_string(i) + " 1 -> drop\n" + "cc " + std::to_string(i % 128) +
              " when d 1 -> set c" + std::to_string(i) + " 1\n";
    text += "on when a 61 -> set b {a}, drop, also\n"
            "on when a 61 -> @61\n"
            "cc -> set d {value}\n"
            "then\n"
            "on when a 60 @61 -> @then";
    Routed rules(text);
    EXPECT_THAT(rules.play("on 1 61 100"),
                ElementsAre("note-on 1 61 100 @first", "note-on 1 61 100"))
        << between;
    EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 1 60 100 @then")) << between;
    EXPECT_THAT(rules.play("on 1 62 100"), ElementsAre("note-on 1 62 100 @b", "note-on 1 62 100"))
        << between;
  }
}

// Counts by --explain's eyes whether old rules are there still: those that are gone are told of no
// more.
TEST(Router, rules_that_have_gone_are_dropped_once_nothing_of_theirs_sounds) {
  const std::size_t before = test::allocated();
  Routed rules("note -> pass");
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "cc " + std::to_string(i % 128) + " -> cc 1, value +1\n";
  rules.use(many + "note -> delay 0.1");
  rules.play("on 1 60 100");
  rules.until(1);
  const std::size_t with_many = test::allocated();
  rules.use("note -> pass");
  rules.play("on 1 61 100"); // new rules' own
  EXPECT_GT(test::allocated(), with_many - 100'000) << "the key is down";
  rules.play("off 1 60 100");
  EXPECT_GT(test::allocated(), with_many - 100'000) << "its note-off waits";
  rules.until(2);
  rules.play("clock");
  rules.taken();
  EXPECT_LT(test::allocated(), with_many - 100'000);
  EXPECT_LT(test::allocated() - before, 200'000U);
}

// --- panic ---

TEST(Router, panic_ends_all_and_forgets_all) {
  Routed rules("cc 99 -> panic, drop\n"
               "note ch 1 -> latch\n"
               "note ch 2 -> delay 1\n"
               "note ch 3 -> arp up 0.1\n"
               "note ch 4 -> echo 0.1");
  for (const char* const line :
       {"on 1 60 100", "off 1 60 0", "on 2 60 100", "on 3 60 100", "on 4 60 100"})
    rules.play(line);
  rules.taken();
  EXPECT_THAT(rules.play("cc 1 99 127"), ElementsAre("silence"));
  EXPECT_THAT(rules.until(10), IsEmpty());
  EXPECT_FALSE(rules.router.is_waiting());
  EXPECT_EQ(rules.router.next(), std::nullopt);
  rules.router.end_of_input();
  rules.router.leave();
  EXPECT_THAT(rules.taken(), IsEmpty());
  EXPECT_THAT(rules.play("on 4 61 100"), ElementsAre("note-on 4 61 100"));
}

TEST(Router, panic_ends_rules_that_have_gone) {
  Routed rules("note -> delay 1");
  rules.play("on 1 60 100");
  rules.use("cc -> panic, drop");
  EXPECT_THAT(rules.play("cc 1 1 1"), ElementsAre("silence"));
  EXPECT_THAT(rules.until(3), IsEmpty());
}

TEST(Router, a_scene_may_begin_or_end_with_panic) {
  Routed rules("scene a\n"
               "scene b\n"
               "enter -> panic\n"
               "leave -> panic");
  EXPECT_THAT(rules.play(":scene b"), ElementsAre(":scene b", "silence"));
  EXPECT_THAT(rules.play("on 1 60 1"), ElementsAre("note-on 1 60 1"));
  EXPECT_THAT(rules.play(":scene a"), ElementsAre(":scene a", "silence"));
  EXPECT_THAT(rules.play("off 1 60 1"), IsEmpty()) << "the panic has ended it";
}

TEST(Router, a_port_that_has_gone_holds_no_pedal) {
  Routed rules("note or cc 64 -> sustain");
  EXPECT_THAT(rules.play("cc 1 64 127 @a"), IsEmpty());
  EXPECT_THAT(rules.play("on 1 61 9 @a"), ElementsAre("note-on 1 61 9 @a"));
  EXPECT_THAT(rules.play("off 1 61 5 @a"), IsEmpty());
  EXPECT_THAT(rules.play(":disconnected @a"),
              ElementsAre("note-off 1 61 5 @a", ":disconnected @a"));
}

TEST(Router, a_scene_that_ends_lets_go_of_what_no_key_holds) {
  Routed rules("scene a\n"
               "note ch 1 -> latch\n"
               "note ch 2 -> toggle\n"
               "note ch 3 or cc 64 ch 3 -> sustain\n"
               "cc 20 -> note 60\n"
               "scene b");
  for (const char* const line : {"on 1 60 1", "off 1 60 1", "on 1 61 1", "on 2 60 1", "off 2 60 1",
                                 "cc 3 64 127", "on 3 60 1", "off 3 60 1", "cc 4 20 9"})
    rules.play(line);
  EXPECT_THAT(rules.play(":scene b"),
              ElementsAre(":scene b", "note-off 4 60 64", "note-off 3 60 1", "note-off 2 60 64"));
  EXPECT_THAT(rules.play("off 1 61 1"), ElementsAre("note-off 1 61 1"))
      << "whose key was still down";
}

TEST(Router, pressure_that_follows_its_note_makes_nothing_act) {
  Routed rules("note -> key 60, nodup, send note-on 2 70 100");
  EXPECT_THAT(rules.play("on 1 61 9"), ElementsAre("note-on 2 70 100", "note-on 1 60 9"));
  EXPECT_THAT(rules.play("on 1 62 9"), IsEmpty());
  EXPECT_THAT(rules.play("off 1 61 9"), ElementsAre("note-off 2 70 9", "note-off 1 60 9"));
  EXPECT_THAT(rules.play("pp 1 62 9"), testing::Not(testing::Contains("note-on 2 70 100")));
}

TEST(Router, the_program_may_end_with_panic) {
  Routed rules("leave -> panic");
  rules.router.leave();
  EXPECT_THAT(rules.taken(), ElementsAre("silence"));
}

// --- ports ---

TEST(Router, what_a_port_holds_ends_when_it_has_gone) {
  Routed rules("note @a -> transpose 12, @x\n"
               "note @b -> latch");
  rules.play("on 1 60 100 @a");
  rules.play("on 2 61 100 @a");
  rules.play("on 1 60 100 @b");
  rules.play("on 1 60 100");
  EXPECT_THAT(rules.play(":disconnected @a"),
              ElementsAre("note-off 1 72 64 @x", "note-off 2 73 64 @x", ":disconnected @a"));
  EXPECT_THAT(rules.play(":disconnected @a"), ElementsAre(":disconnected @a"));
  EXPECT_THAT(rules.play("off 1 60 1"), ElementsAre("note-off 1 60 1"));
  EXPECT_THAT(rules.play(":disconnected @b"), ElementsAre(":disconnected @b"));
  rules.router.end_of_input();
  EXPECT_THAT(rules.taken(), ElementsAre("note-off 1 60 64 @b"));
}

TEST(Router, what_a_port_holds_in_rules_that_have_gone_ends_too) {
  Routed rules("note -> transpose 12");
  rules.play("on 1 60 100 @a");
  rules.use("note -> ch 2");
  rules.play("on 1 62 100 @a");
  EXPECT_THAT(rules.play(":disconnected @a"),
              ElementsAre("note-off 1 72 64 @a", "note-off 2 62 64 @a", ":disconnected @a"));
}

// --- what no rule has to do with ---

TEST(Router, a_note_that_no_rule_has_to_do_with_ends_as_it_began_after_a_reload) {
  Routed rules("cc 7 -> drop");
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 1 60 100"));
  rules.use("note -> transpose 12");
  EXPECT_THAT(rules.play("on 1 64 100"), ElementsAre("note-on 1 76 100"));
  EXPECT_THAT(rules.play("pp 1 60 5"), ElementsAre("poly-pressure 1 60 5"));
  EXPECT_THAT(rules.play("off 1 60 0"), ElementsAre("note-off 1 60 0"));
  EXPECT_THAT(rules.play("off 1 64 0"), ElementsAre("note-off 1 76 0"));
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 1 72 100"));
  EXPECT_THAT(rules.play("on 1 60 0"), ElementsAre("note-on 1 72 0"));
}

TEST(Router, a_note_that_rules_took_ends_as_it_began_when_no_rule_has_to_do_with_notes_any_more) {
  Routed rules("note -> transpose 12");
  rules.play("on 1 60 100");
  rules.use("cc 7 -> drop");
  EXPECT_THAT(rules.play("on 1 61 100"), ElementsAre("note-on 1 61 100"));
  EXPECT_THAT(rules.play("off 1 60 0"), ElementsAre("note-off 1 72 0"));
  EXPECT_THAT(rules.play("off 1 61 0"), ElementsAre("note-off 1 61 0"));
  rules.use("note -> ch 2");
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 2 60 100"));
}

TEST(Router, keys_of_ports_leave_notes_without_one_their_straight_way) {
  Routed rules("pc -> scene next\nscene a\nscene b");
  rules.play("on 1 60 100");
  rules.play("on 1 61 100 @a");
  rules.play("pc 1 1"); // settles
  EXPECT_THAT(rules.play("off 1 60 0"), ElementsAre("note-off 1 60 0"));
  EXPECT_THAT(rules.play("off 1 61 0 @a"), ElementsAre("note-off 1 61 0 @a"));
  rules.use("note -> transpose 12");
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 1 72 100"));
  EXPECT_THAT(rules.play("off 1 60 0"), ElementsAre("note-off 1 72 0"));
}

TEST(Router, after_a_panic_a_key_that_no_rule_has_to_do_with_has_no_note_to_end) {
  Routed rules("cc 120 -> panic");
  rules.play("on 1 60 100");
  rules.play("cc 1 120 0");
  EXPECT_THAT(rules.play("off 1 60 0"), ElementsAre());
  EXPECT_THAT(rules.play("on 1 60 100"), ElementsAre("note-on 1 60 100"));
  EXPECT_THAT(rules.play("off 1 60 0"), ElementsAre("note-off 1 60 0"));
}

// --- memory ---

// Plays the same over and over; when all has been there once, nothing is allocated.
void expect_no_allocation(std::string_view rules, bool is_clocked = true) {
  class Nothing final : public Sink {
   public:
    void begin(Nanoseconds /*time*/, bool /*is_timed*/) override {}
    void put(Event& /*event*/, bool /*is_changed*/) override { ++count; }
    void silence() override {}
    int count = 0;
  } nothing;
  World world(Tempo(120), 1);
  Router router(world, nothing);
  const Text text{"rules", std::string(rules)};
  ParsedRules parsed = parse_rules(std::span(&text, 1));
  ASSERT_EQ(parsed.faults, Lines{});
  router.use(router.compile(std::move(parsed.script)));
  const std::function<bool()> never = [] { return false; };
  Nanoseconds now = 0;
  const auto play = [&](Event event) {
    now += second / 50;
    if (is_clocked) router.run_due(now, never);
    Message message{event, 0, false};
    router.take(message, now, now, true);
  };
  const auto round = [&] {
    for (const char* const port : {"", "a"})
      for (int note = 60; note < 64; ++note) {
        for (Event event :
             {make_event(Kind::note_on, 1, note, 100), make_event(Kind::note_on, 2, note + 1, 1),
              make_event(Kind::poly_pressure, 1, note, 3),
              make_event(Kind::control_change, 1, 7, note), make_event(Kind::note_off, 1, note, 1),
              make_event(Kind::note_on, 2, note + 1, 0)}) {
          event.port = port;
          play(event);
        }
        play(make_event(Kind::clock));
        play(make_bytes(Kind::sysex, "\xf0\x43 of a length that needs memory\xf7"));
        play(make_meta(":text which is long enough for that as well"));
      }
    now += 10 * second;
    router.run_due(now, never);
  };
  for (int i = 0; i < 4; ++i) round();
  const std::size_t before = test::allocations();
  const int sent = nothing.count;
  for (int i = 0; i < 10; ++i) round();
  EXPECT_EQ(test::allocations(), before) << rules.substr(0, 200);
  EXPECT_GT(nothing.count, sent);
}

TEST(RouterMemory, events_allocate_nothing) {
  for (const char* const rules : {
           "",
           "any -> pass",
           "note -> transpose 12",
           "note -> transpose {value}",
           "note -> chord 0,4,7",
           "note -> chord 0,4,7, ch {channel}",
           "note -> key 60,61, @a @b, also\nnote -> ch 2, also",
           "note vel ..64 -> ch 2\nnote -> ch 3",
           "any -> delay 0.1",
           "note -> echo 0.05 times 5 transpose 3",
           "note -> vel curve 2, vel +3\ncc -> value invert",
           "note -> arp up-down 0.02 octaves 2",
           "note -> latch",
           "note -> mono",
           "note -> poly 2",
           "note or cc 64 -> sustain",
           "note -> toggle",
           "note -> length 0.1",
           "note -> strum 0.1",
           "note -> humanize 0.05 20",
           "note -> quantize 1/8",
           "note -> long 0.05",
           "any -> nodup",
           "any -> divide 2",
           "clock -> multiply 3",
           "note -> spread lower\nthen\nany -> fold 1",
           "cc -> note 60",
           "note -> cc 5",
           "note rises 50 -> ch 3\nnote-off held ..0.1 -> vel 5",
           "note -> send note-on 3 {note} 100, send +0.1 cc 1 2 3",
           "note -> ch 2\nthen\nnote -> transpose 1\nthen\nany -> @x",
           "note -> send +0.1 sysex f0 43 {note} 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 "
           "f7",
           "any -> delay 0.1\nthen\nsysex or :text -> delay 0.2",
           "cc -> set a {value}, count b 0..9, drop\nnote when a 60..70 -> drop",
       })
    expect_no_allocation(rules);
}

TEST(RouterMemory, events_allocate_nothing_with_many_rules) {
  std::string rules;
  for (int i = 0; i < 10'000; ++i)
    rules += "note key " + std::to_string(i % 128) + " ch " + std::to_string(i % 16 + 1) + " vel " +
             std::to_string(1 + i % 127) + " when a " + std::to_string(i) + " -> ch 1\n";
  rules += "note -> transpose 12\ncc 20 -> set a {value}, drop";
  expect_no_allocation(rules);
}

} // namespace
} // namespace mm::route
