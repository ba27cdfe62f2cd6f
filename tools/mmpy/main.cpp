// mmpy: a filter of event lines whose work is the user's Python.
#include "options.hpp"
#include "run.hpp"

int main(int argc, char** argv) {
  return mm::run_tool(mm::py::text(), argc, argv, mm::py::parse_options, mm::py::run);
}
