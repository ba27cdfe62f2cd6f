// MIDIMonster's python backend: its modules run unchanged, with `import midimonster` and its
// mappings (--midimonster, --map).
#pragma once

#include "ref.hpp"
#include "routes.hpp"
#include "wire/parameter.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace mm::py {

class Stage;

class Monster {
 public:
  explicit Monster(Stage& stage);

  // Imports the modules and finds the handlers. False: something is not there, which has been said.
  bool load();
  // Time begins: what modules have put out while they were imported goes where it is mapped to.
  void start();

  // An event of the input: goes where it is mapped to.
  void take(const Event& event);
  // What has come so far has been taken: nothing is held back for what may follow it.
  void let_go();

  // --- what the module midimonster calls; channels are those of Python ---

  void output(std::string_view name, double value);
  [[nodiscard]] std::optional<double> input_value(std::string_view name) const;
  [[nodiscard]] std::optional<double> output_value(std::string_view name) const;
  // The channel whose handler runs; null: none does.
  [[nodiscard]] const std::string* current() const { return current_; }
  [[nodiscard]] std::vector<std::string> channels() const;

 private:
  struct Channel {
    Ref handler; // none: its value is only kept
    double input = 0;
    double output = 0;
  };
  using Channels = std::map<std::string, Channel, std::less<>>;

  // A value on its way to a channel's handler.
  struct Step {
    Channels::iterator channel;
    double value;
    const std::string* from; // the channel that put it out; null: an event
    std::size_t round;       // 1: by an event; else by the output of a handler of the round before
    std::optional<std::size_t> by; // the step whose handler has put it out
  };

  bool import_module(const std::string& path);
  bool find_handler(const std::string& name, bool is_target, Channel& channel);
  void route(const Event& event);
  void route_parameter(const Event& event);
  void deliver(const End& to, double value, const std::string* from);
  void run_steps();
  void say_loop(const Step& last);

  Stage& stage_;
  Routes routes_;
  Channels channels_;
  std::map<std::string, std::string> files_;           // of modules, by name
  std::map<std::string, Ref> modules_;                 // by name
  std::map<std::string, ParameterDecoder> parameters_; // by port
  std::deque<Step> steps_; // those of this run, the ones that are done as well
  std::size_t next_step_ = 0;
  std::size_t put_out_ = 0; // steps of this run that handlers have made
  bool is_running_ = false;
  bool has_started_ = false;
  std::vector<Channels::iterator> early_; // that were put out before
  const std::string* current_ = nullptr;
  std::set<std::string> said_; // what is said only once
};

// The module; null: an exception is set.
PyObject* make_midimonster();

} // namespace mm::py
