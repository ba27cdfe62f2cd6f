// Properties of the codecs, on thousands of random cases each. A case has a seed of its own, which
// a failure names: Random(seed) makes that case again.
#include "events.hpp"
#include "plain_decoder.hpp"
#include "random.hpp"
#include "text/json.hpp"
#include "text/mido.hpp"
#include "text/text.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace mm {
namespace {

using test::describe;
using test::encoded;
using test::hex;
using test::Lines;
using test::print;
using test::Random;
using test::text_of;

// Calls `test` with the Random of each seed, up to the first one that fails.
template <class Test> void for_each_seed(std::uint64_t count, Test&& test) {
  for (std::uint64_t seed = 1; seed <= count && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    test(random);
  }
}

// --- MIDI bytes ---

// The number of bytes of a message with this status, sysex apart.
std::size_t length_of(unsigned char status) {
  if (status < 0xc0 || (status >= 0xe0 && status < 0xf0) || status == 0xf2) return 3;
  return status == 0xf6 ? 1 : 2;
}

// A MIDI stream without faults, written with a full status byte for each message, and with
// realtime in front of the message it stood in. This has to know nothing of the Decoder.
std::string normalised(std::string_view stream) {
  std::string out;
  std::string message;
  unsigned char running = 0;
  for (const char c : stream) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0xf8) {
      out += c;
      continue;
    }
    if (byte >= 0x80 && byte != 0xf7) {
      message.clear();
      running = byte < 0xf0 ? byte : 0;
    } else if (message.empty()) {
      message += static_cast<char>(running);
    }
    message += c;
    const auto status = static_cast<unsigned char>(message[0]);
    if (status == 0xf0 ? byte == 0xf7 : message.size() == length_of(status)) {
      out += message;
      message.clear();
    }
  }
  return out;
}

TEST(Normalised, is_right_itself) {
  const auto of = [](std::string_view stream) { return hex(normalised(test::bytes(stream))); };
  EXPECT_EQ(of("90 3c 40 3e 40"), "90 3c 40 90 3e 40");
  EXPECT_EQ(of("90 3c f8 40"), "f8 90 3c 40");
  EXPECT_EQ(of("f0 43 f8 10 f7"), "f8 f0 43 10 f7");
  EXPECT_EQ(of("c0 01 02 f6 f2 01 02 f1 00 e0 00 40 01 fe 41"),
            "c0 01 c0 02 f6 f2 01 02 f1 00 e0 00 40 fe e0 01 41");
}

TEST(RoundTrip, midi_to_text_and_back_is_the_stream_normalised) {
  for_each_seed(5000, [](Random& random) {
    const std::string stream = random.midi(random.below(60));
    std::string back;
    Decoder decoder;
    test::BothWays parser;
    test::decode(stream, random.cuts(), decoder, [&](const Event& event) {
      EXPECT_NE(event.kind, Kind::raw);
      const std::string line = text_of(event);
      Event read;
      ASSERT_EQ(parser.parse(line, read), Parsed::event) << line;
      back += encoded(read);
    });
    EXPECT_EQ(hex(back), hex(normalised(stream))) << "of " << hex(stream);
  });
}

TEST(RoundTrip, any_bytes_are_decoded_as_by_the_plain_decoder) {
  for_each_seed(5000, [](Random& random) {
    const std::string stream = random.junk(random.below(300));
    const std::size_t max_sysex = 2 + random.below(40);
    SCOPED_TRACE("of " + hex(stream));
    const Lines plain = test::plainly_decoded(stream, max_sysex);
    EXPECT_EQ(test::decoded(stream, {}, max_sysex), plain);
    EXPECT_EQ(test::decoded(stream, {1}, max_sysex), plain);
    EXPECT_EQ(test::decoded(stream, random.cuts(), max_sysex), plain);
  });
}

// What is left of `bytes` if only those for which `keep` is true stay.
template <class Keep> std::string only(std::string_view bytes, Keep&& keep) {
  std::string left;
  std::copy_if(bytes.begin(), bytes.end(), std::back_inserter(left),
               [&](char c) { return keep(static_cast<unsigned char>(c)); });
  return left;
}

bool is_realtime_byte(unsigned char byte) { return byte >= 0xf8; }
bool is_defined_realtime(unsigned char byte) {
  return is_realtime_byte(byte) && byte != 0xf9 && byte != 0xfd;
}

// That `out` has every byte of `in`, and no others but those that running status left out. The
// order is the same, but for realtime bytes, which overtake what they stood in.
void expect_same_bytes(std::string_view in, std::string_view out) {
  EXPECT_EQ(hex(only(in, is_defined_realtime)), hex(only(out, is_defined_realtime)));
  const auto undefined = [](unsigned char byte) { return byte == 0xf9 || byte == 0xfd; };
  EXPECT_EQ(only(in, undefined).size(), only(out, undefined).size());
  const auto others = [](unsigned char byte) { return !is_realtime_byte(byte); };
  const std::string wanted = only(in, others);
  std::size_t found = 0;
  for (const char c : only(out, others)) {
    if (found < wanted.size() && wanted[found] == c) {
      ++found;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    EXPECT_TRUE(byte >= 0x80 && byte < 0xf0) << "made up: " << int{byte};
  }
  EXPECT_EQ(found, wanted.size()) << "lost after " << hex(wanted.substr(0, found));
}

// Events taken apart into what comes out the same when their bytes are decoded once more. Before
// the bytes of a raw event, which are an open message to a decoder, a realtime message is told that
// came after them; and raw events without a message in between may become one.
class Settled {
 public:
  void take(const Event& event) {
    if (is_realtime(event.kind)) {
      realtime += text_of(event) + '\n';
    } else if (event.kind == Kind::raw) {
      raw += only(event.data, [](unsigned char byte) { return !is_realtime_byte(byte); });
    } else {
      others += hex(raw) + '\n' + text_of(event) + '\n';
      raw.clear();
    }
  }
  std::string realtime;
  std::string others;
  std::string raw; // since the last message
};

TEST(RoundTrip, of_any_bytes_none_is_lost_and_the_events_stay) {
  for_each_seed(5000, [](Random& random) {
    const std::string stream = random.junk(random.below(300));
    const std::size_t max_sysex = random.one_in(2) ? default_max_sysex : 2 + random.below(40);
    Settled events;
    std::string back;
    Decoder decoder(max_sysex);
    test::decode(stream, random.cuts(), decoder, [&](const Event& event) {
      events.take(event);
      back += encoded(event);
    });
    SCOPED_TRACE("of " + hex(stream));
    expect_same_bytes(stream, back);
    Settled again;
    Decoder other(max_sysex);
    test::decode(back, random.cuts(), other, [&](const Event& event) { again.take(event); });
    EXPECT_EQ(again.realtime, events.realtime);
    EXPECT_EQ(again.others, events.others);
    EXPECT_EQ(hex(again.raw), hex(events.raw));
  });
}

TEST(RoundTrip, of_any_bytes_without_realtime_the_events_are_the_same) {
  for_each_seed(5000, [](Random& random) {
    const std::string stream =
        only(random.junk(random.below(300)), [](unsigned char byte) { return byte < 0xf8; });
    const std::size_t max_sysex = random.one_in(2) ? default_max_sysex : 2 + random.below(40);
    Lines events;
    std::string back;
    Decoder decoder(max_sysex);
    test::decode(stream, random.cuts(), decoder, [&](const Event& event) {
      events.push_back(text_of(event));
      back += encoded(event);
    });
    EXPECT_EQ(test::decoded(back, random.cuts(), max_sysex), events) << "of " << hex(stream);
  });
}

// --- events as lines ---

// Prints `event`, reads that, and prints again: the event and the line must be the same.
void expect_stays(const Printer& printer, LineParser& parser, const Event& event) {
  const std::string line = print(printer, event);
  ASSERT_EQ(line.back(), '\n');
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
  Event read;
  const Parsed result = parser.parse(std::string_view(line).substr(0, line.size() - 1), read);
  EXPECT_EQ(describe(parser, result, read), describe(event)) << line;
  if (result == Parsed::event) {
    EXPECT_EQ(print(printer, read), line);
  }
}

TEST(RoundTrip, event_to_text_and_back) {
  const NoteStyle names{true, 3};
  const TextPrinter printer;
  const TextPrinter name_printer(names);
  test::BothWays parser;
  test::BothWays name_parser(names);
  for_each_seed(30'000, [&](Random& random) {
    const Event event = random.event();
    expect_stays(printer, parser, event);
    expect_stays(name_printer, name_parser, event);
  });
}

TEST(RoundTrip, event_to_json_and_back) {
  const NoteStyle names{true, 5};
  const JsonPrinter printer;
  const JsonPrinter name_printer(names);
  JsonParser parser;
  JsonParser name_parser(names);
  for_each_seed(15'000, [&](Random& random) {
    const Event event = random.event();
    expect_stays(printer, parser, event);
    expect_stays(name_printer, name_parser, event);
  });
}

TEST(RoundTrip, message_to_mido_and_back) {
  const MidoPrinter printer;
  MidoParser parser;
  for_each_seed(15'000, [&](Random& random) {
    // mido has no ports, one form of time in which 0 is none, and MIDI messages alone.
    Event event = random.event(static_cast<Kind>(random.below(std::size_t(Kind::raw))));
    event.port = {};
    if (event.time_form == TimeForm::relative) event.time_form = TimeForm::absolute;
    if (event.time == 0) event.time_form = TimeForm::none;
    expect_stays(printer, parser, event);
  });
}

// What mido's lines cannot say they say as far as they can, or as a comment.
TEST(RoundTrip, any_event_to_mido_is_lines_that_it_reads) {
  const MidoPrinter printer;
  MidoParser parser;
  for_each_seed(15'000, [&](Random& random) {
    const Event event = random.event();
    std::string bytes;
    for (const std::string& line : test::split(print(printer, event))) {
      Event read;
      const Parsed result = parser.parse(line, read);
      ASSERT_NE(result, Parsed::fault) << line;
      if (result == Parsed::event) bytes += encoded(read);
    }
    if (event.kind != Kind::raw) {
      EXPECT_EQ(hex(bytes), hex(encoded(event)));
    }
  });
}

// --- lines with faults ---

// A line as people might write it: not always in the canonical form.
std::string loosely(Random& random, std::string line) {
  for (std::size_t at = 0; at < line.size(); ++at)
    if (line[at] == ' ' && random.one_in(6)) line.insert(at, random.one_in(2) ? " " : "\t");
  if (random.one_in(8)) line += random.one_in(2) ? "\r" : " # comment";
  if (random.one_in(8)) line.insert(0, " ");
  return line;
}

// The careful way is the oracle: BothWays throws where the short one differs from it.
TEST(TextParser, short_and_careful_way_agree_on_any_line) {
  std::size_t events = 0;
  std::size_t faults = 0;
  test::BothWays parser;
  for_each_seed(100'000, [&](Random& random) {
    const Event event = random.event();
    const NoteStyle style{random.one_in(4), 4};
    std::string line = loosely(random, text_of(event, style));
    if (!random.one_in(8)) line = random.mutated(std::move(line));
    // In memory of just its size, so that a sanitizer sees what reads beyond.
    const std::vector<char> tight(line.begin(), line.end());
    Event read;
    Parsed result = Parsed::nothing;
    EXPECT_NO_THROW(result = parser.parse({tight.data(), tight.size()}, read));
    events += result == Parsed::event ? 1 : 0;
    faults += result == Parsed::fault ? 1 : 0;
    if (result == Parsed::fault) {
      EXPECT_LE(parser.fault().column, line.size());
      EXPECT_FALSE(parser.fault().what.empty());
    }
  });
  // Both kinds of lines came up often.
  EXPECT_GT(events, 20'000U);
  EXPECT_GT(faults, 20'000U);
}

// What is read, however it was written, is printed in a form that is read as the same event.
template <class Parser>
void expect_fixed_point(const Printer& printer, std::uint64_t seeds, const Printer& source) {
  Parser parser;
  Parser again;
  std::size_t events = 0;
  for_each_seed(seeds, [&](Random& random) {
    std::string line = print(source, random.event());
    line.pop_back();
    line = random.mutated(std::move(line));
    Event event;
    if (parser.parse(line, event) != Parsed::event) return;
    ++events;
    SCOPED_TRACE(line);
    expect_stays(printer, again, event);
  });
  EXPECT_GT(events, seeds / 20);
}

TEST(RoundTrip, what_is_read_of_any_text_stays) {
  expect_fixed_point<test::BothWays>(TextPrinter(), 50'000, TextPrinter());
}

TEST(RoundTrip, what_is_read_of_any_json_stays) {
  expect_fixed_point<JsonParser>(JsonPrinter(), 20'000, JsonPrinter());
}

TEST(RoundTrip, what_is_read_of_any_mido_stays) {
  expect_fixed_point<MidoParser>(MidoPrinter(), 50'000, MidoPrinter());
}

} // namespace
} // namespace mm
