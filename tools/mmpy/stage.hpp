// A stage of a pipeline: the loop in which events come in, go through the scripts' handlers, and
// out, and in which timers and descriptors have their turn.
//
// It waits by poll(), not by a reactor: a stage has few descriptors, those that scripts watch are
// theirs (a reactor would make them non-blocking, and not see that they were closed), and a turn
// costs one system call less.
#pragma once

#include "calls.hpp"
#include "cli/stage_ends.hpp"
#include "dispatch.hpp"
#include "options.hpp"
#include "polled.hpp"
#include "schedule.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mm::py {

class Scripts;
class Monster;

class Stage {
 public:
  // `in` and `out` are where events come from and go to.
  Stage(const Options& options, int in, int out);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // The one of this process.
  static Stage& the();

  Ended run();

  // --- what the module mm calls ---

  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] Calls& calls() { return calls_; }
  [[nodiscard]] Dispatch& dispatch() { return dispatch_; }
  [[nodiscard]] Schedule& schedule() { return schedule_; }
  [[nodiscard]] Downstream& downstream() { return ends_.downstream(); }
  [[nodiscard]] Monster* monster() { return monster_.get(); }

  // Sends now, or when it is due. False: an exception is set.
  bool send(PyObject* what, std::optional<Nanoseconds> due);

  // Null: an exception is set.
  PyObject* add_timer(PyObject* function, Nanoseconds span, bool repeats);

  // Another thread has made something to do.
  void wake_main();

  // Watches a descriptor, or no more. False: an exception is set.
  bool watch(PyObject* object, PyObject* function);
  bool unwatch(PyObject* object);

  // asyncio's wait: until its descriptor can be read, `timeout` has gone by (none: for ever), or
  // code of the scripts has run.
  bool wait(int fd, std::optional<Nanoseconds> timeout);
  void spawn(PyObject* work, std::size_t place, PyObject* event, bool is_awaited);
  void task_done() { schedule_.set_tasks_left(--tasks_ > 0); }

  void want_commands();
  // Scripts that were loaded anew have taken the place of others, which come to their end.
  void end_scripts(std::unique_ptr<Registry> before);

  void set_failed() { ends_.set_failed(); }

 private:
  bool load();
  void start();
  void turn(std::optional<Nanoseconds> deadline, int fd);
  void read_events(std::optional<Nanoseconds> deadline);
  bool has_event();
  bool advance_to(const Event& event, std::optional<Nanoseconds> deadline);
  void run_due(Nanoseconds until);
  void call_due();
  void take_result(const Ref& result);
  void end_of_input();
  bool is_done();
  void run_rest(std::optional<Nanoseconds> deadline);
  void poll(std::optional<Nanoseconds> until, int fd);
  void take_polled(const Polled& polled);
  void call_watch(int fd);
  void write();
  void wait_for_room();
  void wake();
  void use_asyncio();
  bool take_command(EventObject* object);
  Ended finish();
  void call_at_start();
  void call_at_exit();
  static void collect_garbage(const char* how);
  bool look_at_time();
  bool send_later(PyObject* what, Nanoseconds due);
  bool send_from_thread(PyObject* what, bool is_now, std::optional<Nanoseconds> due);
  bool wait_at_end(int fd, std::optional<Nanoseconds> deadline);
  void check_signals();
  void release();

  const Options& options_;
  int in_;
  StageEnds ends_;
  Calls calls_;
  Schedule schedule_;
  Dispatch dispatch_;
  Event event_; // the one in hand
  std::unique_ptr<Scripts> scripts_;
  std::unique_ptr<Monster> monster_;
  std::array<int, 2> wake_pipe_{-1, -1};
  unsigned long main_thread_ = 0;
  Polled polled_;
  Nanoseconds looked_ = 0;      // when this turn began, by a coarse clock
  bool is_slow_ = false;        // the scripts took long in this turn, or the one before
  Nanoseconds stream_time_ = 0; // of the last event, on the virtual clock
  int busy_ = 0;                // how often in a row asyncio had something to do at once
  bool was_timed_ = true;       // the last event had a TIME
  std::size_t tasks_ = 0;       // of asyncio, which the end of the stream waits for
  Ref aio_;                     // the module, once it is wanted
  bool is_fd_ready_ = false;    // asyncio's
  bool has_spawned_ = false;    // tasks that asyncio has not begun yet
  bool is_closing_ = false;
  Ref commands_; // the module
};

} // namespace mm::py
