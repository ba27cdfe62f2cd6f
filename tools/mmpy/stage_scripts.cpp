// What scripts ask of the stage: to send, now or later and from any thread; timers; descriptors to
// watch.
#include "interpreter.hpp"
#include "monster.hpp"
#include "scripts.hpp"
#include "stage.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

namespace mm::py {

// --- sending ---

bool Stage::send(PyObject* what, std::optional<Nanoseconds> due) {
  if (is_forked()) return true; // a child has no part in the stream
  // At the end nothing waits any more.
  const bool is_now = !due || *due <= schedule_.now() || is_closing_;
  if (PyThread_get_thread_ident() != main_thread_) return send_from_thread(what, is_now, due);
  if (calls_.is_over() && !is_closing_) { // whoever sends on and on is to hear of it
    PyErr_SetNone(PyExc_KeyboardInterrupt);
    return false;
  }
  const bool sent = is_now ? dispatch_.send(what) : send_later(what, *due);
  if (is_slow_) write();
  return sent;
}

bool Stage::send_later(PyObject* what, Nanoseconds due) {
  return for_each_sent(what, [&](EventObject* object) {
    // It may change before it is due.
    const Ref copy(PyObject_CallMethod(as_object(object), "__copy__", nullptr));
    if (copy) schedule_.add_event(due, copy);
    return static_cast<bool>(copy);
  });
}

// The main thread may be in the midst of a handler, with a time of its own: event by event it is
// set aside, while no code of the script runs.
bool Stage::send_from_thread(PyObject* what, bool is_now, std::optional<Nanoseconds> due) {
  if (!is_now) {
    const bool sent = send_later(what, *due);
    wake();
    return sent;
  }
  const bool sent = for_each_sent(what, [&](EventObject* object) {
    wait_for_room();
    const Stamp kept = dispatch_.stamp();
    dispatch_.begin(schedule_.printed(schedule_.now()));
    const bool put = dispatch_.send(as_object(object));
    dispatch_.put_back(kept);
    return put;
  });
  write();
  return sent;
}

PyObject* Stage::add_timer(PyObject* function, Nanoseconds span, bool repeats) {
  PyObject* const timer = schedule_.add_timer(function, span, repeats);
  wake_main();
  return timer;
}

void Stage::wake_main() {
  if (PyThread_get_thread_ident() != main_thread_) wake();
}

// --- descriptors ---

namespace {

// The descriptor of an object; -1: it is closed.
int descriptor_of(PyObject* object) {
  const int fd = PyObject_AsFileDescriptor(object);
  if (fd < 0) PyErr_Clear();
  return fd;
}

} // namespace

bool Stage::watch(PyObject* object, PyObject* function) {
  const int fd = PyObject_AsFileDescriptor(object);
  if (fd < 0) return false;
  if (::fcntl(fd, F_GETFD) < 0) {
    PyErr_SetFromErrno(PyExc_OSError);
    return false;
  }
  auto& watches = dispatch_.registry().watches;
  const auto known = std::find_if(watches.begin(), watches.end(),
                                  [&](const Watched& one) { return one.fd == fd; });
  Watched watched{Ref::to(object), Ref::to(function), fd};
  if (known != watches.end())
    std::swap(*known, watched);
  else
    watches.push_back(std::move(watched));
  wake();
  return true;
}

bool Stage::unwatch(PyObject* object) {
  auto& watches = dispatch_.registry().watches;
  int overflow = 0;
  const long number = PyLong_Check(object) ? PyLong_AsLongAndOverflow(object, &overflow) : -1;
  const auto known = std::find_if(watches.begin(), watches.end(), [&](const Watched& one) {
    return one.object.get() == object || (number >= 0 && number == one.fd);
  });
  if (known == watches.end()) return false;
  const Watched gone = std::move(*known); // code of its own may run when it goes
  watches.erase(known);
  return true;
}

void Stage::call_watch(int fd) {
  auto& watches = dispatch_.registry().watches;
  const auto find = [&] {
    return std::find_if(watches.begin(), watches.end(),
                        [&](const Watched& one) { return one.fd == fd; });
  };
  if (find() == watches.end()) return; // another one's function has unwatched it
  const Watched watched = *find();
  int number = -1;
  calls_.unchecked([&] { // fileno() may be the script's
    number = descriptor_of(watched.object.get());
    return Py_NewRef(Py_None);
  });
  const auto at = find();
  if (at == watches.end()) return;
  if (number != fd || ::fcntl(fd, F_GETFD) < 0) {
    watches.erase(at);
    const Ref shown(PyObject_Repr(watched.object.get()));
    const char* const said = shown ? PyUnicode_AsUTF8(shown.get()) : nullptr;
    PyErr_Clear();
    complain(text().name, std::string(monster_ ? "manage: " : "watch: ") +
                              (said == nullptr ? "?" : said) +
                              " was closed; it is watched no more");
    return;
  }
  dispatch_.begin(schedule_.printed(schedule_.now()));
  take_result(calls_(watched.function.get(), watched.object.get()));
}

} // namespace mm::py
