#include "options.hpp"

#include "io/descriptor.hpp"
#include "listener.hpp"

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace mm::tcp {

const ToolText& text() {
  static const ToolText text{
      "mmtcp",
      "Join lines and TCP peers that speak MIDI: what peers send is printed, what is read is sent.",
      "mmtcp --listen [HOST:]PORT [OPTION]...\nmmtcp --connect HOST:PORT [OPTION]...",
      {"mmtcp --listen '*:5004' --secret band.key | mmsend -p synth",
       "mmrecv -p keys | mmtcp --connect studio:5004 --secret band.key"},
  };
  return text;
}

namespace {

constexpr std::array<std::string_view, 2> wire_names{"raw", "text"};
constexpr std::array<std::string_view, 2> slow_names{"drop", "disconnect"};

void declare_connections(CLI::App& app, Typed& typed) {
  const char* const group = "Connections";
  app.add_option("--listen", typed.listen, "let peers connect: [HOST:]PORT or unix:PATH")
      ->type_name("ADDRESS")
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--connect", typed.connect, "connect to HOST:PORT or unix:PATH")
      ->type_name("ADDRESS")
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--wire", typed.wire, "what peers speak: raw MIDI bytes, or text (event lines)")
      ->type_name("raw|text")
      ->group(group);
  app.add_flag("--running-status", typed.running_status, "leave out a status that repeats")
      ->group(group);
  app.add_flag("--thru", typed.thru, "send what one peer sends to all the others too")
      ->group(group);
  app.add_flag("--keep-open", typed.keep_open, "stay when stdin ends")->group(group);
  app.add_option("--retry", typed.retry, "connect again N times in a row at most")
      ->transform(check::whole(0))
      ->type_name("N")
      ->group(group);
  app.add_flag("--no-retry", typed.no_retry, "end when a connection cannot be made, or ends")
      ->group(group);
  app.add_option("--heartbeat", typed.heartbeat, "send active sensing when idle for so long")
      ->check(check::positive())
      ->type_name("SEC")
      ->group(group);
  app.add_option("--peer-timeout", typed.peer_timeout, "a peer silent for so long is gone")
      ->check(check::positive())
      ->type_name("SEC")
      ->group(group);
  app.add_option("--queue", typed.queue, "what may wait for a peer (262144)")
      ->transform(check::whole(1024, 1 << 30))
      ->type_name("BYTES")
      ->group(group);
  app.add_option("--slow", typed.slow, "a peer whose queue stays full: drop events, or disconnect")
      ->type_name("drop|disconnect")
      ->group(group);
}

void declare_access(CLI::App& app, Typed& typed) {
  const char* const group = "Who gets in";
  app.add_option("--allow", typed.allow, "only from this network: 192.168.1.0/24")
      ->type_name("CIDR")
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--max-peers", typed.max_peers, "no more than so many at once (256)")
      ->transform(check::whole(1, 1 << 20))
      ->type_name("N")
      ->group(group);
  app.add_option("--secret", typed.secret, "TLS by a key in this file, the same on both sides")
      ->type_name("FILE")
      ->group(group);
  app.add_flag("--tls", typed.tls, "TLS by certificates")->group(group);
  app.add_option("--tls-cert", typed.tls_cert, "our certificate (PEM)")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--tls-key", typed.tls_key, "its key (PEM)")->type_name("FILE")->group(group);
  app.add_option("--tls-ca", typed.tls_ca, "accept certificates of these authorities (PEM)")
      ->type_name("FILE")
      ->group(group);
  app.add_flag("--tls-verify-peer", typed.tls_verify_peer, "ask clients for a certificate")
      ->group(group);
  app.add_flag("--insecure", typed.insecure, "listen for everybody, without TLS")->group(group);
}

void declare_events(CLI::App& app, Typed& typed) {
  const char* const group = "Events from peers";
  declare_filter(app, typed.filter, group);
  app.add_flag("--no-sysex", typed.no_sysex, "no sysex")->group(group);
  app.add_flag("--keep-raw", typed.keep_raw, "print bytes that are no MIDI as raw")->group(group);
  app.add_flag("--receive-only", typed.receive_only, "send them nothing; stdin is not read")
      ->group(group);
  app.add_flag("--send-only", typed.send_only, "what they send is passed over")->group(group);
  app.add_flag("--no-release", typed.no_release, "no note-offs for a peer, or stdin, that ends")
      ->group(group);
}

} // namespace

CLI::App& declare(Typed& typed) {
  CLI::App& app = make_app(text());
  declare_connections(app, typed);
  declare_access(app, typed);
  declare_events(app, typed);
  declare_from_and_to(app, typed.format);
  app.add_flag("--strict", typed.strict, "end at the first line that does not parse")
      ->group("Formats");
  declare_clock(app, typed.clock);
  declare_ready_fd(app, typed.ready_fd);
  return app;
}

namespace {

// `others` are those who must not be able to use a secret: S_IRWXO, S_IRWXG. The mode of a pipe
// says nothing.
Outcome check_private(const std::string& what, const struct stat& status, mode_t others) {
  if (!S_ISREG(status.st_mode) || (status.st_mode & others) == 0) return done();
  return Error{what + ": others may read it; chmod " + ((others & S_IRWXG) != 0 ? "600 " : "o= ") +
                   what.substr(what.find(' ') + 1),
               exit_usage};
}

} // namespace

Result<std::string> read_secret(const std::string& path) {
  constexpr std::size_t shortest = 16;
  constexpr std::size_t longest = 4096;
  const std::string what = "--secret " + path;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return Error{what + ": " + std::strerror(errno), exit_usage};
  struct stat status {};
  ::fstat(file.get(), &status);
  if (const auto checked = check_private(what, status, S_IRWXG | S_IRWXO); !checked)
    return checked.error();
  std::string secret(longest, '\0');
  std::size_t size = 0;
  while (size < secret.size()) {
    const ssize_t got = ::read(file.get(), secret.data() + size, secret.size() - size);
    if (got < 0) return Error{what + ": " + std::strerror(errno), exit_usage};
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  secret.resize(size);
  secret.resize(std::min(secret.size(), secret.find_first_of("\r\n")));
  if (secret.size() < shortest)
    return Error{what + ": a secret has " + std::to_string(shortest) +
                     " characters or more; openssl rand -base64 32 makes one",
                 exit_usage};
  return secret;
}

namespace {

// What goes with what.
Outcome check_choices(const Typed& typed) {
  const auto wrong = [](const char* what) { return Error{what, exit_usage}; };
  const bool certificates = typed.tls || !typed.tls_cert.empty() || !typed.tls_ca.empty();
  if (!typed.secret.empty() && certificates)
    return wrong("--secret stands in place of certificates: it goes without --tls...");
  if (typed.tls_cert.empty() != typed.tls_key.empty())
    return wrong("--tls-cert and --tls-key go together");
  if (typed.tls_verify_peer && (typed.tls_cert.empty() || typed.tls_ca.empty()))
    return wrong("--tls-verify-peer is for a server: it goes with --tls-cert and --tls-ca");
  if (certificates && !typed.listen.empty() && typed.tls_cert.empty())
    return wrong("a server with TLS has a certificate: --tls-cert and --tls-key, or --secret");
  if (typed.retry && typed.no_retry) return wrong("--retry and --no-retry exclude each other");
  if (typed.receive_only && typed.send_only)
    return wrong("--receive-only and --send-only exclude each other");
  if (typed.thru && typed.send_only) return wrong("--thru and --send-only exclude each other");
  return done();
}

Outcome check_addresses(const Typed& typed, Options& options) {
  for (const std::string& word : typed.listen) {
    const auto address = parse_address(word, "--listen", true);
    if (!address) return address.error();
    options.listen.push_back(address.value());
  }
  for (const std::string& word : typed.connect) {
    const auto address = parse_address(word, "--connect", false);
    if (!address) return address.error();
    options.connect.push_back(address.value());
  }
  for (const std::string& word : typed.allow) {
    const auto network = Network::parse(word, "--allow");
    if (!network) return network.error();
    options.allow.push_back(network.value());
  }
  if (options.listen.empty() && options.connect.empty() && !may_inherit())
    return Error{"nobody to speak with: say --listen [HOST:]PORT or --connect HOST:PORT",
                 exit_usage};
  return done();
}

Outcome check_formats(const Typed& typed, Options& options) {
  const auto formats = check_from_and_to(typed.format);
  if (!formats) return formats.error();
  options.input = {formats.value().input, typed.keep_raw, typed.strict};
  options.output = formats.value().output;
  const auto wire = find_name("--wire", typed.wire, wire_names);
  if (!wire) return wire.error();
  options.wire.format = {
      wire.value() == 0 ? Format::raw : Format::text, {}, typed.format.max_sysex};
  if (typed.running_status && wire.value() != 0)
    return Error{"--running-status goes with --wire raw", exit_usage};
  options.wire.running_status = typed.running_status;
  options.wire.queue = typed.queue;
  const auto clock = check_clock(typed.clock);
  if (!clock) return clock.error();
  options.clock = clock.value();
  return done();
}

} // namespace

Result<Options> parse_options(int argc, const char* const* argv) {
  Typed typed;
  CLI::App& app = declare(typed);
  if (const auto parsed = parse_arguments(app, argc, argv); !parsed) return parsed.error();

  Options options;
  for (const auto& checked :
       {check_choices(typed), check_addresses(typed, options), check_formats(typed, options)})
    if (!checked) return checked.error();
  const auto slow = find_name("--slow", typed.slow, slow_names);
  if (!slow) return slow.error();
  options.cut_slow = slow.value() == 1;
  const auto filter = check_filter(typed.filter);
  if (!filter) return filter.error();
  options.filter = filter.value();
  if (typed.no_sysex) options.filter.without(KindSet().set(static_cast<std::size_t>(Kind::sysex)));
  if (!typed.secret.empty()) {
    const auto secret = read_secret(typed.secret);
    if (!secret) return secret.error();
    options.tls_setup.secret = secret.value();
  }
  // OpenSSL reads it, and says what is wrong with it. A group may share it, as Debian's ssl-cert
  // does.
  struct stat key {};
  if (!typed.tls_key.empty() && ::stat(typed.tls_key.c_str(), &key) == 0)
    if (const auto checked = check_private("--tls-key " + typed.tls_key, key, S_IRWXO); !checked)
      return checked.error();
  options.tls =
      typed.tls || !typed.secret.empty() || !typed.tls_cert.empty() || !typed.tls_ca.empty();
  options.tls_setup.certificate = typed.tls_cert;
  options.tls_setup.key = typed.tls_key;
  options.tls_setup.authority = typed.tls_ca;
  options.tls_setup.verify_peer = typed.tls_verify_peer;
  options.thru = typed.thru;
  options.keep_open = typed.keep_open;
  options.retries = typed.no_retry ? std::optional<std::uint64_t>(0) : typed.retry;
  options.heartbeat = span_of(typed.heartbeat * 1e9);
  options.peer_timeout = span_of(typed.peer_timeout * 1e9);
  options.max_peers = typed.max_peers;
  options.insecure = typed.insecure;
  options.receive_only = typed.receive_only;
  options.send_only = typed.send_only;
  options.release = !typed.no_release;
  options.ready_fd = typed.ready_fd;
  return options;
}

} // namespace mm::tcp
