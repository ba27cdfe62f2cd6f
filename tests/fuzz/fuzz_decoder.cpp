// MIDI bytes: the events are those of the plain decoder wherever the stream is cut, every event is
// a line that reads as the same event, and no byte is lost.
//
// The input: the longest sysex, the number of sizes of pieces (0-7), the sizes, and the stream.
#include "event/expand.hpp"
#include "fuzz.hpp"
#include "plain_decoder.hpp"
#include "text/text.hpp"
#include "wire/decoder.hpp"
#include "wire/encoder.hpp"
#include "wire/parameter.hpp"

#include <algorithm>

namespace {

using namespace mm;

struct Outcome {
  std::string events;
  std::string bytes;
};

Outcome decode(std::string_view stream, const std::vector<std::size_t>& cuts,
               std::size_t max_sysex) {
  Outcome outcome;
  Decoder decoder(max_sysex);
  test::BothWays parser;
  test::decode(stream, cuts, decoder, [&](const Event& event) {
    outcome.events += test::text_of(event) + '\n';
    outcome.bytes += test::encoded(event);
    fuzz::expect_stays(TextPrinter(), parser, event);
  });
  return outcome;
}

// The bytes in order, without those that running status leaves out, or that may overtake others.
std::string lasting(std::string_view bytes) {
  std::string kept;
  std::copy_if(bytes.begin(), bytes.end(), std::back_inserter(kept), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x80 || (byte >= 0xf0 && byte < 0xf8);
  });
  return test::hex(kept);
}

std::string realtime(std::string_view bytes) {
  std::string kept;
  std::copy_if(bytes.begin(), bytes.end(), std::back_inserter(kept),
               [](char c) { return static_cast<unsigned char>(c) >= 0xf8; });
  std::sort(kept.begin(), kept.end());
  return test::hex(kept);
}

// Joining control changes loses none: what is neither data entry nor a selection comes out as it
// went in.
void expect_joined(std::string_view stream) {
  const auto stays = [](const Event& event) {
    const auto number = event.arg[1];
    return event.kind == Kind::control_change && number != controller::data_entry &&
           number != controller::data_entry_low && number < controller::nrpn_low;
  };
  std::string in;
  std::string out;
  ParameterDecoder parameters;
  const auto take = [&](std::span<const Event> events) {
    for (const Event& event : events)
      for_each_message(event, [&](const Event& message) {
        if (stays(message)) out += test::describe(message) + '\n';
      });
  };
  Decoder decoder;
  test::decode(stream, {}, decoder, [&](const Event& event) {
    if (stays(event)) in += test::describe(event) + '\n';
    take(parameters.feed(event));
  });
  take(parameters.finish());
  fuzz::expect_same("control changes were lost or made up", in, out);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t header = 2;
  if (size < header) return 0;
  const std::size_t max_sysex = std::size_t{2} + data[0];
  const std::size_t count = std::min<std::size_t>(data[1] % 8, size - header);
  std::vector<std::size_t> cuts(data + header, data + header + count);
  if (!cuts.empty()) cuts.back() += 1; // so that it goes on
  const std::string stream(data + header + count, data + size);

  std::string plain;
  for (const std::string& line : test::plainly_decoded(stream, max_sysex)) plain += line + '\n';
  const Outcome whole = decode(stream, {}, max_sysex);
  fuzz::expect_same("decoded plainly, it is other events", plain, whole.events);
  fuzz::expect_same("cut into pieces, it is other events", whole.events,
                    decode(stream, cuts, max_sysex).events);
  fuzz::expect_same("byte by byte, it is other events", whole.events,
                    decode(stream, {1}, max_sysex).events);
  fuzz::expect_same("bytes were lost or made up", lasting(stream), lasting(whole.bytes));
  fuzz::expect_same("realtime bytes were lost or made up", realtime(stream), realtime(whole.bytes));
  fuzz::expect_same("its own bytes are others", lasting(whole.bytes),
                    lasting(decode(whole.bytes, cuts, max_sysex).bytes));
  expect_joined(stream);
  return 0;
}
