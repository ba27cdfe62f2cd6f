#include "faults.hpp"

#include "cli/tool.hpp"
#include "options.hpp"

#include <string_view>
#include <vector>

namespace mm::py {

namespace {

constexpr std::size_t most_told = 1000; // different ones in a second

std::string string_of(const Ref& str) {
  const char* const text =
      str && PyUnicode_Check(str.get()) ? PyUnicode_AsUTF8(str.get()) : nullptr;
  return text == nullptr ? "?" : text;
}

// Where the exception was raised.
std::pair<std::string, long> place_of(PyObject* traceback) {
  if (traceback == nullptr || traceback == Py_None) return {"", 0};
  Ref last = Ref::to(traceback);
  while (true) {
    Ref next(PyObject_GetAttrString(last.get(), "tb_next"));
    if (!next || next.get() == Py_None) break;
    last = std::move(next);
  }
  const Ref line(PyObject_GetAttrString(last.get(), "tb_lineno"));
  const Ref frame(PyObject_GetAttrString(last.get(), "tb_frame"));
  const Ref code(frame ? PyObject_GetAttrString(frame.get(), "f_code") : nullptr);
  const Ref file(code ? PyObject_GetAttrString(code.get(), "co_filename") : nullptr);
  std::pair<std::string, long> place{string_of(file), line ? PyLong_AsLong(line.get()) : 0};
  PyErr_Clear();
  return place;
}

// Code of ours, which is not what the user wants to see.
bool is_ours(PyObject* file) {
  const char* const name = PyUnicode_Check(file) ? PyUnicode_AsUTF8(file) : nullptr;
  return name != nullptr && std::string_view(name).starts_with("mm._");
}

// The same traceback as the user knows the code: without our own frames, and with the lines of -e
// as they were typed. (One cannot be changed.)
Ref as_typed(PyObject* traceback) {
  struct Step {
    Ref frame;
    Ref last;
    long line;
  };
  std::vector<Step> steps;
  for (Ref at = Ref::to(traceback); at && at.get() != Py_None;
       at = Ref(PyObject_GetAttrString(at.get(), "tb_next"))) {
    const Ref frame(PyObject_GetAttrString(at.get(), "tb_frame"));
    const Ref code(frame ? PyObject_GetAttrString(frame.get(), "f_code") : nullptr);
    const Ref file(code ? PyObject_GetAttrString(code.get(), "co_filename") : nullptr);
    const Ref last(PyObject_GetAttrString(at.get(), "tb_lasti"));
    const Ref line(PyObject_GetAttrString(at.get(), "tb_lineno"));
    if (!file || !last || !line) return {};
    if (is_ours(file.get())) continue;
    const bool is_expression = PyUnicode_CompareWithASCIIString(file.get(), expression_file) == 0;
    steps.push_back(
        {frame, last, PyLong_AsLong(line.get()) - (is_expression ? lines_before_expression : 0)});
  }
  Ref whole = Ref::to(Py_None);
  for (auto step = steps.rbegin(); whole && step != steps.rend(); ++step)
    whole =
        Ref(PyObject_CallFunction(reinterpret_cast<PyObject*>(&PyTraceBack_Type), "OOOl",
                                  whole.get(), step->frame.get(), step->last.get(), step->line));
  return whole;
}

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

} // namespace

void Faults::report(const std::string& at, Nanoseconds now) {
  PyObject* type = nullptr;
  PyObject* value = nullptr;
  PyObject* traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  const Ref own_type(type);
  const Ref own_value(value);
  Ref own_traceback(traceback);
  own_traceback = as_typed(traceback);
  if (PyErr_Occurred() != nullptr) PyErr_Clear();
  traceback = own_traceback ? own_traceback.get() : Py_None;
  ++count_;
  auto [file, line] = place_of(traceback);
  if (file.empty()) { // of ours: it is told by its words
    const Ref words(PyObject_Str(value));
    file = string_of(words);
    PyErr_Clear();
  }
  const Key key{reinterpret_cast<PyTypeObject*>(type)->tp_name, file, line};
  if (told_.size() > most_told) tell(now, true);
  const auto [told, is_new] = told_.try_emplace(key, Told{now, 0});
  if (!is_new && now - told->second.at < second) {
    ++told->second.more;
    return;
  }
  if (!is_new) tell(now);
  told_[key] = {now, 0};
  if (!next_) next_ = now + second;
  constexpr std::size_t most_said = 200; // of a sysex, say
  if (at.size() > most_said)
    complain(text().name, "at " + at.substr(0, most_said) + " ...:");
  else if (!at.empty())
    complain(text().name, "at " + at + ':');
  PyException_SetTraceback(value, traceback);
  PyErr_Display(type, value, traceback);
  PyErr_Clear();
}

void Faults::tell(Nanoseconds now, bool all) {
  next_.reset();
  for (auto entry = told_.begin(); entry != told_.end();) {
    auto& [key, told] = *entry;
    const Nanoseconds due = told.at + second;
    if (!all && now < due) {
      if (!next_ || due < *next_) next_ = due;
      ++entry;
      continue;
    }
    if (told.more == 0) {
      entry = told_.erase(entry);
      continue;
    }
    const auto& [type, file, line] = key;
    const std::string where =
        line == 0 ? ": " + file : ", " + base_name(file) + ':' + std::to_string(line);
    complain(text().name, "the same " + std::to_string(told.more) +
                              (told.more == 1 ? " time" : " times") + " more (" + type + where +
                              ')');
    told = {now, 0};
    if (!next_ || now + second < *next_) next_ = now + second;
    ++entry;
  }
}

} // namespace mm::py
