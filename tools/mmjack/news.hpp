// What a JACK server tells of itself and its graph, brought to the loop.
#pragma once

#include "io/clock.hpp"
#include "io/descriptor.hpp"

#include <jack/jack.h>

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace mm::jack {

struct News {
  enum class What : std::uint8_t {
    port_registered,
    port_unregistered,
    port_renamed,
    ports_connected,
    ports_disconnected,
    client_registered,
    client_unregistered,
    graph_order,
    xrun,
    buffer_size,
    sample_rate,
    freewheel,
    shutdown,
  };
  What what = What::shutdown;
  Nanoseconds time = 0;     // when we were told
  std::string subject;      // a port, a client; shutdown: the reason
  std::string object;       // the other port; the new name
  std::uint64_t number = 0; // frames; microseconds; frames a second; 1: on
};

// Registers all callbacks of a client that is not active yet. It has to outlive the client.
class NewsCallbacks {
 public:
  // `wake` is an eventfd, which is written to when there is news.
  explicit NewsCallbacks(int wake) : wake_(wake) {}
  NewsCallbacks(const NewsCallbacks&) = delete;
  NewsCallbacks& operator=(const NewsCallbacks&) = delete;
  ~NewsCallbacks() = default;

  void attach(jack_client_t* client);

  // What has come since it was last asked, the oldest first.
  std::vector<News> take();

  // The number of xruns since attach().
  [[nodiscard]] std::uint64_t xruns() const;

 private:
  void tell(News::What what, std::string subject = {}, std::string object = {},
            std::uint64_t number = 0);
  std::string name_of(jack_port_id_t id);
  void forget(jack_port_id_t id);
  static NewsCallbacks& of(void* self) { return *static_cast<NewsCallbacks*>(self); }

  int wake_;
  jack_client_t* client_ = nullptr;
  mutable std::mutex mutex_; // JACK's thread for notifications is no real-time one
  std::vector<News> news_;
  std::map<const jack_port_t*, std::string> names_; // of ports, since one that has gone has none
  std::uint64_t xruns_ = 0;
};

} // namespace mm::jack
