// mido's lines: what is read is printed in a form that stays, and is a line of mmevents(5) as well.
#include "fuzz.hpp"
#include "text/mido.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mm;
  constexpr std::size_t max_sysex = 64;
  MidoParser parser(max_sysex);
  MidoParser again(max_sysex);
  test::BothWays text_parser({}, max_sysex);
  fuzz::for_each_line(data, size, [&](std::string_view line) {
    Event event;
    switch (parser.parse(line, event)) {
    case Parsed::event:
      fuzz::expect_stays(MidoPrinter(), again, event);
      fuzz::expect_stays(TextPrinter(), text_parser, event);
      break;
    case Parsed::fault: fuzz::expect_fault(parser, line); break;
    case Parsed::nothing: break;
    }
  });
  return 0;
}
