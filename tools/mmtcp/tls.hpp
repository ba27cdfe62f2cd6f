// TLS 1.3 as a codec: bytes of the network in, bytes of the peer out, and the other way round. It
// lives in a module of its own, since only some need OpenSSL, and loading it takes longer than
// all the rest of a start.
#pragma once

#include "event/interface.hpp"
#include "event/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace mm::tcp {

struct TlsSetup {
  std::string certificate;  // a file (PEM): ours, with what leads to its authority
  std::string key;          // a file (PEM)
  std::string authority;    // a file (PEM) of those whose certificates count; empty: the system's
  std::string secret;       // a key that both sides know; then there are no certificates
  bool verify_peer = false; // a server asks its clients for a certificate
};

// One connection. After each call take_output() gives what is to be sent.
class TlsSession : public Interface {
 public:
  // Takes bytes of the network, and adds what they hold of the peer's to `plain`. An error ends
  // the connection: it says what is wrong in words for a person.
  virtual Outcome receive(std::string_view bytes, std::string& plain) = 0;

  // Takes bytes for the peer, once is_open().
  virtual Outcome send(std::string_view plain) = 0;

  // Tells the peer that nothing follows.
  virtual void close() = 0;

  virtual std::string take_output() = 0;
  // Bytes that it has to give.
  [[nodiscard]] virtual std::size_t pending() const = 0;

  // Whether the handshake is done, and the peer is who it has to be.
  [[nodiscard]] virtual bool is_open() const = 0;

  // Whether the peer has said that nothing follows.
  [[nodiscard]] virtual bool is_at_end() const = 0;
};

class Tls : public Interface {
 public:
  // The side that was connected to.
  virtual std::unique_ptr<TlsSession> serve() = 0;
  // The side that connects; `host` is the name or the address that the certificate has to have.
  virtual std::unique_ptr<TlsSession> connect(const std::string& host) = 0;
};

// What the module exports, as "mm_open_tls". `is_server`: sessions will be made by serve().
using OpenTls = bool(const TlsSetup& setup, bool is_server, std::unique_ptr<Tls>& tls,
                     Error& error);

Result<std::unique_ptr<Tls>> open_tls(const TlsSetup& setup, bool is_server);

} // namespace mm::tcp
