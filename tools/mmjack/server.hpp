// The commands for the server: info, set-buffer-size.
#pragma once

#include "command.hpp"

namespace mm::jack {

struct Info {
  static const ToolText& text();
  CLI::App& declare();
  Outcome check() { return done(); }
  [[nodiscard]] Ended run() const;

 private:
  Where where_;
  bool json_ = false;
};

struct SetBufferSize {
  static const ToolText& text();
  CLI::App& declare();
  Outcome check();
  [[nodiscard]] Ended run() const;

 private:
  Where where_;
  std::string typed_;
  std::uint32_t frames_ = 0;
};

} // namespace mm::jack
