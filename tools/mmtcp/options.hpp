// What mmtcp can be asked for.
#pragma once

#include "address.hpp"
#include "cli/options.hpp"
#include "event/filter.hpp"
#include "io/input.hpp"
#include "peer.hpp"
#include "tls.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mm::tcp {

struct Options {
  std::vector<Address> listen;
  std::vector<Address> connect;
  Wire wire;
  bool thru = false;
  bool keep_open = false;
  std::optional<std::uint64_t> retries; // none: without end
  Nanoseconds heartbeat = 0;            // 0: none
  Nanoseconds peer_timeout = 0;         // 0: none
  bool cut_slow = false;                // --slow disconnect
  std::uint64_t max_peers = 0;
  std::vector<Network> allow;
  bool insecure = false;
  bool tls = false;
  TlsSetup tls_setup;
  EventFilter filter; // of what peers send
  bool receive_only = false;
  bool send_only = false;
  bool release = true;
  InputOptions input; // of what comes from stdin; keep_raw and strict are for peers too
  FormatOptions output;
  ClockKind clock = ClockKind::monotonic;
  int ready_fd = -1;
};

// What was typed, before it is checked.
struct Typed {
  std::vector<std::string> listen;
  std::vector<std::string> connect;
  std::string wire = "raw";
  bool running_status = false;
  bool thru = false;
  bool keep_open = false;
  std::optional<std::uint64_t> retry;
  bool no_retry = false;
  double heartbeat = 0;
  double peer_timeout = 0;
  std::uint64_t queue = 256 * 1024;
  std::string slow = "drop";
  std::uint64_t max_peers = 256;
  std::vector<std::string> allow;
  bool insecure = false;
  std::string secret;
  bool tls = false;
  std::string tls_cert;
  std::string tls_key;
  std::string tls_ca;
  bool tls_verify_peer = false;
  TypedFilter filter;
  bool no_sysex = false;
  bool receive_only = false;
  bool send_only = false;
  bool keep_raw = false;
  bool no_release = false;
  bool strict = false;
  TypedFormat format;
  std::string clock = "monotonic";
  int ready_fd = -1;
};

const ToolText& text();

// The application with all its options, which set `typed`.
CLI::App& declare(Typed& typed);

Result<Options> parse_options(int argc, const char* const* argv);

// The secret in a file: its first line, which only its owner may read.
Result<std::string> read_secret(const std::string& path);

} // namespace mm::tcp
