#include "calls.hpp"

#include "event_object.hpp"
#include "interpreter.hpp"

#include <unistd.h>

#include <csignal>
#include <string_view>

namespace mm::py {

namespace {

volatile std::sig_atomic_t inside = 0; // the script's code runs

// A process that the script has forked has no part in the stream: it ends where it would go on with
// ours.
[[noreturn]] void leave_child() {
  int status = exit_done;
  if (PyErr_Occurred() != nullptr) {
    status = exit_failed;
    if (PyErr_ExceptionMatches(PyExc_SystemExit) != 0) {
      const Ref code = [] {
        PyObject* type = nullptr;
        PyObject* value = nullptr;
        PyObject* traceback = nullptr;
        PyErr_Fetch(&type, &value, &traceback);
        PyErr_NormalizeException(&type, &value, &traceback);
        return Ref(PyObject_GetAttrString(value, "code"));
      }();
      status =
          !code || code.get() == Py_None ? exit_done : static_cast<int>(PyLong_AsLong(code.get()));
    } else {
      PyErr_Print();
    }
  }
  end_interpreter(true);
  ::_exit(status);
}

} // namespace

int Calls::enter() {
  const int outside = inside;
  inside = 1;
  return outside;
}

int Calls::step_out() {
  const int before = inside;
  inside = 0;
  return before;
}

void Calls::leave(int outside) {
  inside = outside;
  if (is_forked()) leave_child();
}

void Calls::interrupt() {
  if (inside != 0) PyErr_SetInterruptEx(SIGINT);
}

void Calls::forget_interrupt() {
  if (PyErr_CheckSignals() != 0) PyErr_Clear();
}

Ended Calls::begin_last_words() {
  const Ended said = ended_.value_or(Ended{});
  ended_.reset();
  return said;
}

void Calls::exit_by(PyObject* value) {
  const Ref code(PyObject_GetAttrString(value, "code"));
  if (!code || code.get() == Py_None) return end({exit_done, 0});
  if (PyLong_Check(code.get())) return end({static_cast<int>(PyLong_AsLong(code.get())), 0});
  const Ref words(PyObject_Str(code.get())); // as Python has it: said, and status 1
  const char* const said = words ? PyUnicode_AsUTF8(words.get()) : nullptr;
  std::string_view reason = said == nullptr ? "" : said;
  // What runpy has to say begins with the name of the program that it thinks it is in.
  constexpr std::string_view program = MMTOOLS_PYTHON ": ";
  if (reason.starts_with(program)) reason.remove_prefix(program.size());
  complain(text().name, reason);
  end({exit_failed, 0});
}

void Calls::take_exception() {
  const bool is_exit = PyErr_ExceptionMatches(PyExc_SystemExit) != 0;
  const bool is_interrupt = PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) != 0;
  if (!is_exit && !is_interrupt) {
    faults_.report(event_ == nullptr ? std::string() : line_of(*event_), now());
    if (strict_) end({exit_failed, 0});
    return;
  }
  PyObject* type = nullptr;
  PyObject* value = nullptr;
  PyObject* traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  const Ref own_type(type);
  const Ref own_value(value);
  const Ref own_traceback(traceback);
  if (is_exit)
    exit_by(value);
  else
    end({exit_done, SIGINT}); // unless a signal that really came has said which
  PyErr_Clear();
}

} // namespace mm::py
