// A JACK client that sends events on frames that it knows, and looks on which frames they come back.
//
//   jack_frames SRC DST LATENCY COUNT [RATE]
//
// Sends COUNT poly-pressure messages, each with a number of its own, to the port DST, about RATE a
// second, some of them on one frame; takes what comes from the port SRC; and prints
//
//   sent N received N deviating N worst N disordered N xruns N
//
// `deviating`: those that did not come LATENCY frames later; `worst`: by how many frames at most;
// `disordered`: those that came before one that was sent before. `xruns`: the server was late, and
// the run says nothing.
#include <jack/jack.h>
#include <jack/midiport.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <vector>

namespace {

constexpr std::uint32_t none = ~0U;

struct Run {
  jack_client_t* client = nullptr;
  jack_port_t* out = nullptr;
  jack_port_t* in = nullptr;
  std::int64_t latency = 0;
  std::vector<jack_nframes_t> frames; // on which each is sent, from `first`
  std::vector<jack_nframes_t> sent;   // on which it was
  std::vector<bool> came;
  jack_nframes_t first = 0;
  bool has_begun = false;
  std::atomic<bool> go{false};
  std::atomic<std::uint32_t> next{0};
  std::atomic<std::uint32_t> received{0};
  std::uint32_t last = none;
  std::uint32_t deviating = 0;
  std::uint32_t disordered = 0;
  std::uint32_t unknown = 0;
  std::int64_t worst = 0;
  std::atomic<std::uint32_t> xruns{0};
};

void take(Run& run, jack_nframes_t start, void* buffer) {
  const std::uint32_t count = jack_midi_get_event_count(buffer);
  for (std::uint32_t i = 0; i < count; ++i) {
    jack_midi_event_t event{};
    if (jack_midi_event_get(&event, buffer, i) != 0) continue;
    if (event.size != 3 || (event.buffer[0] & 0xf0U) != 0xa0) continue;
    const std::uint32_t id = (event.buffer[0] & 0x0fU) << 14 | event.buffer[1] << 7 | event.buffer[2];
    if (id >= run.next.load() || run.came[id]) {
      ++run.unknown;
      continue;
    }
    run.came[id] = true;
    const std::int64_t off =
        static_cast<std::int32_t>(start + event.time - run.sent[id]) - run.latency;
    if (off != 0) ++run.deviating;
    if (std::abs(off) > std::abs(run.worst)) run.worst = off;
    if (run.last != none && id < run.last) ++run.disordered;
    run.last = id;
    ++run.received;
  }
}

int process(jack_nframes_t count, void* data) {
  Run& run = *static_cast<Run*>(data);
  const jack_nframes_t start = jack_last_frame_time(run.client);
  void* const to = jack_port_get_buffer(run.out, count);
  jack_midi_clear_buffer(to);
  if (run.go.load()) {
    if (!run.has_begun) {
      run.has_begun = true;
      run.first = start;
    }
    std::uint32_t id = run.next.load();
    while (id < run.frames.size() && run.frames[id] < start - run.first + count) {
      // After an xrun the server's frames go on without us.
      const jack_nframes_t now = start - run.first;
      const jack_nframes_t offset = run.frames[id] > now ? run.frames[id] - now : 0;
      jack_midi_data_t* const bytes = jack_midi_event_reserve(to, offset, 3);
      if (bytes == nullptr) std::abort();
      bytes[0] = static_cast<jack_midi_data_t>(0xa0 | id >> 14);
      bytes[1] = id >> 7 & 0x7f;
      bytes[2] = id & 0x7f;
      run.sent[id] = start + offset;
      run.next.store(++id);
    }
  }
  take(run, start, jack_port_get_buffer(run.in, count));
  return 0;
}

void nap() {
  constexpr timespec pause{0, 10'000'000};
  ::nanosleep(&pause, nullptr);
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fputs("usage: jack_frames SRC DST LATENCY COUNT [RATE]\n", stderr);
    return 2;
  }
  Run run;
  run.latency = std::atoll(argv[3]);
  const auto total = static_cast<std::uint32_t>(std::atoi(argv[4]));
  const double rate = argc > 5 ? std::atof(argv[5]) : 6000;
  run.client = jack_client_open("frames", JackNoStartServer, nullptr);
  if (run.client == nullptr || total > 1U << 18) {
    std::fputs("jack_frames: no server, or too many\n", stderr);
    return 1;
  }
  run.sent.resize(total);
  run.came.resize(total);
  std::minstd_rand random(1);
  const double mean = jack_get_sample_rate(run.client) / rate;
  std::exponential_distribution<double> gap(1 / mean);
  double frame = 0;
  for (std::uint32_t i = 0; i < total; ++i) {
    run.frames.push_back(static_cast<jack_nframes_t>(frame));
    if (random() % 4 != 0) frame += gap(random) * 4 / 3; // every fourth is on the frame of the last
  }
  run.out = jack_port_register(run.client, "out", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
  run.in = jack_port_register(run.client, "in", JACK_DEFAULT_MIDI_TYPE, JackPortIsInput, 0);
  jack_set_process_callback(run.client, process, &run);
  jack_set_xrun_callback(
      run.client,
      [](void* data) {
        ++static_cast<Run*>(data)->xruns;
        return 0;
      },
      &run);
  if (jack_activate(run.client) != 0 ||
      jack_connect(run.client, argv[1], jack_port_name(run.in)) != 0 ||
      jack_connect(run.client, jack_port_name(run.out), argv[2]) != 0) {
    std::fputs("jack_frames: the ports cannot be connected\n", stderr);
    return 1;
  }
  for (int i = 0; i < 20; ++i) nap(); // until the graph has settled
  run.xruns = 0;
  run.go = true;
  std::uint32_t before = 0;
  for (int idle = 0; idle < 200 && run.received < total; ++idle) {
    nap();
    if (run.received != before) idle = 0;
    before = run.received;
  }
  jack_deactivate(run.client);
  std::printf("sent %u received %u deviating %u worst %lld disordered %u xruns %u\n",
              run.next.load(), run.received.load(), run.deviating,
              static_cast<long long>(run.worst), run.disordered, run.xruns.load());
  if (run.unknown > 0) std::printf("unknown %u\n", run.unknown);
  jack_client_close(run.client);
}
