// mmtcp: lines to and from TCP peers that speak MIDI.
#include "hub.hpp"
#include "options.hpp"

int main(int argc, char** argv) {
  return mm::run_tool(mm::tcp::text(), argc, argv, mm::tcp::parse_options, mm::tcp::run);
}
