// Time: what now is, what is due later, and the timers of scripts (mm.every, mm.after).
#pragma once

#include "io/agenda.hpp"
#include "io/clock.hpp"
#include "ref.hpp"

#include <optional>

namespace mm::py {

// mm.Timer
struct TimerObject {
  PyObject_HEAD           // NOLINT
      PyObject* function; // null: it is not active any more
  Nanoseconds period;     // 0: once
  Agenda<Ref>::Place place;
  unsigned generation; // of the scripts that have made it
  bool is_awaited;     // the end of the stream waits for it
};

bool add_timer_type(PyObject* module);

// Inside, times count on CLOCK_MONOTONIC, or are those of the events (a virtual clock). printed()
// makes of them what mm.now() and TIME say.
class Schedule {
 public:
  Schedule(bool is_virtual, ClockKind clock) : is_virtual_(is_virtual), clock_(clock) {}

  [[nodiscard]] bool is_virtual() const { return is_virtual_; }
  [[nodiscard]] Nanoseconds now() const { return is_virtual_ ? virtual_now_ : mm::now(); }
  [[nodiscard]] Nanoseconds printed(Nanoseconds time) const {
    return is_virtual_ ? time : clock_.stamp(time);
  }
  // The other way round.
  [[nodiscard]] Nanoseconds inside(Nanoseconds printed_time) const {
    const Nanoseconds current = now();
    return printed_time - (printed(current) - current);
  }

  // The virtual clock goes on to that time; the first time it is told, timers that are there
  // already have begun then. It never goes back.
  void advance(Nanoseconds time);

  void add_event(Nanoseconds due, Ref event);
  // Null: an exception is set.
  PyObject* add_timer(PyObject* function, Nanoseconds span, bool repeats);

  [[nodiscard]] static bool is_timer(PyObject* object);

  // A timer, or all those of a function. Whether there was one; an exception may be set.
  bool cancel(PyObject* what);

  // When the next one is due.
  [[nodiscard]] std::optional<Nanoseconds> next() const { return agenda_.next(); }

  struct Due {
    Ref what; // an event, or the function of a timer
    Nanoseconds time = 0;
    bool is_event = false;
  };
  // Takes the next one; there has to be one. A timer that repeats is set anew: from when it was
  // due, not from when it is called, so it does not drift; what was missed meanwhile is left out.
  Due take();

  // The end of the stream: timers that run once, and are there now, are waited for, and all events.
  // Others are called no more, or the end would never come.
  void end_of_input();
  // No timer that is there is called any more.
  void clear();
  // As long as tasks of handlers are left, timers that run once may still be made: for them.
  void set_tasks_left(bool are_left);
  [[nodiscard]] bool is_waited_for() const { return events_ + awaited_ > 0; }

  // Timers that are made from now on belong to the next generation of scripts; returns it. Those of
  // one that has gone are removed.
  unsigned begin_generation() { return ++generation_; }
  void remove_generations_before(unsigned generation);
  void remove_generation(unsigned generation);

 private:
  Ref stop(TimerObject* timer); // returns its function, for which nobody may be left
  template <class Which> void stop_if(Which&& which);

  bool is_virtual_;
  Clock clock_;
  Agenda<Ref> agenda_;
  Nanoseconds virtual_now_ = 0;
  bool has_begun_ = false;
  bool has_ended_ = false;
  bool are_tasks_left_ = false;
  std::size_t events_ = 0;  // of the entries
  std::size_t awaited_ = 0; // timers
  unsigned generation_ = 0;
};

} // namespace mm::py
