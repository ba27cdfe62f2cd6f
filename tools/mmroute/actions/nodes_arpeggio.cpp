// arp: plays the notes that are held one after another.
#include "actions/node_parts.hpp"

#include <algorithm>

namespace mm::route {

namespace {

// Takes note-ons and note-offs, and plays what is held of them: one note each step, from when the
// first key goes down until the last one is up; the note that sounds then ends at its time. All
// ports and channels play together, each note on its own; of notes that are the same the one that
// was pressed first comes first. Higher octaves come after the notes themselves (`down`: before),
// as far as there are such notes. `up-down` plays its ends once.
//
// A key that is pressed while others are down joins in; the place in the order goes on from where
// it was. Poly pressure of a held note goes to it while it sounds, in whichever octave.
//
// Steps are never shorter than a millisecond, and no more than 1024 keys are held.
class ArpeggioNode final : public Node {
 public:
  ArpeggioNode(const Arpeggio& action, World& world, Taker& next)
      : Node(world, next), action_(action) {}

  void take(Message& message) override {
    if (is_note_on(message)) return press(message);
    if (!has_key(message.event.kind)) return pass(message);
    const auto key = find(message);
    if (key == held_.end()) return pass(message);
    if (is_note_off(message)) {
      held_.erase(key);
      if (held_.empty()) stop();
    } else if (sounding_ != 0 && sounding_key_ == key_of(message)) {
      message.is_changed |= message.event.arg[1] != note_.event.arg[1];
      message.event.arg[1] = note_.event.arg[1];
      pass(message);
    }
  }

  // A step, or the end of a note.
  void due(Message& message, std::uint32_t note) override {
    if (note == running_ && note != 0)
      step();
    else if (note == sounding_ && note != 0)
      end(message);
  }

  // All keys are silent from now on: it might never end.
  void let_go() override {
    is_over_ = true;
    stop();
    if (sounding_ != 0) end(note_);
  }

  void forget() override {
    stop();
    held_.clear();
    sounding_ = 0;
  }

 private:
  static constexpr std::size_t most_held = 1024;

  struct Candidate {
    std::size_t key = 0; // of held_
    int note = 0;
  };

  std::vector<Message>::iterator find(const Message& message) {
    const std::uint64_t key = key_of(message);
    return std::find_if(held_.begin(), held_.end(),
                        [&](const Message& held) { return key_of(held) == key; });
  }

  void press(Message& note_on) {
    if (const auto key = find(note_on); key != held_.end())
      *key = note_on;
    else if (held_.size() < most_held)
      held_.push_back(note_on);
    if (is_over_ || running_ != 0 || held_.empty()) return;
    place_ = 0;
    running_ = next_number();
    step();
  }

  void stop() { running_ = 0; }

  // Numbers of steps and of notes, so that what waits of former ones is known for such.
  std::uint32_t next_number() { return ++numbers_ != 0 ? numbers_ : ++numbers_; }

  void step() {
    const Nanoseconds span =
        std::max<Nanoseconds>(world().tempo().span(action_.step), second / 1000);
    Message former = note_;
    const bool is_sounding = sounding_ != 0;
    choose();
    // What waits for the same time comes in this order: first the note ends.
    const double part = std::clamp(action_.gate, 0.0, 1.0);
    later(static_cast<Nanoseconds>(part * static_cast<double>(span)), note_, sounding_);
    later(span, note_, running_, false);
    Message note_on = note_;
    const std::uint32_t number = sounding_;
    if (is_sounding) release(former);
    if (sounding_ == number) pass(note_on); // else a panic has come between
  }

  // Makes the next note the one that sounds.
  void choose() {
    list();
    const std::size_t count = candidates_.size();
    const bool turns = action_.style == Arpeggio::Style::up_down && count > 1;
    const std::size_t period = turns ? 2 * count - 2 : count;
    std::size_t place = place_ % period;
    place_ = place + 1;
    if (place >= count) place = period - place;
    if (action_.style == Arpeggio::Style::random) place = world().chance().up_to(count - 1);
    const Candidate& chosen = candidates_[place];
    note_ = held_[chosen.key];
    sounding_key_ = key_of(note_);
    sounding_ = next_number();
    note_.is_changed = true;
    note_.event.arg[1] = static_cast<std::int16_t>(chosen.note);
  }

  // What is to be played, in its order; never nothing, as there are keys.
  void list() {
    constexpr int octave = 12;
    const auto is_first = [&](const Candidate& a, const Candidate& b) {
      return action_.style == Arpeggio::Style::down ? a.note > b.note : a.note < b.note;
    };
    candidates_.clear();
    for (int i = 0; i < std::max(action_.octaves, 1); ++i) {
      const bool is_down = action_.style == Arpeggio::Style::down;
      const int up = octave * (is_down ? std::max(action_.octaves, 1) - 1 - i : i);
      const auto begin = static_cast<std::ptrdiff_t>(candidates_.size());
      for (std::size_t key = 0; key < held_.size(); ++key)
        if (held_[key].event.arg[1] + up <= 127)
          candidates_.push_back({key, held_[key].event.arg[1] + up});
      if (action_.style != Arpeggio::Style::as_played)
        insertion_sort(candidates_.begin() + begin, candidates_.end(), is_first);
    }
  }

  // Stable, and without allocation; what is sorted is few.
  template <class Iterator, class IsFirst>
  static void insertion_sort(Iterator begin, Iterator end, const IsFirst& is_first) {
    for (Iterator i = begin; i != end; ++i)
      std::rotate(std::upper_bound(begin, i, *i, is_first), i, i + 1);
  }

  void end(const Message& note_on) {
    sounding_ = 0;
    release(note_on);
  }

  Arpeggio action_;
  bool is_over_ = false;      // it has been let go
  std::vector<Message> held_; // note-ons, as they were pressed
  std::vector<Candidate> candidates_;
  std::size_t place_ = 0;
  std::uint32_t running_ = 0;  // the number of the steps; 0: none
  std::uint32_t sounding_ = 0; // the number of the note that sounds; 0: none
  Message note_{};             // which was played last
  std::uint64_t sounding_key_ = 0;
  std::uint32_t numbers_ = 0;
};

} // namespace

std::unique_ptr<Node> make(const Arpeggio& action, World& world, Taker& next) {
  return std::make_unique<ArpeggioNode>(action, world, next);
}

} // namespace mm::route
