#include "io/file_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace mm {

FileWatch::FileWatch() : notify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {}

Outcome FileWatch::add(const std::string& folder) {
  const int watch =
      ::inotify_add_watch(notify_.get(), folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO);
  if (watch < 0) return Error{folder + ": " + std::strerror(errno)};
  folders_[watch] = folder;
  return done();
}

bool FileWatch::take_changes(const std::set<std::string>& files) {
  alignas(inotify_event) std::array<char, 4096> buffer{};
  bool changed = false;
  ssize_t got = 0;
  while ((got = ::read(notify_.get(), buffer.data(), buffer.size())) > 0)
    for (ssize_t at = 0; at < got;) {
      const auto* const event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      // Of what came while the queue was full nobody knows: so it may have been one of these.
      changed |= (event->mask & IN_Q_OVERFLOW) != 0;
      changed |= event->len > 0 && files.contains(folders_[event->wd] + '/' + event->name);
      at += static_cast<ssize_t>(sizeof *event + event->len);
    }
  return changed;
}

} // namespace mm
