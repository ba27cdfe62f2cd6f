// asyncio around the stage, which waits where asyncio's selector does; and commands, whose
// functions may be awaited as well.
#include "embedded.hpp"
#include "monster.hpp"
#include "scripts.hpp"
#include "stage.hpp"

#include <utility>

namespace mm::py {

void Stage::use_asyncio() {
  if (aio_) return;
  aio_ = import_embedded("mm._aio", embedded_aio);
  if (!aio_) calls_.take_exception();
}

void Stage::spawn(PyObject* work, std::size_t place, PyObject* event, bool is_awaited) {
  use_asyncio();
  if (!aio_) return;
  const Ref spawned = calls_.guarded([&] {
    return PyObject_CallMethod(aio_.get(), "spawn", "OnOO", work, static_cast<Py_ssize_t>(place),
                               event, is_awaited ? Py_True : Py_False);
  });
  if (!spawned) return;
  has_spawned_ = true;
  tasks_ += is_awaited ? 1 : 0;
  schedule_.set_tasks_left(tasks_ > 0);
}

bool Stage::wait(int fd, std::optional<Nanoseconds> timeout) {
  const Calls::Outside outside;
  std::optional<Nanoseconds> deadline;
  if (timeout) deadline = later(schedule_.now(), *timeout);
  if (is_closing_) return wait_at_end(fd, deadline);
  if (std::exchange(has_spawned_, false)) {
    poll(deadline, fd); // tasks that have been made have their turn before more events
    return true;
  }
  // Tasks that are ready again and again let the virtual clock stand still, but not for ever.
  constexpr int patience_with_tasks = 1000;
  busy_ = timeout && *timeout == 0 ? busy_ + 1 : 0;
  if (busy_ > patience_with_tasks) deadline.reset();
  const std::uint64_t called = calls_.count();
  while (!calls_.is_over()) {
    turn(deadline, fd);
    const bool is_late = deadline && schedule_.now() >= *deadline;
    if (is_fd_ready_ || is_late || calls_.count() != called || busy_ > patience_with_tasks) break;
  }
  // What tasks send now is sent now; but what one sends that an event has just made, at its time.
  if (!has_spawned_) dispatch_.begin(schedule_.printed(schedule_.now()));
  if (!calls_.is_over()) return true;
  const Ref loop(PyObject_GetAttrString(aio_.get(), "loop"));
  const Ref stopped(loop ? PyObject_CallMethod(loop.get(), "stop", nullptr) : nullptr);
  return static_cast<bool>(stopped);
}

// For the last functions: no events come any more, but their timers go on. A signal ends them.
bool Stage::wait_at_end(int fd, std::optional<Nanoseconds> deadline) {
  const auto next = schedule_.next();
  if (next && (!deadline || *next < *deadline)) deadline = next;
  if (deadline && schedule_.is_virtual()) schedule_.advance(*deadline);
  const int before = ends_.signal();
  poll(deadline, fd);
  if (ends_.signal() != before) {
    PyErr_SetNone(PyExc_KeyboardInterrupt);
    return false;
  }
  run_due(schedule_.now());
  write();
  return true;
}

// --- commands ---

void Stage::want_commands() {
  dispatch_.on_command([this](EventObject* object) { return take_command(object); });
}

bool Stage::take_command(EventObject* object) {
  if (!commands_) {
    commands_ = import_embedded("mm._commands", embedded_commands);
    if (!commands_) return calls_.take_exception(), false;
  }
  PyObject* const registered = dispatch_.registry().commands.get();
  const Ref taken = calls_.guarded([&] {
    return PyObject_CallMethod(commands_.get(), "take", "OO", as_object(object),
                               registered == nullptr ? Py_None : registered);
  });
  if (!taken) return true; // its function has raised
  PyObject* const work = PyTuple_GET_ITEM(taken.get(), 1);
  if (work != Py_None) spawn(work, no_handler, as_object(object), true);
  return PyTuple_GET_ITEM(taken.get(), 0) == Py_True;
}

} // namespace mm::py
