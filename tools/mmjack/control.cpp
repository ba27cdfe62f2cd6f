#include "control.hpp"

#include "graph.hpp"
#include "io/reader.hpp"
#include "position.hpp"
#include "words.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

namespace mm::jack {

const ToolText& Control::text() {
  static const ToolText text{
      "mmjack control",
      "Do what lines on stdin ask for: connect and disconnect ports, drive the transport.",
      "mmjack control [OPTION]...",
      {"echo ':connect keys:out synth:in' | mmjack control",
       "mmjack monitor | mmpy patchbay.py | mmjack control"}};
  return text;
}

CLI::App& Control::declare() {
  CLI::App& app = make_app(text());
  declare_where(app, where);
  app.add_flag("--strict", strict, "end at the first line that cannot be done")->group("Server");
  return app;
}

namespace {

class Doer {
 public:
  explicit Doer(jack_client_t* client) : client_(client) {}

  // Lines that ask for nothing (other events, other meta events) are passed over.
  Outcome act(const Event& event) {
    if (event.kind != Kind::meta) return done();
    const auto split = split_words(event.data);
    if (!split) return split.error();
    const std::vector<std::string>& words = split.value();
    if (words[0] == ":connect" || words[0] == ":disconnect") {
      if (words.size() != 3) return Error{words[0] + " takes two ports: SRC DST"};
      return patch(words);
    }
    if (words[0] == ":transport") return drive(words);
    return done();
  }

 private:
  Outcome patch(const std::vector<std::string>& words) {
    const auto found = find_connections(list_ports(client_), words[1], words[2]);
    if (!found) return found.error();
    for (const Connection& one : found.value()) {
      const auto acted = words[0] == ":connect" ? connect(client_, one) : disconnect(client_, one);
      if (!acted) return acted;
    }
    return done();
  }

  Outcome drive(const std::vector<std::string>& words) {
    const std::string what = words.size() > 1 ? words[1] : "";
    if (what == "start" && words.size() == 2) {
      jack_transport_start(client_);
    } else if (what == "stop" && words.size() == 2) {
      jack_transport_stop(client_);
    } else if (what == "locate" && words.size() == 3) {
      return locate(client_, words[2]);
    } else {
      return Error{":transport takes start, stop, or locate FRAME|TIME|BBT"};
    }
    return done();
  }

  jack_client_t* client_;
};

} // namespace

Ended Control::run() const {
  const auto client = join(where);
  if (!client) return {exit_failed, 0};
  Doer doer(client.get());
  EventReader reader(STDIN_FILENO, "stdin", {});
  Event event;
  Ended ended;
  const auto failed = [&](const std::string& what) {
    complain(tool, what);
    ended.status = exit_failed;
    return strict;
  };
  while (true) {
    switch (reader.next(event)) {
    case EventReader::Next::event:
      if (const auto acted = doer.act(event); !acted && failed(acted.error().what)) return ended;
      break;
    case EventReader::Next::fault:
      if (failed(reader.fault())) return ended;
      break;
    case EventReader::Next::empty:
      if (const auto filled = reader.fill(); !filled) {
        failed(filled.error().what);
        return ended;
      }
      break;
    case EventReader::Next::end: return ended;
    }
  }
}

} // namespace mm::jack
