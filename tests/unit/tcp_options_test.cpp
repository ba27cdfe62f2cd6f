// What mmtcp makes of its arguments, and what it says about wrong ones.
#include "mmtcp/options.hpp"
#include "option_words.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace mm::tcp {
namespace {

std::string describe(const Options& options) {
  test::Words words;
  for (const Address& address : options.listen) words.add(true, "listen " + to_string(address));
  for (const Address& address : options.connect) words.add(true, "connect " + to_string(address));
  words.add(options.wire.format.format == Format::text, "wire text");
  words.add(options.wire.running_status, "running status");
  words.add(options.wire.queue != 262144, "queue " + std::to_string(options.wire.queue));
  words.add(options.thru, "thru");
  words.add(options.keep_open, "keep open");
  words.add(options.retries.has_value(), "retries " + std::to_string(options.retries.value_or(0)));
  words.add(options.heartbeat != 0, "heartbeat " + std::to_string(options.heartbeat));
  words.add(options.peer_timeout != 0, "timeout " + std::to_string(options.peer_timeout));
  words.add(options.cut_slow, "cut slow");
  words.add(options.max_peers != 256, "peers " + std::to_string(options.max_peers));
  words.add(!options.allow.empty(), std::to_string(options.allow.size()) + " networks");
  words.add(options.insecure, "insecure");
  words.add(options.tls, "tls");
  words.add(!options.tls_setup.secret.empty(), "secret " + options.tls_setup.secret);
  words.add(!options.tls_setup.certificate.empty(), "cert " + options.tls_setup.certificate);
  words.add(!options.tls_setup.key.empty(), "key " + options.tls_setup.key);
  words.add(!options.tls_setup.authority.empty(), "ca " + options.tls_setup.authority);
  words.add(options.tls_setup.verify_peer, "verify");
  test::add_filter(words, options.filter);
  words.add(options.receive_only, "receive only");
  words.add(options.send_only, "send only");
  words.add(!options.release, "no release");
  words.add(options.input.format.format != Format::text, "from another format");
  words.add(options.input.keep_raw, "keep raw");
  words.add(options.input.strict, "strict");
  words.add(options.wire.format.max_sysex != default_max_sysex,
            "max " + std::to_string(options.wire.format.max_sysex));
  test::add_format(words, options.output);
  test::add_clock(words, options.clock);
  words.add(options.ready_fd != -1, "ready " + std::to_string(options.ready_fd));
  return words.text();
}

std::string tcp(const test::Lines& arguments) {
  ::unsetenv("LISTEN_FDS");
  return test::parsed(parse_options, describe, "mmtcp", arguments);
}

// A file of a secret, and who may read it.
class SecretFile {
 public:
  SecretFile(const std::string& text, std::filesystem::perms who) {
    std::ofstream(path_) << text;
    std::filesystem::permissions(path_, who);
  }
  SecretFile(const SecretFile&) = delete;
  SecretFile& operator=(const SecretFile&) = delete;
  ~SecretFile() { std::filesystem::remove(path_); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_ = testing::TempDir() + "mm-secret-" + std::to_string(::getpid());
};

constexpr auto mine = std::filesystem::perms::owner_read;
constexpr auto ours = mine | std::filesystem::perms::group_read;
constexpr auto everybodys = ours | std::filesystem::perms::others_read;

TEST(TcpOptions, where_peers_are) {
  EXPECT_EQ(tcp({"--listen", "5004", "--listen", "[::1]:0", "--connect", "studio:5004"}),
            "listen 5004, listen [::1]:0, connect studio:5004");
  EXPECT_EQ(tcp({"--listen=unix:/run/mm.sock"}), "listen unix:/run/mm.sock");
  EXPECT_EQ(tcp({}), "2: nobody to speak with: say --listen [HOST:]PORT or --connect HOST:PORT");
}

TEST(TcpOptions, each_does_one_thing) {
  const auto with = [](test::Lines more) {
    more.insert(more.begin(), {"--listen", "0"});
    const std::string all = tcp(more);
    const std::string always = "listen 0, ";
    return all.starts_with(always) ? all.substr(always.size()) : all;
  };
  EXPECT_EQ(with({"--wire", "text"}), "wire text");
  EXPECT_EQ(with({"--running-status"}), "running status");
  EXPECT_EQ(with({"--queue", "1024"}), "queue 1024");
  EXPECT_EQ(with({"--thru", "--keep-open"}), "thru, keep open");
  EXPECT_EQ(with({"--retry", "3"}), "retries 3");
  EXPECT_EQ(with({"--no-retry"}), "retries 0");
  EXPECT_EQ(with({"--heartbeat", "0.25", "--peer-timeout", "1.5"}),
            "heartbeat 250000000, timeout 1500000000");
  EXPECT_EQ(with({"--slow", "disconnect", "--max-peers", "4"}), "cut slow, peers 4");
  EXPECT_EQ(with({"--allow", "10.0.0.0/8", "--allow", "::1", "--insecure"}),
            "2 networks, insecure");
  EXPECT_EQ(with({"--receive-only", "--no-release", "--keep-raw", "--strict"}),
            "receive only, no release, keep raw, strict");
  EXPECT_EQ(with({"--send-only", "--from", "json", "--to", "mido", "--max-sysex", "99"}),
            "send only, from another format, max 99, mido, max 99");
  EXPECT_EQ(with({"--no-sysex", "--not", "clock"}),
            "passing note-off note-on poly-pressure control-change program-change "
            "channel-pressure pitch-bend time-code song-position song-select tune-request start "
            "continue stop active-sensing reset raw cc14 rpn nrpn ");
  EXPECT_EQ(with({"--clock", "start", "--ready-fd", "2"}), "clock start, ready 2");
}

TEST(TcpOptions, tls) {
  EXPECT_EQ(tcp({"--connect", "a:1", "--tls"}), "connect a:1, tls");
  EXPECT_EQ(tcp({"--connect", "a:1", "--tls-ca", "ca.pem"}), "connect a:1, tls, ca ca.pem");
  const SecretFile key("PEM", ours);
  EXPECT_EQ(tcp({"--listen", "0", "--tls-cert", "c", "--tls-key", key.path(), "--tls-ca", "ca",
                 "--tls-verify-peer"}),
            "listen 0, tls, cert c, key " + key.path() + ", ca ca, verify");
}

TEST(TcpOptions, a_secret_is_the_first_line_of_a_file_of_ones_own) {
  const auto with = [](const SecretFile& file) {
    return tcp({"--listen", "0", "--secret", file.path()});
  };
  EXPECT_EQ(with({"0123456789abcdef\r\nmore\n", mine}), "listen 0, tls, secret 0123456789abcdef");
  EXPECT_EQ(with({"0123456789abcdef", mine}), "listen 0, tls, secret 0123456789abcdef");
  for (const auto who : {ours, everybodys}) {
    const SecretFile file("0123456789abcdef", who);
    EXPECT_EQ(with(file),
              "2: --secret " + file.path() + ": others may read it; chmod 600 " + file.path());
  }
  for (const std::string text : {"", "\n", "0123456789abcde\n", "\n0123456789abcdef\n"}) {
    const SecretFile file(text, mine);
    EXPECT_EQ(with(file), "2: --secret " + file.path() + ": a secret has 16 characters or more; " +
                              "openssl rand -base64 32 makes one");
  }
}

TEST(TcpOptions, a_private_key_is_not_for_everybody) {
  const SecretFile key("PEM", everybodys);
  EXPECT_EQ(tcp({"--listen", "0", "--tls-cert", "c", "--tls-key", key.path()}),
            "2: --tls-key " + key.path() + ": others may read it; chmod o= " + key.path());
}

TEST(TcpOptions, what_does_not_go_together) {
  const auto wrong = [](test::Lines more) {
    more.insert(more.begin(), {"--listen", "0"});
    return tcp(more);
  };
  EXPECT_EQ(wrong({"--secret", "s", "--tls"}),
            "2: --secret stands in place of certificates: it goes without --tls...");
  EXPECT_EQ(wrong({"--tls-key", "k"}), "2: --tls-cert and --tls-key go together");
  EXPECT_EQ(wrong({"--tls"}),
            "2: a server with TLS has a certificate: --tls-cert and --tls-key, or --secret");
  EXPECT_EQ(wrong({"--tls-verify-peer"}),
            "2: --tls-verify-peer is for a server: it goes with --tls-cert and --tls-ca");
  EXPECT_EQ(wrong({"--retry", "1", "--no-retry"}), "2: --retry and --no-retry exclude each other");
  EXPECT_EQ(wrong({"--receive-only", "--send-only"}),
            "2: --receive-only and --send-only exclude each other");
  EXPECT_EQ(wrong({"--thru", "--send-only"}), "2: --thru and --send-only exclude each other");
  EXPECT_EQ(wrong({"--wire", "text", "--running-status"}),
            "2: --running-status goes with --wire raw");
}

TEST(TcpOptions, wrong_values) {
  const auto wrong = [](const std::string& option, const std::string& value) {
    return tcp({"--listen", "0", option, value});
  };
  EXPECT_EQ(wrong("--queue", "1"), "2: --queue '1': it is a whole number in 1024..1073741824");
  EXPECT_EQ(wrong("--max-peers", "0"), "2: --max-peers '0': it is a whole number in 1..1048576");
  EXPECT_EQ(wrong("--retry", "-1"), "2: --retry '-1': it is a whole number, 0 or more");
  EXPECT_EQ(wrong("--heartbeat", "0"), "2: --heartbeat '0': it is a number above 0");
  EXPECT_EQ(wrong("--slow", "wait"), "2: --slow 'wait': it is one of drop disconnect");
  EXPECT_EQ(wrong("--allow", "nobody"),
            "2: --allow 'nobody': it is an address or a network, such as 192.168.1.0/24");
}

} // namespace
} // namespace mm::tcp
