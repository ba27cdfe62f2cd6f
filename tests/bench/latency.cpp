// The round trip of one line through each of several stages, all of them running at once and
// taking turns. Prints a line for each round and stage: its name, median and 99th percentile in
// nanoseconds.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <vector>

namespace mm::bench {
namespace {

constexpr std::string_view line = "12345.678901234 note-on 1 60 100\n";

struct Stage {
  char* name = nullptr;
  pid_t process = -1;
  int to = -1;
  int from = -1;
};

bool start(Stage& stage) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) return false;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  std::array<char*, 2> arguments{stage.name, nullptr};
  const int error =
      ::posix_spawn(&stage.process, stage.name, &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);
  stage.to = in[1];
  stage.from = out[0];
  return error == 0;
}

long now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

// Nanoseconds; negative if the line did not come back.
long round_trip(const Stage& stage) {
  std::array<char, 256> buffer{};
  const long before = now();
  if (::write(stage.to, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return -1;
  for (std::size_t came = 0; came < line.size();) {
    const ssize_t got = ::read(stage.from, buffer.data(), buffer.size());
    if (got <= 0) return -1;
    came += static_cast<std::size_t>(got);
  }
  return now() - before;
}

bool measure(const Stage& stage, std::size_t count, bool print) {
  std::vector<long> times(count);
  for (long& time : times) {
    time = round_trip(stage);
    if (time < 0) {
      std::fprintf(stderr, "bench_latency: %s: the line did not come back\n", stage.name);
      return false;
    }
  }
  std::sort(times.begin(), times.end());
  if (print) std::printf("%s %ld %ld\n", stage.name, times[count / 2], times[count * 99 / 100]);
  return true;
}

} // namespace
} // namespace mm::bench

int main(int argc, char** argv) {
  using namespace mm::bench;
  if (argc < 4) {
    std::fputs("usage: bench_latency ROUNDS TRIPS STAGE...\n", stderr);
    return 2;
  }
  const std::size_t rounds = std::strtoul(argv[1], nullptr, 10);
  const std::size_t trips = std::max(1UL, std::strtoul(argv[2], nullptr, 10));
  std::vector<Stage> stages;
  for (int i = 3; i < argc; ++i) {
    stages.push_back({argv[i]});
    if (!start(stages.back()) || !measure(stages.back(), trips, false)) return 1; // warms it up
  }
  for (std::size_t round = 0; round < rounds; ++round)
    for (const Stage& stage : stages)
      if (!measure(stage, trips, true)) return 1;
  for (const Stage& stage : stages) {
    ::close(stage.to);
    ::waitpid(stage.process, nullptr, 0);
  }
}
