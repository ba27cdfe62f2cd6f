"""Adds to each note the third above it in a key: E to C and F to D in C major.

    mmrecv -p keys | mmpy harmonizer.py -- A minor | mmsend -p synth

Notes that are not in the scale stay alone.
"""

import sys
from collections.abc import Iterator

import mm

SCALES = {"major": [0, 2, 4, 5, 7, 9, 11], "minor": [0, 2, 3, 5, 7, 8, 10]}
tonic, scale = 0, SCALES["major"]  # C major
held: dict[tuple[str | None, int, int], list[int]] = {}  # what each key plays


def chord(note: int) -> list[int]:
    """The note, and its third if it is in the scale."""
    octave, degree = divmod(note - tonic, 12)
    if degree not in scale:
        return [note]
    step = scale.index(degree) + 2
    third = tonic + 12 * (octave + step // 7) + scale[step % 7]
    return [note, third] if third <= 127 else [note]


@mm.on("note-on", "note-off")
def harmonize(e: mm.note_on | mm.note_off) -> Iterator[mm.Event]:
    key = (e.port, e.channel, e.note)
    if isinstance(e, mm.note_on) and e.velocity > 0:
        held[key] = chord(e.note)
        for note in held[key]:
            yield e.replace(note=note)
        return
    # A note that another key still plays goes on.
    for note in held.pop(key, chord(e.note)):
        if not any(note in notes for other, notes in held.items() if other[:2] == key[:2]):
            yield e.replace(note=note)


if __name__ == "__main__" and len(sys.argv) > 1:
    tonic = mm.note_number(sys.argv[1] + "4") % 12
    scale = SCALES[sys.argv[2] if len(sys.argv) > 2 else "major"]
