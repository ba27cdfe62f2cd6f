// Notices files that change.
#pragma once

#include "event/result.hpp"
#include "io/descriptor.hpp"

#include <map>
#include <set>
#include <string>

namespace mm {

// Looks at folders, since editors put a new file in the place of the old one.
class FileWatch {
 public:
  FileWatch();

  Outcome add(const std::string& folder);

  // Readable when there may be changes.
  [[nodiscard]] int descriptor() const { return notify_.get(); }

  // Takes all that has changed; whether one of these files is among it.
  bool take_changes(const std::set<std::string>& files);

 private:
  Descriptor notify_; // inotify's
  std::map<int, std::string> folders_;
};

} // namespace mm
