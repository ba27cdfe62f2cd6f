"""The cases of mmpy, in its pages and in mmtools(7), which are added to those of cases.py.

The scripts that they run are shown in the pages, in displays that are marked `display: NAME.py`;
they are taken from there, so what is shown is what is run. Few of these examples need a port.
"""

import os
import socket
import sys

from cases import CASES, TAKE, case, piped
from stage import same


def shown(name):
    """The text of the display of that name, in one of the two pages."""
    from examples import find, read_page  # it imports us

    for page in ("mmpy.1", "mmpy.3"):
        block = find(read_page(os.path.join(sys.argv[2], page)), "display", name)
        if block is not None:
            return block.text
    raise KeyError(name)


def play(stage, *files):
    """The example works with these files of the page, and ends."""
    for name in files:
        stage.file(name, shown(name))
    stage.run()
    stage.wait()


def plays(*files):
    return lambda stage: play(stage, *files)


def plays_exactly(times, *files):
    """The same, and its lines have these times, which the clock of the events gives them."""

    def run(stage):
        play(stage, *files)
        same("times", [line.split(" ", 1)[0] for line in stage.out.lines], times.split())

    return run


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return str(sock.getsockname()[1])


# --- mmpy(1) ---

CASES["py-fifth"] = plays("fifth.py")


@case("py-transpose")
def transpose(stage):
    piped(stage, ["note-on 1 72 20", "control-change 1 7 33", "note-off 1 72 0"],
          ["on 1 60 20", "cc 1 7 33", "off 1 60 0"])


CASES["py-drop"] = plays()
CASES["py-velocity"] = plays()
CASES["py-chord"] = plays()
CASES["py-split"] = plays()
CASES["py-half"] = plays()
CASES["py-echo"] = plays_exactly("1.000000000 1.100000000 1.250000000 1.350000000")
CASES["py-lfo"] = plays("lfo.py")
CASES["py-command"] = plays("adder.py")


@case("py-udp")
def udp(stage):
    stage.text = stage.text.replace("5005", free_port())
    play(stage, "udp.py")


CASES["py-monster"] = plays("fader.py")
CASES["py-map"] = plays("desk.map")


@case("py-exception")
def exception(stage):
    stage.text = "set -o pipefail\n" + stage.text
    stage.status = 1
    play(stage, "ratio.py")


# --- mmtools(7) ---

CASES["py-octave"] = transpose


@case("py-echo-live")
def echo(stage):
    piped(stage, ["note-on 1 60 20", "control-change 1 7 33", "note-off 1 60 8", "note-on 1 60 10",
                  "note-off 1 60 4"], ["on 1 60 20", "cc 1 7 33", "off 1 60 8"])


# --- mmpy(3) ---

CASES["py-events"] = plays("events.py")
CASES["py-chords"] = plays("chords.py")
CASES["py-lamp"] = plays("lamp.py")
CASES["py-tune"] = plays_exactly("1.000000000 1.050000000 1.100000000 1.100000000 "
                                 "1.200000000 1.200000000 1.300000000", "tune.py")
CASES["py-strum"] = plays_exactly("2.000000000 2.030000000 2.060000000 "
                                  "2.500000000 2.530000000 2.560000000", "strum.py")
CASES["py-repeat"] = plays_exactly("1.000000000 1.100000000 1.200000000 1.250000000", "repeat.py")
CASES["py-meter"] = plays("meter.py")
CASES["py-layer"] = plays("layer.py")
CASES["py-call"] = plays("client.py", "server.py")
CASES["py-blink"] = plays_exactly("0.100000000 0.200000000 0.300000000 0.350000000", "blink.py")


@case("py-compare")
def compare(stage):
    stage.file("take.txt", TAKE)
    play(stage, "strum.py")
    same("lines", [str(stage.read("strummed.txt").count(b"\n"))], ["12"])


@case("py-pytest")
def pytest(stage):
    stage.masks = [(r"\d+\.\d\ds", "TIME")]
    play(stage, "chords.py", "test_chords.py")
