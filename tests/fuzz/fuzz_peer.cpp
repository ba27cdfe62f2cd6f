// Bytes of a TCP peer through to the lines that are printed: however they are cut into pieces, the
// same lines come of them, and each is one that can be read again.
#include "fuzz.hpp"
#include "io/reader.hpp"
#include "text/text.hpp"

#include <algorithm>
#include <string>

namespace {

using namespace mm;

// What a peer's bytes become, read `piece` bytes at a time. Faults stand among the lines.
std::string lines_of(std::string_view bytes, Format format, std::size_t piece) {
  constexpr std::size_t max_sysex = 64;
  EventReader reader(-1, "peer", {format, {}, max_sysex});
  const TextPrinter printer;
  std::string lines;
  const auto take = [&] {
    Event event;
    for (;;) {
      const auto next = reader.next(event);
      if (next == EventReader::Next::fault) {
        lines += "# " + reader.fault() + '\n';
      } else if (next == EventReader::Next::event) {
        if (format == Format::raw && event.kind == Kind::raw)
          continue; // how junk is cut may differ
        std::string line(printer.bound(event), ' ');
        line.resize(static_cast<std::size_t>(printer.print(line.data(), event) - line.data()));
        TextParser parser({}, bytes.size() + max_sysex);
        Event again;
        const bool is_event =
            parser.parse(std::string_view(line).substr(0, line.size() - 1), again) == Parsed::event;
        fuzz::expect_same("it cannot be read again", line, is_event ? line : parser.fault().what);
        lines += line;
      } else {
        return;
      }
    }
  };
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.feed(bytes.substr(at, piece));
    take();
  }
  reader.end();
  take();
  return lines;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const auto format = data[0] % 2 == 0 ? Format::raw : Format::text;
  const std::size_t piece = std::size_t{data[0]} / 2 + 1;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  fuzz::expect_same("the pieces matter", lines_of(bytes, format, EventReader::most_fed),
                    lines_of(bytes, format, piece));
  return 0;
}
