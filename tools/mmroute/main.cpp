// mmroute: a filter of event lines whose work is said in rules.
#include "options.hpp"
#include "run.hpp"

int main(int argc, char** argv) {
  return mm::run_tool(mm::route::text(), argc, argv, mm::route::parse_options, mm::route::run);
}
