// A row of ops in a rule, up to its end or to the next node.
#pragma once

#include "actions/op.hpp"
#include "world/node.hpp"
#include "world/table.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace mm::route {

class Segment final : public Node, private Sender {
 public:
  // What is left of a message goes to `next`, what is sent to `out`. `for_releases`: the rule is
  // one for note-offs, whose actions act on them.
  Segment(World& world, Taker& next, Taker& out, bool for_releases)
      : Node(world, next), out_(out), for_releases_(for_releases) {}

  // The text of the action is for --explain.
  void add(std::unique_ptr<Op> op, std::string_view text);
  [[nodiscard]] bool is_empty() const { return ops_.empty(); }

  void take(Message& message) override;
  void due(Message& message, std::uint32_t note) override;
  void forget() override;

 private:
  // What a note-on became, so that its note-off becomes the same.
  struct Way {
    Message message;
    Taker* to = nullptr;
    Nanoseconds after = 0; // it was sent for later
    std::uint32_t next = 0;
  };

  void run(std::size_t at, Message& message);
  void act_on(std::size_t at, Message& message);
  void send(Message& message, Nanoseconds after) override;
  void remember(const Message& message, Taker& to, Nanoseconds after);
  void follow(const Message& message);
  void end(const Way& way, const Message& off);
  bool take_release(const Message& message);

  Taker& out_;
  bool for_releases_;
  std::vector<std::unique_ptr<Op>> ops_;
  std::vector<std::string_view> texts_;
  bool is_pure_ = true;
  Table<std::uint32_t> ways_; // of notes that are held, each the first of a list in pool_
  std::vector<Way> pool_{1};  // the first one is none
  std::uint32_t free_ = 0;
  std::uint64_t recording_ = 0; // the key of the note-on in hand
  bool is_recording_ = false;
  bool is_following_ = false; // a note-off or poly pressure, which makes nothing act
};

} // namespace mm::route
