#include "monitor.hpp"

#include "graph.hpp"
#include "io/signals.hpp"
#include "meta_output.hpp"
#include "session.hpp"
#include "words.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>

#include <utility>

namespace mm::jack {

const ToolText& Monitor::text() {
  static const ToolText text{
      "mmjack monitor",
      "Print what happens at a JACK server: ports, clients, connections, xruns, its end.",
      "mmjack monitor [OPTION]...",
      {"mmjack monitor | grep :xrun", "mmjack monitor | ./patchbay | mmjack control"}};
  return text;
}

CLI::App& Monitor::declare() {
  CLI::App& app = make_app(text());
  declare_to(app, format_);
  declare_clock(app, typed_clock_);
  declare_where(app, where);
  app.add_flag("--wait", wait, "wait for a server that is not there")->group("Server");
  declare_ready_fd(app, ready_fd);
  return app;
}

Outcome Monitor::check() {
  const auto to = check_to(format_);
  if (!to) return to.error();
  output = to.value();
  const auto kind = check_clock(typed_clock_);
  if (!kind) return kind.error();
  clock = kind.value();
  return done();
}

std::string to_meta(const News& news) {
  const std::string number = std::to_string(news.number);
  switch (news.what) {
  case News::What::port_registered: return ":port-registered " + as_word(news.subject);
  case News::What::port_unregistered: return ":port-unregistered " + as_word(news.subject);
  case News::What::port_renamed:
    return ":port-renamed " + as_word(news.subject) + ' ' + as_word(news.object);
  case News::What::ports_connected:
    return ":ports-connected " + to_string({news.subject, news.object});
  case News::What::ports_disconnected:
    return ":ports-disconnected " + to_string({news.subject, news.object});
  case News::What::client_registered: return ":client-registered " + as_word(news.subject);
  case News::What::client_unregistered: return ":client-unregistered " + as_word(news.subject);
  case News::What::graph_order: return ":graph-order";
  case News::What::xrun: return ":xrun " + number;
  case News::What::buffer_size: return ":buffer-size " + number;
  case News::What::sample_rate: return ":sample-rate " + number;
  case News::What::freewheel: return std::string(":freewheel ") + (news.number != 0 ? "on" : "off");
  case News::What::shutdown: return ":shutdown " + as_word(news.subject);
  }
  return {};
}

namespace {

class Reporter final : public Session::Handler {
 public:
  explicit Reporter(const Monitor& options)
      : options_(options), output_(loop_, options.output, options.clock),
        signals_(loop_,
                 [this](int signal) {
                   end({exit_done, signal});
                 }),
        session_(loop_, options.where, options.wait, *this) {}

  Ended run() {
    output_.on_end([this](const Ended& ended) { end(ended); });
    if (const auto opened = session_.open(); !opened) {
      on_notice(opened.error().what);
      return {exit_failed, 0};
    }
    say_ready(options_.ready_fd);
    loop_.run();
    return finish();
  }

 private:
  // What is there already is news to whoever reads this.
  Outcome on_joined(jack_client_t* /*client*/) override {
    if (std::exchange(is_known_, true)) output_.print(":restarted", now());
    return done();
  }

  void on_news(const News& news) override {
    output_.print(to_meta(news), news.time);
    output_.flush();
  }

  void on_notice(const std::string& text) override { complain(tool, text); }

  void on_failure(const Error& error) override {
    on_notice(error.what);
    end({exit_failed, 0});
  }

  void end(const Ended& ended) {
    ended_ = ended;
    loop_.stop();
  }

  Ended finish() {
    session_.close();
    signals_.let_go();
    return output_.finish(ended_);
  }

  const Monitor& options_;
  boost::asio::io_context loop_{1};
  MetaOutput output_;
  Signals signals_;
  Session session_;
  bool is_known_ = false;
  Ended ended_;
};

} // namespace

Ended Monitor::run() const { return Reporter(*this).run(); }

} // namespace mm::jack
