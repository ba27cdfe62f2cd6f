#include "actions/nodes.hpp"

#include "actions/node_parts.hpp"

#include <variant>

namespace mm::route {

namespace {

// The actions that node_parts.hpp knows how to make a node of.
template <class Form>
concept HasNode = requires(const Form& form, World& world, Taker& next) {
  make(form, world, next);
};

} // namespace

std::unique_ptr<Node> make_node(const Action& action, World& world, Taker& next) {
  return std::visit(
      [&]<class Form>(const Form& form) -> std::unique_ptr<Node> {
        if constexpr (HasNode<Form>)
          return make(form, world, next);
        else
          return nullptr;
      },
      action.form);
}

bool needs_node(const Action& action) {
  return std::visit([]<class Form>(const Form&) { return HasNode<Form>; }, action.form);
}

} // namespace mm::route
