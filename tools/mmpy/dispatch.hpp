// Events on their way through the handlers, from the input to what goes out.
#pragma once

#include "calls.hpp"
#include "event_object.hpp"
#include "io/downstream.hpp"
#include "io/stamp.hpp"
#include "registry.hpp"
#include "state.hpp"

#include <functional>
#include <memory>

namespace mm::py {

// Calls `take` with the event, or with each of several. False: `take` said so, or it is something
// else; an exception is set.
bool for_each_sent(PyObject* what, const std::function<bool(EventObject*)>& take);

// Whether it is a coroutine, an asynchronous generator, or anything else that is waited for.
bool is_awaitable(PyObject* object);

// The place behind all handlers.
inline constexpr unsigned place_bits = 32;
inline constexpr std::size_t no_handler = (std::size_t{1} << place_bits) - 1;

class Dispatch {
 public:
  Dispatch(Calls& calls, Downstream& downstream, bool is_virtual)
      : calls_(calls), downstream_(downstream), stamp_(is_virtual) {}

  // An event of the input.
  void take(const Event& event);

  // What is sent from now on is sent at this time, and not by an event.
  void expect(TimeForm form) { stamp_.expect(form); }
  void begin(Nanoseconds printed_time) { stamp_.begin(printed_time); }
  // What another thread sends has nothing to do with what is handled here: kept, and put back.
  [[nodiscard]] const Stamp& stamp() const { return stamp_; }
  void put_back(const Stamp& stamp) { stamp_ = stamp; }
  // The same at the end of the stream.
  void begin_end() { stamp_.begin_end(); }
  // The same by an event that is handled elsewhere.
  void begin(const Event& event) { stamp_.begin(event); }

  // What a handler has returned: goes on to the handlers from this place on, and then out.
  void forward(PyObject* result, std::size_t place);
  // The same of a task, as which on_async() was told the place: after a reload there may be others.
  void forward_late(PyObject* result, std::size_t place);
  // An event whose handler has failed: if it ends a note that sounds behind us, it passes.
  void rescue(const Event& event);

  // Sends an event, or several. False: it is something else; an exception is set.
  bool send(PyObject* what);
  // The same at another time than now.
  void send_at(EventObject* object, Nanoseconds printed_time);

  // Sends an event that was made outside of Python, at the time of what is handled.
  void pass(const Event& event);

  // drop() in the code of -e.
  void drop() { dropped_ = true; }

  [[nodiscard]] Registry& registry() { return *registry_; }
  // Another one takes its place; the old one is returned.
  std::unique_ptr<Registry> exchange(std::unique_ptr<Registry> other) {
    std::swap(registry_, other);
    ++generation_;
    return other;
  }
  [[nodiscard]] const State& state() const { return state_; }
  // The last values are not asked for.
  void leave_state() { follows_state_ = false; }

  // Called with each JSON sysex while commands are wanted; says whether it was one.
  void on_command(std::function<bool(EventObject*)> take) { command_ = std::move(take); }
  [[nodiscard]] bool wants_commands() const { return static_cast<bool>(command_); }

  // Takes something to be awaited, whose results go to forward_late(); and the event that it was
  // made for, or None.
  void on_async(std::function<void(PyObject*, std::size_t place, PyObject* event)> spawn) {
    spawn_ = std::move(spawn);
  }
  // Called between events that come one by one out of the script's code.
  void on_tick(std::function<void()> tick) { tick_ = std::move(tick); }

 private:
  EventObject* borrow(const Event& event);
  void give_back();
  void put(const EventObject* object);
  void enter(EventObject* object, std::size_t place);
  void spawn(PyObject* work, std::size_t place, EventObject* object);
  void run(const Handler& handler, EventObject* object);
  Ref run_expression(PyObject* function, EventObject* object);
  void forward_each(PyObject* several, std::size_t place);

  Calls& calls_;
  Downstream& downstream_;
  std::unique_ptr<Registry> registry_ = std::make_unique<Registry>();
  State state_;
  bool follows_state_ = true;
  Stamp stamp_;
  std::function<bool(EventObject*)> command_;
  std::function<void(PyObject*, std::size_t, PyObject*)> spawn_;
  std::function<void()> tick_;
  std::size_t generation_ = 0;   // of the registry
  EventObject* spare_ = nullptr; // used again for each event that nobody keeps
  bool dropped_ = false;
};

} // namespace mm::py
