// The user's scripts: files, a module, or the code of -e; loaded at the start, and anew when they
// change (--reload).
#pragma once

#include "io/file_watch.hpp"
#include "ref.hpp"
#include "registry.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mm::py {

class Stage;

class Scripts {
 public:
  explicit Scripts(Stage& stage);

  // Runs them, so that they register their handlers. False: one has failed, which has been said, or
  // has ended the process (SystemExit).
  bool load();

  // Readable when a file has changed; -1: nobody looks.
  [[nodiscard]] int descriptor() const { return watch_ ? watch_->descriptor() : -1; }

  // Looks which files have changed, and loads all anew. Where that fails, what was there goes on.
  void reload();

 private:
  struct File {
    std::string given;
    std::string real;
  };

  bool run_all();
  bool run_file(const File& file);
  bool run_module();
  bool prepare_expression();
  void watch_imports();
  [[nodiscard]] bool is_beside(const std::string& path) const;
  void forget_imports(PyObject* kept);

  Stage& stage_;
  std::vector<File> files_;
  std::optional<FileWatch> watch_; // --reload
};

} // namespace mm::py
