// What goes out: printed, and followed by port, so that what sounds can be released.
#include "events.hpp"
#include "io/downstream.hpp"
#include "pipes.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

using test::event_of;
using test::Lines;
using test::text_of;
using testing::ElementsAre;
using testing::IsEmpty;

class DownstreamTest : public testing::Test {
 protected:
  void put(const std::string& line) { down_.put(event_of(line)); }
  void put_all(const Lines& lines) {
    for (const std::string& line : lines) put(line);
  }
  Lines ends() {
    Lines lines;
    down_.for_each_end([&](const Event& event) { lines.push_back(text_of(event)); });
    return lines;
  }
  bool would_end(const std::string& line) { return down_.would_end(event_of(line)); }

  Descriptor file_ = test::make_file();
  Downstream down_{::dup(file_.get()), {}};
};

TEST_F(DownstreamTest, prints_what_is_put) {
  put_all({"1.5 note-on 1 60 100 @keys", "clock", ":tempo 120"});
  EXPECT_EQ(down_.output().queue().waiting(), "1.500000000 note-on 1 60 100 @keys\n"
                                              "clock\n"
                                              ":tempo 120\n");
  EXPECT_TRUE(down_.output().finish({}));
  EXPECT_EQ(test::content(file_), "1.500000000 note-on 1 60 100 @keys\nclock\n:tempo 120\n");
}

TEST_F(DownstreamTest, knows_what_sounds_by_port_and_channel) {
  put_all({"note-on 2 61 1 @b", "note-on 1 60 1 @b", "note-on 16 5 1", "control-change 1 64 127 @a",
           "note-on 3 62 1 @a", "control-change 1 7 127 @a", "pitch-bend 1 5 @a", "note-on 1 9 0"});
  EXPECT_THAT(ends(),
              ElementsAre("note-off 16 5 64", "control-change 1 64 0 @a", "note-off 3 62 64 @a",
                          "note-off 1 60 64 @b", "note-off 2 61 64 @b"));
  EXPECT_EQ(ends().size(), 5U) << "asking changes nothing";
}

TEST_F(DownstreamTest, what_has_ended_does_not_sound) {
  put_all({"note-on 1 60 1 @a", "note-on 1 61 1 @a", "control-change 1 64 127 @a",
           "note-on 1 60 1 @b"});
  put_all({"note-off 1 60 0 @a", "note-on 1 61 0 @a", "control-change 1 64 0 @a"});
  EXPECT_THAT(ends(), ElementsAre("note-off 1 60 64 @b"));
}

TEST_F(DownstreamTest, knows_what_would_end_something) {
  put_all({"note-on 1 60 1 @a", "control-change 1 64 127 @a", "control-change 1 7 127 @a"});
  for (const std::string line :
       {"note-off 1 60 0 @a", "note-on 1 60 0 @a", "control-change 1 64 0 @a"})
    EXPECT_TRUE(would_end(line)) << line;
  for (const std::string line :
       {"note-off 1 60 0", "note-off 1 60 0 @b", "note-off 1 61 0 @a", "note-off 2 60 0 @a",
        "note-on 1 60 1 @a", "note-on 1 61 0 @a", "control-change 1 64 1 @a",
        "control-change 1 7 0 @a", "control-change 1 66 0 @a", "control-change 1 123 0 @a",
        "poly-pressure 1 60 0 @a", "program-change 1 0 @a", "clock @a", ":x @a"})
    EXPECT_FALSE(would_end(line)) << line;
  EXPECT_THAT(ends(), ElementsAre("note-off 1 60 64 @a", "control-change 1 64 0 @a"))
      << "asking changes nothing";
  put("note-off 1 60 0 @a");
  EXPECT_FALSE(would_end("note-off 1 60 0 @a"));
}

TEST_F(DownstreamTest, ports_that_come_and_go_are_forgotten_but_not_what_sounds_there) {
  const auto tag = [](int port) { return " @p" + std::to_string(port); };
  put("note-on 1 1 1" + tag(0));
  for (int port = 1; port < 5000; ++port) {
    put("note-on 1 2 1" + tag(port));
    put("note-off 1 2 0" + tag(port));
    if (port == 1500) put("note-on 1 3 1" + tag(port));
  }
  put("note-on 1 4 1" + tag(4999));
  EXPECT_THAT(ends(), ElementsAre("note-off 1 1 64 @p0", "note-off 1 3 64 @p1500",
                                  "note-off 1 4 64 @p4999"));
}

TEST_F(DownstreamTest, however_many_ports_sound_they_are_all_known) {
  for (int port = 0; port < 3000; ++port) put("note-on 1 60 1 @p" + std::to_string(port));
  EXPECT_EQ(ends().size(), 3000U);
}

TEST_F(DownstreamTest, the_name_of_a_port_is_kept) {
  {
    const std::string line = "note-on 1 60 1 @port-with-a-name-of-its-own";
    put(line);
  }
  const std::string again = "note-off 1 60 1 @port-with-a-name-of-its-own";
  put(again);
  EXPECT_THAT(ends(), IsEmpty());
}

// Puts so many lines of a thousand bytes.
void put_thousands(Downstream& down, int count) {
  const std::string line = "clock @" + std::string(992, 'x');
  const Event event = event_of(line);
  for (int i = 0; i < count; ++i) down.put(event);
}

TEST_F(DownstreamTest, says_when_whoever_puts_is_to_pause) {
  EXPECT_FALSE(down_.is_full());
  put_thousands(down_, 1000);
  EXPECT_FALSE(down_.is_full());
  put_thousands(down_, 100);
  EXPECT_TRUE(down_.is_full());
  down_.output().queue().drop(100'000);
  EXPECT_FALSE(down_.is_full());
}

TEST_F(DownstreamTest, has_room_made_where_nobody_pauses) {
  int made = 0;
  put_thousands(down_, 5000); // nobody is there to make room: it grows
  down_.on_overfull([&] {
    ++made;
    down_.output().queue().drop(down_.output().queue().size());
  });
  put("clock");
  EXPECT_EQ(made, 1);
  EXPECT_EQ(down_.output().queue().size(), 0U);
  put_thousands(down_, 4194);
  EXPECT_EQ(made, 1);
  put_thousands(down_, 1);
  EXPECT_EQ(made, 2);
}

TEST_F(DownstreamTest, in_a_signal_handler_writes_what_waits_and_what_ends_what_sounds) {
  const test::Pipe pipe = test::make_pipe();
  Downstream down(::dup(pipe.in.get()), {});
  down.put(event_of("1.5 note-on 1 60 100 @keys"));
  put_thousands(down, 20); // more than one write() takes there
  const std::string waiting(down.output().queue().waiting());
  down.release_in_handler();
  const std::string ends = "note-off 1 60 64 @keys\n";
  EXPECT_EQ(test::read_some(pipe.out), waiting + ends);
}

TEST_F(DownstreamTest, in_a_signal_handler_waits_for_no_reader) {
  const test::Pipe pipe = test::make_small_pipe();
  Downstream down(::dup(pipe.in.get()), {});
  put_thousands(down, 20);
  const std::string waiting(down.output().queue().waiting());
  down.release_in_handler();
  EXPECT_EQ(test::read_some(pipe.out), waiting.substr(0, 4096));
}

TEST_F(DownstreamTest, prints_in_the_format_that_is_asked_for) {
  FormatOptions raw;
  raw.format = Format::raw;
  const Descriptor file = test::make_file();
  Downstream down(::dup(file.get()), raw);
  for (const std::string line : {"note-on 1 60 100 @keys", ":tempo 120", "cc14 1 7 1"})
    down.put(event_of(line));
  EXPECT_TRUE(down.output().finish({}));
  EXPECT_EQ(test::hex(test::content(file)), "90 3c 64 b0 07 00 b0 27 01");
}

} // namespace
} // namespace mm
