// TLS by OpenSSL: the module behind tls.hpp.
//
//   network ─▶ receive() ─▶ memory BIO ─▶ SSL_read() ─▶ plain
//   plain ─▶ SSL_write() ─▶ memory BIO ─▶ take_output() ─▶ network
#include "tls.hpp"

#include <openssl/err.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace mm::tcp {

namespace {

// Both sides derive the key from the secret as `sha256sum` does, so that `openssl s_client -psk`
// can be used with it. The name of the key is no secret.
constexpr const char* identity = "mmtools";

using Key = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

// The oldest error of OpenSSL's queue, which is emptied.
std::string last_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "the connection was cut";
  if (ERR_SYSTEM_ERROR(code)) return std::strerror(ERR_GET_REASON(code));
  const char* const reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "error " + std::to_string(code);
}

// What went wrong in a handshake, for those who know nothing of TLS.
std::string explain(SSL* ssl, bool has_secret) {
  const long verified = SSL_get_verify_result(ssl);
  const unsigned long code = ERR_peek_error();
  const int reason = ERR_GET_REASON(code);
  const std::string what = last_error();
  if (verified != X509_V_OK && !has_secret)
    return std::string("its certificate is not accepted: ") +
           X509_verify_cert_error_string(verified);
  switch (reason) {
  case SSL_R_BINDER_DOES_NOT_VERIFY:
  case SSL_R_PSK_IDENTITY_NOT_FOUND:
  case SSL_R_SSLV3_ALERT_ILLEGAL_PARAMETER:
  case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
  case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
  case SSL_R_TLSV1_ALERT_UNKNOWN_PSK_IDENTITY:
  case SSL_R_NO_SHARED_CIPHER:
  case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    if (has_secret) return "the secret is not the same on both sides (" + what + ")";
    break;
  case SSL_R_WRONG_VERSION_NUMBER:
  case SSL_R_HTTP_REQUEST:
  case SSL_R_UNSUPPORTED_PROTOCOL:
  case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION: return "it does not speak TLS 1.3 (" + what + ")";
  case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED: return "our certificate has expired, it says";
  case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
  case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
  case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    return "it does not accept our certificate (" + what + ")";
  case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return "it showed no certificate";
  case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    return "it asks for a certificate of ours (--tls-cert, --tls-key)";
  default: break;
  }
  return "TLS: " + what;
}

class OpenSslSession final : public TlsSession {
 public:
  OpenSslSession(SSL* ssl, bool has_secret) : ssl_(ssl), has_secret_(has_secret) {
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl, in_, out_); // owns both
  }

  Outcome receive(std::string_view bytes, std::string& plain) override {
    ERR_clear_error();
    BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
    return take(plain);
  }

  Outcome send(std::string_view plain) override {
    const int sent = SSL_write(ssl_.get(), plain.data(), static_cast<int>(plain.size()));
    return sent > 0 ? done() : Outcome(Error{"TLS: " + last_error()});
  }

  void close() override {
    if (is_open()) SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }

  std::string take_output() override {
    if (!has_begun_ && SSL_is_server(ssl_.get()) == 0) { // the client speaks first
      has_begun_ = true;
      SSL_do_handshake(ssl_.get());
      ERR_clear_error();
    }
    std::string bytes(BIO_ctrl_pending(out_), '\0');
    if (!bytes.empty()) BIO_read(out_, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
  }

  [[nodiscard]] std::size_t pending() const override { return BIO_ctrl_pending(out_); }

  [[nodiscard]] bool is_open() const override { return SSL_is_init_finished(ssl_.get()) == 1; }

  [[nodiscard]] bool is_at_end() const override {
    return (static_cast<unsigned>(SSL_get_shutdown(ssl_.get())) & SSL_RECEIVED_SHUTDOWN) != 0;
  }

 private:
  Outcome take(std::string& plain) {
    if (!is_open()) {
      const int result = SSL_do_handshake(ssl_.get());
      if (result != 1) {
        if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ) return done();
        return Error{explain(ssl_.get(), has_secret_)};
      }
    }
    std::array<char, 16384> buffer{};
    while (true) {
      const int got = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
      if (got > 0) {
        plain.append(buffer.data(), static_cast<std::size_t>(got));
        continue;
      }
      const int error = SSL_get_error(ssl_.get(), got);
      if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_ZERO_RETURN) return done();
      return Error{explain(ssl_.get(), has_secret_)};
    }
  }

  std::unique_ptr<SSL, Free> ssl_;
  bool has_secret_;
  bool has_begun_ = false;
  BIO* in_ = nullptr;
  BIO* out_ = nullptr;
};

class OpenSsl final : public Tls {
 public:
  Outcome start(const TlsSetup& setup, bool is_server) {
    context_.reset(SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method()));
    SSL_CTX* const context = context_.get();
    if (context == nullptr) return Error{"TLS: " + last_error()};
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_app_data(context, this);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_num_tickets(context, 0);
    if (is_server) // without a name of its own it takes no key; with one, a client does not
      SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(identity),
                                     static_cast<unsigned>(std::strlen(identity)));
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    if (!setup.secret.empty()) {
      has_secret_ = true;
      SHA256(reinterpret_cast<const unsigned char*>(setup.secret.data()), setup.secret.size(),
             key_.data());
      SSL_CTX_set_psk_server_callback(context, give_key_to_server);
      SSL_CTX_set_psk_client_callback(context, give_key_to_client);
      // A client must not fall back on a server that shows a certificate instead.
      if (!is_server) SSL_CTX_set_verify(context, SSL_VERIFY_PEER, refuse);
      return done();
    }
    if (const auto loaded = load_certificate(context, setup); !loaded) return loaded;
    return load_authority(context, setup, is_server);
  }

  std::unique_ptr<TlsSession> serve() override {
    SSL* const ssl = SSL_new(context_.get());
    SSL_set_accept_state(ssl);
    return std::make_unique<OpenSslSession>(ssl, has_secret_);
  }

  std::unique_ptr<TlsSession> connect(const std::string& host) override {
    SSL* const ssl = SSL_new(context_.get());
    SSL_set_connect_state(ssl);
    if (!has_secret_ && !host.empty()) {
      // An address is looked for among the certificate's addresses; a name is told to the server.
      if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) != 1) {
        SSL_set1_host(ssl, host.c_str());
        SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(host.c_str()));
      }
      ERR_clear_error();
    }
    return std::make_unique<OpenSslSession>(ssl, has_secret_);
  }

 private:
  static Outcome load_certificate(SSL_CTX* context, const TlsSetup& setup) {
    if (setup.certificate.empty()) return done();
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context, setup.certificate.c_str()) != 1)
      return Error{"--tls-cert " + setup.certificate + ": " + last_error(), exit_usage};
    if (SSL_CTX_use_PrivateKey_file(context, setup.key.c_str(), SSL_FILETYPE_PEM) != 1)
      return Error{"--tls-key " + setup.key + ": " + last_error(), exit_usage};
    if (SSL_CTX_check_private_key(context) != 1)
      return Error{"--tls-key " + setup.key + ": it does not belong to " + setup.certificate,
                   exit_usage};
    return done();
  }

  static Outcome load_authority(SSL_CTX* context, const TlsSetup& setup, bool is_server) {
    ERR_clear_error();
    if (setup.authority.empty())
      SSL_CTX_set_default_verify_paths(context);
    else if (SSL_CTX_load_verify_locations(context, setup.authority.c_str(), nullptr) != 1)
      return Error{"--tls-ca " + setup.authority + ": " + last_error(), exit_usage};
    int mode = SSL_VERIFY_NONE;
    if (!is_server) mode = SSL_VERIFY_PEER;
    if (is_server && setup.verify_peer) {
      mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
      if (!setup.authority.empty())
        SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(setup.authority.c_str()));
    }
    SSL_CTX_set_verify(context, mode, nullptr);
    return done();
  }

  static int refuse(int /*verified*/, X509_STORE_CTX* /*certificates*/) { return 0; }

  static OpenSsl& self(SSL* ssl) {
    return *static_cast<OpenSsl*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  }

  static unsigned give_key_to_server(SSL* ssl, const char* name, unsigned char* key,
                                     unsigned most) {
    if (name == nullptr || std::strcmp(name, identity) != 0) return 0;
    return give_key(ssl, key, most);
  }

  static unsigned give_key_to_client(SSL* ssl, const char* /*hint*/, char* name,
                                     unsigned most_of_name, unsigned char* key, unsigned most) {
    if (most_of_name <= std::strlen(identity)) return 0;
    std::strcpy(name, identity);
    return give_key(ssl, key, most);
  }

  static unsigned give_key(SSL* ssl, unsigned char* key, unsigned most) {
    const Key& ours = self(ssl).key_;
    if (most < ours.size()) return 0;
    std::copy(ours.begin(), ours.end(), key);
    return static_cast<unsigned>(ours.size());
  }

  std::unique_ptr<SSL_CTX, Free> context_;
  bool has_secret_ = false;
  Key key_{};
};

} // namespace

} // namespace mm::tcp

extern "C" __attribute__((visibility("default"))) bool
mm_open_tls(const mm::tcp::TlsSetup& setup, bool is_server, std::unique_ptr<mm::tcp::Tls>& tls,
            mm::Error& error) {
  auto made = std::make_unique<mm::tcp::OpenSsl>();
  const auto started = made->start(setup, is_server);
  if (!started) {
    error = started.error();
    return false;
  }
  tls = std::move(made);
  return true;
}
