// The command transport: JACK's transport started, stopped, moved, followed and driven.
#pragma once

#include "command.hpp"
#include "event/filter.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mm::jack {

// Frames of film in a second, as MIDI time code counts them.
enum class FrameRate : std::uint8_t { fps24, fps25, drop30, fps30 };

struct Transport {
  static const ToolText& text();
  CLI::App& declare();
  Outcome check();
  [[nodiscard]] Ended run() const;

  // Whether it stays, and does something all the time.
  [[nodiscard]] bool stays() const {
    return follow || !clock_out.empty() || !timecode_out.empty() || tempo > 0 || !slave_to.empty();
  }

  Where where;
  std::vector<std::string> action; // none; start; stop; state; locate and a place
  bool json = false;
  std::optional<double> sync_timeout; // seconds
  bool follow = false;
  std::string clock_out; // names of ports
  std::string timecode_out;
  FrameRate frame_rate = FrameRate::fps30;
  double tempo = 0; // --master: beats a minute; 0: no master
  int beats = 4;    // in a bar
  int beat_type = 4;
  std::string slave_to;
  std::vector<std::string> connect; // SRC, DST, ...
  FormatOptions output;
  ClockKind clock = ClockKind::monotonic;
  int ready_fd = -1;

 private:
  std::vector<std::string> master_; // BPM, and N/D
  std::string typed_frame_rate_;
  TypedFormat format_;
  std::string typed_clock_ = "monotonic";
};

} // namespace mm::jack
