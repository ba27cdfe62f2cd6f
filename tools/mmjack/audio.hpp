// The commands for audio: capture writes what comes in at JACK ports to stdout, play reads stdin.
// The samples are 32-bit floats in the machine's byte order, the channels interleaved.
#pragma once

#include "command.hpp"

#include <string>
#include <vector>

namespace mm::jack {

// What both can be asked for.
struct Audio {
  void declare(CLI::App& app, const char* port, const char* port_about);
  Outcome check();

  Where where;
  int channels = 0;               // as many as ports were named, or 2
  std::vector<std::string> ports; // patterns of others' ports, one or all for the channels in order
  double duration = 0;            // seconds; 0: until it is ended
  bool quiet = false;
  int ready_fd = -1;
};

struct Capture {
  static const ToolText& text();
  CLI::App& declare();
  Outcome check() { return audio_.check(); }
  [[nodiscard]] Ended run() const;

 private:
  Audio audio_;
};

struct Play {
  static const ToolText& text();
  CLI::App& declare();
  Outcome check() { return audio_.check(); }
  [[nodiscard]] Ended run() const;

 private:
  Audio audio_;
};

} // namespace mm::jack
