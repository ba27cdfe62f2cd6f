#include "actions/segment.hpp"

#include "language/attributes.hpp"
#include "world/values.hpp"

#include <utility>

namespace mm::route {

void Segment::add(std::unique_ptr<Op> op, std::string_view text) {
  is_pure_ &= op->is_pure();
  ops_.push_back(std::move(op));
  texts_.push_back(text);
}

void Segment::take(Message& message) {
  const bool is_on = is_note_on(message);
  is_following_ = message.follows || (!is_on && !for_releases_ && is_note_off(message));
  if (is_pure_) return run(0, message);
  if (is_on) {
    recording_ = key_of(message);
    ways_[recording_]; // also of one that ends here: then its note-off does as well
    is_recording_ = true;
    run(0, message);
    is_recording_ = false;
    return;
  }
  if (has_key(message.event.kind) && take_release(message)) return;
  run(0, message);
}

// A note-off or poly pressure of a note that went through here.
bool Segment::take_release(const Message& message) {
  if (ways_.find(key_of(message)) == nullptr) return false;
  follow(message);
  return true;
}

void Segment::run(std::size_t at, Message& message) {
  for (; at < ops_.size(); ++at) {
    Op& op = *ops_[at];
    if (is_following_ && op.acts()) continue;
    const unsigned copies = op.copies();
    if (copies != 1) {
      for (unsigned i = 0; i < copies; ++i) {
        Message copy = message;
        if (!op.apply(i, copy, *this)) continue;
        copy.is_changed |= i > 0;
        if (Tracer* const tracer = world().tracer()) tracer->action(texts_[at], copy);
        run(at + 1, copy);
      }
      return;
    }
    const bool goes_on = op.apply(0, message, *this);
    if (Tracer* const tracer = world().tracer()) {
      if (goes_on)
        tracer->action(texts_[at], message);
      else
        tracer->end(texts_[at]);
    }
    if (!goes_on) return op.is_drop() ? act_on(at + 1, message) : void();
  }
  // What a note has become ends with it, whatever it is.
  if (is_recording_ && (is_note_on(message) || !is_note(message.event.kind)))
    remember(message, next(), 0);
  pass(message);
}

// What acts behind a "drop".
void Segment::act_on(std::size_t at, Message& message) {
  if (is_following_) return;
  for (; at < ops_.size(); ++at)
    if (ops_[at]->acts()) ops_[at]->apply(0, message, *this);
}

void Segment::send(Message& message, Nanoseconds after) {
  if (Tracer* const tracer = world().tracer()) tracer->action("send", message);
  // Of what a note has sent beside only notes end with it.
  if (is_recording_ && is_note_on(message)) remember(message, out_, after);
  if (after > 0) return later(after, message);
  out_.take(message);
}

void Segment::due(Message& message, std::uint32_t /*note*/) { out_.take(message); }

void Segment::remember(const Message& message, Taker& to, Nanoseconds after) {
  std::uint32_t& first = ways_[recording_];
  for (std::uint32_t at = first; at != 0; at = pool_[at].next) {
    const Way& way = pool_[at];
    if (way.to == &to && way.after == after && way.message.port == message.port &&
        way.message.event.kind == message.event.kind &&
        way.message.event.arg[0] == message.event.arg[0] &&
        way.message.event.arg[1] == message.event.arg[1])
      return; // the same key once more
  }
  std::uint32_t at = free_;
  if (at != 0) {
    free_ = pool_[at].next;
  } else {
    at = static_cast<std::uint32_t>(pool_.size());
    pool_.emplace_back();
  }
  pool_[at] = {message, &to, after, 0};
  pool_[at].message.event.data = {};
  // In their order: those of a chord are released as they were pressed.
  std::uint32_t* last = &first;
  while (*last != 0) last = &pool_[*last].next;
  *last = at;
}

void Segment::follow(const Message& message) {
  const std::uint64_t key = key_of(message);
  const bool ends = is_note_off(message);
  std::uint32_t at = *ways_.find(key);
  if (ends) ways_.erase(key);
  while (at != 0) {
    const Way way = pool_[at];
    if (ends) {
      pool_[at].next = free_;
      free_ = at;
    }
    end(way, message);
    at = way.next;
  }
}

// The note-off (or poly pressure) goes that way.
void Segment::end(const Way& way, const Message& off) {
  Message message = way.message;
  message.is_changed = true;
  message.follows = off.follows;
  if (way.message.event.kind == Kind::note_on) {
    message.event.kind = off.event.kind;
    message.event.arg[2] = off.event.arg[2];
  } else {
    const Kind kind = message.event.kind;
    if (kind == Kind::program_change) return;
    const auto value = static_cast<std::size_t>(place_of_value(kind));
    const int pressure = is_note_off(off) ? 0 : value_of(off.event);
    message.event.arg[value] = static_cast<std::int16_t>(rescale(pressure, off.event.kind, kind));
  }
  if (way.after > 0) return later(way.after, message);
  way.to->take(message);
}

void Segment::forget() {
  ways_.clear();
  pool_.resize(1);
  free_ = 0;
}

} // namespace mm::route
