#include "event_values.hpp"

#include "text/chars.hpp"
#include "text/faults.hpp"

#include <algorithm>
#include <array>

namespace mm::py {

std::nullptr_t raise(PyObject* type, const std::string& what) {
  PyErr_SetString(type, what.c_str());
  return nullptr;
}

std::string type_name(PyObject* object) { return Py_TYPE(object)->tp_name; }

PyObject* str_of(std::string_view text) {
  return PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
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

bool read_argument(const Field& field, PyObject* value, int middle_c, std::int16_t& argument) {
  long number = 0;
  if (PyLong_Check(value)) {
    int overflow = 0;
    number = PyLong_AsLongAndOverflow(value, &overflow);
    if (overflow != 0) number = field.max + 1L;
  } else if (PyUnicode_Check(value) && field.form == Field::Form::note) {
    const std::string_view word = text_of(value).value_or("?");
    PyErr_Clear();
    const auto note = chars::read_note_name(word, middle_c);
    if (!note)
      return raise(PyExc_ValueError,
                   "note " + in_quotes(word) + ": it is a number or a name such as C4"),
             false;
    number = *note;
  } else if (PyIndex_Check(value) != 0) {
    const Ref index(PyNumber_Index(value));
    return index && read_argument(field, index.get(), middle_c, argument);
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

} // namespace mm::py
