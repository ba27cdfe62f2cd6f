// Time per line, event and byte of the codecs, each on the same stream.
#include "sample.hpp"
#include "text/json.hpp"
#include "text/mido.hpp"
#include "text/text.hpp"
#include "wire/decoder.hpp"
#include "wire/encoder.hpp"

#include <benchmark/benchmark.h>
#ifdef MMTOOLS_ALSA
#include <alsa/asoundlib.h>
#endif

#include <string>
#include <string_view>
#include <vector>

namespace mm::bench {
namespace {

constexpr std::size_t event_count = 10'000;

const std::vector<Event>& events() {
  static const std::vector<Event> all = [] {
    Sample sample;
    std::vector<Event> made(event_count);
    for (Event& event : made) event = sample.next();
    return made;
  }();
  return all;
}

std::size_t bound(const Printer& printer) {
  std::size_t most = 0;
  for (const Event& event : events()) most += printer.bound(event);
  return most;
}

char* print_all(const Printer& printer, char* to) {
  for (const Event& event : events()) to = printer.print(to, event);
  return to;
}

std::string printed(const Printer& printer) {
  std::string text(bound(printer), ' ');
  text.resize(static_cast<std::size_t>(print_all(printer, text.data()) - text.data()));
  return text;
}

class BytePrinter final : public Printer {
 public:
  BytePrinter() : Printer({.without_data = encode_bound({}), .for_a_byte = 1}) {}
  char* print(char* to, const Event& event) const override { return encode(to, event); }
};

// The lines are cut beforehand: only the parser is measured.
template <class Parse>
void parse_lines(benchmark::State& state, const Printer& printer, Parse parse) {
  const std::string text = printed(printer);
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(std::string_view(text).substr(at, end - at));
    at = end + 1;
  }
  Event event;
  for (auto _ : state)
    for (const std::string_view line : lines) {
      if (parse(line, event) != Parsed::event) return state.SkipWithError("a line does not parse");
      benchmark::DoNotOptimize(event);
    }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * lines.size()));
}

void print_events(benchmark::State& state, const Printer& printer) {
  std::string text(bound(printer), ' ');
  for (auto _ : state) {
    benchmark::DoNotOptimize(print_all(printer, text.data()));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * event_count));
}

// As a reader does it: the parser finds the ends of the lines as well.
void parse_text(benchmark::State& state) {
  TextParser parser;
  const std::string text = printed(TextPrinter()) + std::string(LineParser::margin, ' ');
  Event event;
  for (auto _ : state) {
    std::string_view left(text.data(), text.size() - LineParser::margin);
    while (!left.empty()) {
      const std::size_t length = parser.parse_ahead(left, event);
      if (length == 0) return state.SkipWithError("a line is not read ahead");
      benchmark::DoNotOptimize(event);
      left.remove_prefix(length + 1);
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * event_count));
}
void parse_text_carefully(benchmark::State& state) {
  TextParser parser;
  parse_lines(state, TextPrinter(), [&](std::string_view line, Event& event) {
    return parser.parse_carefully(line, event);
  });
}
void parse_json(benchmark::State& state) {
  JsonParser parser;
  parse_lines(state, JsonPrinter(),
              [&](std::string_view line, Event& event) { return parser.parse(line, event); });
}
void parse_mido(benchmark::State& state) {
  MidoParser parser;
  parse_lines(state, MidoPrinter(),
              [&](std::string_view line, Event& event) { return parser.parse(line, event); });
}
void print_text(benchmark::State& state) { print_events(state, TextPrinter()); }
void print_json(benchmark::State& state) { print_events(state, JsonPrinter()); }
void print_mido(benchmark::State& state) { print_events(state, MidoPrinter()); }
void encode_bytes(benchmark::State& state) { print_events(state, BytePrinter()); }

void decode(benchmark::State& state) {
  const std::string bytes = printed(BytePrinter());
  Decoder decoder;
  Event event;
  for (auto _ : state) {
    std::string_view left = bytes;
    while (decoder.next(left, event)) benchmark::DoNotOptimize(event);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}

BENCHMARK(parse_text);
BENCHMARK(parse_text_carefully);
BENCHMARK(parse_json);
BENCHMARK(parse_mido);
BENCHMARK(print_text);
BENCHMARK(print_json);
BENCHMARK(print_mido);
BENCHMARK(encode_bytes);
BENCHMARK(decode);

#ifdef MMTOOLS_ALSA
void decode_by_alsa(benchmark::State& state) {
  const std::string bytes = printed(BytePrinter());
  snd_midi_event_t* coder = nullptr;
  if (snd_midi_event_new(256, &coder) < 0) return state.SkipWithError("no snd_midi_event");
  snd_seq_event_t event;
  for (auto _ : state) {
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    auto left = static_cast<long>(bytes.size());
    while (left > 0) {
      snd_seq_ev_clear(&event);
      const long taken = snd_midi_event_encode(coder, at, left, &event);
      if (taken <= 0) return state.SkipWithError("snd_midi_event_encode failed");
      benchmark::DoNotOptimize(event);
      at += taken;
      left -= taken;
    }
  }
  snd_midi_event_free(coder);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}
BENCHMARK(decode_by_alsa);
#endif

} // namespace
} // namespace mm::bench

BENCHMARK_MAIN();
