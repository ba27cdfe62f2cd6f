// Lines of mmevents(5): the short and the careful way of reading agree, and what is read is
// printed in a form that stays.
#include "fuzz.hpp"
#include "text/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mm;
  constexpr NoteStyle names{true, 3};
  constexpr std::size_t max_sysex = 64;
  test::BothWays parser({}, max_sysex);
  test::BothWays again({}, max_sysex);
  test::BothWays name_parser(names, max_sysex);
  fuzz::for_each_line(data, size, [&](std::string_view line) {
    Event event;
    switch (parser.parse(line, event)) {
    case Parsed::event:
      fuzz::expect_stays(TextPrinter(), again, event);
      fuzz::expect_stays(TextPrinter(names), name_parser, event);
      test::encoded(event);
      break;
    case Parsed::fault: fuzz::expect_fault(parser, line); break;
    case Parsed::nothing: break;
    }
  });
  return 0;
}
