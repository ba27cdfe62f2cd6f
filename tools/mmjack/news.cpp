#include "news.hpp"

#include "io/wakeup.hpp"

#include <jack/statistics.h>

#include <utility>

namespace mm::jack {

void NewsCallbacks::attach(jack_client_t* client) {
  client_ = client;
  {
    const std::lock_guard lock(mutex_);
    names_.clear();
    news_.clear(); // of the client before
  }
  using What = News::What;
  jack_set_port_registration_callback(
      client,
      [](jack_port_id_t port, int is_new, void* self) {
        auto& news = of(self);
        if (is_new != 0) news.forget(port);
        news.tell(is_new != 0 ? What::port_registered : What::port_unregistered,
                  news.name_of(port));
        if (is_new == 0) news.forget(port);
      },
      this);
  jack_set_port_rename_callback(
      client,
      [](jack_port_id_t port, const char* from, const char* to, void* self) {
        auto& news = of(self);
        {
          const std::lock_guard lock(news.mutex_);
          news.names_[jack_port_by_id(news.client_, port)] = to;
        }
        news.tell(What::port_renamed, from, to);
      },
      this);
  jack_set_port_connect_callback(
      client,
      [](jack_port_id_t source, jack_port_id_t destination, int is_new, void* self) {
        auto& news = of(self);
        news.tell(is_new != 0 ? What::ports_connected : What::ports_disconnected,
                  news.name_of(source), news.name_of(destination));
      },
      this);
  jack_set_client_registration_callback(
      client,
      [](const char* name, int is_new, void* self) {
        of(self).tell(is_new != 0 ? What::client_registered : What::client_unregistered, name);
      },
      this);
  jack_set_graph_order_callback(
      client,
      [](void* self) {
        of(self).tell(What::graph_order);
        return 0;
      },
      this);
  jack_set_xrun_callback(
      client,
      [](void* self) {
        auto& news = of(self);
        const float late = jack_get_xrun_delayed_usecs(news.client_);
        news.tell(What::xrun, {}, {}, late > 0 ? static_cast<std::uint64_t>(late) : 0);
        return 0;
      },
      this);
  jack_set_buffer_size_callback(
      client,
      [](jack_nframes_t frames, void* self) {
        of(self).tell(What::buffer_size, {}, {}, frames);
        return 0;
      },
      this);
  jack_set_sample_rate_callback(
      client,
      [](jack_nframes_t rate, void* self) {
        of(self).tell(What::sample_rate, {}, {}, rate);
        return 0;
      },
      this);
  jack_set_freewheel_callback(
      client,
      [](int is_on, void* self) { of(self).tell(What::freewheel, {}, {}, is_on != 0 ? 1 : 0); },
      this);
  jack_on_info_shutdown(
      client,
      [](jack_status_t, const char* reason, void* self) {
        of(self).tell(What::shutdown, reason != nullptr ? reason : "");
      },
      this);
  // The names of the ports that are there: one that goes has none any more.
  const char** const ports = jack_get_ports(client, nullptr, nullptr, 0);
  const std::lock_guard lock(mutex_);
  for (const char** name = ports; name != nullptr && *name != nullptr; ++name)
    if (const jack_port_t* const port = jack_port_by_name(client, *name); port != nullptr)
      names_[port] = *name;
  jack_free(ports);
}

void NewsCallbacks::forget(jack_port_id_t id) {
  const std::lock_guard lock(mutex_);
  names_.erase(jack_port_by_id(client_, id));
}

// A port that has gone has no name any more, or already that of another one.
std::string NewsCallbacks::name_of(jack_port_id_t id) {
  const std::lock_guard lock(mutex_);
  const jack_port_t* const port = jack_port_by_id(client_, id);
  if (const auto known = names_.find(port); known != names_.end()) return known->second;
  const char* const name = port != nullptr ? jack_port_name(port) : nullptr;
  if (name == nullptr || *name == '\0') return "?";
  return names_[port] = name;
}

void NewsCallbacks::tell(News::What what, std::string subject, std::string object,
                         std::uint64_t number) {
  {
    const std::lock_guard lock(mutex_);
    if (what == News::What::xrun) ++xruns_;
    news_.push_back({what, now(), std::move(subject), std::move(object), number});
  }
  wake(wake_);
}

std::vector<News> NewsCallbacks::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, {});
}

std::uint64_t NewsCallbacks::xruns() const {
  const std::lock_guard lock(mutex_);
  return xruns_;
}

} // namespace mm::jack
