#include "dispatch.hpp"

#include "event_attributes.hpp"

#include <string>

namespace mm::py {

namespace {

// Sysex whose content is an object of JSON.
bool is_json(const Event& event) {
  if (event.kind != Kind::sysex) return false;
  const std::size_t start = event.data.find_first_not_of(" \t\r\n", 1);
  return start != std::string_view::npos && event.data[start] == '{';
}

void raise_wrong_result(PyObject* object) {
  const bool is_text = PyUnicode_Check(object);
  PyErr_Format(PyExc_TypeError, "an event, several, or None is wanted, not %.200s%s",
               Py_TYPE(object)->tp_name, is_text ? "; mm.parse() makes an event of a line" : "");
}

bool is_several(PyObject* object) {
  return !PyUnicode_Check(object) && !PyBytes_Check(object) &&
         (PyIter_Check(object) != 0 || Py_TYPE(object)->tp_iter != nullptr ||
          PySequence_Check(object) != 0);
}

} // namespace

void Dispatch::take(const Event& event) {
  stamp_.begin(event);
  if (follows_state_) state_.follow(event);
  const bool may_be_command = command_ && is_json(event);
  const Handler* const handler = registry_->find(event, 0);
  if (handler == nullptr && !may_be_command) return pass(event);
  EventObject* const object = borrow(event);
  if (object == nullptr) return calls_.take_exception();
  calls_.set_event(&event);
  if (!may_be_command || !command_(object)) enter(object, 0);
  calls_.set_event(nullptr);
  give_back();
}

// The object that the event before had, if nobody keeps that.
EventObject* Dispatch::borrow(const Event& event) {
  if (spare_ != nullptr && Py_REFCNT(spare_) == 1) {
    refill(spare_, event);
    return spare_;
  }
  Py_XDECREF(as_object(spare_));
  return spare_ = make_event_object(event);
}

// What it points to is about to go: if somebody keeps it, it gets memory of its own.
void Dispatch::give_back() {
  if (Py_REFCNT(spare_) > 1 && !keep(spare_)) calls_.take_exception();
}

void Dispatch::pass(const Event& event) {
  if (stamp_.is_on(event) && stamp_.passes(event)) return downstream_.put(event);
  Event out = event;
  stamp_.put_on(out);
  downstream_.put(out);
}

void Dispatch::put(const EventObject* object) {
  if (!object->keeps_time) return pass(object->event);
  stamp_.is_replaced();
  downstream_.put(object->event);
}

void Dispatch::enter(EventObject* object, std::size_t place) {
  const Handler* const handler = registry_->find(object->event, place);
  if (handler == nullptr) return put(object);
  run(*handler, object);
}

void Dispatch::run(const Handler& handler, EventObject* object) {
  const auto kind = object->event.kind;
  const auto arguments = object->event.arg;
  const std::uint64_t faults = calls_.faults().count();
  const Ref result = handler.is_expression ? run_expression(handler.function.get(), object)
                                           : calls_(handler.function.get(), as_object(object));
  if (result && is_awaitable(result.get()))
    spawn(result.get(), handler.place + 1, object);
  else if (result)
    forward(result.get(), handler.place + 1);
  if (calls_.faults().count() == faults) return;
  // An exception costs the event; but a note that sounds behind us is not to sound for ever.
  if (calls_.event() != nullptr) rescue(*calls_.event());
  Event before = object->event;
  before.kind = kind;
  before.arg = arguments;
  rescue(before);
  rescue(object->event);
}

void Dispatch::rescue(const Event& event) {
  if (!downstream_.would_end(event)) return;
  if (event.time_form == TimeForm::absolute)
    downstream_.put(event); // a task may fail later
  else
    pass(event);
}

// The task may outlive the event, and fail where nobody else knows it.
void Dispatch::spawn(PyObject* work, std::size_t place, EventObject* object) {
  const bool kept = object == nullptr || keep(object);
  const Ref copy(!kept               ? nullptr
                 : object == nullptr ? Py_NewRef(Py_None)
                                     : PyObject_CallMethod(as_object(object), "__copy__", nullptr));
  if (!copy) return calls_.take_exception();
  spawn_(work, place | generation_ << place_bits, copy.get());
}

// The code of -e is a function of `e`, and returns what that is at its end.
Ref Dispatch::run_expression(PyObject* function, EventObject* object) {
  dropped_ = false;
  PyObject* const arguments[] = {nullptr, as_object(object)};
  Ref result = calls_.unchecked([&] {
    return PyObject_Vectorcall(function, arguments + 1, 1 | PY_VECTORCALL_ARGUMENTS_OFFSET,
                               nullptr);
  });
  if (!result && is_missing_field()) {
    PyErr_Clear(); // "e.note += 12" is for the events that have a note
    result = Ref::to(as_object(object));
  }
  if (!result) calls_.take_exception();
  return result && dropped_ ? Ref::to(Py_None) : result;
}

bool is_awaitable(PyObject* object) {
  const PyAsyncMethods* const methods = Py_TYPE(object)->tp_as_async;
  return methods != nullptr && (methods->am_await != nullptr || methods->am_aiter != nullptr);
}

void Dispatch::forward_late(PyObject* result, std::size_t place) {
  constexpr std::size_t all_places = (std::size_t{1} << place_bits) - 1;
  const bool is_current = place >> place_bits == generation_;
  forward(result,
          is_current && (place & all_places) != all_places ? place & all_places : no_handler);
}

void Dispatch::forward(PyObject* result, std::size_t place) {
  if (result == Py_None) return;
  if (is_event(result)) return enter(as_event(result), place);
  if (is_awaitable(result)) return spawn(result, place, nullptr);
  if (is_several(result)) return forward_each(result, place);
  raise_wrong_result(result);
  calls_.take_exception();
}

void Dispatch::forward_each(PyObject* several, std::size_t place) {
  const Ref iterator = calls_.guarded([&] { return PyObject_GetIter(several); });
  if (!iterator) return;
  while (!calls_.is_over()) {
    const Ref item = calls_.guarded(
        [&] { return PyErr_CheckSignals() == 0 ? PyIter_Next(iterator.get()) : nullptr; });
    if (!item) return;
    if (tick_) tick_();
    if (item.get() == Py_None) continue;
    if (is_event(item.get())) {
      enter(as_event(item.get()), place);
      continue;
    }
    raise_wrong_result(item.get());
    calls_.take_exception();
  }
}

bool for_each_sent(PyObject* what, const std::function<bool(EventObject*)>& take) {
  const auto take_one = [&](PyObject* one) {
    if (is_event(one)) return take(as_event(one));
    PyErr_Format(PyExc_TypeError, "send(): an event or several, not %.200s", Py_TYPE(one)->tp_name);
    return false;
  };
  if (is_event(what) || !is_several(what)) return take_one(what);
  const Ref iterator(PyObject_GetIter(what));
  if (!iterator) return false;
  // Where the iterator is none of Python's code, nobody else looks for signals.
  while (const Ref item{PyErr_CheckSignals() == 0 ? PyIter_Next(iterator.get()) : nullptr})
    if (!take_one(item.get())) return false;
  return PyErr_Occurred() == nullptr;
}

bool Dispatch::send(PyObject* what) {
  return for_each_sent(what, [this](EventObject* object) {
    put(object);
    if (!calls_.is_over()) return true;
    PyErr_SetNone(PyExc_KeyboardInterrupt); // whoever sends on and on is to hear of it
    return false;
  });
}

void Dispatch::send_at(EventObject* object, Nanoseconds printed_time) {
  stamp_.begin(printed_time);
  put(object);
}

} // namespace mm::py
