#include "port/jack_watch.hpp"

#include "io/wakeup.hpp"

#include <jack/midiport.h>

#include <algorithm>
#include <cerrno>

namespace mm {

void JackWatch::wake() const { mm::wake(wake_.get()); }

void JackWatch::changed() {
  changed_ = true;
  wake();
}

Outcome JackWatch::start(const std::string& client) {
  auto joined = join_jack(client + "-watch");
  if (!joined) return joined.error();
  own_ = std::move(joined.value());
  client_ = own_.get();
  jack_on_shutdown(
      client_,
      [](void* self) {
        static_cast<JackWatch*>(self)->ended_ = true;
        static_cast<JackWatch*>(self)->wake();
      },
      this);
  jack_set_port_registration_callback(
      client_,
      [](jack_port_id_t port, int is_new, void* self) {
        auto& watch = *static_cast<JackWatch*>(self);
        if (is_new == 0) {
          const std::lock_guard lock(watch.left_mutex_);
          watch.left_.push_back(port);
        }
        watch.changed();
      },
      this);
  jack_set_port_connect_callback(
      client_,
      [](jack_port_id_t, jack_port_id_t, int, void* self) {
        static_cast<JackWatch*>(self)->changed();
      },
      this);
  jack_set_process_callback(
      client_,
      [](jack_nframes_t, void* self) {
        auto& watch = *static_cast<JackWatch*>(self);
        const std::uint64_t cycle = watch.cycles_.fetch_add(1, std::memory_order_release) + 1;
        std::uint64_t at = watch.wake_at_.load();
        if (at != 0 && cycle >= at && watch.wake_at_.compare_exchange_strong(at, 0)) watch.wake();
        return 0;
      },
      this);
  if (jack_activate(client_) != 0)
    return Error{describe_jack_server().substr(4) + ": the client cannot be activated"};
  return done();
}

std::vector<std::string> JackWatch::take_left() {
  std::vector<jack_port_id_t> ids;
  {
    const std::lock_guard lock(left_mutex_);
    ids.swap(left_);
  }
  std::vector<std::string> found;
  for (const jack_port_id_t id : ids)
    if (const auto at = known_.find(jack_port_by_id(client_, id)); at != known_.end())
      found.push_back(at->second);
  return found;
}

std::vector<std::string> JackWatch::names(unsigned long flags) {
  std::vector<std::string> found;
  if (ended_) return found;
  const char** const ports = jack_get_ports(client_, nullptr, JACK_DEFAULT_MIDI_TYPE, flags);
  for (const char** port = ports; port != nullptr && *port != nullptr; ++port)
    found.emplace_back(*port);
  jack_free(ports);
  return found;
}

bool JackWatch::is_connected(const std::string& name) {
  if (ended_) return false;
  jack_port_t* const port = jack_port_by_name(client_, name.c_str());
  if (port == nullptr) return false;
  const char** const others = jack_port_get_all_connections(client_, port);
  const bool connected = others != nullptr && others[0] != nullptr;
  jack_free(others);
  return connected;
}

bool JackWatch::connect(const std::string& source, const std::string& destination) {
  if (ended_) return false;
  const int error = jack_connect(client_, source.c_str(), destination.c_str());
  return error == 0 || error == EEXIST;
}

std::vector<PortInfo> JackWatch::list(Direction direction, const std::vector<std::string>& ours) {
  std::vector<PortInfo> found;
  known_.clear();
  // What we receive from is an output of the other client.
  for (const std::string& name :
       names(direction == Direction::input ? JackPortIsOutput : JackPortIsInput)) {
    if (std::find(ours.begin(), ours.end(), name) != ours.end()) continue;
    if (const jack_port_t* const port = jack_port_by_name(client_, name.c_str()); port != nullptr)
      known_[port] = name;
    const std::size_t colon = name.find(':');
    if (name.starts_with("mm") && name.substr(colon + 1) == private_port) continue;
    found.push_back({"jack", direction, name.substr(0, colon), name.substr(colon + 1), name,
                     is_connected(name)});
  }
  return found;
}

} // namespace mm
