// The commands for the graph: ls, connect, disconnect, rename, save, restore.
#pragma once

#include "command.hpp"
#include "graph.hpp"

#include <vector>

namespace mm::jack {

struct Ls {
  static const ToolText& text();
  CLI::App& declare();
  Outcome check();
  [[nodiscard]] Ended run() const;

 private:
  [[nodiscard]] bool shows(const Port& port) const;

  Where where_;
  std::string pattern_;
  std::string type_;
  bool in_ = false;
  bool out_ = false;
  bool physical_ = false;
  bool connections_ = false;
  bool json_ = false;
};

struct Connect {
  static const ToolText& text();
  CLI::App& declare();
  Outcome check();
  [[nodiscard]] Ended run() const;

 private:
  Where where_;
  std::vector<std::string> ports_;
};

struct Disconnect {
  static const ToolText& text();
  CLI::App& declare();
  Outcome check();
  [[nodiscard]] Ended run() const;

 private:
  [[nodiscard]] Result<std::vector<Connection>> chosen(const std::vector<Port>& ports) const;

  Where where_;
  std::vector<std::string> ports_;
  bool all_ = false;
};

struct Rename {
  static const ToolText& text();
  CLI::App& declare();
  Outcome check();
  [[nodiscard]] Ended run() const;

 private:
  Where where_;
  std::vector<std::string> names_;
};

struct Save {
  static const ToolText& text();
  CLI::App& declare();
  Outcome check() { return done(); }
  [[nodiscard]] Ended run() const;

 private:
  Where where_;
};

struct Restore {
  static const ToolText& text();
  CLI::App& declare();
  Outcome check() { return done(); }
  [[nodiscard]] Ended run() const;

 private:
  Where where_;
  std::string file_;
  bool exact_ = false;
};

} // namespace mm::jack
