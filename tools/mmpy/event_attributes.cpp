#include "event_attributes.hpp"

#include "event_names.hpp"
#include "event_values.hpp"
#include "text/chars.hpp"
#include "text/faults.hpp"
#include "text/payload.hpp"
#include "text/text.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

namespace mm::py {

namespace {

bool is_terse = false;

// "a note-on", "an active-sensing"
std::string with_article(const EventObject* self) {
  const std::string kind(info(kind_of(self)).name);
  return (kind.empty() || std::strchr("aeiou", kind.front()) == nullptr ? "a " : "an ") +
         (kind.empty() ? "meta event" : kind);
}

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
  return read_argument(info(event.kind).field[index], plain.get(), names.notes.middle_c,
                       event.arg[index])
             ? 0
             : -1;
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

PyObject* get_arguments(PyObject* self, void* /*closure*/) {
  return str_of(arguments_of(as_event(self)->event));
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

// The place of this kind's argument; -1: it has none of that name.
int find_field(const EventObject* self, PyObject* name) {
  const auto& own = names.fields[static_cast<std::size_t>(kind_of(self))];
  for (std::size_t i = 0; i < own.size(); ++i)
    if (own[i] == name) return static_cast<int>(i);
  return -1;
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

std::array<PyGetSetDef, 6> common{{
    {"kind", get_kind, set_kind, "\"note-on\", ...; of a meta event its name: \":tempo\"", nullptr},
    {"time", get_time, set_time, "seconds, or None", reinterpret_cast<void*>(TimeAs::seconds)},
    {"time_ns", get_time, set_time, "nanoseconds, or None",
     reinterpret_cast<void*>(TimeAs::nanoseconds)},
    {"after", get_time, set_time, "seconds after the line before, or None",
     reinterpret_cast<void*>(TimeAs::after)},
    {"port", get_port, set_port, "the tag without its @, or None", nullptr},
    {},
}};

} // namespace

void set_data(EventObject* self, PyObject* owned_bytes) {
  Py_XSETREF(self->data, owned_bytes);
  self->event.data = {PyBytes_AS_STRING(owned_bytes),
                      static_cast<std::size_t>(PyBytes_GET_SIZE(owned_bytes))};
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

int set_arguments(PyObject* object, PyObject* value, void* /*closure*/) {
  if (refuse_deletion(value)) return -1;
  if (!PyUnicode_Check(value)) return raise(PyExc_TypeError, "arguments: it is a str"), -1;
  const auto words = text_of(value);
  if (!words) return -1;
  EventObject* const self = as_event(object);
  const std::string name(self->event.data.substr(0, self->event.data.find(' ')));
  return set_meta(self, name + ' ' + std::string(*words)) ? 0 : -1;
}

bool is_field(PyObject* name) {
  return std::find(names.all_fields.begin(), names.all_fields.end(), name) !=
         names.all_fields.end();
}

PyObject* get_attribute(PyObject* self, PyObject* name) {
  const int field = find_field(as_event(self), name);
  if (field >= 0)
    return PyLong_FromLong(as_event(self)->event.arg[static_cast<std::size_t>(field)]);
  if (!is_field(name) || has_payload(as_event(self), name))
    return PyObject_GenericGetAttr(self, name);
  raise_missing(self, name);
  return nullptr;
}

int set_attribute(PyObject* self, PyObject* name, PyObject* value) {
  const int field = find_field(as_event(self), name);
  if (field >= 0 && value != nullptr && PyLong_Check(value)) {
    const auto place = static_cast<std::size_t>(field);
    Event& event = as_event(self)->event;
    return read_argument(info(event.kind).field[place], value, names.notes.middle_c,
                         event.arg[place])
               ? 0
               : -1;
  }
  if (field >= 0 || !is_field(name) || has_payload(as_event(self), name))
    return PyObject_GenericSetAttr(self, name, value);
  raise_missing(self, name);
  return -1;
}

PyGetSetDef* common_attributes() { return common.data(); }

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

void set_terse(bool terse) { is_terse = terse; }

bool is_missing_field() { return PyErr_ExceptionMatches(names.missing_field) != 0; }

} // namespace mm::py
