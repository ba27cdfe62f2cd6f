// Options spelled out, for tests that compare them as a text: what differs from what nobody asked
// for.
#pragma once

#include "cli/options.hpp"
#include "event/filter.hpp"
#include "events.hpp"

#include <string>
#include <vector>

namespace mm::test {

class Words {
 public:
  void add(bool told, const std::string& word) {
    if (told) text_ += (text_.empty() ? "" : ", ") + word;
  }
  [[nodiscard]] std::string text() const { return text_; }

 private:
  std::string text_;
};

inline void add_format(Words& words, const FormatOptions& format) {
  words.add(format.format != Format::text,
            std::string(format_names[static_cast<std::size_t>(format.format)]));
  words.add(format.notes.names, "note names");
  words.add(format.notes.middle_c != 4, "middle c " + std::to_string(format.notes.middle_c));
  words.add(format.max_sysex != default_max_sysex, "max " + std::to_string(format.max_sysex));
}

inline void add_filter(Words& words, const EventFilter& filter) {
  std::string passing;
  for (const KindInfo& row : kind_table)
    if (filter.passes(make_event(row.kind, 2))) passing += ' ' + std::string(row.name);
  const bool all = passing == " note-off note-on poly-pressure control-change program-change "
                              "channel-pressure pitch-bend sysex time-code song-position "
                              "song-select tune-request clock start continue stop active-sensing "
                              "reset raw cc14 rpn nrpn ";
  words.add(!all, "passing" + passing);
}

inline void add_clock(Words& words, ClockKind clock) {
  static constexpr const char* clocks[] = {"monotonic", "realtime", "start"};
  words.add(clock != ClockKind::monotonic,
            std::string("clock ") + clocks[static_cast<std::size_t>(clock)]);
}

// What the options of a tool come to, or "STATUS: what is wrong".
template <class Options>
std::string parsed(Result<Options> (*parse)(int, const char* const*),
                   std::string (*describe)(const Options&), const char* name,
                   const Lines& arguments) {
  std::vector<const char*> argv{name};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  const auto options = parse(static_cast<int>(argv.size()), argv.data());
  if (!options) return std::to_string(options.error().status) + ": " + options.error().what;
  return describe(options.value());
}

} // namespace mm::test
