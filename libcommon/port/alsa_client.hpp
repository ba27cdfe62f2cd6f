// A client of ALSA's sequencer, and what all parts of the backend say about it.
#pragma once

#include "event/result.hpp"

#include <alsa/asoundlib.h>

#include <memory>
#include <string>

namespace mm::alsa {

struct Address {
  int client = 0;
  int port = 0;
  friend auto operator<=>(const Address&, const Address&) = default;
};

// As in "aconnect": CLIENT:PORT.
std::string to_string(const Address& address);
Address to_address(const std::string& text);

Error error_of(const std::string& what, int error);

struct Close {
  void operator()(snd_seq_t* client) const { snd_seq_close(client); }
};
using Client = std::unique_ptr<snd_seq_t, Close>;

// A client of that name, whose calls do not wait.
Result<Client> open_client(const std::string& name);

// Readable when something came in.
int descriptor_of(snd_seq_t* client);

} // namespace mm::alsa
