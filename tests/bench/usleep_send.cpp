// What a program without a sequencer queue does to play in time: it sleeps until each event is due
// and sends it at once. Sends COUNT note-ons, one each INTERVAL microseconds, to port CLIENT:PORT.
#include <alsa/asoundlib.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace {

long now() { // microseconds
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000 + t.tv_nsec / 1000;
}

} // namespace

int main(int argc, char** argv) {
  snd_seq_t* seq = nullptr;
  snd_seq_addr_t to{};
  if (argc < 4) {
    std::fputs("usage: bench_usleep_send PORT COUNT INTERVAL\n", stderr);
    return 2;
  }
  if (snd_seq_open(&seq, "default", SND_SEQ_OPEN_OUTPUT, 0) < 0 ||
      snd_seq_parse_address(seq, &to, argv[1]) < 0) {
    std::fprintf(stderr, "bench_usleep_send: no sequencer, or no port %s\n", argv[1]);
    return 1;
  }
  const int port =
      snd_seq_create_simple_port(seq, "out", SND_SEQ_PORT_CAP_READ, SND_SEQ_PORT_TYPE_APPLICATION);
  const long count = std::strtol(argv[2], nullptr, 10);
  const long interval = std::strtol(argv[3], nullptr, 10);
  const long start = now();
  for (long i = 1; i <= count; ++i) {
    const long left = start + i * interval - now();
    if (left > 0) ::usleep(static_cast<useconds_t>(left));
    snd_seq_event_t event;
    snd_seq_ev_clear(&event);
    snd_seq_ev_set_source(&event, static_cast<unsigned char>(port));
    snd_seq_ev_set_dest(&event, to.client, to.port);
    snd_seq_ev_set_direct(&event);
    snd_seq_ev_set_noteon(&event, 0, 60, 100);
    if (snd_seq_event_output_direct(seq, &event) < 0) return 1;
  }
  snd_seq_close(seq);
}
