#include "port/alsa_news.hpp"

#include <cerrno>
#include <utility>

namespace mm::alsa {

Outcome News::subscribe(int ours) {
  auto opened = open_client("mmtools");
  if (!opened) return opened.error();
  Client client = std::move(opened.value());
  const int port = snd_seq_create_simple_port(client.get(), "announcements",
                                              SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_NO_EXPORT,
                                              SND_SEQ_PORT_TYPE_APPLICATION);
  if (port < 0) return error_of("ALSA sequencer: no port", port);
  const int error =
      snd_seq_connect_from(client.get(), port, SND_SEQ_CLIENT_SYSTEM, SND_SEQ_PORT_SYSTEM_ANNOUNCE);
  if (error < 0) return error_of("ALSA sequencer: no announcements", error);
  client_ = std::move(client);
  ours_ = ours;
  return done();
}

bool News::read(std::vector<Address>& gone) {
  bool found = false;
  while (client_) {
    snd_seq_event_t* event = nullptr;
    const int error = snd_seq_event_input(client_.get(), &event);
    if (error == -EINTR) continue;
    if (error < 0 && error != -ENOSPC) break;
    const bool is_port = error >= 0 && (event->type == SND_SEQ_EVENT_PORT_START ||
                                        event->type == SND_SEQ_EVENT_PORT_EXIT ||
                                        event->type == SND_SEQ_EVENT_PORT_CHANGE);
    if (is_port && event->data.addr.client == ours_) continue;
    found = true;
    if (is_port && event->type == SND_SEQ_EVENT_PORT_EXIT)
      gone.push_back({event->data.addr.client, event->data.addr.port});
  }
  return found;
}

} // namespace mm::alsa
