#include "audio_stream.hpp"

#include "graph.hpp"
#include "io/ring.hpp"
#include "io/signals.hpp"
#include "io/wakeup.hpp"
#include "io/watch.hpp"
#include "session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace mm::jack {

namespace {

constexpr std::size_t most_frames = 8192;  // that are handed over at once
constexpr double ring_seconds = 1;         // what the other side may be late
constexpr std::size_t most_written = 4096; // a pipe that can be written takes so much at once

// What both share: the client, its ports and their connections, levels, and the end.
class AudioStream : public Session::Handler {
 protected:
  AudioStream(const Audio& audio, JackPortFlags direction)
      : audio_(audio), channels_(static_cast<std::size_t>(audio.channels)), direction_(direction),
        signals_(loop_,
                 [this](int signal) {
                   end({exit_done, signal});
                 }),
        session_(loop_, audio.where, false, *this), meter_(loop_),
        scratch_(most_frames * channels_), peaks_(channels_),
        shows_levels_(!audio.quiet && ::isatty(STDERR_FILENO) == 1) {
    std::signal(SIGPIPE, SIG_IGN);
  }

  // In the real-time thread.
  virtual void process(jack_nframes_t frames) = 0;
  virtual void begin() = 0;

  Outcome on_joined(jack_client_t* client) override {
    rate_ = jack_get_sample_rate(client);
    const double bytes = ring_seconds * rate_ * static_cast<double>(channels_ * sizeof(float));
    const std::size_t blocks = 4 * most_frames * channels_ * sizeof(float);
    ring_.emplace(std::bit_ceil(std::max(static_cast<std::size_t>(bytes), blocks)));
    left_ = audio_.duration > 0 ? static_cast<std::uint64_t>(std::llround(audio_.duration * rate_))
                                : ~std::uint64_t{0};
    const char* const name = direction_ == JackPortIsInput ? "in_" : "out_";
    for (std::size_t i = 0; i < channels_; ++i) {
      ports_.push_back(jack_port_register(client, (name + std::to_string(i + 1)).c_str(),
                                          JACK_DEFAULT_AUDIO_TYPE, direction_, 0));
      if (ports_.back() == nullptr)
        return Error{"port '" + (name + std::to_string(i + 1)) + "': JACK does not make it"};
    }
    jack_set_process_callback(
        client,
        [](jack_nframes_t frames, void* self) {
          static_cast<AudioStream*>(self)->process(frames);
          return 0;
        },
        this);
    return done();
  }

  void on_active() override {
    if (const auto connected = connect_ports(); !connected) on_failure(connected.error());
  }

  Outcome connect_ports() {
    const bool hears = direction_ == JackPortIsInput;
    const auto there = list_ports(session_.client());
    std::size_t channel = 0;
    for (const std::string& pattern : audio_.ports) {
      const auto found = find_ports(there, pattern, hears, false);
      if (!found) return found.error();
      for (const Port& other : found.value()) {
        if (channel == channels_)
          return Error{"'" + pattern + "' fits more ports than there are channels (-c)"};
        const std::string ours = jack_port_name(ports_[channel++]);
        const auto connected = jack::connect(
            session_.client(), hears ? Connection(other.name, ours) : Connection(ours, other.name));
        if (!connected) return connected;
      }
    }
    return done();
  }

  void measure(std::size_t channel, const float* samples, std::size_t count, std::size_t step) {
    if (!shows_levels_) return;
    float peak = 0;
    for (std::size_t i = 0; i < count; ++i) peak = std::max(peak, std::fabs(samples[i * step]));
    if (peak > peaks_[channel].load(std::memory_order_relaxed))
      peaks_[channel].store(peak, std::memory_order_relaxed);
  }

  // A line on a terminal, written anew again and again.
  void show_levels() {
    if (!shows_levels_) return;
    meter_.expires_after(std::chrono::milliseconds(100));
    meter_.async_wait([this](const boost::system::error_code& cancelled) {
      if (cancelled) return;
      std::string line = "\r";
      for (auto& peak : peaks_) {
        const double level = 20 * std::log10(std::max<double>(peak.exchange(0), 1e-6));
        char text[16];
        std::snprintf(text, sizeof text, level <= -99 ? "   -inf" : "%7.1f", level);
        line += text;
      }
      std::fputs((line + " dB").c_str(), stderr);
      show_levels();
    });
  }

  Ended run_loop() {
    if (const auto opened = session_.open(); !opened) {
      complain(tool, opened.error().what);
      return {exit_failed, 0};
    }
    if (!has_ended_) {
      say_ready(audio_.ready_fd);
      show_levels();
      begin();
      loop_.run();
    }
    session_.close();
    signals_.let_go();
    if (shows_levels_) std::fputs("\n", stderr);
    return ended_;
  }

  void on_news(const News& /*news*/) override {}
  void on_notice(const std::string& text) override { complain(tool, text); }
  void on_failure(const Error& error) override {
    complain(tool, error.what);
    end({exit_failed, 0});
  }

  void end(const Ended& ended) {
    if (std::exchange(has_ended_, true)) return;
    ended_ = ended;
    loop_.stop();
  }

  const Audio& audio_;
  std::size_t channels_;
  JackPortFlags direction_;
  boost::asio::io_context loop_{1};
  Signals signals_;
  Session session_;
  boost::asio::steady_timer meter_;
  std::vector<jack_port_t*> ports_;
  std::optional<Ring> ring_; // blocks of frames
  std::vector<float> scratch_;
  std::vector<std::atomic<float>> peaks_;
  bool shows_levels_;
  std::uint32_t rate_ = 0;
  std::uint64_t left_ = 0; // frames to go
  bool has_ended_ = false;
  Ended ended_;
};

// --- capture ---

class Capturer final : public AudioStream {
 public:
  explicit Capturer(const Audio& audio)
      : AudioStream(audio, JackPortIsInput), gone_(loop_, STDOUT_FILENO),
        room_(loop_, STDOUT_FILENO) {}

  Ended run() {
    Ended ended = run_loop();
    if (ring_ && ended.signal != SIGPIPE) write_rest();
    lost_ += lost_in_ring_;
    if (lost_ == 0) return ended;
    complain(tool, "lost " + count_of(lost_, "frame") + ": they came faster than they were read");
    if (ended.status == exit_done) ended.status = exit_failed;
    return ended;
  }

 private:
  void begin() override {
    gone_.wait(Watch::For::error, [this] { end({exit_done, SIGPIPE}); });
  }

  void process(jack_nframes_t frames) override {
    for (jack_nframes_t at = 0; at < frames;) {
      const auto count = std::min<std::size_t>(frames - at, most_frames);
      for (std::size_t channel = 0; channel < channels_; ++channel) {
        const auto* const from =
            static_cast<const float*>(jack_port_get_buffer(ports_[channel], frames)) + at;
        for (std::size_t i = 0; i < count; ++i) scratch_[i * channels_ + channel] = from[i];
        measure(channel, from, count, 1);
      }
      const std::string_view bytes(reinterpret_cast<const char*>(scratch_.data()),
                                   count * channels_ * sizeof(float));
      if (!ring_->push(0, bytes)) lost_in_ring_ += count;
      at += static_cast<jack_nframes_t>(count);
    }
    wake(session_.wake());
  }

  void on_wake() override {
    if (!is_waiting_) write_some();
  }

  enum class Written : std::uint8_t { some, all, full, failed };

  // Writes a piece, if stdout takes it without waiting: the loop has to hear signals.
  Written write_piece() {
    Ring::Record record;
    if (bytes_left() == 0 || !ring_->front(record)) return Written::all;
    std::string_view bytes = record.bytes.substr(at_, std::min(most_written, bytes_left()));
    pollfd ready{STDOUT_FILENO, POLLOUT, 0};
    if (::poll(&ready, 1, 0) == 0) return Written::full;
    const ssize_t got = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) return Written::some;
    if (got < 0) return errno == EAGAIN ? Written::full : Written::failed;
    at_ += static_cast<std::size_t>(got);
    written_ += static_cast<std::size_t>(got);
    if (at_ == record.bytes.size()) {
      at_ = 0;
      ring_->pop();
    }
    return Written::some;
  }

  // Of --duration.
  [[nodiscard]] std::size_t bytes_left() const {
    constexpr std::size_t no_end = ~std::size_t{0};
    if (audio_.duration <= 0) return no_end;
    return left_ * channels_ * sizeof(float) - written_;
  }

  void write_some() {
    Written written = Written::some;
    while (!has_ended_ && written == Written::some) written = write_piece();
    if (written == Written::full) return wait_for_room();
    if (written == Written::failed && errno == EPIPE) return end({exit_done, SIGPIPE});
    if (written == Written::failed) {
      complain(tool, std::string("stdout: ") + std::strerror(errno));
      return end({exit_failed, 0});
    }
    if (bytes_left() == 0) end({});
  }

  // At the end: what is taken at once; the rest is lost.
  void write_rest() {
    while (write_piece() == Written::some) continue;
    if (bytes_left() == 0) return;
    const std::size_t frame = channels_ * sizeof(float);
    std::size_t bytes = 0;
    Ring::Record record;
    while (ring_->front(record)) {
      bytes += record.bytes.size();
      ring_->pop();
    }
    lost_ += (bytes - at_ + frame - 1) / frame;
  }

  void wait_for_room() {
    is_waiting_ = true;
    room_.wait(Watch::For::write, [this] {
      is_waiting_ = false;
      write_some();
    });
  }

  Watch gone_;
  Watch room_;
  bool is_waiting_ = false;
  std::size_t at_ = 0;      // bytes of the ring's first block that are written
  std::size_t written_ = 0; // bytes, ever
  std::atomic<std::uint64_t> lost_in_ring_{0};
  std::uint64_t lost_ = 0;
};

// --- play ---

class AudioPlayer final : public AudioStream {
 public:
  explicit AudioPlayer(const Audio& audio)
      : AudioStream(audio, JackPortIsOutput), stdin_(loop_, STDIN_FILENO),
        block_(most_frames * channels_ * sizeof(float)) {}

  Ended run() {
    Ended ended = run_loop();
    if (filled_ % (channels_ * sizeof(float)) != 0) {
      complain(tool, "stdin ended in the middle of a frame: is it 32-bit floats of " +
                         count_of(channels_, "channel") + "?");
      ended.status = exit_failed;
    }
    if (const std::uint64_t silent = late_; silent > 0) {
      complain(tool, count_of(silent, "frame") + " of silence: stdin was too slow");
      if (ended.status == exit_done) ended.status = exit_failed;
    }
    return ended;
  }

 private:
  void begin() override {
    limit_ = left_;
    read();
  }

  void read() {
    stdin_.wait(Watch::For::read, [this] {
      const ssize_t got = ::read(STDIN_FILENO, block_.data() + filled_, block_.size() - filled_);
      if (got < 0 && errno != EINTR && errno != EAGAIN) {
        complain(tool, std::string("stdin: ") + std::strerror(errno));
        return end({exit_failed, 0});
      }
      if (got == 0) {
        is_at_end_ = true;
        return on_wake();
      }
      filled_ += got > 0 ? static_cast<std::size_t>(got) : 0;
      hand_over();
    });
  }

  // Whole frames go into the ring; what is left of a frame waits for the rest.
  void hand_over() {
    const std::size_t frame = channels_ * sizeof(float);
    std::size_t size = filled_ / frame * frame;
    size = std::min<std::size_t>(size, std::min<std::uint64_t>(left_, most_frames) * frame);
    if (size > 0 && !ring_->push(0, {block_.data(), size})) {
      static_cast<void>(ring_->take_lost()); // nothing is: it is tried again
      is_full_ = true;                       // the next cycle takes some
      return;
    }
    is_full_ = false;
    std::memmove(block_.data(), block_.data() + size, filled_ - size);
    filled_ -= size;
    left_ -= size / frame;
    if (left_ == 0) {
      filled_ = 0;
      is_at_end_ = true;
      return on_wake();
    }
    read();
  }

  void on_wake() override {
    if (is_full_) hand_over();
    if (is_at_end_) has_all_ = true;
    if (is_drained_) end({});
  }

  void process(jack_nframes_t frames) override {
    for (std::size_t channel = 0; channel < channels_; ++channel)
      std::memset(jack_port_get_buffer(ports_[channel], frames), 0, frames * sizeof(float));
    const bool has_all = has_all_; // before the ring is looked at: nothing comes after that
    jack_nframes_t at = 0;
    Ring::Record record;
    while (at < frames && ring_->front(record)) {
      has_begun_ = true;
      late_ += std::exchange(gap_, 0);
      const std::size_t frame = channels_ * sizeof(float);
      const std::size_t count =
          std::min<std::size_t>((record.bytes.size() - played_) / frame, frames - at);
      const auto* const from = reinterpret_cast<const float*>(record.bytes.data() + played_);
      for (std::size_t channel = 0; channel < channels_; ++channel) {
        float* const to = static_cast<float*>(jack_port_get_buffer(ports_[channel], frames)) + at;
        for (std::size_t i = 0; i < count; ++i) to[i] = from[i * channels_ + channel];
        measure(channel, from + channel, count, channels_);
      }
      played_ += count * frame;
      at += static_cast<jack_nframes_t>(count);
      if (played_ < record.bytes.size()) continue;
      played_ = 0;
      ring_->pop();
    }
    if (at < frames && has_begun_) gap_ += frames - at; // it counts if something follows
    // What has been played in the cycle before is out when this one begins.
    if (at == 0 && has_all) is_drained_ = true;
    elapsed_ += frames;
    if (at == 0 && elapsed_ > limit_) is_drained_ = true; // --duration
    wake(session_.wake());
  }

  Watch stdin_;
  std::vector<char> block_; // read, and not in the ring yet
  std::size_t filled_ = 0;
  bool is_at_end_ = false;
  bool is_full_ = false;
  std::size_t played_ = 0; // bytes of the ring's first block
  bool has_begun_ = false;
  std::atomic<bool> has_all_{false};
  std::atomic<bool> is_drained_{false};
  std::atomic<std::uint64_t> late_{0};
  std::uint64_t gap_ = 0;     // frames of silence since the last sample
  std::uint64_t elapsed_ = 0; // frames
  std::atomic<std::uint64_t> limit_{~std::uint64_t{0}};
};

} // namespace

Ended capture(const Audio& audio) { return Capturer(audio).run(); }

Ended play(const Audio& audio) { return AudioPlayer(audio).run(); }

} // namespace mm::jack
