#include "module.hpp"

#include "embedded.hpp"
#include "event_object.hpp"
#include "event_values.hpp"
#include "filter.hpp"
#include "monster.hpp"
#include "stage.hpp"
#include "state_object.hpp"
#include "text/chars.hpp"

#include <memory>
#include <string>
#include <vector>

namespace mm::py {

namespace {

Stage& stage() { return Stage::the(); }

PyObject* none_if(bool good) { return good ? Py_NewRef(Py_None) : nullptr; }

PyCFunction fast(PyObject* (*function)(PyObject*, PyObject* const*, Py_ssize_t, PyObject*)) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

PyCFunction fast(PyObject* (*function)(PyObject*, PyObject* const*, Py_ssize_t)) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

// --- decorators ---

// A function that takes a function, does something with it and `data`, and returns it.
template <class Data, bool (*apply)(PyObject* function, const Data& data)>
PyObject* make_decorator(const char* name, Data data) {
  static PyMethodDef method{name,
                            [](PyObject* self, PyObject* function) -> PyObject* {
                              const auto* const kept =
                                  static_cast<Data*>(PyCapsule_GetPointer(self, nullptr));
                              const bool good = kept != nullptr && apply(function, *kept);
                              return good ? Py_NewRef(function) : nullptr;
                            },
                            METH_O, nullptr};
  auto kept = std::make_unique<Data>(std::move(data));
  const Ref capsule(PyCapsule_New(kept.get(), nullptr, [](PyObject* self) {
    delete static_cast<Data*>(PyCapsule_GetPointer(self, nullptr));
  }));
  if (!capsule) return nullptr;
  static_cast<void>(kept.release());
  return PyCFunction_New(&method, capsule.get());
}

// With --midimonster events go where they are mapped to, and nowhere else.
bool refuse_for_monster(const char* what) {
  if (stage().monster() == nullptr) return false;
  PyErr_Format(PyExc_RuntimeError, "%s: with --midimonster events go by the mappings alone", what);
  return true;
}

bool add_handler(PyObject* function, const Filter& filter) {
  if (!is_function(function, "on()") || refuse_for_monster("on()")) return false;
  stage().dispatch().registry().add(Ref::to(function), filter);
  return true;
}

PyObject* on(PyObject* /*self*/, PyObject* const* values, Py_ssize_t count, PyObject* keywords) {
  Filter filter;
  if (!make_filter(values, static_cast<std::size_t>(count), keywords, filter)) return nullptr;
  return make_decorator<Filter, add_handler>("on", std::move(filter));
}

PyObject* at_start(PyObject* /*self*/, PyObject* function) {
  if (!is_function(function, "at_start")) return nullptr;
  stage().dispatch().registry().at_start.push_back(Ref::to(function));
  return Py_NewRef(function);
}

PyObject* at_exit(PyObject* /*self*/, PyObject* function) {
  if (!is_function(function, "at_exit")) return nullptr;
  stage().dispatch().registry().at_exit.push_back(Ref::to(function));
  return Py_NewRef(function);
}

bool add_command(PyObject* function, const Ref& name) {
  if (!is_function(function, "command()") || refuse_for_monster("command()")) return false;
  Ref& commands = stage().dispatch().registry().commands;
  if (!commands) commands = Ref(PyDict_New());
  const Ref own_name = name ? name : Ref(PyObject_GetAttrString(function, "__name__"));
  if (!commands || !own_name) return false;
  stage().want_commands();
  return PyDict_SetItem(commands.get(), own_name.get(), function) == 0;
}

PyObject* command(PyObject* /*self*/, PyObject* what) {
  if (PyUnicode_Check(what)) return make_decorator<Ref, add_command>("command", Ref::to(what));
  return add_command(what, {}) ? Py_NewRef(what) : nullptr;
}

// --- sending ---

PyObject* send(PyObject* /*self*/, PyObject* const* values, Py_ssize_t count, PyObject* keywords) {
  if (count != 1) {
    PyErr_SetString(PyExc_TypeError,
                    "send() takes an event or several in one list, and at= or after=");
    return nullptr;
  }
  std::optional<Nanoseconds> due;
  const Py_ssize_t named = keywords == nullptr ? 0 : PyTuple_GET_SIZE(keywords);
  for (Py_ssize_t i = 0; i < named; ++i) {
    PyObject* const name = PyTuple_GET_ITEM(keywords, i);
    PyObject* const value = values[count + i];
    const bool is_at = PyUnicode_CompareWithASCIIString(name, "at") == 0;
    if (!is_at && PyUnicode_CompareWithASCIIString(name, "after") != 0) {
      PyErr_Format(PyExc_TypeError, "send() has no argument %R; at and after are there", name);
      return nullptr;
    }
    if (value == Py_None) continue;
    if (due) {
      PyErr_SetString(PyExc_TypeError, "send(): at and after exclude each other");
      return nullptr;
    }
    Nanoseconds time = 0;
    if (!read_seconds(value, is_at ? "at" : "after", time)) return nullptr;
    const Schedule& schedule = stage().schedule();
    due = is_at ? schedule.inside(time) : later(schedule.now(), time);
  }
  return none_if(stage().send(values[0], due));
}

PyObject* drop(PyObject* /*self*/, PyObject* /*unused*/) {
  stage().dispatch().drop();
  Py_RETURN_NONE;
}

PyObject* sounding(PyObject* /*self*/, PyObject* /*unused*/) {
  const Ref list(PyList_New(0));
  bool good = static_cast<bool>(list);
  stage().downstream().for_each_end([&](const Event& event) {
    if (!good) return;
    EventObject* const object = make_event_object(event);
    const Ref owned(as_object(object));
    good = object != nullptr && keep(object) && PyList_Append(list.get(), owned.get()) == 0;
  });
  return good ? Py_NewRef(list.get()) : nullptr;
}

// --- time ---

PyObject* now(PyObject* /*self*/, PyObject* /*unused*/) {
  const Schedule& schedule = stage().schedule();
  return PyFloat_FromDouble(static_cast<double>(schedule.printed(schedule.now())) /
                            static_cast<double>(second));
}

// Reads a span in seconds, 0 or more; where it is that of a repetition, above 0.
bool read_span(PyObject* value, const char* what, bool repeats, Nanoseconds& span) {
  if (!read_seconds(value, what, span)) return false;
  if (!repeats || span > 0) return true;
  PyErr_Format(PyExc_ValueError, "%s(): the seconds are above 0", what);
  return false;
}

bool add_repetition(PyObject* function, const Nanoseconds& span) {
  if (!is_function(function, "every()")) return false;
  return static_cast<bool>(Ref(stage().add_timer(function, span, true)));
}

PyObject* every(PyObject* /*self*/, PyObject* const* values, Py_ssize_t count) {
  Nanoseconds span = 0;
  if (count < 1 || count > 2) {
    PyErr_SetString(PyExc_TypeError,
                    "every() takes seconds, and a function unless it decorates one");
    return nullptr;
  }
  if (!read_span(values[0], "every", true, span)) return nullptr;
  if (count == 1) return make_decorator<Nanoseconds, add_repetition>("every", span);
  if (!is_function(values[1], "every()")) return nullptr;
  return stage().add_timer(values[1], span, true);
}

PyObject* after(PyObject* /*self*/, PyObject* const* values, Py_ssize_t count) {
  Nanoseconds span = 0;
  if (count != 2) {
    PyErr_SetString(PyExc_TypeError, "after() takes seconds and a function");
    return nullptr;
  }
  if (!read_span(values[0], "after", false, span)) return nullptr;
  if (!is_function(values[1], "after()")) return nullptr;
  return stage().add_timer(values[1], span, false);
}

PyObject* cancel(PyObject* /*self*/, PyObject* what) {
  if (!Schedule::is_timer(what) && !is_function(what, "cancel()")) return nullptr;
  const bool any = stage().schedule().cancel(what);
  return PyErr_Occurred() != nullptr ? nullptr : PyBool_FromLong(static_cast<long>(any));
}

// --- descriptors ---

PyObject* watch(PyObject* /*self*/, PyObject* const* values, Py_ssize_t count) {
  if (count != 2) {
    PyErr_SetString(PyExc_TypeError, "watch() takes something with fileno(), and a function");
    return nullptr;
  }
  if (!is_function(values[1], "watch()")) return nullptr;
  return none_if(stage().watch(values[0], values[1]));
}

PyObject* unwatch(PyObject* /*self*/, PyObject* object) {
  stage().unwatch(object);
  Py_RETURN_NONE;
}

// --- words ---

PyObject* log(PyObject* /*self*/, PyObject* const* values, Py_ssize_t count) {
  std::string line;
  for (Py_ssize_t i = 0; i < count; ++i) {
    const Ref word(PyObject_Str(values[i]));
    const char* const said = word ? PyUnicode_AsUTF8(word.get()) : nullptr;
    if (said == nullptr) return nullptr;
    if (i > 0) line += ' ';
    line += said;
  }
  complain(text().name, line);
  Py_RETURN_NONE;
}

PyObject* parse(PyObject* /*self*/, PyObject* line) {
  Py_ssize_t size = 0;
  if (!PyUnicode_Check(line)) {
    PyErr_Format(PyExc_TypeError, "parse(): a line is a str, not %.200s", Py_TYPE(line)->tp_name);
    return nullptr;
  }
  const char* const said = PyUnicode_AsUTF8AndSize(line, &size);
  if (said == nullptr) return nullptr;
  return as_object(parse_line({said, static_cast<std::size_t>(size)}));
}

PyObject* note_number(PyObject* /*self*/, PyObject* name) {
  std::int16_t number = 0;
  if (!read_argument(info(Kind::note_on).field[1], name, note_style().middle_c, number))
    return nullptr;
  return PyLong_FromLong(number);
}

PyObject* note_name(PyObject* /*self*/, PyObject* note) {
  std::int16_t number = 0;
  if (!read_argument(info(Kind::note_on).field[1], note, note_style().middle_c, number))
    return nullptr;
  std::array<char, 16> name{};
  const char* const end =
      chars::put_note_name(name.data(), number, stage().options().output.notes.middle_c);
  return PyUnicode_FromStringAndSize(name.data(), end - name.data());
}

// --- commands ---

PyObject* call(PyObject* /*self*/, PyObject* const* values, Py_ssize_t count, PyObject* keywords) {
  stage().want_commands();
  const Ref commands = import_embedded("mm._commands", embedded_commands);
  const Ref function(commands ? PyObject_GetAttrString(commands.get(), "call") : nullptr);
  if (!function) return nullptr;
  return PyObject_Vectorcall(function.get(), values, static_cast<std::size_t>(count), keywords);
}

PyObject* get_attribute(PyObject* /*self*/, PyObject* name) {
  if (PyUnicode_CompareWithASCIIString(name, "CallError") == 0 ||
      PyUnicode_CompareWithASCIIString(name, "Call") == 0) {
    const Ref commands = import_embedded("mm._commands", embedded_commands);
    return commands ? PyObject_GetAttr(commands.get(), name) : nullptr;
  }
  PyErr_Format(PyExc_AttributeError, "module 'mm' has no attribute '%U'", name);
  return nullptr;
}

// --- for our own Python ---

PyObject* loop_time(PyObject* /*self*/, PyObject* /*unused*/) {
  return PyFloat_FromDouble(static_cast<double>(stage().schedule().now()) /
                            static_cast<double>(second));
}

PyObject* wait(PyObject* /*self*/, PyObject* const* values, Py_ssize_t count) {
  if (count != 2) return nullptr;
  std::optional<Nanoseconds> timeout;
  if (values[1] != Py_None) timeout = span_of(PyFloat_AsDouble(values[1]) * 1e9 + 0.5);
  const auto fd = static_cast<int>(PyLong_AsLong(values[0]));
  return none_if(PyErr_Occurred() == nullptr && stage().wait(fd, timeout));
}

PyObject* forward(PyObject* /*self*/, PyObject* const* values, Py_ssize_t count) {
  if (count != 2) return nullptr;
  const auto place = values[1] == Py_None ? no_handler : PyLong_AsSize_t(values[1]);
  stage().dispatch().forward_late(values[0], place);
  Py_RETURN_NONE;
}

// An exception of a task, and the event that it was made for, or None.
PyObject* fault(PyObject* /*self*/, PyObject* const* values, Py_ssize_t count) {
  if (count != 2) return nullptr;
  PyObject* const exception = values[0];
  const EventObject* const of = is_event(values[1]) ? as_event(values[1]) : nullptr;
  PyErr_Restore(Py_NewRef(Py_TYPE(exception)), Py_NewRef(exception),
                PyException_GetTraceback(exception));
  Calls& calls = stage().calls();
  const std::uint64_t faults = calls.faults().count();
  calls.set_event(of == nullptr ? nullptr : &of->event);
  calls.take_exception();
  calls.set_event(nullptr);
  if (of != nullptr && calls.faults().count() != faults) stage().dispatch().rescue(of->event);
  Py_RETURN_NONE;
}

PyObject* task_done(PyObject* /*self*/, PyObject* /*unused*/) {
  stage().task_done();
  Py_RETURN_NONE;
}

PyObject* failed(PyObject* /*self*/, PyObject* /*unused*/) {
  stage().set_failed();
  Py_RETURN_NONE;
}

PyMethodDef* functions() {
  static std::vector<PyMethodDef> all{
      {"on", fast(on), METH_FASTCALL | METH_KEYWORDS,
       "on(*kinds, **filters): decorates a handler of such events."},
      {"at_start", at_start, METH_O, "Decorates a function that is called before the first event."},
      {"at_exit", at_exit, METH_O, "Decorates a function that is called at the end."},
      {"command", command, METH_O, "Decorates a function that is called by JSON in sysex."},
      {"call", fast(call), METH_FASTCALL | METH_KEYWORDS,
       "call(name, **args): calls a function over MIDI, by JSON in sysex."},
      {"send", fast(send), METH_FASTCALL | METH_KEYWORDS,
       "send(event_or_events, *, at=None, after=None): sends now, or later."},
      {"drop", drop, METH_NOARGS, "In the code of -e: the event does not go on."},
      {"sounding", sounding, METH_NOARGS, "The events that would end what sounds behind us."},
      {"now", now, METH_NOARGS, "The time, in seconds."},
      {"every", fast(every), METH_FASTCALL,
       "every(seconds, function): calls it again and again; also a decorator."},
      {"after", fast(after), METH_FASTCALL, "after(seconds, function): calls it once."},
      {"cancel", cancel, METH_O, "cancel(timer_or_function): it is not called any more."},
      {"watch", fast(watch), METH_FASTCALL,
       "watch(fileobj, function): calls it with fileobj when that can be read."},
      {"unwatch", unwatch, METH_O, "unwatch(fileobj): no more."},
      {"log", fast(log), METH_FASTCALL, "log(*words): says a line on stderr."},
      {"parse", parse, METH_O, "parse(line): the event of a line."},
      {"note_number", note_number, METH_O, "note_number('C4') is 60."},
      {"note_name", note_name, METH_O, "note_name(60) is 'C4'."},
      {"__getattr__", get_attribute, METH_O, nullptr},
      {"_wait", fast(wait), METH_FASTCALL, nullptr},
      {"_loop_time", loop_time, METH_NOARGS, nullptr},
      {"_forward", fast(forward), METH_FASTCALL, nullptr},
      {"_fault", fast(fault), METH_FASTCALL, nullptr},
      {"_task_done", task_done, METH_NOARGS, nullptr},
      {"_failed", failed, METH_NOARGS, nullptr},
      {},
  };
  return all.data();
}

PyObject* make_mm() {
  static PyModuleDef definition{PyModuleDef_HEAD_INIT,
                                "mm",
                                "Events, and the stage they are in.",
                                -1,
                                functions(),
                                nullptr,
                                nullptr,
                                nullptr,
                                nullptr};
  Ref module(PyModule_Create(&definition));
  const Options& options = stage().options();
  const bool good =
      module && add_event_types(module.get(), options.output.notes, options.output.max_sysex) &&
      add_timer_type(module.get()) && add_state(module.get(), stage().dispatch().state());
  return good ? module.release() : nullptr;
}

} // namespace

void add_modules() {
  PyImport_AppendInittab("mm", make_mm);
  if (stage().options().midimonster) PyImport_AppendInittab("midimonster", make_midimonster);
}

} // namespace mm::py
