// Events to a descriptor: pipes that nobody reads, readers that go away, full disks.
#include "events.hpp"
#include "io/writer.hpp"
#include "pipes.hpp"
#include "random.hpp"

#include <gmock/gmock.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <thread>
#include <utility>

namespace mm {
namespace {

using test::flags;
using test::make_file;
using test::make_pipe;
using test::make_small_pipe;
using test::make_sockets;
using test::Pipe;
using test::poll;
using test::Random;
using test::read_all;
using test::read_some;
using test::repeated;
using test::run_until;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t queue_limit = 4UL << 20; // what may wait

// Event number `number`: its time is its number, so that a line tells where it belongs.
Event numbered(std::uint64_t number) {
  Event event = make_event(Kind::clock);
  event.time = static_cast<Nanoseconds>(number);
  event.time_form = TimeForm::absolute;
  return event;
}

// The same as a longer line, so that it takes fewer of them to fill a queue.
Event long_numbered(std::uint64_t number) {
  static const std::string tag = repeated("x", 100);
  Event event = numbered(number);
  event.port = tag;
  return event;
}

std::string line_of(const Event& event) { return test::text_of(event) + '\n'; }

// Long lines first ... last - 1.
std::string lines_of(std::uint64_t first, std::uint64_t last) {
  std::string text;
  for (; first < last; ++first) text += line_of(long_numbered(first));
  return text;
}

// `text` with the times of its :overrun lines, which nobody knows before, as 0.
std::string without_times(const std::string& text) {
  std::string plain;
  for (const std::string& line : test::split(text)) {
    const std::size_t meta = line.find(" :overrun ");
    plain += meta == std::string::npos ? line : std::string("0").append(line, meta);
    plain += '\n';
  }
  return plain;
}

// Where two texts differ first; empty if they do not. (They are long.)
std::string difference(std::string_view got, std::string_view wanted) {
  const auto at = std::mismatch(got.begin(), got.end(), wanted.begin(), wanted.end());
  if (at.first == got.end() && at.second == wanted.end()) return {};
  const auto offset = static_cast<std::size_t>(at.first - got.begin());
  return "at " + std::to_string(offset) + " of " + std::to_string(wanted.size()) + " it goes on '" +
         std::string(got.substr(offset, 100)) + "' and not '" +
         std::string(wanted.substr(offset, 100)) + "'";
}

class Writer : public testing::Test {
 protected:
  Writer() { std::signal(SIGPIPE, SIG_IGN); } // as Signals does

  ~Writer() override { close_copy(); }

  // A writer to a copy of `fd`, since finish() closes it; all its failures are kept.
  EventWriter& start(const Descriptor& fd, WhenFull mode, FormatOptions options = {}) {
    close_copy();
    failures_.clear();
    copy_ = ::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0);
    writer_.emplace(loop_, copy_, options, mode, Clock());
    writer_->on_failure([this](int error) { failures_.push_back(error); });
    return *writer_;
  }

  void close_copy() {
    writer_.reset();
    if (copy_ >= 0) ::close(std::exchange(copy_, -1));
  }

  // finish(), and whether the descriptor is closed then.
  struct Finished {
    Outcome outcome;
    bool closed;
  };
  Finished finish() {
    const Outcome outcome = writer_->finish();
    const bool closed = ::fcntl(copy_, F_GETFD) == -1;
    if (closed) copy_ = -1;
    return {outcome, closed};
  }

  // What is left of a writer's stream: the loop turns until nothing waits any more.
  std::string drained(const Descriptor& from) {
    std::string text;
    while (true) {
      poll(loop_);
      int there = 0;
      ::ioctl(from.get(), FIONREAD, &there);
      if (there == 0) return text;
      text += read_some(from);
    }
  }

  // The next `size` bytes, with the loop turning meanwhile. (A terminal passes them on when it
  // likes.)
  std::string next(const Descriptor& from, std::size_t size) {
    std::string text;
    while (text.size() < size) {
      poll(loop_);
      pollfd ready{from.get(), POLLIN, 0};
      if (::poll(&ready, 1, 1) == 1) text += read_some(from, size - text.size());
    }
    return text;
  }

  boost::asio::io_context loop_{1};
  std::optional<EventWriter> writer_;
  std::vector<int> failures_;
  int copy_ = -1; // what it writes to
};

// --- the source can wait ---

TEST_F(Writer, flush_sends_what_was_put) {
  const Pipe pipe = make_pipe();
  EventWriter& writer = start(pipe.in, WhenFull::wait);
  writer.put(numbered(1));
  writer.put(make_event(Kind::note_on, 1, 60, 100));
  EXPECT_EQ(drained(pipe.out), "");
  writer.flush();
  EXPECT_EQ(drained(pipe.out), "0.000000001 clock\nnote-on 1 60 100\n");
  writer.flush(); // nothing is left
  writer.put(numbered(2));
  writer.flush();
  EXPECT_EQ(drained(pipe.out), "0.000000002 clock\n");
  EXPECT_EQ(writer.lost(), 0U);
  EXPECT_THAT(failures_, IsEmpty());
}

TEST_F(Writer, prints_in_the_format_that_was_asked_for) {
  const auto printed = [this](FormatOptions options) {
    const Descriptor file = make_file();
    EventWriter& writer = start(file, WhenFull::wait, options);
    writer.put(make_event(Kind::note_on, 1, 60, 100));
    writer.put(make_meta(":overrun 3"));
    EXPECT_TRUE(finish().outcome);
    return test::content(file);
  };
  EXPECT_EQ(printed({}), "note-on 1 60 100\n:overrun 3\n");
  EXPECT_EQ(printed({Format::text, {true, 3}, default_max_sysex}),
            "note-on 1 C3 100\n:overrun 3\n");
  EXPECT_EQ(printed({Format::json, {}, default_max_sysex}),
            "{\"kind\":\"note-on\",\"channel\":1,\"note\":60,\"velocity\":100}\n"
            "{\"kind\":\":overrun\",\"arguments\":\"3\"}\n");
  EXPECT_EQ(printed({Format::raw, {}, default_max_sysex}), test::bytes("90 3c 64"));
  EXPECT_EQ(printed({Format::mido, {}, default_max_sysex}),
            "note_on channel=0 note=60 velocity=100 time=0\n# :overrun 3\n");
}

TEST_F(Writer, a_large_chunk_goes_out_without_flush) {
  const Pipe pipe = make_pipe();
  test::must(::fcntl(pipe.in.get(), F_SETPIPE_SZ, 1 << 20) > 0, "F_SETPIPE_SZ");
  EventWriter& writer = start(pipe.in, WhenFull::wait);
  std::uint64_t count = 0;
  while (count * line_of(long_numbered(0)).size() < 64UL << 10) {
    EXPECT_EQ(drained(pipe.out), "");
    writer.put(long_numbered(count++));
  }
  EXPECT_EQ(drained(pipe.out), lines_of(0, count));
}

TEST_F(Writer, waits_for_a_slow_reader_and_loses_nothing) {
  constexpr std::uint64_t count = 5'000;
  for (const bool blocking : {true, false}) {
    for (const auto make : {make_small_pipe, make_sockets}) {
      Pipe pipe = make();
      ASSERT_EQ(::fcntl(pipe.in.get(), F_SETFL, blocking ? 0 : O_NONBLOCK), 0);
      EventWriter& writer = start(pipe.in, WhenFull::wait);
      std::string got;
      std::thread reader([&] { got = read_all(pipe.out); });
      for (std::uint64_t i = 0; i < count; ++i) {
        writer.put(long_numbered(i));
        if (i % 10 == 0) writer.flush();
      }
      EXPECT_TRUE(finish().outcome);
      pipe.in = Descriptor();
      reader.join();
      EXPECT_EQ(difference(got, lines_of(0, count)), "");
      EXPECT_EQ(writer.lost(), 0U);
    }
  }
}

TEST_F(Writer, finish_writes_the_rest_and_closes) {
  const Pipe pipe = make_pipe();
  EventWriter& writer = start(pipe.in, WhenFull::wait);
  writer.put(numbered(1));
  const Finished finished = finish();
  EXPECT_TRUE(finished.outcome);
  EXPECT_TRUE(finished.closed);
  EXPECT_EQ(drained(pipe.out), "0.000000001 clock\n");
}

TEST_F(Writer, a_file_is_written_from_where_it_stands) {
  for (const WhenFull mode : {WhenFull::wait, WhenFull::lose}) {
    const Descriptor file = make_file("before\n");
    ::lseek(file.get(), 0, SEEK_END);
    EventWriter& writer = start(file, mode);
    for (std::uint64_t i = 0; i < 1000; ++i) writer.put(long_numbered(i));
    writer.flush();
    EXPECT_EQ(test::content(file), "before\n" + lines_of(0, 1000));
    poll(loop_);
    writer.put(long_numbered(1000));
    EXPECT_TRUE(finish().outcome);
    EXPECT_EQ(test::content(file), "before\n" + lines_of(0, 1001));
    EXPECT_THAT(failures_, IsEmpty());
  }
}

// --- the source cannot wait ---

// Puts events up to number `last` (as far as they are taken) and says how many were lost.
std::uint64_t put_all(EventWriter& writer, std::uint64_t first, std::uint64_t last) {
  const std::uint64_t before = writer.lost();
  for (; first < last; ++first) {
    writer.put(long_numbered(first));
    if (first % 16 == 0) writer.flush();
  }
  writer.flush();
  return writer.lost() - before;
}

constexpr std::uint64_t too_many = 50'000; // 6 MB

TEST_F(Writer, a_pipe_that_nobody_reads_keeps_nobody_waiting_and_is_bounded) {
  for (const auto make : {make_small_pipe, make_sockets}) {
    const Pipe pipe = make();
    EventWriter& writer = start(pipe.in, WhenFull::lose);
    const std::uint64_t lost = put_all(writer, 0, too_many);
    ASSERT_GT(lost, 0U);
    const std::string kept = lines_of(0, too_many - lost);
    EXPECT_GT(kept.size(), queue_limit - 1000);
    EXPECT_LT(kept.size(), queue_limit + (512UL << 10)); // and what the pipe itself takes

    // Now it is read again: first what was kept, then how many were lost, then what follows.
    EXPECT_EQ(without_times(drained(pipe.out)), kept + "0 :overrun " + std::to_string(lost) + '\n');
    writer.put(numbered(too_many));
    writer.flush();
    EXPECT_EQ(drained(pipe.out), "0.000050000 clock\n");
    EXPECT_EQ(writer.lost(), lost);
    EXPECT_THAT(failures_, IsEmpty());
  }
}

TEST_F(Writer, what_was_lost_is_said_where_it_is_missing) {
  const Pipe pipe = make_small_pipe();
  EventWriter& writer = start(pipe.in, WhenFull::lose);
  const std::uint64_t lost = put_all(writer, 0, too_many);
  std::string text;
  while (text.size() < 100'000) { // there is room again, but much still waits
    text += read_some(pipe.out);
    poll(loop_);
  }
  EXPECT_EQ(put_all(writer, too_many, too_many + 100), 0U);
  text += drained(pipe.out);
  const std::string wanted = lines_of(0, too_many - lost) + "0 :overrun " + std::to_string(lost) +
                             '\n' + lines_of(too_many, too_many + 100);
  EXPECT_EQ(difference(without_times(text), wanted), "");
}

TEST_F(Writer, what_a_loss_left_wrong_is_set_right_just_after_it_was_said) {
  const Pipe pipe = make_small_pipe();
  EventWriter& writer = start(pipe.in, WhenFull::lose);
  int set_right = 0;
  writer.on_loss([&] {
    ++set_right;
    EXPECT_TRUE(writer.put(numbered(999'999)));
  });
  std::uint64_t number = 0;
  while (writer.put(long_numbered(number))) ++number;
  EXPECT_EQ(set_right, 0);
  EXPECT_EQ(without_times(drained(pipe.out)),
            lines_of(0, number) + "0 :overrun 1\n" + line_of(numbered(999'999)));
  EXPECT_EQ(set_right, 1);
}

TEST_F(Writer, near_the_end_it_takes_everything) {
  const Pipe pipe = make_small_pipe();
  EventWriter& writer = start(pipe.in, WhenFull::lose);
  std::uint64_t number = 0;
  while (writer.put(long_numbered(number))) ++number;
  writer.lose_no_more();
  EXPECT_TRUE(writer.put(long_numbered(number)));
  EXPECT_EQ(without_times(drained(pipe.out)),
            lines_of(0, number) + "0 :overrun 1\n" + line_of(long_numbered(number)));
  EXPECT_EQ(writer.lost(), 1U);
}

TEST_F(Writer, finish_with_patience_gives_up_a_reader_that_takes_nothing) {
  const Pipe pipe = make_small_pipe();
  EventWriter& writer = start(pipe.in, WhenFull::lose);
  std::string all;
  for (std::uint64_t number = 0; number < 10'000; ++number) {
    writer.put(long_numbered(number));
    all += line_of(long_numbered(number));
  }
  writer.flush();
  int there = 0;
  ::ioctl(pipe.out.get(), FIONREAD, &there);
  const Outcome outcome = writer.finish(second / 100);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().what, "stdout: nobody reads it any more; the last " +
                                      std::to_string(all.size() - static_cast<std::size_t>(there)) +
                                      " bytes were not written");
}

TEST_F(Writer, finish_says_what_was_lost) {
  Pipe pipe = make_small_pipe();
  EventWriter& writer = start(pipe.in, WhenFull::lose);
  const std::uint64_t lost = put_all(writer, 0, too_many);
  std::string got;
  std::thread reader([&] { got = read_all(pipe.out); });
  pipe.in = Descriptor();
  EXPECT_TRUE(finish().outcome);
  writer_.reset(); // it has the pipe open once more
  reader.join();
  const std::string wanted =
      lines_of(0, too_many - lost) + "0 :overrun " + std::to_string(lost) + '\n';
  EXPECT_EQ(difference(without_times(got), wanted), "");
}

TEST_F(Writer, the_time_of_an_overrun_is_now) {
  const Pipe pipe = make_small_pipe();
  EventWriter& writer = start(pipe.in, WhenFull::lose);
  put_all(writer, 0, too_many);
  const Nanoseconds before = now();
  const std::string last = test::split(drained(pipe.out)).back();
  const auto seconds = std::strtod(last.c_str(), nullptr);
  EXPECT_GE(seconds, static_cast<double>(before) / 1e9 - 0.001) << last;
  EXPECT_LE(seconds, static_cast<double>(now()) / 1e9 + 0.001) << last;
}

TEST_F(Writer, one_event_may_be_longer_than_the_queue) {
  const Pipe pipe = make_small_pipe();
  EventWriter& writer = start(pipe.in, WhenFull::lose);
  const std::string sysex = '\xf0' + std::string(2UL << 20, '\x01') + '\xf7'; // 6 MB of text
  writer.put(make_bytes(Kind::sysex, sysex));
  writer.put(numbered(1));
  EXPECT_EQ(writer.lost(), 1U);
  const std::string text = drained(pipe.out);
  EXPECT_EQ(without_times(text.substr(text.find('\n') + 1)), "0 :overrun 1\n");
  EXPECT_EQ(
      difference(text.substr(0, text.find('\n')), "sysex f0" + repeated(" 01", 2UL << 20) + " f7"),
      "");
}

// Whatever is put, read and turned when: the lines come in order, and each gap has its :overrun
// line, in its place, with its count.
TEST_F(Writer, every_gap_is_counted_where_it_is) {
  for (std::uint64_t seed = 1; seed <= 8 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const Pipe pipe = random.one_in(2) ? make_small_pipe() : make_sockets();
    EventWriter& writer = start(pipe.in, WhenFull::lose);
    const std::string filler(200'000, '\x01');
    std::string text;
    std::uint64_t count = 0;
    const auto read = [&](std::size_t most) {
      for (std::size_t got = 0; got < most; got += 1UL << 16) {
        int there = 0;
        ::ioctl(pipe.out.get(), FIONREAD, &there);
        if (there > 0) text += read_some(pipe.out);
        poll(loop_);
      }
    };
    for (int step = 0; step < 150; ++step) {
      switch (random.below(4)) {
      case 0:
        for (std::size_t n = random.below(500); n > 0; --n) writer.put(numbered(count++));
        break;
      case 1: { // a large one: a small one may still fit where this does not
        Event event = numbered(count++);
        event.kind = Kind::raw;
        event.data = std::string_view(filler).substr(0, random.below(filler.size()) + 1);
        writer.put(event);
        break;
      }
      case 2: writer.flush(); break;
      default: read(random.below(1UL << 20));
      }
    }
    writer.flush();
    text += drained(pipe.out);
    std::uint64_t next = 0;
    std::uint64_t lost = 0;
    for (const std::string& line : test::split(text)) {
      if (const std::size_t at = line.find(" :overrun "); at != std::string::npos) {
        const std::uint64_t gap = std::strtoull(line.c_str() + at + 10, nullptr, 10);
        EXPECT_GT(gap, 0U);
        next += gap;
        lost += gap;
      } else {
        ASSERT_EQ(line.substr(0, 11), line_of(numbered(next)).substr(0, 11));
        ++next;
      }
    }
    EXPECT_EQ(next, count);
    EXPECT_EQ(lost, writer.lost());
  }
}

// --- the other end goes away ---

TEST_F(Writer, a_reader_that_has_gone_is_a_quiet_end_and_said_once) {
  for (const auto make : {make_pipe, make_sockets}) {
    for (const WhenFull mode : {WhenFull::wait, WhenFull::lose}) {
      Pipe pipe = make();
      EventWriter& writer = start(pipe.in, mode);
      pipe.out = Descriptor();
      writer.put(numbered(1));
      EXPECT_FALSE(writer.reader_gone());
      writer.flush();
      EXPECT_TRUE(writer.reader_gone());
      EXPECT_THAT(failures_, ElementsAre(0));
      writer.put(numbered(2));
      writer.flush();
      poll(loop_);
      EXPECT_THAT(failures_, ElementsAre(0));
      EXPECT_TRUE(finish().outcome);
      EXPECT_EQ(writer.lost(), 0U);
    }
  }
}

TEST_F(Writer, notices_that_the_reader_has_gone_though_nothing_is_written) {
  for (const auto make : {make_pipe, make_sockets}) {
    for (const WhenFull mode : {WhenFull::wait, WhenFull::lose}) {
      Pipe pipe = make();
      EventWriter& writer = start(pipe.in, mode);
      poll(loop_);
      EXPECT_THAT(failures_, IsEmpty());
      pipe.out = Descriptor();
      EXPECT_TRUE(run_until(loop_, [&] { return !failures_.empty(); }));
      EXPECT_THAT(failures_, ElementsAre(0));
      EXPECT_TRUE(writer.reader_gone());
    }
  }
}

TEST_F(Writer, notices_it_while_much_waits_to_be_written) {
  Pipe pipe = make_small_pipe();
  EventWriter& writer = start(pipe.in, WhenFull::lose);
  put_all(writer, 0, 10'000);
  pipe.out = Descriptor();
  EXPECT_TRUE(run_until(loop_, [&] { return !failures_.empty(); }));
  poll(loop_);
  EXPECT_THAT(failures_, ElementsAre(0));
  EXPECT_TRUE(finish().outcome); // waits for nobody
}

TEST_F(Writer, finish_is_quiet_about_a_reader_that_has_gone) {
  Pipe pipe = make_pipe();
  EventWriter& writer = start(pipe.in, WhenFull::wait);
  writer.put(numbered(1));
  pipe.out = Descriptor();
  EXPECT_TRUE(finish().outcome);
  EXPECT_TRUE(writer.reader_gone());
  EXPECT_THAT(failures_, IsEmpty());
}

TEST_F(Writer, after_its_end_it_says_nothing) {
  Pipe pipe = make_pipe();
  start(pipe.in, WhenFull::lose);
  EXPECT_TRUE(finish().outcome);
  pipe.out = Descriptor();
  poll(loop_);
  EXPECT_THAT(failures_, IsEmpty());
}

TEST_F(Writer, a_full_disk_is_an_error_with_its_number) {
  for (const WhenFull mode : {WhenFull::wait, WhenFull::lose}) {
    const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    EventWriter& writer = start(full, mode);
    writer.put(numbered(1));
    writer.flush();
    EXPECT_THAT(failures_, ElementsAre(ENOSPC));
    EXPECT_FALSE(writer.reader_gone());
    EXPECT_TRUE(finish().outcome) << "it was said";
  }
}

TEST_F(Writer, a_disk_that_is_full_at_the_end_is_the_error_of_finish) {
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  EventWriter& writer = start(full, WhenFull::lose);
  writer.put(numbered(1));
  const Outcome finished = finish().outcome;
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().what, "stdout: No space left on device");
  EXPECT_EQ(finished.error().status, 1);
  EXPECT_THAT(failures_, IsEmpty());
}

// --- the descriptor is shared ---

// A terminal that gives out what it is given, byte for byte.
Pipe make_terminal() {
  Pipe terminal;
  terminal.out = Descriptor(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  test::must(::grantpt(terminal.out.get()) == 0 && ::unlockpt(terminal.out.get()) == 0, "pty");
  terminal.in = Descriptor(::open(::ptsname(terminal.out.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  test::must(static_cast<bool>(terminal.in), "pty");
  termios mode{};
  ::tcgetattr(terminal.in.get(), &mode);
  ::cfmakeraw(&mode);
  ::tcsetattr(terminal.in.get(), TCSANOW, &mode);
  return terminal;
}

TEST_F(Writer, never_changes_the_flags_of_the_descriptor) {
  for (const auto make : {make_small_pipe, make_sockets, make_terminal}) {
    for (const WhenFull mode : {WhenFull::wait, WhenFull::lose}) {
      Pipe pipe = make();
      const int before = flags(pipe.in);
      EXPECT_EQ(before & O_NONBLOCK, 0);
      EventWriter& writer = start(pipe.in, mode);
      EXPECT_EQ(flags(pipe.in), before);
      poll(loop_);
      EXPECT_EQ(flags(pipe.in), before);
      // More than it takes at once, if nobody waits.
      const std::string text = lines_of(0, mode == WhenFull::lose ? 2000 : 10);
      put_all(writer, 0, mode == WhenFull::lose ? 2000 : 10);
      EXPECT_EQ(flags(pipe.in), before);
      poll(loop_);
      EXPECT_EQ(flags(pipe.in), before);
      EXPECT_EQ(difference(next(pipe.out, text.size()), text), "");
      EXPECT_EQ(flags(pipe.in), before);
      EXPECT_TRUE(finish().outcome);
      EXPECT_EQ(flags(pipe.in), before);
      writer_.reset();
      EXPECT_EQ(flags(pipe.in), before);
    }
  }
}

// --- the clock of TIME ---

TEST(Clock, counts_as_it_was_asked_to) {
  EXPECT_EQ(Clock().stamp(5), 5);
  EXPECT_EQ(Clock(ClockKind::monotonic).stamp(5), 5);

  const Nanoseconds before = now();
  const Clock start(ClockKind::start);
  const Nanoseconds after = now();
  EXPECT_EQ(start.stamp(before - 1), 0) << "nothing was before it";
  EXPECT_GE(start.stamp(after + second), second);
  EXPECT_LE(start.stamp(before + second), second);

  const Nanoseconds wall = now(CLOCK_REALTIME);
  const Nanoseconds stamp = Clock(ClockKind::realtime).stamp(now());
  EXPECT_GE(stamp, wall - second / 100);
  EXPECT_LE(stamp, now(CLOCK_REALTIME) + second / 100);
}

} // namespace
} // namespace mm
