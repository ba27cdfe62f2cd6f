// A synthesizer must not notice whether its control changes were joined into wider values and
// taken apart again on their way.
#include "event/expand.hpp"
#include "events.hpp"
#include "random.hpp"
#include "wire/parameter.hpp"

#include <gmock/gmock.h>

#include <map>
#include <tuple>

namespace mm {
namespace {

using test::describe;
using test::Lines;
using test::Random;

// What a receiver makes of control changes, after MIDI 1.0: data entry goes to the parameter that
// is selected, and its upper half sets the lower one to 0. All else is kept as it came.
class Receiver {
 public:
  void take(const Event& event) {
    if (event.kind != Kind::control_change) {
      others_.push_back(describe(event));
      return;
    }
    Channel& channel = channels_[event.channel()];
    const int number = event.arg[1];
    const int value = event.arg[2];
    switch (number) {
    case 98:
    case 99:
    case 100:
    case 101: return select(channel, number, value);
    case 6:
    case 38:
      if (channel.selected()) return enter(channel, number, value);
      [[fallthrough]];
    default: controls_.push_back(describe(event));
    }
  }

  // The other events and the other control changes in their order, and every parameter's value.
  [[nodiscard]] Lines state() const {
    Lines state = others_;
    state.insert(state.end(), controls_.begin(), controls_.end());
    for (const auto& [number, channel] : channels_)
      for (const auto& [parameter, value] : channel.values)
        state.push_back("channel " + std::to_string(number) +
                        (parameter.first ? " rpn " : " nrpn ") + std::to_string(parameter.second) +
                        " = " + std::to_string(value));
    return state;
  }

 private:
  struct Channel {
    bool registered = false;
    int high = -1;
    int low = -1;
    std::map<std::pair<bool, int>, int> values;
    [[nodiscard]] bool selected() const {
      return high >= 0 && low >= 0 && (high != 127 || low != 127);
    }
  };

  static void select(Channel& channel, int number, int value) {
    const bool registered = number >= 100;
    if (registered != channel.registered) channel.high = channel.low = -1;
    channel.registered = registered;
    (number % 2 != 0 ? channel.high : channel.low) = value;
  }
  static void enter(Channel& channel, int number, int value) {
    int& now = channel.values[{channel.registered, channel.high * 128 + channel.low}];
    now = number == 6 ? value * 128 : now / 128 * 128 + value;
  }

  std::map<int, Channel> channels_;
  Lines others_;
  Lines controls_;
};

// Control changes such that selections, halves and pairs come about, and a few other events.
Event control(Random& random) {
  static constexpr std::array<int, 14> numbers{6, 6, 6, 38, 38, 98, 99, 100, 101, 1, 33, 0, 32, 64};
  if (random.one_in(12)) return make_event(Kind::note_on, 1, random.between(0, 127), 1);
  if (random.one_in(12)) return make_event(Kind::clock);
  const int number = numbers[random.below(numbers.size())];
  const int channel = random.one_in(5) ? 2 : 1;
  const int value = random.one_in(3) ? random.edgy(0, 127) : random.between(0, 3);
  return make_event(Kind::control_change, channel, number, value);
}

TEST(Receiver, is_left_in_the_same_state_by_joined_events) {
  for (std::uint64_t seed = 1; seed <= 20'000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    Receiver plain;
    Receiver joined;
    Lines sent;
    ParameterDecoder decoder;
    const auto take = [&](std::span<const Event> events) {
      EXPECT_LE(events.size(), 4U);
      for (const Event& event : events)
        for_each_message(event, [&](const Event& message) { joined.take(message); });
    };
    for (std::size_t n = 1 + random.below(25); n > 0; --n) {
      const Event event = control(random);
      sent.push_back(test::text_of(event));
      plain.take(event);
      take(decoder.feed(event));
      if (random.one_in(10)) take(decoder.finish());
    }
    take(decoder.finish());
    EXPECT_FALSE(decoder.holding());
    EXPECT_EQ(joined.state(), plain.state()) << testing::PrintToString(sent);
  }
}

// What is expanded and joined again is what it was: in any order and number, with realtime at any
// place, and other events in between.
TEST(Receiver, expand_and_join_gives_the_same_events) {
  for (std::uint64_t seed = 1; seed <= 20'000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    Lines sent;
    Lines got;
    ParameterDecoder decoder;
    const auto take = [&](std::span<const Event> events) {
      for (const Event& event : events)
        if (!is_realtime(event.kind)) got.push_back(describe(event));
    };
    for (std::size_t n = 1 + random.below(10); n > 0; --n) {
      static constexpr std::array kinds{Kind::cc14, Kind::rpn,   Kind::nrpn,
                                        Kind::rpn,  Kind::sysex, Kind::note_on};
      Event event = random.event(kinds[random.below(kinds.size())]);
      event.data = {}; // held events would outlive it
      event.port = {};
      if (event.kind == Kind::cc14 && event.arg[1] == controller::data_entry) event.arg[1] = 7;
      constexpr int null_parameter = 16383;
      if (event.kind != Kind::cc14 && event.arg[1] == null_parameter) event.arg[1] = 0;
      sent.push_back(describe(event));
      for_each_message(event, [&](const Event& message) {
        if (random.one_in(4)) take(decoder.feed(make_event(Kind::clock)));
        take(decoder.feed(message));
      });
    }
    take(decoder.finish());
    EXPECT_EQ(got, sent);
  }
}

} // namespace
} // namespace mm
