// The smallest filter on the loop, as every filter tool is built: reads what is there, prints each
// event anew, writes once, waits.
#include "io/reader.hpp"
#include "io/watch.hpp"
#include "io/writer.hpp"

#include <boost/asio/io_context.hpp>
#include <unistd.h>

#include <cstdio>

namespace mm::bench {
namespace {

class Stage {
 public:
  int run() {
    writer_.on_failure([this](int) { fail("stdout: the reader has gone"); });
    turn();
    loop_.run();
    if (const auto written = writer_.finish(); !written) fail(written.error().what);
    return status_;
  }

 private:
  void turn() {
    if (const auto filled = reader_.fill(); !filled) return fail(filled.error().what);
    Event event;
    while (true) {
      switch (reader_.next(event)) {
      case EventReader::Next::event: writer_.put(event); break;
      case EventReader::Next::fault: return fail(reader_.fault());
      case EventReader::Next::empty:
        writer_.flush();
        return stdin_.wait(Watch::For::read, [this] { turn(); });
      case EventReader::Next::end: return loop_.stop();
      }
    }
  }

  void fail(const std::string& what) {
    std::fprintf(stderr, "bench_canonical: %s\n", what.c_str());
    status_ = 1;
    loop_.stop();
  }

  boost::asio::io_context loop_{1};
  EventReader reader_{STDIN_FILENO, "stdin", {}};
  EventWriter writer_{loop_, STDOUT_FILENO, {}, WhenFull::wait, Clock()};
  Watch stdin_{loop_, STDIN_FILENO};
  int status_ = 0;
};

} // namespace
} // namespace mm::bench

int main() { return mm::bench::Stage().run(); }
