// mmrecv: MIDI input ports to lines on stdout.
#include "options.hpp"
#include "receive.hpp"

int main(int argc, char** argv) {
  return mm::run_tool(mm::recv::text(), argc, argv, mm::recv::parse_options, mm::recv::run);
}
