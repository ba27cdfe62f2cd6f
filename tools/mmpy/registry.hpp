// What the scripts have registered: handlers, descriptors to watch, and what is called at the start
// and the end.
#pragma once

#include "filter.hpp"
#include "ref.hpp"

#include <array>
#include <memory>
#include <vector>

namespace mm::py {

struct Handler {
  Ref function;
  Filter filter;
  std::size_t place = 0;      // in the order of registration
  bool is_expression = false; // the code of -e
};

struct Watched {
  Ref object;
  Ref function;
  int fd = -1;
};

class Registry {
 public:
  Handler& add(Ref function, Filter filter, bool is_expression = false) {
    handlers_.push_back(std::make_unique<Handler>(
        Handler{std::move(function), std::move(filter), handlers_.size(), is_expression}));
    Handler& added = *handlers_.back();
    for (std::size_t kind = 0; kind < kind_count; ++kind)
      if (added.filter.kinds[kind]) by_kind_[kind].push_back(&added);
    return added;
  }

  // The first one, from a place in their order on, that takes the event; null: none does.
  [[nodiscard]] const Handler* find(const Event& event, std::size_t from) const {
    const auto kind = static_cast<std::size_t>(event.kind);
    for (const Handler* handler : by_kind_[kind])
      if (handler->place >= from && handler->filter.of[kind].takes(event)) return handler;
    return nullptr;
  }

  std::vector<Watched> watches;
  std::vector<Ref> at_start;
  std::vector<Ref> at_exit;
  Ref commands; // a dict: name -> function; none: an empty one

 private:
  std::vector<std::unique_ptr<Handler>> handlers_;
  std::array<std::vector<const Handler*>, kind_count> by_kind_;
};

} // namespace mm::py
