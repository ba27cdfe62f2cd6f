// One connection: bytes of the network ─▶ (TLS) ─▶ events, and events ─▶ a queue ─▶ (TLS) ─▶ bytes.
#pragma once

#include "event/interface.hpp"
#include "event/sounding.hpp"
#include "heard.hpp"
#include "io/queue.hpp"
#include "io/reader.hpp"
#include "tls.hpp"

#include <boost/asio/generic/stream_protocol.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>

namespace mm::tcp {

using Socket = boost::asio::generic::stream_protocol::socket;

// How events travel.
struct Wire {
  FormatOptions format;           // Format::raw, or Format::text
  bool running_status = false;    // raw: a status that is that of the message before is left out
  std::size_t queue = 256 * 1024; // bytes that may wait for a peer
};

class Peer : public std::enable_shared_from_this<Peer> {
 public:
  // All are called from the loop, or from what the handler has called itself.
  class Handler : public Interface {
   public:
    // It can be spoken with: at once, or when TLS has made sure of it.
    virtual void on_open(Peer& peer) = 0;
    virtual void on_event(Peer& peer, const Event& event) = 0;
    // A line that does not parse.
    virtual void on_fault(Peer& peer, const std::string& fault) = 0;
    // All that had come was handled: now is the time to write.
    virtual void on_turn() = 0;
    // Its queue was full, and is not any more.
    virtual void on_room() = 0;
    // The connection has ended; nothing follows. `why` is empty if that was in order.
    virtual void on_gone(Peer& peer, const std::string& why) = 0;
  };

  // `tag` is what its events carry. Without `tls` the connection is plain.
  Peer(Socket socket, std::string tag, const Wire& wire, std::unique_ptr<TlsSession> tls,
       Handler& handler);

  void start();

  // Queues an event; flush() sends it on its way. If the peer is slow it may be lost.
  void send(const Event& event);
  void flush();

  // Ends what sounds at the peer.
  void release();

  // Stops reading, and goes on.
  void pause(bool paused);

  // Sends what is queued, and ends the connection: on_gone() follows when the peer has it all.
  void end();

  // Ends it at once; on_gone() is called.
  void cut(const std::string& why);

  // From now on what finds the queue full is lost, until it has come down. What has sounded and
  // lost its end is released then.
  void call_slow() { is_slow_ = true; }

  [[nodiscard]] const std::string& tag() const { return tag_; }
  [[nodiscard]] bool is_open() const { return is_open_ && !is_gone_ && !is_ending_; }
  [[nodiscard]] bool was_open() const { return is_open_; }
  [[nodiscard]] bool is_ending() const { return is_ending_; }
  [[nodiscard]] bool is_gone() const { return is_gone_; }
  [[nodiscard]] bool is_slow() const { return is_slow_; }
  [[nodiscard]] bool is_full() const { return waiting() >= wire_.queue; }
  // Bytes that have not reached it: in the queue, and in the kernel's. After on_gone(): that never
  // will.
  [[nodiscard]] std::size_t unsent() const;
  // When its queue became full; 0: it is not. When anything came, or went out; when it was started.
  [[nodiscard]] Nanoseconds full_since() const { return full_since_; }
  [[nodiscard]] Nanoseconds heard() const { return heard_; }
  [[nodiscard]] Nanoseconds spoken() const { return spoken_; }
  [[nodiscard]] Nanoseconds started() const { return started_; }
  // Events that were lost on the way to it.
  [[nodiscard]] std::uint64_t lost() const { return lost_; }

  // After end(): for how long unsent() has stayed the same. To be asked again and again.
  Nanoseconds standstill();
  // For how long TCP has got no answer from the other machine, which does not even say any more
  // that it takes nothing; counted from the first question that was not answered, and one that
  // takes nothing is asked ever more rarely. To be asked again and again.
  Nanoseconds unanswered();

  // What the handler keeps of it.
  Heard heard_from;
  Sounding sent_by_us;      // of what came from stdin: what sounds at it
  std::uint64_t junk = 0;   // bytes that are no MIDI
  std::uint64_t faults = 0; // lines that do not parse

 private:
  void read();
  void take(std::size_t size);
  void take_plain(std::string_view bytes);
  void finish_reading();
  void put(const Event& event);
  void write();
  bool fill_output();
  void wait_writable();
  void come_down();
  // Bytes that the kernel has not taken yet.
  [[nodiscard]] std::size_t waiting() const { return queue_.size() + out_.size() - out_at_; }

  Socket socket_;
  std::string tag_;
  const Wire& wire_;
  std::unique_ptr<TlsSession> tls_;
  Handler& handler_;
  EventReader reader_;
  std::array<char, EventReader::most_fed> received_;
  std::string plain_;

  PrintQueue queue_;
  std::string out_; // TLS: what is to be sent
  std::size_t out_at_ = 0;

  std::size_t left_ = 0; // unsent() when it was cut

  std::size_t was_unsent_ = 0;       // what unsent() said last,
  Nanoseconds has_moved_ = 0;        // and when that changed
  Nanoseconds asked_ = 0;            // when TCP was asked,
  Nanoseconds unanswered_since_ = 0; // and since when it gets no answer; 0: it does

  Sounding sent_;  // what sounds at it
  Sounding meant_; // what would, had nothing been lost
  std::uint64_t lost_ = 0;
  std::uint64_t unsaid_ = 0;
  Nanoseconds started_;
  Nanoseconds heard_;
  Nanoseconds spoken_;
  Nanoseconds full_since_ = 0;
  bool has_begun_ = false; // something has come
  bool is_open_ = false;
  bool is_slow_ = false;
  bool is_paused_ = false;
  bool is_reading_ = false;
  bool is_writing_ = false; // waits until it can write
  bool is_ending_ = false;
  bool is_shut_ = false; // we have said that nothing follows
  bool is_gone_ = false;
};

} // namespace mm::tcp
