#include "conductor.hpp"

#include "graph.hpp"
#include "io/ring.hpp"
#include "io/signals.hpp"
#include "io/wakeup.hpp"
#include "jack_time.hpp"
#include "meta_output.hpp"
#include "position.hpp"
#include "session.hpp"
#include "sync_out.hpp"
#include "timebase.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <cstring>
#include <ctime>
#include <utility>

namespace mm::jack {

namespace {

// What the real-time thread tells the loop.
struct Report {
  jack_transport_state_t state = JackTransportStopped;
  jack_nframes_t frame = 0;
  double tempo = 0; // 0: nobody tells one
  float beats = 0;
  float beat_type = 0;
};

constexpr std::size_t ring_size = 1UL << 16;
constexpr double usual_tempo = 120; // of a MIDI clock that has not ticked yet
enum Tag : std::uint32_t { report, wish };

// The real-time side.
class Section {
 public:
  Section(const Transport& transport, int wake)
      : ring(ring_size), transport_(transport), wake_(wake),
        timebase_(transport.tempo > 0 ? transport.tempo : usual_tempo, transport.beats,
                  transport.beat_type),
        clock_reader_(timebase_), timecode_(transport.frame_rate) {}

  Outcome attach(jack_client_t* client) {
    client_ = client;
    time_.start();
    has_last_ = false;
    for (auto& [name, port, flags] : {std::tuple<const std::string&, jack_port_t*&, JackPortFlags>(
                                          transport_.clock_out, clock_out_, JackPortIsOutput),
                                      {transport_.timecode_out, timecode_out_, JackPortIsOutput},
                                      {transport_.slave_to, slave_in_, JackPortIsInput}}) {
      if (name.empty()) continue;
      port = jack_port_register(client, name.c_str(), JACK_DEFAULT_MIDI_TYPE, flags, 0);
      if (port == nullptr) return Error{"port '" + name + "': JACK does not make it"};
    }
    jack_set_process_callback(
        client,
        [](jack_nframes_t frames, void* self) {
          static_cast<Section*>(self)->process(frames);
          return 0;
        },
        this);
    if (transport_.tempo <= 0 && transport_.slave_to.empty()) return done();
    const int error = jack_set_timebase_callback(
        client, 0,
        [](jack_transport_state_t, jack_nframes_t, jack_position_t* position, int, void* self) {
          static_cast<Section*>(self)->timebase_.fill(*position);
        },
        this);
    return error == 0 ? done() : Outcome(Error{"JACK does not take us as timebase master"});
  }

  // The last thing: the MIDI clock stops. Returns when that is out.
  void finish() {
    constexpr timespec pause{0, 1'000'000};
    constexpr int patience = 200;
    if (clock_out_ == nullptr) return;
    is_ending_ = true;
    for (int i = 0; i < patience && last_cycles_ < 2; ++i) ::nanosleep(&pause, nullptr);
  }

  Ring ring; // to the loop

 private:
  void process(jack_nframes_t frames) {
    Place place;
    const jack_transport_state_t state = jack_transport_query(client_, &place.position);
    place.is_rolling = state == JackTransportRolling;
    place.frames = frames;
    const jack_nframes_t expected = last_frame_ + (was_rolling_ ? last_frames_ : 0);
    place.has_moved = has_last_ && place.position.frame != expected;
    last_frame_ = place.position.frame;
    last_frames_ = frames;
    was_rolling_ = place.is_rolling;
    has_last_ = true;
    bool has_news = follow(state, place);
    if (slave_in_ != nullptr) has_news |= read_clock(place);
    if (clock_out_ != nullptr) {
      void* const buffer = jack_port_get_buffer(clock_out_, frames);
      jack_midi_clear_buffer(buffer);
      if (is_ending_)
        clock_.finish(buffer);
      else
        clock_.write(place, buffer);
      if (is_ending_) ++last_cycles_;
    }
    if (timecode_out_ != nullptr) {
      void* const buffer = jack_port_get_buffer(timecode_out_, frames);
      jack_midi_clear_buffer(buffer);
      timecode_.write(place, buffer);
    }
    if (!has_news) return;
    wake(wake_);
  }

  template <class T> void tell(Tag tag, const T& what) {
    ring.push(cycle_time(), {reinterpret_cast<const char*>(&what), sizeof what}, tag);
  }

  Nanoseconds cycle_time() {
    jack_nframes_t frame = 0;
    jack_time_t begin = 0;
    jack_time_t end = 0;
    float period = 0;
    jack_get_cycle_times(client_, &frame, &begin, &end, &period);
    constexpr Nanoseconds microsecond = 1000;
    return static_cast<Nanoseconds>(begin) * microsecond + time_.offset();
  }

  bool follow(jack_transport_state_t state, const Place& place) {
    const jack_position_t& position = place.position;
    const bool has_tempo = (position.valid & JackPositionBBT) != 0;
    const Report now{state, position.frame, has_tempo ? position.beats_per_minute : 0,
                     has_tempo ? position.beats_per_bar : 0, has_tempo ? position.beat_type : 0};
    const bool is_new = !std::exchange(is_told_, true) || place.has_moved ||
                        now.state != last_.state || now.tempo != last_.tempo ||
                        now.beats != last_.beats || now.beat_type != last_.beat_type;
    last_ = now;
    if (is_new && transport_.follow) tell(Tag::report, now);
    return is_new && transport_.follow;
  }

  bool read_clock(const Place& place) {
    void* const buffer = jack_port_get_buffer(slave_in_, place.frames);
    const jack_nframes_t first = jack_last_frame_time(client_);
    bool any = false;
    const jack_nframes_t count = jack_midi_get_event_count(buffer);
    for (jack_nframes_t i = 0; i < count; ++i) {
      jack_midi_event_t event{};
      if (jack_midi_event_get(&event, buffer, i) != 0) continue;
      const jack_nframes_t at = place.position.frame + (place.is_rolling ? event.time : 0);
      const auto wanted = clock_reader_.read(event, first + event.time, place.is_rolling, at,
                                             place.position.frame_rate);
      if (wanted.what == ClockReader::Wish::What::none) continue;
      tell(Tag::wish, wanted);
      any = true;
    }
    return any;
  }

  const Transport& transport_;
  int wake_;
  jack_client_t* client_ = nullptr;
  jack_port_t* clock_out_ = nullptr;
  jack_port_t* timecode_out_ = nullptr;
  jack_port_t* slave_in_ = nullptr;
  JackTime time_;
  Timebase timebase_;
  ClockReader clock_reader_;
  ClockWriter clock_;
  TimecodeWriter timecode_;
  jack_nframes_t last_frame_ = 0;
  jack_nframes_t last_frames_ = 0;
  bool was_rolling_ = false;
  bool has_last_ = false;
  bool is_told_ = false;
  std::atomic<bool> is_ending_{false};
  std::atomic<int> last_cycles_{0};
  Report last_;
};

class Conductor final : public Session::Handler {
 public:
  Conductor(const Transport& transport, Outcome (*act)(jack_client_t*, const Transport&))
      : transport_(transport), act_(act), output_(loop_, transport.output, transport.clock),
        signals_(loop_,
                 [this](int signal) {
                   end({exit_done, signal});
                 }),
        session_(loop_, transport.where, false, *this), section_(transport, session_.wake()) {}

  Ended run() {
    if (transport_.follow) output_.on_end([this](const Ended& ended) { end(ended); });
    if (const auto opened = session_.open(); !opened) {
      on_notice(opened.error().what);
      return {exit_failed, 0};
    }
    if (!has_failed_) {
      say_ready(transport_.ready_fd);
      loop_.run();
    }
    return finish();
  }

 private:
  Outcome on_joined(jack_client_t* client) override { return section_.attach(client); }

  void on_active() override {
    if (const auto acted = connect_ports(); !acted) return on_failure(acted.error());
    if (const auto acted = act_(session_.client(), transport_); !acted) on_failure(acted.error());
  }

  Outcome connect_ports() {
    const std::string prefix = std::string(jack_get_client_name(session_.client())) + ':';
    const auto ports = list_ports(session_.client());
    const auto ours = [&](const std::string& name) {
      const bool is_ours = name == transport_.clock_out || name == transport_.timecode_out ||
                           name == transport_.slave_to;
      return is_ours ? prefix + name : name;
    };
    for (std::size_t i = 0; i + 1 < transport_.connect.size(); i += 2) {
      const auto found =
          find_connections(ports, ours(transport_.connect[i]), ours(transport_.connect[i + 1]));
      if (!found) return found.error();
      for (const Connection& one : found.value())
        if (auto made = jack::connect(session_.client(), one); !made) return made;
    }
    return done();
  }

  void on_wake() override {
    Ring::Record record;
    while (section_.ring.front(record)) {
      if (record.tag == Tag::report) {
        Report one;
        std::memcpy(&one, record.bytes.data(), sizeof one);
        print(one, record.time);
      } else {
        ClockReader::Wish one;
        std::memcpy(&one, record.bytes.data(), sizeof one);
        obey(one);
      }
      section_.ring.pop();
    }
    output_.flush();
  }

  void obey(const ClockReader::Wish& wanted) {
    using What = ClockReader::Wish::What;
    jack_client_t* const client = session_.client();
    if (client == nullptr) return;
    if (wanted.what == What::start || wanted.what == What::locate)
      jack_transport_locate(client, wanted.frame);
    if (wanted.what == What::start || wanted.what == What::go_on) jack_transport_start(client);
    if (wanted.what == What::stop) jack_transport_stop(client);
  }

  void print(const Report& one, Nanoseconds time) {
    char text[64];
    if (one.tempo > 0 && (one.beats != told_.beats || one.beat_type != told_.beat_type)) {
      std::snprintf(text, sizeof text, ":time-signature %g/%g", static_cast<double>(one.beats),
                    static_cast<double>(one.beat_type));
      output_.print(text, time);
    }
    if (one.tempo > 0 && one.tempo != told_.tempo) {
      std::snprintf(text, sizeof text, ":tempo %.6g", one.tempo);
      output_.print(text, time);
    }
    const bool is_change_of_tempo =
        has_told_ && one.state == told_.state && one.tempo != told_.tempo;
    if (!is_change_of_tempo)
      output_.print(":transport " + name_of(one.state) + ' ' + std::to_string(one.frame), time);
    const Report before = std::exchange(told_, one);
    if (one.tempo <= 0) { // while it is moved nobody tells one
      told_.tempo = before.tempo;
      told_.beats = before.beats;
      told_.beat_type = before.beat_type;
    }
    has_told_ = true;
  }

  void on_news(const News& /*news*/) override {}
  void on_notice(const std::string& text) override { complain(tool, text); }

  void on_failure(const Error& error) override {
    on_notice(error.what);
    has_failed_ = true;
    end({exit_failed, 0});
  }

  void end(const Ended& ended) {
    ended_ = ended;
    loop_.stop();
  }

  Ended finish() {
    if (session_.client() != nullptr) section_.finish();
    session_.close();
    signals_.let_go();
    return output_.finish(ended_);
  }

  const Transport& transport_;
  Outcome (*act_)(jack_client_t*, const Transport&);
  boost::asio::io_context loop_{1};
  MetaOutput output_;
  Signals signals_;
  Session session_;
  Section section_;
  Report told_;
  bool has_told_ = false;
  bool has_failed_ = false;
  Ended ended_;
};

} // namespace

Ended conduct(const Transport& transport, Outcome (*act)(jack_client_t*, const Transport&)) {
  return Conductor(transport, act).run();
}

} // namespace mm::jack
