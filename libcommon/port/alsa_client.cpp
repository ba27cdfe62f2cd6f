#include "port/alsa_client.hpp"

namespace mm::alsa {

namespace {

int load_config(snd_config_t* config) {
  static constexpr const char* text = "seq.hw { type hw }\n";
  snd_input_t* input = nullptr;
  int error = snd_input_buffer_open(&input, text, -1);
  if (error < 0) return error;
  error = snd_config_load(config, input);
  snd_input_close(input);
  return error;
}

// libasound prints what it thinks of it to stderr; we have our own words.
void be_quiet(const char* /*file*/, int /*line*/, const char* /*function*/, int /*error*/,
              const char* /*format*/, ...) {}

} // namespace

std::string to_string(const Address& address) {
  return std::to_string(address.client) + ':' + std::to_string(address.port);
}

Address to_address(const std::string& text) {
  return {std::stoi(text), std::stoi(text.substr(text.find(':') + 1))};
}

Error error_of(const std::string& what, int error) {
  return Error{what + ": " + snd_strerror(error)};
}

// The sequencer needs none of ALSA's configuration files, and reading them takes longer than all
// else that a short command does.
Result<Client> open_client(const std::string& name) {
  snd_lib_error_set_handler(be_quiet);
  snd_seq_t* client = nullptr;
  snd_config_t* config = nullptr;
  int error = snd_config_top(&config);
  if (error == 0) error = load_config(config);
  if (error == 0)
    error = snd_seq_open_lconf(&client, "hw", SND_SEQ_OPEN_DUPLEX, SND_SEQ_NONBLOCK, config);
  if (config != nullptr) snd_config_delete(config);
  if (error < 0) return error_of("ALSA sequencer: /dev/snd/seq", error);
  snd_seq_set_client_name(client, name.c_str());
  return Client(client);
}

int descriptor_of(snd_seq_t* client) {
  pollfd descriptor{};
  snd_seq_poll_descriptors(client, &descriptor, 1, POLLIN);
  return descriptor.fd;
}

} // namespace mm::alsa
