#include "language/scales.hpp"

#include "text/chars.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

namespace mm::route {

namespace {

constexpr int octave = 12;

struct NamedScale {
  std::string_view name;
  std::uint16_t notes;
};

constexpr std::uint16_t notes(std::initializer_list<int> semitones) {
  unsigned bits = 0;
  for (const int semitone : semitones) bits |= 1U << semitone;
  return static_cast<std::uint16_t>(bits);
}

constexpr std::array scales{
    NamedScale{"major", notes({0, 2, 4, 5, 7, 9, 11})},
    NamedScale{"minor", notes({0, 2, 3, 5, 7, 8, 10})},
    NamedScale{"harmonic-minor", notes({0, 2, 3, 5, 7, 8, 11})},
    NamedScale{"melodic-minor", notes({0, 2, 3, 5, 7, 9, 11})},
    NamedScale{"dorian", notes({0, 2, 3, 5, 7, 9, 10})},
    NamedScale{"phrygian", notes({0, 1, 3, 5, 7, 8, 10})},
    NamedScale{"lydian", notes({0, 2, 4, 6, 7, 9, 11})},
    NamedScale{"mixolydian", notes({0, 2, 4, 5, 7, 9, 10})},
    NamedScale{"locrian", notes({0, 1, 3, 5, 6, 8, 10})},
    NamedScale{"major-pentatonic", notes({0, 2, 4, 7, 9})},
    NamedScale{"minor-pentatonic", notes({0, 3, 5, 7, 10})},
    NamedScale{"blues", notes({0, 3, 5, 6, 7, 10})},
    NamedScale{"whole-tone", notes({0, 2, 4, 6, 8, 10})},
    NamedScale{"chromatic", notes({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})},
};

constexpr auto names = [] {
  std::array<std::string_view, scales.size()> all{};
  for (std::size_t i = 0; i < scales.size(); ++i) all[i] = scales[i].name;
  return all;
}();

} // namespace

std::span<const std::string_view> scale_names() { return names; }

std::optional<std::uint16_t> find_scale(std::string_view name) {
  for (const NamedScale& scale : scales)
    if (scale.name == name) return scale.notes;
  return {};
}

Scale make_scale(int root, std::uint16_t notes) {
  const unsigned turned = static_cast<unsigned>(notes) << root;
  constexpr unsigned all = (1U << octave) - 1;
  return {static_cast<std::uint16_t>((turned | turned >> octave) & all),
          static_cast<std::uint8_t>(root)};
}

std::optional<int> read_root(std::string_view word) {
  constexpr std::size_t longest = 8; // any number of accidentals, but nobody writes so many
  if (word.size() > longest || word.ends_with('-') ||
      std::any_of(word.begin(), word.end(), chars::is_digit))
    return {};
  const auto note = chars::read_note_name(std::string(word) + "4", 4);
  if (!note) return {};
  return static_cast<int>((*note % octave + octave) % octave);
}

} // namespace mm::route
