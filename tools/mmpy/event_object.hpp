// Events as Python objects: mm.Event and its subclasses, one a kind (mm.note_on, mm.clock, ...),
// all made from the table of kinds.
//
// An object is a plain C struct, and its attributes are read out of it directly. While a handler
// runs, its event points into the buffer that it was read into (as mm::Event does); keep() gives it
// memory of its own before that changes.
#pragma once

#include "event/event.hpp"
#include "ref.hpp"
#include "text/line.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mm::py {

struct EventObject {
  PyObject_HEAD    // NOLINT
      Event event; // its `data` and `port` point elsewhere, or into the two objects
  PyObject* data;  // bytes; null: none, or not asked for yet
  PyObject* port;  // str; the same
  bool keeps_time; // the script has set its time, which stays as it is
};

// Makes the classes, and adds them to the module. False: an exception is set. `notes` says how
// notes are named.
bool add_event_types(PyObject* module, NoteStyle notes, std::size_t max_sysex);

bool is_event(PyObject* object);
inline EventObject* as_event(PyObject* object) { return reinterpret_cast<EventObject*>(object); }
inline PyObject* as_object(EventObject* event) { return reinterpret_cast<PyObject*>(event); }

// A new object that points to what `event` does, until keep(); null: an exception is set.
EventObject* make_event_object(const Event& event);

// The same in an object that nobody else has.
void refill(EventObject* object, const Event& event);

// Copies what the object points to, since that is about to go. False: an exception is set.
bool keep(EventObject* object);

// The kind whose class this is.
std::optional<Kind> kind_of_type(PyObject* type);

// The event as a line, without LF.
std::string line_of(const Event& event);

// Reads a line; null: a ValueError that shows the fault is set.
EventObject* parse_line(std::string_view line);

// How notes are named, as add_event_types() was told.
NoteStyle note_style();

} // namespace mm::py
