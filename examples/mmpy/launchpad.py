"""Plays a synthesizer from the pads of a Launchpad, and lights those that are pressed.

    mmrecv -p launchpad=pad | mmpy launchpad.py | mmsend -p launchpad=pad -p synth=synth

The first three round buttons choose the colour. When the pad is unplugged or mmpy ends, notes and
lights go out: a light is a note that is sent to the pad.
"""

from collections.abc import Iterator

import mm

# The round buttons are controllers; the colours are those of the Launchpad S and Mini.
COLOURS = {104: 15, 105: 62, 106: 60}  # red, yellow, green
colour = COLOURS[104]


@mm.on("note-on", "note-off", port="pad")
def press(e: mm.note_on | mm.note_off) -> Iterator[mm.Event]:
    yield e.replace(port="synth")
    if isinstance(e, mm.note_on) and e.velocity > 0:
        yield e.replace(velocity=colour)
    else:
        yield mm.note_off(e.channel, e.note, 0, port="pad")


@mm.on("control-change", controller=COLOURS, port="pad")
def choose(e: mm.control_change) -> Iterator[mm.Event]:
    """Takes the colour of the button, and lights the button while it is pressed."""
    global colour
    if e.value > 0:
        colour = COLOURS[e.controller]
    yield e.replace(value=COLOURS[e.controller] if e.value > 0 else 0)
