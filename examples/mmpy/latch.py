"""Holds the keys: they sound on when they are released, until all are up and a new one is struck.

    mmrecv -p keys | mmpy latch.py | mmsend -p synth

Each channel of each port has a latch of its own.
"""

from collections import defaultdict
from collections.abc import Iterator

import mm

Place = tuple[str | None, int]  # port and channel
down: defaultdict[Place, set[int]] = defaultdict(set)  # the keys that a finger is on
sounding: defaultdict[Place, set[int]] = defaultdict(set)


@mm.on("note-on", "note-off")
def latch(e: mm.note_on | mm.note_off) -> Iterator[mm.Event]:
    place = (e.port, e.channel)
    if isinstance(e, mm.note_off) or e.velocity == 0:
        down[place].discard(e.note)
        return
    # A new chord ends the one before; a key of this chord that is struck again ends itself.
    ended = sounding[place] & {e.note} if down[place] else sounding[place]
    for note in sorted(ended):
        yield mm.note_off(e.channel, note, port=e.port)
    sounding[place] -= ended
    sounding[place].add(e.note)
    down[place].add(e.note)
    yield e
