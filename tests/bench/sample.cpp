// Writes the input of the benchmarks: "text COUNT" and "raw COUNT" are events of the sample
// stream, "sysex COUNT BYTES" are lines with a sysex of that many bytes each.
#include "sample.hpp"

#include "text/text.hpp"
#include "wire/encoder.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace mm::bench {
namespace {

bool write(std::string_view bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size();
}

bool write_events(std::size_t count, bool as_text) {
  const TextPrinter printer;
  Sample sample;
  std::string buffer;
  for (std::size_t i = 0; i < count; ++i) {
    const Event event = sample.next();
    buffer.resize(std::max(printer.bound(event), encode_bound(event)));
    const char* const end =
        as_text ? printer.print(buffer.data(), event) : encode(buffer.data(), event);
    if (!write({buffer.data(), static_cast<std::size_t>(end - buffer.data())})) return false;
  }
  return true;
}

bool write_sysex(std::size_t count, std::size_t size) {
  std::string data(size, '\xf0');
  for (std::size_t i = 1; i + 1 < size; ++i) data[i] = static_cast<char>(i * 7 & 0x7f);
  data.back() = '\xf7';
  const Event event = make_bytes(Kind::sysex, data);
  const TextPrinter printer;
  std::string line(printer.bound(event), ' ');
  line.resize(static_cast<std::size_t>(printer.print(line.data(), event) - line.data()));
  for (std::size_t i = 0; i < count; ++i)
    if (!write(line)) return false;
  return true;
}

} // namespace
} // namespace mm::bench

int main(int argc, char** argv) {
  const std::string_view what = argc > 2 ? argv[1] : "";
  const std::size_t count = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 0;
  bool written = false;
  if (what == "text" || what == "raw")
    written = mm::bench::write_events(count, what == "text");
  else if (what == "sysex" && argc > 3)
    written = mm::bench::write_sysex(count, std::strtoul(argv[3], nullptr, 10));
  else
    std::fputs("usage: bench_sample text|raw COUNT | sysex COUNT BYTES\n", stderr);
  return written && std::fflush(stdout) == 0 ? 0 : 1;
}
