"""Plays the keys that are held one after another, from low to high, in sixteenths.

    mmrecv -p keys | mmpy arpeggiator.py -- 120 | mmsend -p synth

The number is the tempo in beats a minute; without one the MIDI clock in the stream gives it.
"""

import sys

import mm

bpm = float(sys.argv[1]) if len(sys.argv) > 1 else None
held: dict[tuple[str | None, int, int], mm.note_on] = {}
playing: mm.note_on | None = None
clocks = 0  # since the start; a beat has 24


def silence() -> None:
    global playing
    if playing is not None:
        mm.send(mm.note_off(playing.channel, playing.note, port=playing.port))
        playing = None


def step() -> None:
    """Ends the note that plays, and begins the next higher one, or the lowest."""
    global playing
    last = playing.note if playing is not None else 127
    silence()
    if held:
        keys = sorted(held.values(), key=lambda key: key.note)
        playing = next((key for key in keys if key.note > last), keys[0])
        mm.send(playing.replace(time=None))


@mm.on("note-on", "note-off")
def press(e: mm.note_on | mm.note_off) -> None:
    key = (e.port, e.channel, e.note)
    if isinstance(e, mm.note_on) and e.velocity > 0:
        held[key] = e
        if bpm is not None and len(held) == 1:
            mm.cancel(step)
            step()
            mm.every(60 / bpm / 4, step)
    elif held.pop(key, None) is not None and not held:
        mm.cancel(step)
        silence()


@mm.on("clock", "start", "stop")
def tick(e: mm.clock | mm.start | mm.stop) -> mm.Event:
    global clocks
    if bpm is None and isinstance(e, mm.clock):
        if clocks % 6 == 0:
            step()
        clocks += 1
    elif bpm is None:
        silence()
        clocks = 0
    return e
