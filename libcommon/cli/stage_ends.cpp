#include "cli/stage_ends.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace mm {

StageEnds* StageEnds::instance = nullptr;

StageEnds::StageEnds(int in, int out, const Options& options, std::string tool,
                     std::function<void(const Ended&)> end)
    : in_(in), tool_(std::move(tool)), end_(std::move(end)), downstream_(out, options.output),
      input_(in, "stdin", options.input, [this](const std::string& what) {
        complain(tool_, what);
        has_failed_ = true;
      }) {
  instance = this;
  trap_.on_last([] { instance->downstream_.release_in_handler(); });
}

StageEnds::~StageEnds() {
  trap_.on_last(nullptr);
  instance = nullptr;
}

void StageEnds::write() {
  Output& output = downstream_.output();
  if (output.write() != Output::Wrote::failed) return;
  if (output.error() == EPIPE) return end_({exit_done, SIGPIPE});
  if (!std::exchange(has_told_, true))
    complain(tool_, std::string("stdout: ") + std::strerror(output.error()));
  end_({exit_failed, 0});
}

void StageEnds::add_to(PollSet& polled, bool reads, bool hears) const {
  if (hears) polled.add(trap_.descriptor(), POLLIN);
  if (reads && input_state_ == InputState::waiting) polled.add(in_, POLLIN);
  const Output& output = downstream_.output();
  // Of a reader that has gone poll() tells always.
  if (output.error() == 0)
    polled.add(output.descriptor(), output.queue().size() > 0 ? POLLOUT : short{0});
}

bool StageEnds::check(const PollSet& polled) {
  if (signal() != 0) return false;
  if (polled.error() == 0 || polled.error() == EINTR) return true;
  complain(tool_, std::string("poll: ") + std::strerror(polled.error()));
  end_({exit_failed, 0});
  return false;
}

void StageEnds::take(const PollSet& polled) {
  const short in = polled.came(in_);
  const short out = polled.came(downstream_.output().descriptor());
  // Where both ends go away at once, it is the end of the input, unless something is to be written.
  const bool has_ended = (in & (POLLIN | POLLHUP)) == POLLHUP;
  if ((out & (POLLERR | POLLHUP)) != 0 && !has_ended) downstream_.output().set_error(EPIPE);
  if (in == 0 || input_state_ != InputState::waiting) return;
  input_.fill();
  input_state_ = InputState::ready;
}

Ended StageEnds::finish(Ended ended) {
  if (ended.signal == 0) ended.signal = signal();
  Output& output = downstream_.output();
  const bool hurry = ended.signal != 0;
  const auto written = output.finish(hurry ? std::optional(patience) : std::nullopt);
  if (!written) complain(tool_, written.error().what);
  if (ended.signal == 0) ended.signal = signal();
  if (output.error() == EPIPE && ended.signal == 0) ended.signal = SIGPIPE;
  if (input_.dropped_bytes() > 0)
    complain(tool_, dropped(input_.dropped_bytes(), "--keep-raw passes them on"));
  const bool failed = !written || has_failed_ || input_.was_cut() || input_.dropped_bytes() > 0;
  if (failed && ended.status == exit_done) ended.status = exit_failed;
  trap_.let_go();
  return ended;
}

} // namespace mm
