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
    : options_(options), time_(options.virtual_clock),
      ends_(STDIN_FILENO, STDOUT_FILENO, {options.input, options.output}, text().name,
            [this](const Ended& ended) { end(ended); }),
      stamp_(options.virtual_clock), world_(first_tempo(options), options.seed),
      router_(world_, *this), copies_(may_copy(options)) {
  ends_.downstream().on_overfull([this] { ends_.wait_for_room<PollSet>(); });
  joiner_.want(script);
  router_.use(router_.compile(std::move(script)), options.scene);
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
    while (!ended_ && !has_event() && !ends_.has_ended()) {
      if (const int signal = ends_.signal()) return end({exit_done, signal});
      ends_.write(); // there may be nobody who reads
      if (!ended_) poll();
    }
    if (ends_.has_event() && message_.event.time_form == TimeForm::absolute)
      time_.advance(message_.event.time);
  }
  set_time();
  if (ends_.has_event()) stamp_.expect(message_.event.time_form);
  stamp_.begin_untimed();
  if (ends_.has_event() && message_.event.time_form == TimeForm::absolute)
    begin(time_.clock(), true);
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
  if (const int signal = ends_.signal()) return end({exit_done, signal});
  if (!ends_.downstream().is_full()) {
    time_.look(now());
    if (!time_.is_virtual()) run_due(time_.clock());
    read_events();
    if (ends_.has_ended() && time_.is_virtual()) run_due(INT64_MAX);
    if (!time_.is_virtual()) let_go(time_.clock());
  }
  ends_.write();
  if (!ended_ && is_done()) end({exit_done, 0});
  if (!ended_) poll();
}

bool Stage::has_event() {
  if (!ends_.may_read()) return ends_.has_event();
  const EventInput::Next next = ends_.read(message_.event);
  if (next == EventInput::Next::end) end_of_input();
  if (next != EventInput::Next::event) return false;
  if (time_.is_virtual()) time_.read(message_.event);
  return true;
}

void Stage::read_events() {
  while (has_event()) {
    if (time_.is_virtual()) {
      advance_to(time_.last_read());
      if (ends_.downstream().is_full() || ends_.signal() != 0) return;
    }
    ends_.release_event();
    take();
    if (ends_.is_worth_writing()) {
      ends_.write();
      if (ends_.downstream().is_full() || ended_ || ends_.signal() != 0) return;
    }
  }
}

// The virtual clock goes on to an event, and what is due before it has its turn.
void Stage::advance_to(Nanoseconds time) {
  while (joiner_.next() && *joiner_.next() <= time) {
    const Nanoseconds next = *joiner_.next();
    run_due(next);
    if (ends_.downstream().is_full() || ends_.signal() != 0) return;
    time_.advance(next);
    let_go(next);
  }
  run_due(time);
  if (!ends_.downstream().is_full()) time_.advance(time);
}

void Stage::take() {
  if (joiner_.is_wanted()) return join();
  if (copies_) line_ = ends_.line();
  route(message_);
}

void Stage::join() {
  joiner_.feed(message_.event, time_.clock(), [this](const Event& event, bool is_as_it_came) {
    Message message{event};
    if (copies_ && is_as_it_came) line_ = ends_.line();
    route(message);
  });
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
  Event& event = message.event;
  stamp_.begin(event);
  const bool is_absolute = event.time_form == TimeForm::absolute;
  const Nanoseconds time = is_absolute ? event.time : time_.clock();
  if (!has_begun_) {
    has_begun_ = true;
    world_.tempo().begin(time);
  }
  time_.hear(event);
  if (router_.passes(event))
    put(event, false);
  else
    router_.take_by_rules(message, time_.when(event, world_.clock()), time,
                          is_absolute || time_.is_virtual());
  line_ = {};
}

void Stage::run_due(Nanoseconds until) {
  router_.run_due(until, [this] {
    if (ends_.is_worth_writing()) ends_.write();
    return ended_ || ends_.downstream().is_full() || ends_.signal() != 0;
  });
}

void Stage::end_of_input() {
  finish_joining();
  if (options_.keep_open) return;
  set_time();
  stamp_.begin_end();
  router_.end_of_input();
}

// All has been played, and the last words have been said.
bool Stage::is_done() {
  if (!ends_.has_ended() || options_.keep_open || router_.is_waiting()) return false;
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
    return ends_.downstream().put_line(event, line_);
  stamp_.put_on(event);
  ends_.downstream().put(event);
}

void Stage::silence() {
  release();
  std::vector<std::string> ports;
  ends_.downstream().for_each_port([&](std::string_view port) { ports.emplace_back(port); });
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
  for (Event& event : ends_.downstream().ends()) put(event, true);
}

// --- waiting ---

std::optional<Nanoseconds> Stage::next_wake() const {
  if (time_.is_virtual() || ends_.downstream().is_full()) return {};
  std::optional<Nanoseconds> next = router_.next();
  const std::optional<Nanoseconds> held = joiner_.next();
  return held && (!next || *held < *next) ? held : next;
}

void Stage::poll() {
  const bool reads = ends_.wants_event();
  polled_.clear();
  ends_.add_to(polled_, reads);
  if (watch_) polled_.add(watch_->descriptor(), POLLIN);
  if (hangup_) polled_.add(hangup_->descriptor(), POLLIN);
  std::optional<Nanoseconds> span;
  if (const auto next = next_wake()) span = std::max<Nanoseconds>(*next - now(), 0);
  // The virtual clock does not wait: what is left to do goes on when there is room.
  const bool has_more =
      ends_.may_read() || ends_.has_event() || (time_.is_virtual() && ends_.has_ended());
  if (has_more && !ends_.downstream().is_full()) span = 0;
  polled_.wait(span);
  take_polled();
}

void Stage::take_polled() {
  if (!ends_.check(polled_)) return;
  ends_.take(polled_);
  const bool has_changed =
      watch_ && polled_.came(watch_->descriptor()) != 0 && watch_->take_changes(files_);
  const bool was_asked = hangup_ && polled_.came(hangup_->descriptor()) != 0 && hangup_->take();
  if (has_changed || was_asked) reload();
}

// --- the end ---

Ended Stage::finish() {
  if (!has_left_) leave();
  if (options_.release) release();
  return ends_.finish(*ended_);
}

} // namespace mm::route
