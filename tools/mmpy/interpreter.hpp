// The Python interpreter in the process: how it is set up, and how it ends.
#pragma once

#include "event/result.hpp"
#include "options.hpp"
#include "ref.hpp"

#include <string>
#include <vector>

namespace mm::py {

// Starts it as `python3 FILE` would be: with the environment's PYTHON... variables, VIRTUAL_ENV,
// and site-packages. For -e, which seldom needs them, the latter come with the first import of
// something that is not there without them. sys.stdout is stderr, since stdout is for events, and
// there is no sys.stdin. `add_modules` adds ours. After it SIGINT can be raised in Python
// (PyErr_SetInterruptEx), whose signal handlers stay as they were before.
Outcome start_interpreter(const Options& options, void (*add_modules)());

// A path as a str.
Ref str_of_path(const std::string& path);

// sys.argv. False: an exception is set.
bool set_arguments(const std::string& first, const std::vector<std::string>& rest);

// Waits for the script's threads, if `wait`, runs what atexit has, and writes what stderr holds.
// The interpreter is not taken apart: the process ends.
void end_interpreter(bool wait_for_threads);

// Whether this is a process that a script has forked.
bool is_forked();

} // namespace mm::py
