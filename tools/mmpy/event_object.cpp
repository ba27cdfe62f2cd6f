#include "event_object.hpp"

#include "event_attributes.hpp"
#include "event_names.hpp"
#include "event_values.hpp"
#include "text/chars.hpp"
#include "text/faults.hpp"
#include "text/text.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <optional>
#include <vector>

namespace mm::py {

EventNames names;
std::array<PyTypeObject, kind_count> types;

namespace {

PyTypeObject base_type;

// --- methods ---

PyObject* clone(PyObject* self, PyObject* /*unused*/) {
  const EventObject* const original = as_event(self);
  EventObject* const copy = make_event_object(original->event);
  if (copy == nullptr) return nullptr;
  copy->data = Py_XNewRef(original->data);
  copy->port = Py_XNewRef(original->port);
  copy->keeps_time = original->keeps_time;
  if (keep(copy)) return as_object(copy);
  Py_DECREF(as_object(copy));
  return nullptr;
}

bool set_members(PyObject* self, PyObject* const* values, PyObject* keywords) {
  const Py_ssize_t count = keywords == nullptr ? 0 : PyTuple_GET_SIZE(keywords);
  for (Py_ssize_t i = 0; i < count; ++i)
    if (PyObject_SetAttr(self, PyTuple_GET_ITEM(keywords, i), values[i]) != 0) return false;
  return true;
}

PyObject* replace(PyObject* self, PyObject* const* values, Py_ssize_t count, PyObject* keywords) {
  if (count != 0) return raise(PyExc_TypeError, "replace() takes keywords: replace(note=60)");
  Ref copy(clone(self, nullptr));
  if (!copy || !set_members(copy.get(), values, keywords)) return nullptr;
  return copy.release();
}

PyObject* reduce(PyObject* self, PyObject* /*unused*/) {
  const Ref line(str_of(line_of(as_event(self)->event)));
  if (!line) return nullptr;
  return Py_BuildValue("O(O)", names.parse, line.get());
}

PyObject* str(PyObject* self) { return str_of(line_of(as_event(self)->event)); }

PyObject* repr(PyObject* object) {
  EventObject* const self = as_event(object);
  const KindInfo& kind = info(kind_of(self));
  std::string text = "mm." + std::string(std::strrchr(Py_TYPE(object)->tp_name, '.') + 1) + '(';
  std::string comma;
  const auto add = [&](const std::string& what) {
    text += comma + what;
    comma = ", ";
  };
  const auto add_attribute = [&](const char* lead, const char* name) {
    const Ref value(PyObject_GetAttrString(object, name));
    const Ref shown(value ? PyObject_Repr(value.get()) : nullptr);
    if (shown) add(lead + std::string(*text_of(shown.get())));
  };
  for (std::size_t i = 0; i < kind.field_count; ++i) add(std::to_string(self->event.arg[i]));
  if (kind.payload == Payload::bytes) add_attribute("", "data");
  if (kind.payload == Payload::text) {
    add_attribute("", "kind");
    if (!arguments_of(self->event).empty()) add_attribute("", "arguments");
  }
  const double seconds = static_cast<double>(self->event.time) / static_cast<double>(second);
  if (self->event.time_form == TimeForm::absolute) {
    const bool is_exact = chars::to_nanoseconds(seconds) == self->event.time;
    add_attribute(is_exact ? "time=" : "time_ns=", is_exact ? "time" : "time_ns");
  }
  if (self->event.time_form == TimeForm::relative) add_attribute("after=", "after");
  if (!self->event.port.empty()) add_attribute("port=", "port");
  if (PyErr_Occurred() != nullptr) return nullptr;
  return str_of(text + ')');
}

PyObject* compare(PyObject* one, PyObject* other, int operation) {
  if ((operation != Py_EQ && operation != Py_NE) || !is_event(other)) Py_RETURN_NOTIMPLEMENTED;
  const bool same = as_event(one)->event == as_event(other)->event;
  return PyBool_FromLong(static_cast<long>(same == (operation == Py_EQ)));
}

Py_hash_t hash(PyObject* self) {
  const Event& event = as_event(self)->event;
  std::size_t value = std::hash<std::string_view>()(event.data);
  const auto mix = [&](std::size_t more) { value = value * 1'000'003 ^ more; };
  mix(std::hash<std::string_view>()(event.port));
  mix(static_cast<std::size_t>(event.kind));
  mix(static_cast<std::size_t>(event.time) + static_cast<std::size_t>(event.time_form));
  for (const std::int16_t argument : event.arg) mix(static_cast<std::size_t>(argument));
  const auto result = static_cast<Py_hash_t>(value);
  return result == -1 ? -2 : result; // -1 says that there was an exception
}

void dealloc(PyObject* object) {
  EventObject* const self = as_event(object);
  Py_XDECREF(self->data);
  Py_XDECREF(self->port);
  PyObject_Free(object);
}

// --- construction ---

PyObject* const* find_keyword(PyObject* keywords, PyObject* const* values, std::string_view name) {
  const Py_ssize_t count = keywords == nullptr ? 0 : PyTuple_GET_SIZE(keywords);
  for (Py_ssize_t i = 0; i < count; ++i)
    if (PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(keywords, i),
                                         std::string(name).c_str()) == 0)
      return &values[i];
  return nullptr;
}

// The names of what a class takes, in order.
std::vector<std::string_view> parameters(const KindInfo& kind) {
  std::vector<std::string_view> all;
  for (const Field& field : kind.fields()) all.push_back(field.name);
  if (kind.payload == Payload::bytes) all.push_back("data");
  if (kind.payload == Payload::text) all.insert(all.end(), {"kind", "arguments"});
  return all;
}

bool is_note(Kind kind) { return kind == Kind::note_on || kind == Kind::note_off; }

bool set_parameter(EventObject* self, std::string_view name, std::size_t index, PyObject* value) {
  const KindInfo& kind = info(kind_of(self));
  if (index < kind.field_count)
    return read_argument(kind.field[index], value, names.notes.middle_c, self->event.arg[index]);
  if (kind.payload == Payload::bytes) return set_bytes(as_object(self), value, nullptr) == 0;
  return (name == "kind" ? set_kind(as_object(self), value, nullptr)
                         : set_arguments(as_object(self), value, nullptr)) == 0;
}

// Without it, what a parameter is. False: it has to be there.
bool set_default(EventObject* self, std::string_view name, std::size_t index) {
  if (name == "velocity" && is_note(kind_of(self))) {
    self->event.arg[index] = 64; // MIDI 1.0: of a keyboard that measures none
    return true;
  }
  if (name == "arguments") return true;
  raise(PyExc_TypeError, "mm." +
                             std::string(std::strrchr(Py_TYPE(as_object(self))->tp_name, '.') + 1) +
                             "() needs its " + std::string(name));
  return false;
}

PyObject* construct(PyObject* type, PyObject* const* values, std::size_t count_and_flag,
                    PyObject* keywords) {
  const std::optional<Kind> kind = kind_of_type(type);
  const std::string name =
      "mm." + std::string(std::strrchr(reinterpret_cast<PyTypeObject*>(type)->tp_name, '.') + 1);
  if (!kind) return raise(PyExc_TypeError, name + ": make one of its kinds: mm.note_on(...), ...");
  const auto count = static_cast<std::size_t>(PyVectorcall_NARGS(count_and_flag));
  const auto all = parameters(info(*kind));
  if (count > all.size())
    return raise(PyExc_TypeError, name + "() takes " + std::to_string(all.size()) +
                                      " arguments, not " + std::to_string(count));
  Event event;
  event.kind = *kind;
  if (*kind == Kind::meta) event.data = ":"; // until it has its name
  const Ref made(as_object(make_event_object(event)));
  if (!made) return nullptr;
  EventObject* const self = as_event(made.get());
  std::size_t used = 0; // keywords
  for (std::size_t i = 0; i < all.size(); ++i) {
    PyObject* const* const keyword = find_keyword(keywords, values + count, all[i]);
    if (keyword != nullptr && i < count)
      return raise(PyExc_TypeError, name + "() has two values for " + std::string(all[i]));
    used += keyword != nullptr ? 1 : 0;
    PyObject* const value = i < count ? values[i] : keyword != nullptr ? *keyword : nullptr;
    if (!(value != nullptr ? set_parameter(self, all[i], i, value) : set_default(self, all[i], i)))
      return nullptr;
  }
  for (const char* const other : {"time", "time_ns", "after", "port"}) {
    PyObject* const* const keyword = find_keyword(keywords, values + count, other);
    if (keyword == nullptr) continue;
    ++used;
    if (*keyword != Py_None && PyObject_SetAttrString(made.get(), other, *keyword) != 0)
      return nullptr;
  }
  if (used == static_cast<std::size_t>(keywords == nullptr ? 0 : PyTuple_GET_SIZE(keywords)))
    return Py_NewRef(made.get());
  std::string known;
  for (const std::string_view one : all) known += std::string(one) + ", ";
  return raise(PyExc_TypeError, name + "() takes " + known + "time, time_ns, after and port");
}

// --- the classes ---

std::array<PyMethodDef, 5> methods{{
    {"replace", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(replace)),
     METH_FASTCALL | METH_KEYWORDS, "A new event, with these attributes changed."},
    {"__copy__", clone, METH_NOARGS, nullptr},
    {"__deepcopy__", clone, METH_O, nullptr},
    {"__reduce__", reduce, METH_NOARGS, nullptr},
    {},
}};

// "mm.note_on", "mm.continue_": a name that Python takes.
const char* class_name(const KindInfo& kind) {
  static std::deque<std::string> all;
  std::string name(kind.kind == Kind::meta ? "meta" : kind.name);
  std::replace(name.begin(), name.end(), '-', '_');
  if (name == "continue") name += '_';
  return all.emplace_back("mm." + name).c_str();
}

void prepare(PyTypeObject& type, const char* name, PyTypeObject* base) {
  Py_SET_REFCNT(&type, 1);
  type.tp_name = name;
  type.tp_basicsize = sizeof(EventObject);
  type.tp_flags = Py_TPFLAGS_DEFAULT;
  type.tp_base = base;
  type.tp_dealloc = dealloc;
  type.tp_str = str;
  type.tp_repr = repr;
  type.tp_hash = hash;
  type.tp_richcompare = compare;
  type.tp_getattro = get_attribute;
  type.tp_setattro = set_attribute;
  type.tp_vectorcall = construct;
}

bool add_type(PyObject* module, PyTypeObject& type, const std::vector<std::string_view>& match) {
  if (PyType_Ready(&type) != 0) return false;
  const Ref tuple(PyTuple_New(static_cast<Py_ssize_t>(match.size())));
  if (!tuple) return false;
  for (std::size_t i = 0; i < match.size(); ++i)
    PyTuple_SET_ITEM(tuple.get(), static_cast<Py_ssize_t>(i), str_of(match[i]));
  if (PyDict_SetItemString(type.tp_dict, "__match_args__", tuple.get()) != 0) return false;
  return PyModule_AddObjectRef(module, std::strrchr(type.tp_name, '.') + 1,
                               reinterpret_cast<PyObject*>(&type)) == 0;
}

} // namespace

bool add_event_types(PyObject* module, NoteStyle notes, std::size_t max_sysex) {
  names.notes = notes;
  names.max_sysex = max_sysex;
  names.missing_field = PyErr_NewException("mm.MissingAttribute", PyExc_AttributeError, nullptr);
  if (names.missing_field == nullptr) return false;
  prepare(base_type, "mm.Event", nullptr);
  base_type.tp_methods = methods.data();
  base_type.tp_getset = common_attributes();
  base_type.tp_doc = "One MIDI event; each kind is a class of its own.";
  if (!add_type(module, base_type, {})) return false;
  for (const KindInfo& kind : kind_table) {
    PyTypeObject& type = types[static_cast<std::size_t>(kind.kind)];
    prepare(type, class_name(kind), &base_type);
    type.tp_getset = attributes_of(kind);
    if (!add_type(module, type, parameters(kind))) return false;
    const auto at = static_cast<std::size_t>(kind.kind);
    names.kinds[at] = PyUnicode_InternFromString(std::string(kind.name).c_str());
    for (std::size_t i = 0; i < kind.field_count; ++i) {
      names.fields[at][i] = PyUnicode_InternFromString(std::string(kind.field[i].name).c_str());
      if (!is_field(names.fields[at][i])) names.all_fields.push_back(names.fields[at][i]);
    }
  }
  names.data = PyUnicode_InternFromString("data");
  names.arguments = PyUnicode_InternFromString("arguments");
  names.all_fields.insert(names.all_fields.end(), {names.data, names.arguments});
  if (PyModule_AddObjectRef(module, "MissingAttribute", names.missing_field) != 0) return false;
  names.parse = PyObject_GetAttrString(module, "parse");
  return names.parse != nullptr;
}

NoteStyle note_style() { return names.notes; }

bool is_event(PyObject* object) { return Py_TYPE(object)->tp_base == &base_type; }

std::optional<Kind> kind_of_type(PyObject* type) {
  const auto* const at = reinterpret_cast<PyTypeObject*>(type);
  if (at < types.data() || at >= types.data() + types.size()) return {};
  return static_cast<Kind>(at - types.data());
}

EventObject* make_event_object(const Event& event) {
  auto* const object = static_cast<EventObject*>(PyObject_Malloc(sizeof(EventObject)));
  if (object == nullptr) {
    PyErr_NoMemory();
    return nullptr;
  }
  PyObject_Init(as_object(object), &types[static_cast<std::size_t>(event.kind)]);
  object->event = event;
  object->data = nullptr;
  object->port = nullptr;
  object->keeps_time = false;
  return object;
}

void refill(EventObject* object, const Event& event) {
  Py_CLEAR(object->data);
  Py_CLEAR(object->port);
  Py_SET_TYPE(as_object(object), &types[static_cast<std::size_t>(event.kind)]);
  object->event = event;
  object->keeps_time = false;
}

bool keep(EventObject* object) {
  Event& event = object->event;
  if (object->data == nullptr && !event.data.empty()) {
    PyObject* const bytes =
        PyBytes_FromStringAndSize(event.data.data(), static_cast<Py_ssize_t>(event.data.size()));
    if (bytes == nullptr) return false;
    set_data(object, bytes);
  }
  if (object->port == nullptr && !event.port.empty()) {
    object->port = port_string(event.port);
    if (object->port == nullptr) return false;
    event.port = *text_of(object->port);
  }
  return true;
}

std::string line_of(const Event& event) {
  const TextPrinter printer;
  std::string line(printer.bound(event), '\0');
  const char* const end = printer.print(line.data(), event);
  line.resize(static_cast<std::size_t>(end - line.data()) - 1); // without its LF
  return line;
}

EventObject* parse_line(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  TextParser parser(names.notes, names.max_sysex);
  Event event;
  Fault fault{0, "a line that holds no event"};
  if (line.find('\n') != std::string_view::npos)
    fault = {line.find('\n'), "an event is one line"};
  else if (const Parsed parsed = parser.parse(line, event); parsed == Parsed::event) {
    EventObject* const made = make_event_object(event);
    if (made == nullptr || !keep(made)) return nullptr;
    made->keeps_time = event.time_form != TimeForm::none;
    return made;
  } else if (parsed == Parsed::fault) {
    fault = parser.fault();
  }
  raise(PyExc_ValueError, "column " + std::to_string(fault.column + 1) + ": " + fault.what + '\n' +
                              show_fault(line, fault.column));
  return nullptr;
}

} // namespace mm::py
