#include "calls.hpp"

#include "event_object.hpp"
#include "interpreter.hpp"

#include <unistd.h>

#include <csignal>
#include <string_view>

namespace mm::py {

namespace {

volatile std::sig_atomic_t inside = 0; // the script's code runs

// What an exception is about, as an object; it is taken.
Ref take_value() {
  PyObject* type = nullptr;
  PyObject* value = nullptr;
  PyObject* traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  const Ref own_type(type);
  const Ref own_traceback(traceback);
  return Ref(value);
}

} // namespace

bool is_function(PyObject* object, const char* where) {
  if (PyCallable_Check(object) != 0) return true;
  PyErr_Format(PyExc_TypeError, "%s: a function is wanted, not %.200s", where,
               Py_TYPE(object)->tp_name);
  return false;
}

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

// A process that the script has forked has no part in the stream: it ends where it would go on with
// ours.
void Calls::leave(int outside) {
  inside = outside;
  if (!is_forked()) return;
  int status = exit_done;
  if (PyErr_ExceptionMatches(PyExc_SystemExit) != 0) {
    status = status_of(take_value().get());
  } else if (PyErr_Occurred() != nullptr) {
    status = exit_failed;
    PyErr_Print();
  }
  end_interpreter(true);
  ::_exit(status);
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

// Of a SystemExit. What is no number is said, as Python has it.
int Calls::status_of(PyObject* value) {
  const Ref code(PyObject_GetAttrString(value, "code"));
  if (!code || code.get() == Py_None) return exit_done;
  if (PyLong_Check(code.get())) {
    const auto status = static_cast<int>(PyLong_AsLong(code.get()));
    PyErr_Clear();
    return status;
  }
  const Ref words(PyObject_Str(code.get()));
  const char* const said = words ? PyUnicode_AsUTF8(words.get()) : nullptr;
  std::string_view reason = said == nullptr ? "" : said;
  // What runpy has to say begins with the name of the program that it thinks it is in.
  constexpr std::string_view program = MMTOOLS_PYTHON ": ";
  if (reason.starts_with(program)) reason.remove_prefix(program.size());
  complain(text().name, reason);
  return exit_failed;
}

void Calls::take_exception() {
  if (PyErr_ExceptionMatches(PyExc_SystemExit) != 0) {
    has_said_status_ = true;
    end({status_of(take_value().get()), 0});
  } else if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) != 0) {
    end({exit_done, SIGINT}); // unless a signal that really came has said which
  } else {
    faults_.report(event_ == nullptr ? std::string() : line_of(*event_), now());
    if (strict_) end({exit_failed, 0});
  }
  PyErr_Clear();
}

void Calls::take_load_failure() {
  if (PyErr_ExceptionMatches(PyExc_SystemExit) != 0 ||
      PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) != 0)
    take_exception();
  else
    PyErr_Print();
}

} // namespace mm::py
