// What the fuzzers share: an invariant that says what broke it, and lines that must stay.
#pragma once

#include "events.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace mm::fuzz {

// Ends the fuzzer, which then keeps the input, if the two are not the same.
inline void expect_same(const char* what, const std::string& one, const std::string& other) {
  if (one == other) return;
  std::fprintf(stderr, "%s\n--- this\n%s\n--- that\n%s\n", what, one.c_str(), other.c_str());
  std::abort();
}

// What is read of a line and printed is read as the same event, and printed the same. `again` is
// another parser of the same format, as the event points into the first one.
inline void expect_stays(const Printer& printer, LineParser& again, const Event& event) {
  const std::string line = test::print(printer, event);
  Event read;
  const Parsed result = again.parse(std::string_view(line).substr(0, line.size() - 1), read);
  expect_same("printed and read again, it is another event", test::describe(event),
              test::describe(again, result, read));
  expect_same("printed again, it is another line", line, test::print(printer, read));
}

// A fault has a place in the line, and words.
inline void expect_fault(const LineParser& parser, std::string_view line) {
  if (parser.fault().column <= line.size() && !parser.fault().what.empty()) return;
  std::fprintf(stderr, "a fault at %zu of %zu: %s\n", parser.fault().column, line.size(),
               parser.fault().what.c_str());
  std::abort();
}

// Calls `sink` with each line of the input, in memory of just its size: a parser keeps its buffers
// from line to line, so one input is several lines.
template <class Sink> void for_each_line(const std::uint8_t* data, std::size_t size, Sink&& sink) {
  const std::string text(data, data + size);
  for (const std::string& line : test::split(text)) {
    const std::vector<char> tight(line.begin(), line.end());
    sink(std::string_view(tight.data(), tight.size()));
  }
}

} // namespace mm::fuzz
