// Control changes that make up a wider value, joined where rules ask for cc14, rpn or nrpn.
#pragma once

#include "language/syntax.hpp"
#include "wire/parameter.hpp"
#include "world/ports.hpp"

#include <limits>
#include <map>
#include <optional>
#include <vector>

namespace mm::route {

class Joiner {
 public:
  // How long a control change waits for the others that it may make up a value with.
  static constexpr Nanoseconds patience = 20'000'000;

  // What rules ask for by name, and no more what others have asked for. What is held has to be out
  // before.
  void want(const Script& script);

  // Whether anything is.
  [[nodiscard]] bool is_wanted() const { return joins_.cc14.any() || joins_.parameters; }
  // When something that is held has waited for long enough; none: nothing is held.
  [[nodiscard]] std::optional<Nanoseconds> next() const {
    if (holding_.empty()) return {};
    return holding_.front().since + patience;
  }

  // Calls `take` with each event that comes out of this one, which came at `now`, and says whether
  // it is that one as it came. Events of several ports do not wait for each other.
  template <class Take> void feed(const Event& event, Nanoseconds now, Take&& take) {
    const PortId port = ports_.number(event.port);
    Event kept = event;
    kept.port = ports_.name(port); // may be held beyond the line
    ParameterDecoder& decoder = this->decoder(port);
    const bool was_holding = decoder.holding();
    const auto out = decoder.feed(kept);
    const bool begins = !was_holding || (!out.empty() && !is_realtime(event.kind));
    if (was_holding && (begins || !decoder.holding())) remove(port);
    if (decoder.holding() && begins) holding_.push_back({port, now});
    if (event.time_form == TimeForm::relative) owed_ += event.time;
    for (const Event& one : out) take(in_time(one), one == kept);
  }
  // The same with what has been held for long enough at `now`, the oldest first.
  template <class Take> void let_go(Nanoseconds now, Take&& take) {
    while (!holding_.empty() && holding_.front().since + patience <= now) {
      const PortId port = holding_.front().port;
      remove(port);
      for (const Event& one : decoder(port).finish()) take(in_time(one));
    }
  }
  // The same with all that is held.
  template <class Take> void finish(Take&& take) {
    let_go(std::numeric_limits<Nanoseconds>::max(), take);
  }

 private:
  struct Holding {
    PortId port;
    Nanoseconds since;
  };

  ParameterDecoder& decoder(PortId port);
  void remove(PortId port);
  Event in_time(const Event& event);

  ParameterDecoder::Joins joins_{{}, false};
  Ports ports_;
  std::map<PortId, ParameterDecoder> decoders_;
  std::vector<Holding> holding_; // the oldest first
  Nanoseconds owed_ = 0;         // of relative times, what did not come out yet
};

} // namespace mm::route
