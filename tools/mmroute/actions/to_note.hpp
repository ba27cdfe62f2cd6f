// note N: values that play a note, and notes that become another one.
#pragma once

#include "language/syntax.hpp"
#include "world/node.hpp"
#include "world/table.hpp"

namespace mm::route {

// A value above 0 starts the note unless it sounds, 0 ends it. A note changes its key.
class ToNote final : public Node {
 public:
  ToNote(const Convert& convert, World& world, Taker& next)
      : Node(world, next), convert_(convert) {}

  void take(Message& message) override;
  void let_go() override;
  void rest() override;
  void release_port(PortId port) override;
  void forget() override;

 private:
  void take_note(Message& message);
  void take_value(Message& message);
  [[nodiscard]] int note_for(const Message& message);

  const Convert& convert_;
  bool is_over_ = false;     // it has been let go
  Table<std::int16_t> keys_; // of notes that are held: which one each has become
  Table<Message> sounding_;  // started by values, by what each came from
};

} // namespace mm::route
