#include "tables/specialise.hpp"

#include "language/attributes.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace mm::route::lookup {

namespace {

using Op = Pattern::Op;

constexpr std::int64_t lowest = NumberSet::lowest;
constexpr std::int64_t highest = NumberSet::highest;

constexpr ConditionId constant(bool value) { return value ? always : never; }

// An argument of a kind. The velocity of a note-on is above 0: with 0 it is a note-off.
Dimension argument(Kind kind, int place) {
  const Field& field = info(kind).field[static_cast<std::size_t>(place)];
  const bool is_velocity = kind == Kind::note_on && place == place_of_value(kind);
  return {static_cast<Source>(place), 0, is_velocity ? 1 : field.min, field.max};
}

} // namespace

ConditionId Specialiser::test(const Dimension& dimension, std::span<const std::int64_t> set,
                              bool is_negated) {
  intersect(set, std::array{dimension.first, dimension.last}, within_);
  if (is_negated) {
    complement(within_, dimension.first, dimension.last, set_);
    set_.swap(within_);
  }
  return conditions_.test(conditions_.dimension(dimension), within_);
}

ConditionId Specialiser::test(const Dimension& dimension, const NumberSet& numbers,
                              bool is_negated) {
  set_.clear();
  for (const NumberSet::Range& range : numbers.ranges())
    set_.insert(set_.end(), {range.first, range.last});
  return test(dimension, set_, is_negated);
}

ConditionId Specialiser::field(const Pattern& pattern, Kind kind, int place, bool is_negated) {
  return place < 0 ? constant(is_negated)
                   : test(argument(kind, place), pattern.numbers, is_negated);
}

// The value is on one side of the threshold, the one before on the other.
ConditionId Specialiser::crossing(const Pattern& pattern, Kind kind, bool is_negated) {
  if (!has_value(kind) || pattern.numbers.is_empty()) return constant(is_negated);
  const std::int64_t threshold = pattern.numbers.ranges().front().first;
  const Dimension value = argument(kind, place_of_value(kind));
  const Dimension before{Source::before, 0, lowest, highest};
  const auto from_threshold = [&](const Dimension& dimension, bool is_above) {
    return test(dimension, std::array{threshold, highest}, is_above == is_negated);
  };
  const bool rises = pattern.op == Op::rises;
  const ConditionId parts[] = {from_threshold(value, rises), from_threshold(before, !rises)};
  return is_negated ? conditions_.any_of(parts) : conditions_.all_of(parts);
}

ConditionId Specialiser::bytes(const Pattern& pattern, bool is_negated) {
  std::vector<ConditionId> parts;
  const auto add = [&](std::size_t place, std::int64_t first, std::int64_t last) {
    const Dimension dimension{Source::byte, static_cast<std::uint32_t>(place), 0, no_byte};
    parts.push_back(test(dimension, std::array{first, last}, is_negated));
  };
  for (std::size_t i = 0; i < pattern.bytes.size(); ++i) {
    const std::int16_t byte = pattern.bytes[i];
    if (byte >= 0)
      add(i, byte, byte);
    else
      add(i, 0, no_byte - 1);
  }
  if (!pattern.is_open) add(pattern.bytes.size(), no_byte, no_byte);
  return is_negated ? conditions_.any_of(parts) : conditions_.all_of(parts);
}

ConditionId Specialiser::named(const Pattern& pattern, const Names& names, Source source,
                               bool is_negated) {
  const auto [first, last] = names.range(pattern.text, pattern.is_prefix && source == Source::port);
  if (last == Names::none) return constant(is_negated);
  return test({source, 0, Names::none, names.last()}, std::array<std::int64_t, 2>{first, last},
              is_negated);
}

ConditionId Specialiser::held(const Pattern& pattern, bool is_negated) {
  const Nanoseconds least = std::max<Nanoseconds>(pattern.least, 0);
  if (pattern.most < least) return constant(is_negated);
  return test({Source::held, 0, -1, std::numeric_limits<Nanoseconds>::max()},
              std::array{least, pattern.most}, is_negated);
}

ConditionId Specialiser::joined(const Pattern& pattern, Kind kind, bool is_negated) {
  const bool is_all = (pattern.op == Op::and_) != is_negated;
  std::vector<ConditionId> parts;
  for (const Pattern& part : pattern.of) {
    parts.push_back(condition(part, kind, is_negated));
    if (parts.back() == constant(!is_all)) return parts.back();
  }
  return is_all ? conditions_.all_of(parts) : conditions_.any_of(parts);
}

ConditionId Specialiser::condition(const Pattern& pattern, Kind kind, bool is_negated) {
  switch (pattern.op) {
  case Op::any:
  case Op::other: return constant((kind != Kind::meta) != is_negated);
  case Op::kinds: return constant(pattern.kinds.test(static_cast<std::size_t>(kind)) != is_negated);
  case Op::channel: return field(pattern, kind, info(kind).has_channel() ? 0 : -1, is_negated);
  case Op::number: return field(pattern, kind, place_of_number(kind), is_negated);
  case Op::value: return field(pattern, kind, place_of_value(kind), is_negated);
  case Op::port: return named(pattern, ports_, Source::port, is_negated);
  case Op::variable:
    return test({Source::variable, pattern.variable, lowest, highest}, pattern.numbers, is_negated);
  case Op::bytes: return kind == Kind::sysex ? bytes(pattern, is_negated) : constant(is_negated);
  case Op::meta:
    return kind == Kind::meta ? named(pattern, metas_, Source::name, is_negated)
                              : constant(is_negated);
  case Op::rises:
  case Op::falls: return crossing(pattern, kind, is_negated);
  case Op::held: return can_end_hold(kind) ? held(pattern, is_negated) : constant(is_negated);
  case Op::not_: return condition(pattern.of.front(), kind, !is_negated);
  case Op::and_:
  case Op::or_: return joined(pattern, kind, is_negated);
  }
  return never;
}

} // namespace mm::route::lookup
