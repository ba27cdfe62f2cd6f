#!/usr/bin/env bats
# The module mm: what each of its functions and classes does, and says when it is used wrongly.

load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || exit
  export PYTHONDONTWRITEBYTECODE=1
  unset PYTHONPATH VIRTUAL_ENV
}
teardown() { stop_all; }

# script: s.py, from stdin.
script() { cat > s.py; }

# run_mmpy STATUS ARG...: mmpy, with $output and $stderr apart; its input is that of this function.
run_mmpy() { run --separate-stderr "-$1" mmpy "${@:2}"; }

# live NAME ARG...: mmpy in the background; $NAME.in is a FIFO, which is open as 8.
live() {
  mkfifo "$1.in"
  exec 8<> "$1.in"
  start "$1" mmpy "${@:2}"
}

hang_up() {
  exec 8>&-
  finish "$1"
}

# table: lines "EXPRESSION -> VALUE" from stdin, or "EXPRESSION -> ERROR: WORDS": all of them hold.
# change(e, attribute=value) assigns, raised(EXPRESSION) is the name of its error, f is a function,
# S is no text.
table() {
  cat > table
  cat > table.py << 'PY'
import mm

def change(event, **attributes):
    for name, value in attributes.items():
        setattr(event, name, value)
    return event

def raised(expression):
    try:
        return eval(expression)
    except Exception as error:
        return type(error).__name__

def f(*arguments): pass

S = "\ud800"
for line in open("table"):
    expression = line.partition(" -> ")[0]
    try:
        value = repr(eval(expression))
    except Exception as error:
        value = f"{type(error).__name__}: {error}"
    print(f"{expression} -> {value}")
PY
  mmpy --virtual-clock table.py < /dev/null 2> told > sent || true
  diff table told
}

# say JSON...: the sysex of each.
say() {
  local message
  for message in "$@"; do
    echo "sysex f0 $(printf %s "$message" | xxd -p -c 1 | paste -sd ' ') f7"
  done
}

# messages: the lines of stdin, with the JSON of a sysex as such.
messages() {
  local line hex
  while read -r line; do
    hex=${line#*sysex f0 }
    if [[ $line == *'sysex f0 7b '* ]]; then
      echo "${line%%sysex*}$(xxd -r -p <<< "${hex% f7*}")${hex#*f7}"
    else
      echo "$line"
    fi
  done
}

# --- events ---

@test "events of every kind: line, repr, attributes; copies, pickles and lines are equal to them" {
  script << 'PY'
import copy, mm, pickle
every = [
    mm.note_off(1, 60), mm.note_on(16, "C4", 100), mm.poly_pressure(1, 127, 0),
    mm.control_change(2, 64, 127), mm.program_change(3, 0), mm.channel_pressure(4, 1),
    mm.pitch_bend(5, -8192), mm.sysex([1, 2]), mm.time_code(7, 15), mm.song_position(16383),
    mm.song_select(5), mm.tune_request(), mm.clock(), mm.start(), mm.continue_(), mm.stop(),
    mm.active_sensing(), mm.reset(), mm.raw(b"\xf4\x01"), mm.cc14(1, 31, 16383),
    mm.rpn(2, 0, 1), mm.nrpn(3, 16383, 2), mm.meta(":text", '"a # @b é"'), mm.meta(":end"),
]
for e in every:
    f = eval(repr(e))
    assert f == e and not f != e and hash(f) == hash(e) and f is not e, e
    assert isinstance(e, mm.Event) and e.time is e.time_ns is e.after is e.port is None
    full = e.replace(time_ns=1_500_000_001, port="a/b[1]")
    late = e.replace(after=0.25)
    assert len({e, f, full, late}) == 3 and full != e != late != full and not full == e
    assert (full.time, full.time_ns, full.after) == (1.500000001, 1500000001, None)
    assert (late.time, late.time_ns, late.after) == (None, None, 0.25)
    for one in e, full, late:
        for same in (mm.parse(str(one)), eval(repr(one)), one.replace(), copy.copy(one),
                     copy.deepcopy([one])[0],
                     *(pickle.loads(pickle.dumps(one, n)) for n in range(pickle.HIGHEST_PROTOCOL + 1))):
            assert same == one and type(same) is type(one) and same is not one, one
            assert (str(same), repr(same)) == (str(one), repr(one)), one
    names = type(e).__match_args__
    print(e.kind, e, repr(e), *(f"{name}={getattr(e, name)!r}" for name in names), sep=" | ")
print(full, repr(full), repr(late), sep=" | ")
assert len({type(e) for e in every}) == 23 and len(set(every)) == len(every)
e, other = every[0], every[1:]
print(e == "note-off 1 60 64", e != None, e in other, {e: "found"}[mm.parse("off 1 C4 64")])
e.note = 61
print(e, f, mm.note_off(1, 61) == e)
PY
  run_mmpy 0 s.py < /dev/null
  same "note-off | note-off 1 60 64 | mm.note_off(1, 60, 64) | channel=1 | note=60 | velocity=64
note-on | note-on 16 60 100 | mm.note_on(16, 60, 100) | channel=16 | note=60 | velocity=100
poly-pressure | poly-pressure 1 127 0 | mm.poly_pressure(1, 127, 0) | channel=1 | note=127 | pressure=0
control-change | control-change 2 64 127 | mm.control_change(2, 64, 127) | channel=2 | controller=64 | value=127
program-change | program-change 3 0 | mm.program_change(3, 0) | channel=3 | program=0
channel-pressure | channel-pressure 4 1 | mm.channel_pressure(4, 1) | channel=4 | pressure=1
pitch-bend | pitch-bend 5 -8192 | mm.pitch_bend(5, -8192) | channel=5 | bend=-8192
sysex | sysex f0 01 02 f7 | mm.sysex(b'\\xf0\\x01\\x02\\xf7') | data=b'\\xf0\\x01\\x02\\xf7'
time-code | time-code 7 15 | mm.time_code(7, 15) | type=7 | value=15
song-position | song-position 16383 | mm.song_position(16383) | beats=16383
song-select | song-select 5 | mm.song_select(5) | song=5
tune-request | tune-request | mm.tune_request()
clock | clock | mm.clock()
start | start | mm.start()
continue | continue | mm.continue_()
stop | stop | mm.stop()
active-sensing | active-sensing | mm.active_sensing()
reset | reset | mm.reset()
raw | raw f4 01 | mm.raw(b'\\xf4\\x01') | data=b'\\xf4\\x01'
cc14 | cc14 1 31 16383 | mm.cc14(1, 31, 16383) | channel=1 | number=31 | value=16383
rpn | rpn 2 0 1 | mm.rpn(2, 0, 1) | channel=2 | number=0 | value=1
nrpn | nrpn 3 16383 2 | mm.nrpn(3, 16383, 2) | channel=3 | number=16383 | value=2
:text | :text \"a # @b é\" | mm.meta(':text', '\"a # @b é\"') | kind=':text' | arguments='\"a # @b é\"'
:end | :end | mm.meta(':end') | kind=':end' | arguments=''
1.500000001 :end @a/b[1] | mm.meta(':end', time=1.500000001, port='a/b[1]') | mm.meta(':end', after=0.25)
False True False found
note-off 1 61 64 :end True" "$stderr"
}

@test "a time of the real-time clock, to the nanosecond: repr() is what Python reads as this event" {
  table << 'END'
mm.parse("1732660000.123456789 clock").time_ns -> 1732660000123456789
str(mm.clock(time_ns=1732660000123456789)) -> '1732660000.123456789 clock'
eval(repr(mm.parse("1732660000.123456789 clock"))) == mm.parse("1732660000.123456789 clock") -> True
END
}

@test "classes of events take their arguments in order or by name, and fill in what may be left out" {
  table << 'END'
mm.note_on(1, 2) -> mm.note_on(1, 2, 64)
mm.note_off(1, 2) -> mm.note_off(1, 2, 64)
mm.note_on(1, 2, 3) -> mm.note_on(1, 2, 3)
mm.note_on(velocity=3, note="F#3", channel=1) -> mm.note_on(1, 54, 3)
mm.note_on(1, velocity=3, note=2) -> mm.note_on(1, 2, 3)
mm.note_on(**{"channel": 1, "note": "c4"}) -> mm.note_on(1, 60, 64)
mm.note_on(1, "Bb-1") -> mm.note_on(1, 10, 64)
mm.poly_pressure(1, "G9", 5) -> mm.poly_pressure(1, 127, 5)
mm.note_on(True, 2) -> mm.note_on(1, 2, 64)
mm.note_on(1, 2, time=1.5, port="keys") -> mm.note_on(1, 2, 64, time=1.5, port='keys')
mm.note_on(1, 2, time_ns=1500000000) -> mm.note_on(1, 2, 64, time=1.5)
mm.note_on(1, 2, after=0.5) -> mm.note_on(1, 2, 64, after=0.5)
mm.note_on(1, 2, time=None, time_ns=None, after=None, port=None) -> mm.note_on(1, 2, 64)
mm.note_on(1, 2, time=3, time_ns=None, after=None) -> mm.note_on(1, 2, 64, time=3.0)
mm.sysex([1, 2]) -> mm.sysex(b'\xf0\x01\x02\xf7')
mm.sysex(b"\xf0\1\2\xf7") -> mm.sysex(b'\xf0\x01\x02\xf7')
mm.sysex(b"\xf0\1\2") -> mm.sysex(b'\xf0\x01\x02\xf7')
mm.sysex(b"\1\2\xf7") -> mm.sysex(b'\xf0\x01\x02\xf7')
mm.sysex(bytearray(b"\1\2")) -> mm.sysex(b'\xf0\x01\x02\xf7')
mm.sysex(memoryview(b"\1\2")) -> mm.sysex(b'\xf0\x01\x02\xf7')
mm.sysex(range(3)) -> mm.sysex(b'\xf0\x00\x01\x02\xf7')
mm.sysex(n for n in (1, 2)) -> mm.sysex(b'\xf0\x01\x02\xf7')
mm.sysex(data=()) -> mm.sysex(b'\xf0\xf7')
mm.raw([255, 0]) -> mm.raw(b'\xff\x00')
mm.meta(":tempo", "120") -> mm.meta(':tempo', '120')
mm.meta(kind=":tempo", arguments=" 120   x ") -> mm.meta(':tempo', '120 x')
mm.meta(":end") -> mm.meta(':end')
mm.clock(port="a") -> mm.clock(port='a')
mm.clock(time=9e9) -> mm.clock(time=9000000000.0)
mm.clock(time=0) == mm.clock() -> False
END
}

@test "classes of events say what is wrong with their arguments" {
  table << 'END'
mm.Event() -> TypeError: mm.Event: make one of its kinds: mm.note_on(...), ...
mm.note_on() -> TypeError: mm.note_on() needs its channel
mm.note_on(1) -> TypeError: mm.note_on() needs its note
mm.cc14(1, 5) -> TypeError: mm.cc14() needs its value
mm.sysex() -> TypeError: mm.sysex() needs its data
mm.meta() -> TypeError: mm.meta() needs its kind
mm.note_on(1, 2, 3, 4) -> TypeError: mm.note_on() takes 3 arguments, not 4
mm.clock(1) -> TypeError: mm.clock() takes 0 arguments, not 1
mm.note_on(1, 2, note=3) -> TypeError: mm.note_on() has two values for note
mm.note_on(1, 2, x=3) -> TypeError: mm.note_on() takes channel, note, velocity, time, time_ns, after and port
mm.clock(x=1) -> TypeError: mm.clock() takes time, time_ns, after and port
mm.note_on(0, 2) -> ValueError: channel '0' is not in 1..16
mm.note_on(17, 2) -> ValueError: channel '17' is not in 1..16
mm.note_on(1, 128) -> ValueError: note '128' is not in 0..127
mm.note_on(1, -1) -> ValueError: note '-1' is not in 0..127
mm.note_on(1, 10**30) -> ValueError: note '1000000000000000000000000000000' is not in 0..127
mm.note_on(1, "G#9") -> ValueError: note 'G#9' is not in 0..127
mm.note_on(1, "H4") -> ValueError: note 'H4': it is a number or a name such as C4
mm.note_on(1, "60") -> ValueError: note '60': it is a number or a name such as C4
mm.note_on(1.0, 2) -> TypeError: channel: it is a whole number, no float; int() makes one
mm.note_on("1", 2) -> TypeError: channel: it is a whole number, no str
mm.note_on(1, None) -> TypeError: note: it is a whole number, no NoneType
mm.pitch_bend(1, 8192) -> ValueError: bend '8192' is not in -8192..8191
mm.pitch_bend(1, -8193) -> ValueError: bend '-8193' is not in -8192..8191
mm.song_position(16384) -> ValueError: beats '16384' is not in 0..16383
mm.time_code(8, 0) -> ValueError: type '8' is not in 0..7
mm.time_code(0, 16) -> ValueError: value '16' is not in 0..15
mm.cc14(1, 32, 0) -> ValueError: number '32' is not in 0..31
mm.rpn(1, 16384, 0) -> ValueError: number '16384' is not in 0..16383
mm.nrpn(1, 0, 16384) -> ValueError: value '16384' is not in 0..16383
mm.clock(time=-1) -> ValueError: time: it is seconds, 0 to 9e9
mm.clock(time=9.1e9) -> ValueError: time: it is seconds, 0 to 9e9
mm.clock(time=float("nan")) -> ValueError: time: it is seconds, 0 to 9e9
mm.clock(time="1") -> TypeError: must be real number, not str
mm.clock(time_ns=-1) -> ValueError: time_ns: it is nanoseconds, 0 to 9e18
mm.clock(time_ns=1.5) -> TypeError: 'float' object cannot be interpreted as an integer
mm.clock(after=-1) -> ValueError: after: it is seconds, 0 to 9e9
mm.clock(port="") -> ValueError: port '': it is one word of A-Z a-z 0-9 _ . - / : [ ]
mm.clock(port="@a") -> ValueError: port '@a': it is one word of A-Z a-z 0-9 _ . - / : [ ]
mm.clock(port="a b") -> ValueError: port 'a b': it is one word of A-Z a-z 0-9 _ . - / : [ ]
mm.clock(port=5) -> TypeError: port: it is a str or None
mm.sysex("f0") -> TypeError: data: bytes or numbers, no str
mm.sysex(5) -> TypeError: data: bytes or numbers, no int
mm.sysex(None) -> TypeError: cannot convert 'NoneType' object to bytes
mm.sysex(["x"]) -> TypeError: 'str' object cannot be interpreted as an integer
mm.sysex([256]) -> ValueError: bytes must be in range(0, 256)
mm.sysex([1, 128]) -> ValueError: data: '80' is no data byte of a sysex (00..7f)
mm.sysex(b"\1\xf7\2") -> ValueError: data: '02' follows the f7 that ends the sysex
mm.raw([]) -> ValueError: data: this needs bytes: raw HEX...
mm.meta("tempo") -> ValueError: 'tempo' is no name of a meta event, such as ':tempo'
mm.meta(":") -> ValueError: ':' is no name of a meta event
mm.meta(":a b") -> ValueError: kind ':a b': it is one word
mm.meta(5) -> TypeError: kind: it is a str
mm.meta(":a", 5) -> TypeError: arguments: it is a str
mm.meta(":a", "b @c") -> ValueError: no port can stand here
mm.meta(":a", "b # c") -> ValueError: no comment can stand here
mm.meta(":a", '"b') -> ValueError: this string does not end with a '"' and a blank
mm.meta(":a", "b\nc") -> ValueError: a control character, or no UTF-8
type("My", (mm.note_on,), {}) -> TypeError: type 'mm.note_on' is not an acceptable base type
type("My", (mm.Event,), {}) -> TypeError: type 'mm.Event' is not an acceptable base type
END
}

@test "classes of events: a time in nanoseconds that no line can have" {
  table << 'END'
mm.clock(time_ns=9 * 10**18) -> mm.clock(time=9000000000.0)
raised("mm.clock(time_ns=9 * 10**18 + 1)") -> 'ValueError'
raised("mm.clock(time_ns=10**30)") -> 'ValueError'
raised("change(mm.clock(), time_ns=10**30)") -> 'ValueError'
END
}

@test "attributes can be assigned, and are checked at once" {
  table << 'END'
change(mm.note_on(1, 2), channel=16, note="C5", velocity=0, time=3, port="b") -> mm.note_on(16, 72, 0, time=3.0, port='b')
change(mm.sysex([1]), data=[2, 3]) -> mm.sysex(b'\xf0\x02\x03\xf7')
change(mm.raw([1]), data=b"\xf8") -> mm.raw(b'\xf8')
change(mm.meta(":a", "b"), arguments="c  d") -> mm.meta(':a', 'c d')
change(mm.meta(":a", "b"), arguments="") -> mm.meta(':a')
change(mm.clock(time=1.5), time=None) -> mm.clock()
change(mm.clock(), time_ns=1500000001).time -> 1.500000001
change(mm.clock(), time=0.1).time_ns -> 100000000
change(mm.clock(time=1), after=0.5) -> mm.clock(after=0.5)
change(mm.clock(after=1), time=2) -> mm.clock(time=2.0)
change(mm.clock(port="a"), port=None) -> mm.clock()
change(mm.note_on(1, 2), channel=0) -> ValueError: channel '0' is not in 1..16
change(mm.note_on(1, 2), note="x") -> ValueError: note 'x': it is a number or a name such as C4
change(mm.note_on(1, 2), velocity=1.0) -> TypeError: velocity: it is a whole number, no float; int() makes one
change(mm.note_on(1, 2), velocity="1") -> TypeError: velocity: it is a whole number, no str
change(mm.clock(), time=-0.1) -> ValueError: time: it is seconds, 0 to 9e9
change(mm.clock(), time="1") -> TypeError: must be real number, not str
change(mm.clock(), port="a b") -> ValueError: port 'a b': it is one word of A-Z a-z 0-9 _ . - / : [ ]
change(mm.sysex([1]), data="f0") -> TypeError: data: bytes or numbers, no str
change(mm.sysex([1]), data=[1, 2, 0x80]) -> ValueError: data: '80' is no data byte of a sysex (00..7f)
change(mm.note_on(1, 2), controller=1) -> MissingAttribute: a note-on has no controller
change(mm.clock(), data=b"") -> MissingAttribute: a clock has no data
change(mm.note_on(1, 2), velocty=1) -> AttributeError: 'mm.note_on' object has no attribute 'velocty'
mm.note_on(1, 2).controller -> MissingAttribute: a note-on has no controller
mm.active_sensing().note -> MissingAttribute: an active-sensing has no note
mm.meta(":a").note -> MissingAttribute: a meta event has no note
mm.sysex([1]).arguments -> MissingAttribute: a sysex has no arguments
mm.note_on(1, 2).velocty -> AttributeError: 'mm.note_on' object has no attribute 'velocty'
issubclass(mm.MissingAttribute, AttributeError) -> True
hasattr(mm.clock(), "note"), hasattr(mm.note_on(1, 2), "note") -> (False, True)
getattr(mm.clock(), "note", None) -> None
delattr(mm.note_on(1, 2), "note") -> AttributeError: an attribute of an event cannot be deleted
delattr(mm.note_on(1, 2), "time") -> AttributeError: an attribute of an event cannot be deleted
END
}

@test "an assignment that fails changes nothing" {
  script << 'PY'
import mm
for e, name, value in ((mm.note_on(1, 2, 3, time=4, port="a"), "note", 128),
                       (mm.note_on(1, 2, 3, time=4, port="a"), "time", -1),
                       (mm.note_on(1, 2, 3, time=4, port="a"), "port", ""),
                       (mm.note_on(1, 2, 3, time=4, port="a"), "kind", "clock"),
                       (mm.sysex([1], port="a"), "data", [1, 200]),
                       (mm.meta(":a", "b"), "arguments", '"'), (mm.meta(":a", "b"), "kind", "x")):
    before = repr(e)
    try:
        setattr(e, name, value)
    except ValueError:
        pass
    print(before == repr(e), e)
PY
  run_mmpy 0 s.py < /dev/null
  same "True 4.000000000 note-on 1 2 3 @a
True 4.000000000 note-on 1 2 3 @a
True 4.000000000 note-on 1 2 3 @a
True 4.000000000 note-on 1 2 3 @a
True sysex f0 01 f7 @a
True :a b
True :a b" "$stderr"
}

@test "kind can be assigned among kinds of the same arguments, which have to fit" {
  table << 'END'
change(mm.note_on(1, 2, 3, port="a"), kind="note-off") -> mm.note_off(1, 2, 3, port='a')
type(change(mm.note_off(1, 2), kind="on")) -> <class 'mm.note_on'>
change(mm.clock(time=1), kind="tune-request") -> mm.tune_request(time=1.0)
change(mm.rpn(1, 500, 6), kind="nrpn") -> mm.nrpn(1, 500, 6)
change(mm.cc14(1, 5, 6), kind="rpn") -> mm.rpn(1, 5, 6)
change(mm.rpn(1, 5, 6), kind="cc14") -> mm.cc14(1, 5, 6)
change(mm.sysex([1]), kind="raw") -> mm.raw(b'\xf0\x01\xf7')
change(mm.raw(b"\xf0\1\xf7"), kind="sysex") -> mm.sysex(b'\xf0\x01\xf7')
change(mm.meta(":a", "x"), kind=":b") -> mm.meta(':b', 'x')
change(mm.note_on(1, 2), kind="poly-pressure") -> ValueError: kind: a note-on has other arguments than poly-pressure; make a new event
change(mm.song_select(5), kind="song-position") -> ValueError: kind: a song-select has other arguments than song-position; make a new event
change(mm.note_on(1, 2), kind="clock") -> ValueError: kind: a note-on has other arguments than clock; make a new event
change(mm.note_on(1, 2), kind="noteoff") -> ValueError: unknown kind 'noteoff'; did you mean 'note-off'?
change(mm.note_on(1, 2), kind=5) -> TypeError: kind: it is a str
change(mm.meta(":a"), kind=":a b") -> ValueError: kind ':a b': it is one word
mm.note_on(1, 2).replace(kind="note-off", note="C4") -> mm.note_off(1, 60, 64)
END
}

@test "kind: numbers and bytes that the new kind cannot have" {
  table << 'END'
change(mm.rpn(1, 31, 6), kind="cc14") -> mm.cc14(1, 31, 6)
raised("change(mm.rpn(1, 500, 6), kind='cc14')") -> 'ValueError'
raised("change(mm.raw([0x90]), kind='sysex')") -> 'ValueError'
change(mm.meta(":a", "x"), kind="clock") -> ValueError: 'clock' is no name of a meta event, such as ':tempo'
END
}

@test "replace() makes a new event" {
  table << 'END'
mm.note_on(1, 2).replace() -> mm.note_on(1, 2, 64)
mm.note_on(1, 2, port="a").replace(note=3, channel=2, velocity=1, time=1) -> mm.note_on(2, 3, 1, time=1.0, port='a')
mm.note_on(1, 2, port="a", time=1).replace(note="C4", port=None) -> mm.note_on(1, 60, 64, time=1.0)
mm.clock(time=1).replace(time=None) -> mm.clock()
mm.clock(after=1).replace(time=None) -> mm.clock()
mm.clock(time=1).replace(after=2) -> mm.clock(after=2.0)
mm.clock(time=1).replace(time_ns=2) -> mm.clock(time=2e-09)
mm.sysex([1]).replace(data=[2]) -> mm.sysex(b'\xf0\x02\xf7')
mm.meta(":a", "b").replace(kind=":c", arguments="d") -> mm.meta(':c', 'd')
mm.note_on(1, 2).replace(3) -> TypeError: replace() takes keywords: replace(note=60)
mm.note_on(1, 2).replace(note=128) -> ValueError: note '128' is not in 0..127
mm.note_on(1, 2).replace(controller=3) -> MissingAttribute: a note-on has no controller
mm.note_on(1, 2).replace(nte=1) -> AttributeError: 'mm.note_on' object has no attribute 'nte'
[(e, f) for e in [mm.note_on(1, 2)] for f in [e.replace()] if setattr(f, "note", 5) is None] -> [(mm.note_on(1, 2, 64), mm.note_on(1, 5, 64))]
[(e, f) for e in [mm.sysex([1])] for f in [e.replace()] if setattr(f, "data", [5]) is None] -> [(mm.sysex(b'\xf0\x01\xf7'), mm.sysex(b'\xf0\x05\xf7'))]
END
}

@test "match takes events apart" {
  script << 'PY'
import mm
@mm.on()
def f(e):
    match e:
        case mm.note_on(channel, 60, velocity) if velocity:
            print("C4", channel, velocity)
        case mm.note_on(note=n) | mm.note_off(_, n):
            print("note", n)
        case mm.control_change(controller=64 | 66, value=v, port="desk"):
            print("pedal", v)
        case mm.sysex(data) | mm.raw(data):
            print("data", data)
        case mm.meta(":tempo", bpm):
            print("tempo", bpm)
        case mm.pitch_bend(2, bend):
            print("bend", bend)
        case mm.meta(kind):
            print("meta", kind)
        case mm.clock():
            print("clock")
        case mm.Event(kind=kind, time=1.5):
            print("at 1.5", kind)
        case mm.Event():
            print("other", e)
PY
  run_mmpy 0 s.py << 'END'
on 1 60 5
on 1 60 0
off 2 61 1
cc 1 64 127
cc 1 66 1 @desk
syx 1
raw 2
:tempo 120
:x y
pb 2 -5
pb 3 5
clock
1.5 start
1.6 start
END
  same "C4 1 5
note 60
note 61
other control-change 1 64 127
pedal 1
data b'\\xf0\\x01\\xf7'
data b'\\x02'
tempo 120
meta :x
bend -5
other pitch-bend 3 5
clock
at 1.5 start
other 1.600000000 start" "$stderr"
}

@test "what is no text is an error as any other" {
  table << 'END'
raised("mm.note_on(1, S)") -> 'ValueError'
raised("mm.parse(S)") -> 'UnicodeEncodeError'
isinstance(raised("mm.clock(port=S)"), str) -> True
raised("mm.meta(':a', S)") in ("ValueError", "UnicodeEncodeError") -> True
raised("change(mm.meta(':a'), arguments=S)") in ("ValueError", "UnicodeEncodeError") -> True
raised("change(mm.meta(':a'), kind=S)") in ("ValueError", "UnicodeEncodeError") -> True
raised("mm.on(port=S)") in ("ValueError", "UnicodeEncodeError") -> True
raised("mm.on(S)") in ("ValueError", "UnicodeEncodeError") -> True
END
}

@test "send(): a keyword that is no text" {
  table << 'END'
raised("mm.send(mm.clock(), **{S: 1})") in ("TypeError", "ValueError", "UnicodeEncodeError") -> True
END
}

@test "parse() reads a line, and shows a fault with its column and a caret" {
  table << 'END'
mm.parse("on 1 C4 0x20 @a/b # comment") -> mm.note_on(1, 60, 32, port='a/b')
mm.parse("  +0.5   cc  1 7\t3  ") -> mm.control_change(1, 7, 3, after=0.5)
mm.parse("1.5 pb 1 -8192\n") -> mm.pitch_bend(1, -8192, time=1.5)
mm.parse("syx 1") -> mm.sysex(b'\xf0\x01\xf7')
mm.parse(':text "a  # b" c') -> mm.meta(':text', '"a  # b" c')
mm.parse(5) -> TypeError: parse(): a line is a str, not int
mm.parse(b"clock") -> TypeError: parse(): a line is a str, not bytes
END
  script << 'PY'
import mm
for line in ("nite-on 1 2 3", "note-on 1 60", "1.5 note-on 1 60 128", "on 1 é 1", "sysex 1 2 80",
             "clock @a b", "clock\nstart", "-1 clock", ":", "", "# nothing"):
    try:
        print(mm.parse(line))
    except ValueError as error:
        print(error)
PY
  run_mmpy 0 s.py < /dev/null
  same "column 1: unknown kind 'nite-on'; did you mean 'note-on'?
nite-on 1 2 3
^
column 13: no velocity; it is note-on CHANNEL NOTE VELOCITY
note-on 1 60
            ^
column 18: velocity '128' is not in 0..127
1.5 note-on 1 60 128
                 ^
column 6: note '??' is no number, and no name such as C4 or F#3
on 1 ?? 1
     ^
column 11: '80' is no data byte of a sysex (00..7f)
sysex 1 2 80
          ^
column 10: nothing but a comment can follow the port
clock @a b
         ^
column 6: an event is one line
clock?start
     ^
column 1: '-1' is no time; it is written as 0.5, and is not negative
-1 clock
^
column 1: ':' is no name of a meta event
:
^
column 1: a line that holds no event

^
column 1: a line that holds no event
# nothing
^" "$stderr"
}

@test "note_number() and note_name()" {
  table << 'END'
[mm.note_number(name) for name in ("C4", "c4", "F#3", "Bb-1", "C-1", "G9", 60)] -> [60, 60, 54, 10, 0, 127, 60]
[mm.note_name(number) for number in (0, 60, 61, 127, "C4")] -> ['C-1', 'C4', 'C#4', 'G9', 'C4']
[mm.note_number(mm.note_name(number)) for number in range(128)] == list(range(128)) -> True
mm.note_number("H4") -> ValueError: note 'H4': it is a number or a name such as C4
mm.note_number("G#9") -> ValueError: note 'G#9' is not in 0..127
mm.note_number(None) -> TypeError: note: it is a whole number, no NoneType
mm.note_name(128) -> ValueError: note '128' is not in 0..127
mm.note_name(1.5) -> TypeError: note: it is a whole number, no float; int() makes one
END
}

@test "events that are kept stay what they were, whatever comes after them" {
  script << 'PY'
import mm
kept = []
@mm.on()
def keep(e):
    kept.append(e)
    return e
mm.on(":end")(lambda e: [*kept, e])
PY
  { random_events 2000 11 | awk '{ print NR % 7 == 0 ? $0 " @p" NR % 40 : $0 }'
    echo ':text "kept"'; } > events
  { cat events; echo ':end'; } | mmpy --no-release s.py > out
  same "$({ cat events events; echo ':end'; echo ':end'; } | md5sum)" "$(md5sum < out)"
}

# --- handlers ---

@test "on() takes kinds, aliases, groups, names of meta events and classes, and filters of all forms" {
  script << 'PY'
import mm
taken = {}
def take(label, *kinds, **filters):
    taken[label] = []
    @mm.on(*kinds, **filters)
    def f(e):
        taken[label].append(str(e).replace(" @", "@"))
        return e
take("all")
take("note-on", "note-on")
take("aliases", "on", "cc", "pc")
for group in ("note", "voice", "common", "realtime", "meta"):
    take(group, group)
take("classes", mm.note_off, mm.clock, mm.meta)
take(":tempo", ":tempo")
take(":tempo and cc", ":tempo", "cc")
take("channel", channel=2)
take("channels", channel=[1, range(3, 5)])
take("note C4", note="C4")
take("notes", note={"C4", 61})
take("notes of a generator", note=(n for n in (60, "C#4")))
take("even notes", note=range(60, 128, 2))
take("note-on, channel, note", "note-on", channel=range(1, 3), note=range(0, 61))
take("velocity", velocity=0)
take("controller", controller=[64, 66])
take("number", number=0)
take("value of rpn", "rpn", value=range(16384))
take("pressure", pressure=range(128))
take("program", program=5)
take("bend", bend=-8192)
take("type", type=1)
take("beats", beats=3)
take("song", song=3)
take("port", port="keys")
take("ports", port=["keys", "pad"])
take("port of notes", "note", port=("pad",))
take("port of meta", "meta", port="pad")
take("port of :connected", ":connected", port="keys")
@mm.at_exit
def show():
    for label, events in taken.items():
        print(f"{label}: {', '.join(events) or 'nothing'}")
PY
  cat > events << 'END'
note-off 1 60 0
note-on 1 60 100 @keys
note-on 2 61 0 @pad
note-on 3 62 1
poly-pressure 1 60 5
control-change 1 64 127
control-change 2 7 1
program-change 1 5
channel-pressure 4 9
pitch-bend 2 -8192
sysex f0 01 f7 @pad
time-code 1 2
song-position 3
song-select 3
tune-request
clock
start
continue
stop
active-sensing
reset
raw 01
cc14 1 0 127
rpn 1 0 16383
nrpn 2 5 127
:tempo 120
:connected @pad
:tempox
END
  run_mmpy 0 --no-release s.py < events
  same "$(cat events)" "$output"
  same "all: $(sed 's/ @/@/' events | paste -sd , | sed 's/,/, /g')
note-on: note-on 1 60 100@keys, note-on 2 61 0@pad, note-on 3 62 1
aliases: note-on 1 60 100@keys, note-on 2 61 0@pad, note-on 3 62 1, control-change 1 64 127, control-change 2 7 1, program-change 1 5
note: note-off 1 60 0, note-on 1 60 100@keys, note-on 2 61 0@pad, note-on 3 62 1
voice: note-off 1 60 0, note-on 1 60 100@keys, note-on 2 61 0@pad, note-on 3 62 1, poly-pressure 1 60 5, control-change 1 64 127, control-change 2 7 1, program-change 1 5, channel-pressure 4 9, pitch-bend 2 -8192, cc14 1 0 127, rpn 1 0 16383, nrpn 2 5 127
common: sysex f0 01 f7@pad, time-code 1 2, song-position 3, song-select 3, tune-request
realtime: clock, start, continue, stop, active-sensing, reset
meta: :tempo 120, :connected@pad, :tempox
classes: note-off 1 60 0, clock, :tempo 120, :connected@pad, :tempox
:tempo: :tempo 120
:tempo and cc: control-change 1 64 127, control-change 2 7 1, :tempo 120
channel: note-on 2 61 0@pad, control-change 2 7 1, pitch-bend 2 -8192, nrpn 2 5 127
channels: note-off 1 60 0, note-on 1 60 100@keys, note-on 3 62 1, poly-pressure 1 60 5, control-change 1 64 127, program-change 1 5, channel-pressure 4 9, cc14 1 0 127, rpn 1 0 16383
note C4: note-off 1 60 0, note-on 1 60 100@keys, poly-pressure 1 60 5
notes: note-off 1 60 0, note-on 1 60 100@keys, note-on 2 61 0@pad, poly-pressure 1 60 5
notes of a generator: note-off 1 60 0, note-on 1 60 100@keys, note-on 2 61 0@pad, poly-pressure 1 60 5
even notes: note-off 1 60 0, note-on 1 60 100@keys, note-on 3 62 1, poly-pressure 1 60 5
note-on, channel, note: note-on 1 60 100@keys
velocity: note-off 1 60 0, note-on 2 61 0@pad
controller: control-change 1 64 127
number: cc14 1 0 127, rpn 1 0 16383
value of rpn: rpn 1 0 16383
pressure: poly-pressure 1 60 5, channel-pressure 4 9
program: program-change 1 5
bend: pitch-bend 2 -8192
type: time-code 1 2
beats: song-position 3
song: song-select 3
port: note-on 1 60 100@keys
ports: note-on 1 60 100@keys, note-on 2 61 0@pad, sysex f0 01 f7@pad
port of notes: note-on 2 61 0@pad
port of meta: :connected@pad
port of :connected: nothing" "$stderr"
}

@test "on(): a value that some kinds can have and others cannot, and a meta event beside all of them" {
  script << 'PY'
import mm
@mm.on(value=127)
def f(e): print("value", e); return e
@mm.on("meta", ":tempo")
def g(e): print("meta", e); return e
PY
  run_mmpy 0 s.py <<< $'cc 1 7 127\ncc 1 7 1\ncc14 1 7 127\n:tempo 1\n:x'
  same "value control-change 1 7 127
value cc14 1 7 127
meta :tempo 1
meta :x" "$stderr"
}

@test "on() and the other decorators refuse at once what cannot be" {
  table << 'END'
mm.on("noteon") -> ValueError: on(): 'noteon' is no kind of event; did you mean 'note-on'?
mm.on("note-on", "x") -> ValueError: on(): 'x' is no kind of event
mm.on("") -> ValueError: on(): '' is no kind of event
mm.on(print) -> TypeError: on(): a kind is a str or a class such as mm.note_on; a handler comes as @mm.on(...)
mm.on(int) -> TypeError: on(): a kind is a str or a class such as mm.note_on; a handler comes as @mm.on(...)
mm.on(mm.clock()) -> TypeError: on(): a kind is a str or a class such as mm.note_on; a handler comes as @mm.on(...)
mm.on(channel=0) -> ValueError: channel '0' is not in 1..16
mm.on(channel=[1, range(3, 18)]) -> ValueError: channel '17' is not in 1..16
mm.on(channel="1") -> TypeError: channel: it is a whole number, no str
mm.on(channel=1.5) -> TypeError: on(): a filter is a value, or several, not float
mm.on(channel=None) -> TypeError: on(): a filter is a value, or several, not NoneType
mm.on(note="H") -> ValueError: note 'H': it is a number or a name such as C4
mm.on("cc", value=128) -> ValueError: value '128' is not in 0..127
mm.on(chanel=1) -> TypeError: on(): no event has an argument 'chanel'
mm.on(time=1) -> TypeError: on(): no event has an argument 'time'
mm.on("clock", note=1) -> ValueError: on(): no kind has all of these arguments
mm.on("note-on", controller=1) -> ValueError: on(): no kind has all of these arguments
mm.on(note=1, controller=1) -> ValueError: on(): no kind has all of these arguments
mm.on(":tempo", channel=1) -> ValueError: on(): no kind has all of these arguments
mm.on(port=5) -> TypeError: on(): a port is a str
mm.on(port=["a", 5]) -> TypeError: on(): a port is a str
mm.on(port=[]) -> ValueError: on(): port: there is none in it
mm.on("note-on")(5) -> TypeError: on(): a function is wanted, not int
mm.on("note-on", channel=1)(f) is f and mm.at_start(f) is f and mm.at_exit(f) is f -> True
mm.every(1)(f) is f and mm.command("x")(f) is f and mm.command(f) is f -> True
mm.at_start(5) -> TypeError: at_start: a function is wanted, not int
mm.at_exit(None) -> TypeError: at_exit: a function is wanted, not NoneType
mm.command(5) -> TypeError: command(): a function is wanted, not int
mm.command("x")(5) -> TypeError: command(): a function is wanted, not int
mm.every(0, print) -> ValueError: every(): the seconds are above 0
mm.every(-1, print) -> ValueError: every: it is seconds, 0 to 9e9
mm.every(1, 5) -> TypeError: every(): a function is wanted, not int
mm.every(1)(5) -> TypeError: every(): a function is wanted, not int
mm.every() -> TypeError: every() takes seconds, and a function unless it decorates one
mm.every(print) -> TypeError: must be real number, not builtin_function_or_method
mm.after(1) -> TypeError: after() takes seconds and a function
mm.after(-1, print) -> ValueError: after: it is seconds, 0 to 9e9
mm.after(1, 5) -> TypeError: after(): a function is wanted, not int
mm.cancel(5) -> TypeError: cancel(): a function is wanted, not int
mm.cancel(len) -> False
mm.send() -> TypeError: send() takes an event or several in one list, and at= or after=
mm.send(mm.clock(), mm.clock()) -> TypeError: send() takes an event or several in one list, and at= or after=
mm.send(mm.clock(), after=1, at=1) -> TypeError: send(): at and after exclude each other
mm.send(mm.clock(), after=-1) -> ValueError: after: it is seconds, 0 to 9e9
mm.send(mm.clock(), at="x") -> TypeError: must be real number, not str
mm.send(mm.clock(), when=1) -> TypeError: send() has no argument 'when'; at and after are there
mm.send([5], after=1) -> TypeError: send(): an event or several, not int
mm.send([], after=1) -> None
mm.watch(0) -> TypeError: watch() takes something with fileno(), and a function
mm.watch(0, 5) -> TypeError: watch(): a function is wanted, not int
mm.watch("x", print) -> TypeError: argument must be an int, or have a fileno() method.
mm.watch(5000, print) -> OSError: [Errno 9] Bad file descriptor
mm.unwatch(5000) -> None
mm.Timer() -> TypeError: cannot create 'mm.Timer' instances
mm.State() -> TypeError: cannot create 'mm.State' instances
mm.nothing -> AttributeError: module 'mm' has no attribute 'nothing'
END
}

@test "on(): names of meta events and ports that no event can have" {
  table << 'END'
raised("mm.on(':')") -> 'ValueError'
raised("mm.on(':a b')") -> 'ValueError'
raised("mm.on(port='a b')") -> 'ValueError'
raised("mm.on(port='@a')") -> 'ValueError'
raised("mm.on(port='')") -> 'ValueError'
END
}

@test "send() says what it takes" {
  table << 'END'
mm.send(5) -> TypeError: send(): an event or several, not int
mm.send(None) -> TypeError: send(): an event or several, not NoneType
mm.send(mm.clock) -> TypeError: send(): an event or several, not type
mm.send([None]) -> TypeError: send(): an event or several, not NoneType
END
}

@test "a handler returns an event, several, or None; all else is an error that costs the event" {
  script << 'PY'
import mm
results = [
    lambda e: e, lambda e: e.replace(song=100), lambda e: None, lambda e: [], lambda e: [e, e],
    lambda e: (e, mm.clock()), lambda e: (x for x in (e, None, mm.stop())), lambda e: iter([e]),
    lambda e: {e: 1}, lambda e: {e}, lambda e: [None, None],
    lambda e: "clock", lambda e: 5, lambda e: b"", lambda e: True, lambda e: mm.clock,
    lambda e: [e, 5, mm.clock()], lambda e: [[e]], lambda e: ["clock"], lambda e: NotImplemented,
]
@mm.on("ss", song=range(20))
def f(e): return results[e.song](e)
@mm.on("ss", song=20)
def g(e):
    yield mm.start()
    mm.send(mm.reset())
    yield e
    yield [mm.stop()]
    yield mm.stop()
@mm.on("ss", song=21)
def h(e):
    mm.send(mm.reset())
    return e
PY
  for i in {0..21}; do echo "ss $i"; done > events
  run_mmpy 1 s.py < events
  same "song-select 0
song-select 100
song-select 4
song-select 4
song-select 5
clock
song-select 6
stop
song-select 7
song-select 8
song-select 9
song-select 16
clock
start
reset
song-select 20
stop
reset
song-select 21" "$output"
  same "mmpy: at song-select 11:
TypeError: an event, several, or None is wanted, not str; mm.parse() makes an event of a line" \
    "$(head -n 2 <<< "$stderr")"
}

@test "handlers are a row: what one returns goes to the later ones that take it; what is sent, to none" {
  script << 'PY'
import mm
def handler(name, *kinds, **filters):
    def decorate(f):
        @mm.on(*kinds, **filters)
        def g(e):
            print(name, e)
            return f(e)
    return decorate
@handler("A", "note-on")
def a(e):
    mm.send(mm.note_on(9, 9, 9))
    return [e, e.replace(channel=2), mm.control_change(1, 7, e.velocity), mm.song_select(1)]
@handler("B", channel=2)
def b(e):
    e.kind = "note-off" # which B, and all before it, do not see again
    return e
@handler("C", "note-off", "cc")
def c(e):
    if e.kind == "note-off": yield e.replace(note=1)
    yield mm.note_on(3, 3, 3)
@handler("D", "note-on", "note-on")
def d(e): return e if e.channel != 1 else None
@mm.on("clock")
@mm.on("clock")
def twice(e): print("twice", e); return e
PY
  run_mmpy 0 --no-release s.py <<< $'on 1 60 7\nstart\nclock\non 2 61 8'
  same "note-on 9 9 9
note-off 2 1 7
note-on 3 3 3
note-on 3 3 3
song-select 1
start
clock
note-on 9 9 9
note-off 2 1 8
note-on 3 3 3
note-off 2 1 8
note-on 3 3 3
note-on 3 3 3
song-select 1" "$output"
  same "A note-on 1 60 7
D note-on 1 60 7
B note-on 2 60 7
C note-off 2 60 7
D note-on 3 3 3
C control-change 1 7 7
D note-on 3 3 3
twice clock
twice clock
A note-on 2 61 8
B note-on 2 61 8
C note-off 2 61 8
D note-on 3 3 3
B note-on 2 61 8
C note-off 2 61 8
D note-on 3 3 3
C control-change 1 7 8
D note-on 3 3 3" "$stderr"
}

@test "what two handlers do wrong are two faults, and both are told" {
  script << 'PY'
import mm
mm.on("start")(lambda e: 5)
mm.on("stop")(lambda e: "x")
PY
  run_mmpy 1 s.py <<< $'start\nstop\nstart'
  grep -q 'not int$' <<< "$stderr"
  grep -q 'not str; mm.parse() makes an event of a line$' <<< "$stderr"
}

@test "handlers, and functions of at_start, that are registered while others run" {
  script << 'PY'
import mm
@mm.at_start
def one():
    mm.log("one")
    for n in range(3): mm.at_start(lambda n=n: mm.log("later", n))
@mm.at_start
def two(): mm.log("two")
@mm.at_start
def three(): mm.log("three")
@mm.on("clock")
def f(e):
    for n in range(1000):
        mm.on("clock")(lambda e, n=n: e.replace(port=f"{e.port}{n}" if n < 3 else e.port))
    return e.replace(port="late")
PY
  run_mmpy 0 s.py <<< $'clock\nstart'
  same "mmpy: one
mmpy: two
mmpy: three
mmpy: later 0
mmpy: later 1
mmpy: later 2" "$stderr"
  same "clock @late012
start" "$output"
}

# --- time ---

@test "TIME: events keep theirs; what a handler makes has that of its event, unless it set one" {
  script << 'PY'
import mm
kept = []
@mm.on("start")
def all_kinds(e):
    mm.send([mm.clock(), mm.clock(time=7.5), e.replace(time=None), mm.parse("clock"),
             mm.parse("9 clock"), mm.clock(time_ns=1)])
    kept.append(e)
    return e.replace(port="a")
@mm.on("stop")
def sets(e):
    e.time = 3
    return e
@mm.on("continue")
def gives_what_was_kept(e):
    yield from kept
    yield e
@mm.on("clock", "reset")
def drops(e): pass
@mm.on("ss")
def returns_a_new_one(e): return e.replace(song=1)
@mm.on("tc")
def after(e):
    e.after = 0.25
    return e
PY
  for option in --keep-raw --virtual-clock; do
    run_mmpy 0 $option s.py \
      <<< $'1.0 start\n2.0 continue\n2.5 ss 5\n5 stop\nss 3\n6 tc 1 1\n6 tune-request'
    same "1.000000000 clock
7.500000000 clock
1.000000000 start
1.000000000 clock
9.000000000 clock
0.000000001 clock
1.000000000 start @a
2.000000000 start
2.000000000 continue
2.500000000 song-select 1
3.000000000 stop
song-select 1
+0.250000000 time-code 1 1
6.000000000 tune-request" "$output"
  done
  run_mmpy 0 s.py <<< $'start\ncontinue\nss 5\nstop\nss 3\ntc 1 1\ntune-request'
  same "clock
7.500000000 clock
start
clock
9.000000000 clock
0.000000001 clock
start @a
start
continue
song-select 1
3.000000000 stop
song-select 1
+0.250000000 time-code 1 1
tune-request" "$output"
}

@test "TIME: a relative one of an event that is dropped is added to the next" {
  script << 'PY'
import mm
@mm.on("clock", "reset")
def drops(e): pass
@mm.on("start")
def doubles(e): return [e, mm.stop()]
PY
  run_mmpy 0 s.py << 'END'
+1 clock
+2 reset
+0.5 song-select 1
+1 clock
song-select 2
song-select 3
+0.25 song-select 4
+1 clock
5 song-select 5
song-select 6
+1 start
+1 clock
+0.000000001 song-select 7
clock
+3 song-select 8
END
  same "+3.500000000 song-select 1
+1.000000000 song-select 2
song-select 3
+0.250000000 song-select 4
5.000000000 song-select 5
song-select 6
+1.000000000 start
+0.000000000 stop
+1.000000001 song-select 7
+3.000000000 song-select 8" "$output"
}

@test "TIME: a relative one in whose place the script has set another is not added to the next" {
  script << 'PY'
import mm
@mm.on("start")
def f(e):
    e.after = 0.25
    return e
@mm.on("stop")
def g(e): return e.replace(time=9)
PY
  run_mmpy 0 s.py <<< $'+1 start\nss 1\n+1 stop\nss 2\n+2 start\n+1 ss 3'
  same "+0.250000000 start
song-select 1
9.000000000 stop
song-select 2
+0.250000000 start
+1.000000000 song-select 3" "$output"
}

@test "TIME: timers, watches, at_start, threads, commands and tasks send at their own time" {
  script << 'PY'
import asyncio, mm, os, threading
def song(number): return mm.song_select(number)
@mm.at_start
def a(): mm.send(song(1)); mm.after(0, lambda: [song(2), mm.song_select(3, time=8)])
readable, writable = os.pipe()
def read(fd):
    os.read(fd, 1)
    mm.unwatch(fd)
    yield song(4)
mm.watch(readable, read)
@mm.command
def run(): mm.send(song(5)); return "done"
kept = []
@mm.on("start")
async def later(e):
    await asyncio.sleep(0.01)
    mm.send([e, song(6)])
    return song(7)
@mm.on("stop")
def thread(e):
    os.write(writable, b"x")
    one = threading.Thread(target=lambda: mm.send(song(8)))
    one.start()
    one.join()
@mm.at_exit
def z(): mm.send(song(9))
PY
  {
    echo '5 on 1 60 1'
    say '{"method": "run", "args": {}, "id": 1}' | sed 's/^/6 /'
    printf '7 start\n8 stop\n9 clock\n'
  } > events
  run_mmpy 0 --clock start s.py < events
  # Of some the order is not given, but each of them has the time at which it was sent.
  same "5.000000000 note-on 1 60 1
6.000000000 song-select 5
6.000000000 {\"id\":1,\"result\":\"done\"}
8.000000000 song-select 3
9.000000000 clock
9.000000000 note-off 1 60 64
9.000000000 song-select 9
TIME song-select 1
TIME song-select 2
TIME song-select 4
TIME song-select 6
TIME song-select 7
TIME song-select 8
TIME start" "$(messages <<< "$output" | sed -E 's/^[0-4]\.[0-9]{9}/TIME/' | LC_ALL=C sort)"
}

@test "TIME: a thread that sends while a handler runs does not change what the handler's events have" {
  script << 'PY'
import mm, threading
@mm.on("start")
def f(e):
    one = threading.Thread(target=lambda: mm.send(mm.reset()))
    one.start()
    one.join()
    mm.send(mm.stop())
    return mm.clock()
PY
  run_mmpy 0 s.py <<< $'5 start\n6 continue'
  same "5.000000000 stop
5.000000000 clock
6.000000000 continue" "$(grep -v reset <<< "$output")"
}

@test "TIME: after a signal, the release and what at_exit functions send have the present" {
  script << 'PY'
import mm
print(mm.now())
mm.on("start")(lambda e: [e, mm.note_on(1, 60)])
mm.at_exit(lambda: mm.send(mm.reset()))
mm.at_exit(lambda: print(mm.now()))
PY
  live one s.py
  echo '0.5 start' >&8
  await one.out note-on
  stop one
  same "0.500000000 start
0.500000000 note-on 1 60 64" "$(head -n 2 one.out)"
  same "reset
note-off 1 60 64" "$(lines <(tail -n 2 one.out))"
  # Between the two times that were printed.
  { cat one.err; cut -d ' ' -f 1 one.out; } | awk '{ t[NR] = $1 }
    END { for (i = 5; i <= 6; i++) if (t[i] < t[1] || t[i] > t[2]) exit 1 }'
}

@test "send(): now, or at a time, in its order; what it takes is what is printed" {
  script << 'PY'
import mm
@mm.on("start")
def f(e):
    one = mm.note_on(1, 60, 1, port="keys")
    mm.send(one, after=0.25)
    one.note = 61 # what was sent stays as it was
    mm.send(one)
    mm.send([mm.song_select(n) for n in range(3)], after=0.25)
    mm.send((mm.song_select(n) for n in range(3, 5)), at=mm.now() + 0.25)
    mm.send(mm.song_select(5), after=0.125)
    mm.send(mm.song_select(6), at=0)
    mm.send(mm.song_select(7), after=0)
    mm.send(mm.song_select(8, time=99), after=0.2)
    mm.send(mm.song_select(9, after=0.5), after=0.2)
    mm.send([], after=1)
    mm.send(mm.song_select(10), at=None, after=None)
    mm.send({mm.song_select(11): 1})
    return e
@mm.on("ss")
def never(e): raise AssertionError
PY
  run_mmpy 0 --virtual-clock --no-release s.py <<< $'10 start\n10.25 stop'
  same "10.000000000 note-on 1 61 1 @keys
10.000000000 song-select 6
10.000000000 song-select 7
10.000000000 song-select 10
10.000000000 song-select 11
10.000000000 start
10.125000000 song-select 5
99.000000000 song-select 8
+0.500000000 song-select 9
10.250000000 note-on 1 60 1 @keys
10.250000000 song-select 0
10.250000000 song-select 1
10.250000000 song-select 2
10.250000000 song-select 3
10.250000000 song-select 4
10.250000000 stop" "$output"
  printf '10 start\n' > events
  for clock in monotonic realtime start; do # what is due later is waited for
    run_mmpy 0 --clock $clock --no-release s.py < events
    same "note-on 1 61 1 @keys
song-select 6
song-select 7
song-select 10
song-select 11
start
song-select 5
song-select 8
+0.500000000 song-select 9
note-on 1 60 1 @keys
song-select 0
song-select 1
song-select 2
song-select 3
song-select 4" "$(lines <(echo "$output"))"
  done
}

@test "send(): what is due later does not go out before, and at a signal not at all" {
  script << 'PY'
import mm
@mm.at_start
def begin():
    mm.send(mm.start(), after=0.1)
    mm.send(mm.stop(), after=1000)
    for n in range(1, 20):
        mm.after(n * 0.01, lambda: mm.log(mm.now() - then >= 0.1, open("out").read() != ""))
then = mm.now()
PY
  mmpy --keep-open s.py < /dev/null > out 2> err 3>&- &
  # shellcheck disable=SC2034 # for stop
  PID[one]=$!
  await out start
  await err 'True True'
  stop one
  same 143 "$status"
  same "start" "$(lines out)"
  run ! grep 'False True' err
}

@test "now() is on the clock that was asked for" {
  script << 'PY'
import mm, time
times = {"monotonic": time.monotonic, "realtime": time.time, "start": lambda: time.monotonic() - mine}
import sys
clock = times[sys.argv[1]]
mine = time.monotonic() - mm.now()
before, now, after = clock(), mm.now(), clock()
# The difference between two clocks is measured, too.
print(before - 0.001 <= now <= after + 0.001, now < 10 or sys.argv[1] != "start", type(now))
PY
  for clock in monotonic realtime start; do
    run_mmpy 0 --clock $clock s.py -- $clock < /dev/null
    same "True True <class 'float'>" "$stderr"
  done
  run_mmpy 0 --virtual-clock --no-release -e 'print(mm.now())' \
    <<< $'clock\n5 clock\nclock\n+0.5 clock\n4 clock\n7.000000001 clock'
  same "0.0
5.0
5.0
5.5
5.5
7.000000001" "$stderr"
}

# --- timers ---

@test "every(), after() and cancel() on the virtual clock: exact, in order, and as often as they fit" {
  script << 'PY'
import mm
def say(*words): print(f"{mm.now():.9f}", *words)
class Box:
    def method(self): say("method")
box = Box()
made = mm.every(1, lambda: say("made at load"))
@mm.every(0.3)
def decorated():
    say("decorated")
    return mm.song_select(1)
@mm.at_start
def begin():
    say("start")
    mm.every(0.5, box.method)
    mm.every(0.1, thrice)
count = 0
def thrice():
    global count
    count += 1
    say("thrice", count)
    if count == 3: say(mm.cancel(thrice), mm.cancel(thrice))
@mm.on("start")
def f(e):
    once = mm.after(0.25, lambda: say("once", once.active))
    never = mm.after(0.25, lambda: say("never"))
    say(once.active, never.active, mm.cancel(never), never.active, mm.cancel(never))
    itself = mm.every(0.07, lambda: say("itself", mm.cancel(itself), itself.active))
    mm.after(0, lambda: [say("soon"), mm.after(0, lambda: say("soon after"))][0])
    for name in "ab": mm.after(0.25, lambda name=name: say(name))
    def cancels(): say(mm.cancel(victim), victim.active)
    mm.after(0.2, cancels)
    victim = mm.after(0.2, lambda: say("never"))
    return e
@mm.on("stop")
def g(e):
    say("stop", mm.cancel(box.method), mm.cancel(made), mm.cancel(decorated), made.active)
    mm.after(0.75, lambda: say("last"))
    mm.every(0.5, lambda: say("not after the end"))
    return e
print(made.active, repr(made)[:16], type(made).__name__, mm.cancel(mm.after(0, begin)))
PY
  printf '%s\n' '10 start' '10.6 clock' '10.6 stop' > events
  run_mmpy 0 --virtual-clock s.py < events
  same "True <mm.Timer of <fu Timer True
10.000000000 start
10.000000000 True True True False False
10.000000000 soon
10.000000000 soon after
10.070000000 itself True False
10.100000000 thrice 1
10.200000000 True False
10.200000000 thrice 2
10.250000000 once False
10.250000000 a
10.250000000 b
10.300000000 decorated
10.300000000 thrice 3
10.300000000 True False
10.500000000 method
10.600000000 decorated
10.600000000 stop True True True False
11.350000000 last" "$stderr"
  same "10.000000000 start
10.300000000 song-select 1
10.600000000 song-select 1
10.600000000 clock
10.600000000 stop" "$output"
  # Ten thousand periods that no binary fraction holds come out to the nanosecond.
  run_mmpy 0 --virtual-clock -e 'if e.kind == "start": mm.every(0.001, lambda: mm.send(mm.clock()))' \
    <<< $'1.000000007 start\n11.000000007 stop'
  same "$(printf '%s\n' '1.000000007 start'; seq 1 10000 |
    awk '{ printf "%d.%03d000007 clock\n", 1 + $1 / 1000, $1 % 1000 }'; echo '11.000000007 stop')" "$output"
}

@test "every() does not drift, and is never early" {
  script << 'PY'
import mm, sys
period = 0.02
ticks, links = [], []
def tick(): ticks.append(mm.now() - begin)
# What drifts by all that it comes too late: a chain of one-shots, beside it.
def link():
    links.append(mm.now() - begin)
    mm.after(period, link)
begin = mm.now()
mm.every(period, tick)
mm.after(period, link)
def show():
    late = [t % period for t in ticks]
    print("never early:", all(t > period for t in ticks), ticks == sorted(ticks))
    print("no drift:", min(late[-10:]) < (links[-1] - len(links) * period) / 3)
    sys.exit()
mm.after(1, show)
PY
  run_mmpy 0 --keep-open s.py < /dev/null
  same "never early: True True
no drift: True" "$stderr"
}

@test "every() leaves out what it has missed, and goes on in its measure" {
  script << 'PY'
import mm, sys, time
period = 0.02
due = []
def tick():
    due.append(int((mm.now() - begin) / period)) # never early, so this period's
    if len(due) == 3: time.sleep(4.5 * period)
begin = mm.now()
mm.every(period, tick)
def show():
    print("once in a period:", sorted(set(due)) == due)
    print("left out:", due[3] - due[2] >= 4)
    sys.exit()
mm.after(0.3, show)
PY
  run_mmpy 0 --keep-open s.py < /dev/null
  same "once in a period: True
left out: True" "$stderr"
}

@test "timers: exceptions are told, and the timer stays; what they return is sent and goes to no handler" {
  script << 'PY'
import mm
count = 0
@mm.every(1)
def f():
    global count
    count += 1
    if count % 2: raise ValueError("odd")
    yield mm.clock()
    yield mm.start(port="a")
@mm.on("clock")
def never(e): raise AssertionError
mm.after(0.5, lambda: "nothing")
mm.after(0.5, lambda: mm.note_on(1, 1))
PY
  run_mmpy 1 --virtual-clock s.py <<< $'10 stop\n14 stop'
  same "10.000000000 stop
10.500000000 note-on 1 1 64
12.000000000 clock
12.000000000 start @a
14.000000000 clock
14.000000000 start @a
14.000000000 stop
14.000000000 note-off 1 1 64" "$output"
  same "TypeError: an event, several, or None is wanted, not str; mm.parse() makes an event of a line
Traceback (most recent call last):
  File \"s.py\", line 7, in f
    if count % 2: raise ValueError(\"odd\")
                  ^^^^^^^^^^^^^^^^^^^^^^^
ValueError: odd
mmpy: the same 1 time more (ValueError, s.py:7)" "$stderr"
}

@test "a script with timers gives the same bytes every time on the virtual clock" {
  script << 'PY'
import asyncio, mm
@mm.on("note")
def echo(e):
    mm.send(e.replace(velocity=e.velocity // 2), after=0.1)
    mm.after(0.05, lambda: mm.send(e.replace(channel=16)))
    return e
@mm.on("cc")
async def slow(e):
    yield e
    await asyncio.sleep(e.value / 100)
    yield e.replace(channel=15)
mm.every(0.03, lambda: mm.send(mm.clock()))
PY
  random_events 3000 5 | awk '{ printf "%.9f %s\n", NR / 500, $0 }' > events
  mmpy --virtual-clock s.py < events > one
  mmpy --virtual-clock s.py < events > two
  # A line now and then.
  { head -n 1000 events | while read -r line; do echo "$line"; done; tail -n +1001 events; } |
    mmpy --virtual-clock s.py > three
  cmp one two
  cmp one three
  # Time does not go back.
  cut -d ' ' -f 1 one | sort -nc
}

@test "a task that waits for what a handler gives it goes on before the next event of the virtual clock" {
  script << 'PY'
import asyncio, mm
queue = asyncio.Queue()
@mm.on("ss")
def put(e): queue.put_nowait(e)
@mm.at_start
async def service():
    while True: mm.send((await queue.get()).replace(port="queue"))
PY
  run_mmpy 0 --virtual-clock s.py <<< $'1 ss 1\n2 clock\n3 ss 2\n4 ss 3\n5 stop'
  same "1.000000000 song-select 1 @queue
2.000000000 clock
3.000000000 song-select 2 @queue
4.000000000 song-select 3 @queue
5.000000000 stop" "$output"
}

# --- descriptors ---

@test "watch(): pipes, sockets and what has fileno(); unwatch(), another function, and the end" {
  script << 'PY'
import mm, os, socket
def say(*words): print(*words)
class Thing:
    def __init__(self, fd): self.fd = fd
    def fileno(self): return self.fd
readable, writable = os.pipe()
ours, theirs = socket.socketpair()
inner, outer = os.pipe()
thing = Thing(inner)
file = os.fdopen(os.dup(readable), "rb", buffering=0)
def pipe(fd):
    say("pipe", fd == readable, os.read(fd, 100))
    return mm.song_select(1)
def sock(s):
    data = s.recv(100)
    say("socket", s is ours, data)
    yield mm.song_select(2)
    if data == b"raise": raise ValueError("raised")
    if data: return
    mm.unwatch(s)
    os.write(outer, b"1")
def first(t):
    say("first", t is thing, os.read(t.fileno(), 9))
    mm.watch(t, second) # from within: in place of the first
    os.write(outer, b"2")
def second(t):
    say("second", os.read(t.fileno(), 9))
    mm.unwatch(t)
    os.write(outer, b"3")
    mm.watch(file, lambda f: [say("file", f is file, f.read(9)), mm.unwatch(f)][1])
    mm.unwatch(readable)
    os.write(writable, b"z")
mm.watch(readable, pipe)
mm.watch(ours, sock)
mm.watch(thing, first)
@mm.on("ss")
def send(e):
    match e.song:
        case 1: os.write(writable, b"x")
        case 2: theirs.send(b"hello")
        case 3: theirs.send(b"raise")
        case 4: theirs.send(b"again")
        case 5: theirs.close()
PY
  live one s.py
  expected=
  step() { # NUMBER LINES: what it says then
    echo "ss $1" >&8
    await one.err "^$(tail -n 1 <<< "$2")\$"
    expected+="$2
"
  }
  step 1 "pipe True b'x'"
  step 2 "socket True b'hello'"
  step 3 "socket True b'raise'
Traceback \(most recent call last\):
  File \"s.py\", line 18, in sock
    if data == b\"raise\": raise ValueError\(\"raised\"\)
                         \^+
ValueError: raised"
  step 4 "socket True b'again'"
  step 5 "socket True b''
first True b'1'
second b'2'
file True b'z'"
  hang_up one
  same 1 "$status"
  same "$(sed 's/\\//g; s/^ *^+$/                         ^^^^^^^^^^^^^^^^^^^^^^^^^^/' <<< "${expected%?}")" "$(cat one.err)"
  same "song-select 1
song-select 2
song-select 2
song-select 2
song-select 2" "$(lines one.out)"
}

@test "watch(): one that was closed is dropped, with a warning" {
  script << 'PY'
import mm, os, socket, sys
class Thing:
    def __init__(self, fd): self.fd = fd
    def fileno(self): return self.fd
    def __repr__(self): return "<thing>"
number, its_end = os.pipe()
one, its_other_end = os.pipe()
ours, theirs = socket.socketpair()
for watched in number, ours, Thing(one):
    mm.watch(watched, print)
fd = ours.fileno()
ours.close()
@mm.at_start
def begin():
    # What has its number now is another one.
    readable, writable = os.pipe()
    assert fd in (readable, writable)
    os.dup2(readable, fd) if readable != fd else None
    theirs.close()
    os.write(os.open(f"/proc/self/fd/{fd}", os.O_RDWR), b"x")
    os.close(number)
    os.close(one)
    mm.after(0.1, sys.exit)
print(number)
PY
  run_mmpy 0 --keep-open s.py < /dev/null
  same "mmpy: watch: $(head -n 1 <<< "$stderr") was closed; it is watched no more
mmpy: watch: <socket.socket [closed] fd=-1, family=1, type=1, proto=0> was closed; it is watched no more
mmpy: watch: <thing> was closed; it is watched no more" "$(tail -n +2 <<< "$stderr" | LC_ALL=C sort)"
}

# --- what is known ---

@test "mm.state: what came in last, of one port or of all, the event at hand included" {
  script << 'PY'
import mm
s = mm.state
def show():
    print("velocity", s.velocity(1, 60), s.velocity(1, "C4", "a"), s.velocity(1, 60, port="b"),
          s.velocity(channel=1, note=61))
    print("controller", s.controller(1, 7), s.controller(1, 7, "a"), s.controller(channel=2, number=7))
    print("pressure", s.pressure(1, 60), s.pressure(1), s.pressure(1, None, "a"), s.pressure(1, port="b"),
          s.pressure(1, note="C4", port="a"))
    print("program", s.program(1), s.program(1, "a"), s.program(1, port="b"), "bend", s.bend(1), s.bend(1, "a"))
    print("notes", s.notes(), s.notes(2), s.notes(port="a"), s.notes(1, "b"))
mm.at_start(show)
@mm.on(":show")
def f(e): show()
@mm.on("note-on", channel=5)
def g(e):
    print("now", s.velocity(5, e.note), s.notes(5))
@mm.on("voice")
def dropped(e): e.note = 1
PY
  run --separate-stderr mmpy s.py << 'END'
on 1 60 100 @a
on 1 61 50 @b
on 2 61 5
cc 1 7 1 @a
cc 1 7 2
pp 1 60 3 @a
cp 1 4 @b
pc 1 5 @a
pb 1 -6 @a
on 5 1 9
:show
on 1 61 0 @b
off 1 60 0 @a
off 2 99 0
on 2 61 6
cc 2 7 0
pb 1 0
:show
END
  same "velocity 0 0 0 0
controller None None None
pressure None None None None None
program None None None bend None None
notes [] [] [] []
now 9 [mm.note_on(5, 1, 9)]
velocity 100 100 0 50
controller 2 1 None
pressure 3 4 None 4 3
program 5 5 None bend -6 -6
notes [mm.note_on(1, 60, 100), mm.note_on(1, 61, 50), mm.note_on(2, 61, 5), mm.note_on(5, 1, 9)] [mm.note_on(2, 61, 5)] [mm.note_on(1, 60, 100, port='a')] [mm.note_on(1, 61, 50, port='b')]
velocity 0 0 0 0
controller 2 1 0
pressure 3 4 None 4 3
program 5 5 None bend 0 -6
notes [mm.note_on(2, 61, 6), mm.note_on(5, 1, 9)] [mm.note_on(2, 61, 6)] [] []" \
    "$(grep -vE '^(mmpy|Trace|  File|    |mm.Missing)' <<< "$stderr")"
  table << 'END'
mm.state.velocity(1, 60), mm.state.controller(1, 7), mm.state.notes() -> (0, None, [])
mm.state.velocity() -> TypeError: function missing required argument 'channel' (pos 1)
mm.state.velocity(1) -> TypeError: function missing required argument 'note' (pos 2)
mm.state.controller(1) -> TypeError: function missing required argument 'number' (pos 2)
mm.state.velocity(0, 1) -> ValueError: channel '0' is not in 1..16
mm.state.velocity(1, "x") -> ValueError: note 'x': it is a number or a name such as C4
mm.state.controller(1, 128) -> ValueError: controller '128' is not in 0..127
mm.state.notes(17) -> ValueError: channel '17' is not in 1..16
mm.state.notes(1, 5) -> TypeError: state: port is a str or None
mm.state.velocity(1, 2, "never seen") -> 0
mm.state.tempo -> AttributeError: 'mm.State' object has no attribute 'tempo'
END
}

@test "sounding() is what would end what sounds downstream, by ports and channels" {
  script << 'PY'
import mm
@mm.on("note", port="in")
def moved(e): return e.replace(port="out", channel=9)
@mm.on(":show")
def show(e): print(mm.sounding() and ", ".join(map(str, mm.sounding())))
@mm.on(":panic")
def panic(e): return mm.sounding()
PY
  run_mmpy 0 s.py << 'END'
:show
on 1 60 100 @in
on 2 61 1
on 1 62 1
on 1 62 1
on 1 5 5 @a
cc 3 64 127
cc 1 66 64
cc 1 69 1
cc 1 7 127
cc 2 64 0
:show
off 1 60 3 @in
off 2 60 3
on 1 62 0
cc 3 64 0
:show
:panic
:show
END
  same "[]
note-off 1 62 64, control-change 1 66 0, control-change 1 69 0, note-off 2 61 64, control-change 3 64 0, note-off 1 5 64 @a, note-off 9 60 64 @out
control-change 1 66 0, control-change 1 69 0, note-off 2 61 64, note-off 1 5 64 @a
[]" "$stderr"
  same "control-change 1 66 0
control-change 1 69 0
note-off 2 61 64
note-off 1 5 64 @a" "$(tail -n 4 <<< "$output")"
}

@test "log() is a line on stderr, from any thread" {
  script << 'PY'
import mm, threading
mm.log()
mm.log("one", 2, [3], None, mm.clock())
mm.log("two\nlines")
mm.log("é \x1b[1m")
threads = [threading.Thread(target=lambda n=n: [mm.log("thread", n, i) for i in range(100)]) for n in range(4)]
for one in threads: one.start()
for one in threads: one.join()
PY
  run_mmpy 0 s.py < /dev/null
  same "mmpy: 
mmpy: one 2 [3] None clock
mmpy: two
lines
mmpy: é ?[1m" "$(head -n 5 <<< "$stderr")"
  same "$(printf 'mmpy: thread %s\n' {0..3}' '{0..99} | sort)" "$(tail -n +6 <<< "$stderr" | sort)"
}

# --- commands and calls ---

@test "command(): functions that are called by JSON in sysex, both forms, and answer where an id came" {
  script << 'PY'
import asyncio, mm, sys
@mm.command
def add(a, b=1): return a + b
@mm.command("say-it")
def say(**words): mm.log(words)
@mm.command
async def slow(x):
    await asyncio.sleep(0.5)
    return {"x": x}
@mm.command
def sends():
    mm.send(mm.clock())
    return [None, True, 1.5, "é"]
@mm.command
def leave(): sys.exit(4)
@mm.on("sysex")
def other(e):
    mm.log("passes", e.data[1:-1].decode())
    return e
PY
  {
    say '{"method": "add", "args": {"a": 1, "b": 2}, "id": 1}' \
      '{"class": "add", "args": {"a": 1}, "id": "two"}' \
      '{"method": "add", "args": {"a": 1}}' \
      '{"method": "add", "args": {"a": "caf\u00e9", "b": "\n"}, "id": null}' \
      ' {"method":"say-it","args":{"id":5,"method":"m"}, "id": [6]}' \
      '{"method": "slow", "args": {"x": 1}, "id": 7}' \
      '{"method": "sends", "id": 8}' \
      '{"no": "command"}' '[1]' '{"id": 9, "result": 1}' '{"id": 9}' '{}' 'x'
    say '{"method": "add", "args": {"a": 1, "b": 1}, "id": 10}' | sed 's/$/ @keys/'
    echo 'raw f0 7b 7d f7'
  } | sed 's/^/2.5 /' > events
  run_mmpy 0 --virtual-clock s.py < events
  same '{"id":1,"result":3}
{"id":"two","result":2}
{"id":null,"result":"caf\u00e9\n"}
{"id":[6],"result":null}
clock
{"id":8,"result":[null,true,1.5,"\u00e9"]}
{"no": "command"}
sysex f0 5b 31 5d f7
{"id": 9, "result": 1}
{"id": 9}
{}
sysex f0 78 f7
{"id":10,"result":2} @keys
raw f0 7b 7d f7
{"id":7,"result":{"x":1}}' "$(lines <(echo "$output") | messages)"
  same "2.500000000 2.500000000 3.000000000" "$(cut -d ' ' -f 1 <<< "$output" | sed -n '1p; 14p; 15p' | paste -sd ' ')"
  same "mmpy: {'id': 5, 'method': 'm'}
mmpy: passes {\"no\": \"command\"}
mmpy: passes [1]
mmpy: passes {\"id\": 9, \"result\": 1}
mmpy: passes {\"id\": 9}
mmpy: passes {}
mmpy: passes x" "$stderr"
  run_mmpy 4 s.py < <(say '{"method": "leave", "id": 1}'; echo clock)
  same "" "$output$stderr"
  # Without a command, all of it passes, be it wrong or right.
  say '{"method": "add"' '{"method": "add", "id": 1}' > events
  run_mmpy 0 -e 'e.channel' < events
  same "$(cat events)" "$output"
}

@test "command(): what is wrong is told, counted, and answered if an id came" {
  script << 'PY'
import asyncio, mm
@mm.command
def add(a, b=1): return a + b
@mm.command
def divide(a, b): return a / b
@mm.command
async def fails(key):
    await asyncio.sleep(0.5)
    raise KeyError(key)
@mm.command
def gives(): return {1, 2}
mm.command("max")(max)
PY
  wrong() { # ANSWER WORDS MESSAGE
    say "$3" > events
    run_mmpy 1 --virtual-clock s.py < events
    same "$1" "$(untimed <(echo "$output") | messages)"
    [[ $stderr == *"$2" ]] || { echo "not '$2': $stderr"; return 1; }
  }
  wrong '{"id":1,"error":"unknown method '"'nothing'"'"}' "mmpy: command: unknown method 'nothing'" \
    '{"method": "nothing", "args": {}, "id": 1}'
  wrong '' "mmpy: command: unknown method 'nothing'" '{"class": "nothing"}'
  wrong '{"id":1,"error":"unknown method 5"}' "mmpy: command: unknown method 5" '{"method": 5, "id": 1}'
  wrong '{"id":1,"error":"add: missing a required argument: '"'a'"'"}' \
    "mmpy: command: add: missing a required argument: 'a'" '{"method": "add", "id": 1}'
  wrong '{"id":1,"error":"add: got an unexpected keyword argument '"'c'"'"}' \
    "mmpy: command: add: got an unexpected keyword argument 'c'" \
    '{"method": "add", "args": {"a": 1, "c": 2}, "id": 1}'
  wrong '' "mmpy: command: add: got an unexpected keyword argument 'c'" \
    '{"method": "add", "args": {"a": 1, "c": 2}}'
  wrong '{"id":1,"error":"add: args is no object"}' "mmpy: command: add: args is no object" \
    '{"method": "add", "args": [1, 2], "id": 1}'
  wrong '' 'mmpy: command: no JSON: Unterminated string starting at: line 1 column 2 (char 1)' '{"method'
  wrong '{"id":1,"error":"ZeroDivisionError: division by zero"}' \
    'ZeroDivisionError: division by zero' '{"method": "divide", "args": {"a": 1, "b": 0}, "id": 1}'
  wrong '' 'ZeroDivisionError: division by zero' '{"method": "divide", "args": {"a": 1, "b": 0}}'
  [[ $stderr == *'  File "s.py", line 5, in divide'* ]]
  wrong '{"id":1,"error":"KeyError: '"'x'"'"}' "KeyError: 'x'" \
    '{"method": "fails", "args": {"key": "x"}, "id": 1}'
  wrong '{"id":1,"error":"Object of type set is not JSON serializable"}' \
    "TypeError: command gives: what it returns is no JSON: Object of type set is not JSON serializable" \
    '{"method": "gives", "id": 1}'
  wrong '{"id":1,"error":"TypeError: max expected at least 1 argument, got 0"}' \
    "TypeError: max expected at least 1 argument, got 0" '{"method": "max", "id": 1}'
}

@test "call(): both forms; ids where an answer is asked for; _then, errors and time-outs" {
  script << 'PY'
import mm
def got(result): mm.log(f"got at {mm.now()}:", result); mm.send(mm.clock())
def raises(result): raise ValueError(result)
@mm.at_start
def begin():
    calls = [
        mm.call("note"),
        mm.call("a", _then=got, x=1, name="n", self=2),
        mm.call("b", _then=got, _form="class", _port="keys", **{"class": 1, "id": 3}),
        mm.call("c", _timeout=0.5),
        mm.call("d", _then=raises),
        mm.call("e", _then=got, text="é"),
        mm.call("f", _then=got, _timeout=2),
    ]
    print(*calls)
@mm.on("sysex")
def other(e): mm.log("passes", e.data[1:-1].decode())
PY
  {
    echo '1 clock'
    say '{"id": 1, "result": [1, null]}' '{"id": 1, "result": "again"}' '{"id": "2", "result": 1}' \
      '{"id": 17, "error": 1}' '{"id": 2, "result": {"a": "\u00e9"}}' '{"id": 4, "result": "x"}' \
      '{"id": 5, "error": "no way"}' '{"method": "x", "id": 2}' '{"broken' | sed 's/^/2 /'
    echo '10 start'
  } > events
  run_mmpy 1 --virtual-clock s.py < events
  same '1.000000000 {"method":"note","args":{}}
1.000000000 {"method":"a","args":{"x":1,"name":"n","self":2},"id":1}
1.000000000 {"class":"b","args":{"class":1,"id":3},"id":2} @keys
1.000000000 {"method":"c","args":{},"id":3}
1.000000000 {"method":"d","args":{},"id":4}
1.000000000 {"method":"e","args":{"text":"\u00e9"},"id":5}
1.000000000 {"method":"f","args":{},"id":6}
1.000000000 clock
2.000000000 clock
2.000000000 clock
10.000000000 start' "$(messages <<< "$output")"
  same "<mm.Call 'note', done> <mm.Call 'a', waiting> <mm.Call 'b', waiting> <mm.Call 'c', waiting> <mm.Call 'd', waiting> <mm.Call 'e', waiting> <mm.Call 'f', waiting>
mmpy: mm.call c: no answer within 0.5 s
mmpy: got at 2.0: [1, None]
mmpy: passes {\"id\": 1, \"result\": \"again\"}
mmpy: passes {\"id\": \"2\", \"result\": 1}
mmpy: passes {\"id\": 17, \"error\": 1}
mmpy: got at 2.0: {'a': 'é'}
ValueError: x
mmpy: mm.call e: no way
mmpy: passes {\"method\": \"x\", \"id\": 2}
mmpy: passes {\"broken
mmpy: mm.call f: no answer within 2 s" "$(grep -vE '^(Trace|  |mmpy: at )' <<< "$stderr")"
  [[ $stderr == *'  File "s.py", line 3, in raises'* ]]
}

@test "call(): awaited, it gives the result, or raises what came in place of it" {
  script << 'PY'
import asyncio, mm
async def ask(name, **args):
    call = mm.call(name, _timeout=1, **args)
    try:
        result = await call
        assert await call == result # once more
    except (mm.CallError, TimeoutError) as error:
        result = f"{type(error).__name__}: {error}"
    print(call, result)
@mm.on("start")
async def go(e):
    await asyncio.gather(*(ask(name) for name in "abcd"))
    try:
        await mm.call("nothing")
    except TypeError as error:
        print(error)
    return e
@mm.on("stop")
async def uncaught(e): await mm.call("e", _timeout=1)
@mm.on("reset")
async def never_answered(e): await ask("f")
PY
  {
    echo '2 start'
    say '{"id": 1, "result": null}' '{"id": 2, "error": {"code": 1}}' '{"id": 3, "error": "text"}' | sed 's/^/2.5 /'
    echo '4 stop'
    say '{"id": 5, "error": "uncaught"}' | sed 's/^/4.5 /'
    printf '5 reset\n5.5 tune-request\n'
  } > events
  run_mmpy 1 --virtual-clock s.py < events
  same '2.000000000 {"method":"a","args":{},"id":1}
2.000000000 {"method":"b","args":{},"id":2}
2.000000000 {"method":"c","args":{},"id":3}
2.000000000 {"method":"d","args":{},"id":4}
3.000000000 {"method":"nothing","args":{}}
3.000000000 start
4.000000000 {"method":"e","args":{},"id":5}
5.000000000 {"method":"f","args":{},"id":6}
5.500000000 tune-request' "$(messages <<< "$output")"
  same "<mm.Call 'a', done> None
<mm.Call 'b', done> CallError: {'code': 1}
<mm.Call 'c', done> CallError: text
<mm.Call 'd', done> TimeoutError: d: no answer within 1 s
mm.call('nothing') asked for no answer: give it a _timeout
mmpy: at 4.000000000 stop:
mm.CallError: uncaught
<mm.Call 'f', done> TimeoutError: f: no answer before the end of input" \
    "$(grep -vE '^(Trace|  )' <<< "$stderr")"
  [[ $stderr == *'  File "s.py", line 19, in uncaught'* ]]
}

@test "call(): what is wrong with it is said before anything is sent" {
  table << 'END'
mm.call() -> TypeError: call() missing 1 required positional argument: 'name'
mm.call("x", 5) -> TypeError: call() takes 1 positional argument but 2 were given
mm.call("x", _form="other") -> ValueError: _form is 'method' or 'class'
mm.call("x", a={1}) -> TypeError: Object of type set is not JSON serializable
mm.call("x", _port="a b") -> ValueError: port 'a b': it is one word of A-Z a-z 0-9 _ . - / : [ ]
raised("mm.call('x', _timeout=-1)") -> 'ValueError'
raised("mm.call('x', _timeout='1')") -> 'TypeError'
raised("mm.call('x', _then=5)") -> 'TypeError'
raised("mm.call(5)") -> 'TypeError'
END
  same "" "$(cat sent)"
}

@test "two scripts call each other, live" {
  script << 'PY'
import mm
@mm.command("times")
def multiply(a, b): return a * b
PY
  cat > client.py << 'PY'
import asyncio, mm, sys
@mm.at_start
async def ask():
    print(await asyncio.gather(*(mm.call("times", a=n, b=n, _timeout=20) for n in range(100))))
    try:
        await mm.call("over", a=1, _timeout=20)
    except mm.CallError as error:
        print(error)
    sys.exit(5)
PY
  mkfifo back
  status=0
  # shellcheck disable=SC2094 # a FIFO
  timeout 30 mmpy client.py < back 2> client.err |
    timeout 30 mmpy s.py > back 2> server.err || status=$?
  same "$(/usr/bin/python3 -c 'print([n * n for n in range(100)])')
unknown method 'over'" "$(cat client.err)"
  same "mmpy: command: unknown method 'over'" "$(cat server.err)"
}

# --- async ---

@test "async def: handlers, generators, timers, watches, at_start and at_exit, on the virtual clock" {
  script << 'PY'
import asyncio, mm
def say(*words): print(f"{mm.now():.3f}", *words)
@mm.on("ss")
async def waits(e):
    say("begins", e.song)
    await asyncio.sleep(e.song)
    say("ends", e.song)
    return e
@mm.on("tc")
async def generates(e):
    yield e
    await asyncio.sleep(0.5)
    yield mm.stop()
    yield mm.start(time=99)
@mm.on("reset")
async def drops(e): pass
@mm.on("tune-request")
async def several(e): return [e, mm.song_position(1)]
@mm.on("start", "stop", "ss", "spp")
def later(e): return [e, mm.program_change(1, 1, port=e.kind)]
queue = asyncio.Queue()
mm.on("cc")(queue.put_nowait)
@mm.at_start
async def service():
    say("service")
    try:
        while True:
            e = await queue.get()
            say("got", e)
            mm.send(e)
    finally:
        say("service ends")
async def tick():
    await asyncio.sleep(0.1)
    say("tick")
    return mm.active_sensing()
mm.after(0.2, tick)
@mm.every(2)
async def often():
    yield mm.clock()
    await asyncio.sleep(0.1)
    yield mm.clock()
@mm.at_exit
async def bye():
    await asyncio.sleep(0.1)
    say("bye")
    return mm.clock(port="bye")
PY
  printf '%s\n' '1 ss 2' '1.5 tc 1 1' '2 cc 1 1 1' '2.5 tune-request' '2.7 reset' '4 continue' '5 ss 1' > events
  run_mmpy 0 --virtual-clock s.py < events
  same "1.300000000 active-sensing
1.500000000 time-code 1 1
2.000000000 stop
2.000000000 program-change 1 1 @stop
99.000000000 start
2.000000000 program-change 1 1 @start
2.000000000 control-change 1 1 1
2.500000000 tune-request
2.500000000 song-position 1
2.500000000 program-change 1 1 @song-position
3.000000000 clock
3.000000000 song-select 2
3.000000000 program-change 1 1 @song-select
3.100000000 clock
4.000000000 continue
5.000000000 clock
5.100000000 clock
6.000000000 song-select 1
6.000000000 program-change 1 1 @song-select
6.000000000 clock @bye" "$output"
  same "1.000 service
1.000 begins 2
1.300 tick
2.000 got 2.000000000 control-change 1 1 1
3.000 ends 2
5.000 begins 1
6.000 ends 1
6.100 bye
6.100 service ends" "$stderr"
}

@test "async def, live: the stream goes on meanwhile; tasks, gather, threads and time-outs of asyncio work" {
  script << 'PY'
import asyncio, mm
@mm.on("ss")
async def f(e):
    if e.song == 0:
        one = asyncio.create_task(other(e))
        results = await asyncio.gather(*(value(n) for n in range(3)))
        loop = asyncio.get_running_loop()
        print(results, await loop.run_in_executor(None, abs, -3), await asyncio.to_thread(len, "abcd"))
        await one
    if e.song == 1:
        async with asyncio.timeout(0.01):
            try:
                await asyncio.sleep(1000)
            finally:
                print("cancelled")
    if e.song == 2:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(value(n)) for n in range(3)]
        print([task.result() for task in tasks])
    return e
async def value(n):
    await asyncio.sleep(0.001 * n)
    return n
async def other(e):
    await asyncio.sleep(0.005)
    mm.send(e.replace(song=100))
@mm.on("start")
async def forever(e): await asyncio.Event().wait()
PY
  live one s.py
  printf 'start\nss 0\nclock\n' >&8
  await one.out clock
  await one.out 'song-select 0'
  printf 'ss 1\nclock\n' >&8
  await one.err TimeoutError
  printf 'ss 2\nclock\n' >&8
  await one.out 'song-select 2'
  stop one
  same 143 "$status"
  same "clock
clock
clock
song-select 0
song-select 100
song-select 2" "$(lines one.out | LC_ALL=C sort)"
  same "[0, 1, 2] 3 4
cancelled
[0, 1, 2]" "$(grep -E '^(\[|cancelled)' one.err)"
}

@test "async def: what is raised is told with file and line, and costs one event; sys.exit() ends" {
  script << 'PY'
import asyncio, mm, sys
@mm.on("start")
async def f(e):
    await asyncio.sleep(0.25)
    raise ValueError("later")
@mm.on("stop")
async def g(e):
    yield e
    1 / 0
@mm.on("ss")
async def h(e):
    await asyncio.sleep(0.25)
    sys.exit(e.song)
@mm.on("cc")
async def i(e):
    asyncio.create_task(j())
    return 5
async def j(): raise KeyError("in a task")
PY
  run_mmpy 1 --virtual-clock s.py <<< $'1 on 1 60 1\n2 start\n3 stop\n4 cc 1 1 1\n5 clock'
  same "1.000000000 note-on 1 60 1
3.000000000 stop
5.000000000 clock
5.000000000 note-off 1 60 64" "$output"
  # Our own frames, if they are shown, have no lines of code.
  same "  File \"s.py\", line 5, in f
    raise ValueError(\"later\")
ValueError: later
  File \"s.py\", line 9, in g
    1 / 0
    ~~^~~
ZeroDivisionError: division by zero" "$(grep -vE '^(Traceback|mmpy: at |  File "mm\.)' <<< "$stderr" | head -n 7)"
  grep -qx "TypeError: an event, several, or None is wanted, not int" <<< "$stderr"
  grep -q "KeyError: 'in a task'" <<< "$stderr"
  run_mmpy 7 --virtual-clock s.py <<< $'1 on 1 60 1\n2 ss 7\n3 clock'
  same "note-on 1 60 1
note-off 1 60 64" "$(lines <(echo "$output"))"
  run_mmpy 7 --keep-open s.py <<< 'ss 7'
}

@test "async def: at the end of input handlers are waited for and a service is cancelled; at a signal, both" {
  script << 'PY'
import asyncio, mm
@mm.at_start
async def service():
    try:
        await asyncio.Event().wait()
    finally:
        print("service is cancelled")
        mm.send(mm.stop())
@mm.on("clock")
async def slow(e):
    print("begins")
    try:
        await asyncio.sleep(0.1)
        return e
    except asyncio.CancelledError:
        print("handler is cancelled")
        raise
@mm.at_exit
def end(): print("at_exit")
PY
  run_mmpy 0 s.py <<< 'clock'
  same "clock
stop" "$(lines <(echo "$output"))"
  same "begins
at_exit
service is cancelled" "$stderr"
  sed -i 's/0\.1/1000/' s.py
  live one s.py
  echo clock >&8
  await one.err begins
  stop one
  same 143 "$status"
  same "stop" "$(lines one.out)"
  same "at_exit
begins
handler is cancelled
service is cancelled" "$(LC_ALL=C sort one.err)"
}

@test "async def: what a handler starts after the end of input comes to its end as well" {
  script << 'PY'
import asyncio, mm
@mm.on("start")
async def by_timer(e):
    await asyncio.sleep(0.05)
    done = asyncio.Event()
    mm.after(0.05, done.set)
    await done.wait()
    return e
@mm.on("stop")
async def by_call(e):
    await asyncio.sleep(0.05)
    try:
        await mm.call("nobody", _timeout=0.05)
    except TimeoutError:
        return e
PY
  for option in --virtual-clock --no-release; do
    run -0 timeout 10 mmpy $option s.py <<< 'start'
    same "start" "$(untimed <(echo "$output"))"
    run -0 timeout 10 mmpy $option s.py <<< 'stop'
    same '{"method":"nobody","args":{},"id":1}
stop' "$(untimed <(echo "$output") | messages)"
  done
}

@test "asyncio's sockets and processes work beside the stream" {
  script << 'PY'
import asyncio, mm, sys
@mm.at_start
async def serve():
    async def talk(reader, writer):
        while line := await reader.readline():
            mm.send(mm.parse(line.decode()))
            writer.write(b"got " + line)
            await writer.drain()
        writer.close()
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    with open("port", "w") as file: print(server.sockets[0].getsockname()[1], file=file)
    async with server: await server.serve_forever()
@mm.on("ss")
async def run(e):
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", f"echo out; cat; echo err >&2; exit {e.song}", stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate(b"in\n")
    print(output, process.returncode)
    return e
PY
  live one s.py
  await port '[0-9]'
  /usr/bin/python3 - "$(cat port)" > got << 'PY'
import socket, sys
peers = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for n in range(3)]
for n, peer in enumerate(peers):
    for note in range(3):
        peer.sendall(b"on %d %d 1\n" % (n + 1, note))
        print(peer.recv(100))
PY
  echo 'ss 7' >&8
  await one.out 'song-select 7'
  printf 'off 1 0 0\n' >&8
  await one.out 'note-off 1 0 0'
  hang_up one
  same 0 "$status"
  same "$(for c in 1 2 3; do for n in 0 1 2; do echo "note-on $c $n 1"; done; done)
song-select 7
note-off 1 0 0" "$(lines one.out | head -n 11)"
  same 8 "$(lines one.out | tail -n +12 | grep -c '^note-off')"
  same "$(printf "b'got on %s 1\\\\n'\n" '1 0' '1 1' '1 2' '2 0' '2 1' '2 2' '3 0' '3 1' '3 2')" "$(cat got)"
  same "err
b'out\\nin\\n' 7" "$(cat one.err)"
}

# --- threads ---

@test "threads send whole lines, now and later, while the stream goes on; mmpy waits for them at the end" {
  script << 'PY'
import mm, threading, time
def work(channel):
    for n in range(200):
        mm.send(mm.control_change(channel, n % 128, n // 128))
        mm.send([mm.song_position(channel * 1000 + n)], after=0.01)
        if n % 50 == 0: time.sleep(0.001)
threads = [threading.Thread(target=work, args=(channel,)) for channel in range(1, 5)]
@mm.at_start
def begin():
    for one in threads: one.start()
mm.on("pc")(lambda e: e)
mm.after(0.05, lambda: [one.join() for one in threads][0])
@mm.at_exit
def end():
    threading.Thread(target=lambda: [time.sleep(0.05), mm.send(mm.reset())]).start()
PY
  for i in {0..999}; do echo "pc $((i % 16 + 1)) $((i % 128))"; done > events
  run_mmpy 0 --no-release s.py < events
  lines <(echo "$output") > all
  same "$(sed 's/pc/program-change/' events)" "$(grep program all)"
  for channel in 1 2 3 4; do # each one's in its order
    same "$(for n in {0..199}; do echo "control-change $channel $((n % 128)) $((n / 128))"; done)" \
      "$(grep "^control-change $channel " all)"
    same "$(for n in {0..199}; do echo "song-position $((channel * 1000 + n))"; done)" \
      "$(grep "^song-position ${channel}..." all)"
  done
  same reset "$(tail -n 1 all)"
  same $((1000 + 1600 + 1)) "$(wc -l < all)"
  same "" "$stderr"
}
