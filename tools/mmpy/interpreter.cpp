#include "interpreter.hpp"

#include "cli/tool.hpp"
#include "io/signals.hpp"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace mm::py {

namespace {

volatile std::sig_atomic_t forked = 0;

// The virtual environment that is active, if it is one of this Python.
std::string virtual_environment() {
  const char* const folder = std::getenv("VIRTUAL_ENV");
  if (folder == nullptr || *folder == '\0') return {};
  const std::string version =
      std::to_string(PY_MAJOR_VERSION) + '.' + std::to_string(PY_MINOR_VERSION);
  std::error_code ignored;
  if (std::filesystem::exists(std::string(folder) + "/lib/python" + version, ignored))
    return folder;
  complain(text().name, "VIRTUAL_ENV " + std::string(folder) + ": it has no lib/python" + version +
                            ", and what is installed there is not found");
  return {};
}

Error error_of(const PyStatus& status) {
  return Error{"Python does not start: " +
               std::string(status.err_msg == nullptr ? "?" : status.err_msg)};
}

// A finder for imports that comes last: when nothing else has found a module, site-packages are set
// up, and all are asked once more.
PyObject* find_with_site(PyObject* self, PyObject* const* arguments, Py_ssize_t count) {
  PyObject* const finders = PySys_GetObject("meta_path");
  if (finders == nullptr || count < 1) Py_RETURN_NONE;
  const Py_ssize_t place = PySequence_Index(finders, self);
  if (place < 0 || PySequence_DelItem(finders, place) != 0) return nullptr;
  const Ref site(PyImport_ImportModule("site"));
  const Ref set_up(site ? PyObject_CallMethod(site.get(), "main", nullptr) : nullptr);
  if (!set_up) return nullptr;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(finders); ++i) {
    const Ref find(PyObject_GetAttrString(PyList_GET_ITEM(finders, i), "find_spec"));
    Ref spec(
        find ? PyObject_Vectorcall(find.get(), arguments, static_cast<std::size_t>(count), nullptr)
             : nullptr);
    if (!spec || spec.get() != Py_None) return spec.release();
  }
  Py_RETURN_NONE;
}

bool add_late_site() {
  static PyMethodDef method{
      "find_spec", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(find_with_site)),
      METH_FASTCALL, nullptr};
  // Any object with that attribute will do.
  const Ref finder(PyModule_New("mmpy.late_site"));
  const Ref function(finder ? PyCFunction_New(&method, finder.get()) : nullptr);
  PyObject* const finders = PySys_GetObject("meta_path");
  return function && finders != nullptr &&
         PyObject_SetAttrString(finder.get(), "find_spec", function.get()) == 0 &&
         PyList_Append(finders, finder.get()) == 0;
}

// As signal.signal(SIGINT, signal.default_int_handler), but for the system's own handler.
bool prepare_interrupt() {
  struct sigaction ours {};
  ::sigaction(SIGINT, nullptr, &ours);
  const Ref module(PyImport_ImportModule("_signal"));
  const Ref handler(module ? PyObject_GetAttrString(module.get(), "default_int_handler") : nullptr);
  const Ref old(handler ? PyObject_CallMethod(module.get(), "signal", "iO", SIGINT, handler.get())
                        : nullptr);
  ::sigaction(SIGINT, &ours, nullptr);
  return static_cast<bool>(old);
}

bool prepare_streams() {
  PyObject* const errors = PySys_GetObject("stderr");
  return errors != nullptr && PySys_SetObject("stdout", errors) == 0 &&
         PySys_SetObject("__stdout__", errors) == 0 && PySys_SetObject("stdin", Py_None) == 0;
}

} // namespace

Outcome start_interpreter(const Options& options, void (*add_modules)()) {
  PyPreConfig before;
  PyPreConfig_InitPythonConfig(&before);
  before.parse_argv = 0;
  if (const PyStatus status = Py_PreInitialize(&before); PyStatus_Exception(status) != 0)
    return error_of(status);
  add_modules();

  PyConfig config;
  PyConfig_InitPythonConfig(&config);
  config.parse_argv = 0;
  config.install_signal_handlers = 0;
  // What is loaded anew within a second would be taken from a cache of the same second.
  config.write_bytecode = options.reload ? 0 : 1;
  config.site_import = options.expression.empty() ? 1 : 0;
  const std::string environment = virtual_environment();
  const std::string program = environment.empty() ? MMTOOLS_PYTHON : environment + "/bin/python3";
  PyStatus status = PyConfig_SetBytesString(&config, &config.program_name, program.c_str());
  if (PyStatus_Exception(status) == 0) status = Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  if (PyStatus_Exception(status) != 0) return error_of(status);

  ::pthread_atfork(nullptr, nullptr, [] { forked = 1; });
  SignalTrap::give_up_in_children();
  if (!prepare_interrupt() || !prepare_streams() ||
      (!options.expression.empty() && !add_late_site())) {
    PyErr_Print();
    return Error{"Python does not start"};
  }
  return done();
}

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

void end_interpreter(bool wait_for_threads) {
  const auto call = [](const char* module, const char* function) {
    PyObject* const modules = PyImport_GetModuleDict();
    PyObject* const loaded = PyDict_GetItemString(modules, module);
    if (loaded == nullptr) return; // nobody has used it
    const Ref called(PyObject_CallMethod(loaded, function, nullptr));
    if (!called && PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) != 0)
      PyErr_Clear(); // the signal is known
    else if (!called)
      PyErr_Print();
  };
  if (wait_for_threads) call("threading", "_shutdown");
  call("atexit", "_run_exitfuncs");
  for (const char* const name : {"stdout", "stderr"}) {
    PyObject* const stream = PySys_GetObject(name);
    if (stream == nullptr || stream == Py_None) continue;
    const Ref flushed(PyObject_CallMethod(stream, "flush", nullptr));
    if (!flushed) PyErr_Clear();
  }
}

bool is_forked() { return forked != 0; }

} // namespace mm::py
