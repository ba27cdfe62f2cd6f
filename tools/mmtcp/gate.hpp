// Who gets in from the network: where they may come from, and what is said of those who may not.
#pragma once

#include "address.hpp"
#include "io/clock.hpp"
#include "listener.hpp"
#include "options.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace mm::tcp {

class Gate {
 public:
  using Notice = std::function<void(const std::string&)>;

  Gate(const Options& options, Notice notice) : options_(options), notice_(std::move(notice)) {}

  // An error if everybody could come in by one of these sockets, and nobody has said that they may.
  [[nodiscard]] Outcome check(const std::vector<Listening>& sockets) const;

  // Whether somebody from there may come.
  [[nodiscard]] bool allows(const boost::asio::ip::tcp::endpoint& from) const;

  // Says that somebody does not get in; but those who try again and again fill no log.
  void refuse(const std::string& what);

  // How many did not get in.
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  const Options& options_;
  Notice notice_;
  Nanoseconds last_told_ = 0;
  std::uint64_t refused_ = 0;
};

} // namespace mm::tcp
