#include "gate.hpp"

#include <algorithm>

namespace mm::tcp {

Outcome Gate::check(const std::vector<Listening>& sockets) const {
  if (!options_.allow.empty() || options_.tls || options_.insecure) return done();
  for (const Listening& socket : sockets)
    if (socket.is_public)
      return Error{socket.name + " can be reached by everybody in the network.\n"
                                 "Say who may come: --allow 192.168.1.0/24, or --secret FILE or "
                                 "--tls-cert and --tls-key; or --insecure",
                   exit_usage};
  return done();
}

bool Gate::allows(const boost::asio::ip::tcp::endpoint& from) const {
  return options_.allow.empty() ||
         std::any_of(options_.allow.begin(), options_.allow.end(),
                     [&](const Network& network) { return network.contains(from.address()); });
}

void Gate::refuse(const std::string& what) {
  ++refused_;
  const Nanoseconds current = now();
  if (last_told_ != 0 && current - last_told_ < second) return;
  last_told_ = current;
  notice_(what);
}

} // namespace mm::tcp
