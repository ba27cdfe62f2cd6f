#include "cli/show_ports.hpp"

#include "io/signals.hpp"
#include "io/watch.hpp"

#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <utility>

namespace mm {

namespace {

std::string to_json(const PortInfo& port, const char* change) {
  nlohmann::ordered_json object;
  if (change != nullptr) object["change"] = change;
  object["backend"] = port.backend;
  object["direction"] = port.direction == Direction::input ? "in" : "out";
  object["client"] = port.client;
  object["port"] = port.name;
  object["address"] = port.address;
  object["connected"] = port.connected;
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

class Shower {
 public:
  Shower(const std::string& tool, const PortChoice& choice, Direction direction)
      : tool_(tool), choice_(choice), direction_(direction), watch_stdout_(loop_, STDOUT_FILENO) {}

  Ended run() {
    do {
      if (!open()) return ended_;
      if (choice_.list && !has_listed_) list();
      if (!choice_.watch || ended_.status != exit_done) break;
      watch();
    } while (is_lost_);
    return ended_;
  }

 private:
  // With --wait a system that is not there is waited for.
  bool open() {
    backend_.reset(); // of a system that has ended
    constexpr timespec pause{0, 100'000'000};
    for (bool has_said = is_lost_;; ::nanosleep(&pause, nullptr)) {
      auto opened = open_backend(choice_.backend, {tool_});
      if (opened) {
        backend_ = std::move(opened.value());
        break;
      }
      const Error& error = opened.error();
      if (!choice_.ports.wait || !choice_.watch || error.status == exit_usage) {
        fail(error);
        return false;
      }
      if (!std::exchange(has_said, true)) complain(tool_, error.what + "\nwaiting for it");
    }
    if (std::exchange(is_lost_, false)) return true; // what is there is new
    auto there = backend_->list(direction_);
    if (there)
      ports_ = there.value();
    else
      fail(there.error());
    return static_cast<bool>(there);
  }

  void list() {
    has_listed_ = true;
    print(ports_, nullptr);
    if (ports_.empty() && !choice_.json)
      complain(tool_, std::string("there are no ") +
                          (direction_ == Direction::input ? "input" : "output") + " ports");
  }

  void fail(const Error& error) {
    complain(tool_, error.what);
    ended_.status = error.status;
  }

  void print(const std::vector<PortInfo>& ports, const char* change) {
    std::size_t width = 0;
    for (const PortInfo& port : ports) width = std::max(width, port.address.size());
    std::string text;
    for (const PortInfo& port : ports) {
      if (choice_.json)
        text += to_json(port, change);
      else
        text += (change != nullptr ? std::string(change) + "  " : "") + describe(port, width);
      text += '\n';
    }
    const Ended printed = mm::print(tool_, text);
    if (printed.signal == 0 && printed.status == exit_done) return;
    ended_ = printed;
    loop_.stop();
  }

  void watch() {
    if (const auto watched = backend_->watch(); !watched) {
      fail(watched.error());
      return;
    }
    const Signals signals(loop_, [this](int signal) {
      ended_.signal = signal;
      loop_.stop();
    });
    Watch news(loop_, backend_->descriptor());
    watch_stdout_.wait(Watch::For::error, [this] {
      ended_.signal = SIGPIPE;
      loop_.stop();
    });
    wait(news);
    compare();
    if (!std::exchange(is_ready_, true)) say_ready(choice_.ready_fd);
    loop_.restart();
    loop_.run();
  }

  void wait(Watch& news) {
    news.wait(Watch::For::read, [this, &news] {
      Incoming incoming;
      bool changed = false;
      while (backend_->receive(incoming)) {
        changed |= incoming.type == Incoming::Type::ports_changed;
        if (incoming.type == Incoming::Type::gone) {
          is_lost_ = choice_.ports.wait;
          fail({backend_->system() + " has ended" + (is_lost_ ? "\nwaiting for it" : "")});
          if (is_lost_) ended_.status = exit_done;
          print(std::exchange(ports_, {}), "removed");
          return loop_.stop();
        }
      }
      if (changed) compare();
      wait(news);
    });
  }

  void compare() {
    const std::vector<std::string> left = backend_->take_left();
    auto there = backend_->list(direction_);
    if (!there) return;
    const auto is_in = [](const std::vector<PortInfo>& ports, const PortInfo& port) {
      return std::any_of(ports.begin(), ports.end(), [&](const PortInfo& other) {
        return other.address == port.address && other.full_name() == port.full_name();
      });
    };
    std::vector<PortInfo> added;
    std::vector<PortInfo> removed;
    // One that is back at once has gone all the same.
    const auto has_left = [&](const PortInfo& port) {
      return std::find(left.begin(), left.end(), port.address) != left.end();
    };
    for (const PortInfo& port : there.value())
      if (!is_in(ports_, port) || has_left(port)) added.push_back(port);
    for (const PortInfo& port : ports_)
      if (!is_in(there.value(), port) || has_left(port)) removed.push_back(port);
    ports_ = there.value();
    print(removed, "removed");
    print(added, "added");
  }

  const std::string& tool_;
  const PortChoice& choice_;
  Direction direction_;
  boost::asio::io_context loop_{1};
  Watch watch_stdout_;
  std::unique_ptr<Backend> backend_;
  std::vector<PortInfo> ports_;
  Ended ended_;
  bool has_listed_ = false;
  bool is_ready_ = false;
  bool is_lost_ = false; // the system has ended, and is waited for
};

} // namespace

Ended show_ports(const std::string& tool, const PortChoice& choice, Direction direction) {
  return Shower(tool, choice, direction).run();
}

} // namespace mm
