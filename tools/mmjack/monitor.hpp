// The command monitor: what happens at a JACK server, as lines.
#pragma once

#include "command.hpp"
#include "news.hpp"

namespace mm::jack {

struct Monitor {
  static const ToolText& text();
  CLI::App& declare();
  Outcome check();
  [[nodiscard]] Ended run() const;

  // What monitor goes by.
  Where where;
  bool wait = false;
  FormatOptions output;
  ClockKind clock = ClockKind::monotonic;
  int ready_fd = -1;

 private:
  TypedFormat format_;
  std::string typed_clock_ = "monotonic";
};

// News as a meta event: ":ports-connected SRC DST".
std::string to_meta(const News& news);

} // namespace mm::jack
