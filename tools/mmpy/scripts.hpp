// The user's scripts: files, a module, or the code of -e; loaded at the start, and anew when they
// change (--reload).
#pragma once

#include "io/descriptor.hpp"
#include "ref.hpp"
#include "registry.hpp"

#include <map>
#include <string>
#include <vector>

namespace mm::py {

class Stage;

class Scripts {
 public:
  explicit Scripts(Stage& stage) : stage_(stage) {}

  // Runs them, so that they register their handlers. False: one has failed, which has been said, or
  // has ended the process (SystemExit).
  bool load();

  // Readable when a file has changed; -1: nobody looks.
  [[nodiscard]] int descriptor() const { return notify_.get(); }

  // Looks which files have changed, and loads all anew. Where that fails, what was there goes on.
  void reload();

 private:
  bool run_all();
  bool run_file(const std::string& path);
  bool run_module();
  bool prepare_expression();
  void watch_files();
  [[nodiscard]] bool take_changes();
  void forget_imports(PyObject* kept);

  Stage& stage_;
  Descriptor notify_;                  // inotify's
  std::map<int, std::string> folders_; // that it looks at
};

} // namespace mm::py
