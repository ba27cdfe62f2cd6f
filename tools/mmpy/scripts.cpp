#include "scripts.hpp"

#include "event_object.hpp"
#include "file.hpp"
#include "stage.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <set>

namespace mm::py {

namespace {

namespace fs = std::filesystem;

Ref str_of_path(const std::string& path) { return Ref(PyUnicode_DecodeFSDefault(path.c_str())); }

bool set_arguments(const std::string& first, const std::vector<std::string>& rest) {
  const Ref list(PyList_New(0));
  const auto add = [&](const std::string& word) {
    const Ref text = str_of_path(word);
    return text && PyList_Append(list.get(), text.get()) == 0;
  };
  if (!list || !add(first)) return false;
  return std::all_of(rest.begin(), rest.end(), add) && PySys_SetObject("argv", list.get()) == 0;
}

// The folder where imports look first; "" is the current one.
bool add_to_path(const std::string& folder) {
  if (const char* const safe = std::getenv("PYTHONSAFEPATH"); safe != nullptr && *safe != '\0')
    return true;
  PyObject* const path = PySys_GetObject("path");
  const Ref text = str_of_path(folder);
  if (path == nullptr || !text) return false;
  const int known = PySequence_Contains(path, text.get());
  return known > 0 || (known == 0 && PyList_Insert(path, 0, text.get()) == 0);
}

std::string folder_of(const std::string& file) {
  std::error_code ignored;
  const fs::path real = fs::canonical(file, ignored);
  return (ignored ? fs::path(file) : real).parent_path().string();
}

// A new module of that name, as whose code something is run.
Ref make_main(const char* name, const std::string& file) {
  const Ref module(PyModule_New(name));
  PyObject* const modules = PyImport_GetModuleDict();
  if (!module || PyDict_SetItemString(modules, name, module.get()) != 0) return {};
  PyObject* const names = PyModule_GetDict(module.get());
  if (PyDict_SetItemString(names, "__builtins__", PyEval_GetBuiltins()) != 0) return {};
  if (file.empty()) return module;
  const Ref path = str_of_path(file);
  if (!path || PyDict_SetItemString(names, "__file__", path.get()) != 0) return {};
  return module;
}

// Python looks for the encoding itself.
Ref compile(const std::string& source, const std::string& name) {
  const Ref file = str_of_path(name);
  if (!file) return {};
  if (source.find('\0') != std::string::npos) {
    PyErr_Format(PyExc_SyntaxError, "%U: source code cannot contain null bytes", file.get());
    return {};
  }
  return Ref(Py_CompileStringObject(source.c_str(), file.get(), Py_file_input, nullptr, -1));
}

Filter everything() {
  Filter filter;
  filter.kinds.fill(true);
  return filter;
}

} // namespace

bool Scripts::load() {
  const bool loaded = run_all();
  if (!loaded) return false;
  if (stage_.options().reload) watch_files();
  return !stage_.calls().is_over();
}

bool Scripts::run_all() {
  const Options& options = stage_.options();
  if (!options.expression.empty()) return prepare_expression();
  if (!options.module.empty()) return run_module();
  return std::all_of(options.files.begin(), options.files.end(),
                     [&](const std::string& file) { return run_file(file); });
}

namespace {

// What was run to load a script has raised: Python says what, or SystemExit is the end.
bool is_fine(Stage& stage, const Ref& result) {
  if (result) return true;
  if (PyErr_ExceptionMatches(PyExc_SystemExit) != 0 ||
      PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) != 0)
    stage.calls().take_exception();
  else
    PyErr_Print();
  return false;
}

} // namespace

bool Scripts::run_file(const std::string& path) {
  const auto source = read_file(path);
  if (!source) {
    const bool is_code = path.find_first_of(" =(") != std::string::npos;
    complain(text().name,
             source.error().what + (is_code ? "\nfor code it is -e '" + path + "'" : ""));
    return false;
  }
  const bool prepared =
      set_arguments(path, stage_.options().arguments) && add_to_path(folder_of(path));
  const Ref module = prepared ? make_main("__main__", path) : Ref();
  const Ref code = module ? compile(source.value(), path) : Ref();
  if (!code) return is_fine(stage_, code);
  PyObject* const names = PyModule_GetDict(module.get());
  return is_fine(
      stage_, stage_.calls().unchecked([&] { return PyEval_EvalCode(code.get(), names, names); }));
}

bool Scripts::run_module() {
  if (!set_arguments("-m", stage_.options().arguments) || !add_to_path(fs::current_path().string()))
    return is_fine(stage_, {});
  const Ref runpy(PyImport_ImportModule("runpy"));
  if (!runpy || !make_main("__main__", "")) return is_fine(stage_, {});
  return is_fine(stage_, stage_.calls().unchecked([&] {
    // What python3 -m calls.
    return PyObject_CallMethod(runpy.get(), "_run_module_as_main", "s",
                               stage_.options().module.c_str());
  }));
}

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
  return source.find("\"\"\"") != std::string::npos || source.find("'''") != std::string::npos ||
         source.find("\\\n") != std::string::npos;
}

// Makes a function of the code. What it sets are names of the module, which stay from event to
// event; but `e` is its argument, and quick to reach.
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

} // namespace

bool Scripts::prepare_expression() {
  const std::string& source = stage_.options().expression;
  if (!set_arguments("-e", stage_.options().arguments) || !add_to_path(""))
    return is_fine(stage_, {});
  const Ref module = make_main("__main__", "");
  // As it was written: what is wrong with it, Python says of that.
  const Ref code = module ? compile(source, expression_file) : Ref();
  if (!code) return is_fine(stage_, code);
  const Ref mm(PyImport_ImportModule("mm"));
  const Ref drop(mm ? PyObject_GetAttrString(mm.get(), "drop") : nullptr);
  const Ref exit(drop ? PyObject_GetAttrString(PyImport_AddModule("sys"), "exit") : nullptr);
  PyObject* const names = PyModule_GetDict(module.get());
  const auto add = [&](const char* name, const Ref& object) {
    return object && PyDict_SetItemString(names, name, object.get()) == 0;
  };
  if (!add("mm", mm) || !add("drop", drop) || !add("exit", exit)) return is_fine(stage_, {});
  Ref function = define_function(source, names);
  if (!function) return is_fine(stage_, function);
  set_terse(true);
  if (source.find("state") == std::string::npos) stage_.dispatch().leave_state();
  stage_.dispatch().registry().add(std::move(function), everything(), true);
  return true;
}

// --- --reload ---

void Scripts::watch_files() {
  notify_ = Descriptor(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  // Folders, since editors put a new file in the place of the old one.
  for (const std::string& file : stage_.options().files) {
    const std::string folder = folder_of(file);
    const int watch =
        ::inotify_add_watch(notify_.get(), folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO);
    if (watch >= 0)
      folders_[watch] = folder;
    else
      complain(text().name, "--reload: " + folder + ": " + std::strerror(errno));
  }
}

namespace {

// The files that were run or imported from these folders.
std::set<std::string> files_in_use(const std::vector<std::string>& scripts) {
  std::set<std::string> files;
  std::error_code ignored;
  for (const std::string& script : scripts) files.insert(fs::canonical(script, ignored).string());
  PyObject* const modules = PyImport_GetModuleDict();
  PyObject* name = nullptr;
  PyObject* module = nullptr;
  Py_ssize_t at = 0;
  while (PyDict_Next(modules, &at, &name, &module) != 0) {
    const Ref file(PyObject_GetAttrString(module, "__file__"));
    const char* const path =
        file && PyUnicode_Check(file.get()) ? PyUnicode_AsUTF8(file.get()) : nullptr;
    if (path != nullptr) files.insert(fs::weakly_canonical(path, ignored).string());
    PyErr_Clear();
  }
  return files;
}

} // namespace

// Whether a file that is in use is among what has changed.
bool Scripts::take_changes() {
  const std::set<std::string> used = files_in_use(stage_.options().files);
  alignas(inotify_event) std::array<char, 4096> buffer{};
  bool changed = false;
  ssize_t got = 0;
  while ((got = ::read(notify_.get(), buffer.data(), buffer.size())) > 0)
    for (ssize_t at = 0; at < got;) {
      const auto* const event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      changed |= event->len > 0 && used.contains(folders_[event->wd] + '/' + event->name);
      at += static_cast<ssize_t>(sizeof *event + event->len);
    }
  return changed;
}

// Modules beside the scripts are imported anew; `kept` takes those that are there.
void Scripts::forget_imports(PyObject* kept) {
  PyObject* const modules = PyImport_GetModuleDict();
  const Ref names(PyDict_Keys(modules));
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(names.get()); ++i) {
    PyObject* const name = PyList_GET_ITEM(names.get(), i);
    const Ref module = Ref::to(PyDict_GetItem(modules, name));
    const Ref file(PyObject_GetAttrString(module.get(), "__file__"));
    const char* const path =
        file && PyUnicode_Check(file.get()) ? PyUnicode_AsUTF8(file.get()) : nullptr;
    PyErr_Clear();
    const bool is_beside =
        path != nullptr && std::any_of(folders_.begin(), folders_.end(), [&](const auto& folder) {
          return std::string_view(path).starts_with(folder.second + '/') &&
                 std::string_view(path).find("/site-packages/") == std::string_view::npos;
        });
    if (!is_beside) continue;
    PyDict_SetItem(kept, name, module.get());
    PyDict_DelItem(modules, name);
  }
}

void Scripts::reload() {
  if (!take_changes()) return;
  const Ref kept(PyDict_New());
  forget_imports(kept.get());
  auto before = stage_.dispatch().exchange(std::make_unique<Registry>());
  const unsigned generation = stage_.schedule().begin_generation();
  if (!run_all()) {
    // Imports that went well before the fault would otherwise stay beside the old script.
    PyDict_Update(PyImport_GetModuleDict(), kept.get());
    stage_.schedule().remove_generation(generation);
    stage_.dispatch().exchange(std::move(before));
    if (!stage_.calls().is_over())
      complain(text().name, "not reloaded; what was loaded before goes on");
    return;
  }
  stage_.schedule().remove_generations_before(generation);
  stage_.replace(*before);
  complain(text().name, "reloaded");
}

} // namespace mm::py
