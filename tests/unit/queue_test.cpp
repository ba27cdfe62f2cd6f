// Printed events that wait to be written.
#include "events.hpp"
#include "io/queue.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

PrintQueue raw_queue(bool running_status = false) {
  FormatOptions options;
  options.format = Format::raw;
  return PrintQueue(options, running_status);
}

TEST(PrintQueue, what_is_dropped_is_gone_and_the_rest_keeps_its_order) {
  PrintQueue queue = raw_queue();
  for (int note = 0; note < 3; ++note) queue.put(make_event(Kind::note_on, 1, note, 1));
  EXPECT_EQ(test::hex(queue.waiting()), "90 00 01 90 01 01 90 02 01");
  queue.drop(4);
  EXPECT_EQ(test::hex(queue.waiting()), "01 01 90 02 01");
  queue.put(make_event(Kind::clock));
  EXPECT_EQ(test::hex(queue.waiting()), "01 01 90 02 01 f8");
  queue.drop(6);
  EXPECT_EQ(queue.size(), 0U);
  queue.put(make_event(Kind::start));
  EXPECT_EQ(test::hex(queue.waiting()), "fa");
}

TEST(PrintQueue, running_status_goes_on_when_what_was_put_has_gone) {
  PrintQueue queue = raw_queue(true);
  queue.put(make_event(Kind::note_on, 1, 60, 1));
  queue.drop(queue.size());
  queue.put(make_event(Kind::note_on, 1, 61, 1));
  EXPECT_EQ(test::hex(queue.waiting()), "3d 01");
}

// A pipe takes what it can: the queue is never empty.
TEST(PrintQueue, taken_in_pieces_it_gives_the_same_bytes) {
  PrintQueue queue = raw_queue();
  std::string given;
  std::string expected;
  for (int i = 0; i < 20000; ++i) {
    const Event event = make_event(Kind::control_change, 1 + i % 16, i % 128, i / 128 % 128);
    expected += test::encoded(event);
    queue.put(event);
    const std::size_t taken = std::min<std::size_t>(queue.size(), i % 2 == 0 ? 1 : 5);
    given += queue.waiting().substr(0, taken);
    queue.drop(taken);
  }
  given += queue.waiting();
  EXPECT_EQ(given, expected);
}

TEST(PrintQueue, lines_of_any_length_go_out_as_they_are) {
  PrintQueue queue{FormatOptions()};
  std::string expected;
  const std::string behind(LineParser::margin, '#');
  for (std::size_t length = 0; length < 300; ++length) {
    const std::string line(length, static_cast<char>('a' + length % 26));
    expected += line + '\n';
    queue.put_line(std::string_view(line + behind).substr(0, length));
  }
  EXPECT_EQ(queue.waiting(), expected);
}

} // namespace
} // namespace mm
