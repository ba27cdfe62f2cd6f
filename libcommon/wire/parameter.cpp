#include "wire/parameter.hpp"

#include "event/expand.hpp"

namespace mm {

namespace {

using namespace controller;

bool is_control_change(const Event& event) { return event.kind == Kind::control_change; }

bool is_selection(int number) { return number >= nrpn_low && number <= rpn_high; }

bool is_high_half(int number) { return number == nrpn_high || number == rpn_high; }

// The controller that completes a selection begun with `number`.
int other_half(int number) { return is_high_half(number) ? number - 1 : number + 1; }

} // namespace

bool ParameterDecoder::Selection::complete() const {
  constexpr int null = 127; // 127/127 is the null parameter: nothing is selected
  return high >= 0 && low >= 0 && !(high == null && low == null);
}

std::span<const Event> ParameterDecoder::feed(const Event& event) {
  out_count_ = 0;
  if (is_realtime(event.kind)) {
    put(event);
  } else if (!join(event)) {
    let_go();
    take(event);
  }
  return {out_.data(), out_count_};
}

std::span<const Event> ParameterDecoder::finish() {
  out_count_ = 0;
  let_go();
  return {out_.data(), out_count_};
}

// Whether it may be the first control change of several that make up a value.
bool ParameterDecoder::begins_value(const Event& event) {
  const int number = event.arg[1];
  if (is_selection(number)) return joins_.parameters;
  if (number >= low_half) return false;
  return joins_.cc14.test(static_cast<std::size_t>(number)) ||
         (number == data_entry && selection(event).complete());
}

// With nothing held: holds `event`, or passes it, or what it stands for.
void ParameterDecoder::take(const Event& event) {
  if (!is_control_change(event)) return put(event);
  const int number = event.arg[1];
  const Selection& selected = selection(event);
  if (begins_value(event)) return hold(event);
  if (number == data_entry_low && selected.complete() && selected.value >= 0)
    return put_entry(event, (selected.value & ~0x7f) | event.arg[2]);
  put(event);
}

// Whether `event` goes on with what is held; then it is taken.
bool ParameterDecoder::join(const Event& event) {
  if (held_count_ == 0 || !is_control_change(event)) return false;
  const Event& last = held_[held_count_ - 1];
  if (event.channel() != last.channel()) return false;
  const int number = event.arg[1];
  const int before = last.arg[1];

  if (is_selection(before)) {
    const bool second_half = held_count_ == 1 && number == other_half(before);
    const bool entry = held_count_ == 2 && number == data_entry;
    if (!second_half && !entry) return false;
    hold(event);
    if (second_half) {
      select(held_[0]);
      select(held_[1]);
      if (!selection(event).complete()) let_go();
    }
    return true;
  }
  if (number != before + low_half) return false;
  const int value = last.arg[2] << 7 | event.arg[2];
  if (before == data_entry && selection(event).complete())
    put_entry(event, value);
  else
    put_wide(event, Kind::cc14, before, value);
  held_count_ = 0;
  return true;
}

// Takes note of one half of a selection.
void ParameterDecoder::select(const Event& event) {
  Selection& selected = selection(event);
  const int number = event.arg[1];
  const Kind kind = number >= rpn_low ? Kind::rpn : Kind::nrpn;
  if (selected.kind != kind) selected = {};
  selected.kind = kind;
  selected.value = -1;
  (is_high_half(number) ? selected.high : selected.low) = event.arg[2];
}

// What is held becomes what it is without another message: data entry of seven bits sets the
// upper ones; all else passes as it came.
void ParameterDecoder::let_go() {
  if (held_count_ == 0) return;
  const Event& last = held_[held_count_ - 1];
  if (held_count_ == 1 && is_selection(last.arg[1])) select(last);
  if (last.arg[1] == data_entry && selection(last).complete()) {
    put_entry(last, last.arg[2] << 7);
  } else {
    for (std::size_t i = 0; i < held_count_; ++i) put(held_[i]);
  }
  held_count_ = 0;
}

void ParameterDecoder::put_wide(Event event, Kind kind, int number, int value) {
  event.kind = kind;
  event.arg[1] = static_cast<std::int16_t>(number);
  event.arg[2] = static_cast<std::int16_t>(value);
  put(event);
}

void ParameterDecoder::put_entry(const Event& last, int value) {
  Selection& selected = selection(last);
  selected.value = value;
  put_wide(last, selected.kind, selected.number(), value);
}

} // namespace mm
