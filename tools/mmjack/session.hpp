// A client of a JACK server in the loop: joined, told of news, and joined again when the server has
// ended and another one was started.
#pragma once

#include "command.hpp"
#include "event/interface.hpp"
#include "io/watch.hpp"
#include "news.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <optional>
#include <vector>

namespace mm::jack {

class Session {
 public:
  // All are called from the loop, or from open().
  class Handler : public Interface {
   public:
    // The client is there and not active yet: now is the time for its ports and callbacks.
    virtual Outcome on_joined(jack_client_t* client) = 0;
    // It is active.
    virtual void on_active() {}
    // Somebody has written to the wakeup: a ring has something, or there was news before.
    virtual void on_wake() {}
    virtual void on_news(const News& news) = 0;
    // The server has ended: the client is closed, and client() null.
    virtual void on_lost() {}
    virtual void on_notice(const std::string& text) = 0;
    // It cannot go on.
    virtual void on_failure(const Error& error) = 0;
  };

  // With `wait` a server that is not there, and one that ends, is waited for.
  Session(boost::asio::io_context& loop, const Where& where, bool wait, Handler& handler);

  Outcome open();
  void close();

  // Null while there is no server.
  [[nodiscard]] jack_client_t* client() { return client_.get(); }
  // An eventfd that wakes the loop.
  [[nodiscard]] int wake() const { return wake_.get(); }
  // "the JACK server 'NAME'"
  [[nodiscard]] std::string server() const { return describe_jack_server(where_.server); }

 private:
  Outcome try_to_open();
  bool wait_for_server(const Error& error);
  void listen();
  void lose();
  void leave();

  boost::asio::io_context& loop_;
  const Where& where_;
  bool wait_;
  Handler& handler_;
  Descriptor wake_;
  Watch watch_;
  NewsCallbacks news_;
  JackClient client_; // after what its callbacks use
  boost::asio::steady_timer again_;
  bool has_said_ = false; // that it waits
  bool is_closed_ = false;
};

} // namespace mm::jack
