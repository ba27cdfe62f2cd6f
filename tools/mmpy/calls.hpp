// Calls into the script's code, and what becomes of its exceptions: they are reported and the
// stream goes on, or they end it (SystemExit, a signal).
#pragma once

#include "cli/tool.hpp"
#include "faults.hpp"
#include "io/clock.hpp"
#include "ref.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace mm::py {

// Whether it can be called; if not, a TypeError of that function of ours is set.
bool is_function(PyObject* object, const char* where);

class Calls {
 public:
  // With `strict`, the first exception is the end.
  explicit Calls(bool strict) : strict_(strict) {}

  // Calls the function. Null: it has raised an exception, which has been dealt with.
  template <class... Arguments> Ref operator()(PyObject* function, Arguments*... arguments) {
    const std::array<PyObject*, sizeof...(arguments) + 1> all{nullptr, arguments...};
    return guarded([&] {
      return PyObject_Vectorcall(function, all.data() + 1,
                                 sizeof...(arguments) | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr);
    });
  }

  // The same for other work that may run the script's code, and returns a new reference or null;
  // here null may also mean an end without an exception, as of an iterator.
  template <class Work> Ref guarded(Work&& work) {
    Ref result = unchecked(work);
    if (!result && PyErr_Occurred() != nullptr) take_exception();
    return result;
  }

  // The same, but the exception is left to the caller.
  template <class Work> Ref unchecked(Work&& work) {
    const int outside = enter();
    Ref result(work());
    leave(outside);
    ++count_;
    return result;
  }

  // How often the script's code was called.
  [[nodiscard]] std::uint64_t count() const { return count_; }

  // While it lives, no code of the script runs, though it has called us.
  class Outside {
   public:
    Outside() : before_(step_out()) {}
    Outside(const Outside&) = delete;
    Outside& operator=(const Outside&) = delete;
    ~Outside() { leave(before_); }

   private:
    int before_;
  };

  // Deals with the exception that is set.
  void take_exception();

  // The same of one by which loading a script has failed: Python says it, as python3 does.
  void take_load_failure();

  // Whether a script has said by sys.exit() what the exit status is.
  [[nodiscard]] bool has_said_status() const { return has_said_status_; }

  // What is being handled, for the words about an exception; null: no event.
  void set_event(const Event* event) { event_ = event; }
  [[nodiscard]] const Event* event() const { return event_; }

  // The end is near: the first that says so has its way.
  void end(const Ended& ended) {
    if (!ended_) ended_ = ended;
  }
  [[nodiscard]] bool is_over() const { return ended_.has_value(); }
  [[nodiscard]] const Ended& ended() const { return *ended_; }
  // From now on another end may be said; that which was said is returned.
  Ended begin_last_words();

  [[nodiscard]] Faults& faults() { return faults_; }

  // Called by a signal handler: code that runs now gets a KeyboardInterrupt.
  static void interrupt();
  // Takes back an interrupt that came too late to hit anything.
  static void forget_interrupt();

 private:
  static int enter();
  static int step_out();
  static void leave(int outside);
  static int status_of(PyObject* value);

  bool strict_;
  std::uint64_t count_ = 0;
  Faults faults_;
  const Event* event_ = nullptr;
  std::optional<Ended> ended_;
  bool has_said_status_ = false;
};

} // namespace mm::py
