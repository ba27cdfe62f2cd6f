// A JACK client that sends events on frames that it knows, and looks on which frames they come
// back.
//
//   jack_frames SRC DST LATENCY COUNT [RATE]
//
// Sends poly-pressure messages, each with a number of its own, to the port DST, about RATE a
// second, a quarter of them on the frame of the one before; takes what comes from the port SRC; and
// does so in batches of 1,000 until COUNT went through without the server being late (an xrun: then
// JACK itself loses what it carries, and the batch is done again). Prints
//
//   sent N received N deviating N worst N disordered N repeated N
//
// `deviating`: those that did not come LATENCY frames later; `worst`: by how many frames at most;
// `disordered`: those that came before one that was sent before; `repeated`: batches.
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

constexpr std::uint32_t batch_size = 1000;

// What became of a batch.
struct Counts {
  std::uint32_t received = 0;
  std::uint32_t deviating = 0;
  std::uint32_t disordered = 0;
  std::uint32_t unknown = 0;
  std::int64_t worst = 0;
};

struct Run {
  jack_client_t* client = nullptr;
  jack_port_t* out = nullptr;
  jack_port_t* in = nullptr;
  std::int64_t latency = 0;
  std::uint32_t first_id = 0;         // of the batch: what was sent before it is known by that
  std::vector<jack_nframes_t> frames; // on which each is sent, from the batch's first
  std::vector<jack_nframes_t> sent;   // on which it was
  std::vector<bool> came;
  jack_nframes_t first = 0;
  bool has_begun = false;
  std::uint32_t next = 0;
  std::int64_t last = -1;
  Counts counts;
  std::atomic<bool> is_on{false}; // the process thread has all of this
  std::atomic<std::uint32_t> received{0};
  std::atomic<std::uint32_t> xruns{0};
};

constexpr std::uint32_t ids = 1U << 18;

void take(Run& run, jack_nframes_t start, void* buffer) {
  const std::uint32_t count = jack_midi_get_event_count(buffer);
  for (std::uint32_t i = 0; i < count; ++i) {
    jack_midi_event_t event{};
    if (jack_midi_event_get(&event, buffer, i) != 0) continue;
    if (event.size != 3 || (event.buffer[0] & 0xf0U) != 0xa0) continue;
    const std::uint32_t id =
        ((event.buffer[0] & 0x0fU) << 14 | event.buffer[1] << 7 | event.buffer[2]) - run.first_id;
    const std::uint32_t place = id % ids;
    if (place >= run.next || run.came[place]) {
      ++run.counts.unknown;
      continue;
    }
    run.came[place] = true;
    const std::int64_t off =
        static_cast<std::int32_t>(start + event.time - run.sent[place]) - run.latency;
    if (off != 0) ++run.counts.deviating;
    if (std::abs(off) > std::abs(run.counts.worst)) run.counts.worst = off;
    if (place < run.last) ++run.counts.disordered;
    run.last = place;
    run.received.store(++run.counts.received);
  }
}

int process(jack_nframes_t count, void* data) {
  Run& run = *static_cast<Run*>(data);
  const jack_nframes_t start = jack_last_frame_time(run.client);
  void* const to = jack_port_get_buffer(run.out, count);
  jack_midi_clear_buffer(to);
  void* const from = jack_port_get_buffer(run.in, count);
  if (!run.is_on.load()) return 0;
  if (!run.has_begun) run.first = start;
  run.has_begun = true;
  // After an xrun the server's frames go on without us.
  const jack_nframes_t now = start - run.first;
  while (run.next < batch_size && run.frames[run.next] < now + count) {
    const std::uint32_t id = (run.next + run.first_id) % ids;
    const jack_nframes_t offset = run.frames[run.next] > now ? run.frames[run.next] - now : 0;
    jack_midi_data_t* const bytes = jack_midi_event_reserve(to, offset, 3);
    if (bytes == nullptr) break; // more than the port takes at once
    bytes[0] = static_cast<jack_midi_data_t>(0xa0 | id >> 14);
    bytes[1] = id >> 7 & 0x7f;
    bytes[2] = id & 0x7f;
    run.sent[run.next++] = start + offset;
  }
  take(run, start, from);
  return 0;
}

void nap() {
  constexpr timespec pause{0, 10'000'000};
  ::nanosleep(&pause, nullptr);
}

// Sends a batch, and waits until it is back, or nothing more comes.
Counts do_batch(Run& run, std::minstd_rand& random, double mean) {
  std::exponential_distribution<double> gap(1 / mean);
  double frame = 0;
  for (jack_nframes_t& at : run.frames) {
    at = static_cast<jack_nframes_t>(frame);
    if (random() % 4 != 0) frame += gap(random) * 4 / 3;
  }
  run.came.assign(batch_size, false);
  run.has_begun = false;
  run.next = 0;
  run.last = -1;
  run.counts = {};
  run.received = 0;
  run.is_on = true;
  std::uint32_t before = 0;
  for (int idle = 0; idle < 50 && run.received < batch_size; ++idle) {
    nap();
    if (run.received != before) idle = 0;
    before = run.received;
  }
  run.is_on = false;
  for (int i = 0; i < 3; ++i) nap(); // until the process thread has seen that
  run.first_id = (run.first_id + batch_size) % ids;
  return run.counts;
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
  const double rate = argc > 5 ? std::atof(argv[5]) : 20000;
  run.client = jack_client_open("frames", JackNoStartServer, nullptr);
  if (run.client == nullptr) {
    std::fputs("jack_frames: no server\n", stderr);
    return 1;
  }
  run.frames.resize(batch_size);
  run.sent.resize(batch_size);
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
  std::minstd_rand random(1);
  const double mean = jack_get_sample_rate(run.client) / rate;
  std::uint32_t sent = 0;
  std::uint32_t repeated = 0;
  Counts sum;
  while (sent < total && repeated < total / batch_size * 4) {
    const std::uint32_t before = run.xruns;
    const Counts counts = do_batch(run, random, mean);
    if (run.xruns != before) {
      ++repeated;
      for (int i = 0; i < 10; ++i) nap();
      continue;
    }
    sent += batch_size;
    sum.received += counts.received;
    sum.deviating += counts.deviating;
    sum.disordered += counts.disordered;
    sum.unknown += counts.unknown;
    if (std::abs(counts.worst) > std::abs(sum.worst)) sum.worst = counts.worst;
  }
  jack_deactivate(run.client);
  std::printf("sent %u received %u deviating %u worst %lld disordered %u repeated %u\n", sent,
              sum.received, sum.deviating, static_cast<long long>(sum.worst), sum.disordered,
              repeated);
  if (sum.unknown > 0) std::printf("unknown %u\n", sum.unknown);
  jack_client_close(run.client);
}
