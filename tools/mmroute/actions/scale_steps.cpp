#include "actions/scale_steps.hpp"

namespace mm::route {

namespace {

constexpr int octave = 12;

// Of a note that may be below 0.
bool has(const Scale& scale, int note) {
  return (scale.notes >> ((note % octave + octave) % octave) & 1) != 0;
}

} // namespace

int snap(const Scale& scale, int note) {
  constexpr int highest = 127;
  for (int distance = 0; distance <= octave; ++distance) {
    if (note >= distance && has(scale, note - distance)) return note - distance;
    if (note + distance <= highest && has(scale, note + distance)) return note + distance;
  }
  return note; // a scale has a note at least
}

int step(const Scale& scale, int note, int degrees) {
  int beside = 0;
  while (beside < octave && !has(scale, note - beside)) ++beside;
  int at = note - beside;
  const int way = degrees < 0 ? -1 : 1;
  for (int left = degrees * way; left > 0; --left) {
    at += way;
    for (int tries = 0; tries < octave && !has(scale, at); ++tries) at += way;
  }
  return at + beside;
}

} // namespace mm::route
