// The way of events to a port that may be busy, slow, or refuse them.
#include "events.hpp"
#include "io/clock.hpp"
#include "port/fake.hpp"
#include "port/sender.hpp"
#include "random.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

using test::event_of;
using test::Lines;
using test::Random;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Nanoseconds millisecond = second / 1000;

class SenderTest : public testing::Test {
 protected:
  explicit SenderTest(SysexPace pace = {}) : sender_(fake_, 3, pace) {}

  // Sends one line; "sent", "busy" or what is wrong.
  std::string send(const std::string& line, Nanoseconds when = 0) {
    return said(sender_.send(event_of(line), when));
  }
  static std::string said(const Result<bool>& result) {
    if (!result) return result.error().what;
    return result.value() ? "sent" : "busy";
  }

  // What the port got since it was last asked.
  Lines got() {
    Lines lines;
    for (const auto& sent : std::exchange(fake_.sent, {})) {
      EXPECT_EQ(sent.port, 3);
      lines.push_back(sent.line);
    }
    return lines;
  }

  // What the port gets for these lines, with nothing in its way.
  Lines sent(const Lines& lines) {
    for (const std::string& line : lines) EXPECT_EQ(send(line), "sent") << line;
    return got();
  }

  Lines released() {
    EXPECT_EQ(said(sender_.release()), "sent");
    return got();
  }

  Fake fake_;
  Sender sender_;
};

// --- what is sent ---

TEST_F(SenderTest, sends_messages_as_they_are) {
  const Lines lines{"note-on 1 60 100", "pitch-bend 16 -8192", "sysex f0 43 10 f7", "clock"};
  EXPECT_EQ(sent(lines), lines);
}

TEST_F(SenderTest, takes_wide_values_apart_and_sends_no_meta_events) {
  EXPECT_THAT(sent({"cc14 1 7 300", ":tempo 120", "nrpn 2 1000 5000"}),
              ElementsAre("control-change 1 7 2", "control-change 1 39 44", "control-change 2 99 7",
                          "control-change 2 98 104", "control-change 2 6 39",
                          "control-change 2 38 8"));
}

TEST_F(SenderTest, passes_the_time_on_that_is_ahead) {
  fake_.can_schedule = true;
  const Nanoseconds when = now() + 3600 * second;
  EXPECT_EQ(send("cc14 1 7 300", when), "sent");
  EXPECT_EQ(send("clock", 0), "sent");
  EXPECT_THAT(fake_.sent, ElementsAre(Fake::Sent{3, "control-change 1 7 2", when},
                                      Fake::Sent{3, "control-change 1 39 44", when},
                                      Fake::Sent{3, "clock", 0}));
}

TEST_F(SenderTest, what_has_bytes_is_never_sent_ahead) {
  EXPECT_FALSE(Sender::can_schedule(fake_, event_of("note-on 1 60 1")));
  fake_.can_schedule = true;
  EXPECT_TRUE(Sender::can_schedule(fake_, event_of("note-on 1 60 1")));
  EXPECT_TRUE(Sender::can_schedule(fake_, event_of("rpn 1 0 0")));
  EXPECT_FALSE(Sender::can_schedule(fake_, event_of("sysex 01")));
  EXPECT_FALSE(Sender::can_schedule(fake_, event_of("raw 90")));
}

// --- raw bytes ---

TEST_F(SenderTest, raw_bytes_are_joined_to_messages_over_events) {
  EXPECT_THAT(sent({"raw 90 3c"}), IsEmpty());
  EXPECT_THAT(sent({"raw 64 3d"}), ElementsAre("note-on 1 60 100"));
  EXPECT_THAT(
      sent({"raw 65 f0 01", "raw 02", "raw f8 03 f7 c0 05"}),
      ElementsAre("note-on 1 61 101", "clock", "sysex f0 01 02 03 f7", "program-change 1 5"));
}

TEST_F(SenderTest, bytes_that_are_no_midi_go_out_at_once_as_they_are) {
  EXPECT_THAT(sent({"raw f4 f5"}), ElementsAre("raw f4 f5"));
  EXPECT_THAT(sent({"raw 12 34", "raw f7"}), ElementsAre("raw 12 34", "raw f7"));
  EXPECT_THAT(sent({"raw 90 3c f4 64"}), ElementsAre("raw 90 3c f4 64"));
}

TEST_F(SenderTest, a_realtime_event_may_stand_inside_what_raw_bytes_began) {
  EXPECT_THAT(sent({"raw 90 3c", "clock", "raw 64"}), ElementsAre("clock", "note-on 1 60 100"));
}

TEST_F(SenderTest, what_raw_bytes_began_goes_out_before_another_event) {
  EXPECT_THAT(sent({"raw f0 01 02", "note-on 1 60 1", "raw 03 f7"}),
              ElementsAre("raw f0 01 02", "note-on 1 60 1", "raw 03 f7"));
  EXPECT_THAT(sent({"raw 90 3c", ":text", "raw 64"}), ElementsAre("raw 90 3c", "raw 64"));
}

TEST_F(SenderTest, finish_sends_what_raw_bytes_began) {
  EXPECT_EQ(said(sender_.finish()), "sent");
  EXPECT_THAT(got(), IsEmpty());
  EXPECT_THAT(sent({"raw 90 3c"}), IsEmpty());
  fake_.room = 0;
  EXPECT_EQ(said(sender_.finish()), "busy");
  EXPECT_EQ(said(sender_.finish()), "busy");
  fake_.room = 1;
  EXPECT_EQ(said(sender_.finish()), "sent");
  EXPECT_EQ(said(sender_.finish()), "sent");
  EXPECT_THAT(got(), ElementsAre("raw 90 3c"));
}

TEST_F(SenderTest, finish_goes_on_with_a_piece_where_it_was) {
  fake_.piece = 4;
  EXPECT_THAT(sent({"raw f0 01 02 03 04 05 06 07 08"}), IsEmpty());
  Lines lines;
  for (const char* said_now : {"busy", "busy", "sent"}) {
    fake_.room = 1;
    EXPECT_EQ(said(sender_.finish()), said_now);
    for (const std::string& line : got()) lines.push_back(line);
  }
  EXPECT_THAT(lines, ElementsAre("raw f0 01 02 03", "raw 04 05 06 07", "raw 08"));
}

// --- sysex in pieces ---

TEST_F(SenderTest, a_long_sysex_goes_in_pieces) {
  fake_.piece = 4;
  EXPECT_THAT(sent({"sysex f0 01 02 03 04 05 06 f7"}),
              ElementsAre("sysex f0 01 02 03", "sysex 04 05 06 f7"));
  EXPECT_THAT(sent({"sysex f0 01 02 03 04 05 06 07 f7"}),
              ElementsAre("sysex f0 01 02 03", "sysex 04 05 06 07", "sysex f7"));
  EXPECT_THAT(sent({"sysex f0 01 02 f7"}), ElementsAre("sysex f0 01 02 f7"));
  EXPECT_THAT(sent({"raw f0 01 02 03 04", "raw f7"}),
              ElementsAre("sysex f0 01 02 03", "sysex 04 f7"));
}

// --- a port that is busy ---

TEST_F(SenderTest, what_a_busy_port_did_not_take_is_sent_when_it_is_asked_again) {
  fake_.room = 0;
  EXPECT_EQ(send("note-on 1 60 1"), "busy");
  EXPECT_EQ(send("note-on 1 60 1"), "busy");
  EXPECT_THAT(got(), IsEmpty());
  fake_.room = 1;
  EXPECT_EQ(send("note-on 1 60 1"), "sent");
  EXPECT_THAT(got(), ElementsAre("note-on 1 60 1"));
}

TEST_F(SenderTest, a_busy_port_gets_the_rest_and_nothing_twice) {
  Lines lines;
  const std::string nrpn = "nrpn 2 1000 5000";
  const Event event = event_of(nrpn);
  for (const char* said_now : {"busy", "busy", "busy", "sent"}) {
    fake_.room = 1;
    EXPECT_EQ(said(sender_.send(event, 0)), said_now);
    for (const std::string& line : got()) lines.push_back(line);
  }
  EXPECT_THAT(lines, ElementsAre("control-change 2 99 7", "control-change 2 98 104",
                                 "control-change 2 6 39", "control-change 2 38 8"));
}

// However little room the port has at a time, and however short its pieces are: it gets the same
// bytes, in the same order, as one that takes everything.
TEST_F(SenderTest, however_busy_the_port_is_it_gets_the_same) {
  for (std::uint64_t seed = 1; seed <= 2000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    Fake free;
    Fake busy;
    free.piece = busy.piece = random.one_in(2) ? 0 : 1 + random.below(20);
    Sender to_free(free, 0, {});
    Sender to_busy(busy, 0, {});
    const auto all = [&](const auto& work) {
      while (true) {
        busy.room = random.below(4);
        const Result<bool> result = work();
        ASSERT_TRUE(result);
        if (result.value()) return;
      }
    };
    for (std::size_t n = random.below(30); n > 0; --n) {
      const Event event = random.one_in(3) ? random.event(Kind::raw) : random.event();
      EXPECT_TRUE(to_free.send(event, 0).value());
      all([&] { return to_busy.send(event, 0); });
    }
    EXPECT_TRUE(to_free.finish().value());
    all([&] { return to_busy.finish(); });
    EXPECT_TRUE(to_free.release().value());
    all([&] { return to_busy.release(); });
    EXPECT_EQ(busy.sent, free.sent);
    EXPECT_FALSE(to_busy.any_sounding());
  }
}

// What the port gets are the bytes that the events stand for.
TEST_F(SenderTest, no_byte_is_added_or_left_out) {
  for (std::uint64_t seed = 1; seed <= 1000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    Fake fake;
    fake.piece = random.one_in(2) ? 0 : 1 + random.below(20);
    Sender sender(fake, 0, {});
    std::string wanted;
    for (std::size_t n = random.below(30); n > 0; --n) {
      Event event = random.event();
      if (event.kind == Kind::raw) continue; // becomes messages, by rules of its own
      event.time_form = TimeForm::none;
      event.port = {};
      wanted += test::encoded(event);
      EXPECT_TRUE(sender.send(event, 0).value());
    }
    std::string bytes;
    for (const auto& [port, line, when] : fake.sent)
      bytes += line.starts_with("sysex ") ? test::bytes(line.substr(6)) // perhaps a piece
                                          : test::encoded(event_of(line));
    EXPECT_EQ(test::hex(bytes), test::hex(wanted));
  }
}

// --- what cannot be sent ---

TEST_F(SenderTest, an_event_that_cannot_be_sent_is_an_error_and_done_with) {
  fake_.fault = "too long";
  EXPECT_EQ(send("nrpn 2 1000 5000"), "too long");
  fake_.fault.clear();
  EXPECT_THAT(sent({"clock"}), ElementsAre("clock"));
}

TEST_F(SenderTest, an_error_in_the_middle_of_a_sysex_ends_it) {
  fake_.piece = 4;
  fake_.room = 1;
  EXPECT_EQ(send("sysex f0 01 02 03 04 f7"), "busy");
  fake_.fault = "gone";
  EXPECT_EQ(send("sysex f0 01 02 03 04 f7"), "gone");
  fake_.fault.clear();
  fake_.room = 10;
  EXPECT_EQ(send("sysex f0 05 06 07 08 f7"), "sent");
  EXPECT_THAT(got(), ElementsAre("sysex f0 01 02 03", "sysex f0 05 06 07", "sysex 08 f7"));
}

TEST_F(SenderTest, what_finish_cannot_send_is_done_with) {
  EXPECT_EQ(send("raw 90 3c"), "sent");
  fake_.fault = "gone";
  EXPECT_EQ(said(sender_.finish()), "gone");
  EXPECT_EQ(said(sender_.finish()), "sent");
  EXPECT_THAT(got(), IsEmpty());
}

// --- nothing is left sounding ---

TEST_F(SenderTest, releases_what_sounds_once) {
  EXPECT_FALSE(sender_.any_sounding());
  sent({"note-on 1 60 1", "note-on 2 61 1", "note-off 2 61 0", "cc 3 64 127", "raw 93 3e 01"});
  EXPECT_TRUE(sender_.any_sounding());
  EXPECT_THAT(released(),
              ElementsAre("note-off 1 60 64", "control-change 3 64 0", "note-off 4 62 64"));
  EXPECT_FALSE(sender_.any_sounding());
  EXPECT_THAT(released(), IsEmpty());
}

TEST_F(SenderTest, what_was_not_taken_does_not_sound) {
  fake_.room = 0;
  EXPECT_EQ(send("note-on 1 60 1"), "busy");
  EXPECT_FALSE(sender_.any_sounding());
}

TEST_F(SenderTest, a_busy_port_gets_its_releases_bit_by_bit) {
  sent({"note-on 1 60 1", "note-on 1 61 1", "note-on 1 62 1"});
  Lines lines;
  for (const char* said_now : {"busy", "busy", "sent"}) {
    fake_.room = 1;
    EXPECT_TRUE(sender_.any_sounding());
    EXPECT_EQ(said(sender_.release()), said_now);
    for (const std::string& line : got()) lines.push_back(line);
  }
  EXPECT_THAT(lines, ElementsAre("note-off 1 60 64", "note-off 1 61 64", "note-off 1 62 64"));
  EXPECT_FALSE(sender_.any_sounding());
}

TEST_F(SenderTest, a_release_that_cannot_be_sent_does_not_hold_up_the_others) {
  sent({"note-on 1 60 1", "note-on 1 61 1", "note-on 1 62 1"});
  fake_.fault = "gone";
  EXPECT_EQ(said(sender_.release()), "gone");
  EXPECT_TRUE(sender_.any_sounding());
  EXPECT_EQ(said(sender_.release()), "gone");
  fake_.fault.clear();
  EXPECT_THAT(released(), ElementsAre("note-off 1 62 64"));
  EXPECT_FALSE(sender_.any_sounding());
}

// --- what is sent ahead of its time, and taken back ---

TEST_F(SenderTest, what_is_sent_ahead_sounds_when_its_time_has_come) {
  fake_.can_schedule = true;
  EXPECT_EQ(send("note-on 1 60 1", now() + 20 * millisecond), "sent");
  EXPECT_TRUE(sender_.any_sounding()) << "or will";
  EXPECT_EQ(said(sender_.release()), "sent");
  EXPECT_THAT(got(), ElementsAre("note-on 1 60 1")) << "not before it sounds";
  const Nanoseconds later = now() + 20 * millisecond;
  while (now() <= later) continue;
  EXPECT_TRUE(sender_.any_sounding());
  EXPECT_THAT(released(), ElementsAre("note-off 1 60 64"));
}

TEST_F(SenderTest, what_was_taken_back_may_have_begun_and_cannot_have_ended) {
  fake_.can_schedule = true;
  const Nanoseconds later = now() + 3600 * second;
  sent({"note-on 1 60 1", "cc 1 64 127"});
  EXPECT_EQ(send("note-off 1 60 0", later), "sent"); // was not: the note still sounds
  EXPECT_EQ(send("cc 1 64 0", later), "sent");
  EXPECT_EQ(send("note-on 2 61 1", later), "sent"); // may have been
  EXPECT_EQ(send("note-on 2 62 0", later), "sent");
  EXPECT_EQ(send("note-on 2 61 0", later + 1), "sent");
  got();
  sender_.cancel();
  EXPECT_TRUE(sender_.any_sounding());
  EXPECT_THAT(released(),
              ElementsAre("note-off 1 60 64", "control-change 1 64 0", "note-off 2 61 64"));
  EXPECT_FALSE(sender_.any_sounding());
}

TEST_F(SenderTest, what_was_due_before_it_was_taken_back_has_been_sent) {
  fake_.can_schedule = true;
  EXPECT_EQ(send("note-on 1 60 1", now() - 2), "sent");
  EXPECT_EQ(send("note-off 1 60 1", now() - 1), "sent");
  EXPECT_EQ(send("note-on 1 61 1", now() - 1), "sent");
  got();
  sender_.cancel();
  EXPECT_THAT(released(), ElementsAre("note-off 1 61 64"));
}

TEST_F(SenderTest, what_was_half_sent_is_forgotten) {
  fake_.piece = 4;
  fake_.room = 1;
  EXPECT_EQ(send("sysex f0 01 02 03 04 f7"), "busy");
  sender_.cancel();
  fake_.room = 10;
  EXPECT_EQ(send("clock"), "sent");
  EXPECT_THAT(got(), ElementsAre("sysex f0 01 02 03", "clock"));
}

// --- the pace of sysex ---

// Sends the lines one after the other, waiting as it must; the time it took, in milliseconds.
double paced(SysexPace pace, const Lines& lines, std::size_t piece = 0) {
  Fake fake;
  fake.piece = piece;
  Sender sender(fake, 0, pace);
  const Nanoseconds start = now();
  for (const std::string& line : lines) {
    const Event event = event_of(line);
    while (!sender.send(event, 0).value()) continue;
  }
  const double took = static_cast<double>(now() - start) / static_cast<double>(millisecond);
  EXPECT_EQ(fake.sent.back().line, lines.back());
  return took;
}

std::string sysex(std::size_t bytes) {
  return "sysex f0" + test::repeated(" 01", bytes - 2) + " f7";
}

// The first pause may be shorter by the ten milliseconds that can be made up for.
constexpr double late = 10;

TEST(SysexPace, what_follows_a_sysex_waits_until_the_device_has_read_it) {
  EXPECT_GE(paced({2000, 0}, {sysex(100), "clock"}), 50 - late);
  EXPECT_GE(paced({2000, 0}, {sysex(100), sysex(100), "clock"}), 100 - late);
  EXPECT_GE(paced({2000, 0}, {sysex(200), "clock"}, 50), 100 - late) << "in pieces as well";
}

TEST(SysexPace, a_gap_is_kept_after_each_one) {
  EXPECT_GE(paced({0, 40 * millisecond}, {sysex(10), sysex(10), "clock"}), 80 - late);
  EXPECT_GE(paced({10'000, 30 * millisecond}, {sysex(100), "clock"}, 20), 40 - late);
}

TEST(SysexPace, only_sysex_have_one_and_the_first_one_waits_for_nothing) {
  Fake fake;
  Sender sender(fake, 0, {1, 3600 * second});
  for (const std::string line : {"note-on 1 60 1", "raw f4", "clock", "sysex 01"})
    EXPECT_TRUE(sender.send(event_of(line), 0).value()) << line;
  EXPECT_FALSE(sender.send(event_of("clock"), 0).value());
  EXPECT_FALSE(sender.send(event_of("clock"), 0).value());
  sender.cancel(); // what has to be released does not wait for it
  EXPECT_TRUE(sender.send(event_of("clock"), 0).value());
  EXPECT_EQ(fake.sent.size(), 5U);
}

TEST(SysexPace, the_pieces_of_a_sysex_have_it_too) {
  Fake fake;
  fake.piece = 4;
  Sender sender(fake, 0, {1, 0});
  EXPECT_FALSE(sender.send(event_of("sysex f0 01 02 03 04 f7"), 0).value());
  EXPECT_EQ(fake.sent.size(), 1U);
}

} // namespace
} // namespace mm
