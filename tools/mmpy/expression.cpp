#include "expression.hpp"

#include "faults.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace mm::py {

namespace {

// The names that the code sets, but `e`: "n, total". None: an exception is set.
std::optional<std::string> names_set_by(const std::string& source) {
  constexpr long is_set = 2 | 128; // DEF_LOCAL, DEF_IMPORT
  const Ref module(PyImport_ImportModule("_symtable"));
  const Ref table(
      module ? PyObject_CallMethod(module.get(), "symtable", "sss", source.c_str(), "-e", "exec")
             : nullptr);
  const Ref symbols(table ? PyObject_GetAttrString(table.get(), "symbols") : nullptr);
  if (!symbols) return {};
  std::string names;
  PyObject* name = nullptr;
  PyObject* flags = nullptr;
  Py_ssize_t at = 0;
  while (PyDict_Next(symbols.get(), &at, &name, &flags) != 0) {
    const std::string word = PyUnicode_AsUTF8(name);
    if ((PyLong_AsLong(flags) & is_set) != 0 && word != "e")
      names += (names.empty() ? "" : ", ") + word;
  }
  return names;
}

// The lines as the body of a function.
std::string indented(std::string_view source) {
  std::string body;
  while (!source.empty()) {
    const std::size_t end = std::min(source.find('\n'), source.size() - 1) + 1;
    body.append(" ").append(source.substr(0, end));
    source.remove_prefix(end);
  }
  return body;
}

bool has_long_strings(const std::string& source) {
  if (source.find('\n') + 1 >= source.size()) return false; // it is one line
  return source.find("\"\"\"") != std::string::npos || source.find("'''") != std::string::npos ||
         source.find("\\\n") != std::string::npos;
}

} // namespace

Ref define_function(const std::string& source, PyObject* names) {
  if (has_long_strings(source)) {
    PyErr_SetString(PyExc_SyntaxError, "-e: text that goes over several lines is for a FILE");
    return {};
  }
  const auto set = names_set_by(source);
  if (!set) return {};
  const std::string head = "def handle(e):\n" + (set->empty() ? " pass" : " global " + *set) + '\n';
  static_assert(lines_before_expression == 2);
  const std::string whole = head + indented(source) + " return e\n";
  const Ref code(Py_CompileString(whole.c_str(), expression_file, Py_file_input));
  const Ref defined(code ? PyEval_EvalCode(code.get(), names, names) : nullptr);
  if (!defined) return {};
  Ref function = Ref::to(PyDict_GetItemString(names, "handle"));
  PyDict_DelItemString(names, "handle");
  return function;
}

} // namespace mm::py
