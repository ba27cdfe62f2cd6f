#include "port/jack_client.hpp"

#include <cstdlib>
#include <ctime>

namespace mm {

namespace {

// libjack prints what it thinks of it to stderr; we have our own words.
void be_quiet(const char* /*text*/) {}

} // namespace

std::string describe_jack_server(const std::string& name) {
  const char* const usual = std::getenv("JACK_DEFAULT_SERVER");
  return "the JACK server '" +
         (!name.empty()      ? name
          : usual != nullptr ? std::string(usual)
                             : std::string("default")) +
         "'";
}

Result<JackClient> join_jack(const std::string& client, const std::string& server) {
  jack_set_error_function(be_quiet);
  jack_set_info_function(be_quiet);
  const auto most = static_cast<std::size_t>(jack_client_name_size()) - 1;
  if (client.size() > most)
    return Error{"client '" + client + "': JACK takes names of up to " + std::to_string(most) +
                     " bytes",
                 exit_usage};
  // A server that is there but busy refuses now and then.
  constexpr int tries = 20;
  constexpr timespec pause{0, 50'000'000};
  jack_status_t status{};
  JackClient joined;
  for (int i = 0; i < tries && !joined; ++i) {
    if (i > 0) ::nanosleep(&pause, nullptr);
    joined.reset(server.empty() ? jack_client_open(client.c_str(), JackNoStartServer, &status)
                                : jack_client_open(
                                      client.c_str(),
                                      static_cast<JackOptions>(JackNoStartServer | JackServerName),
                                      &status, server.c_str()));
    if ((status & JackServerFailed) != 0) break;
  }
  if (joined) return joined;
  return Error{describe_jack_server(server).substr(4) + ": " +
               ((status & JackServerFailed) != 0 ? "not running" : "cannot be joined")};
}

} // namespace mm
