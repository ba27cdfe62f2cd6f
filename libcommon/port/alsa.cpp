// ALSA's sequencer, through libasound.
//
//   sources ──▶ our input port ──▶ kernel queue of our client ──▶ receive()
//   send() ──▶ our output port ──▶ at once, or by our queue at its time ──▶ subscribers
//
// One client, many ports. Each input port has the kernel stamp what arrives with our queue's
// time. Sysex comes in pieces, which are put together for each sender. What is sent at once is
// delivered before the call returns, or was not taken: the receiver's room is asked for first,
// and what does not fit waits here.
#include "io/clock.hpp"
#include "io/descriptor.hpp"
#include "port/alsa_event.hpp"
#include "port/alsa_queue.hpp"
#include "port/backend.hpp"
#include "wire/decoder.hpp"

#include <alsa/asoundlib.h>
#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace mm {

namespace {

constexpr int most_cells = 2000;      // what the kernel allows a client's queues
constexpr std::size_t cell_size = 28; // bytes of a sequencer event
constexpr std::size_t piece = 4000; // of a sysex: fits into the queue that a client has by default
// A MIDI cable's driver takes what it is given in bites of 32 bytes, and forgets how far it came
// when its buffer is full: so it gets no more at a time.
constexpr std::size_t hardware_piece = 32;

struct Address {
  int client = 0;
  int port = 0;
  friend auto operator<=>(const Address&, const Address&) = default;
};

std::string to_string(const Address& address) {
  return std::to_string(address.client) + ':' + std::to_string(address.port);
}

Error alsa_error(const std::string& what, int error) {
  return Error{what + ": " + snd_strerror(error)};
}

// libasound prints what it thinks of it to stderr; we have our own words.
void be_quiet(const char* /*file*/, int /*line*/, const char* /*function*/, int /*error*/,
              const char* /*format*/, ...) {}

class Alsa final : public Backend {
 public:
  explicit Alsa(std::size_t max_sysex) : max_sysex_(max_sysex) {}
  ~Alsa() override {
    for (snd_seq_t* const seq : {seq_, news_})
      if (seq != nullptr) snd_seq_close(seq);
  }

  Outcome start(const std::string& client) {
    snd_lib_error_set_handler(be_quiet);
    if (const int error = open_sequencer(seq_, client); error < 0)
      return alsa_error("ALSA sequencer: /dev/snd/seq", error);
    descriptor_ = descriptor_of(seq_);
    return done();
  }

  [[nodiscard]] std::string_view name() const override { return "alsa"; }
  [[nodiscard]] std::string system() const override { return "ALSA's sequencer"; }

  // What listing does not need is set up here, so that listing is quick.
  Outcome watch() override {
    if (queue_ >= 0) return done();
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

    queue_ = snd_seq_alloc_queue(seq_);
    if (queue_ < 0) return alsa_error("ALSA sequencer: no queue", queue_);
    use_high_resolution_timer();
    snd_seq_start_queue(seq_, queue_, nullptr);
    snd_seq_drain_output(seq_);
    return subscribe_to_news();
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
      const bool is_ours = number == snd_seq_client_id(seq_) ||
                           (news_ != nullptr && number == snd_seq_client_id(news_));
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
    Address other;
    other.client = std::stoi(info.address);
    other.port = std::stoi(info.address.substr(info.address.find(':') + 1));
    const auto id = make_port(info.direction, info.name, SND_SEQ_PORT_CAP_NO_EXPORT);
    if (!id) return id;
    const int error = info.direction == Direction::input
                          ? snd_seq_connect_from(seq_, id.value(), other.client, other.port)
                          : snd_seq_connect_to(seq_, id.value(), other.client, other.port);
    if (error < 0) {
      close(id.value());
      return alsa_error("port " + info.full_name() + " (" + info.address + ")", error);
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
    std::erase_if(decoders_, [&](const auto& entry) { return entry.first.first == port; });
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
      if (take_piece(incoming)) return true;
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
    for (auto& [sender, decoder] : decoders_)
      leftovers_.emplace_back(sender.first, std::move(decoder));
    decoders_.clear();
    return take_leftover(incoming);
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
      // The offset is measured anew now and then: what is due later stays later.
      Nanoseconds at = std::max<Nanoseconds>(when - queue_offset(), 0);
      if (when >= last_when_) at = std::max(at, last_at_);
      last_when_ = when;
      last_at_ = at;
      const snd_seq_real_time_t time{static_cast<unsigned>(at / second),
                                     static_cast<unsigned>(at % second)};
      snd_seq_ev_set_tag(&event, static_cast<unsigned char>(port));
      snd_seq_ev_schedule_real(&event, static_cast<unsigned char>(queue_), 0, &time);
      scheduled_ = true;
    } else {
      snd_seq_ev_set_direct(&event);
      if (!has_room(output->second, static_cast<int>(cells_of(message.data.size())))) return false;
    }
    const int error = snd_seq_event_output_direct(seq_, &event);
    if (error >= 0) return true;
    // Several receivers: some of them have it, and a second try would give it to them twice.
    const bool full = error == -EAGAIN || error == -ENOMEM;
    if (full && (when > 0 || output->second.receivers.size() <= 1)) return false;
    ++undelivered_;
    return true;
  }

  [[nodiscard]] bool schedules() const override { return true; }

  [[nodiscard]] std::size_t sysex_piece(PortId port) const override {
    const auto output = outputs_.find(port);
    return output != outputs_.end() && output->second.is_hardware ? hardware_piece : piece;
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
  // Who hears a port of ours, as far as sending has to know. Asked for anew when a port is
  // connected or disconnected.
  struct Output {
    std::vector<int> receivers; // clients
    bool is_hardware = false;   // one of them is a MIDI cable
    int room = 0;               // cells that all of them have left, at least
  };

  // The sequencer needs none of ALSA's configuration files, and reading them takes longer than
  // all else that a short command does.
  static int open_sequencer(snd_seq_t*& seq, const std::string& client) {
    snd_config_t* config = nullptr;
    int error = snd_config_top(&config);
    if (error == 0) error = load_config(config);
    if (error == 0)
      error = snd_seq_open_lconf(&seq, "hw", SND_SEQ_OPEN_DUPLEX, SND_SEQ_NONBLOCK, config);
    if (config != nullptr) snd_config_delete(config);
    if (error == 0) snd_seq_set_client_name(seq, client.c_str());
    return error;
  }

  static int load_config(snd_config_t* config) {
    static constexpr const char* text = "seq.hw { type hw }\n";
    snd_input_t* input = nullptr;
    int error = snd_input_buffer_open(&input, text, -1);
    if (error < 0) return error;
    error = snd_config_load(config, input);
    snd_input_close(input);
    return error;
  }

  static int descriptor_of(snd_seq_t* seq) {
    pollfd descriptor{};
    snd_seq_poll_descriptors(seq, &descriptor, 1, POLLIN);
    return descriptor.fd;
  }

  // The system's announcements (ports that come, go, and are connected) go to a client of their
  // own: a flood of messages does not crowd them out.
  Outcome subscribe_to_news() {
    int error = open_sequencer(news_, "mmtools");
    if (error < 0) return alsa_error("ALSA sequencer: /dev/snd/seq", error);
    const int port = snd_seq_create_simple_port(news_, "announcements",
                                                SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_NO_EXPORT,
                                                SND_SEQ_PORT_TYPE_APPLICATION);
    if (port < 0) return alsa_error("ALSA sequencer: no port", port);
    error = snd_seq_connect_from(news_, port, SND_SEQ_CLIENT_SYSTEM, SND_SEQ_PORT_SYSTEM_ANNOUNCE);
    if (error < 0) return alsa_error("ALSA sequencer: no announcements", error);
    both_ = Descriptor(::epoll_create1(EPOLL_CLOEXEC));
    epoll_event event{};
    event.events = EPOLLIN;
    for (const int fd : {descriptor_, descriptor_of(news_)})
      if (::epoll_ctl(both_.get(), EPOLL_CTL_ADD, fd, &event) != 0)
        return alsa_error("ALSA sequencer: epoll", -errno);
    return done();
  }

  // Several announcements are one piece of news.
  void look_for_news() {
    bool found = false;
    while (news_ != nullptr) {
      snd_seq_event_t* event = nullptr;
      const int error = snd_seq_event_input(news_, &event);
      if (error == -EINTR) continue;
      if (error < 0 && error != -ENOSPC) break;
      // Our own ports are no news: an attempt to open one that fails would call for the next.
      const bool is_port = error >= 0 && (event->type == SND_SEQ_EVENT_PORT_START ||
                                          event->type == SND_SEQ_EVENT_PORT_EXIT ||
                                          event->type == SND_SEQ_EVENT_PORT_CHANGE);
      if (is_port && event->data.addr.client == snd_seq_client_id(seq_)) continue;
      found = true;
      if (is_port && event->type == SND_SEQ_EVENT_PORT_EXIT)
        gone_.push_back({event->data.addr.client, event->data.addr.port});
    }
    if (!found) return;
    // At most that much had come before: in the kernel's queue, and in libasound's.
    if (!changed_)
      news_after_ =
          taken_cells_ + most_cells + snd_seq_get_input_buffer_size(seq_) / sizeof(snd_seq_event_t);
    changed_ = true;
    for (auto& [port, output] : outputs_) output = find_receivers(port);
  }

  // What a port that has gone had begun is told before that it went.
  bool give_news(Incoming& incoming) {
    for (const Address& address : gone_) {
      forget(address);
      left_.push_back(to_string(address));
    }
    gone_.clear();
    if (take_leftover(incoming)) return true;
    changed_ = false;
    incoming = {};
    incoming.type = Incoming::Type::ports_changed;
    return true;
  }

  // The kernel pads some names with blanks.
  static std::string trimmed(std::string_view name) {
    const std::size_t last = name.find_last_not_of(' ');
    return std::string(name.substr(0, last == std::string_view::npos ? 0 : last + 1));
  }

  // The queue's default timer may tick every 4 ms. Where the kernel has no other, it stays.
  void use_high_resolution_timer() {
    snd_timer_id_t* id = nullptr;
    snd_seq_queue_timer_t* timer = nullptr;
    snd_timer_id_alloca(&id);
    snd_seq_queue_timer_alloca(&timer);
    snd_timer_id_set_class(id, SND_TIMER_CLASS_GLOBAL);
    snd_timer_id_set_sclass(id, SND_TIMER_SCLASS_NONE);
    snd_timer_id_set_device(id, SND_TIMER_GLOBAL_HRTIMER);
    snd_seq_queue_timer_set_type(timer, SND_SEQ_TIMER_ALSA);
    snd_seq_queue_timer_set_id(timer, id);
    snd_seq_set_queue_timer(seq_, queue_, timer);
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
    snd_seq_port_info_set_timestamp_queue(info, queue_);
    const int error = snd_seq_create_port(seq_, info);
    if (error < 0) return alsa_error("ALSA sequencer: no port for '" + name + "'", error);
    const PortId port = snd_seq_port_info_get_port(info);
    if (direction == Direction::output) outputs_[port] = find_receivers(port);
    return port;
  }

  // What queue time has to be added to for CLOCK_MONOTONIC. The queue runs on the same crystal,
  // but may lose a tick; so it is asked for again after a while.
  Nanoseconds queue_offset() {
    constexpr Nanoseconds fresh = second;
    const Nanoseconds before = now();
    if (offset_ && before - offset_time_ < fresh) return *offset_;
    snd_seq_queue_status_t* status = nullptr;
    snd_seq_queue_status_alloca(&status);
    if (snd_seq_get_queue_status(seq_, queue_, status) < 0) return offset_.value_or(before);
    const Nanoseconds after = now();
    const snd_seq_real_time_t* const time = snd_seq_queue_status_get_real_time(status);
    offset_ = before + (after - before) / 2 - (Nanoseconds{time->tv_sec} * second + time->tv_nsec);
    offset_time_ = after;
    return *offset_;
  }

  Nanoseconds time_of(const snd_seq_event_t& event) {
    const Nanoseconds latest = now();
    if (!snd_seq_ev_is_real(&event)) return latest;
    const auto& time = event.time.time;
    const Nanoseconds stamp =
        queue_offset() + Nanoseconds{time.tv_sec} * second + Nanoseconds{time.tv_nsec};
    last_time_ = std::clamp(stamp, std::min(last_time_, latest), latest);
    return last_time_;
  }

  bool take(const snd_seq_event_t& event, Incoming& incoming) {
    incoming = {};
    incoming.port = event.dest.port;
    taken_cells_ += snd_seq_ev_is_variable(&event) ? cells_of(event.data.ext.len) : 1;
    switch (event.type) {
    case SND_SEQ_EVENT_SYSEX:
      if (event.source.client == SND_SEQ_CLIENT_SYSTEM) return false;
      sender_ = {event.dest.port, {event.source.client, event.source.port}};
      piece_ = {static_cast<const char*>(event.data.ext.ptr), event.data.ext.len};
      piece_time_ = time_of(event);
      return take_piece(incoming);
    case SND_SEQ_EVENT_BOUNCE:
      incoming.type = Incoming::Type::undelivered;
      incoming.count = 1;
      return true;
    default: break;
    }
    if (!from_alsa(event, incoming.event)) return false;
    incoming.event.time = time_of(event);
    incoming.event.time_form = TimeForm::absolute;
    return true;
  }

  // Goes on with a piece of sysex: more than one event may come of it.
  bool take_piece(Incoming& incoming) {
    if (undelivered_ > 0) {
      incoming = {};
      incoming.type = Incoming::Type::undelivered;
      incoming.count = std::exchange(undelivered_, 0);
      return true;
    }
    if (take_leftover(incoming)) return true;
    if (piece_.empty()) return false;
    incoming = {};
    Decoder& decoder = decoders_.try_emplace(sender_, max_sysex_).first->second;
    if (!decoder.next(piece_, incoming.event) && !decoder.finish_packet(incoming.event))
      return false;
    incoming.port = sender_.first;
    incoming.event.time = piece_time_;
    incoming.event.time_form = TimeForm::absolute;
    return true;
  }

  // What a sender that has gone had begun, and did not end.
  bool take_leftover(Incoming& incoming) {
    while (!leftovers_.empty()) {
      auto& [port, decoder] = leftovers_.front();
      incoming = {};
      incoming.port = port;
      if (decoder.finish(incoming.event)) {
        incoming.event.time = now();
        incoming.event.time_form = TimeForm::absolute;
        return true;
      }
      leftovers_.pop_front();
    }
    return false;
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

  static std::uint64_t cells_of(std::size_t bytes) {
    return 1 + (bytes + cell_size - 1) / cell_size;
  }

  void forget(const Address& sender) {
    std::erase_if(decoders_, [&](auto& entry) {
      if (entry.first.second != sender) return false;
      leftovers_.emplace_back(entry.first.first, std::move(entry.second));
      return true;
    });
  }

  Output find_receivers(PortId port) {
    Output output;
    snd_seq_query_subscribe_t* query = nullptr;
    snd_seq_query_subscribe_alloca(&query);
    const snd_seq_addr_t root{static_cast<unsigned char>(snd_seq_client_id(seq_)),
                              static_cast<unsigned char>(port)};
    snd_seq_query_subscribe_set_root(query, &root);
    snd_seq_query_subscribe_set_type(query, SND_SEQ_QUERY_SUBS_READ);
    for (int i = 0;; ++i) {
      snd_seq_query_subscribe_set_index(query, i);
      if (snd_seq_query_port_subscribers(seq_, query) < 0) break;
      const int client = snd_seq_query_subscribe_get_addr(query)->client;
      output.receivers.push_back(client);
      snd_seq_client_info_t* info = nullptr;
      snd_seq_client_info_alloca(&info);
      if (snd_seq_get_any_client_info(seq_, client, info) == 0)
        output.is_hardware |= snd_seq_client_info_get_card(info) >= 0;
    }
    return output;
  }

  // Whether every receiver has room for so many cells. Asking costs a call into the kernel, so
  // what it says is used up before it is asked again.
  bool has_room(Output& output, int cells) {
    if (output.room >= cells) {
      output.room -= cells;
      return true;
    }
    output.room = most_cells;
    for (const int client : output.receivers) {
      const Room room = input_room(descriptor_, client);
      // An empty queue is tried with anything: to wait for more would be to wait for ever.
      if (room.size > 0 && room.free < room.size)
        output.room = std::min(output.room, room.free);
      else if (room.size > 0)
        output.room = std::min(output.room, std::max(room.size, cells));
    }
    if (output.room < cells) return false;
    output.room -= cells;
    return true;
  }

  using Sender = std::pair<PortId, Address>; // to which port of ours, from whom

  std::size_t max_sysex_;
  snd_seq_t* seq_ = nullptr;
  snd_seq_t* news_ = nullptr;
  int descriptor_ = -1; // of seq_
  Descriptor both_;     // epoll: readable when one of them is
  int queue_ = -1;
  std::map<PortId, Output> outputs_;
  std::map<Sender, Decoder> decoders_;
  std::deque<std::pair<PortId, Decoder>> leftovers_;
  Sender sender_;          // of the piece in hand
  std::string_view piece_; // what is left of it
  Nanoseconds piece_time_ = 0;
  std::optional<Nanoseconds> offset_;
  Nanoseconds offset_time_ = 0;
  Nanoseconds last_time_ = 0;
  bool changed_ = false;          // there is news that was not told yet,
  std::uint64_t news_after_ = 0;  // to be told when so many cells were taken
  std::vector<Address> gone_;     // ports that have gone, as part of it;
  std::vector<std::string> left_; // and as take_left() gives them
  std::uint64_t taken_ = 0;       // calls of receive()
  Nanoseconds last_when_ = 0;     // of what was scheduled last:
  Nanoseconds last_at_ = 0;       // its time, ours and the queue's
  std::uint64_t taken_cells_ = 0; // what came out of our input queue, ever
  std::uint64_t refused_ = 0;     // what it had lost when it was last asked
  std::uint64_t undelivered_ = 0;
  bool scheduled_ = false;
};

} // namespace

} // namespace mm

extern "C" __attribute__((visibility("default"))) bool
mm_open_backend(const mm::BackendSetup& setup, std::unique_ptr<mm::Backend>& backend,
                mm::Error& error) {
  auto alsa = std::make_unique<mm::Alsa>(setup.max_sysex);
  const auto started = alsa->start(setup.client);
  if (!started) {
    error = started.error();
    return false;
  }
  backend = std::move(alsa);
  return true;
}
