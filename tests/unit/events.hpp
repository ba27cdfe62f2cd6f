// What the tests of the codecs share: bytes as people write them, events as lines, and decoders,
// parsers and printers as plain functions from a literal to a literal. The fuzzers use it as well,
// so it knows no test framework: what must never happen throws.
#pragma once

#include "event/event.hpp"
#include "text/line.hpp"
#include "text/text.hpp"
#include "wire/decoder.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mm::test {

using Lines = std::vector<std::string>;

// "90 3c 40" as the bytes it names.
std::string bytes(std::string_view hex);

// Bytes as "90 3c 40".
std::string hex(std::string_view bytes);

// `count` times `text`.
std::string repeated(std::string_view text, std::size_t count);

// The lines of `text`, without their LF.
Lines split(std::string_view text);

// Every field of an event, spelled out: two events are equal if these are. Unlike the event it
// holds when the codec goes on.
std::string describe(const Event& event);

// What a printer writes. Throws if that is more than it said it would be.
std::string print(const Printer& printer, const Event& event);

// The event's line in mmevents(5), without its LF.
std::string text_of(const Event& event, NoteStyle notes = {});

// The event of a line, which has to outlive it; a payload holds until the next call. Throws if the
// line is none.
Event event_of(std::string_view line);

// The MIDI bytes an event stands for. Throws if they are more than encode_bound().
std::string encoded(const Event& event);

// Feeds `stream` in pieces of the sizes in `cuts`, over and over, and calls `sink` with each
// event; then finish(). No sizes: the whole stream at once. Each piece is gone before the next
// one comes, as it is with a real reader.
template <class Sink>
void decode(std::string_view stream, const std::vector<std::size_t>& cuts, Decoder& decoder,
            Sink&& sink) {
  Event event;
  for (std::size_t i = 0; !stream.empty(); ++i) {
    const std::size_t size = cuts.empty() ? stream.size() : cuts[i % cuts.size()];
    const std::vector<char> piece(stream.begin(),
                                  stream.begin() +
                                      static_cast<std::ptrdiff_t>(std::min(size, stream.size())));
    std::string_view left(piece.data(), piece.size());
    while (decoder.next(left, event)) sink(event);
    stream.remove_prefix(piece.size());
  }
  if (decoder.finish(event)) sink(event);
}

// The same, as lines of mmevents(5).
Lines decoded(std::string_view stream, const std::vector<std::size_t>& cuts = {},
              std::size_t max_sysex = default_max_sysex);

// A TextParser that reads each line both ways, the short (as a line, and in a text) and the careful
// one, and throws if they do not agree.
class BothWays final : public LineParser {
 public:
  explicit BothWays(NoteStyle notes = {}, std::size_t max_sysex = default_max_sysex)
      : quick_(notes, max_sysex), careful_(notes, max_sysex) {}
  Parsed parse(std::string_view line, Event& event) override;

 private:
  void parse_ahead_as(std::string_view line, const std::string& event);

  TextParser quick_;
  TextParser careful_;
};

// What a parser makes of a line, spelled out: the event, the fault and its column, or nothing.
std::string describe(LineParser& parser, Parsed result, const Event& event);

// Reads a line: the line of mmevents(5) it stands for, "nothing", or "fault at COLUMN: WHAT".
std::string read(LineParser& parser, std::string_view line);

// Reads each line of `text` and prints what comes of it, in the other format: one line for an
// event, none for a blank or a comment. A fault throws.
std::string converted(LineParser& parser, std::string_view text, const Printer& printer);

// Each line of `text`, with a caret under its fault and the words for it:
//
//   note-on 1 60
//               ^ no velocity; it is note-on CHANNEL NOTE VELOCITY
//
// Such carets in `text` itself are left out first, so a test compares a text with what this makes
// of it. A line without a fault stands alone.
std::string annotated(LineParser& parser, std::string_view text);

} // namespace mm::test
