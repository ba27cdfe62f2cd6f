#include "scripts.hpp"

#include "event_attributes.hpp"
#include "event_object.hpp"
#include "expression.hpp"
#include "faults.hpp"
#include "interpreter.hpp"
#include "io/file.hpp"
#include "stage.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

namespace mm::py {

namespace {

namespace fs = std::filesystem;

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

std::string folder_of(const std::string& file) { return fs::path(file).parent_path().string(); }

// Links followed, and from the root: a script may go to another folder.
std::string real_path(const std::string& file) {
  std::error_code failed;
  const fs::path real = fs::canonical(file, failed);
  return failed ? file : real.string();
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

Scripts::Scripts(Stage& stage) : stage_(stage) {
  for (const std::string& file : stage.options().files) files_.push_back({file, real_path(file)});
}

bool Scripts::load() {
  if (stage_.options().reload) {
    watch_.emplace();
    for (const File& file : files_)
      if (const auto watched = watch_->add(folder_of(file.real)); !watched)
        complain(text().name, "--reload: " + watched.error().what);
  }
  if (!run_all() || stage_.calls().is_over()) return false;
  watch_imports();
  return true;
}

namespace {

// The files of all modules.
std::set<std::string> imported_files() {
  std::set<std::string> files;
  PyObject* const modules = PyImport_GetModuleDict();
  PyObject* name = nullptr;
  PyObject* module = nullptr;
  Py_ssize_t at = 0;
  while (PyDict_Next(modules, &at, &name, &module) != 0) {
    const Ref file(PyObject_GetAttrString(module, "__file__"));
    const char* const path =
        file && PyUnicode_Check(file.get()) ? PyUnicode_AsUTF8(file.get()) : nullptr;
    if (path != nullptr) files.insert(real_path(path));
    PyErr_Clear();
  }
  return files;
}

} // namespace

// The folders of packages beside the scripts.
void Scripts::watch_imports() {
  if (!watch_) return;
  for (const std::string& file : imported_files())
    if (is_beside(file)) static_cast<void>(watch_->add(folder_of(file)));
}

bool Scripts::is_beside(const std::string& path) const {
  const auto holds = [&](const File& script) {
    return std::string_view(path).starts_with(folder_of(script.real) + '/');
  };
  return std::any_of(files_.begin(), files_.end(), holds) &&
         path.find("/site-packages/") == std::string::npos;
}

bool Scripts::run_all() {
  const Options& options = stage_.options();
  if (!options.expression.empty()) return prepare_expression();
  if (!options.module.empty()) return run_module();
  return std::all_of(files_.begin(), files_.end(),
                     [&](const File& file) { return run_file(file); });
}

namespace {

// What was run to load a script has raised: Python says what, or SystemExit is the end.
bool is_fine(Stage& stage, const Ref& result) {
  if (result) return true;
  stage.calls().take_load_failure();
  return false;
}

} // namespace

bool Scripts::run_file(const File& file) {
  const std::string& path = file.given;
  const auto source = read_file(file.real, path);
  if (!source) {
    std::string hint;
    if (path.find_first_of(" =(") != std::string::npos)
      hint = "\nfor code it is -e '" + path + "'";
    else if (&file != &files_.front())
      hint = "\nwhat is the script's stands after --";
    complain(text().name, source.error().what + hint);
    return false;
  }
  const bool prepared =
      set_arguments(path, stage_.options().arguments) && add_to_path(folder_of(file.real));
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
  // What it imports may ask for the last values, too.
  if (source.find("state") == std::string::npos && source.find("import") == std::string::npos)
    stage_.dispatch().leave_state();
  stage_.dispatch().registry().add(std::move(function), everything(), true);
  return true;
}

// --- --reload ---

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
    if (path == nullptr || !is_beside(path)) continue;
    PyDict_SetItem(kept, name, module.get());
    PyDict_DelItem(modules, name);
  }
}

void Scripts::reload() {
  std::set<std::string> used = imported_files();
  for (const File& file : files_) used.insert(file.real);
  if (!watch_->take_changes(used)) return;
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
  watch_imports();
  stage_.end_scripts(std::move(before));
  complain(text().name, "reloaded");
}

} // namespace mm::py
