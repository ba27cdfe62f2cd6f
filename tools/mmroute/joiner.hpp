// Control changes that make up a wider value, joined where rules ask for cc14, rpn or nrpn.
#pragma once

#include "ports.hpp"
#include "syntax.hpp"
#include "wire/parameter.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace mm::route {

class Joiner {
 public:
  // What rules ask for by name, and no more what others have asked for. What is held has to be out
  // before.
  void want(const Script& script);

  // Whether anything is.
  [[nodiscard]] bool is_wanted() const { return joins_.cc14 || joins_.parameters; }
  // Whether something is held that the next event may go on with.
  [[nodiscard]] bool is_holding() const;

  // Calls `take` with each event that comes out of this one, and says whether it is that one as it
  // came. Events of several ports do not wait for each other.
  template <class Take> void feed(const Event& event, Take&& take) {
    Event kept = event;
    kept.port = ports_.name(ports_.number(event.port)); // may be held beyond the line
    for (const Event& one : decoder(ports_.number(event.port)).feed(kept)) take(one, one == kept);
  }
  // The same with what is held: no more comes, or not soon.
  template <class Take> void finish(Take&& take) {
    for (auto& [port, decoder] : decoders_)
      for (const Event& one : decoder.finish()) take(one);
  }

 private:
  ParameterDecoder& decoder(PortId port);

  ParameterDecoder::Joins joins_{false, false};
  Ports ports_;
  std::map<PortId, ParameterDecoder> decoders_;
};

} // namespace mm::route
