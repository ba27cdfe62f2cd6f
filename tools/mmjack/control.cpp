#include "control.hpp"

#include "graph.hpp"
#include "io/input.hpp"
#include "io/signals.hpp"
#include "position.hpp"
#include "session.hpp"
#include "words.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <unistd.h>

namespace mm::jack {

const ToolText& Control::text() {
  static const ToolText text{
      "mmjack control",
      "Do what lines on stdin ask for: connect and disconnect ports, drive the transport.",
      "mmjack control [OPTION]...",
      {"echo ':connect keys:out synth:in' | mmjack control",
       "mmjack monitor | ./patchbay | mmjack control"}};
  return text;
}

CLI::App& Control::declare() {
  CLI::App& app = make_app(text());
  declare_where(app, where);
  app.add_flag("--strict", strict, "end at the first line that cannot be done")->group("Server");
  return app;
}

namespace {

Outcome patch(jack_client_t* client, const std::vector<std::string>& words) {
  if (words.size() != 3) return Error{words[0] + " takes two ports: SRC DST"};
  const auto found = find_connections(list_ports(client), words[1], words[2]);
  if (!found) return found.error();
  for (const Connection& one : found.value()) {
    const auto acted = words[0] == ":connect" ? connect(client, one) : disconnect(client, one);
    if (!acted) return acted;
  }
  return done();
}

Outcome drive(jack_client_t* client, const std::vector<std::string>& words) {
  const std::string what = words.size() > 1 ? words[1] : "";
  if (what == "locate" && words.size() == 3) return locate(client, words[2]);
  if (what == "start" && words.size() == 2)
    jack_transport_start(client);
  else if (what == "stop" && words.size() == 2)
    jack_transport_stop(client);
  else
    return Error{":transport takes start, stop, or locate FRAME|TIME|BBT"};
  return done();
}

// Lines that ask for nothing (other events, other meta events) are passed over.
Outcome act(jack_client_t* client, const Event& event) {
  if (event.kind != Kind::meta) return done();
  const auto words = split_words(event.data);
  if (!words) return words.error();
  const std::string& what = words.value().front();
  if (what == ":connect" || what == ":disconnect") return patch(client, words.value());
  if (what == ":transport") return drive(client, words.value());
  return done();
}

} // namespace

namespace {

class Controller final : public Session::Handler {
 public:
  explicit Controller(const Control& options)
      : signals_(loop_,
                 [this](int signal) {
                   end({exit_done, signal});
                 }),
        session_(loop_, options.where, false, *this),
        input_(loop_, STDIN_FILENO, "stdin", {{}, false, options.strict},
               [this](const std::string& what) { fail(what); }),
        is_strict_(options.strict) {}

  Ended run() {
    if (const auto opened = session_.open(); !opened) {
      on_notice(opened.error().what);
      return {exit_failed, 0};
    }
    pump();
    if (!has_ended_) loop_.run();
    session_.close();
    signals_.let_go();
    return ended_;
  }

 private:
  void pump() {
    Event event;
    while (!has_ended_) {
      switch (input_.next(event)) {
      case EventInput::Next::event:
        if (const auto acted = act(session_.client(), event); !acted) {
          fail(acted.error().what);
          if (is_strict_) return end(ended_);
        }
        break;
      case EventInput::Next::wait: return input_.wait([this] { pump(); });
      case EventInput::Next::end: return end(ended_);
      }
    }
  }

  Outcome on_joined(jack_client_t* /*client*/) override { return done(); }
  void on_news(const News& /*news*/) override {}
  void on_notice(const std::string& text) override { complain(tool, text); }

  void on_failure(const Error& error) override {
    fail(error.what);
    end(ended_);
  }

  void fail(const std::string& what) {
    on_notice(what);
    ended_.status = exit_failed;
  }

  void end(const Ended& ended) {
    ended_ = {ended.signal != 0 ? exit_done : ended.status, ended.signal};
    has_ended_ = true;
    input_.cancel();
    loop_.stop();
  }

  boost::asio::io_context loop_{1};
  Signals signals_;
  Session session_;
  EventInput input_;
  bool is_strict_;
  bool has_ended_ = false;
  Ended ended_;
};

} // namespace

Ended Control::run() const { return Controller(*this).run(); }

} // namespace mm::jack
