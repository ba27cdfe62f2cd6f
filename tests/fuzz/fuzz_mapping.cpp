// MIDIMonster's mappings: a mapping that is read is written so that it is read as the same one, and
// what is refused is refused with a place and words. The input is a file, and each line of it one
// mapping.
#include "fuzz.hpp"
#include "mmpy/mapping.hpp"
#include "mmpy/routes.hpp"

#include <algorithm>
#include <span>

namespace {

using namespace mm;

void expect(bool good, const char* what, std::string_view text) {
  if (good) return;
  std::fprintf(stderr, "%s: %s\n", what, std::string(text).c_str());
  std::abort();
}

std::string text_of(const py::Mapping& mapping) {
  return to_string(mapping.from) + " > " + to_string(mapping.to);
}

void expect_stays(const py::Mapping& mapping) {
  const std::string text = text_of(mapping);
  const auto again = py::parse_mapping(text, "again");
  expect(again && again.value() == std::vector{mapping}, "it is not read again as it was", text);
}

// "NAME:LINE:COLUMN: what", the line, and the caret.
void expect_fault(const Error& error, std::string_view text) {
  const auto lines = std::count(error.what.begin(), error.what.end(), '\n');
  expect(lines == 2 && error.what.starts_with("fuzz:") && error.what.ends_with('^') &&
             error.status == exit_usage,
         "an error without a place", text);
}

// All that begins with the same event, one way and the other.
void expect_routes(const std::vector<py::Mapping>& mappings) {
  const py::Routes routes(mappings);
  constexpr std::size_t enough = 16;
  for (const py::Mapping& mapping :
       std::span(routes.mappings()).first(std::min(enough, routes.mappings().size()))) {
    const auto* const midi = std::get_if<py::MidiChannel>(&mapping.from);
    if (midi == nullptr) continue;
    const Event event = event_of(*midi, 1);
    expect(value_of(*midi, event) == 1, "its value is lost", text_of(mapping));
    bool found = false;
    routes.from_event(event, [&](const py::Mapping& one, double value) {
      found |= one == mapping && value == 1;
    });
    expect(found, "it is no route", text_of(mapping));
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  fuzz::for_each_line(data, size, [](std::string_view line) {
    const auto mappings = py::parse_mapping(line, "fuzz");
    if (!mappings) return expect_fault(mappings.error(), line);
    expect(mappings.value().size() <= 2 * py::most_channels, "it stands for too many", line);
    for (const py::Mapping& mapping : mappings.value()) expect_stays(mapping);
  });
  const auto file = py::parse_map_file(text, "fuzz");
  if (!file) {
    expect_fault(file.error(), text);
    return 0;
  }
  expect(file.value().mappings.size() <= py::most_mappings, "there are too many", text);
  expect_routes(file.value().mappings);
  return 0;
}
