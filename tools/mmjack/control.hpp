// The command control: lines on stdin say what is to be done at a JACK server.
#pragma once

#include "command.hpp"

namespace mm::jack {

struct Control {
  static const ToolText& text();
  CLI::App& declare();
  Outcome check() { return done(); }
  [[nodiscard]] Ended run() const;

  Where where;
  bool strict = false;
};

} // namespace mm::jack
