#include "tls.hpp"

#include "io/module.hpp"

namespace mm::tcp {

Result<std::unique_ptr<Tls>> open_tls(const TlsSetup& setup, bool is_server) {
  const auto symbol = load_module("tls", "mm_open_tls", "TLS");
  if (!symbol) return symbol.error();
  auto* const open = reinterpret_cast<OpenTls*>(symbol.value());
  std::unique_ptr<Tls> tls;
  Error error;
  if (!open(setup, is_server, tls, error)) return error;
  return tls;
}

} // namespace mm::tcp
