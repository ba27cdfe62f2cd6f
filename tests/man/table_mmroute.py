"""Runs every rule of the tables in EQUIVALENTS of mmroute(5), and reads all others of the page.

    python3 tests/man/table_mmroute.py BIN_DIR MAN_DIR [TOOL...]

In the page, a display that is marked `.\\" display: equivalents TOOL` has rows: on the left what that
tool calls it, on the right the rules of mmroute. Each row has a case below, under the same words:
what is read and the whole of what is printed. A row without a case, and a case without a row, are
failures. Displays of one line that are marked `display: rule` are checked. Prints TAP.
"""

import os
import re
import subprocess
import sys

from examples import attempt, fail, read_page
from stage import same

RIGHT = 28  # the column where rules begin
PATIENCE = 60

ALIASES = {"on": "note-on", "off": "note-off", "cc": "control-change", "pc": "program-change",
           "cp": "channel-pressure", "pb": "pitch-bend", "pp": "poly-pressure",
           "spp": "song-position", "ss": "song-select", "tc": "time-code"}

# One of everything, and what is left of it when all but the one is dropped.
ALL = ("on 1 60 100 | pp 1 60 30 | off 1 60 64 | cc 1 7 9 | pc 1 5 | cp 1 20 | pb 1 30 | cc14 1 7 300 | "
       "rpn 1 0 256 | nrpn 1 1000 99 | sysex f0 43 10 f7 | tc 1 2 | spp 16 | ss 3 | tune-request | "
       "clock | start | continue | stop | active-sensing | reset")
CHANNELS = "cc 1 7 9 | cc 2 7 9 | cc 9 7 9 | cc 15 7 9 | cc 16 7 9 | clock"
NOTES = "on 1 60 100 | off 1 60 64"
KEYS = "on 1 36 90 | on 1 60 100 | on 1 64 80 | cc 1 1 5 | off 1 36 64 | off 1 60 64 | off 1 64 64"


def only(*lines):
    """Of ALL this is left."""
    return ALL, " | ".join(lines)


def values(kind, *pairs):
    """A row of values before and after, of events that begin with `kind`."""
    before = " | ".join(f"{kind} {a}" for a, _ in pairs)
    after = " | ".join(f"{kind} {b}" for _, b in pairs)
    return f"{before} | clock", f"{after} | clock"


def velocities(*pairs):
    """The same for notes, whose note-offs pass."""
    ends = ("on 1 60 {} | off 1 60 64").format
    return (" | ".join(ends(a) for a, _ in pairs) + " | cc 1 7 9",
            " | ".join(ends(b) for _, b in pairs) + " | cc 1 7 9")


SUSTAIN = ("cc 1 {0} 127 | on 1 60 90 | off 1 60 50 | on 1 62 80 | cc 1 {0} 0 | off 1 62 64",
           "on 1 60 90 | on 1 62 80 | off 1 60 50 | off 1 62 64")
SOSTENUTO = ("on 1 60 90 | cc 1 66 127 | on 1 62 80 | off 1 60 50 | off 1 62 64 | cc 1 66 0",
             "on 1 60 90 | on 1 62 80 | off 1 62 64 | off 1 60 50")
MONO = "on 1 60 90 | on 1 64 80 | on 1 62 70 | off 1 62 1 | off 1 64 2 | off 1 60 3"
MONO_HIGH = ("on 1 60 90 | off 1 60 64 | on 1 64 80 | off 1 64 2 | on 1 60 90 | off 1 60 3")
MONO_LOW = "on 1 60 90 | off 1 60 3"
MONO_LAST = ("on 1 60 90 | off 1 60 64 | on 1 64 80 | off 1 64 64 | on 1 62 70 | off 1 62 1 | "
             "on 1 64 80 | off 1 64 2 | on 1 60 90 | off 1 60 3")
TOGGLE = ("on 1 60 90 | off 1 60 64 | on 1 60 80 | off 1 60 64", "on 1 60 90 | off 1 60 64")
LATCH = ("on 1 60 90 | off 1 60 64 | on 1 62 80 | on 1 65 80 | off 1 62 64 | off 1 65 64 | "
         "on 1 70 1 | off 1 70 64",
         "on 1 60 90 | off 1 60 64 | on 1 62 80 | on 1 65 80 | off 1 62 64 | off 1 65 64 | "
         "on 1 70 1 | off 1 70 64")
MONO_LATCH = ("on 1 60 90 | off 1 60 64 | on 1 62 80 | off 1 62 64",
              "on 1 60 90 | off 1 60 64 | on 1 62 80 | off 1 62 64")
TRIAD = ("on 1 60 100 | cc 1 7 9 | off 1 60 64",
         "on 1 60 100 | on 1 64 100 | on 1 67 100 | cc 1 7 9 | off 1 60 64 | off 1 64 64 | off 1 67 64")

ROUTE_MIDI = {
    # filters
    "not clock": (ALL, ALL.replace("clock | ", "")),
    "ch 1": (CHANNELS, "cc 1 7 9"),
    "voice": only("on 1 60 100", "pp 1 60 30", "off 1 60 64", "cc 1 7 9", "pc 1 5", "cp 1 20",
                  "pb 1 30", "cc14 1 7 300", "rpn 1 0 256", "nrpn 1 1000 99"),
    "note": only("on 1 60 100", "off 1 60 64"),
    "on": only("on 1 60 100", "off 1 60 64"),
    "on 60..72": (KEYS, "on 1 60 100 | on 1 64 80 | off 1 60 64 | off 1 64 64"),
    "off": only("off 1 60 64"),
    "pp": only("pp 1 60 30"),
    "cc": only("cc 1 7 9"),
    "cc 1..10": ("cc 1 0 1 | cc 1 1 2 | cc 1 10 3 | cc 1 11 4 | clock", "cc 1 1 2 | cc 1 10 3"),
    "cc14 7": ("cc14 1 7 300 | cc14 1 8 300 | rpn 1 7 300 | clock", "cc14 1 7 300"),
    "nrpn": only("nrpn 1 1000 99"),
    "rpn": only("rpn 1 0 256"),
    "pc 5": ("pc 1 4 | pc 1 5 | cc 1 5 5", "pc 1 5"),
    "cp": only("cp 1 20"),
    "pb": only("pb 1 30"),
    "sr": only("clock", "start", "continue", "stop", "active-sensing", "reset"),
    "clock": only("clock"),
    "start": only("start"),
    "stop": only("stop"),
    "cont": only("continue"),
    "as": only("active-sensing"),
    "rst": only("reset"),
    "sc": only("sysex f0 43 10 f7", "tc 1 2", "spp 16", "ss 3", "tune-request"),
    "syx": only("sysex f0 43 10 f7"),
    "tc": only("tc 1 2"),
    "spp": only("spp 16"),
    "ss": only("ss 3"),
    "tun": only("tune-request"),
    "noterange 36 47": ("on 1 35 9 | on 1 36 9 | pp 1 36 5 | off 1 35 64 | off 1 36 64 | cc 1 36 9 | "
                        "on 1 47 9 | off 1 47 64 | on 1 48 9 | off 1 48 64",
                        "on 1 36 9 | pp 1 36 5 | off 1 36 64 | on 1 47 9 | off 1 47 64"),
    "velrange 64 127": ("on 1 60 63 | off 1 60 127 | on 1 60 64 | off 1 60 0 | cc 1 7 99",
                        "on 1 60 64 | off 1 60 0"),
    "ccrange 1 64 127": ("cc 1 1 63 | cc 1 1 64 | cc 1 2 99 | clock", "cc 1 1 64"),
    "cc14range 7 8192 16383": ("cc14 1 7 8191 | cc14 1 7 8192 | cc14 1 8 9999", "cc14 1 7 8192"),
    "inscale C major": ("on 1 60 9 | on 1 61 9 | pp 1 60 5 | off 1 61 64 | off 1 60 64 | cc 1 7 9",
                        "on 1 60 9 | pp 1 60 5 | off 1 60 64"),
    "mpemaster lower": (CHANNELS, "cc 1 7 9"),
    "mpemember upper:7": (CHANNELS, "cc 9 7 9 | cc 15 7 9"),
    "mpezone lower:7": ("cc 8 7 9 | " + CHANNELS, "cc 8 7 9 | cc 1 7 9 | cc 2 7 9"),
    # transforms
    "chmap 10 1": ("on 10 36 9 | on 2 36 9 | off 10 36 64 | off 2 36 64",
                   "on 1 36 9 | on 2 36 9 | off 1 36 64 | off 2 36 64"),
    "chset 2": ("on 10 36 9 | off 10 36 64 | cc 2 7 9 | clock",
                "on 2 36 9 | off 2 36 64 | cc 2 7 9 | clock"),
    "chadd 1": ("cc 1 7 9 | cc 15 7 9 | cc 16 7 9 | on 16 60 9 | off 16 60 64",
                "cc 2 7 9 | cc 16 7 9 | cc 1 7 9 | on 1 60 9 | off 1 60 64"),
    "transp 12": ("on 1 60 9 | pp 1 60 5 | off 1 60 64 | on 1 120 9 | off 1 120 64 | cc 1 7 9",
                  "on 1 72 9 | pp 1 72 5 | off 1 72 64 | cc 1 7 9"),
    "dtransp C major 2": ("on 1 60 9 | off 1 60 64 | on 1 65 9 | off 1 65 64 | on 1 61 9 | off 1 61 64",
                          "on 1 64 9 | off 1 64 64 | on 1 69 9 | off 1 69 64 | on 1 64 9 | off 1 64 64"),
    "notemap 36 60": ("on 1 36 9 | pp 1 36 5 | off 1 36 64 | on 1 37 9 | off 1 37 64",
                      "on 1 60 9 | pp 1 60 5 | off 1 60 64 | on 1 37 9 | off 1 37 64"),
    "scale C minor": ("on 1 64 9 | off 1 64 64 | on 1 60 9 | off 1 60 64 | on 1 66 9 | off 1 66 64",
                      "on 1 63 9 | off 1 63 64 | on 1 60 9 | off 1 60 64 | on 1 65 9 | off 1 65 64"),
    "chord 4 7": TRIAD,
    "latch": TOGGLE,
    "latch hold": LATCH,
    "mono": (MONO, MONO_LAST),
    "mono low": (MONO, MONO_LOW),
    "mono high": (MONO, MONO_HIGH),
    "sustain": tuple(line.format(64) for line in SUSTAIN),
    "sost": SOSTENUTO,
    "notecc 60 64": ("on 1 60 100 | off 1 60 64 | on 1 61 9 | off 1 61 64",
                     "cc 1 64 100 | cc 1 64 0 | on 1 61 9 | off 1 61 64"),
    "ccnote 64 36": ("cc 1 64 20 | cc 1 64 100 | cc 1 64 127 | cc 1 64 63 | cc 1 1 99",
                     "on 1 36 100 | off 1 36 64 | cc 1 1 99"),
    "notepc 36 0": ("on 1 36 100 | off 1 36 64 | on 1 37 9 | off 1 37 64",
                    "pc 1 0 | on 1 37 9 | off 1 37 64"),
    "velscale 0.5": velocities((100, 50), (1, 1)),
    "velset 100": velocities((1, 100), (127, 100)),
    "veladd 10": velocities((100, 110), (120, 127)),
    "velcurve 0.5": velocities((1, 11), (32, 64), (127, 127)),
    "velclip 40 100": velocities((1, 40), (50, 50), (127, 100)),
    "velcomp 0.5": velocities((64, 64), (100, 82), (20, 42)),
    "velinvert": velocities((1, 127), (127, 1), (64, 64)),
    "ccmap 7 11": ("cc 1 7 9 | cc 1 8 9", "cc 1 11 9 | cc 1 8 9"),
    "ccadd 7 10": values("cc 1 7", (9, 19), (120, 127)),
    "ccscale 7 0.5": values("cc 1 7", (100, 50), (0, 0)),
    "cccurve 7 2": values("cc 1 7", (0, 0), (64, 32), (127, 127)),
    "ccinvert 11": values("cc 1 11", (0, 127), (127, 0), (27, 100)),
    "ccrescale 11 20 108 0 127": values("cc 1 11", (0, 0), (20, 0), (64, 64), (108, 127), (127, 127)),
    "ccset 7 100": values("cc 1 7", (0, 100), (127, 100)),
    "pcmap 1 5": ("pc 1 1 | pc 1 2", "pc 1 5 | pc 1 2"),
    "pcadd 1": values("pc 1", (0, 1), (127, 127)),
    "pbadd 100": values("pb 1", (0, 100), (8191, 8191)),
    "pbscale 0.5": values("pb 1", (0, 0), (8000, 4000), (-8192, -4096)),
    "pbset 8192": values("pb 1", (-8192, 0), (100, 0)),
    "pbinvert": values("pb 1", (0, 0), (100, -100), (-8192, 8191), (8191, -8191)),
    "cpadd 10": values("cp 1", (9, 19), (120, 127)),
    "cpscale 0.5": values("cp 1", (100, 50)),
    "cpset 100": values("cp 1", (0, 100)),
    "cpcurve 2": values("cp 1", (0, 0), (64, 32), (127, 127)),
    "cpinvert": values("cp 1", (0, 127), (100, 27)),
    "cc14add 7 100": values("cc14 1 7", (9, 109), (16300, 16383)),
    "cc14scale 7 0.5": values("cc14 1 7", (9000, 4500)),
    "cc14curve 7 2": values("cc14 1 7", (0, 0), (8192, 4096), (16383, 16383)),
    "cc14invert 7": values("cc14 1 7", (0, 16383), (383, 16000)),
    "cc14rescale 11 1300 15000 0 16383": values("cc14 1 11", (0, 0), (8150, 8192), (15001, 16383)),
    "cc14set 7 8000": values("cc14 1 7", (0, 8000)),
    "nrpnadd 1000 100": values("nrpn 1 1000", (9, 109), (16300, 16383)),
    "nrpnscale 1000 0.5": values("nrpn 1 1000", (9000, 4500)),
    "nrpncurve 1000 2": values("nrpn 1 1000", (8192, 4096)),
    "nrpninvert 1000": values("nrpn 1 1000", (383, 16000)),
    "nrpnrescale 1000 0 16383 0 8192": values("nrpn 1 1000", (0, 0), (16383, 8192), (8192, 4096)),
    "nrpnset 1000 8000": values("nrpn 1 1000", (0, 8000)),
    "rpnadd 0 -128": values("rpn 1 0", (256, 128), (1, 0)),
    "rpnscale 0 0.5": values("rpn 1 0", (1536, 768)),
    "rpncurve 5 2": values("rpn 1 5", (8192, 4096)),
    "rpninvert 5": values("rpn 1 5", (383, 16000)),
    "rpnrescale 5 0 16383 0 8192": values("rpn 1 5", (0, 0), (16383, 8192)),
    "rpnset 0 1536": values("rpn 1 0", (256, 1536)),
    # conversions
    "convert nrpn 245 cc14 1": ("nrpn 1 245 300 | nrpn 1 246 300", "cc14 1 1 300 | nrpn 1 246 300"),
    "convert cc14 1 nrpn 245": ("cc14 1 1 300 | cc14 1 2 300", "nrpn 1 245 300 | cc14 1 2 300"),
    "convert pb nrpn 1000": ("pb 1 -8192 | pb 1 0 | pb 1 8191",
                             "nrpn 1 1000 0 | nrpn 1 1000 8192 | nrpn 1 1000 16383"),
    "convert cp cc 11": ("cp 1 9 | clock", "cc 1 11 9 | clock"),
    "convert cc 7 pb": ("cc 1 7 0 | cc 1 7 64 | cc 1 7 127", "pb 1 -8192 | pb 1 0 | pb 1 8191"),
    "convert cc 20 rpn 5": ("cc 2 20 0 | cc 2 20 64 | cc 2 20 127",
                            "rpn 2 5 0 | rpn 2 5 8192 | rpn 2 5 16383"),
    "convert cc 20 pc": ("cc 1 20 5 | cc 1 21 5", "pc 1 5 | cc 1 21 5"),
    "convert pc cc 20": ("pc 1 5", "cc 1 20 5"),
    "convert pp cp": ("on 1 60 9 | pp 1 60 5 | off 1 60 64", "on 1 60 9 | cp 1 5 | off 1 60 64"),
    "convert cp pp 60": ("cp 1 5 | cc 1 1 9", "pp 1 60 5 | cc 1 1 9"),
    "convert pp 60 cc 74": ("on 1 60 9 | pp 1 60 5 | pp 1 61 6 | off 1 60 64",
                            "on 1 60 9 | cc 1 74 5 | pp 1 61 6 | off 1 60 64"),
    # MPE
    "mpe lower upper": ("pb 2 100 | on 2 60 9 | off 2 60 64 | cc 1 7 9 | cc 16 74 9",
                        "pb 15 100 | on 15 60 9 | off 15 60 64 | cc 16 7 9 | cc 1 74 9"),
    "mpe lower:15 lower:8": ("cc 9 1 1 | cc 10 1 1 | cc 16 1 1", "cc 9 1 1 | cc 2 1 1 | cc 8 1 1"),
    "mpemono lower 1": ("pb 2 100 | on 2 60 90 | cp 2 30 | pb 3 5 | on 3 64 80 | off 3 64 1 | off 2 60 2",
                        "pb 1 100 | on 1 60 90 | pp 1 60 30 | pb 1 5 | on 1 64 80 | off 1 64 1 | "
                        "pb 1 100 | off 1 60 2"),
    "mpexp 1 lower": ("cc 1 7 9 | on 1 60 90 | on 1 64 80 | pp 1 64 30 | pb 1 100 | off 1 60 1 | "
                      "off 1 64 2 | on 2 1 1 | off 2 1 1",
                      "cc 1 7 9 | on 2 60 90 | on 3 64 80 | cp 3 30 | pb 1 100 | off 2 60 1 | off 3 64 2 | "
                      "on 2 1 1 | off 2 1 1"),
    "mpesplit lower:2": ("on 2 60 9 | pb 3 5 | on 3 64 9 | off 2 60 1 | off 3 64 2",
                         "on 1 60 9 @a | pb 1 5 @b | on 1 64 9 @b | off 1 60 1 @a | off 1 64 2 @b"),
    "mpebend lower 48 12": ("pb 1 100 | pb 2 100 | pb 16 2048 | pb 3 -8192",
                            "pb 1 100 | pb 2 400 | pb 16 8191 | pb 3 -8192"),
    "mpesens lower:2 48": ("on 2 60 9 | off 2 60 64",
                           "rpn 2 0 6144 | rpn 3 0 6144 | on 2 60 9 | off 2 60 64"),
    "panic": ("on 1 60 9 | :disconnected",
              "on 1 60 9 | :disconnected | off 1 60 64 | " + " | ".join(
                  f"cc {channel} {number} 0" for channel in range(1, 17) for number in (123, 120))),
}

TWO_SCENES = ("cc 3 1 1 | {0} | cc 3 1 2", "cc 1 1 1 | cc 2 1 2")

MIDIDINGS = {
    # filters
    "Filter(NOTE)": only("on 1 60 100", "off 1 60 64"),
    "~Filter(NOTE)": ("on 1 60 9 | cc 1 7 9 | off 1 60 64 | clock", "cc 1 7 9 | clock"),
    "PortFilter('keys')": ("cc 1 1 1 @keys | cc 1 1 2 @pads | cc 1 1 3", "cc 1 1 1 @keys"),
    "ChannelFilter(1, 2)": (CHANNELS, "cc 1 7 9 | cc 2 7 9"),
    "KeyFilter(36, 60)": ("on 1 35 9 | on 1 36 9 | on 1 59 9 | on 1 60 9 | off 1 35 1 | off 1 36 2 | "
                          "off 1 59 3 | off 1 60 4 | cc 1 1 1",
                          "on 1 36 9 | on 1 59 9 | off 1 36 2 | off 1 59 3 | cc 1 1 1"),
    "KeyFilter(notes=[60, 64])": (KEYS, "on 1 60 100 | on 1 64 80 | cc 1 1 5 | off 1 60 64 | off 1 64 64"),
    "VelocityFilter(64, 128)": ("on 1 60 63 | off 1 60 9 | on 1 60 64 | off 1 60 9 | cc 1 1 1",
                                "on 1 60 64 | off 1 60 9 | cc 1 1 1"),
    "CtrlFilter(7, 10)": ("cc 1 7 1 | cc 1 8 2 | cc 1 10 3 | clock", "cc 1 7 1 | cc 1 10 3"),
    "CtrlValueFilter(64, 128)": ("cc 1 7 63 | cc 1 7 64 | cp 1 99", "cc 1 7 64"),
    "ProgramFilter(1, 2)": ("pc 1 0 | pc 1 1 | pc 1 2 | clock", "pc 1 0 | pc 1 1"),
    "SysExFilter('\\xf0\\x07\\x15\\x42')": ("sysex f0 07 15 42 01 f7 | sysex f0 07 15 f7 | clock",
                                           "sysex f0 07 15 42 01 f7"),
    "SysExFilter(manufacturer=0x43)": ("sysex f0 43 f7 | sysex f0 43 01 02 f7 | sysex f0 41 43 f7",
                                       "sysex f0 43 f7 | sysex f0 43 01 02 f7"),
    "CtrlFilter(7) & ChannelFilter(1)": ("cc 1 7 1 | cc 2 7 1 | cc 1 8 1", "cc 1 7 1"),
    "CtrlFilter(7) | Filter(PROGRAM)": ("cc 1 7 1 | pc 2 7 | cc 1 8 1", "cc 1 7 1 | pc 2 7"),
    # splits
    "Split({NOTE: Channel(1), None: Channel(2)})": (
        "on 3 60 9 | cc 3 7 9 | off 3 60 64 | clock", "on 1 60 9 | cc 2 7 9 | off 1 60 64 | clock"),
    "PortSplit({'a': Channel(1), 'b': Channel(2)})": (
        "cc 3 1 1 @a | cc 3 1 2 @b | cc 3 1 3 @c", "cc 1 1 1 @a | cc 2 1 2 @b"),
    "ChannelSplit({1: Port('x'), (2, 3): Port('y'), None: Discard()})": (
        "cc 1 1 1 | cc 2 1 2 | cc 3 1 3 | cc 4 1 4", "cc 1 1 1 @x | cc 2 1 2 @y | cc 3 1 3 @y"),
    "KeySplit(60, Channel(1), Channel(2))": (
        "on 3 59 9 | on 3 60 9 | cc 3 1 1 | off 3 59 1 | off 3 60 2",
        "on 1 59 9 | on 2 60 9 | cc 1 1 1 | cc 2 1 1 | off 1 59 1 | off 2 60 2"),
    "VelocitySplit(64, Channel(1), Channel(2))": (
        "on 3 60 63 | off 3 60 99 | on 3 60 64 | off 3 60 1 | cc 3 1 1",
        "on 1 60 63 | off 1 60 99 | on 2 60 64 | off 2 60 1 | cc 1 1 1 | cc 2 1 1"),
    "CtrlSplit({7: Channel(1), None: Channel(2)})": (
        "cc 3 7 1 | cc 3 8 1 | clock", "cc 1 7 1 | cc 2 8 1"),
    "CtrlValueSplit(64, Channel(1), Channel(2))": (
        "cc 3 7 63 | cc 3 7 64 | clock", "cc 1 7 63 | cc 2 7 64"),
    "ProgramSplit({1: Port('x'), None: Port('y')})": (
        "pc 1 0 | pc 1 1 | clock", "pc 1 0 @x | pc 1 1 @y"),
    "SysExSplit({'\\xf0\\x43': Port('x'), None: Port('y')})": (
        "sysex f0 43 01 f7 | sysex f0 41 f7 | clock", "sysex f0 43 01 f7 @x | sysex f0 41 f7 @y"),
    # modifiers
    "Port('synth')": ("on 1 60 9 @keys | off 1 60 64 @keys | clock",
                      "on 1 60 9 @synth | off 1 60 64 @synth | clock @synth"),
    "Channel(2)": ROUTE_MIDI["chset 2"],
    "Transpose(12)": ROUTE_MIDI["transp 12"],
    "Transpose(octaves=-1)": (NOTES, "on 1 48 100 | off 1 48 64"),
    "Key(60)": ("on 1 40 9 | pp 1 40 5 | off 1 40 64", "on 1 60 9 | pp 1 60 5 | off 1 60 64"),
    "Velocity(10)": ROUTE_MIDI["veladd 10"],
    "Velocity(multiply=0.5)": ROUTE_MIDI["velscale 0.5"],
    "Velocity(fixed=100)": ROUTE_MIDI["velset 100"],
    "Velocity(gamma=2)": ROUTE_MIDI["velcurve 0.5"],
    "Velocity(curve=1)": velocities((1, 1), (64, 48), (80, 66), (127, 127)),
    "Velocity(0.5, 10)": velocities((100, 60)),
    "VelocitySlope((36, 60), (-24, 0))": (
        "on 1 30 100 | off 1 30 64 | on 1 48 100 | off 1 48 64 | on 1 61 100 | off 1 61 64",
        "on 1 30 76 | off 1 30 64 | on 1 48 88 | off 1 48 64 | on 1 61 100 | off 1 61 64"),
    "VelocityLimit(40, 100)": ROUTE_MIDI["velclip 40 100"],
    "CtrlMap(64, 66)": ("cc 1 64 9 | cc 1 64 0 | cc 1 65 9", "cc 1 66 9 | cc 1 66 0 | cc 1 65 9"),
    "CtrlRange(7, 40, 100)": values("cc 1 7", (0, 40), (127, 100)),
    "CtrlCurve(7, 2)": values("cc 1 7", (0, 0), (32, 64), (127, 127)),
    "CtrlCurve(7, offset=10)": ROUTE_MIDI["ccadd 7 10"],
    "CtrlCurve(7, multiply=0.5)": ROUTE_MIDI["ccscale 7 0.5"],
    "PitchbendRange(-12, 2, range=12)": values("pb 1", (-8192, -8192), (-100, -100), (0, 0),
                                               (8191, 1365), (6000, 1000)),
    # generators
    "NoteOn(60, 100)": ("cc 2 20 1 | off 2 60 64", "on 2 60 100 | off 2 60 64"),
    "NoteOff(60)": ("on 2 60 9 | cc 2 20 1", "on 2 60 9 | off 2 60 0"),
    "Ctrl(1, EVENT_VALUE)": ("cc 2 20 9", "cc 2 1 9"),
    "Pitchbend(4096)": ("cc 2 20 9", "pb 2 4096"),
    "Aftertouch(EVENT_VALUE)": ("cc 2 20 9", "cp 2 9"),
    "PolyAftertouch(60, EVENT_VALUE)": ("cc 2 20 9", "pp 2 60 9"),
    "Program(5)": ("cc 2 20 9", "pc 2 4"),
    "SysEx('\\xf0\\x43\\x10\\xf7')": ("cc 2 20 9", "sysex f0 43 10 f7"),
    "Generator(CTRL, 'x', 2, 7, 99)": ("cc 1 20 9", "cc 2 7 99 @x"),
    "CtrlToSysEx(20, '\\xf0\\x43\\x00\\xf7', 2)": ("cc 2 20 9", "sysex f0 43 09 f7"),
    # scenes
    "SceneSwitch()": tuple(line.format("pc 1 1") for line in TWO_SCENES),
    "SceneSwitch(offset=1)": tuple(line.format("on 1 36 9") for line in TWO_SCENES),
    "SubSceneSwitch(offset=1)": (
        "on 3 60 9 | off 3 60 64 | on 3 36 1 | off 3 36 1 | on 3 36 1 | on 3 60 9 | on 3 36 1 | off 3 60 64",
        "on 1 60 9 | off 1 60 64 | on 2 60 9 | off 2 60 64"),
    "Init(Program(5))": ("cc 1 1 1", "pc 1 4 | cc 1 1 1"),
    "Exit(Ctrl(7, 0))": ("cc 1 1 1", "cc 1 1 1 | cc 1 7 0"),
    "Output('synth', 2, 5, 100)": (
        "on 1 60 9 | off 1 60 64", "pc 2 4 @synth | cc 2 7 100 @synth | on 2 60 9 @synth | off 2 60 64 @synth"),
    # the rest
    "Pass()": (ALL, ALL),
    "Discard()": (ALL, ""),
    "Transpose(12) >> Channel(2)": (NOTES, "on 2 72 100 | off 2 72 64"),
    "Channel(1) // Channel(2)": ("on 3 60 9 | off 3 60 64",
                                 "on 1 60 9 | on 2 60 9 | off 1 60 64 | off 2 60 64"),
    "Pass() // Transpose(12)": (NOTES, "on 1 60 100 | on 1 72 100 | off 1 60 64 | off 1 72 64"),
    "CtrlFilter(1) % Discard()": ("cc 1 1 1 | cc 1 2 2", "cc 1 2 2"),
    "Harmonize('c', 'major', ['unison', 'third'])": (
        "on 1 62 9 | off 1 62 64", "on 1 62 9 | on 1 65 9 | off 1 62 64 | off 1 65 64"),
    "VoiceFilter('highest')": (MONO, MONO_HIGH),
    "VoiceFilter('lowest')": (MONO, MONO_LOW),
    "LimitPolyphony(2)": ("on 1 60 9 | on 1 62 9 | on 1 64 9 | off 1 60 1 | off 1 62 2 | off 1 64 3",
                          "on 1 60 9 | on 1 62 9 | off 1 60 64 | on 1 64 9 | off 1 62 2 | off 1 64 3"),
    "MakeMonophonic()": (MONO, MONO_LAST),
    "PedalToNoteoff()": ROUTE_MIDI["sustain"],
    "PedalToNoteoff(66, sostenuto=True)": SOSTENUTO,
    "LatchNotes(polyphonic=True)": TOGGLE,
    "LatchNotes()": MONO_LATCH,
    "SuppressPC()": ("pc 1 5 | pc 1 5 | pc 2 5 | pc 1 6", "pc 1 5 | pc 2 5 | pc 1 6"),
    "KeyColorFilter('black')": ("on 1 60 9 | on 1 61 9 | off 1 60 64 | off 1 61 64 | cc 1 1 1",
                                "on 1 61 9 | off 1 61 64 | cc 1 1 1"),
    "Panic()": ("on 1 60 9 | cc 1 119 1",
                "on 1 60 9 | off 1 60 64 | " + " | ".join(
                    f"cc {channel} {number} 0" for channel in range(1, 17) for number in (123, 120))),
}

MIDISH = {
    "fmap {any 1} {any 0}": ("on 1 60 9 @keys | cc 1 1 1 @pads | off 1 60 64 @keys",
                             "on 1 60 9 @synth | cc 1 1 1 @pads | off 1 60 64 @synth"),
    "fmap {any {1 0}} {any {0 9}}": ("cc 1 1 1 @keys | cc 2 1 1 @keys", "cc 10 1 1 @synth | cc 2 1 1 @keys"),
    "fmap {any {1 0..3}} {any {0 4..7}}": ("cc 1 1 1 @keys | cc 4 1 1 @keys | cc 5 1 1 @keys",
                                           "cc 5 1 1 @synth | cc 8 1 1 @synth | cc 5 1 1 @keys"),
    "fmap {note {1 0} 40..49} {note {0 0} 60..69}": (
        "on 1 40 9 @keys | on 1 49 9 @keys | on 1 50 9 @keys | off 1 40 1 @keys | off 1 49 2 @keys | off 1 50 3 @keys",
        "on 1 60 9 @synth | on 1 69 9 @synth | on 1 50 9 @keys | off 1 60 1 @synth | off 1 69 2 @synth | off 1 50 3 @keys"),
    "fmap {note {} 0..63} {note {} 12..75}": (
        "on 1 63 9 | on 1 64 9 | off 1 63 1 | off 1 64 2", "on 1 75 9 | on 1 64 9 | off 1 75 1 | off 1 64 2"),
    "fmap {ctl {1 0} 1} {ctl {0 9} 11}": ("cc 1 1 5 @keys | cc 1 2 5 @keys", "cc 10 11 5 @synth | cc 1 2 5 @keys"),
    "fmap {ctl {} 7} {none}": ("cc 1 7 5 | cc 1 8 5", "cc 1 8 5"),
    "fmap {xctl {} 7} {xctl {} 11}": ("cc14 1 7 300 | cc14 1 8 300", "cc14 1 11 300 | cc14 1 8 300"),
    "fmap {pc {1 0}} {pc {0 1}}": ("pc 1 5 @keys | pc 2 5 @keys", "pc 2 5 @synth | pc 2 5 @keys"),
    "fmap {xpc {} 3 21} {none}": ("pc 1 21 | cc 1 32 3 | pc 1 20 | pc 1 21 | cc 1 32 0 | pc 1 21",
                                  "pc 1 21 | cc 1 32 3 | pc 1 20 | cc 1 32 0 | pc 1 21"),
    "fmap {cat {1 0}} {cat {0 1}}": ("cp 1 5 @keys | cc 1 1 5 @keys", "cp 2 5 @synth | cc 1 1 5 @keys"),
    "fmap {bend {1 0}} {bend {0 1}}": ("pb 1 5 @keys | pb 2 5 @keys", "pb 2 5 @synth | pb 2 5 @keys"),
    "fmap {nrpn {} 21} {nrpn {} 22}": ("nrpn 1 21 5 | nrpn 1 20 5", "nrpn 1 22 5 | nrpn 1 20 5"),
    "fmap {rpn {} 0} {none}": ("rpn 1 0 5 | rpn 1 1 5", "rpn 1 1 5"),
    "fmap {any {1 0}} {any {0 1}}; fmap {any {1 0}} {any {0 2}}": (
        "on 1 60 9 @keys | off 1 60 64 @keys",
        "on 2 60 9 @synth | on 3 60 9 @synth | off 2 60 64 @synth | off 3 60 64 @synth"),
    "fmap {any kbd} {any piano}; fmap {ctl kbd 1} {ctl piano 11}": (
        "cc 1 1 5 @kbd | cc 1 2 5 @kbd", "cc 1 11 5 @piano | cc 1 2 5 @piano"),
    "ftransp {any {0 2}} 12": ("on 3 60 9 | on 2 60 9 | off 3 60 64 | off 2 60 64",
                               "on 3 72 9 | on 2 60 9 | off 3 72 64 | off 2 60 64"),
    "fvcurve {note {}} 20": velocities((1, 5), (64, 80), (127, 127)),
    "fchgin {any {1 0}} {any {1 5}}": ("cc 6 1 1 | cc 2 1 1", "cc 10 1 1 | cc 2 1 1"),
    "fswapin {any {1 0}} {any {1 1}}": ("cc 1 1 1 | cc 2 1 2", "cc 2 1 1 | cc 10 1 2"),
    "fchgout {any {0 9}} {any {0 2}}": ("cc 1 1 1 | cc 2 1 2", "cc 3 1 1 | cc 2 1 2"),
    "fswapout {any {0 9}} {any {0 2}}": ("cc 1 1 1 | cc 3 1 2", "cc 3 1 1 | cc 10 1 2"),
    "evpat master {0xf0 0x7f 0x7f 0x04 0x01 v0_lo v0_hi 0xf7}": (
        "sysex f0 7f 7f 04 01 00 40 f7 | sysex f0 7f 7f 04 02 00 40 f7", "sysex f0 7f 7f 04 02 00 40 f7"),
    "tapev {ctl {} 80}": ("1.0 cc 1 80 127 | 2.0 cc 1 80 127 | 3.0 cc 1 81 1", "3.0 cc 1 81 1"),
}

X42 = {
    "CC2Note": ("1.0 cc 1 20 99 | 2.0 cc 1 21 9",
                "1.0 on 1 48 99 | 1.01 off 1 48 0 | 2.0 cc 1 21 9"),
    "CC2Note (key = value)": ("1.0 cc 1 20 99 | 2.0 cc 1 21 9",
                              "1.0 on 1 99 64 | 1.01 off 1 99 0 | 2.0 cc 1 21 9"),
    "CC2Note (all)": ("1.0 cc 1 20 99", "1.0 on 1 20 99 | 1.01 off 1 20 0"),
    "Channel Filter": ("cc 3 1 1 | cc 5 1 1 | clock", "cc 5 1 1 | clock"),
    "Channel Map": ("cc 1 1 1 | cc 2 1 1 | cc 3 1 1", "cc 2 1 1 | cc 1 1 1 | cc 3 1 1"),
    "Choke Filter": ("on 10 46 90 | off 10 46 64 | on 10 46 90 | on 10 42 80 | off 10 42 64",
                     "on 10 46 90 | off 10 46 64 | on 10 46 90 | off 10 46 80 | on 10 42 80 | off 10 42 64"),
    "Enforce Scale": ("on 1 61 9 | off 1 61 64 | on 1 62 9 | off 1 62 64",
                      "on 1 60 9 | off 1 60 64 | on 1 62 9 | off 1 62 64"),
    "Enforce Scale (discard)": ("on 1 61 9 | off 1 61 64 | on 1 62 9 | off 1 62 64", "on 1 62 9 | off 1 62 64"),
    "Eventblocker": ("cc 1 1 1 | pc 1 1 | pb 1 1 | cp 1 1", "cp 1 1"),
    "Keyrange": ("on 1 35 9 | off 1 35 64 | on 1 60 9 | off 1 60 64 | cc 1 1 1", "on 1 60 9 | off 1 60 64 | cc 1 1 1"),
    "Keysplit": ("on 3 47 9 | on 3 48 9 | off 3 47 1 | off 3 48 2 | cc 3 1 1",
                 "on 1 59 9 | on 2 48 9 | off 1 59 1 | off 2 48 2 | cc 3 1 1"),
    "MapCC": ("cc 1 1 5 | cc 1 2 5", "cc 1 11 5 | cc 1 2 5"),
    "Mapscale": ("on 1 61 9 | off 1 61 64 | on 1 71 9 | off 1 71 64 | on 1 60 9 | off 1 60 64",
                 "on 1 60 9 | off 1 60 64 | on 1 60 9 | off 1 60 64"),
    "Mapkeychannel": ("on 1 60 9 | on 1 67 9 | on 1 62 9 | off 1 60 1 | off 1 67 2 | off 1 62 3",
                      "on 2 60 9 | on 3 67 9 | on 1 62 9 | off 2 60 1 | off 3 67 2 | off 1 62 3"),
    "Chord": ("on 1 62 9 | off 1 62 64 | on 1 61 9 | off 1 61 64",
              "on 1 62 9 | on 1 65 9 | on 1 69 9 | on 1 74 9 | "
              "off 1 62 64 | off 1 65 64 | off 1 69 64 | off 1 74 64 | on 1 61 9 | off 1 61 64"),
    "Delay": ("1.0 on 1 60 9 | 1.2 cc 1 1 1 | 1.3 off 1 60 64",
              "1.5 on 1 60 9 | 1.7 cc 1 1 1 | 1.8 off 1 60 64"),
    "Delay (randomized)": ("1.0 on 1 60 9 | 1.25 off 1 60 64 | 2.0 cc 1 1 1",
                           "1.554941245 on 1 60 9 | 1.804941245 off 1 60 64 | 2.5 cc 1 1 1"),
    "Dup": ("on 1 60 9 | cc 2 1 1 | off 1 60 64", "on 1 60 9 | on 2 60 9 | cc 2 1 1 | off 1 60 64 | off 2 60 64"),
    "Strum": ("1.0 on 1 60 9 | 1.0 on 1 64 9 | 1.0 on 1 67 9 | 2.0 off 1 60 1 | 2.0 off 1 64 2 | 2.0 off 1 67 3",
              "1.0 on 1 60 9 | 1.03 on 1 64 9 | 1.06 on 1 67 9 | 2.0 off 1 60 1 | 2.03 off 1 64 2 | 2.06 off 1 67 3"),
    "Transpose": ROUTE_MIDI["transp 12"],
    "Transpose (inversion)": ("on 1 64 9 | off 1 64 64", "on 1 56 9 | off 1 56 64"),
    "Legato": MONO_LATCH,
    "NoSensing": ("active-sensing | clock", "clock"),
    "NoDup": ("on 1 60 9 | on 1 60 9 | off 1 60 64 | cc 1 7 9 | cc 1 7 9 | cc 1 7 8 | clock | clock",
              "on 1 60 9 | off 1 60 64 | cc 1 7 9 | cc 1 7 8 | clock | clock"),
    "Note2CC": ("on 1 48 100 | off 1 48 64 | on 1 49 9 | off 1 49 64", "cc 1 20 100 | on 1 49 9 | off 1 49 64"),
    "Note2CC (value = key)": ("on 1 48 100 | off 1 48 64", "cc 1 20 48"),
    "Note2CC (all)": ("on 1 48 100 | off 1 48 64", "cc 1 48 100"),
    "Note2PC": ("on 1 48 100 | off 1 48 64", "pc 1 48"),
    "NoteToggle": TOGGLE,
    "nTabDelay": ("1.0 on 1 60 100 | 1.1 off 1 60 64",
                  "1.0 on 1 60 100 | 1.1 off 1 60 64 | 1.5 on 1 60 90 | 1.6 off 1 60 64 | 2.0 on 1 60 81 | "
                  "2.1 off 1 60 64 | 2.5 on 1 60 73 | 2.6 off 1 60 64"),
    "Simple 1 Channel Filter": ("cc 1 1 1 | cc 2 1 1 | clock", "cc 1 1 1 | clock"),
    "Passthru": (ALL, ALL),
    "Quantize": ("1.0 on 1 60 9 | 1.01 off 1 60 64 | 1.2 on 1 62 9 | 1.3 off 1 62 64",
                 "1.0 on 1 60 9 | 1.01 off 1 60 64 | 1.25 on 1 62 9 | 1.35 off 1 62 64"),
    "Velocity Randomizer": ("on 1 60 100 | off 1 60 64 | on 1 60 100 | off 1 60 64",
                            "on 1 60 104 | off 1 60 64 | on 1 60 94 | off 1 60 64"),
    "ScaleCC": values("cc 1 7", (100, 60)),
    "Tonal Pedal (sustain)": ROUTE_MIDI["sustain"],
    "Sostenuto": ("1 on 1 60 9 | 2 off 1 60 5", "1 on 1 60 9 | 2.5 off 1 60 5"),
    "Tonal Pedal (sostenuto)": SOSTENUTO,
    "Velocity Range": ("on 1 60 39 | off 1 60 1 | on 1 60 40 | off 1 60 1", "on 1 60 40 | off 1 60 1"),
    "Velocity Gamma": velocities((1, 1), (64, 32), (127, 127)),
    "Velocity Scale": velocities((1, 25), (127, 105), (64, 65)),
    "Velocity Scale (note-off)": ("on 1 60 9 | off 1 60 0 | on 1 60 9 | off 1 60 127",
                                  "on 1 60 9 | off 1 60 20 | on 1 60 9 | off 1 60 100"),
}

MONSTER = ("cc 1 7 9 @a | cc 2 10 9 @b | clock @a", "cc 2 10 9 @b | cc 2 10 9 @b | clock @a")
MIDI_MONSTER = {
    "a.ch0.cc7 > b.ch1.cc10": MONSTER,
    "b.ch1.cc10 < a.ch0.cc7": MONSTER,
    "a.ch0.cc7 <> b.ch1.cc10": (MONSTER[0], "cc 2 10 9 @b | cc 1 7 9 @a | clock @a"),
    "a.ch0.note9 > b.ch1.cc4": ("on 1 9 100 @a | off 1 9 64 @a", "cc 2 4 100 @b | cc 2 4 0 @b"),
    "a.ch15.cc1 > a.ch0.note0": ("cc 16 1 100 @a | cc 16 1 0 @a", "on 1 0 100 @a | off 1 0 64 @a"),
    "a.ch0.note60 > a.ch1.note72": ("on 1 60 9 @a | off 1 60 64 @a", "on 2 72 9 @a | off 2 72 64 @a"),
    "a.ch0.pressure60 > a.ch0.cc1": ("on 1 60 9 @a | pp 1 60 5 @a | off 1 60 64 @a",
                                     "on 1 60 9 @a | cc 1 1 5 @a | off 1 60 64 @a"),
    "a.ch1.aftertouch > b.ch2.cc0": ("cp 2 5 @a", "cc 3 0 5 @b"),
    "a.ch0.pitch > b.ch1.pitch": ("pb 1 5 @a", "pb 2 5 @b"),
    "a.ch0.program > b.ch0.cc20": ("pc 1 5 @a", "cc 1 20 5 @b"),
    "a.ch0.rpn0 > b.ch0.pitch": ("rpn 1 0 8192 @a", "pb 1 0 @b"),
    "a.ch0.nrpn5 > b.ch0.cc20": ("nrpn 1 5 16383 @a", "cc 1 20 127 @b"),
    "a.ch0.cc{1..8} > b.ch1.cc{8..1}": ("cc 1 1 5 @a | cc 1 8 6 @a | cc 1 9 7 @a",
                                        "cc 2 8 5 @b | cc 2 1 6 @b | cc 1 9 7 @a"),
    "a.ch0.cc{7,10} > b.ch0.cc{20,21}": ("cc 1 7 5 @a | cc 1 10 6 @a", "cc 1 20 5 @b | cc 1 21 6 @b"),
    "a.ch{0..3}.cc7 > b.ch{4..7}.cc7": ("cc 1 7 5 @a | cc 4 7 6 @a", "cc 5 7 5 @b | cc 8 7 6 @b"),
    "a.ch{0..1}.note{36,38} > b.ch9.note{60..63}": (
        "on 1 36 1 @a | on 1 38 2 @a | on 2 36 3 @a | on 2 38 4 @a | off 1 36 1 @a | off 1 38 2 @a | off 2 36 3 @a | off 2 38 4 @a",
        "on 10 60 1 @b | on 10 61 2 @b | on 10 62 3 @b | on 10 63 4 @b | off 10 60 1 @b | off 10 61 2 @b | off 10 62 3 @b | off 10 63 4 @b"),
    "a.ch0.cc1 > b.ch0.cc{20,21}": ("cc 1 1 5 @a", "cc 1 20 5 @b | cc 1 21 5 @b"),
    "a.ch0.cc{20,21} > b.ch0.cc1": ("cc 1 20 5 @a | cc 1 21 6 @a", "cc 1 1 5 @b | cc 1 1 6 @b"),
}

CASES = {"RouteMIDI": ROUTE_MIDI, "mididings": MIDIDINGS, "midish": MIDISH, "x42": X42,
         "MIDIMonster": MIDI_MONSTER}


def rows(page):
    """(tool, what it calls it, the rules) of each row."""
    for block in read_page(page):
        if block.role != "display" or not block.name.startswith("equivalents "):
            continue
        tool = block.name.split(" ", 1)[1]
        left, rules = None, []
        for line in block.lines + ["end"]:
            if line.startswith(" "):
                rules.append(line[RIGHT:])
                continue
            if left is not None:
                yield tool, left, "\n".join(rules)
            has_right = line[RIGHT - 2: RIGHT] == "  "
            left = line[: RIGHT - 2].rstrip() if has_right else line
            rules = [line[RIGHT:]] if has_right else []


def lines_of(text):
    """The event lines of a case, in their canonical form."""
    lines = []
    for words in (line.split(" ") for line in text.split(" | ") if line):
        place = 1 if re.match(r"\d", words[0]) else 0
        if place == 1:
            words[0] = f"{float(words[0]):.9f}"
        words[place] = ALIASES.get(words[place], words[place])
        lines.append(" ".join(words))
    return lines


def run(mmroute, rules, case):
    before, after = map(lines_of, case)
    ran = subprocess.run([mmroute, "--virtual-clock", rules], input="".join(x + "\n" for x in before),
                         text=True, capture_output=True, timeout=PATIENCE, check=False)
    same("stderr", ran.stderr.splitlines(), [])
    same(f"of these rules:\n{rules}\nstdout", ran.stdout.splitlines(), after)
    same("exit status", [str(ran.returncode)], ["0"])


def check(mmroute, rule):
    """A rule of the text: nothing is wrong with it. It may choose a scene, or ask for a part."""
    ran = subprocess.run([mmroute, "--check", rule, "enter -> set part 1", "scene a"], text=True,
                         capture_output=True, timeout=PATIENCE, check=False)
    same("stderr", ran.stderr.splitlines(), [])
    same("exit status", [str(ran.returncode)], ["0"])


def plan(mmroute, page, tools):
    """(name, what to do, its arguments) of each test."""
    for block in read_page(page):
        if (block.role, block.name) == ("display", "rule"):
            yield f"{block.where} {block.text.strip()}", check, [mmroute, block.text.strip()]
    seen = set()
    for tool, left, rules in rows(page):
        if tool not in tools:
            continue
        name = f"{tool}: {left}"
        if name in seen:
            yield name, fail, ["there is another row of this name"]
        elif left not in CASES.get(tool, {}):
            yield name, fail, ["it has no case"]
        else:
            yield name, run, [mmroute, rules, CASES[tool][left]]
        seen.add(name)
    for tool in tools:
        for left in CASES[tool]:
            if f"{tool}: {left}" not in seen:
                yield f"{tool}: {left}", fail, ["no row has this name"]


def main():
    if len(sys.argv) < 3:
        sys.exit(f"usage: {sys.argv[0]} BIN_DIR MAN_DIR [TOOL...]")
    mmroute = os.path.join(os.path.abspath(sys.argv[1]), "mmroute")
    page = os.path.join(sys.argv[2], "mmroute.5")
    tests = list(plan(mmroute, page, sys.argv[3:] or list(CASES)))
    print(f"1..{len(tests)}")
    failures = 0
    for number, (name, work, arguments) in enumerate(tests, 1):
        failed = attempt(work, *arguments)
        failures += failed is not None
        print(("not ok" if failed else "ok"), number, "-", name, flush=True)
        for line in (failed or "").splitlines():
            print("#", line, flush=True)
    sys.exit(1 if failures or not tests else 0)


if __name__ == "__main__":
    main()
