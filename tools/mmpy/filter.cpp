#include "filter.hpp"

#include "event/filter.hpp"
#include "event_object.hpp"
#include "event_values.hpp"
#include "text/faults.hpp"
#include "text/text.hpp"

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

bool refuse(PyObject* type, const std::string& what) {
  PyErr_SetString(type, what.c_str());
  return false;
}

void take_kind(Filter& filter, Kind kind) { filter.kinds[static_cast<std::size_t>(kind)] = true; }

// ":tempo", in which nothing stands that no name has.
bool is_meta_name(std::string_view word) {
  TextParser parser;
  Event event;
  return parser.parse_meta(word, event) == Parsed::event && event.data == word;
}

// "note-on", "on", "voice", ":tempo", or a class. `all_metas`: whatever they are called.
bool add_kind(PyObject* value, Filter& filter, bool& all_metas) {
  auto& metas = filter.of[static_cast<std::size_t>(Kind::meta)].metas;
  if (const auto kind = kind_of_type(value)) {
    all_metas |= *kind == Kind::meta;
    return take_kind(filter, *kind), true;
  }
  if (!PyUnicode_Check(value))
    return refuse(PyExc_TypeError, "on(): a kind is a str or a class such as mm.note_on; " +
                                       std::string("a handler comes as @mm.on(...)"));
  const auto text = text_of(value);
  if (!text) return false;
  const std::string word(*text);
  if (word.starts_with(':')) {
    if (word.find(' ') != std::string::npos || !is_meta_name(word))
      return refuse(PyExc_ValueError, "on(): " + in_quotes(word) + " is no name of a meta event");
    take_kind(filter, Kind::meta);
    metas.push_back(word);
    return true;
  }
  const auto kinds = parse_kinds(word);
  if (!kinds) return refuse(PyExc_ValueError, "on(): " + kinds.error().what);
  for (std::size_t i = 0; i < kind_count; ++i)
    if (kinds.value().test(i)) filter.kinds[i] = true;
  all_metas |= kinds.value().test(static_cast<std::size_t>(Kind::meta));
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
    const auto tag = text_of(port);
    if (!tag) return false;
    if (!is_tag(*tag)) return refuse(PyExc_ValueError, "on(): " + no_tag(*tag));
    ports.emplace_back(*tag);
    return true;
  });
  if (!good) return false;
  if (ports.empty()) return refuse(PyExc_ValueError, "on(): port: there is none in it");
  for (KindFilter& kind : filter.of) kind.ports = ports;
  return true;
}

// The place of the argument in a kind's; -1: it has none.
int place_of(const KindInfo& kind, std::string_view name) {
  for (std::size_t i = 0; i < kind.field_count; ++i)
    if (kind.field[i].name == name) return static_cast<int>(i);
  return -1;
}

// An argument's filter: kinds that have no such argument, or none of the values, are not taken.
bool add_argument(std::string_view name, PyObject* value, Filter& filter) {
  struct Candidate {
    const KindInfo* kind;
    std::size_t place;
    NumberSet numbers;
  };
  std::vector<Candidate> candidates;
  bool is_known = false;
  for (const KindInfo& row : kind_table) {
    bool& is_taken = filter.kinds[static_cast<std::size_t>(row.kind)];
    const int place = place_of(row, name);
    is_known |= place >= 0;
    is_taken = is_taken && place >= 0;
    if (!is_taken) continue;
    const Field& field = row.field[static_cast<std::size_t>(place)];
    candidates.push_back({&row, static_cast<std::size_t>(place), NumberSet(field.min, field.max)});
  }
  if (!is_known)
    return refuse(PyExc_TypeError, "on(): no event has an argument " + in_quotes(name));
  // A value that is out of range for one kind may be in that of another.
  const auto take = [&](PyObject* item) {
    bool fits = candidates.empty();
    for (Candidate& candidate : candidates) {
      std::int16_t number = 0;
      if (read_argument(candidate.kind->field[candidate.place], item, note_style().middle_c,
                        number)) {
        candidate.numbers.add(number);
        fits = true;
      } else if (PyErr_ExceptionMatches(PyExc_ValueError) == 0) {
        return false;
      } else if (fits || &candidate != &candidates.back()) {
        PyErr_Clear();
      }
    }
    if (fits) PyErr_Clear();
    return fits;
  };
  bool is_empty = true;
  if (!for_each(value, [&](PyObject* item) {
        is_empty = false;
        return take(item);
      }))
    return false;
  if (is_empty)
    return refuse(PyExc_ValueError, "on(): " + std::string(name) + ": there is none in it");
  for (Candidate& candidate : candidates) {
    const auto at = static_cast<std::size_t>(candidate.kind->kind);
    filter.kinds[at] = !candidate.numbers.is_empty();
    filter.of[at].arguments.emplace_back(candidate.place, std::move(candidate.numbers));
  }
  return true;
}

} // namespace

bool make_filter(PyObject* const* values, std::size_t count, PyObject* keywords, Filter& filter) {
  bool all_metas = false;
  for (std::size_t i = 0; i < count; ++i)
    if (!add_kind(values[i], filter, all_metas)) return false;
  if (all_metas) filter.of[static_cast<std::size_t>(Kind::meta)].metas.clear();
  const Py_ssize_t filters = keywords == nullptr ? 0 : PyTuple_GET_SIZE(keywords);
  if (count == 0) {
    filter.kinds.fill(true);
    filter.kinds[static_cast<std::size_t>(Kind::meta)] = filters == 0;
  }
  for (Py_ssize_t i = 0; i < filters; ++i) {
    const auto word = text_of(PyTuple_GET_ITEM(keywords, i));
    if (!word) return false;
    const std::string_view name = *word;
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
