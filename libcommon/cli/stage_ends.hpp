// Both ends of a stage of a pipeline: events come in at one and go out at the other, until a
// signal, the end of the input or a reader that has gone ends it.
//
// It has no loop. Who has one adds the descriptors to what it waits for, and hands back what poll()
// said of them.
#pragma once

#include "cli/tool.hpp"
#include "io/downstream.hpp"
#include "io/input.hpp"
#include "io/poll_set.hpp"
#include "io/signals.hpp"

#include <cerrno>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mm {

class StageEnds {
 public:
  struct Options {
    const InputOptions& input;
    const FormatOptions& output;
  };

  // `in` stays the caller's; `out` is closed by finish(). `tool` is the name for messages; `end` is
  // called when nothing more can come, or go out. There is one at a time in a process: if it is
  // killed since it hangs, what sounds is released in the signal handler.
  StageEnds(int in, int out, const Options& options, std::string tool,
            std::function<void(const Ended&)> end);
  StageEnds(const StageEnds&) = delete;
  StageEnds& operator=(const StageEnds&) = delete;
  ~StageEnds();

  [[nodiscard]] SignalTrap& trap() { return trap_; }
  // The first signal; 0: none has come.
  [[nodiscard]] int signal() const { return trap_.signal(); }
  [[nodiscard]] Downstream& downstream() { return downstream_; }
  [[nodiscard]] const Downstream& downstream() const { return downstream_; }

  // --- what comes in ---

  // Whether read() may have something to say.
  [[nodiscard]] bool may_read() const { return input_state_ == InputState::ready; }
  // The next event, which is in hand until release_event(); it holds until the next call.
  EventInput::Next read(Event& event) {
    const EventInput::Next next = input_.next(event);
    switch (next) {
    case EventInput::Next::event: input_state_ = InputState::in_hand; break;
    case EventInput::Next::wait: input_state_ = InputState::waiting; break;
    case EventInput::Next::end: input_state_ = InputState::ended; break;
    }
    return next;
  }
  [[nodiscard]] bool has_event() const { return input_state_ == InputState::in_hand; }
  void release_event() {
    if (has_event()) input_state_ = InputState::ready;
  }
  // The line that the event in hand was read from; see EventInput.
  [[nodiscard]] std::string_view line() const { return input_.line(); }
  [[nodiscard]] bool has_ended() const { return input_state_ == InputState::ended; }

  // --- what goes out ---

  // Whether so much waits that it is worth a write().
  [[nodiscard]] bool is_worth_writing() const {
    return downstream_.output().queue().size() >= enough;
  }
  // Writes what the reader takes just now.
  void write();
  // So much waits that nothing more is to be put: writes until the reader has taken some of it.
  template <class Polled> void wait_for_room() {
    write();
    while (downstream_.is_full() && downstream_.output().error() == 0 && signal() == 0) {
      Polled polled;
      polled.add(trap_.descriptor(), POLLIN);
      polled.add(downstream_.output().descriptor(), POLLOUT);
      polled.wait({});
      if (polled.error() != 0 && polled.error() != EINTR) return;
      write();
    }
  }

  // --- waiting ---

  // Whether there is room for what the next event makes.
  [[nodiscard]] bool wants_event() const {
    return !has_ended() && !has_event() && !downstream_.is_full();
  }
  // `reads`: also for input. `hears`: for a signal, which goes on coming once it has come.
  void add_to(PollSet& polled, bool reads, bool hears = true) const;
  // What poll() said. False: there is a signal, or it failed, which is the end.
  bool check(const PollSet& polled);
  // The same of our descriptors: reads what has come.
  void take(const PollSet& polled);

  // --- the end ---

  // Something has failed: the exit status will say so.
  void set_failed() { has_failed_ = true; }
  // Writes what is left, and says what there is to be said. `ended` is why the stage ends; returns
  // how it has ended then.
  Ended finish(Ended ended);

 private:
  static constexpr std::size_t enough = 64UL << 10; // bytes
  static constexpr Nanoseconds patience = second;   // for a reader that has stopped, after a signal

  enum class InputState : std::uint8_t {
    ready,   // to be read, as far as we know
    in_hand, // an event is
    waiting, // for more to come
    ended,
  };

  static StageEnds* instance;

  int in_;
  std::string tool_;
  std::function<void(const Ended&)> end_;
  SignalTrap trap_;
  Downstream downstream_;
  EventInput input_;
  InputState input_state_ = InputState::ready;
  bool has_failed_ = false;
  bool has_told_ = false; // that writing has failed
};

} // namespace mm
