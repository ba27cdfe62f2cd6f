// ALSA's sequencer, through libasound.
//
//   sources ──▶ our input port ──▶ kernel queue of our client ──▶ receive()
//   send() ──▶ our output port ──▶ at once, or by our queue at its time ──▶ subscribers
//
// One client, many ports. Each input port has the kernel stamp what arrives with our queue's
// time. Sysex comes in pieces, which are put together for each sender. What is sent at once is
// delivered before the call returns, or was not taken: the receiver's room is asked for first,
// and what does not fit waits here.
#include "io/descriptor.hpp"
#include "port/alsa_clock.hpp"
#include "port/alsa_event.hpp"
#include "port/alsa_news.hpp"
#include "port/alsa_queue.hpp"
#include "port/alsa_receivers.hpp"
#include "port/alsa_sysex.hpp"
#include "port/backend.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <utility>

namespace mm::alsa {

namespace {

constexpr std::size_t piece = 4000; // of a sysex: fits into the queue that a client has by default
// A MIDI cable's driver takes what it is given in bites of 32 bytes, and forgets how far it came
// when its buffer is full: so it gets no more at a time.
constexpr std::size_t hardware_piece = 32;

// The kernel pads some names with blanks.
std::string trimmed(std::string_view name) {
  const std::size_t last = name.find_last_not_of(' ');
  return std::string(name.substr(0, last == std::string_view::npos ? 0 : last + 1));
}

class Alsa final : public Backend {
 public:
  Alsa(Client client, std::size_t max_sysex)
      : client_(std::move(client)), seq_(client_.get()), descriptor_(descriptor_of(seq_)),
        sysex_(max_sysex) {}

  [[nodiscard]] std::string_view name() const override { return "alsa"; }
  [[nodiscard]] std::string system() const override { return "ALSA's sequencer"; }

  // What listing does not need is set up here, so that listing is quick.
  Outcome watch() override {
    if (clock_.is_running()) return done();
    snd_seq_set_client_pool_input(seq_, most_cells);
    snd_seq_set_client_pool_output(seq_, most_cells);
    snd_seq_set_client_pool_output_room(seq_, 1);
    snd_seq_client_info_t* client = nullptr;
    snd_seq_client_info_alloca(&client);
    snd_seq_get_client_info(seq_, client);
    snd_seq_client_info_set_error_bounce(client, 1);
    // Our queue is for messages only: then what it loses can be counted.
    for (const int type : alsa_message_types()) snd_seq_client_info_event_filter_add(client, type);
    snd_seq_client_info_event_filter_add(client, SND_SEQ_EVENT_BOUNCE);
    snd_seq_set_client_info(seq_, client);

    if (const auto started = clock_.start(seq_); !started) return started;
    if (const auto heard = news_.subscribe(snd_seq_client_id(seq_)); !heard) return heard;
    return wait_for_both();
  }

  Result<std::vector<PortInfo>> list(Direction direction) override {
    const unsigned wanted = direction == Direction::input
                                ? SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ
                                : SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE;
    std::vector<PortInfo> ports;
    snd_seq_client_info_t* client = nullptr;
    snd_seq_port_info_t* port = nullptr;
    snd_seq_client_info_alloca(&client);
    snd_seq_port_info_alloca(&port);
    snd_seq_client_info_set_client(client, -1);
    while (snd_seq_query_next_client(seq_, client) >= 0) {
      const int number = snd_seq_client_info_get_client(client);
      const bool is_ours = number == snd_seq_client_id(seq_) || news_.is_by(number);
      if (number == SND_SEQ_CLIENT_SYSTEM || is_ours) continue;
      snd_seq_port_info_set_client(port, number);
      snd_seq_port_info_set_port(port, -1);
      while (snd_seq_query_next_port(seq_, port) >= 0) {
        const unsigned able = snd_seq_port_info_get_capability(port);
        if ((able & wanted) != wanted || (able & SND_SEQ_PORT_CAP_NO_EXPORT) != 0) continue;
        const int users = direction == Direction::input ? snd_seq_port_info_get_read_use(port)
                                                        : snd_seq_port_info_get_write_use(port);
        ports.push_back({"alsa", direction, trimmed(snd_seq_client_info_get_name(client)),
                         trimmed(snd_seq_port_info_get_name(port)),
                         to_string({number, snd_seq_port_info_get_port(port)}), users > 0});
      }
    }
    return ports;
  }

  std::vector<std::string> take_left() override { return std::exchange(left_, {}); }

  Result<PortId> open(const PortInfo& info) override {
    const Address other = to_address(info.address);
    const auto id = make_port(info.direction, info.name, SND_SEQ_PORT_CAP_NO_EXPORT);
    if (!id) return id;
    const int error = info.direction == Direction::input
                          ? snd_seq_connect_from(seq_, id.value(), other.client, other.port)
                          : snd_seq_connect_to(seq_, id.value(), other.client, other.port);
    if (error < 0) {
      close(id.value());
      return error_of("port " + info.full_name() + " (" + info.address + ")", error);
    }
    return id;
  }

  Result<PortId> open_virtual(Direction direction, const std::string& name) override {
    constexpr std::size_t most = 63; // struct snd_seq_port_info of include/uapi/sound/asequencer.h
    if (name.size() > most)
      return Error{"port '" + name + "': ALSA takes names of up to " + std::to_string(most) +
                   " bytes"};
    return make_port(direction, name,
                     direction == Direction::input ? SND_SEQ_PORT_CAP_SUBS_WRITE
                                                   : SND_SEQ_PORT_CAP_SUBS_READ);
  }

  void close(PortId port) override {
    // What was scheduled would go to the next port of this number.
    snd_seq_remove_events_t* remove = nullptr;
    snd_seq_remove_events_alloca(&remove);
    snd_seq_remove_events_set_condition(remove, SND_SEQ_REMOVE_OUTPUT | SND_SEQ_REMOVE_TAG_MATCH);
    snd_seq_remove_events_set_tag(remove, port);
    snd_seq_remove_events(seq_, remove);
    snd_seq_delete_simple_port(seq_, port);
    outputs_.erase(port);
    sysex_.forget(port);
  }

  bool is_connected(PortId port) override {
    snd_seq_port_info_t* info = nullptr;
    snd_seq_port_info_alloca(&info);
    if (snd_seq_get_port_info(seq_, port, info) < 0) return false;
    return snd_seq_port_info_get_read_use(info) + snd_seq_port_info_get_write_use(info) > 0;
  }

  [[nodiscard]] int descriptor() const override { return both_.get(); }

  bool receive(Incoming& incoming) override {
    while (true) {
      if (take_undelivered(incoming) || sysex_.next(incoming)) return true;
      // However much pours in, what is new is told after what had come before it.
      if (++taken_ % 1024 == 0) look_for_news();
      if (changed_ && taken_cells_ >= news_after_) return give_news(incoming);
      snd_seq_event_t* event = nullptr;
      const int error = snd_seq_event_input(seq_, &event);
      if (error == -ENOSPC) {
        take_lost(incoming);
        return true;
      }
      if (error == -EINTR) continue;
      if (error < 0) {
        look_for_news();
        return changed_ && give_news(incoming);
      }
      if (take(*event, incoming)) return true;
    }
  }

  bool receive_rest(Incoming& incoming) override {
    sysex_.leave_all();
    return sysex_.next_left(incoming);
  }

  Result<bool> send(PortId port, const Event& message, Nanoseconds when) override {
    const auto output = outputs_.find(port);
    if (output == outputs_.end()) return true;
    snd_seq_event_t event;
    snd_seq_ev_clear(&event);
    to_alsa(message, event);
    snd_seq_ev_set_source(&event, static_cast<unsigned char>(port));
    snd_seq_ev_set_subs(&event);
    if (when > 0) {
      const snd_seq_real_time_t time = clock_.at(when);
      snd_seq_ev_set_tag(&event, static_cast<unsigned char>(port));
      snd_seq_ev_schedule_real(&event, static_cast<unsigned char>(clock_.queue()), 0, &time);
      scheduled_ = true;
    } else {
      snd_seq_ev_set_direct(&event);
      const auto cells = static_cast<int>(cells_of(message.data.size()));
      if (!output->second.take_room(descriptor_, cells)) return false;
    }
    const int error = snd_seq_event_output_direct(seq_, &event);
    if (error >= 0) return true;
    // Several receivers: some of them have it, and a second try would give it to them twice.
    const bool full = error == -EAGAIN || error == -ENOMEM;
    if (full && (when > 0 || output->second.count() <= 1)) return false;
    ++undelivered_;
    return true;
  }

  [[nodiscard]] bool schedules() const override { return true; }

  [[nodiscard]] std::size_t sysex_piece(PortId port) const override {
    const auto output = outputs_.find(port);
    return output != outputs_.end() && output->second.has_hardware() ? hardware_piece : piece;
  }

  bool is_drained() override {
    if (!scheduled_) return true;
    snd_seq_client_pool_t* pool = nullptr;
    snd_seq_client_pool_alloca(&pool);
    if (snd_seq_get_client_pool(seq_, pool) < 0) return true;
    scheduled_ =
        snd_seq_client_pool_get_output_free(pool) < snd_seq_client_pool_get_output_pool(pool);
    return !scheduled_;
  }

  void cancel() override { snd_seq_drop_output(seq_); }

 private:
  // One descriptor for messages and news.
  Outcome wait_for_both() {
    both_ = Descriptor(::epoll_create1(EPOLL_CLOEXEC));
    epoll_event event{};
    event.events = EPOLLIN;
    for (const int fd : {descriptor_, news_.descriptor()})
      if (::epoll_ctl(both_.get(), EPOLL_CTL_ADD, fd, &event) != 0)
        return error_of("ALSA sequencer: epoll", -errno);
    return done();
  }

  void look_for_news() {
    if (!news_.read(gone_)) return;
    // At most that much had come before: in the kernel's queue, and in libasound's.
    if (!changed_)
      news_after_ =
          taken_cells_ + most_cells + snd_seq_get_input_buffer_size(seq_) / sizeof(snd_seq_event_t);
    changed_ = true;
    for (auto& [port, output] : outputs_) output = Receivers(seq_, port);
  }

  // What a port that has gone had begun is told before that it went.
  bool give_news(Incoming& incoming) {
    for (const Address& address : gone_) {
      sysex_.leave(address);
      left_.push_back(to_string(address));
    }
    gone_.clear();
    if (sysex_.next_left(incoming)) return true;
    changed_ = false;
    incoming = {};
    incoming.type = Incoming::Type::ports_changed;
    return true;
  }

  Result<PortId> make_port(Direction direction, const std::string& name, unsigned capability) {
    if (const auto ready = watch(); !ready) return ready.error();
    snd_seq_port_info_t* info = nullptr;
    snd_seq_port_info_alloca(&info);
    snd_seq_port_info_set_name(info, name.c_str());
    snd_seq_port_info_set_capability(
        info, capability |
                  (direction == Direction::input ? SND_SEQ_PORT_CAP_WRITE : SND_SEQ_PORT_CAP_READ));
    snd_seq_port_info_set_type(info, SND_SEQ_PORT_TYPE_MIDI_GENERIC | SND_SEQ_PORT_TYPE_SOFTWARE |
                                         SND_SEQ_PORT_TYPE_APPLICATION);
    snd_seq_port_info_set_midi_channels(info, 16);
    snd_seq_port_info_set_timestamping(info, 1);
    snd_seq_port_info_set_timestamp_real(info, 1);
    snd_seq_port_info_set_timestamp_queue(info, clock_.queue());
    const int error = snd_seq_create_port(seq_, info);
    if (error < 0) return error_of("ALSA sequencer: no port for '" + name + "'", error);
    const PortId port = snd_seq_port_info_get_port(info);
    if (direction == Direction::output) outputs_[port] = Receivers(seq_, port);
    return port;
  }

  bool take(const snd_seq_event_t& event, Incoming& incoming) {
    incoming = {};
    incoming.port = event.dest.port;
    taken_cells_ += snd_seq_ev_is_variable(&event) ? cells_of(event.data.ext.len) : 1;
    switch (event.type) {
    case SND_SEQ_EVENT_SYSEX:
      if (event.source.client == SND_SEQ_CLIENT_SYSTEM) return false;
      sysex_.take(event.dest.port, {event.source.client, event.source.port},
                  {static_cast<const char*>(event.data.ext.ptr), event.data.ext.len},
                  clock_.time_of(event));
      return sysex_.next(incoming);
    case SND_SEQ_EVENT_BOUNCE:
      incoming.type = Incoming::Type::undelivered;
      incoming.count = 1;
      return true;
    default: break;
    }
    if (!from_alsa(event, incoming.event)) return false;
    incoming.event.time = clock_.time_of(event);
    incoming.event.time_form = TimeForm::absolute;
    return true;
  }

  bool take_undelivered(Incoming& incoming) {
    if (undelivered_ == 0) return false;
    incoming = {};
    incoming.type = Incoming::Type::undelivered;
    incoming.count = std::exchange(undelivered_, 0);
    return true;
  }

  // Our queue was full, and the kernel has emptied it: lost is what did not fit, and what was in
  // it. (A sysex in it counts as many times as it takes cells.)
  void take_lost(Incoming& incoming) {
    incoming = {};
    incoming.type = Incoming::Type::lost;
    incoming.count = 1; // at least
    if (const auto count = input_count(snd_seq_client_id(seq_))) {
      const std::uint64_t emptied = count->cells - std::min(count->cells, taken_cells_);
      incoming.count = std::max<std::uint64_t>(count->refused - refused_ + emptied, 1);
      refused_ = count->refused;
      taken_cells_ = count->cells;
    }
  }

  Client client_;
  snd_seq_t* seq_;
  int descriptor_; // of seq_
  News news_;
  Descriptor both_; // epoll: readable when one of them is
  QueueClock clock_;
  std::map<PortId, Receivers> outputs_; // asked for anew when a port is connected or disconnected
  Sysex sysex_;
  bool changed_ = false;          // there is news that was not told yet,
  std::uint64_t news_after_ = 0;  // to be told when so many cells were taken
  std::vector<Address> gone_;     // ports that have gone, as part of it;
  std::vector<std::string> left_; // and as take_left() gives them
  std::uint64_t taken_ = 0;       // calls of receive()
  std::uint64_t taken_cells_ = 0; // what came out of our input queue, ever
  std::uint64_t refused_ = 0;     // what it had lost when it was last asked
  std::uint64_t undelivered_ = 0;
  bool scheduled_ = false;
};

} // namespace

} // namespace mm::alsa

extern "C" __attribute__((visibility("default"))) bool
mm_open_backend(const mm::BackendSetup& setup, std::unique_ptr<mm::Backend>& backend,
                mm::Error& error) {
  auto client = mm::alsa::open_client(setup.client);
  if (!client) {
    error = client.error();
    return false;
  }
  backend = std::make_unique<mm::alsa::Alsa>(std::move(client.value()), setup.max_sysex);
  return true;
}
