#include "schedule.hpp"

#include "event_object.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace mm::py {

namespace {

TimerObject* as_timer(PyObject* object) { return reinterpret_cast<TimerObject*>(object); }

void dealloc(PyObject* object) {
  Py_XDECREF(as_timer(object)->function);
  PyObject_Free(object);
}

PyObject* get_active(PyObject* object, void* /*closure*/) {
  return PyBool_FromLong(static_cast<long>(as_timer(object)->function != nullptr));
}

PyObject* repr(PyObject* object) {
  const TimerObject* const timer = as_timer(object);
  if (timer->function == nullptr) return PyUnicode_FromString("<mm.Timer, done>");
  return PyUnicode_FromFormat("<mm.Timer of %R>", timer->function);
}

PyGetSetDef attributes[] = {
    {"active", get_active, nullptr, "whether it will be called again", nullptr}, {}};

PyTypeObject timer_type;

} // namespace

bool add_timer_type(PyObject* module) {
  Py_SET_REFCNT(&timer_type, 1);
  timer_type.tp_name = "mm.Timer";
  timer_type.tp_basicsize = sizeof(TimerObject);
  timer_type.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION;
  timer_type.tp_dealloc = dealloc;
  timer_type.tp_repr = repr;
  timer_type.tp_getset = attributes;
  timer_type.tp_doc = "What mm.every() and mm.after() return; mm.cancel() takes it.";
  return PyModule_AddType(module, &timer_type) == 0;
}

bool Schedule::is_timer(PyObject* object) { return Py_IS_TYPE(object, &timer_type); }

void Schedule::advance(Nanoseconds time) {
  if (!has_begun_) {
    has_begun_ = true;
    const Nanoseconds by = time - virtual_now_;
    agenda_.shift(by, [](const Ref& entry, const Agenda<Ref>::Place& place) {
      if (is_timer(entry.get())) as_timer(entry.get())->place = place;
    });
    virtual_now_ = time;
  }
  virtual_now_ = std::max(virtual_now_, time);
}

void Schedule::add_event(Nanoseconds due, Ref event) {
  ++events_;
  agenda_.add(due, std::move(event));
}

PyObject* Schedule::add_timer(PyObject* function, Nanoseconds span, bool repeats) {
  auto* const timer = PyObject_New(TimerObject, &timer_type);
  if (timer == nullptr) return nullptr;
  timer->function = Py_NewRef(function);
  timer->period = repeats ? span : 0;
  timer->generation = generation_;
  timer->is_awaited = false;
  auto* const object = reinterpret_cast<PyObject*>(timer);
  if (has_ended_ && (repeats || !are_tasks_left_))
    Py_CLEAR(timer->function); // it would never be called
  else
    timer->place = agenda_.add(later(now(), span), Ref::to(object));
  return object;
}

Ref Schedule::stop(TimerObject* timer) {
  awaited_ -= timer->is_awaited ? 1 : 0;
  timer->is_awaited = false;
  return Ref(std::exchange(timer->function, nullptr));
}

template <class Which> void Schedule::stop_if(Which&& which) {
  std::vector<Ref> stopped_functions; // which may run code of their own when they go
  agenda_.remove_if([&](const Ref& entry) {
    if (!is_timer(entry.get())) return false;
    TimerObject* const timer = as_timer(entry.get());
    const bool stopped = which(timer);
    if (stopped) stopped_functions.push_back(stop(timer));
    return stopped;
  });
}

bool Schedule::cancel(PyObject* what) {
  if (is_timer(what)) {
    TimerObject* const timer = as_timer(what);
    if (timer->function == nullptr) return false;
    const Ref held = Ref::to(what); // the agenda's may be the last one
    agenda_.remove(timer->place);
    const Ref function = stop(timer);
    return true;
  }
  // Bound methods are made anew each time, and are the same only by comparison; which may run code
  // that makes and cancels timers.
  std::vector<Ref> timers;
  agenda_.for_each([&](const Ref& entry) {
    if (is_timer(entry.get())) timers.push_back(entry);
  });
  bool any = false;
  for (const Ref& one : timers) {
    const Ref function = Ref::to(as_timer(one.get())->function);
    const int same = function ? PyObject_RichCompareBool(function.get(), what, Py_EQ) : 0;
    if (same < 0) return false; // an exception is set
    any |= same > 0 && cancel(one.get());
  }
  return any;
}

Schedule::Due Schedule::take() {
  Due due;
  due.time = *agenda_.next();
  if (is_virtual_) virtual_now_ = std::max(virtual_now_, due.time);
  due.what = agenda_.take();
  due.is_event = is_event(due.what.get());
  if (due.is_event) {
    --events_;
    return due;
  }
  const Ref timer_object = std::move(due.what);
  TimerObject* const timer = as_timer(timer_object.get());
  if (timer->period == 0) {
    due.what = stop(timer);
    return due;
  }
  due.what = Ref::to(timer->function);
  const Nanoseconds missed = std::max<Nanoseconds>(now() - due.time, 0) / timer->period;
  timer->place = agenda_.add(later(due.time, (missed + 1) * timer->period), timer_object);
  return due;
}

void Schedule::end_of_input() {
  has_ended_ = true;
  stop_if([](TimerObject* timer) { return timer->period > 0; });
  agenda_.for_each([this](const Ref& entry) {
    if (!is_timer(entry.get())) return;
    as_timer(entry.get())->is_awaited = true;
    ++awaited_;
  });
}

void Schedule::clear() {
  stop_if([](TimerObject*) { return true; });
}

void Schedule::set_tasks_left(bool are_left) {
  are_tasks_left_ = are_left;
  if (has_ended_ && !are_left) stop_if([](TimerObject* timer) { return !timer->is_awaited; });
}

void Schedule::remove_generations_before(unsigned generation) {
  stop_if([=](TimerObject* timer) { return timer->generation < generation; });
}

void Schedule::remove_generation(unsigned generation) {
  stop_if([=](TimerObject* timer) { return timer->generation == generation; });
}

} // namespace mm::py
