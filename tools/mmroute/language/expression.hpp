// {EXPRESSION}: a number that is worked out from the event in hand and from variables.
#pragma once

#include "language/syntax.hpp"

#include <cstdint>
#include <span>

namespace mm::route {

// What an expression may look at.
struct Scope {
  const Event* event = nullptr; // null: there is none ("enter"); all its fields are 0
  std::span<const std::int32_t> variables;
  std::int32_t tempo = 120;
};

// Fields that the event has not are 0; what is divided by 0 is 0; what is out of range of 32 bits
// is its end. No allocation.
std::int32_t evaluate(const Expression& expression, const Scope& scope);

inline std::int32_t evaluate(const Operand& operand, const Scope& scope) {
  return operand.is_constant() ? operand.number : evaluate(*operand.expression, scope);
}

} // namespace mm::route
