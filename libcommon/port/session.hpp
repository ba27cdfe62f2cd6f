// A tool's ports in its loop: from opening the MIDI system to the news of what comes and goes,
// and back again after the system ended and was started anew.
#pragma once

#include "event/interface.hpp"
#include "io/watch.hpp"
#include "port/connections.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mm {

class PortSession {
 public:
  // What the tool makes of it. All are called from the loop, or from open().
  class Handler : public Interface {
   public:
    // An event, or Incoming::lost or undelivered.
    virtual void on_incoming(const Incoming& incoming) = 0;
    // A port of ours was connected or disconnected. One that was there when the session was
    // opened is not announced.
    virtual void on_change(const Connections::Change& change, const Connections::Port& port) = 0;
    // All that had come in was handled: now is the time to write.
    virtual void on_turn() = 0;
    // Something to tell the user while the work goes on.
    virtual void on_notice(const std::string& text) = 0;
    // It cannot go on.
    virtual void on_failure(const Error& error) = 0;
  };

  PortSession(boost::asio::io_context& loop, std::string client, Direction direction,
              std::string backend, PortOptions options, Handler& handler);

  // Opens the system and the ports. With PortOptions::wait a system that is not there, and one
  // that ends later, is waited for.
  Outcome open();

  // Takes what has come in and was not asked for yet, before the end.
  void take_rest();

  // Closes the ports, after what had come in half. Nothing is called after this.
  void close();

  // nullptr while there is no system.
  [[nodiscard]] Backend* backend() { return backend_.get(); }
  [[nodiscard]] const Connections& connections() const { return connections_; }

 private:
  Outcome connect();
  bool wait_for_system(const Error& error);
  void retry();
  void wait_for_news();
  void take_turn();
  bool take_news();
  void update();
  void retry_ports();
  void tell(const std::vector<Connections::Change>& changes);
  void say_notices();
  void lose_system();

  boost::asio::io_context& loop_;
  BackendSetup setup_;
  std::string backend_name_;
  bool wait_; // for a system that is not there
  Handler& handler_;
  Connections connections_;
  std::unique_ptr<Backend> backend_;
  std::optional<Watch> news_;
  boost::asio::steady_timer again_;
  bool was_open_ = false;
  bool said_waiting_ = false;
  bool closed_ = false;
};

} // namespace mm
