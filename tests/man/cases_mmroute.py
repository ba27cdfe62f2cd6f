"""The cases of mmroute, in its pages, which are added to those of cases_mmpy.py.

The rules that they load are shown in the pages, in displays that are marked `display: NAME.rules`,
and are taken from there. What these examples print is compared with the pages with its times.
"""

import os
import sys

from cases import TAKE, case, piped
from cases_mmpy import CASES
from stage import same

PAGES = ("mmroute.1", "mmroute.5")


def block(role, name):
    """That display of one of the pages, or nothing."""
    from examples import find, read_page  # it imports us

    found = (find(read_page(os.path.join(sys.argv[2], page)), role, name) for page in PAGES)
    return next((one for one in found if one is not None), None)


def play(stage, *files):
    """The example works with these files of the page, and ends."""
    for name in files:
        stage.file(name, block("display", name).text)
    stage.run()
    stage.wait()


def plays(name, *files):
    """The same, and it prints what the page says, times included."""

    def run(stage):
        play(stage, *files)
        output = block("output", name)
        same("lines", stage.out.lines, [] if output is None else output.lines)

    CASES[name] = run


# --- mmroute(1) ---

@case("route-bass")
def bass(stage):
    piano, low = stage.sink("piano"), stage.sink("synth")
    keys = stage.source("keys")
    stage.run()
    keys.send("on 1 48 90", "on 1 72 70", "off 1 72 64", "off 1 48 64")
    piano.lines.wait(2)
    low.lines.wait(2)
    stage.stop()
    stage.wait()
    same("port synth", low.all(), ["note-on 1 36 90", "note-off 1 36 64"])
    same("port piano", piano.all(), ["note-on 1 72 70", "note-off 1 72 64"])


@case("route-fault")
def fault(stage):
    stage.status = 2
    play(stage)


plays("route-check")
plays("route-drop")
plays("route-wheel")
plays("route-chord")
plays("route-echo")
plays("route-split", "split.rules")
plays("route-set", "set.rules")
plays("route-board", "board.rules")
plays("route-pads", "pads.rules")
plays("route-explain", "split.rules")


@case("route-hub")
def hub(stage):
    synth, sampler = stage.sink("synth"), stage.sink("sampler")
    keys, pads = stage.source("keys"), stage.source("pads")
    stage.run()
    keys.send("on 1 30 90", "on 1 60 80", "off 1 60 64", "off 1 30 64", "clock")
    sampler.lines.wait(3)
    pads.send("clock", "on 1 72 70", "off 1 72 64")
    sampler.lines.wait(5)
    stage.stop()
    stage.wait()
    same("port synth", synth.all(), ["note-on 1 30 90", "note-on 1 60 80", "note-off 1 60 64",
                                     "note-off 1 30 64", "clock"])
    same("port sampler", sampler.all(), ["note-on 1 30 90", "note-off 1 30 64", "clock",
                                         "note-on 2 72 70", "note-off 2 72 64"])


@case("route-take")
def take(stage):
    stage.file("take.txt", TAKE)
    play(stage)
    same("thick.txt", stage.read("thick.txt").decode().splitlines(), THICK)


# TAKE begins on the grid; its second note does not.
THICK = ["100.000000000 note-on 1 60 100", "100.000000000 note-on 1 72 100",
         "100.100000000 note-off 1 60 64", "100.100000000 note-off 1 72 64",
         "100.250000000 note-on 1 64 80", "100.250000000 note-on 1 76 80",
         "100.350000000 note-off 1 64 64", "100.350000000 note-off 1 76 64"]

# --- mmtools(7) ---

@case("route-octave")
def octave(stage):
    piped(stage, ["note-on 1 72 20", "control-change 1 7 33", "note-off 1 72 0"],
          ["on 1 60 20", "on 1 120 20", "off 1 120 20", "cc 1 7 33", "off 1 60 0"])


# --- mmroute(5) ---

plays("rules-first")
plays("rules-order")
plays("rules-also")
plays("rules-turns")
plays("rules-drop")
plays("rules-actions")
plays("rules-scenes", "two.rules")
plays("rules-off")
plays("rules-then", "two-stages.rules")
