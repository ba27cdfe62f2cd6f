#include "stage.hpp"

#include "rules.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

namespace mm::route {

namespace {

constexpr std::size_t write_at = 64UL << 10; // bytes: enough for one write
constexpr Nanoseconds patience = second;     // for a reader that has stopped, after a signal

Stage* instance = nullptr;

Tempo first_tempo(const Options& options) {
  return options.tempo ? Tempo(*options.tempo, true) : Tempo();
}

// Whether a line that only passes is written as it would be printed anew, or as well: text as text.
bool may_copy(const Options& options) {
  constexpr int usual_middle_c = 4;
  return !options.canonical && options.input.format.format == Format::text &&
         options.output.format == Format::text && !options.output.notes.names &&
         options.output.notes.middle_c == usual_middle_c;
}

} // namespace

Stage::Stage(const Options& options, Script script)
    : options_(options), time_(options.virtual_clock), downstream_(STDOUT_FILENO, options.output),
      stamp_(options.virtual_clock), world_(first_tempo(options), options.seed),
      router_(world_, *this), input_(STDIN_FILENO, "stdin", options.input,
                                     [this](const std::string& what) {
                                       complain(text().name, what);
                                       has_failed_ = true;
                                     }),
      copies_(may_copy(options)) {
  instance = this;
  trap_.on_last([] { instance->downstream_.release_in_handler(); });
  downstream_.on_overfull([this] { wait_for_room(); });
  joiner_.want(script);
  router_.use(router_.compile(std::move(script)), options.scene);
}

Stage::~Stage() {
  trap_.on_last(nullptr);
  instance = nullptr;
}

Ended Stage::run() {
  start();
  while (!ended_) turn();
  return finish();
}

void Stage::end(const Ended& ended) {
  if (!ended_) ended_ = ended;
}

// --- the start ---

void Stage::start() {
  if (options_.reload) watch_files();
  say_ready(options_.ready_fd);
  time_.look(now());
  if (time_.is_virtual()) {
    // Time begins with the first event.
    while (!ended_ && !has_event() && !input_ended_) {
      if (const int signal = trap_.signal()) return end({exit_done, signal});
      write(); // there may be nobody who reads
      if (!ended_) poll();
    }
    if (has_event_ && message_.event.time_form == TimeForm::absolute)
      time_.advance(message_.event.time);
  }
  set_time();
  stamp_.begin_untimed();
  if (has_event_ && message_.event.time_form == TimeForm::absolute) begin(time_.clock(), true);
  router_.enter();
}

void Stage::set_time() { world_.set_time(time_.clock(), time_.clock(), false); }

void Stage::watch_files() {
  hangup_.emplace();
  watch_.emplace();
  for (const std::string& file : options_.files) {
    // A link may come to point elsewhere, and what it points to may change.
    std::error_code none;
    const std::set<std::filesystem::path> paths{std::filesystem::canonical(file, none),
                                                std::filesystem::absolute(file, none)};
    for (const std::filesystem::path& path : paths) {
      if (!std::filesystem::is_regular_file(path, none)) continue;
      files_.insert(path.string());
      if (const auto watched = watch_->add(path.parent_path().string()); !watched)
        complain(text().name, "--reload: " + watched.error().what);
    }
  }
}

void Stage::reload() {
  std::vector<std::string> variables = router_.variables();
  auto script = load_rules(options_, variables);
  if (!script) {
    complain(text().name, script.error().what);
    return complain(text().name, "not reloaded; the rules that were there go on");
  }
  finish_joining();
  joiner_.want(script.value());
  time_.look(now());
  set_time();
  stamp_.begin_untimed();
  router_.use(router_.compile(std::move(script.value())));
  router_.enter();
  complain(text().name, "reloaded");
}

// --- the loop ---

// Handles what is there, and then waits for more.
void Stage::turn() {
  if (const int signal = trap_.signal()) return end({exit_done, signal});
  if (!downstream_.is_full()) {
    time_.look(now());
    if (!time_.is_virtual()) run_due(time_.clock());
    read_events();
    if (input_ended_ && time_.is_virtual()) run_due(INT64_MAX);
    if (!time_.is_virtual()) let_go(time_.clock());
  }
  write();
  if (!ended_ && is_done()) end({exit_done, 0});
  if (!ended_) poll();
}

bool Stage::has_event() {
  if (has_event_ || input_ended_ || !input_ready_) return has_event_;
  switch (input_.next(message_.event)) {
  case EventInput::Next::event:
    has_event_ = true;
    time_.read(message_.event);
    break;
  case EventInput::Next::wait: input_ready_ = false; break;
  case EventInput::Next::end: end_of_input(); break;
  }
  return has_event_;
}

void Stage::read_events() {
  while (has_event()) {
    if (time_.is_virtual()) {
      advance_to(time_.last_read());
      if (downstream_.is_full() || trap_.signal() != 0) return;
    }
    has_event_ = false;
    take();
    if (downstream_.output().queue().size() >= write_at) {
      write();
      if (downstream_.is_full() || ended_ || trap_.signal() != 0) return;
    }
  }
}

// The virtual clock goes on to an event, and what is due before it has its turn.
void Stage::advance_to(Nanoseconds time) {
  while (joiner_.next() && *joiner_.next() <= time) {
    const Nanoseconds next = *joiner_.next();
    run_due(next);
    if (downstream_.is_full() || trap_.signal() != 0) return;
    time_.advance(next);
    let_go(next);
  }
  run_due(time);
  if (!downstream_.is_full()) time_.advance(time);
}

void Stage::take() {
  if (joiner_.is_wanted())
    return joiner_.feed(message_.event, time_.clock(),
                        [this](const Event& event, bool is_as_it_came) {
                          Message message{event};
                          if (copies_ && is_as_it_came) line_ = input_.line();
                          route(message);
                        });
  if (copies_) line_ = input_.line();
  route(message_);
}

// Control changes that have waited for others until `time` go as they are.
void Stage::let_go(Nanoseconds time) {
  joiner_.let_go(time, [this](const Event& event) {
    Message message{event};
    route(message);
  });
}

void Stage::finish_joining() { let_go(INT64_MAX); }

void Stage::route(Message& message) {
  const Event& event = message.event;
  stamp_.begin(event);
  const bool is_absolute = event.time_form == TimeForm::absolute;
  const Nanoseconds time = is_absolute ? event.time : time_.clock();
  if (!has_begun_) {
    has_begun_ = true;
    world_.tempo().begin(time);
  }
  router_.take(message, time_.when(event, world_.clock()), time, is_absolute || time_.is_virtual());
  line_ = {};
}

void Stage::run_due(Nanoseconds until) {
  router_.run_due(until, [this] {
    if (downstream_.output().queue().size() >= write_at) write();
    return ended_ || downstream_.is_full() || trap_.signal() != 0;
  });
}

void Stage::end_of_input() {
  input_ended_ = true;
  finish_joining();
  if (options_.keep_open) return;
  set_time();
  stamp_.begin_end();
  router_.end_of_input();
}

// All has been played, and the last words have been said.
bool Stage::is_done() {
  if (!input_ended_ || options_.keep_open || router_.is_waiting()) return false;
  if (!has_left_) leave();
  return !router_.is_waiting();
}

void Stage::leave() {
  has_left_ = true;
  time_.look(now());
  time_.advance(world_.clock());
  set_time();
  if (ended_ && ended_->signal != 0)
    stamp_.begin_untimed();
  else
    stamp_.begin_end();
  router_.leave();
}

// --- what goes out ---

void Stage::begin(Nanoseconds time, bool is_timed) {
  if (is_timed || time_.is_virtual())
    stamp_.begin(time);
  else
    stamp_.begin_untimed();
}

void Stage::put(Event& event, bool is_changed) {
  if (!is_changed && !line_.empty() && stamp_.passes(event))
    return downstream_.put_line(event, line_);
  stamp_.put_on(event);
  downstream_.put(event);
}

void Stage::silence() {
  release();
  std::vector<std::string> ports;
  downstream_.for_each_port([&](std::string_view port) { ports.emplace_back(port); });
  if (ports.empty()) ports.emplace_back(); // nothing has gone out yet
  constexpr int channels = 16;
  constexpr int all_sound_off = 120;
  constexpr int all_notes_off = 123;
  for (const std::string& port : ports)
    for (int channel = 1; channel <= channels; ++channel)
      for (const int controller : {all_notes_off, all_sound_off}) {
        Event event = make_event(Kind::control_change, channel, controller, 0);
        event.port = port;
        put(event, true);
      }
}

void Stage::release() {
  std::vector<Event> ends;
  downstream_.for_each_end([&](const Event& event) { ends.push_back(event); });
  for (Event& event : ends) put(event, true);
}

void Stage::write() {
  Output& output = downstream_.output();
  if (output.write() != Output::Wrote::failed) return;
  if (output.error() == EPIPE) return end({exit_done, SIGPIPE});
  if (!ended_) complain(text().name, std::string("stdout: ") + std::strerror(output.error()));
  end({exit_failed, 0});
}

// So much comes of one event that it has to wait here.
void Stage::wait_for_room() {
  write();
  while (downstream_.is_full() && downstream_.output().error() == 0 && trap_.signal() == 0) {
    PollSet polled;
    polled.add(trap_.descriptor(), POLLIN);
    polled.add(downstream_.output().descriptor(), POLLOUT);
    polled.wait({});
    if (polled.error() != 0 && polled.error() != EINTR) return;
    write();
  }
}

// --- waiting ---

std::optional<Nanoseconds> Stage::next_wake() const {
  if (time_.is_virtual() || downstream_.is_full()) return {};
  std::optional<Nanoseconds> next = router_.next();
  const std::optional<Nanoseconds> held = joiner_.next();
  return held && (!next || *held < *next) ? held : next;
}

void Stage::poll() {
  const bool is_full = downstream_.is_full();
  const Output& output = downstream_.output();
  const bool reads = !input_ended_ && !has_event_ && !is_full;
  polled_.clear();
  polled_.add(trap_.descriptor(), POLLIN);
  if (reads && !input_ready_) polled_.add(STDIN_FILENO, POLLIN);
  // Of a reader that has gone poll() tells always.
  if (output.error() == 0)
    polled_.add(output.descriptor(), output.queue().size() > 0 ? POLLOUT : short{0});
  if (watch_) polled_.add(watch_->descriptor(), POLLIN);
  if (hangup_) polled_.add(hangup_->descriptor(), POLLIN);
  const auto next = next_wake();
  const Nanoseconds begin = next ? now() : 0;
  std::optional<Nanoseconds> span;
  if (next) span = time_.until(*next, begin);
  // The virtual clock does not wait: what is left to do goes on when there is room.
  const bool has_more = (reads && input_ready_) || (has_event_ && !is_full) ||
                        (time_.is_virtual() && input_ended_ && !is_full);
  if (has_more) span = 0;
  polled_.wait(span);
  if (next) time_.has_waited(*span, now() - begin);
  take_polled();
}

void Stage::take_polled() {
  if (trap_.signal() != 0) return;
  if (polled_.error() != 0 && polled_.error() != EINTR) {
    complain(text().name, std::string("poll: ") + std::strerror(polled_.error()));
    return end({exit_failed, 0});
  }
  const short in = polled_.came(STDIN_FILENO);
  const short out = polled_.came(downstream_.output().descriptor());
  // Where both ends go away at once, it is the end of the input, unless something is to be written.
  const bool has_ended = (in & (POLLIN | POLLHUP)) == POLLHUP;
  if ((out & (POLLERR | POLLHUP)) != 0 && !has_ended) downstream_.output().set_error(EPIPE);
  if (in != 0) {
    input_.fill();
    input_ready_ = true;
  }
  const bool has_changed =
      watch_ && polled_.came(watch_->descriptor()) != 0 && watch_->take_changes(files_);
  const bool was_asked = hangup_ && polled_.came(hangup_->descriptor()) != 0 && hangup_->take();
  if (has_changed || was_asked) reload();
}

// --- the end ---

Ended Stage::finish() {
  Ended ended = *ended_;
  if (!has_left_) leave();
  if (options_.release) release();
  const bool hurry = ended.signal != 0;
  const auto written = downstream_.output().finish(hurry ? std::optional(patience) : std::nullopt);
  if (!written) complain(text().name, written.error().what);
  if (ended.signal == 0 && trap_.signal() != 0) ended.signal = trap_.signal();
  if (downstream_.output().error() == EPIPE && ended.signal == 0) ended.signal = SIGPIPE;
  if (input_.dropped_bytes() > 0)
    complain(text().name, dropped(input_.dropped_bytes(), "--keep-raw passes them on"));
  const bool failed = !written || has_failed_ || input_.was_cut() || input_.dropped_bytes() > 0;
  if (failed && ended.status == exit_done) ended.status = exit_failed;
  trap_.let_go();
  return ended;
}

} // namespace mm::route
