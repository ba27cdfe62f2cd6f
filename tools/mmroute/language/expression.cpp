#include "language/expression.hpp"

#include "language/attributes.hpp"

#include <algorithm>
#include <array>

namespace mm::route {

namespace {

// The argument of that place, if the event is of such a kind.
std::int32_t argument_if(bool has_it, const Event& event, int place) {
  return has_it ? event.arg[static_cast<std::size_t>(place)] : 0;
}

std::int32_t field_of(FieldName name, const Scope& scope) {
  if (name == FieldName::tempo) return scope.tempo;
  if (scope.event == nullptr) return 0;
  const Event& event = *scope.event;
  const Kind kind = event.kind;
  switch (name) {
  case FieldName::channel: return argument_if(info(kind).has_channel(), event, 0);
  case FieldName::note: return argument_if(has_key(kind), event, 1);
  case FieldName::velocity: return argument_if(is_note(kind), event, 2);
  case FieldName::pressure:
    return argument_if(kind == Kind::poly_pressure || kind == Kind::channel_pressure, event,
                       place_of_value(kind));
  case FieldName::controller: return argument_if(kind == Kind::control_change, event, 1);
  case FieldName::program: return argument_if(kind == Kind::program_change, event, 1);
  case FieldName::bend: return argument_if(kind == Kind::pitch_bend, event, 1);
  case FieldName::number: return argument_if(has_number(kind), event, place_of_number(kind));
  case FieldName::value: return argument_if(has_value(kind), event, place_of_value(kind));
  case FieldName::tempo: break;
  }
  return 0;
}

std::int32_t in_32_bits(std::int64_t number) {
  return static_cast<std::int32_t>(
      std::clamp<std::int64_t>(number, NumberSet::lowest, NumberSet::highest));
}

std::int32_t apply(Term::Op op, std::int64_t left, std::int64_t right) {
  switch (op) {
  case Term::Op::add: return in_32_bits(left + right);
  case Term::Op::subtract: return in_32_bits(left - right);
  case Term::Op::multiply: return in_32_bits(left * right);
  case Term::Op::divide: return right == 0 ? 0 : in_32_bits(left / right);
  case Term::Op::modulo: return right == 0 ? 0 : in_32_bits(left % right);
  default: return 0;
  }
}

} // namespace

std::int32_t evaluate(const Expression& expression, const Scope& scope) {
  // Each level of parentheses leaves two numbers that wait at most: one of a sum, one of a product.
  constexpr std::size_t most_waiting = 256;
  std::array<std::int32_t, most_waiting> stack; // NOLINT: only what was put there is read
  std::size_t size = 0;
  for (const Term& term : expression.terms) {
    switch (term.op) {
    case Term::Op::constant: stack[size++] = term.value; break;
    case Term::Op::field:
      stack[size++] = field_of(static_cast<FieldName>(term.value), scope);
      break;
    case Term::Op::variable:
      stack[size++] = scope.variables[static_cast<std::size_t>(term.value)];
      break;
    case Term::Op::negate: stack[size - 1] = in_32_bits(-std::int64_t{stack[size - 1]}); break;
    default:
      --size;
      stack[size - 1] = apply(term.op, stack[size - 1], stack[size]);
      break;
    }
  }
  return size == 0 ? 0 : stack[0];
}

} // namespace mm::route
