// Waiting for a descriptor that is shared with others.
#include "io/watch.hpp"
#include "pipes.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <optional>

namespace mm {
namespace {

using test::make_file;
using test::make_pipe;
using test::make_sockets;
using test::Pipe;
using test::poll;
using test::run_until;
using test::write_all;

using For = Watch::For;

// A loop, and how often it said that something is ready.
struct Turns {
  boost::asio::io_context loop{1};
  int count = 0;
  std::function<void()> one() {
    return [this] { ++count; };
  }
  // Waits until it was said so often; then says how often it was.
  int upto(int wanted) {
    run_until(loop, [&] { return count >= wanted; });
    return count;
  }
};

TEST(Watch, says_once_that_a_pipe_can_be_read) {
  const Pipe pipe = make_pipe();
  Turns turns;
  Watch watch(turns.loop, pipe.out.get());
  watch.wait(For::read, turns.one());
  poll(turns.loop);
  EXPECT_EQ(turns.count, 0);
  write_all(pipe.in, "x");
  EXPECT_EQ(turns.upto(1), 1);
  write_all(pipe.in, "x");
  poll(turns.loop);
  EXPECT_EQ(turns.count, 1) << "nobody waits any more";
}

TEST(Watch, says_that_a_FIFO_has_ended_whose_writer_had_gone_before) {
  const std::string path = testing::TempDir() + "mm_watch_fifo_" + std::to_string(::getpid());
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  for (const std::string text : {"", "x"}) {
    const Descriptor out(::open(path.c_str(), O_RDONLY | O_NONBLOCK));
    {
      const Descriptor in(::open(path.c_str(), O_WRONLY));
      write_all(in, text);
    }
    ::fcntl(out.get(), F_SETFL, 0);
    Turns turns;
    Watch watch(turns.loop, out.get());
    std::string got;
    for (int n = 1; n <= 2 && got.size() < text.size() + 1; ++n) {
      watch.wait(For::read, turns.one());
      ASSERT_EQ(turns.upto(n), n);
      char c = 0;
      got += ::read(out.get(), &c, 1) == 1 ? c : '.';
    }
    EXPECT_EQ(got, text + '.');
  }
  ::unlink(path.c_str());
}

TEST(Watch, says_so_of_what_was_there_before_the_wait) {
  const Pipe pipe = make_pipe();
  write_all(pipe.in, "x");
  Turns turns;
  Watch watch(turns.loop, pipe.out.get());
  for (int n = 1; n <= 3; ++n) { // it is still there
    watch.wait(For::read, turns.one());
    EXPECT_EQ(turns.upto(n), n);
  }
}

TEST(Watch, says_that_a_pipe_can_be_written_when_there_is_room) {
  const Pipe pipe = test::make_small_pipe();
  Turns turns;
  Watch watch(turns.loop, pipe.in.get());
  watch.wait(For::write, turns.one());
  EXPECT_EQ(turns.upto(1), 1);

  test::fill_up(pipe.in);
  watch.wait(For::write, turns.one());
  poll(turns.loop);
  EXPECT_EQ(turns.count, 1);
  test::read_some(pipe.out);
  EXPECT_EQ(turns.upto(2), 2);
}

TEST(Watch, the_end_of_the_input_can_be_read) {
  for (const auto make : {make_pipe, make_sockets}) {
    Pipe pipe = make();
    Turns turns;
    Watch watch(turns.loop, pipe.out.get());
    watch.wait(For::read, turns.one());
    poll(turns.loop);
    EXPECT_EQ(turns.count, 0);
    pipe.in = Descriptor();
    EXPECT_EQ(turns.upto(1), 1);
  }
}

TEST(Watch, an_error_is_that_the_reader_has_gone_and_nothing_else) {
  for (const auto make : {make_pipe, make_sockets}) {
    Pipe pipe = make();
    Turns turns;
    Watch watch(turns.loop, pipe.in.get());
    watch.wait(For::error, turns.one());
    write_all(pipe.in, "x");
    poll(turns.loop);
    test::read_some(pipe.out);
    poll(turns.loop);
    EXPECT_EQ(turns.count, 0);
    pipe.out = Descriptor();
    EXPECT_EQ(turns.upto(1), 1);
  }
}

TEST(Watch, a_regular_file_is_ready_at_once_and_has_no_error) {
  const Descriptor file = make_file("x");
  Turns turns;
  Watch watch(turns.loop, file.get());
  for (const For what : {For::read, For::write}) {
    turns.count = 0;
    watch.wait(what, turns.one());
    EXPECT_EQ(turns.count, 0) << "only from the loop";
    poll(turns.loop);
    EXPECT_EQ(turns.count, 1);
  }
  watch.wait(For::error, turns.one());
  poll(turns.loop);
  EXPECT_EQ(turns.count, 1);
}

TEST(Watch, a_new_wait_replaces_the_one_before) {
  const Pipe pipe = make_pipe();
  const Descriptor file = make_file();
  for (const int fd : {pipe.out.get(), file.get()}) {
    Turns before;
    int count = 0;
    Watch watch(before.loop, fd);
    watch.wait(For::read, before.one());
    watch.wait(For::read, before.one());
    watch.wait(For::read, [&] { ++count; });
    if (fd == pipe.out.get()) write_all(pipe.in, "x");
    EXPECT_TRUE(run_until(before.loop, [&] { return count > 0; }));
    poll(before.loop);
    EXPECT_EQ(before.count, 0);
    EXPECT_EQ(count, 1);
  }
}

// The replaced wait is for something else, and that is there: this must not count as the new one.
TEST(Watch, what_the_wait_before_was_for_does_not_wake_the_new_one) {
  const Pipe sockets = make_sockets();
  Turns turns;
  Watch watch(turns.loop, sockets.in.get());
  watch.wait(For::write, turns.one()); // at any time
  watch.wait(For::read, turns.one());
  poll(turns.loop);
  poll(turns.loop);
  EXPECT_EQ(turns.count, 0);
  write_all(sockets.out, "x");
  EXPECT_EQ(turns.upto(1), 1);
}

TEST(Watch, the_next_wait_may_begin_where_the_last_one_ends) {
  const Pipe pipe = make_pipe();
  boost::asio::io_context loop{1};
  Watch watch(loop, pipe.out.get());
  std::string got;
  std::function<void()> read = [&] {
    got += test::read_some(pipe.out, 1);
    watch.wait(For::read, read);
  };
  watch.wait(For::read, read);
  write_all(pipe.in, "abc");
  EXPECT_TRUE(run_until(loop, [&] { return got.size() == 3; }));
  poll(loop);
  EXPECT_EQ(got, "abc");
}

TEST(Watch, is_silent_once_it_is_cancelled_or_gone) {
  const Pipe pipe = make_pipe();
  const Descriptor file = make_file();
  for (const int fd : {pipe.out.get(), file.get()}) {
    for (const bool ready_before : {false, true}) {
      for (const bool cancel : {false, true}) {
        Turns turns;
        std::optional<Watch> watch;
        watch.emplace(turns.loop, fd);
        watch->wait(For::read, turns.one());
        if (ready_before) write_all(pipe.in, "x");
        cancel ? watch->cancel() : watch.reset();
        if (!ready_before) write_all(pipe.in, "x");
        poll(turns.loop);
        poll(turns.loop);
        EXPECT_EQ(turns.count, 0) << fd << ready_before << cancel;
        test::read_some(pipe.out);
      }
    }
  }
}

// Both become ready in one turn of the loop, and the first one ends the second.
TEST(Watch, one_that_goes_while_its_turn_is_due_is_silent) {
  const Pipe one = make_pipe();
  const Pipe other = make_pipe();
  Turns turns;
  std::array<std::optional<Watch>, 2> watch;
  watch[0].emplace(turns.loop, one.out.get());
  watch[1].emplace(turns.loop, other.out.get());
  for (std::size_t i = 0; i < 2; ++i)
    watch[i]->wait(For::read, [&, i] {
      ++turns.count;
      watch[1 - i].reset();
    });
  write_all(one.in, "x");
  write_all(other.in, "x");
  turns.upto(1);
  poll(turns.loop);
  poll(turns.loop);
  EXPECT_EQ(turns.count, 1);
}

TEST(Watch, two_may_watch_the_same_descriptor) {
  Pipe sockets = make_sockets();
  Turns turns;
  Watch writable(turns.loop, sockets.in.get());
  Watch closed(turns.loop, sockets.in.get());
  int gone = 0;
  closed.wait(For::error, [&] { ++gone; });
  writable.wait(For::write, turns.one());
  turns.upto(1);
  poll(turns.loop);
  EXPECT_EQ(turns.count, 1);
  EXPECT_EQ(gone, 0);
  sockets.out = Descriptor();
  EXPECT_TRUE(run_until(turns.loop, [&] { return gone > 0; }));
  EXPECT_EQ(gone, 1);
}

TEST(Watch, never_changes_the_flags_of_the_descriptor) {
  const Pipe pipe = make_pipe();
  const Pipe sockets = make_sockets();
  const Descriptor file = make_file();
  write_all(pipe.in, "x");
  for (const Descriptor* fd : {&pipe.out, &pipe.in, &sockets.in, &file}) {
    const int before = test::flags(*fd);
    EXPECT_EQ(before & O_NONBLOCK, 0);
    Turns turns;
    {
      Watch watch(turns.loop, fd->get());
      for (const For what : {For::read, For::write, For::error}) {
        watch.wait(what, turns.one());
        poll(turns.loop);
        EXPECT_EQ(test::flags(*fd), before);
      }
      watch.cancel();
    }
    poll(turns.loop);
    EXPECT_EQ(test::flags(*fd), before);
  }
}

} // namespace
} // namespace mm
