#include "event_object.hpp"

#include "text/chars.hpp"
#include "text/faults.hpp"
#include "text/payload.hpp"
#include "text/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <deque>
#include <optional>
#include <vector>

namespace mm::py {

namespace {

// --- what the classes know ---

struct Names {
  std::array<PyObject*, kind_count> kinds{}; // "note-on", interned
  // Of the arguments of each kind, and of all of them; interned, as those are that code asks for.
  std::array<std::array<PyObject*, 3>, kind_count> fields{};
  std::vector<PyObject*> all_fields;
  PyObject* data = nullptr;
  PyObject* arguments = nullptr;
  NoteStyle notes;
  std::size_t max_sysex = default_max_sysex;
  PyObject* missing_field = nullptr; // the class of an exception
  PyObject* parse = nullptr;         // mm.parse, for pickle
} names;

std::array<PyTypeObject, kind_count> types;
PyTypeObject base_type;

bool is_terse = false;

Kind kind_of(const EventObject* self) { return self->event.kind; }

PyObject* str_of(std::string_view text) {
  return PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
}

std::nullptr_t raise(PyObject* type, const std::string& what) {
  PyErr_SetString(type, what.c_str());
  return nullptr;
}

std::string type_name(PyObject* object) { return Py_TYPE(object)->tp_name; }

// "a note-on", "an active-sensing"
std::string with_article(const EventObject* self) {
  const std::string kind(info(kind_of(self)).name);
  return (kind.empty() || std::strchr("aeiou", kind.front()) == nullptr ? "a " : "an ") +
         (kind.empty() ? "meta event" : kind);
}

// The tags that came, as interned strings: there are few, and each event has one.
PyObject* port_string(std::string_view port) {
  constexpr std::size_t most = 16;
  static std::array<PyObject*, most> known{};
  static std::size_t next = 0;
  for (PyObject* const one : known)
    if (one != nullptr && *text_of(one) == port) return Py_NewRef(one);
  PyObject* const made =
      PyUnicode_FromStringAndSize(port.data(), static_cast<Py_ssize_t>(port.size()));
  if (made == nullptr) return nullptr;
  Py_XSETREF(known[next], Py_NewRef(made));
  next = (next + 1) % most;
  return made;
}

// --- getters and setters ---

std::size_t index_of(void* closure) { return reinterpret_cast<std::size_t>(closure); }

bool refuse_deletion(PyObject* value) {
  if (value != nullptr) return false;
  raise(PyExc_AttributeError, "an attribute of an event cannot be deleted");
  return true;
}

// A number as an int, and all else as it is. Null: an exception is set.
Ref plain_value(PyObject* value) {
  const bool is_other = !PyLong_Check(value) && PyIndex_Check(value) != 0;
  return is_other ? Ref(PyNumber_Index(value)) : Ref::to(value);
}

PyObject* get_argument(PyObject* self, void* closure) {
  return PyLong_FromLong(as_event(self)->event.arg[index_of(closure)]);
}

int set_argument(PyObject* self, PyObject* value, void* closure) {
  if (refuse_deletion(value)) return -1;
  Event& event = as_event(self)->event;
  const std::size_t index = index_of(closure);
  const Ref plain = plain_value(value); // whose __index__ may change the kind
  if (!plain || index >= info(event.kind).field_count) return -1;
  return read_argument(info(event.kind).field[index], plain.get(), event.arg[index]) ? 0 : -1;
}

PyObject* get_kind(PyObject* self, void* /*closure*/) {
  const Event& event = as_event(self)->event;
  if (event.kind == Kind::meta) return str_of(event.data.substr(0, event.data.find(' ')));
  return Py_NewRef(names.kinds[static_cast<std::size_t>(event.kind)]);
}

bool have_same_fields(const KindInfo& one, const KindInfo& other) {
  const auto same = [](const Field& a, const Field& b) { return a.name == b.name; };
  return std::equal(one.fields().begin(), one.fields().end(), other.fields().begin(),
                    other.fields().end(), same) &&
         one.payload == other.payload && one.payload != Payload::text;
}

void set_data(EventObject* self, PyObject* owned_bytes) {
  Py_XSETREF(self->data, owned_bytes);
  self->event.data = {PyBytes_AS_STRING(owned_bytes),
                      static_cast<std::size_t>(PyBytes_GET_SIZE(owned_bytes))};
}

std::string no_meta_name(std::string_view word) {
  return in_quotes(word) + " is no name of a meta event, such as ':tempo'";
}

// Sets the text of a meta event, in its canonical form.
bool set_meta(EventObject* self, const std::string& text) {
  TextParser parser;
  Event read;
  if (!text.starts_with(':')) return raise(PyExc_ValueError, no_meta_name(text)), false;
  if (parser.parse_meta(text, read) != Parsed::event)
    return raise(PyExc_ValueError, parser.fault().what), false;
  PyObject* const bytes =
      PyBytes_FromStringAndSize(read.data.data(), static_cast<Py_ssize_t>(read.data.size()));
  if (bytes == nullptr) return false;
  set_data(self, bytes);
  return true;
}

std::string hex_of(char byte) {
  std::string digits(2, '0');
  chars::put_hex(digits.data(), byte);
  return digits;
}

// Sets the bytes of a sysex or raw, if they can be those of that kind.
bool set_payload(EventObject* self, Kind kind, std::string_view given) {
  const auto refuse = [](const std::string& subject, const char* fault) {
    raise(PyExc_ValueError, "data: " + subject + ' ' + fault);
    return false;
  };
  PayloadBuilder builder(names.max_sysex);
  builder.start(kind, given.size());
  for (const char byte : given)
    if (const auto* const fault = builder.add(static_cast<unsigned char>(byte)))
      return refuse(in_quotes(hex_of(byte)), fault);
  if (const auto* const fault = builder.finish()) return refuse("this", fault);
  PyObject* const built = PyBytes_FromStringAndSize(builder.data().data(),
                                                    static_cast<Py_ssize_t>(builder.data().size()));
  if (built == nullptr) return false;
  set_data(self, built);
  return true;
}

std::string_view arguments_of(const Event& event) {
  const std::size_t blank = event.data.find(' ');
  return blank == std::string_view::npos ? std::string_view() : event.data.substr(blank + 1);
}

int set_kind(PyObject* object, PyObject* value, void* /*closure*/) {
  if (refuse_deletion(value)) return -1;
  EventObject* const self = as_event(object);
  if (!PyUnicode_Check(value)) return raise(PyExc_TypeError, "kind: it is a str"), -1;
  const auto text = text_of(value);
  if (!text) return -1;
  const std::string word(*text);
  if (kind_of(self) == Kind::meta) {
    const std::string_view arguments = arguments_of(self->event);
    if (!word.starts_with(':')) return raise(PyExc_ValueError, no_meta_name(word)), -1;
    if (word.find(' ') != std::string::npos)
      return raise(PyExc_ValueError, "kind " + in_quotes(word) + ": it is one word"), -1;
    return set_meta(self, arguments.empty() ? word : word + ' ' + std::string(arguments)) ? 0 : -1;
  }
  const auto kind = find_kind(word);
  const Event& event = self->event;
  if (!kind) return raise(PyExc_ValueError, unknown_kind(word, nearest_kind(word))), -1;
  if (!have_same_fields(info(*kind), info(kind_of(self))))
    return raise(PyExc_ValueError, "kind: " + with_article(self) + " has other arguments than " +
                                       std::string(info(*kind).name) + "; make a new event"),
           -1;
  for (std::size_t i = 0; i < info(*kind).field_count; ++i)
    if (const Field& field = info(*kind).field[i]; !in_range(field, event.arg[i]))
      return raise(PyExc_ValueError, not_in_range(field, std::to_string(event.arg[i]))), -1;
  if (info(*kind).payload == Payload::bytes && !set_payload(self, *kind, event.data)) return -1;
  self->event.kind = *kind;
  Py_SET_TYPE(object, &types[static_cast<std::size_t>(*kind)]);
  return 0;
}

PyObject* get_data(PyObject* object, void* /*closure*/) {
  EventObject* const self = as_event(object);
  if (self->data == nullptr) {
    PyObject* const bytes = PyBytes_FromStringAndSize(
        self->event.data.data(), static_cast<Py_ssize_t>(self->event.data.size()));
    if (bytes == nullptr) return nullptr;
    set_data(self, bytes);
  }
  return Py_NewRef(self->data);
}

int set_bytes(PyObject* object, PyObject* value, void* /*closure*/) {
  if (refuse_deletion(value)) return -1;
  if (PyUnicode_Check(value) || PyLong_Check(value))
    return raise(PyExc_TypeError, "data: bytes or numbers, no " + type_name(value)), -1;
  const Ref bytes(PyBytes_FromObject(value));
  if (!bytes) return -1;
  EventObject* const self = as_event(object);
  const std::string_view given(PyBytes_AS_STRING(bytes.get()),
                               static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.get())));
  return set_payload(self, kind_of(self), given) ? 0 : -1;
}

PyObject* get_arguments(PyObject* self, void* /*closure*/) {
  return str_of(arguments_of(as_event(self)->event));
}

int set_arguments(PyObject* object, PyObject* value, void* /*closure*/) {
  if (refuse_deletion(value)) return -1;
  if (!PyUnicode_Check(value)) return raise(PyExc_TypeError, "arguments: it is a str"), -1;
  const auto words = text_of(value);
  if (!words) return -1;
  EventObject* const self = as_event(object);
  const std::string name(self->event.data.substr(0, self->event.data.find(' ')));
  return set_meta(self, name + ' ' + std::string(*words)) ? 0 : -1;
}

enum class TimeAs : std::size_t { seconds, nanoseconds, after };

PyObject* get_time(PyObject* self, void* closure) {
  const Event& event = as_event(self)->event;
  const auto as = static_cast<TimeAs>(index_of(closure));
  if (event.time_form != (as == TimeAs::after ? TimeForm::relative : TimeForm::absolute))
    Py_RETURN_NONE;
  if (as == TimeAs::nanoseconds) return PyLong_FromLongLong(event.time);
  return PyFloat_FromDouble(static_cast<double>(event.time) / static_cast<double>(second));
}

int set_time(PyObject* object, PyObject* value, void* closure) {
  if (refuse_deletion(value)) return -1;
  EventObject* const self = as_event(object);
  const auto as = static_cast<TimeAs>(index_of(closure));
  Nanoseconds time = 0;
  TimeForm form = TimeForm::none;
  if (value != Py_None) {
    form = as == TimeAs::after ? TimeForm::relative : TimeForm::absolute;
    if (as == TimeAs::nanoseconds) {
      int overflow = 0;
      constexpr Nanoseconds most = 9'000'000'000 * second; // as in a line
      time = PyLong_AsLongLongAndOverflow(value, &overflow);
      if (PyErr_Occurred() != nullptr) return -1;
      if (overflow != 0 || time < 0 || time > most)
        return raise(PyExc_ValueError, "time_ns: it is nanoseconds, 0 to 9e18"), -1;
    } else if (!read_seconds(value, as == TimeAs::after ? "after" : "time", time)) {
      return -1;
    }
  }
  self->event.time = time;
  self->event.time_form = form;
  self->keeps_time = form != TimeForm::none;
  return 0;
}

PyObject* get_port(PyObject* object, void* /*closure*/) {
  EventObject* const self = as_event(object);
  if (self->event.port.empty()) Py_RETURN_NONE;
  if (self->port == nullptr) {
    self->port = port_string(self->event.port);
    if (self->port == nullptr) return nullptr;
    self->event.port = *text_of(self->port);
  }
  return Py_NewRef(self->port);
}

int set_port(PyObject* object, PyObject* value, void* /*closure*/) {
  if (refuse_deletion(value)) return -1;
  EventObject* const self = as_event(object);
  if (value == Py_None) {
    self->event.port = {};
    Py_CLEAR(self->port);
    return 0;
  }
  if (!PyUnicode_Check(value)) return raise(PyExc_TypeError, "port: it is a str or None"), -1;
  const auto tag = text_of(value);
  if (!tag) return -1;
  if (!is_tag(*tag)) return raise(PyExc_ValueError, no_tag(*tag)), -1;
  Py_XSETREF(self->port, Py_NewRef(value));
  self->event.port = *tag;
  return 0;
}

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

// --- attributes by name, in a shorter way than by descriptors ---

// The place of this kind's argument; -1: it has none of that name.
int find_field(const EventObject* self, PyObject* name) {
  const auto& own = names.fields[static_cast<std::size_t>(kind_of(self))];
  for (std::size_t i = 0; i < own.size(); ++i)
    if (own[i] == name) return static_cast<int>(i);
  return -1;
}

bool is_field_of_others(PyObject* name) {
  return std::find(names.all_fields.begin(), names.all_fields.end(), name) !=
         names.all_fields.end();
}

// Whether it is the name of what follows this kind's arguments.
bool has_payload(const EventObject* self, PyObject* name) {
  const Payload payload = info(kind_of(self)).payload;
  return (payload == Payload::bytes && name == names.data) ||
         (payload == Payload::text && name == names.arguments);
}

// An attribute that this kind has not, but others have: by a class that -e knows. Its code raises
// that for every event which it is not meant for, and nobody reads the words.
void raise_missing(PyObject* object, PyObject* name) {
  static PyObject* const wordless = PyObject_CallNoArgs(names.missing_field);
  if (is_terse && wordless != nullptr && Py_REFCNT(wordless) == 1) {
    // Code that has caught it the last time has left its traces.
    PyException_SetTraceback(wordless, Py_None);
    PyException_SetContext(wordless, nullptr);
    PyException_SetCause(wordless, nullptr);
    return PyErr_SetObject(names.missing_field, wordless);
  }
  raise(names.missing_field,
        with_article(as_event(object)) + " has no " + std::string(*text_of(name)));
}

PyObject* get_attribute(PyObject* self, PyObject* name) {
  const int field = find_field(as_event(self), name);
  if (field >= 0)
    return PyLong_FromLong(as_event(self)->event.arg[static_cast<std::size_t>(field)]);
  if (!is_field_of_others(name) || has_payload(as_event(self), name))
    return PyObject_GenericGetAttr(self, name);
  raise_missing(self, name);
  return nullptr;
}

int set_attribute(PyObject* self, PyObject* name, PyObject* value) {
  const int field = find_field(as_event(self), name);
  if (field >= 0 && value != nullptr && PyLong_Check(value)) {
    const auto place = static_cast<std::size_t>(field);
    Event& event = as_event(self)->event;
    return read_argument(info(event.kind).field[place], value, event.arg[place]) ? 0 : -1;
  }
  if (field >= 0 || !is_field_of_others(name) || has_payload(as_event(self), name))
    return PyObject_GenericSetAttr(self, name, value);
  raise_missing(self, name);
  return -1;
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
    return read_argument(kind.field[index], value, self->event.arg[index]);
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

std::array<PyGetSetDef, 6> common_attributes{{
    {"kind", get_kind, set_kind, "\"note-on\", ...; of a meta event its name: \":tempo\"", nullptr},
    {"time", get_time, set_time, "seconds, or None", reinterpret_cast<void*>(TimeAs::seconds)},
    {"time_ns", get_time, set_time, "nanoseconds, or None",
     reinterpret_cast<void*>(TimeAs::nanoseconds)},
    {"after", get_time, set_time, "seconds after the line before, or None",
     reinterpret_cast<void*>(TimeAs::after)},
    {"port", get_port, set_port, "the tag without its @, or None", nullptr},
    {},
}};

// The attributes of a class, whose memory stays.
PyGetSetDef* attributes_of(const KindInfo& kind) {
  static std::deque<std::vector<PyGetSetDef>> all;
  static std::deque<std::string> words;
  auto& table = all.emplace_back();
  for (std::size_t i = 0; i < kind.field_count; ++i)
    table.push_back({words.emplace_back(kind.field[i].name).c_str(), get_argument, set_argument,
                     nullptr, reinterpret_cast<void*>(i)});
  if (kind.payload == Payload::bytes)
    table.push_back({"data", get_data, set_bytes, nullptr, nullptr});
  if (kind.payload == Payload::text)
    table.push_back({"arguments", get_arguments, set_arguments, nullptr, nullptr});
  table.push_back({});
  return table.data();
}

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
  base_type.tp_getset = common_attributes.data();
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
      if (!is_field_of_others(names.fields[at][i])) names.all_fields.push_back(names.fields[at][i]);
    }
  }
  names.data = PyUnicode_InternFromString("data");
  names.arguments = PyUnicode_InternFromString("arguments");
  names.all_fields.insert(names.all_fields.end(), {names.data, names.arguments});
  if (PyModule_AddObjectRef(module, "MissingAttribute", names.missing_field) != 0) return false;
  names.parse = PyObject_GetAttrString(module, "parse");
  return names.parse != nullptr;
}

std::optional<std::string_view> text_of(PyObject* str) {
  Py_ssize_t size = 0;
  const char* const text = PyUnicode_AsUTF8AndSize(str, &size);
  if (text == nullptr) return {};
  return std::string_view(text, static_cast<std::size_t>(size));
}

bool is_tag(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), chars::is_port_char);
}

std::string no_tag(std::string_view text) {
  return "port " + in_quotes(text) + ": it is one word of A-Z a-z 0-9 _ . - / : [ ]";
}

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

bool read_argument(const Field& field, PyObject* value, std::int16_t& argument) {
  long number = 0;
  if (PyLong_Check(value)) {
    int overflow = 0;
    number = PyLong_AsLongAndOverflow(value, &overflow);
    if (overflow != 0) number = field.max + 1L;
  } else if (PyUnicode_Check(value) && field.form == Field::Form::note) {
    const std::string_view word = text_of(value).value_or("?");
    PyErr_Clear();
    const auto note = chars::read_note_name(word, names.notes.middle_c);
    if (!note)
      return raise(PyExc_ValueError,
                   "note " + in_quotes(word) + ": it is a number or a name such as C4"),
             false;
    number = *note;
  } else if (PyIndex_Check(value) != 0) {
    const Ref index(PyNumber_Index(value));
    return index && read_argument(field, index.get(), argument);
  } else {
    const bool is_float = PyFloat_Check(value);
    return raise(PyExc_TypeError, std::string(field.name) + ": it is a whole number, no " +
                                      type_name(value) + (is_float ? "; int() makes one" : "")),
           false;
  }
  if (in_range(field, number)) {
    argument = static_cast<std::int16_t>(number);
    return true;
  }
  const Ref shown(PyObject_Str(value));
  if (shown) raise(PyExc_ValueError, not_in_range(field, *text_of(shown.get())));
  return false;
}

bool read_seconds(PyObject* value, const char* what, Nanoseconds& time) {
  const double seconds = PyFloat_AsDouble(value);
  if (PyErr_Occurred() != nullptr) return false;
  constexpr double most = 9e9; // as in a line
  if (!(seconds >= 0 && seconds <= most))
    return raise(PyExc_ValueError, std::string(what) + ": it is seconds, 0 to 9e9"), false;
  time = chars::to_nanoseconds(seconds);
  return true;
}

void set_terse(bool terse) { is_terse = terse; }

bool is_missing_field() { return PyErr_ExceptionMatches(names.missing_field) != 0; }

} // namespace mm::py
