#include "filter.hpp"

#include "event/filter.hpp"
#include "event_object.hpp"
#include "text/faults.hpp"

#include <algorithm>
#include <functional>
#include <optional>

namespace mm::py {

bool KindFilter::takes_words(const Event& event) const {
  if (!ports.empty() && std::find(ports.begin(), ports.end(), event.port) == ports.end())
    return false;
  if (metas.empty()) return true;
  const std::string_view name = event.data.substr(0, event.data.find(' '));
  return std::find(metas.begin(), metas.end(), name) != metas.end();
}

namespace {

std::string_view text_of(PyObject* str) {
  Py_ssize_t size = 0;
  const char* const text = PyUnicode_AsUTF8AndSize(str, &size);
  return text == nullptr ? std::string_view()
                         : std::string_view(text, static_cast<std::size_t>(size));
}

bool refuse(PyObject* type, const std::string& what) {
  PyErr_SetString(type, what.c_str());
  return false;
}

void take_kind(Filter& filter, Kind kind) { filter.kinds[static_cast<std::size_t>(kind)] = true; }

// "note-on", "on", "voice", ":tempo", or a class.
bool add_kind(PyObject* value, Filter& filter) {
  if (const auto kind = kind_of_type(value)) return take_kind(filter, *kind), true;
  if (!PyUnicode_Check(value))
    return refuse(PyExc_TypeError, "on(): a kind is a str or a class such as mm.note_on; " +
                                       std::string("a handler comes as @mm.on(...)"));
  const std::string word(text_of(value));
  if (word.starts_with(':')) {
    take_kind(filter, Kind::meta);
    filter.of[static_cast<std::size_t>(Kind::meta)].metas.push_back(word);
    return true;
  }
  const auto kinds = parse_kinds(word);
  if (!kinds) return refuse(PyExc_ValueError, "on(): " + kinds.error().what);
  for (std::size_t i = 0; i < kind_count; ++i)
    if (kinds.value().test(i)) filter.kinds[i] = true;
  return true;
}

// Calls `take` with the value, or with each one in it: [1, range(3, 5)] has three.
bool for_each(PyObject* value, const std::function<bool(PyObject*)>& take, int depth = 0) {
  constexpr int deepest = 4;
  if (PyUnicode_Check(value) || PyIndex_Check(value) != 0) return take(value);
  const Ref iterator(depth < deepest ? PyObject_GetIter(value) : nullptr);
  if (!iterator) {
    PyErr_Format(PyExc_TypeError, "on(): a filter is a value, or several, not %.200s",
                 Py_TYPE(value)->tp_name);
    return false;
  }
  while (const Ref item{PyIter_Next(iterator.get())})
    if (!for_each(item.get(), take, depth + 1)) return false;
  return PyErr_Occurred() == nullptr;
}

bool add_ports(PyObject* value, Filter& filter) {
  std::vector<std::string> ports;
  const bool good = for_each(value, [&](PyObject* port) {
    if (!PyUnicode_Check(port)) return refuse(PyExc_TypeError, "on(): a port is a str");
    ports.emplace_back(text_of(port));
    return true;
  });
  if (!good) return false;
  if (ports.empty()) return refuse(PyExc_ValueError, "on(): port: there is none in it");
  for (KindFilter& kind : filter.of) kind.ports = ports;
  return true;
}

// An argument's filter: a kind that has no such argument is not taken.
bool add_argument(std::string_view name, PyObject* value, Filter& filter) {
  bool known = false;
  const auto fill = [&](const Field& field, NumberSet& numbers) {
    return for_each(value, [&](PyObject* item) {
      std::int16_t number = 0;
      if (!read_argument(field, item, number)) return false;
      numbers.add(number);
      return true;
    });
  };
  for (const KindInfo& row : kind_table) {
    const auto at = static_cast<std::size_t>(row.kind);
    const auto* const field = std::find_if(row.field.begin(), row.field.begin() + row.field_count,
                                           [&](const Field& one) { return one.name == name; });
    const bool has = field != row.field.begin() + row.field_count;
    known |= has;
    if (!filter.kinds[at]) continue;
    filter.kinds[at] = has;
    if (!has) continue;
    NumberSet numbers(field->min, field->max);
    if (!fill(*field, numbers)) return false;
    if (numbers.is_empty())
      return refuse(PyExc_ValueError, "on(): " + std::string(name) + ": there is none in it");
    filter.of[at].arguments.emplace_back(static_cast<std::size_t>(field - row.field.begin()),
                                         std::move(numbers));
  }
  if (!known) return refuse(PyExc_TypeError, "on(): no event has an argument " + in_quotes(name));
  return true;
}

} // namespace

bool make_filter(PyObject* const* values, std::size_t count, PyObject* keywords, Filter& filter) {
  for (std::size_t i = 0; i < count; ++i)
    if (!add_kind(values[i], filter)) return false;
  const Py_ssize_t filters = keywords == nullptr ? 0 : PyTuple_GET_SIZE(keywords);
  if (count == 0) {
    filter.kinds.fill(true);
    filter.kinds[static_cast<std::size_t>(Kind::meta)] = filters == 0;
  }
  for (Py_ssize_t i = 0; i < filters; ++i) {
    const std::string_view name = text_of(PyTuple_GET_ITEM(keywords, i));
    PyObject* value = values[count + static_cast<std::size_t>(i)];
    // An iterator would be used up by the first kind.
    const Ref list(PyIter_Check(value) != 0 ? PySequence_List(value) : Py_NewRef(value));
    if (!list) return false;
    if (!(name == "port" ? add_ports(list.get(), filter) : add_argument(name, list.get(), filter)))
      return false;
  }
  if (std::find(filter.kinds.begin(), filter.kinds.end(), true) == filter.kinds.end())
    return refuse(PyExc_ValueError, "on(): no kind has all of these arguments");
  return true;
}

} // namespace mm::py
