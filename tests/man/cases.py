"""What each example of the man pages works with, and what comes of it.

A case has the name that stands in the page, `.\\" test: NAME`. It gets a Stage with the text of
the example. What the example prints is compared after it with the block of the page that is marked
`.\\" output: NAME` or `.\\" stderr: NAME`, or with the stage's `printed`; without these with nothing.
"""

import os
import signal
import subprocess

from stage import descendants, same

CASES = {}
ENDED_BY_SIGTERM = 128 + 15

TAKE = """\
100.000000000 note-on 1 60 100
100.100000000 note-off 1 60 64
100.200000000 note-on 1 64 80
100.300000000 note-off 1 64 64
"""
TAKE_EVENTS = ["note-on 1 60 100", "note-off 1 60 64", "note-on 1 64 80", "note-off 1 64 64"]
DUMP = bytes.fromhex("f0 43 00 09 01 02 f7 f0 43 00 09 03 04 f7")
DUMP_EVENTS = ["sysex f0 43 00 09 01 02 f7", "sysex f0 43 00 09 03 04 f7"]


def case(name):
    def add(function):
        CASES[name] = function
        return function
    return add


def sent(stage, port, wanted, **run):
    """The example sends this, and ends."""
    sink = stage.sink(port)
    stage.run(**run)
    stage.wait()
    same(f"port {port}", sink.all(), wanted)


def piped(stage, wanted, lines, source="keys", sink="synth"):
    """The example sends on what it receives, until somebody ends it."""
    from_port, to_port = stage.source(source), stage.sink(sink)
    stage.run()
    from_port.send(*lines)
    to_port.lines.wait(len(wanted))
    stage.stop()
    stage.wait()
    same(f"port {sink}", to_port.all(), wanted)


def printed(stage, count, lines, source="keys", status=ENDED_BY_SIGTERM):
    """The example prints what it receives, until somebody ends it."""
    stage.status = status
    from_port = stage.source(source)
    stage.run()
    from_port.send(*lines)
    stage.out.wait(count)
    stage.stop()
    stage.wait()


def sends_lines(*wanted):
    """The example is what mmsend reads."""
    return lambda stage: sent(stage, "synth", list(wanted), command=["mmsend", "-p", "synth"],
                              stdin=stage.text)


# --- mmevents(5) ---

ANATOMY = ["note-on 1 60 100", "sysex f0 43 10 4c 00 00 7e 00 f7", "control-change 1 74 127",
           "note-off 1 60 0"]
CASES["lines"] = sends_lines(*ANATOMY)
CASES["lines-canonical"] = sends_lines(*ANATOMY)
CASES["spellings"] = sends_lines(*["note-on 1 60 100"] * 4, "note-off 1 60 64")
CASES["sysex-spellings"] = sends_lines(*["sysex f0 7e 7f 06 01 f7"] * 4)
CASES["phrase"] = sends_lines("program-change 1 0", "note-on 1 60 90", "note-off 1 60 0",
                              "note-on 1 64 80", "note-off 1 64 0")


@case("caret")
def caret(stage):
    stage.status = 1
    sent(stage, "synth", ["note-on 1 60 100", "note-off 1 60 64"])


MIXED = ["note-on 1 60 100", "pitch-bend 1 -100", "sysex 43 10", "note-off 1 60 64"]


@case("json")
def json(stage):
    printed(stage, len(MIXED), MIXED)


@case("mido")
def mido(stage):
    json(stage)


@case("raw")
def raw(stage):
    keys = stage.source("keys")
    stage.run()
    keys.send("note-on 1 60 100", "note-off 1 60 64", "sysex 43 10")
    stage.wait()


@case("decode")
def decode(stage):
    printed(stage, 3, ["cc 1 101 0", "cc 1 100 0", "cc 1 6 2", "cc 1 38 0", "cc 1 1 64",
                       "cc 1 33 2", "cc 1 7 100"])


# --- mmtcp(1) ---

@case("desk")
def desk(stage):
    stage.run()
    stage.wait()


# --- mmrecv(1) ---

@case("monitor")
def monitor(stage):
    printed(stage, 2, ["on 1 60 87", "off 1 60 64"], source="KeyStation 49 MIDI 1")


@case("two-keyboards")
def two_keyboards(stage):
    keys, pads, sampler = stage.source("keys"), stage.source("pads"), stage.sink("sampler")
    stage.run()
    for count, (port, line) in enumerate([(keys, "on 1 60 1"), (pads, "on 10 36 2"),
                                          (keys, "off 1 60 3"), (pads, "off 10 36 4")], 1):
        port.send(line)
        sampler.lines.wait(count)
    stage.stop()
    stage.wait()
    same("port sampler", sampler.all(), ["note-on 1 60 1", "note-on 10 36 2", "note-off 1 60 3",
                                         "note-off 10 36 4"])


@case("list")
def list_ports(stage):
    # Clients have other names here, and there may be other ports.
    stage.only = r"KeyStation 49 MIDI 1|PadKontrol MIDI 1"
    stage.masks = [(r"^(alsa|jack)  in   (\d+:\d+ +)?[^:]+:", "IN "), (r"  \(connected\)$", "")]
    stage.source("KeyStation 49 MIDI 1")
    stage.source("PadKontrol MIDI 1")
    stage.run()
    stage.wait()


@case("pedal")
def pedal(stage):
    stage.printed = ["here we go"]
    keys = stage.source("keys")
    stage.run()
    keys.send("note-on 1 60 1", "note-off 1 60 1", "cc 1 64 127")
    stage.wait()


@case("dump")
def dump(stage):
    synth = stage.source("synth")
    stage.run()
    synth.send("active-sensing", *DUMP_EVENTS)
    stage.wait()
    same("dump.syx", [stage.read("dump.syx").hex()], [DUMP.hex()])


@case("jq")
def jq(stage):
    stage.printed = ["36 100", "38 90"]
    printed(stage, 2, ["on 1 60 1", "on 10 36 100", "off 10 36 0", "on 10 38 90"], source="drums",
            status=0)


@case("ready")
def ready(stage):
    stage.run()
    stage.wait()
    events = [line.split(" ", 1)[1] for line in stage.read("take.txt").decode().splitlines()]
    same("take.txt", events, ["note-on 1 60 100", "note-off 1 60 0"])


# --- mmsend(1) ---

@case("note")
def note(stage):
    sent(stage, "synth", ["note-on 1 60 100", "note-off 1 60 0"])


@case("timed")
def timed(stage):
    stage.file("take.txt", TAKE)
    sent(stage, "synth", TAKE_EVENTS * 2)


@case("loop")
def loop(stage):
    sent(stage, "drums", ["note-on 10 36 100", "note-on 10 38 100"] * 4
         + ["note-off 10 36 64", "note-off 10 38 64"])


@case("tags")
def tags(stage):
    bass, piano = stage.sink("bass"), stage.sink("piano")
    stage.run()
    stage.wait()
    same("port bass", bass.all(), ["note-on 1 36 90", "note-off 1 36 0"])
    same("port piano", piano.all(), ["note-on 1 64 70", "note-off 1 64 0"])


@case("syx")
def syx(stage):
    stage.file("dump.syx", DUMP)
    sent(stage, "synth", DUMP_EVENTS)


@case("virtual")
def virtual(stage):
    stage.file("tune.txt", TAKE)
    sink = stage.listener("keys", len(TAKE_EVENTS))
    stage.run()
    stage.wait()
    same("port keys", sink.to_end(), TAKE_EVENTS)


@case("clock")
def clock(stage):
    sent(stage, "drums", ["start"] + ["clock"] * 48 + ["stop"])


PANIC = ([f"control-change {channel} {controller} 0"
          for channel in range(1, 17) for controller in (64, 123, 120)]
         + [f"note-off {channel} {number} 64" for channel in range(1, 17) for number in range(128)])


@case("panic")
def panic(stage):
    sent(stage, "synth", PANIC)


@case("rpn")
def rpn(stage):
    sent(stage, "synth", [f"control-change 1 {number} {value}"
                          for number, value in ((101, 0), (100, 0), (6, 12), (38, 0))])


# --- mmtools(7) ---

PLAYED = ["on 1 60 100", "pp 1 60 20", "cp 1 30", "cc 1 1 64", "clock", "off 1 60 64"]
PLAYED_EVENTS = ["note-on 1 60 100", "poly-pressure 1 60 20", "channel-pressure 1 30",
                 "control-change 1 1 64", "clock", "note-off 1 60 64"]


@case("pipeline")
def pipeline(stage):
    piped(stage, [e for e in PLAYED_EVENTS if "pressure" not in e], PLAYED)


@case("environment")
def environment(stage):
    piped(stage, PLAYED_EVENTS, PLAYED)


@case("record")
def record(stage):
    stage.status = ENDED_BY_SIGTERM
    keys, take = stage.source("keys"), stage.watched("take.txt")
    stage.run()
    keys.send(*PLAYED)
    take.wait(len(PLAYED))
    stage.stop()
    stage.wait()
    same("take.txt", [line.split(" ", 1)[1] for line in take.lines], PLAYED_EVENTS)


@case("play")
def play(stage):
    stage.file("take.txt", TAKE)
    sent(stage, "synth", TAKE_EVENTS)


@case("grep")
def grep(stage):
    piped(stage, ["note-on 1 60 100", "control-change 1 1 64", "note-off 1 60 64"], PLAYED)


@case("not")
def without(stage):
    grep(stage)


@case("velocity")
def velocity(stage):
    piped(stage, ["note-on 1 60 100", "control-change 1 7 33", "note-on 1 60 0"],
          ["on 1 60 20", "cc 1 7 33", "on 1 60 0"])


@case("transpose")
def transpose(stage):
    piped(stage, ["note-on 1 72 20", "control-change 1 7 33", "note-off 1 72 0"],
          ["on 1 60 20", "on 1 120 20", "off 1 120 20", "cc 1 7 33", "off 1 60 0"])


@case("jq-map")
def jq_map(stage):
    piped(stage, ["control-change 1 11 64", "note-on 1 60 1", "note-off 1 60 1"],
          ["cc 1 1 64", "on 1 60 1", "off 1 60 1"])


@case("merge")
def merge(stage):
    stage.file("left.txt", "7.000000000 on 1 40 1\n7.200000000 off 1 40 0\n")
    stage.file("right.txt", "7.100000000 on 2 70 1\n7.200000000 off 2 70 0\n")
    sent(stage, "synth", ["note-on 1 40 1", "note-on 2 70 1", "note-off 1 40 0", "note-off 2 70 0"])


@case("backup")
def backup(stage):
    out, into = stage.source("synth out"), stage.sink("synth in")
    stage.run()
    into.lines.wait(1)
    out.send(*DUMP_EVENTS)
    stage.wait()
    same("port synth in", into.all(), ["sysex f0 43 20 7e 00 f7"])
    same("backup.syx", [stage.read("backup.syx").hex()], [DUMP.hex()])


@case("restore")
def restore(stage):
    stage.file("backup.syx", DUMP)
    sent(stage, "synth in", DUMP_EVENTS)


@case("everything")
def everything(stage):
    stage.printed = ["TIME note-on 1 C4 100 @keys", "TIME note-off 1 C4 64 @keys"]
    stage.only = "keys$"
    stage.masks = [(r"@\S*keys", "@keys")]
    printed(stage, 2, ["on 1 60 100", "clock", "active-sensing", "off 1 60 64"])


@case("latency")
def latency(stage):
    keys, thru = stage.source("keys"), stage.source("thru")
    stage.run()
    keys.send("on 1 60 1")
    keys.finish()  # so that it is the first one
    thru.send("on 1 60 1")
    stage.wait()


@case("hotplug")
def hotplug(stage):
    stage.printed = ["lights on"]
    stage.file("lights-on", "#!/bin/sh\necho lights on\n", mode=0o755)
    stage.source("keys")
    stage.run()
    stage.source("Launchpad Mini MIDI 1")
    stage.out.wait(1)
    stage.stop()
    stage.wait()


@case("panic-key")
def panic_key(stage):
    piped(stage, PANIC, ["cc 1 119 0", "cc 1 118 127", "cc 1 119 127"], source="pads")


@case("histogram")
def histogram(stage):
    stage.file("take.txt", "".join(f"{second} on 1 {number} 9\n".replace(" on ", " note-on ")
                                   for second, number in enumerate([60, 64, 60, 62, 64, 60, 60, 65])))
    stage.run()
    stage.wait()


# --- mmjack(1) ---

def end_mmjack(stage, word):
    """Ends those mmjack of the example that have this word among their arguments."""
    for pid, name in descendants(stage.process.pid):
        with open(f"/proc/{pid}/cmdline", "rb") as words:
            if name == "mmjack" and word.encode() in words.read().split(b"\0"):
                os.kill(pid, signal.SIGTERM)


def connect_all_audio(stage):
    subprocess.run(["mmjack", "connect", "/system:capture/", "/system:playback/"], check=True)


def disconnect_all():
    subprocess.run(["mmjack", "disconnect", "--all"], check=True)


@case("jack-in")
def jack_in(stage):
    stage.status = ENDED_BY_SIGTERM
    stage.masks = [(r"^\d+\.\d{9}", "TIME")]
    keys = stage.source("KeyStation 49 MIDI 1")
    stage.run()
    stage.out.wait(1)
    keys.send("on 1 60 87", "off 1 60 64")
    stage.out.wait(3)
    end_mmjack(stage, "--in")
    stage.wait()


@case("jack-latency")
def jack_latency(stage):
    keys, synth = stage.source("keys"), stage.sink("synth")
    stage.run()
    keys.send(*PLAYED)
    wanted = [e for e in PLAYED_EVENTS if "pressure" not in e]
    synth.lines.wait(len(wanted))
    end_mmjack(stage, "--in")
    stage.wait()
    same("port synth", synth.all(), wanted)


@case("jack-timed")
def jack_timed(stage):
    stage.file("take.txt", TAKE)
    sent(stage, "synth", TAKE_EVENTS)


@case("jack-ls")
def jack_ls(stage):
    stage.run()
    stage.wait()
    disconnect_all()


@case("jack-save")
def jack_save(stage):
    connect_all_audio(stage)
    stage.run()
    stage.wait()
    disconnect_all()


@case("jack-patchbay")
def jack_patchbay(stage):
    synth = stage.sink("synth")
    stage.run()
    keys = stage.source("keys")
    keys.send("on 1 60 1", "off 1 60 1")
    synth.lines.wait(2)
    end_mmjack(stage, "monitor")
    stage.wait()
    same("port synth", synth.all(), ["note-on 1 60 1", "note-off 1 60 1"])


@case("jack-master")
def jack_master(stage):
    stage.run()
    stage.wait()
    subprocess.run(["mmjack", "transport", "locate", "0"], check=True)


@case("jack-audio")
def jack_audio(stage):
    stage.run()
    stage.wait()
    same("take.f32", [str(len(stage.read("take.f32")))], [str(48000 * 2 * 4)])


@case("constant-delay")
def constant_delay(stage):
    jack_latency(stage)
