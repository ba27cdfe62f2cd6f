// mmsend: lines on stdin, or events as arguments, to MIDI output ports.
#include "options.hpp"
#include "play.hpp"

int main(int argc, char** argv) {
  return mm::run_tool(mm::send::text(), argc, argv, mm::send::parse_options, mm::send::run);
}
