// The command transport, when it stays: it follows the transport, and drives it or others by it.
#pragma once

#include "transport.hpp"

#include <jack/jack.h>

namespace mm::jack {

// `act` is called once with the client, when it is active.
Ended conduct(const Transport& transport, Outcome (*act)(jack_client_t*, const Transport&));

} // namespace mm::jack
