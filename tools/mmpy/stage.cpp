#include "stage.hpp"

#include "embedded.hpp"
#include "interpreter.hpp"
#include "monster.hpp"
#include "scripts.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace mm::py {

namespace {

Stage* instance = nullptr;

constexpr Nanoseconds turn_time = 4'000'000; // then everything else has its turn
constexpr std::size_t most_tasks = 10'000;   // of asyncio; then stdin waits

// Costs a fifth of the exact one, and goes on in steps of some milliseconds.
Nanoseconds coarse_now() { return mm::now(CLOCK_MONOTONIC_COARSE); }

} // namespace

Stage::Stage(const Options& options, int in, int out)
    : options_(options), in_(in), ends_(in, out, {options.input, options.output}, text().name,
                                        [this](const Ended& ended) { calls_.end(ended); }),
      calls_(options.input.strict), schedule_(options.virtual_clock, options.clock),
      dispatch_(calls_, ends_.downstream(), options.virtual_clock) {
  instance = this;
  ends_.trap().on_signal(Calls::interrupt);
  ends_.downstream().on_overfull([this] { wait_for_room(); });
  dispatch_.on_async([this](PyObject* work, std::size_t place, PyObject* event) {
    spawn(work, place, event, true);
  });
  dispatch_.on_tick([this] { look_at_time(); });
}

Stage::~Stage() {
  ends_.trap().on_signal(nullptr);
  instance = nullptr;
}

Stage& Stage::the() { return *instance; }

Ended Stage::run() {
  if (!load()) { // but a thread of one that was loaded before may have sent something
    if (!calls_.is_over()) dispatch_.exchange(std::make_unique<Registry>());
    calls_.end({exit_failed, 0});
    return finish();
  }
  start();
  while (!calls_.is_over()) {
    if (aio_)
      calls_.guarded([&] { return PyObject_CallMethod(aio_.get(), "run", nullptr); });
    else
      turn({}, -1);
  }
  return finish();
}

// --- the start ---

bool Stage::load() {
  main_thread_ = PyThread_get_thread_ident();
  if (::pipe2(wake_pipe_.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    complain(text().name, std::string("pipe: ") + std::strerror(errno));
    return false;
  }
  // A signal that a script handles wakes us, so that its handler is called at once.
  const Ref signals(PyImport_ImportModule("_signal"));
  const Ref before(signals ? PyObject_CallMethod(signals.get(), "set_wakeup_fd", "i", wake_pipe_[1])
                           : nullptr);
  if (!before) PyErr_Clear();
  dispatch_.begin(schedule_.printed(schedule_.now()));
  if (const Ref module(PyImport_ImportModule("mm"));
      !module) { // its classes are needed in any case
    PyErr_Print();
    return false;
  }
  if (options_.midimonster) {
    monster_ = std::make_unique<Monster>(*this);
    return monster_->load();
  }
  scripts_ = std::make_unique<Scripts>(*this);
  return scripts_->load();
}

void Stage::start() {
  // What a script has made is not looked at again and again for garbage; unless it may become some.
  if (!options_.reload) collect_garbage("freeze");
  say_ready(options_.ready_fd);
  if (schedule_.is_virtual()) {
    // Time begins with the first event.
    while (!calls_.is_over() && !has_event() && !ends_.has_ended()) {
      if (const int signal = ends_.signal()) return calls_.end({exit_done, signal});
      poll({}, -1);
    }
    if (ends_.has_event()) dispatch_.expect(event_.time_form);
    const bool is_timed = ends_.has_event() && event_.time_form == TimeForm::absolute;
    stream_time_ = is_timed ? event_.time : 0;
    schedule_.advance(stream_time_);
  }
  dispatch_.begin(schedule_.printed(schedule_.now()));
  if (monster_) monster_->start();
  call_at_start();
}

// One may register another, which has its turn as well.
void Stage::call_at_start() {
  const std::vector<Ref>& functions = dispatch_.registry().at_start;
  for (std::size_t i = 0; i < functions.size() && !calls_.is_over(); ++i) {
    const Ref function = functions[i];
    const Ref result = calls_(function.get());
    if (!result) continue;
    if (is_awaitable(result.get()))
      spawn(result.get(), no_handler, Py_None, false); // a service, which goes on as long as we do
    else
      dispatch_.forward(result.get(), no_handler);
  }
}

void Stage::collect_garbage(const char* how) {
  const Ref collector(PyImport_ImportModule("gc"));
  const Ref done(collector ? PyObject_CallMethod(collector.get(), how, nullptr) : nullptr);
  if (!done) PyErr_Clear();
}

// --- the loop ---

// Handles what is there, and then waits for more: until `deadline`, or `fd` can be read.
void Stage::turn(std::optional<Nanoseconds> deadline, int fd) {
  looked_ = coarse_now();
  const std::uint64_t called = calls_.count();
  if (const int signal = ends_.signal()) return calls_.end({exit_done, signal});
  if (!ends_.downstream().is_full()) {
    if (!schedule_.is_virtual() && schedule_.next()) run_due(schedule_.now());
    read_events(deadline);
    if (ends_.has_ended() && schedule_.is_virtual()) run_rest(deadline);
  }
  write();
  if (!calls_.is_over() && is_done()) calls_.end({exit_done, 0});
  if (calls_.is_over()) return;
  // What was called may have made work for asyncio.
  if (fd >= 0 && calls_.count() != called) deadline = schedule_.now();
  poll(deadline, fd);
}

bool Stage::has_event() {
  if (!ends_.may_read()) return ends_.has_event();
  switch (ends_.read(event_)) {
  case EventInput::Next::event: break;
  case EventInput::Next::wait:
    // With a virtual clock what belongs together is not told by when it comes.
    if (monster_ && !schedule_.is_virtual()) monster_->let_go();
    break;
  case EventInput::Next::end: end_of_input(); break;
  }
  return ends_.has_event();
}

void Stage::read_events(std::optional<Nanoseconds> deadline) {
  const std::size_t tasks = tasks_;
  while (tasks_ < most_tasks && has_event()) {
    if (schedule_.is_virtual() && !advance_to(event_, deadline)) return;
    if (calls_.is_over()) return;
    ends_.release_event();
    was_timed_ = event_.time_form == TimeForm::absolute;
    const std::uint64_t called = calls_.count();
    if (is_slow_) write(); // what is there is not to wait for the next handler
    if (monster_)
      monster_->take(event_);
    else
      dispatch_.take(event_);
    if (calls_.is_over() || ends_.signal() != 0 || tasks_ > tasks) return;
    if (ends_.is_worth_writing()) {
      write();
      if (ends_.downstream().is_full()) return;
    }
    // Only code of the scripts takes long enough to look at the clock for.
    if (calls_.count() == called) continue;
    if (aio_) return; // which may have something to do now
    if (!schedule_.is_virtual() && schedule_.next()) run_due(schedule_.now());
    if (look_at_time()) return;
  }
}

// Whether this turn has taken long: the scripts are slow, and what was sent is not to wait for
// them.
bool Stage::look_at_time() {
  is_slow_ = coarse_now() - looked_ >= turn_time;
  if (is_slow_) write();
  return is_slow_;
}

// The virtual clock goes on to the event, and what is due before it has its turn. False: `deadline`
// comes first.
bool Stage::advance_to(const Event& event, std::optional<Nanoseconds> deadline) {
  Nanoseconds time = stream_time_;
  if (event.time_form == TimeForm::absolute) time = event.time;
  if (event.time_form == TimeForm::relative) time = later(time, event.time);
  const Nanoseconds until = deadline ? std::min(*deadline, time) : time;
  const std::uint64_t called = calls_.count();
  run_due(until);
  if (aio_ && calls_.count() != called) return false; // tasks have their turn before the event
  if (deadline && *deadline <= time) {
    schedule_.advance(*deadline);
    return false;
  }
  schedule_.advance(time);
  stream_time_ = time;
  return true;
}

void Stage::run_due(Nanoseconds until) {
  const std::size_t tasks = tasks_;
  const std::uint64_t called = calls_.count();
  while (!calls_.is_over() && ends_.signal() == 0 && !ends_.downstream().is_full() &&
         tasks_ == tasks) {
    const auto next = schedule_.next();
    if (!next || *next > until) return;
    call_due();
    if (ends_.is_worth_writing()) write();
    if (aio_ && calls_.count() != called) return; // which may have something to do at that time
  }
}

void Stage::call_due() {
  const Schedule::Due due = schedule_.take();
  const Nanoseconds time = schedule_.printed(due.time);
  if (due.is_event) return dispatch_.send_at(as_event(due.what.get()), time);
  dispatch_.begin(time);
  take_result(calls_(due.what.get()));
}

// What a function that is no handler returns is sent; MIDIMonster's may return anything.
void Stage::take_result(const Ref& result) {
  if (result && !monster_) dispatch_.forward(result.get(), no_handler);
}

void Stage::end_of_input() {
  if (monster_) monster_->let_go();
  if (options_.keep_open) return;
  schedule_.end_of_input();
  // Who waits for an answer waits for nothing.
  if (dispatch_.wants_commands())
    calls_.guarded([&] {
      const Ref commands = import_embedded("mm._commands", embedded_commands);
      return commands ? PyObject_CallMethod(commands.get(), "end", nullptr) : nullptr;
    });
}

bool Stage::is_done() {
  return ends_.has_ended() && !options_.keep_open && !schedule_.is_waited_for() && tasks_ == 0;
}

// After the last event the virtual clock runs on from one thing to the next.
void Stage::run_rest(std::optional<Nanoseconds> deadline) {
  const std::uint64_t called = calls_.count();
  while (!calls_.is_over() && ends_.signal() == 0 && !ends_.downstream().is_full()) {
    const auto next = schedule_.next();
    if (!next) break;
    if (deadline && *deadline < *next) break;
    call_due();
    if (ends_.is_worth_writing()) write();
    if (aio_ && calls_.count() != called) return;
  }
  if (deadline && (tasks_ > 0 || schedule_.is_waited_for())) schedule_.advance(*deadline);
}

// --- waiting ---

void Stage::poll(std::optional<Nanoseconds> until, int fd) {
  const bool is_full = ends_.downstream().is_full();
  const bool is_open = !is_closing_ && tasks_ < most_tasks;
  Polled& polled = polled_;
  polled.clear();
  ends_.add_to(polled, ends_.wants_event() && is_open, !is_closing_ || ends_.signal() == 0);
  polled.add(wake_pipe_[0], POLLIN);
  if (fd >= 0) polled.add(fd, POLLIN);
  if (!is_full && !is_closing_)
    for (const Watched& watched : dispatch_.registry().watches) polled.add(watched.fd, POLLIN);
  if (scripts_ && scripts_->descriptor() >= 0) polled.add(scripts_->descriptor(), POLLIN);

  std::optional<Nanoseconds> next = calls_.faults().next();
  const auto sooner = [&](std::optional<Nanoseconds> time) {
    if (time && (!next || *time < *next)) next = time;
  };
  if (schedule_.is_virtual()) {
    if (until && *until <= schedule_.now()) next = 0; // time does not wait there
  } else {
    sooner(until);
    if (!is_full && !is_closing_) sooner(schedule_.next());
  }
  const bool has_more = is_open && !is_full && (ends_.may_read() || ends_.has_event());
  if (has_more) next = 0;
  std::optional<Nanoseconds> span;
  if (next) span = *next == 0 ? 0 : std::max<Nanoseconds>(*next - mm::now(), 0);
  polled.wait(span);
  take_polled(polled);
  is_fd_ready_ = fd >= 0 && polled.came(fd) != 0;
}

void Stage::take_polled(const Polled& polled) {
  if (calls_.faults().next()) calls_.faults().tell(mm::now());
  if (polled.error() == EINTR) check_signals(); // one that a script handles
  if (!ends_.check(polled)) return;
  for (const int ours :
       {ends_.trap().descriptor(), wake_pipe_[0], in_, ends_.downstream().output().descriptor()})
    if ((polled.came(ours) & POLLNVAL) != 0) {
      complain(text().name, "a descriptor of ours was closed, perhaps by the script");
      return calls_.end({exit_failed, 0});
    }
  if (polled.came(wake_pipe_[0]) != 0) {
    std::array<char, 64> ignored{};
    while (::read(wake_pipe_[0], ignored.data(), ignored.size()) > 0) {
    }
    check_signals();
  }
  ends_.take(polled);
  std::vector<int> ready;
  for (const Watched& watched : dispatch_.registry().watches)
    if (polled.came(watched.fd) != 0) ready.push_back(watched.fd);
  for (const int fd : ready)
    if (!calls_.is_over()) call_watch(fd);
  if (scripts_ && polled.came(scripts_->descriptor()) != 0) scripts_->reload();
}

// A signal that a script handles: its handler is called, and may raise.
void Stage::check_signals() {
  calls_.guarded([] { return PyErr_CheckSignals() == 0 ? Py_NewRef(Py_None) : nullptr; });
}

void Stage::write() {
  if (!is_forked()) ends_.write(); // what waits is the parent's
}

// So much is sent that it has to wait here, in whichever thread it is sent.
void Stage::wait_for_room() {
  if (!is_forked()) ends_.wait_for_room<Polled>();
}

void Stage::wake() {
  constexpr char any = 0;
  [[maybe_unused]] const ssize_t told = ::write(wake_pipe_[1], &any, 1); // full: it is awake
}

// --- the end ---

void Stage::end_scripts(std::unique_ptr<Registry> before) {
  dispatch_.begin(schedule_.printed(schedule_.now()));
  for (const Ref& function : std::vector<Ref>(before->at_exit)) take_result(calls_(function.get()));
  if (aio_)
    calls_.guarded([&] { return PyObject_CallMethod(aio_.get(), "end_services", nullptr); });
  // What they have started, the new ones may not know how to end.
  if (options_.release) release();
  // With what they held, as a socket, which the new ones may want.
  before.reset();
  collect_garbage("collect");
  call_at_start();
}

void Stage::call_at_exit() {
  const Ref last(PyList_New(0));                                   // what is to be awaited
  const std::vector<Ref> functions = dispatch_.registry().at_exit; // one may register another
  for (const Ref& function : functions) {
    const Ref result = calls_(function.get());
    if (!result) continue;
    if (!is_awaitable(result.get())) {
      take_result(result);
    } else {
      use_asyncio();
      PyList_Append(last.get(), result.get());
    }
  }
  if (aio_)
    calls_.guarded([&] { return PyObject_CallMethod(aio_.get(), "finish", "O", last.get()); });
}

Ended Stage::finish() {
  Ended ended = calls_.begin_last_words();
  if (ended.signal != 0 && ends_.signal() != 0) ended.signal = ends_.signal();
  Calls::forget_interrupt();
  is_closing_ = true;
  schedule_.clear();
  schedule_.set_tasks_left(true); // the last functions may have timers
  dispatch_.begin(schedule_.printed(schedule_.now()));
  if (ended.signal == 0 || !was_timed_) dispatch_.begin_end();

  call_at_exit();
  calls_.guarded([&] {
    end_interpreter(ended.signal == 0);
    return Py_NewRef(Py_None);
  });
  if (options_.release) release();
  if (calls_.is_over() && ended.signal == 0) ended = calls_.ended(); // sys.exit() in at_exit
  calls_.faults().tell(mm::now(), true);

  if (dispatch_.state().has_missed())
    complain(text().name,
             "mm.state: there were more than 256 ports at once; it did not follow them all");
  if (calls_.faults().count() > 0) ends_.set_failed();
  const int said = ended.status;
  ended = ends_.finish(ended);
  if (calls_.has_said_status()) ended.status = said;
  return ended;
}

void Stage::release() {
  for (const Event& event : ends_.downstream().ends()) dispatch_.pass(event);
}

} // namespace mm::py
