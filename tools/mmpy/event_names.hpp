// What the classes of events know: their names as Python has them, and the classes themselves. They
// are there once in a process, as the module is.
#pragma once

#include "event_object.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace mm::py {

struct EventNames {
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
};
extern EventNames names;

extern std::array<PyTypeObject, kind_count> types; // by kind

inline Kind kind_of(const EventObject* self) { return self->event.kind; }

} // namespace mm::py
