#include "state_object.hpp"

#include "event_object.hpp"
#include "event_values.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace mm::py {

namespace {

const State* values = nullptr;

PyObject* value_or_none(std::int16_t value) {
  if (value == State::unknown) Py_RETURN_NONE;
  return PyLong_FromLong(value);
}

// The channels of that port, None: of all together. Null: there are none, or an exception is set.
const State::Channels* channels_of(PyObject* port) {
  if (port == nullptr || port == Py_None) return &values->all();
  if (PyUnicode_Check(port)) {
    const auto tag = text_of(port);
    return tag ? values->of(*tag) : nullptr;
  }
  PyErr_SetString(PyExc_TypeError, "state: port is a str or None");
  return nullptr;
}

const Field& channel_field() { return info(Kind::note_on).field[0]; }

// What a method has been asked for.
struct Question {
  const State::Channel* channel = nullptr; // null: nothing came from there
  std::size_t number = 0;
  bool has_number = false;
};

// Reads (channel, number, port); `second` is the field of the number, null: there is none. None:
// an exception is set.
std::optional<Question> read_question(PyObject* arguments, PyObject* keywords, const Field* second,
                                      bool may_lack) {
  static const std::array<const char*, 4> two{"channel", "number", "port", nullptr};
  static const std::array<const char*, 4> notes{"channel", "note", "port", nullptr};
  static const std::array<const char*, 3> one{"channel", "port", nullptr};
  PyObject* channel = nullptr;
  PyObject* number = nullptr;
  PyObject* port = nullptr;
  const bool is_note = second != nullptr && second->form == Field::Form::note;
  const auto names = [&] {
    return const_cast<char**>(second == nullptr ? one.data() : is_note ? notes.data() : two.data());
  };
  const bool read =
      second == nullptr
          ? PyArg_ParseTupleAndKeywords(arguments, keywords, "O|O", names(), &channel, &port) != 0
          : PyArg_ParseTupleAndKeywords(arguments, keywords, may_lack ? "O|OO" : "OO|O", names(),
                                        &channel, &number, &port) != 0;
  std::int16_t channel_number = 0;
  std::int16_t value = 0;
  if (!read || !read_argument(channel_field(), channel, note_style().middle_c, channel_number))
    return {};
  Question question;
  question.has_number = number != nullptr && number != Py_None;
  if (question.has_number && !read_argument(*second, number, note_style().middle_c, value))
    return {};
  question.number = static_cast<std::size_t>(value);
  const State::Channels* const channels = channels_of(port);
  if (PyErr_Occurred() != nullptr) return {};
  if (channels != nullptr)
    question.channel = &(*channels)[static_cast<std::size_t>(channel_number - 1)];
  return question;
}

PyObject* velocity(PyObject* /*self*/, PyObject* arguments, PyObject* keywords) {
  const auto asked = read_question(arguments, keywords, &info(Kind::note_on).field[1], false);
  if (!asked) return nullptr;
  return PyLong_FromLong(asked->channel == nullptr ? 0 : asked->channel->velocities[asked->number]);
}

PyObject* controller(PyObject* /*self*/, PyObject* arguments, PyObject* keywords) {
  const auto asked =
      read_question(arguments, keywords, &info(Kind::control_change).field[1], false);
  if (!asked) return nullptr;
  return value_or_none(asked->channel == nullptr ? State::unknown
                                                 : asked->channel->controllers[asked->number]);
}

PyObject* pressure(PyObject* /*self*/, PyObject* arguments, PyObject* keywords) {
  const auto asked = read_question(arguments, keywords, &info(Kind::poly_pressure).field[1], true);
  if (!asked) return nullptr;
  if (asked->channel == nullptr) Py_RETURN_NONE;
  return value_or_none(asked->has_number ? asked->channel->pressures[asked->number]
                                         : asked->channel->pressure);
}

template <std::int16_t State::Channel::*member>
PyObject* get_one(PyObject* /*self*/, PyObject* arguments, PyObject* keywords) {
  const auto asked = read_question(arguments, keywords, nullptr, false);
  if (!asked) return nullptr;
  return value_or_none(asked->channel == nullptr ? State::unknown : asked->channel->*member);
}

bool add_notes(PyObject* list, const State::Channels& channels, int channel,
               std::string_view port) {
  const State::Channel& of = channels[static_cast<std::size_t>(channel - 1)];
  for (std::size_t note = 0; note < of.velocities.size(); ++note) {
    if (of.velocities[note] == 0) continue;
    Event event = make_event(Kind::note_on, channel, note, of.velocities[note]);
    event.port = port;
    EventObject* const object = make_event_object(event);
    const Ref owned(as_object(object));
    if (object == nullptr || !keep(object) || PyList_Append(list, owned.get()) != 0) return false;
  }
  return true;
}

PyObject* notes(PyObject* /*self*/, PyObject* arguments, PyObject* keywords) {
  static const std::array<const char*, 3> names{"channel", "port", nullptr};
  PyObject* channel = nullptr;
  PyObject* port = nullptr;
  if (PyArg_ParseTupleAndKeywords(arguments, keywords, "|OO", const_cast<char**>(names.data()),
                                  &channel, &port) == 0)
    return nullptr;
  std::int16_t only = 0;
  if (channel != nullptr && channel != Py_None &&
      !read_argument(channel_field(), channel, note_style().middle_c, only))
    return nullptr;
  Ref list(PyList_New(0));
  const State::Channels* const channels = channels_of(port);
  if (!list || PyErr_Occurred() != nullptr) return nullptr;
  if (channels == nullptr) return list.release();
  const std::string_view tag = port == nullptr || port == Py_None ? "" : *text_of(port);
  for (int i = 1; i <= 16; ++i)
    if ((only == 0 || only == i) && !add_notes(list.get(), *channels, i, tag)) return nullptr;
  return list.release();
}

PyCFunction with_keywords(PyObject* (*function)(PyObject*, PyObject*, PyObject*)) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

PyTypeObject state_type;

} // namespace

bool add_state(PyObject* module, const State& state) {
  constexpr int flags = METH_VARARGS | METH_KEYWORDS;
  static std::array<PyMethodDef, 7> methods{{
      {"velocity", with_keywords(velocity), flags,
       "velocity(channel, note, port=None): 0: not held"},
      {"controller", with_keywords(controller), flags, "controller(channel, number, port=None)"},
      {"pressure", with_keywords(pressure), flags, "pressure(channel, note=None, port=None)"},
      {"program", with_keywords(get_one<&State::Channel::program>), flags,
       "program(channel, port=None)"},
      {"bend", with_keywords(get_one<&State::Channel::bend>), flags, "bend(channel, port=None)"},
      {"notes", with_keywords(notes), flags,
       "notes(channel=None, port=None): the keys that are held, as note_on events"},
      {},
  }};
  values = &state;
  Py_SET_REFCNT(&state_type, 1);
  state_type.tp_name = "mm.State";
  state_type.tp_basicsize = sizeof(PyObject);
  state_type.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION;
  state_type.tp_methods = methods.data();
  state_type.tp_doc = "The last values that came in.";
  if (PyModule_AddType(module, &state_type) != 0) return false;
  const Ref object(reinterpret_cast<PyObject*>(PyObject_New(PyObject, &state_type)));
  return object && PyModule_AddObjectRef(module, "state", object.get()) == 0;
}

} // namespace mm::py
