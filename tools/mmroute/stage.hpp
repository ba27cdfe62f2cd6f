// A stage of a pipeline: events in, through the rules, and out; and what is due in its time.
//
// It waits by poll(): a stage has few descriptors, and a turn of a reactor costs a system call
// more.
#pragma once

#include "cli/stage_ends.hpp"
#include "engine/joiner.hpp"
#include "engine/router.hpp"
#include "io/file_watch.hpp"
#include "io/signals.hpp"
#include "io/stamp.hpp"
#include "options.hpp"
#include "timekeeper.hpp"

#include <optional>
#include <set>
#include <string>

namespace mm::route {

class Stage final : private Sink {
 public:
  Stage(const Options& options, Script script);
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  Ended run();

 private:
  void begin(Nanoseconds time, bool is_timed) override;
  void put(Event& event, bool is_changed) override;
  void silence() override;

  void start();
  void set_time();
  void watch_files();
  void turn();
  void read_events();
  bool has_event();
  void take();
  void join();
  void route(Message& message);
  void advance_to(Nanoseconds time);
  void let_go(Nanoseconds time);
  void finish_joining();
  void run_due(Nanoseconds until);
  void end_of_input();
  bool is_done();
  void leave();
  void poll();
  [[nodiscard]] std::optional<Nanoseconds> next_wake() const;
  void take_polled();
  void reload();
  void end(const Ended& ended);
  Ended finish();
  void release();

  const Options& options_;
  Timekeeper time_;
  StageEnds ends_;
  std::optional<Hangup> hangup_;
  std::optional<FileWatch> watch_;
  std::set<std::string> files_; // that are watched
  Stamp stamp_;
  World world_;
  Router router_;
  Joiner joiner_;
  PollSet polled_;
  Message message_;       // with the event in hand
  bool copies_;           // lines that pass unchanged go out as they came
  std::string_view line_; // of the event in hand; empty: it has to be printed
  bool has_begun_ = false;
  bool has_left_ = false; // the last words are said
  std::optional<Ended> ended_;
};

} // namespace mm::route
