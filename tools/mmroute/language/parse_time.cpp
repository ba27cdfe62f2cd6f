// Actions in time, and those on zones of MPE.
#include "language/parser.hpp"
#include "text/faults.hpp"

#include <array>

namespace mm::route {

namespace {

// An option may stand once.
bool take_option(Words& words, std::string_view name, bool& is_taken) {
  if (!words.at(name)) return false;
  if (is_taken) words.refuse(words.peek(), in_quotes(name) + " stands there already");
  is_taken = true;
  words.take();
  return true;
}

} // namespace

Form read_echo(Words& words) {
  constexpr Bounds times{"number of times", 1, 1000};
  Echo form;
  form.time = read_duration(words);
  std::array<bool, 3> taken{};
  while (words.is_good()) {
    if (take_option(words, "times", taken[0]))
      form.times = read_number(words, times);
    else if (take_option(words, "fade", taken[1]))
      form.fade = read_decimal(words, {"fade", 0, 1, false});
    else if (take_option(words, "transpose", taken[2]))
      form.transpose = read_number(words, interval_bounds);
    else
      break;
  }
  return form;
}

Form read_humanize(Words& words) {
  Humanize form;
  form.time = read_duration(words, true);
  if (at_numbers(words)) form.velocity = read_number(words, velocity_bounds);
  return form;
}

Form read_arpeggio(Words& words) {
  using Style = Arpeggio::Style;
  constexpr std::array<std::pair<std::string_view, Style>, 5> styles{
      {{"up", Style::up},
       {"down", Style::down},
       {"up-down", Style::up_down},
       {"as-played", Style::as_played},
       {"random", Style::random}}};
  Arpeggio form;
  bool is_found = false;
  for (const auto& [name, style] : styles) {
    if (is_found || !words.take_if(name)) continue;
    form.style = style;
    is_found = true;
  }
  if (!is_found) words.refuse_next("order");
  form.step = read_duration(words);
  std::array<bool, 2> taken{};
  constexpr Bounds octaves{"number of octaves", 1, 10};
  while (words.is_good()) {
    if (take_option(words, "octaves", taken[0]))
      form.octaves = read_number(words, octaves);
    else if (take_option(words, "gate", taken[1]))
      form.gate = read_decimal(words, {"gate", 0, 1, false});
    else
      break;
  }
  return form;
}

Form read_divide(Words& words) {
  constexpr Bounds by{"divisor", 1, 1'000'000};
  return Divide{read_number(words, by)};
}

Form read_multiply(Words& words) {
  constexpr Bounds by{"factor", 1, 1000};
  return Multiply{read_number(words, by)};
}

Form read_spread(Words& words) { return Spread{read_zone(words)}; }

Form read_fold(Words& words) { return Fold{read_number(words, channel_bounds)}; }

Form read_bend_range(Words& words) {
  constexpr Bounds semitones{"bend range", 1, 127};
  BendRange form;
  form.from = read_number(words, semitones);
  if (!words.take_if("to")) words.refuse_next("'to'");
  form.to = read_number(words, semitones);
  return form;
}

} // namespace mm::route
