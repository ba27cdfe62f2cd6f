// Meta events to stdout, for the commands that tell what happens at a server.
#pragma once

#include "command.hpp"
#include "io/writer.hpp"

#include <functional>
#include <string>

namespace mm::jack {

class MetaOutput {
 public:
  MetaOutput(boost::asio::io_context& loop, const FormatOptions& format, ClockKind clock);

  // Calls `ended` when nobody reads stdout any more, or writing failed, which is said.
  void on_end(std::function<void(const Ended&)> ended);

  // Adds an event; flush() sends it on its way.
  void print(const std::string& what, Nanoseconds time);
  void flush() { writer_.flush(); }

  // Writes what is left, and says what was lost. Returns how the command has ended, which was to be
  // `ended`.
  Ended finish(Ended ended);

 private:
  Clock clock_;
  EventWriter writer_;
};

} // namespace mm::jack
