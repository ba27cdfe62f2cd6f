// An action that is done at once, and remembers nothing that matters to notes.
#pragma once

#include "language/syntax.hpp"
#include "world/message.hpp"
#include "world/world.hpp"

#include <memory>

namespace mm::route {

// What actions ask of all rules together.
class Control : public Interface {
 public:
  // When what is handled is through.
  virtual void choose_scene(std::uint32_t scene) = 0;
  virtual void panic() = 0;
  [[nodiscard]] virtual std::uint32_t scene() const = 0;
  [[nodiscard]] virtual std::uint32_t scene_count() const = 0;
};

// What actions ask of the rule that they are in.
class Sender : public Interface {
 public:
  // Sends a message out of the group, that much later.
  virtual void send(Message& message, Nanoseconds after) = 0;
};

class Op : public Interface {
 public:
  // How many copies it makes of a message: 1 for most.
  [[nodiscard]] virtual unsigned copies() const { return 1; }
  // Makes of the message its copy of that number, from 0. False: it ends here.
  virtual bool apply(unsigned copy, Message& message, Sender& sender) = 0;
  // Whether it is the end of any message, and what acts behind it acts nevertheless.
  [[nodiscard]] virtual bool is_drop() const { return false; }
  // Whether the port, channel and note that it makes follow from those that come in alone: then a
  // note-off becomes what its note-on has become.
  [[nodiscard]] virtual bool is_pure() const { return true; }
  // Whether it does something beside (sends, sets), which a note-off that follows its note-on is no
  // reason for.
  [[nodiscard]] virtual bool acts() const { return false; }
};

// The op of an action that has one. `for_releases`: the rule is one for note-offs.
std::unique_ptr<Op> make_op(const Action& action, World& world, Control& control,
                            bool for_releases);

} // namespace mm::route
