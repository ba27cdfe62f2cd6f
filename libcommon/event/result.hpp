// How the libraries return what may fail: a value, or an Error whose text a person can read.
#pragma once

#include "event/exit.hpp"

#include <boost/outcome/result.hpp>

#include <string>

namespace mm {

struct Error {
  std::string what;         // "what: why", without the tool's name
  int status = exit_failed; // the exit status it deserves
};

// `if (!r) return r.error();`, then `r.value()`. Reading the wrong side is a programming error.
template <class T>
using Result = boost::outcome_v2::basic_result<T, Error, boost::outcome_v2::policy::all_narrow>;

using Outcome = Result<void>;
inline Outcome done() { return boost::outcome_v2::success(); }

} // namespace mm
