#include "meta_output.hpp"

#include <unistd.h>

#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

namespace mm::jack {

MetaOutput::MetaOutput(boost::asio::io_context& loop, const FormatOptions& format, ClockKind clock)
    : clock_(clock), writer_(loop, STDOUT_FILENO, format, WhenFull::lose, clock_) {}

void MetaOutput::on_end(std::function<void(const Ended&)> ended) {
  writer_.on_failure([ended = std::move(ended)](int error) {
    if (error != 0) complain(tool, std::string("stdout: ") + std::strerror(error));
    ended(error == 0 ? Ended{exit_done, SIGPIPE} : Ended{exit_failed, 0});
  });
}

void MetaOutput::print(const std::string& what, Nanoseconds time) {
  Event event = make_meta(what);
  event.time = clock_.stamp(time);
  event.time_form = TimeForm::absolute;
  writer_.put(event);
}

Ended MetaOutput::finish(Ended ended) {
  const auto written =
      writer_.finish(ended.signal != 0 ? std::optional<Nanoseconds>(second) : std::nullopt);
  if (!written) complain(tool, written.error().what);
  const std::uint64_t lost = writer_.lost();
  if (lost > 0)
    complain(tool, "lost " + count_of(lost, "line") + ": they came faster than they were read");
  if (!written || lost > 0) ended.status = exit_failed;
  return ended;
}

} // namespace mm::jack
