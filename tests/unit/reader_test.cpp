// Events from a descriptor: wherever the stream is cut, in any format, with faults in it.
#include "events.hpp"
#include "io/reader.hpp"
#include "pipes.hpp"
#include "random.hpp"
#include "text/faults.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace mm {
namespace {

using test::Lines;
using test::make_pipe;
using test::Pipe;
using test::Random;
using test::repeated;
using testing::ElementsAre;

// What the reader has to give now: events as lines of mmevents(5), faults as they are.
void take_all(EventReader& reader, Lines& lines) {
  Event event;
  while (true) {
    switch (reader.next(event)) {
    case EventReader::Next::event: lines.push_back(test::text_of(event)); break;
    case EventReader::Next::fault: lines.push_back(reader.fault()); break;
    case EventReader::Next::empty: return;
    case EventReader::Next::end: lines.emplace_back("end"); return;
    }
  }
}

// The same for a stream that comes through a pipe in pieces of these sizes, over and over.
Lines in_pieces(std::string_view stream, const std::vector<std::size_t>& sizes,
                const FormatOptions& options = {}) {
  Pipe pipe = make_pipe();
  EventReader reader(pipe.out.get(), "stdin", options);
  Lines lines;
  take_all(reader, lines); // nothing is there
  for (std::size_t i = 0; !stream.empty(); ++i) {
    const std::string_view piece = stream.substr(0, sizes[i % sizes.size()]);
    stream.remove_prefix(piece.size());
    if (piece.empty()) continue;
    test::write_all(pipe.in, piece);
    EXPECT_TRUE(reader.fill());
    take_all(reader, lines);
  }
  pipe.in = Descriptor();
  EXPECT_TRUE(reader.fill());
  take_all(reader, lines);
  return lines;
}

// All that comes of a text.
Lines at_once(std::string_view text, const FormatOptions& options = {}) {
  EventReader reader(text, "stdin", options);
  Lines lines;
  take_all(reader, lines);
  return lines;
}

FormatOptions format(Format format, std::size_t max_sysex = default_max_sysex) {
  return {format, {}, max_sysex};
}

// --- lines ---

TEST(EventReader, gives_the_events_and_then_the_end) {
  EXPECT_THAT(
      at_once("note-on 1 60 100\n\n# comment\n  \n0.5 clock @keys\nsysex 43 10\n"),
      ElementsAre("note-on 1 60 100", "0.500000000 clock @keys", "sysex f0 43 10 f7", "end"));
  EXPECT_THAT(at_once(""), ElementsAre("end"));
  EXPECT_THAT(at_once("\n"), ElementsAre("end"));
}

TEST(EventReader, says_the_end_as_often_as_it_is_asked) {
  for (const Format each : {Format::text, Format::raw}) {
    EventReader reader("", "stdin", format(each));
    Event event;
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(reader.next(event), EventReader::Next::end);
      EXPECT_TRUE(reader.fill());
    }
  }
}

TEST(EventReader, the_last_line_may_lack_its_LF) {
  EXPECT_THAT(at_once("clock\nstart"), ElementsAre("clock", "start", "end"));
  EXPECT_THAT(in_pieces("clock\nstart", {3}), ElementsAre("clock", "start", "end"));
  EXPECT_THAT(at_once("clock\nx"),
              ElementsAre("clock", "stdin:2:1: unknown kind 'x'\nx\n^", "end"));
}

TEST(EventReader, a_line_is_not_waited_for_longer_than_to_its_LF) {
  const Pipe pipe = make_pipe();
  EventReader reader(pipe.out.get(), "stdin", {});
  Lines lines;
  test::write_all(pipe.in, "clock\nsta");
  EXPECT_TRUE(reader.fill());
  take_all(reader, lines);
  EXPECT_THAT(lines, ElementsAre("clock"));
  test::write_all(pipe.in, "rt\n");
  EXPECT_TRUE(reader.fill());
  take_all(reader, lines);
  EXPECT_THAT(lines, ElementsAre("clock", "start"));
}

// The lines of the events that the reader has to give now.
Lines lines_of(EventReader& reader) {
  Lines lines;
  Event event;
  while (true) {
    switch (reader.next(event)) {
    case EventReader::Next::event: lines.emplace_back(reader.line()); break;
    case EventReader::Next::fault: break;
    case EventReader::Next::empty:
    case EventReader::Next::end: return lines;
    }
  }
}

TEST(EventReader, gives_the_line_of_an_event_as_it_was_read) {
  const std::string text =
      "\xef\xbb\xbf  note-on 1 C4 100 # soft\n\n# comment\nx\n0.5 clock @keys\r\n"
      "sysex f0 01\tf7\nstart";
  const Lines expected{"  note-on 1 C4 100 # soft", "0.5 clock @keys\r", "sysex f0 01\tf7",
                       "start"};
  EventReader reader(text, "stdin", {});
  EXPECT_EQ(reader.line(), "") << "none was read";
  EXPECT_EQ(lines_of(reader), expected);
  reader.rewind();
  EXPECT_EQ(lines_of(reader), expected);
  for (const std::size_t size : {1, 7, 50}) {
    EventReader fed(-1, "stdin", {});
    Lines lines;
    for (std::size_t from = 0; from <= text.size(); from += size) {
      fed.feed(std::string_view(text).substr(from, size));
      for (const std::string& line : lines_of(fed)) lines.push_back(line);
    }
    fed.end();
    for (const std::string& line : lines_of(fed)) lines.push_back(line);
    EXPECT_EQ(lines, expected) << size;
  }
}

TEST(EventReader, gives_the_line_of_an_event_in_each_format_that_has_lines) {
  const std::string json = R"({"kind": "clock"})";
  EventReader of_json(json + '\n' + json, "stdin", format(Format::json));
  EXPECT_THAT(lines_of(of_json), ElementsAre(json, json));
  EventReader of_mido("clock time=0\nstart\n", "stdin", format(Format::mido));
  EXPECT_THAT(lines_of(of_mido), ElementsAre("clock time=0", "start"));
  EventReader of_bytes("\xf8\xfa", "stdin", format(Format::raw));
  EXPECT_THAT(lines_of(of_bytes), ElementsAre("", "")) << "bytes have no lines";
}

TEST(EventReader, counts_the_bytes_that_were_read) {
  const Pipe pipe = make_pipe();
  EventReader reader(pipe.out.get(), "stdin", {});
  EXPECT_EQ(reader.bytes_read(), 0U);
  EXPECT_EQ(reader.descriptor(), pipe.out.get());
  for (const std::size_t total : {6UL, 12UL}) {
    test::write_all(pipe.in, "clock\n");
    EXPECT_TRUE(reader.fill());
    EXPECT_EQ(reader.bytes_read(), total);
  }
}

// --- faults ---

TEST(EventReader, a_fault_has_its_line_its_column_and_a_caret) {
  EXPECT_THAT(at_once("clock\n\n# comment\n  noteon 1 60 100\nstart\nnote-on 17 60 1\nnote-on 1"),
              ElementsAre("clock",
                          "stdin:4:3: unknown kind 'noteon'; did you mean 'note-on'?\n"
                          "  noteon 1 60 100\n"
                          "  ^",
                          "start",
                          "stdin:6:9: channel '17' is not in 1..16\n"
                          "note-on 17 60 1\n"
                          "        ^",
                          "stdin:7:10: no note; it is note-on CHANNEL NOTE VELOCITY\n"
                          "note-on 1\n"
                          "         ^",
                          "end"));
}

TEST(EventReader, a_fault_is_called_by_the_name_of_its_source) {
  EventReader reader("x", "argument", {});
  Lines lines;
  take_all(reader, lines);
  EXPECT_THAT(lines, ElementsAre("argument:1:1: unknown kind 'x'\nx\n^", "end"));
}

TEST(ShowFault, puts_the_caret_under_the_column) {
  EXPECT_EQ(show_fault("note-on 1 60", 8), "note-on 1 60\n"
                                           "        ^");
  EXPECT_EQ(show_fault("note-on", 7), "note-on\n"
                                      "       ^");
  EXPECT_EQ(show_fault("", 0), "\n^");
  EXPECT_EQ(show_fault("clock", 99), "clock\n"
                                     "     ^")
      << "never beyond the end";
}

TEST(ShowFault, tabs_stay_tabs_and_what_is_unprintable_becomes_a_question_mark) {
  EXPECT_EQ(show_fault("\tnote-on\t1 x", 11), "\tnote-on\t1 x\n"
                                              "\t       \t  ^");
  EXPECT_EQ(show_fault(std::string_view("a\0\x1b[2J\x7f\xff\r b", 11), 10), "a??[2J??? b\n"
                                                                            "          ^");
  EXPECT_EQ(show_fault("\xc3\xa4 x", 3), "?? x\n"
                                         "   ^");
}

TEST(ShowFault, a_long_line_is_cut_to_a_window_around_the_fault) {
  const std::string digits = repeated("0123456789", 20);
  // at the start
  EXPECT_EQ(show_fault(digits, 0),
            "012345678901234567890123456789012345678901234567890123456789012345678901...\n"
            "^");
  EXPECT_EQ(show_fault(digits, 36),
            "012345678901234567890123456789012345678901234567890123456789012345678901...\n"
            "                                    ^");
  // in the middle
  EXPECT_EQ(show_fault(digits, 37),
            "...123456789012345678901234567890123456789012345678901234567890123456789012...\n"
            "                                       ^");
  EXPECT_EQ(show_fault(digits, 100),
            "...456789012345678901234567890123456789012345678901234567890123456789012345...\n"
            "                                       ^");
  // at the end
  EXPECT_EQ(show_fault(digits, 164),
            "...890123456789012345678901234567890123456789012345678901234567890123456789\n"
            "                                       ^");
  EXPECT_EQ(show_fault(digits, 200), "...456789012345678901234567890123456789\n"
                                     "                                       ^");
  // A line that fits is never cut.
  EXPECT_EQ(show_fault(digits.substr(0, 72), 71),
            "012345678901234567890123456789012345678901234567890123456789012345678901\n"
            "                                                                       ^");
}

// --- lines that are too long ---

// With a --max-sysex of 16, the longest line has 3 x 16 + 4096 bytes.
constexpr std::size_t longest = 4144;

std::string too_long(int line, std::string_view start) {
  return "stdin:" + std::to_string(line) +
         ":1: this line is longer than 4144 bytes (--max-sysex), and is skipped\n" +
         std::string(start.substr(0, 72)) + "...\n^";
}

TEST(EventReader, a_line_that_is_too_long_is_reported_once_and_skipped) {
  const std::string fits = "clock #" + repeated("x", longest - 7);
  const std::string line = "clock #" + repeated("y", longest - 6);
  const std::string text = "start\n" + fits + '\n' + line + '\n' + "x\n" + line + line + "\nstop";
  const Lines expected{
      "start", "clock", too_long(3, line), "stdin:4:1: unknown kind 'x'\nx\n^", too_long(5, line),
      "stop",  "end"};
  EXPECT_EQ(at_once(text, format(Format::text, 16)), expected);
  for (const std::size_t size : {1, 7, 100, 4095, 4096, 5000, 50'000})
    EXPECT_EQ(in_pieces(text, {size}, format(Format::text, 16)), expected) << size;
}

TEST(EventReader, a_line_that_is_too_long_may_be_the_last_one_and_lack_its_LF) {
  const std::string line = "clock #" + repeated("y", 2 * longest);
  const Lines expected{"start", too_long(2, line), "end"};
  EXPECT_EQ(at_once("start\n" + line, format(Format::text, 16)), expected);
  for (const std::size_t size : {1, 100, 50'000})
    EXPECT_EQ(in_pieces("start\n" + line, {size}, format(Format::text, 16)), expected) << size;
}

TEST(EventReader, the_formats_with_longer_bytes_have_longer_lines) {
  const std::string line = repeated(" ", longest + 32) + "{\"kind\":\"clock\"}";
  EXPECT_THAT(at_once(line, format(Format::json, 16)),
              ElementsAre("stdin:1:1: this line is longer than 4176 bytes (--max-sysex), and is "
                          "skipped\n" +
                              repeated(" ", 72) + "...\n^",
                          "end"));
  EXPECT_THAT(at_once(line.substr(32), format(Format::json, 16)), ElementsAre("clock", "end"));
}

TEST(EventReader, a_byte_order_mark_at_the_start_is_no_fault) {
  for (const Format of : {Format::text, Format::json, Format::mido}) {
    const std::string line = of == Format::json ? R"({"kind":"clock"})" : "clock";
    EXPECT_THAT(at_once("\xef\xbb\xbf" + line, format(of)), ElementsAre("clock", "end"));
  }
}

TEST(EventReader, a_line_of_another_format_is_recognised_once) {
  const auto hint = [](const std::string& text, Format of) {
    const Lines lines = at_once(text + '\n' + text, format(of));
    EXPECT_EQ(lines.size(), 3U);
    const std::size_t third = lines[0].find('\n', lines[0].find('\n') + 1) + 1;
    EXPECT_EQ(lines[1].find('\n', lines[1].find('\n') + 1), lines[1].rfind('\n')) << "said once";
    return lines[0].find('\n', third) == std::string::npos
               ? ""
               : lines[0].substr(lines[0].rfind('\n') + 1);
  };
  EXPECT_EQ(hint(R"({"kind":"clock"})", Format::text), "for JSON it is --from json");
  EXPECT_EQ(hint("note_on channel=0 note=60", Format::text), "for mido's lines it is --from mido");
  EXPECT_EQ(hint("\x90<d", Format::text), "for MIDI bytes it is --from raw");
  EXPECT_EQ(hint(R"({"kind":"clock"})", Format::mido), "for JSON it is --from json");
  EXPECT_EQ(hint(" {", Format::json), "an object is on one line, as 'jq -c' prints it");
  EXPECT_EQ(hint("nonsense", Format::text), "");
}

std::size_t resident() {
  std::size_t all = 0;
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> all >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(EventReader, of_a_line_that_is_too_long_little_is_kept) {
  constexpr std::size_t much = 64UL << 20;
  const Pipe pipe = make_pipe();
  EventReader reader(pipe.out.get(), "stdin", format(Format::text, 16));
  Lines lines;
  const std::string piece(1UL << 15, 'x');
  const std::size_t before = resident();
  for (std::size_t written = 0; written < much; written += piece.size()) {
    test::write_all(pipe.in, piece);
    ASSERT_TRUE(reader.fill());
    take_all(reader, lines);
  }
  EXPECT_LT(resident(), before + much / 8);
  test::write_all(pipe.in, "\nclock\n");
  EXPECT_TRUE(reader.fill());
  take_all(reader, lines);
  EXPECT_THAT(lines, ElementsAre(too_long(1, piece), "clock"));
}

TEST(EventReader, a_line_may_be_longer_than_many_chunks) {
  std::string line = "sysex f0";
  for (int i = 0; i < 300'000; ++i) line += " 01";
  line += " f7";
  const Lines expected{"clock", line, "start", "end"};
  EXPECT_EQ(in_pieces("clock\n" + line + "\nstart\n", {60'000}), expected);
}

// --- once more ---

TEST(EventReader, what_it_keeps_it_gives_out_once_more) {
  for (const bool with_lf : {true, false}) {
    Pipe pipe = make_pipe();
    EventReader reader(pipe.out.get(), "stdin", {});
    reader.keep();
    for (const std::string_view piece : {"clo", "ck\nx\nsta", with_lf ? "rt\n" : "rt"}) {
      test::write_all(pipe.in, piece);
      EXPECT_TRUE(reader.fill());
      Lines ignored;
      take_all(reader, ignored);
    }
    pipe.in = Descriptor();
    EXPECT_TRUE(reader.fill());
    Lines ignored;
    take_all(reader, ignored);
    for (int round = 0; round < 3; ++round) {
      reader.rewind();
      Lines lines;
      take_all(reader, lines);
      EXPECT_THAT(lines, ElementsAre("clock", "stdin:2:1: unknown kind 'x'\nx\n^", "start", "end"));
    }
  }
}

TEST(EventReader, bytes_are_given_out_once_more_as_well) {
  Pipe pipe = make_pipe();
  EventReader reader(pipe.out.get(), "stdin", format(Format::raw));
  reader.keep();
  Lines first;
  for (const char* piece : {"90 3c", "40 3e", "41 f0 01", "f7 90 3f"}) {
    test::write_all(pipe.in, test::bytes(piece));
    EXPECT_TRUE(reader.fill());
    take_all(reader, first);
  }
  pipe.in = Descriptor();
  EXPECT_TRUE(reader.fill());
  take_all(reader, first);
  EXPECT_THAT(first, ElementsAre("note-on 1 60 64", "note-on 1 62 65", "sysex f0 01 f7",
                                 "raw 90 3f", "end"));
  for (int round = 0; round < 2; ++round) {
    reader.rewind();
    Lines lines;
    take_all(reader, lines);
    EXPECT_EQ(lines, first);
  }
}

TEST(EventReader, a_text_is_given_out_once_more_as_well) {
  EventReader reader("clock\nstart", "argument", {});
  for (int round = 0; round < 3; ++round) {
    Lines lines;
    take_all(reader, lines);
    EXPECT_THAT(lines, ElementsAre("clock", "start", "end"));
    reader.rewind();
  }
}

TEST(EventReader, a_line_that_is_too_long_is_so_in_each_round) {
  const std::string line = "clock #" + repeated("y", 2 * longest);
  Pipe pipe = make_pipe();
  EventReader reader(pipe.out.get(), "stdin", format(Format::text, 16));
  reader.keep();
  Lines lines;
  for (std::string_view left = line; !left.empty();
       left.remove_prefix(std::min<std::size_t>(left.size(), 1000))) {
    test::write_all(pipe.in, left.substr(0, 1000));
    EXPECT_TRUE(reader.fill());
    take_all(reader, lines);
  }
  test::write_all(pipe.in, "\nstart\n");
  pipe.in = Descriptor();
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(reader.fill());
    take_all(reader, lines);
  }
  const Lines expected{too_long(1, line), "start", "end"};
  EXPECT_EQ(lines, expected);
  for (int round = 0; round < 2; ++round) {
    reader.rewind();
    lines.clear();
    take_all(reader, lines);
    EXPECT_EQ(lines, expected);
  }
}

// --- errors ---

TEST(EventReader, fill_says_what_read_says) {
  const Descriptor directory(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  EventReader reader(directory.get(), "stdin", {});
  const Outcome filled = reader.fill();
  ASSERT_FALSE(filled);
  EXPECT_EQ(filled.error().what, "stdin: Is a directory");
  EXPECT_EQ(filled.error().status, 1);
}

TEST(EventReader, a_descriptor_that_does_not_block_is_not_at_its_end) {
  const Pipe pipe = make_pipe();
  ASSERT_EQ(::fcntl(pipe.out.get(), F_SETFL, O_NONBLOCK), 0);
  EventReader reader(pipe.out.get(), "stdin", {});
  Lines lines;
  EXPECT_TRUE(reader.fill());
  take_all(reader, lines);
  EXPECT_THAT(lines, ElementsAre());
  test::write_all(pipe.in, "clock\n");
  EXPECT_TRUE(reader.fill());
  take_all(reader, lines);
  EXPECT_THAT(lines, ElementsAre("clock"));
}

// --- formats ---

TEST(EventReader, reads_json) {
  EXPECT_THAT(at_once("{\"kind\":\"note-on\",\"channel\":1,\"note\":60,\"velocity\":100}\n"
                      "{\"kind\":\"note-on\"}\n",
                      format(Format::json)),
              ElementsAre("note-on 1 60 100",
                          "stdin:2:19: no channel; it is note-on CHANNEL NOTE VELOCITY\n"
                          "{\"kind\":\"note-on\"}\n"
                          "                  ^",
                          "end"));
}

TEST(EventReader, reads_mido) {
  EXPECT_THAT(at_once("note_on channel=0 note=60 velocity=100 time=0\nsysex data=(1,2) time=1.5\n",
                      format(Format::mido)),
              ElementsAre("note-on 1 60 100", "1.500000000 sysex f0 01 02 f7", "end"));
}

TEST(EventReader, reads_bytes_and_says_at_the_end_what_was_begun) {
  const std::string stream = test::bytes("f8 90 3c 40 3d f8 41 f4 c0 05 f0 01 02 f7 90 3c");
  const Lines expected{"clock",
                       "note-on 1 60 64",
                       "clock",
                       "note-on 1 61 65",
                       "raw f4",
                       "program-change 1 5",
                       "sysex f0 01 02 f7",
                       "raw 90 3c",
                       "end"};
  EXPECT_EQ(at_once(stream, format(Format::raw)), expected);
  for (const std::size_t size : {1, 2, 3, 5})
    EXPECT_EQ(in_pieces(stream, {size}, format(Format::raw)), expected);
}

TEST(EventReader, notes_are_read_by_the_octave_that_was_asked_for) {
  EXPECT_THAT(at_once("note-on 1 C3 1", {Format::text, {false, 3}, default_max_sysex}),
              ElementsAre("note-on 1 60 1", "end"));
}

// --- any stream, cut anywhere ---

// Lines as they may come: events, blanks, comments, faults, and some that are too long.
std::string random_lines(Random& random, const Printer& printer) {
  std::string text;
  for (std::size_t n = random.below(30); n > 0; --n) {
    std::string line = test::print(printer, random.event());
    while (!line.empty() && line.back() == '\n') line.pop_back();
    switch (random.below(12)) {
    case 0: line.clear(); break;
    case 1: line = "  # comment " + line; break;
    case 2:
    case 3: line = random.mutated(line); break;
    case 4: line.insert(0, random.below(3 * longest), random.one_in(2) ? 'x' : ' '); break;
    case 5: line += '\r'; break;
    default: break;
    }
    text += line + '\n';
  }
  if (!text.empty() && random.one_in(2)) text.pop_back();
  return text;
}

TEST(EventReader, wherever_a_stream_is_cut_the_same_comes_of_it) {
  for (std::uint64_t seed = 1; seed <= 1000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const FormatOptions options =
        format(static_cast<Format>(random.below(4)), 16 + random.below(300));
    const std::string stream = options.format == Format::raw
                                   ? random.junk(random.below(3000))
                                   : random_lines(random, *make_printer(options));
    std::vector<std::size_t> sizes = random.cuts();
    if (random.one_in(2))
      for (std::size_t& size : sizes) size *= 100;
    EXPECT_EQ(in_pieces(stream, sizes, options), at_once(stream, options));
  }
}

} // namespace
} // namespace mm
