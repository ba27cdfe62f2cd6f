// The way into a JACK server.
#pragma once

#include "event/result.hpp"

#include <jack/jack.h>

#include <memory>
#include <string>

namespace mm {

struct CloseJackClient {
  void operator()(jack_client_t* client) const { jack_client_close(client); }
};
using JackClient = std::unique_ptr<jack_client_t, CloseJackClient>;

// "the JACK server 'NAME'". Without a name it is that of JACK_DEFAULT_SERVER, or "default".
std::string describe_jack_server(const std::string& name = {});

// Joins a server that runs; starts none. From now on libjack prints nothing. Where the name is
// taken, JACK makes another one of it ("NAME-01").
Result<JackClient> join_jack(const std::string& client, const std::string& server = {});

} // namespace mm
