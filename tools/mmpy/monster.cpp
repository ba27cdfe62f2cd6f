#include "monster.hpp"

#include "interpreter.hpp"
#include "stage.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

namespace mm::py {

namespace {

// A mapping loop goes on as long as the handlers let it; by then it is one.
constexpr std::size_t most_rounds = 100;
constexpr std::size_t most_steps = 100'000;

namespace fs = std::filesystem;

} // namespace

Monster::Monster(Stage& stage) : stage_(stage), routes_(stage.options().map.mappings) {}

// --- the start ---

bool Monster::load() {
  const Options& options = stage_.options();
  std::vector<std::string> files = options.files;
  if (!set_arguments(files.empty() ? "" : files.front(), options.arguments)) return false;
  files.insert(files.end(), options.map.modules.begin(), options.map.modules.end());
  for (const std::string& name : routes_.python_channels()) channels_.try_emplace(name);
  const bool imported = std::all_of(
      files.begin(), files.end(), [this](const std::string& file) { return import_module(file); });
  if (!imported) return false;

  Channel fallback;
  if (!options.map.default_handler.empty() &&
      !find_handler(options.map.default_handler, true, fallback))
    return false;
  std::set<std::string> targets;
  for (const Mapping& mapping : routes_.mappings())
    if (const auto* const to = std::get_if<PythonChannel>(&mapping.to)) targets.insert(to->name);
  for (auto& [name, channel] : channels_) {
    const bool is_top = name.find('.') == std::string::npos;
    if (!is_top && !find_handler(name, targets.contains(name), channel)) return false;
    if (is_top) channel.handler = fallback.handler;
  }
  return true;
}

// "FOLDER/m.py", "FOLDER/m" or "m": from that folder, or from where Python finds modules.
bool Monster::import_module(const std::string& path) {
  const fs::path file(path);
  const bool is_file = file.extension() == ".py";
  const std::string name = is_file ? file.stem().string() : file.filename().string();
  std::error_code failed;
  if (is_file && !fs::exists(file, failed)) {
    complain(text().name, path + ": No such file or directory");
    return false;
  }
  const fs::path real = fs::weakly_canonical(is_file ? path : path + ".py", failed);
  if (const auto known = files_.find(name); known != files_.end() && known->second == real)
    return true; // two instances of MIDIMonster have it
  PyObject* const loaded = PyImport_GetModuleDict();
  if (modules_.contains(name) ||
      (is_file && PyDict_GetItemString(loaded, name.c_str()) != nullptr)) {
    complain(text().name, path + ": there is another module '" + name + "'");
    return false;
  }
  files_[name] = real;
  PyObject* const folders = PySys_GetObject("path");
  const Ref folder(PyUnicode_DecodeFSDefault(fs::absolute(file).parent_path().c_str()));
  if (folders == nullptr || !folder || PyList_Insert(folders, 0, folder.get()) != 0) return false;
  Ref module = stage_.calls().unchecked([&] { return PyImport_ImportModule(name.c_str()); });
  if (!module) {
    stage_.calls().take_load_failure();
    return false;
  }
  modules_[name] = std::move(module);
  return true;
}

// The function "module.function" of the channel; one that values only come from needs none.
bool Monster::find_handler(const std::string& name, bool is_target, Channel& channel) {
  const std::size_t dot = name.rfind('.');
  const std::string module = name.substr(0, dot);
  const auto found = modules_.find(module);
  if (dot == std::string::npos || found == modules_.end()) {
    if (!is_target) return true;
    complain(text().name, "'" + name + "': there is no module '" + module + "' (FILE)");
    return false;
  }
  Ref function(PyObject_GetAttrString(found->second.get(), name.substr(dot + 1).c_str()));
  PyErr_Clear();
  const bool is_function = function && PyCallable_Check(function.get()) != 0;
  if (is_function) channel.handler = std::move(function);
  if (is_function || !is_target) return true;
  complain(text().name, "'" + name + "': module '" + module + "' has no function '" +
                            name.substr(dot + 1) + "'");
  return false;
}

void Monster::start() {
  has_started_ = true;
  for (const auto channel : early_) output(channel->first, channel->second.output);
  early_.clear();
}

// --- values on their way ---

void Monster::take(const Event& event) {
  stage_.dispatch().begin(event);
  if (event.kind == Kind::meta) return stage_.dispatch().pass(event);
  route(event);
  if (!routes_.has_parameters() || !is_channel_message(event.kind)) return run_steps();
  // Control changes count by themselves, and as what they make up together.
  auto at = parameters_.try_emplace(std::string(event.port)).first;
  Event kept = event;
  kept.port = at->first;
  for (const Event& joined : at->second.feed(kept)) route_parameter(joined);
  run_steps();
}

void Monster::let_go() {
  for (auto& [port, decoder] : parameters_)
    if (decoder.holding())
      for (const Event& joined : decoder.finish()) route_parameter(joined);
  run_steps();
  constexpr std::size_t many = 1024; // ports that come and go
  if (parameters_.size() > many) parameters_.clear();
}

void Monster::route(const Event& event) {
  routes_.from_event(
      event, [this](const Mapping& mapping, double value) { deliver(mapping.to, value, nullptr); });
}

// Of a wide value, whose control changes have been routed as they came.
void Monster::route_parameter(const Event& event) {
  if (event.kind != Kind::rpn && event.kind != Kind::nrpn) return;
  routes_.from_event(event, [this](const Mapping& mapping, double value) {
    const MidiChannel::Type type = std::get<MidiChannel>(mapping.from).type;
    if (type == MidiChannel::Type::rpn || type == MidiChannel::Type::nrpn)
      deliver(mapping.to, value, nullptr);
  });
}

// `from` is the channel whose output it is; null: an event of the input.
void Monster::deliver(const End& to, double value, const std::string* from) {
  if (const auto* const midi = std::get_if<MidiChannel>(&to)) {
    for_each_message(event_of(*midi, value),
                     [this](const Event& message) { stage_.dispatch().pass(message); });
    return;
  }
  const auto channel = channels_.find(std::get<PythonChannel>(to).name);
  Step step{channel, value, from, 1, {}};
  if (is_running_) { // by the handler of the step before
    step.by = next_step_ - 1;
    step.round = steps_[*step.by].round + 1;
  }
  put_out_ += step.by ? 1 : 0;
  if (step.round > most_rounds || put_out_ > most_steps) return say_loop(step);
  steps_.push_back(step);
}

// Calls handlers, one after the other: what one puts out waits until it has returned.
void Monster::run_steps() {
  if (is_running_) return;
  while (next_step_ < steps_.size() && !stage_.calls().is_over()) {
    const Step step = steps_[next_step_++];
    Channel& channel = step.channel->second;
    if (channel.handler) {
      const Ref value(PyFloat_FromDouble(step.value));
      is_running_ = true;
      current_ = &step.channel->first;
      stage_.calls()(channel.handler.get(), value.get());
      current_ = nullptr;
      is_running_ = false;
    }
    channel.input = step.value; // while the handler ran it was that before
  }
  steps_.clear();
  next_step_ = 0;
  put_out_ = 0;
}

// From an output on, through the handlers, to the same one.
void Monster::say_loop(const Step& last) {
  if (last.from == nullptr) return;
  std::string way = *last.from;
  for (auto by = last.by; by && steps_[*by].from != nullptr; by = steps_[*by].by) {
    const Step& step = steps_[*by];
    way = *step.from + " -> " +
          (step.channel->first == *step.from ? "" : step.channel->first + " -> ") + way;
    if (step.from == last.from) break;
  }
  if (said_.insert(*last.from).second)
    complain(text().name, "the mappings loop: " + way + "; it is cut off");
  stage_.set_failed();
}

// --- the module ---

void Monster::output(std::string_view name, double value) {
  const auto channel = channels_.find(name);
  if (channel == channels_.end()) {
    if (said_.emplace(name).second)
      complain(text().name, "output: no mapping has a channel '" + std::string(name) + "'");
    return;
  }
  value = std::isnan(value) ? 0 : std::clamp(value, 0.0, 1.0);
  channel->second.output = value;
  if (!has_started_) {
    if (std::find(early_.begin(), early_.end(), channel) == early_.end()) early_.push_back(channel);
    return;
  }
  const std::string* const from = &channel->first;
  routes_.from_python(name, [&](const Mapping& mapping) { deliver(mapping.to, value, from); });
  run_steps(); // where no handler runs: a timer, a socket
  Stage::the().wake_main();
}

std::optional<double> Monster::input_value(std::string_view name) const {
  const auto channel = channels_.find(name);
  return channel == channels_.end() ? std::nullopt : std::optional(channel->second.input);
}

std::optional<double> Monster::output_value(std::string_view name) const {
  const auto channel = channels_.find(name);
  return channel == channels_.end() ? std::nullopt : std::optional(channel->second.output);
}

std::vector<std::string> Monster::channels() const {
  std::vector<std::string> names;
  for (const auto& [name, channel] : channels_) names.push_back(name);
  return names;
}

namespace {

Monster& monster() { return *Stage::the().monster(); }

PyObject* output(PyObject* /*self*/, PyObject* arguments) {
  const char* name = nullptr;
  double value = 0;
  if (PyArg_ParseTuple(arguments, "sd:output", &name, &value) == 0) return nullptr;
  monster().output(name, value);
  Py_RETURN_NONE;
}

template <std::optional<double> (Monster::*value)(std::string_view) const>
PyObject* get_value(PyObject* /*self*/, PyObject* arguments) {
  const char* name = nullptr;
  if (PyArg_ParseTuple(arguments, "s", &name) == 0) return nullptr;
  const auto found = (monster().*value)(name);
  if (!found) Py_RETURN_NONE;
  return PyFloat_FromDouble(*found);
}

PyObject* current(PyObject* /*self*/, PyObject* /*unused*/) {
  const std::string* const name = monster().current();
  if (name == nullptr) Py_RETURN_NONE;
  return PyUnicode_FromString(name->c_str());
}

PyObject* timestamp(PyObject* /*self*/, PyObject* /*unused*/) {
  constexpr Nanoseconds millisecond = 1'000'000;
  return PyLong_FromLongLong(Stage::the().schedule().now() / millisecond);
}

PyObject* interval(PyObject* /*self*/, PyObject* arguments) {
  PyObject* function = nullptr;
  long long milliseconds = 0;
  if (PyArg_ParseTuple(arguments, "OL:interval", &function, &milliseconds) == 0) return nullptr;
  if (!is_function(function, "interval")) return nullptr;
  constexpr long long most = 9'000'000'000'000;
  if (milliseconds < 0 || milliseconds > most) {
    PyErr_SetString(PyExc_ValueError, "interval: milliseconds, 0 or more; 0 cancels");
    return nullptr;
  }
  Schedule& schedule = Stage::the().schedule();
  schedule.cancel(function);
  if (PyErr_Occurred() != nullptr) return nullptr;
  if (milliseconds == 0) Py_RETURN_NONE;
  const Ref timer(Stage::the().add_timer(function, milliseconds * 1'000'000, true));
  return timer ? Py_NewRef(Py_None) : nullptr;
}

PyObject* manage(PyObject* /*self*/, PyObject* arguments) {
  PyObject* function = nullptr;
  PyObject* socket = nullptr;
  if (PyArg_ParseTuple(arguments, "OO:manage", &function, &socket) == 0) return nullptr;
  if (function == Py_None) {
    Stage::the().unwatch(socket);
    Py_RETURN_NONE;
  }
  if (!is_function(function, "manage") || !Stage::the().watch(socket, function)) return nullptr;
  Py_RETURN_NONE;
}

PyObject* channels(PyObject* /*self*/, PyObject* /*unused*/) {
  const Ref list(PyList_New(0));
  for (const std::string& name : monster().channels()) {
    const Ref text(PyUnicode_FromString(name.c_str()));
    if (!list || !text || PyList_Append(list.get(), text.get()) != 0) return nullptr;
  }
  return Py_NewRef(list.get());
}

PyObject* cleanup_handler(PyObject* /*self*/, PyObject* function) {
  if (function != Py_None && !is_function(function, "cleanup_handler")) return nullptr;
  auto& handlers = Stage::the().dispatch().registry().at_exit; // at most one
  Ref before = handlers.empty() ? Ref::to(Py_None) : handlers.front();
  handlers.clear();
  if (function != Py_None) handlers.push_back(Ref::to(function));
  return before.release();
}

} // namespace

PyObject* make_midimonster() {
  static std::array<PyMethodDef, 10> functions{{
      {"output", output, METH_VARARGS, "output(name, value): puts a value out to a channel."},
      {"inputvalue", get_value<&Monster::input_value>, METH_VARARGS,
       "inputvalue(name): the last value that came in."},
      {"outputvalue", get_value<&Monster::output_value>, METH_VARARGS,
       "outputvalue(name): the last value that was put out."},
      {"current", current, METH_NOARGS, "The channel whose handler runs, or None."},
      {"timestamp", timestamp, METH_NOARGS, "The time in milliseconds."},
      {"interval", interval, METH_VARARGS,
       "interval(function, ms): calls it again and again; 0: no more."},
      {"manage", manage, METH_VARARGS,
       "manage(function, socket): calls it when that can be read; None: no more."},
      {"channels", channels, METH_NOARGS, "The names of all channels."},
      {"cleanup_handler", cleanup_handler, METH_O,
       "Sets what is called at the end; returns that before."},
      {},
  }};
  static PyModuleDef definition{PyModuleDef_HEAD_INIT,
                                "midimonster",
                                "MIDIMonster's, in mmpy.",
                                -1,
                                functions.data(),
                                nullptr,
                                nullptr,
                                nullptr,
                                nullptr};
  return PyModule_Create(&definition);
}

} // namespace mm::py
