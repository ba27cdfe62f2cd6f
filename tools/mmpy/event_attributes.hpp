// The attributes of events: kind, time, port, the arguments by their names, data.
#pragma once

#include "event_object.hpp"

#include <string_view>

namespace mm::py {

// The descriptors of what all events have, and of what those of a kind have. Their memory stays.
PyGetSetDef* common_attributes();
PyGetSetDef* attributes_of(const KindInfo& kind);

// The same by name, in a shorter way than by descriptors.
PyObject* get_attribute(PyObject* self, PyObject* name);
int set_attribute(PyObject* self, PyObject* name, PyObject* value);

// Whether some kind has an attribute of that (interned) name which not all have.
bool is_field(PyObject* name);

// Setters, as descriptors have them.
int set_kind(PyObject* object, PyObject* value, void* closure);
int set_bytes(PyObject* object, PyObject* value, void* closure);
int set_arguments(PyObject* object, PyObject* value, void* closure);

// Gives an event that object of bytes, which it owns from now on.
void set_data(EventObject* self, PyObject* owned_bytes);

// What follows the name of a meta event.
std::string_view arguments_of(const Event& event);

// From now on is_missing_field() exceptions need no words, since nobody reads them.
void set_terse(bool terse);

// Whether the exception that is set says that an event's kind has not the attribute that was asked
// for, though another kind has.
bool is_missing_field();

} // namespace mm::py
