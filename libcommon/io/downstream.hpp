// What goes out: printed, and followed, so that what sounds behind us can be released.
#pragma once

#include "event/sounding.hpp"
#include "io/output.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mm {

class Downstream {
 public:
  // `fd` is where events go to, and closed by finish().
  Downstream(int fd, const FormatOptions& format) : output_(fd, format, false) {}

  void put(const Event& event);
  // The same, where the line that it was read from goes out as it came; see PrintQueue::put_line().
  void put_line(const Event& event, std::string_view line);

  // Called when so much waits that nothing more is to be put before some of it is written.
  void on_overfull(std::function<void()> make_room) { make_room_ = std::move(make_room); }

  // Whether so much waits that whoever puts is to pause.
  [[nodiscard]] bool is_full() const { return output_.queue().size() > queue_limit; }
  [[nodiscard]] Output& output() { return output_; }
  [[nodiscard]] const Output& output() const { return output_; }

  // Whether that message would end something that sounds.
  [[nodiscard]] bool would_end(const Event& event);

  // In a signal handler, just before the process is killed: writes what waits, and what ends what
  // sounds. It allocates nothing, and does not wait.
  void release_in_handler() const;

  // Calls `visit` with the tag of each port that something went to.
  template <class Visit> void for_each_port(Visit&& visit) const {
    for (const auto& [port, notes] : ports_) visit(std::string_view(port));
  }

  // Calls `sink` with each event that would end what sounds, its port included.
  template <class Sink> void for_each_end(Sink&& sink) const {
    for (const auto& [port, notes] : ports_)
      notes.for_each_beyond({}, [&, port = std::string_view(port)](Event event) {
        event.port = port;
        sink(event);
      });
  }

  // The same, all of them: who sends one changes what sounds.
  [[nodiscard]] std::vector<Event> ends() const;

 private:
  static constexpr std::size_t queue_limit = 1UL << 20; // bytes
  static constexpr std::size_t most_queued = 4 * queue_limit;

  template <class Queue> void put_by(const Event& event, Queue&& queue);
  Sounding& sounding(std::string_view port) {
    if (last_ == nullptr || last_port_ != port) find(port);
    return *last_;
  }
  void find(std::string_view port);

  Output output_;
  std::function<void()> make_room_;
  std::map<std::string, Sounding, std::less<>> ports_;
  std::string_view last_port_;
  Sounding* last_ = nullptr; // that of the last port
};

} // namespace mm
