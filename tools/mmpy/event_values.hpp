// What events have, as values of Python: read, and made, with the exceptions that say what is
// wrong.
#pragma once

#include "event/event.hpp"
#include "ref.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mm::py {

// Sets an exception. What is returned is that of who calls it.
std::nullptr_t raise(PyObject* type, const std::string& what);

// What the class of an object is called.
std::string type_name(PyObject* object);

// A new str; what is no UTF-8 in it is replaced. Null: an exception is set.
PyObject* str_of(std::string_view text);

// The text of a str; none: it has none (lone surrogates), and an exception is set.
std::optional<std::string_view> text_of(PyObject* str);

// Whether it can be a port's tag; and what is to be said where it cannot.
bool is_tag(std::string_view text);
std::string no_tag(std::string_view text);

// A new reference to a tag as a str: there are few, and each event has one. Null: an exception is
// set.
PyObject* port_string(std::string_view port);

// Reads a number of the field, or where it is a note its name, in which note 60 is in the octave
// `middle_c`. False: an exception is set.
bool read_argument(const Field& field, PyObject* value, int middle_c, std::int16_t& argument);

// Seconds as nanoseconds. False: an exception is set, which calls them `what`.
bool read_seconds(PyObject* value, const char* what, Nanoseconds& time);

} // namespace mm::py
