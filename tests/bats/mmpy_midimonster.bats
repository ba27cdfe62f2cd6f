#!/usr/bin/env bats
# MIDIMonster's python backend in mmpy: its modules, its module and its mappings.

load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || exit
  export PYTHONDONTWRITEBYTECODE=1
  unset PYTHONPATH PYTHONSAFEPATH PYTHONHOME VIRTUAL_ENV
  maps=()
}
teardown() { stop_all; }

# module [NAME]: a module, from stdin.
module() { cat > "${1:-m.py}"; }

# map MAPPING...: mappings for monster and live.
map() {
  local mapping
  maps=()
  for mapping; do maps+=(--map "$mapping"); done
}

# monster STATUS ARG...: mmpy --midimonster, with $output and $stderr apart; its input is that of
# this function.
monster() { run --separate-stderr "-$1" mmpy --midimonster "${maps[@]}" "${@:2}"; }

# live NAME ARG...: the same in the background; $NAME.in is a FIFO, which is open as 8.
live() {
  mkfifo "$1.in"
  exec 8<> "$1.in"
  start "$1" mmpy --midimonster "${maps[@]}" "${@:2}"
}

# hang_up NAME: the end of its input.
hang_up() {
  exec 8>&-
  finish "$1"
}

# --- a module as it is ---

@test "the example of MIDIMonster's document runs as it stands, with a real server at its port" {
  module my_handlers.py << 'PY'
import socket
import midimonster

# Simple channel handler
def in1(value):
	midimonster.output("out1", 1 - value)

# Socket data handler
def socket_handler(sock):
	# This should get some more error handling
	data = sock.recv(1024)
	print("Received %d bytes from socket: %s" % (len(data), data))
	if(len(data) == 0):
		# Unmanage the socket if it has been closed
		midimonster.manage(None, sock)
		sock.close()

# Interval handler
def ping():
	print(midimonster.timestamp())

# Register an interval
midimonster.interval(ping, 1000)
# Create and register a client socket (add error handling as you like)
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("localhost", 8990))
midimonster.manage(socket_handler, s)
PY
  # The port is the document's, so the network is one of the test's own.
  mkfifo server.in
  exec 7<> server.in
  unshare -n sh -c 'ip link set lo up && exec socat -d -d TCP-LISTEN:8990,bind=127.0.0.1 STDIO' \
    < server.in > server.out 2> server.err 3>&- 7>&- &
  PID[server]=$!
  await server.err 'listening on'
  mkfifo py.in
  exec 8<> py.in
  start py nsenter --net="/proc/${PID[server]}/ns/net" mmpy --midimonster my_handlers.py \
    --map 'ch0.cc7 > py1.my_handlers.in1' --map 'py1.out1 > ch0.cc8'
  echo '1.5 cc 1 7 27' >&8
  await py.out 'control-change 1 8'
  echo hello >&7
  await py.err "Received 6 bytes"
  await py.err '^[0-9]+$' # ping
  echo '2.5 cc 1 7 127' >&8
  await py.out 'control-change 1 8 0'
  exec 7>&-
  await py.err "Received 0 bytes"
  finish server
  echo '3.5 cc 1 7 0' >&8
  hang_up py
  same 0 "$status"
  same "1.500000000 control-change 1 8 100
2.500000000 control-change 1 8 0
3.500000000 control-change 1 8 127" "$(cat py.out)"
  same "Received 6 bytes from socket: b'hello\\n'
Received 0 bytes from socket: b''" "$(grep -vE '^[0-9]+$' py.err)"
  same "" "$(cat server.out)"
}

@test "print() goes to stderr, and midimonster is there for MIDIMonster's modules alone" {
  module << 'PY'
import midimonster
print("loaded as", __name__)
def f(value): print(value)
PY
  map 'ch0.cc7 > py.m.f'
  monster 0 m.py <<< 'cc 1 7 127'
  same "" "$output"
  same "loaded as m
1.0" "$stderr"
  run --separate-stderr -1 mmpy m.py <<< 'cc 1 7 127'
  same "" "$output"
  [[ $stderr == *"ModuleNotFoundError: "*"midimonster"* ]]
}

@test "several modules: handlers by their module's name, one interpreter for all, output() across" {
  mkdir sub
  module one.py << 'PY'
import midimonster, shared
def f(value):
    shared.calls.append("one")
    midimonster.output("across", value)
PY
  module sub/two.py << 'PY'
import midimonster, shared, beside
def f(value):
    shared.calls.append("two")
    print(shared.calls, beside.x, midimonster.current())
    midimonster.output("level", value)
PY
  echo 'calls = []' > shared.py
  echo 'x = "beside"' > sub/beside.py
  map 'ch0.cc1 > py1.one.f' 'ch0.cc2 > py2.two.f' 'py1.across > py2.two.f' 'py2.level > ch0.cc3'
  for order in 'one.py sub/two.py' 'sub/two.py one.py'; do
    # shellcheck disable=SC2086
    PYTHONPATH=$PWD monster 0 $order <<< $'0.25 cc 1 2 1\n0.5 cc 1 1 2'
    same "['two'] beside two.f
['two', 'one', 'two'] beside two.f" "$stderr"
    same "0.250000000 control-change 1 3 1
0.500000000 control-change 1 3 2" "$output"
  done
}

@test "a module may be one that can be imported: without .py, in a package, in PYTHONPATH" {
  mkdir -p package lib
  echo 'def f(value): print("package", value)' > package/inner.py
  echo 'def f(value): print("far", value)' > lib/far.py
  echo 'def f(value): print("here", value)' > here.py
  map 'ch0.cc1 > py.package.inner.f' 'ch0.cc1 > py.far.f' 'ch0.cc1 > py.here.f'
  PYTHONPATH=lib monster 0 package.inner far here <<< 'cc 1 1 127'
  same "package 1.0
far 1.0
here 1.0" "$stderr"
}

@test "a module may be a link, and has its name; two modules of one name are an error" {
  mkdir a b
  echo 'def f(value): print("a", __name__)' > a/m.py
  echo 'def f(value): print("b", __name__)' > b/m.py
  ln -s a/m.py linked.py
  map 'ch0.cc1 > py.linked.f'
  monster 0 linked.py <<< 'cc 1 1 1'
  same "a linked" "$stderr"
  map 'ch0.cc1 > py.m.f'
  monster 1 a/m.py b/m.py <<< 'cc 1 1 1'
  same "" "$output"
  [[ $stderr == "mmpy: "*b/m.py* ]]
}

# --- what comes in, and what goes out ---

@test "only what a mapping makes is printed; meta events pass as they are" {
  echo 'def f(value): pass' > m.py
  map 'ch0.cc7 > py.m.f' 'ch0.cc8 > ch0.cc9' 'py.out > ch0.cc10'
  monster 0 m.py << 'END'
0.100000000 :connected @keys
0.200000000 note-on 1 60 100
0.300000000 control-change 1 7 1
0.400000000 control-change 1 8 2
0.500000000 control-change 2 8 3
sysex f0 01 f7
clock
+0.500000000 :tempo 120
:text "as it is" @a
raw 90
END
  same "" "$stderr"
  same '0.100000000 :connected @keys
0.400000000 control-change 1 9 2
1.000000000 :tempo 120
:text "as it is" @a' "$output"
}

@test "every type of channel gives its value from 0 to 1, whatever makes it" {
  module << 'PY'
import midimonster
def show(value): print(midimonster.current(), "%.9f" % value, type(value).__name__)
PY
  map 'ch0.{cc7,note60,pressure60,aftertouch,pitch,program,rpn5,nrpn300} > py.{cc,note,pressure,aftertouch,pitch,program,rpn,nrpn}'
  monster 0 --default-handler m.show m.py << 'END'
cc 1 7 0
cc 1 7 1
cc 1 7 127
on 1 60 100
on 1 60 0
off 1 60 64
pp 1 60 2
cp 1 3
pb 1 -8192
pb 1 0
pb 1 8191
pc 1 4
rpn 1 5 16383
nrpn 1 300 1
cc14 1 7 16256
cc 2 7 1
on 1 61 1
rpn 1 300 1
END
  same "" "$output"
  same "cc 0.000000000 float
cc 0.007874016 float
cc 1.000000000 float
note 0.787401575 float
note 0.000000000 float
note 0.000000000 float
pressure 0.015748031 float
aftertouch 0.023622047 float
pitch 0.000000000 float
pitch 0.500030519 float
pitch 1.000000000 float
program 0.031496063 float
rpn 1.000000000 float
nrpn 0.000061039 float
cc 1.000000000 float" "$stderr"
}

@test "rpn and nrpn are read from their control changes, which count by themselves as well" {
  module << 'PY'
import midimonster
def show(value): print(midimonster.current(), "%.9f" % value)
PY
  map 'ch0.rpn5 > py.rpn' 'ch0.nrpn300 > py.nrpn' 'ch0.cc6 > py.entry'
  # 14 bits; then the upper seven alone, which the next message tells; another port has its own.
  monster 0 --default-handler m.show m.py << 'END'
cc 1 101 0
cc 1 100 5
cc 1 6 127
cc 1 38 127
cc 1 99 2
cc 1 98 44
cc 1 6 64
on 1 1 1
cc 1 6 1 @b
cc 1 6 2
END
  same "entry 1.000000000
rpn 1.000000000
entry 0.503937008
nrpn 0.500030519
entry 0.007874016
entry 0.015748031
nrpn 0.015625954" "$stderr"
}

@test "a value of seven bits is not held back for what may follow it" {
  module << 'PY'
import midimonster
def show(value): print(midimonster.current(), "%.9f" % value)
PY
  map 'ch0.rpn5 > py.rpn'
  live py --default-handler m.show m.py
  printf 'cc 1 101 0\ncc 1 100 5\ncc 1 6 64\n' >&8
  await py.err 'rpn'
  printf 'cc 1 6 65\n' >&8
  await py.err 'rpn 0.507'
  hang_up py
  same "rpn 0.500030519
rpn 0.507843496" "$(cat py.err)"
}

@test "--virtual-clock: the same is joined, however the input comes in pieces" {
  map 'ch0.rpn5 > ch0.pitch'
  live py --virtual-clock
  printf 'cc 1 101 0\ncc 1 100 5\n:x\ncc 1 6 64\n' >&8
  await py.out ':x'
  printf 'cc 1 38 1\n' >&8
  hang_up py
  same ":x
pitch-bend 1 1" "$(cat py.out)"
}

@test "a value becomes an event of every type of channel; a note of 0 is a note-off" {
  module << 'PY'
import midimonster
def f(value):
    for v in (1, 0.5, 0): midimonster.output("x", v)
PY
  map 'ch15.cc0 > py.m.f' 'py.x > ch0.{cc7,note60,pressure60,aftertouch,pitch,program,rpn5,nrpn300}'
  monster 0 m.py <<< '1.5 cc 16 0 0'
  same "" "$stderr"
  same "control-change 1 7 127
note-on 1 60 127
poly-pressure 1 60 127
channel-pressure 1 127
pitch-bend 1 8191
program-change 1 127
control-change 1 101 0
control-change 1 100 5
control-change 1 6 127
control-change 1 38 127
control-change 1 99 2
control-change 1 98 44
control-change 1 6 127
control-change 1 38 127
control-change 1 7 64
note-on 1 60 64
poly-pressure 1 60 64
channel-pressure 1 64
pitch-bend 1 0
program-change 1 64
control-change 1 101 0
control-change 1 100 5
control-change 1 6 64
control-change 1 38 0
control-change 1 99 2
control-change 1 98 44
control-change 1 6 64
control-change 1 38 0
control-change 1 7 0
note-off 1 60 0
poly-pressure 1 60 0
channel-pressure 1 0
pitch-bend 1 -8192
program-change 1 0
control-change 1 101 0
control-change 1 100 5
control-change 1 6 0
control-change 1 38 0
control-change 1 99 2
control-change 1 98 44
control-change 1 6 0
control-change 1 38 0" "$(lines <(echo "$output"))"
}

@test "every value comes back from Python as it was" {
  module << 'PY'
import midimonster
def f(value): midimonster.output("back", value)
PY
  map 'ch0.pitch > py.m.f' 'py.back > ch0.pitch'
  seq -8192 8191 | sed 's/^/pitch-bend 1 /' > sent
  mmpy --midimonster "${maps[@]}" m.py < sent > got
  cmp sent got
  for type in cc7:'control-change 1 7' note60:'note-on 1 60' pressure60:'poly-pressure 1 60' \
    aftertouch:'channel-pressure 1' program:'program-change 1'; do
    map "ch0.${type%:*} > py.m.f" "py.back > ch0.${type%:*}"
    seq 1 127 | sed "s/^/${type#*:} /" > sent
    mmpy --midimonster --no-release "${maps[@]}" m.py < sent > got
    cmp sent got
  done
}

@test "what is printed has the TIME of the event that has made it; what sounds is released at the end" {
  module << 'PY'
import midimonster
def f(value):
    midimonster.output("x", value)
    if value == 1: midimonster.output("x", 0.5)
PY
  map 'ch0.cc7 > py.m.f' 'py.x > ch0.note60' 'ch0.cc8 > synth.ch1.note61'
  monster 0 m.py << 'END'
1.500000000 cc 1 7 127
cc 1 7 0
+1.000000000 clock
+0.250000000 cc 1 7 127 @keys
2.500000000 cc 1 8 1
3.500000000 clock
END
  same "1.500000000 note-on 1 60 127
1.500000000 note-on 1 60 64
note-off 1 60 0
+1.250000000 note-on 1 60 127
+0.000000000 note-on 1 60 64
2.500000000 note-on 2 61 1 @synth
3.500000000 note-off 1 60 64
3.500000000 note-off 2 61 64 @synth" "$output"
}

@test "a channel with a port is the events that carry its tag; what goes there carries it" {
  module << 'PY'
import midimonster
def show(value):
    print(midimonster.current(), round(value * 127))
    midimonster.output("x", value)
PY
  map 'keys.ch0.cc7 > py.keys' 'ch0.cc7 > py.any' 'my.desk-1/a:[0].channel0.cc7 > py.desk' \
    'py.x > {keys,synth}.ch1.cc8' 'py.x > ch1.cc9'
  monster 0 --default-handler m.show m.py << 'END'
cc 1 7 1
cc 1 7 2 @keys
cc 1 7 3 @my.desk-1/a:[0]
cc 1 7 4 @key
END
  same "any 1
keys 2
any 2
any 3
desk 3
any 4" "$stderr"
  same "control-change 2 8 1 @keys
control-change 2 8 1 @synth
control-change 2 9 1" "$(head -n 3 <<< "$output")"
  same 18 "$(wc -l <<< "$output")"
}

@test "other formats, and note names" {
  echo 'import midimonster as mm
def f(value): mm.output("x", value)' > m.py
  map 'ch0.note60 > py.m.f' 'py.x > ch1.note61'
  monster 0 --from mido --to mido --no-release m.py <<< 'note_on channel=0 note=60 velocity=64 time=0'
  same "note_on channel=1 note=61 velocity=64 time=0" "$output"
  monster 0 --note-names --no-release m.py <<< 'note-on 1 C4 64'
  same "note-on 2 C#4 64" "$output"
}

# --- mappings ---

# mapped MAPPING EVENT...: what these events become without any module, as one line.
mapped() {
  local mapping=$1
  shift
  printf '%s\n' "$@" | mmpy --midimonster --no-release --map "$mapping" |
    sed 's/control-change/cc/; s/note-on/on/; s/pitch-bend/pb/' | paste -sd ,
}

@test "a mapping goes the way of its arrow, from any type to any other, without a module" {
  ab=('cc 1 1 1' 'cc 1 2 2')
  same "cc 1 2 1" "$(mapped 'ch0.cc1 > ch0.cc2' "${ab[@]}")"
  same "cc 1 1 2" "$(mapped 'ch0.cc1 < ch0.cc2' "${ab[@]}")"
  same "cc 1 2 1,cc 1 1 2" "$(mapped 'ch0.cc1 <> ch0.cc2' "${ab[@]}")"
  same "cc 1 2 1,cc 1 1 2" "$(mapped 'ch0.cc1><ch0.cc2' "${ab[@]}")"
  same "cc 1 2 1" "$(mapped $'\tchannel0.cc1>channel0.cc2  ' "${ab[@]}")"
  same "pb 1 8191,on 16 5 127" "$(mapped 'ch0.{cc1,pitch} > {ch0.pitch,ch15.note5}' 'cc 1 1 127' 'pb 1 8191')"
}

@test "ranges: up, down, lists, several in a name with the last one fastest, one side of one" {
  four=('cc 1 1 1' 'cc 1 2 2' 'cc 2 1 3' 'cc 2 2 4')
  same "cc 6 61 1,cc 6 62 2" "$(mapped 'ch0.cc{1..2} > ch5.cc{61..62}' "${four[@]}")"
  same "cc 6 62 1,cc 6 61 2" "$(mapped 'ch0.cc{1..2} > ch5.cc{62..61}' "${four[@]}")"
  same "cc 6 62 1,cc 6 61 2" "$(mapped 'ch0.cc{2..1} > ch5.cc{61..62}' "${four[@]}")"
  same "cc 6 9 1,on 6 9 2" "$(mapped 'ch0.{cc1,cc2} > ch5.{cc9,note9}' "${four[@]}")"
  same "cc 6 60 1,cc 6 61 2,cc 6 62 3,cc 6 63 4" "$(mapped 'ch{0..1}.cc{1..2} > ch5.cc{60..63}' "${four[@]}")"
  same "cc 6 70 1,cc 6 60 2,cc 7 70 3,cc 7 60 4" "$(mapped 'ch{0..1}.cc{1,2} > ch{5,6}.cc{70,60}' "${four[@]}")"
  same "cc 6 60 1,cc 6 62 2,cc 6 61 3" "$(mapped 'ch{0..1}.cc{1..2} > ch5.cc{60, 62 , 61 .. 61, 99}' "${four[@]::3}")"
  same "cc 6 9 1,cc 6 9 2,cc 6 9 3,cc 6 9 4" "$(mapped 'ch{0..1}.cc{1..2} > ch5.cc9' "${four[@]}")"
  same "cc 6 9 1,cc 6 10 1" "$(mapped 'ch0.cc{1..1} > ch5.cc{9..10}' "${four[@]}")"
  same "cc 6 62 2,cc 6 61 1" "$(mapped 'ch0.cc{1..2} <> ch5.cc{61..62}' 'cc 1 2 2' 'cc 1 1 1')"
  same "cc 1 2 2,cc 1 1 1" "$(mapped 'ch0.cc{1..2} <> ch5.cc{61..62}' 'cc 6 62 2' 'cc 6 61 1')"
}

@test "ranges name channels of Python and handlers too" {
  module << 'PY'
import midimonster
def f1(value): print("f1", midimonster.current())
def f2(value): print("f2", midimonster.current())
def rest(value): print("rest", midimonster.current())
PY
  map 'ch0.cc{1..2} > py.m.f{2..1}' 'ch0.cc{1..2} > py.fader{1..2}' 'ch0.cc2 > {py1,py2}.{red,green}'
  monster 0 --default-handler m.rest m.py <<< $'cc 1 1 1\ncc 1 2 1'
  same "f2 m.f2
rest fader1
f1 m.f1
rest fader2
rest red
rest green" "$(uniq <<< "$stderr")"
}

@test "a mapping that is there twice counts once, and the order is that of the mappings" {
  module << 'PY'
import midimonster
def f(value): midimonster.output("x", value)
PY
  map 'ch0.cc1 > ch0.cc2' 'ch0.cc1 > py.m.f' 'py.x > ch0.cc4' 'py2.x > ch0.cc4' 'ch0.cc3 < ch0.cc1' \
    'ch0.cc1 > ch0.cc2'
  monster 0 m.py <<< 'cc 1 1 9'
  same "control-change 1 2 9
control-change 1 3 9
control-change 1 4 9" "$output"
}

@test "--map FILE: a mapping a line; several files and mappings are read as one" {
  module << 'PY'
import midimonster
def f(value): midimonster.output("x", value)
PY
  printf '; faders\nch0.cc1 > py.m.f\r\n\n   # and on\n\tpy.x > ch0.cc2' > one.map
  echo 'py.x > ch0.cc3' > two.map
  map one.map 'py.x > ch0.cc4' two.map
  monster 0 m.py <<< 'cc 1 1 9'
  same "control-change 1 2 9
control-change 1 4 9
control-change 1 3 9" "$output"
  same "" "$stderr"
  : > empty.map
  map empty.map
  monster 0 m.py <<< $'cc 1 1 9\n:x'
  same ":x" "$output"
}

@test "--map FILE: a configuration of MIDIMonster, whose modules stand beside it" {
  mkdir show show/more
  module show/faders.py << 'PY'
import midimonster
def in1(value): midimonster.output("out1", 1 - value)
def rest(value): print("rest", midimonster.current(), value)
PY
  echo 'def f(value): print("pads", value)' > show/more/pads.py
  cat > show/show.cfg << 'END'
; A desk, a synthesizer and a web remote.
[backend midi]
name = MIDIMonster
detect = on

[backend osc]
detect = on

[midi desk]
read = 20:0

[midi synth]
write = Synth

[python py1]
module = faders.py
default-handler = faders.rest

[python py2]
module = more/pads.py

[osc remote]
bind = 0.0.0.0 8000
dest = learn@9000
/fader1 = f 0.0 1.0

[map]
; from the desk
desk.ch0.cc{1..2} > py1.fader{1..2}
py1.faders.in1 < desk.ch0.cc3
py1.out1 > synth.channel1.note60
desk.ch0.note{36..37} > py2.pads.f
py1.out1 <> py2.back
END
  map show/show.cfg
  monster 0 --no-release << 'END'
cc 1 1 127 @desk
cc 1 2 0 @desk
cc 1 2 1 @elsewhere
cc 1 3 0 @desk
on 1 37 127 @desk
END
  same "rest fader1 1.0
rest fader2 0.0
rest back 1.0
pads 1.0" "$stderr"
  same "note-on 2 60 127 @synth" "$output"
}

# MIDIMonster imports `module`, so its own files name it without .py.
@test "--map FILE: a configuration's module may be a name, which is found in its folder" {
  mkdir -p show/package
  echo 'def channel1(value): print("Python channel 1 is at", value)' > show/pyexample.py
  echo 'def f(value): print("inner", value)' > show/package/inner.py
  cat > show/scripting.cfg << 'END'
[python py1]
; This loads pyexample.py
module = pyexample
module = package.inner
[map]
ch0.cc1 > py1.pyexample.channel1
ch0.cc1 > py1.package.inner.f
END
  map show/scripting.cfg
  monster 0 <<< 'cc 1 1 127'
  same "Python channel 1 is at 1.0
inner 1.0" "$stderr"
}

# There each instance has an interpreter of its own.
@test "--map FILE: instances may have the same module, which is one here" {
  mkdir show
  printf 'def f(value): print("f", value)\nprint("loaded")\n' > show/m.py
  printf '[python %s]\nmodule = m\n' py1 py2 > show/show.cfg
  printf '[map]\nch0.cc1 > py1.m.f\nch0.cc2 > py2.m.f\n' >> show/show.cfg
  map show/show.cfg
  monster 0 show/m.py <<< $'cc 1 1 127\ncc 1 2 0'
  same "loaded
f 1.0
f 0.0" "$stderr"
}

@test "a fault in a mapping: its place, the line and a caret; nothing is started, exit 2" {
  echo 'print("loaded")' > m.py
  fault() { # EXPECTED MAPPING...
    local expected=$1
    shift
    map "$@"
    monster 2 m.py <<< 'cc 1 1 1'
    same "mmpy: $expected
Try 'mmpy --help'." "$stderr"
    same "" "$output"
  }
  fault "--map:1:7: 'ch0.cc128': the number of cc is in 0..127
ch0.cc128 > py.a
      ^" 'ch0.cc128 > py.a'
  fault "--map:1:13: 'keys.ch16.cc1': the channel is in 0..15
py.a < keys.ch16.cc1
            ^" 'ch0.cc1 > py.a' 'py.a < keys.ch16.cc1'
  fault "--map:1:16: 2 channels on the left and 3 here: it takes as many on both sides, or one on either
ch0.cc{1..2} > py.x{1..3}
               ^" 'ch0.cc{1..2} > py.x{1..3}'
  printf '; faders\n\n  ch0.cc1 > level\n' > faders.map
  fault "faders.map:3:13: 'level' is no channel: channels are such as py.level and ch0.cc7
  ch0.cc1 > level
            ^" faders.map
  printf '[midi keys]\n[artnet net]\n[map]\nkeys.ch0.cc1 > net.1\n' > show.cfg
  fault "show.cfg:4:16: 'net' is an instance of artnet: there are MIDI and Python alone here
keys.ch0.cc1 > net.1
               ^" show.cfg
  fault "--map nothing.map: No such file or directory" nothing.map
  mkdir folder
  fault "--map folder: Is a directory" folder
}

@test "--midimonster and what it goes with: exit 2" {
  echo 'print("loaded")' > m.py
  wrong() { # EXPECTED ARG...
    run --separate-stderr -2 mmpy "${@:2}" < /dev/null
    same "mmpy: $1
Try 'mmpy --help'." "$stderr"
  }
  wrong "--midimonster needs a --map: nothing would reach its modules" --midimonster m.py
  wrong "--map and --default-handler go with --midimonster" m.py --map 'ch0.cc1 > py.a'
  wrong "--map and --default-handler go with --midimonster" m.py --default-handler m.f
  wrong "--midimonster goes with FILE" --midimonster -e 'drop()' --map 'ch0.cc1 > py.a'
  wrong "--reload and --midimonster exclude each other" --midimonster --reload m.py --map 'ch0.cc1 > py.a'
  wrong "--default-handler 'f': it is MODULE.FUNCTION" --midimonster --default-handler f m.py --map 'ch0.cc1 > py.a'
}

# --- handlers ---

@test "what is not there is an error at the start, and nothing is read: exit 1" {
  echo 'def f(value): pass
number = 5' > m.py
  missing() { # EXPECTED ARG...
    local expected=$1
    shift
    monster 1 "$@" <<< $'cc 1 7 1\n:x'
    same "mmpy: $expected" "$stderr"
    same "" "$output"
  }
  map 'ch0.cc7 > py.m.f'
  missing "no.py: No such file or directory" no.py
  missing "no.py: No such file or directory" m.py no.py
  missing "'x.rest': there is no module 'x' (FILE)" --default-handler x.rest m.py
  missing "'m.rest': module 'm' has no function 'rest'" --default-handler m.rest m.py
  map 'ch0.cc7 > py.m.g'
  missing "'m.g': module 'm' has no function 'g'" m.py
  map 'ch0.cc7 > py.m.number'
  missing "'m.number': module 'm' has no function 'number'" m.py
  map 'ch0.cc7 > py.other.f'
  missing "'other.f': there is no module 'other' (FILE)" m.py
  missing "'other.f': there is no module 'other' (FILE)"
}

@test "a module that cannot be imported: Python's own traceback, exit 1; sys.exit() has its way" {
  map 'ch0.cc7 > py.m.f'
  echo 'def f(value: pass' > m.py
  monster 1 m.py <<< 'cc 1 7 1'
  same "File \"$PWD/m.py\", line 1
    def f(value: pass
                 ^^^^
SyntaxError: invalid syntax" "$stderr"
  printf 'import midimonster\n1 / 0\n' > m.py
  monster 1 m.py <<< 'cc 1 7 1'
  same "Traceback (most recent call last):
  File \"$PWD/m.py\", line 2, in <module>
    1 / 0
    ~~^~~
ZeroDivisionError: division by zero" "$stderr"
  monster 1 nothing <<< 'cc 1 7 1'
  same "ModuleNotFoundError: No module named 'nothing'" "$stderr"
  printf 'import sys\nsys.exit(5)\n' > m.py
  monster 5 m.py <<< 'cc 1 7 1'
  same "" "$stderr$output"
}

@test "values may come from a name that is no handler" {
  module << 'PY'
import midimonster
def f(value): midimonster.output("m.level", value)
PY
  map 'ch0.cc7 > py.m.f' 'py.m.level > ch0.cc8'
  monster 0 m.py <<< 'cc 1 7 9'
  same "control-change 1 8 9" "$output"
}

@test "--default-handler: for the channels of one word, and for no others" {
  module << 'PY'
import midimonster
def own(value): print("own", midimonster.current())
def rest(value): print("rest", midimonster.current(), value)
PY
  map 'ch0.cc1 > py.level' 'ch0.cc1 > py.m.own' 'py.m.silent > ch0.cc2' 'py.out > py.in' 'ch0.cc2 > py.other'
  monster 0 --default-handler m.rest m.py <<< $'cc 1 1 127\ncc 1 2 0'
  same "rest level 1.0
own m.own
rest other 0.0" "$stderr"
  monster 0 m.py <<< 'cc 1 1 127'
  same "own m.own" "$stderr"
}

@test "an exception in a handler: its traceback, and the stream goes on; exit 1 at the end" {
  module << 'PY'
import midimonster
def f(value):
    midimonster.output("x", value)
    return 1 / value
def g(value): midimonster.output("y", value)
PY
  map 'ch0.cc7 > py.m.f' 'ch0.cc7 > py.m.g' 'py.x > ch0.cc8' 'py.y > ch0.cc9'
  monster 1 m.py <<< $'0.1 cc 1 7 0\n0.2 cc 1 7 1'
  same "Traceback (most recent call last):
  File \"$PWD/m.py\", line 4, in f
    return 1 / value
           ~~^~~~~~~
ZeroDivisionError: float division by zero" "$(grep -v '^mmpy: at ' <<< "$stderr")"
  same "0.100000000 control-change 1 8 0
0.100000000 control-change 1 9 0
0.200000000 control-change 1 8 1
0.200000000 control-change 1 9 1" "$output"
}

@test "--strict: an exception, or a line that does not parse, is the end; the cleanup handler runs" {
  module << 'PY'
import midimonster
def f(value):
    midimonster.output("x", value)
    1 / value
def end(): midimonster.output("x", 1)
midimonster.cleanup_handler(end)
PY
  map 'ch0.cc7 > py.m.f' 'py.x > ch0.cc8'
  monster 1 --strict m.py <<< $'0.1 cc 1 7 2\n0.2 cc 1 7 0\n0.3 cc 1 7 3'
  same "0.100000000 control-change 1 8 2
0.200000000 control-change 1 8 0
0.200000000 control-change 1 8 127" "$output"
  same 1 "$(grep -c ZeroDivisionError <<< "$stderr")"
  monster 1 --strict m.py <<< $'0.1 cc 1 7 2\ncc 1 7\n0.3 cc 1 7 3'
  same "0.100000000 control-change 1 8 2
0.100000000 control-change 1 8 127" "$output"
  monster 1 m.py <<< $'0.1 cc 1 7 2\ncc 1 7\n0.3 cc 1 7 3'
  same "0.100000000 control-change 1 8 2
0.300000000 control-change 1 8 3
0.300000000 control-change 1 8 127" "$output"
}

@test "sys.exit() in a handler ends with its number, after the cleanup handler" {
  module << 'PY'
import midimonster, sys
def f(value):
    midimonster.output("x", value)
    sys.exit(3)
midimonster.cleanup_handler(lambda: midimonster.output("x", 1))
PY
  map 'ch0.cc7 > py.m.f' 'py.x > ch0.cc8'
  monster 3 m.py <<< $'0.1 cc 1 7 2\n0.2 cc 1 7 3'
  same "0.100000000 control-change 1 8 2
0.100000000 control-change 1 8 127" "$output"
  same "" "$stderr"
}

@test "what a handler returns means nothing" {
  module << 'PY'
import midimonster
def f(value): return [value, "text"]
def g(): return 5
midimonster.interval(g, 100)
midimonster.cleanup_handler(lambda: "done")
PY
  map 'ch0.cc7 > py.m.f'
  monster 0 --virtual-clock m.py <<< $'0 cc 1 7 2\n0.15 :end'
  same "0.150000000 :end" "$output"
  same "" "$stderr"
}

# --- mappings that loop ---

@test "a mapping loop is found, named, and cut off; the stream goes on, and the status is 1" {
  module << 'PY'
import midimonster
calls = 0
def f(value):
    global calls
    calls += 1
    midimonster.output("a", value)
midimonster.cleanup_handler(lambda: print(calls, "calls"))
PY
  map 'ch0.cc7 > py.m.f' 'py.a > py.m.f' 'ch0.cc8 > ch0.cc9'
  monster 1 m.py <<< $'0.1 cc 1 7 1\n0.2 cc 1 8 2\n0.3 cc 1 7 3\n:end'
  same "mmpy: the mappings loop: a -> m.f -> a; it is cut off
200 calls" "$stderr"
  same "0.200000000 control-change 1 9 2
:end" "$output"
}

@test "a loop of several handlers is named with all of them, and without what leads to it" {
  module << 'PY'
import midimonster
def start(value): midimonster.output("to_f", value)
def f(value): midimonster.output("to_g", value)
def g(value): midimonster.output("to_h", value)
def h(value): midimonster.output("to_f", value)
PY
  map 'ch0.cc7 > py.m.start' 'py.to_{f,g,h} > py.m.{f,g,h}'
  monster 1 m.py <<< $'cc 1 7 1\n:end'
  same ":end" "$output"
  same "mmpy: the mappings loop: to_f -> m.f -> to_g -> m.g -> to_h -> m.h -> to_f; it is cut off" "$stderr"
}

@test "a loop through the default handler is named by the channels" {
  module << 'PY'
import midimonster
def rest(value): midimonster.output("b" if midimonster.current() == "a" else "a", value)
PY
  map 'ch0.cc7 > py.a' 'py.a <> py.b'
  monster 1 --default-handler m.rest m.py <<< $'cc 1 7 1\n:end'
  same ":end" "$output"
  same "mmpy: the mappings loop: b -> a -> b; it is cut off" "$stderr"
}

@test "a loop that grows with each round is cut off as well" {
  module << 'PY'
import midimonster
def f(value):
    for _ in range(3): midimonster.output("a", value)
PY
  map 'ch0.cc7 > py.m.f' 'py.a > py.m.f' 'ch0.cc8 > ch0.cc9'
  monster 1 m.py <<< $'cc 1 7 1\ncc 1 8 2'
  same "control-change 1 9 2" "$output"
  grep -q '^mmpy: the mappings loop: ' <<< "$stderr"
}

@test "many mappings of one event are no loop, however many they are" {
  module << 'PY'
import midimonster as mm
calls = 0
def f(value):
    global calls
    calls += 1
mm.cleanup_handler(lambda: print(calls))
PY
  map 'ch0.cc7 > py.a{1..65536}' 'ch0.cc7 > py.b{1..65536}'
  monster 0 --default-handler m.f m.py <<< 'cc 1 7 1'
  same 131072 "$stderr"
}

@test "a loop that ends by itself is none; nor is one through a timer" {
  module << 'PY'
import midimonster
def f(value):
    midimonster.output("level", value)
    if value > 0.5: midimonster.output("a", value - 1 / 127)
def tick(): midimonster.output("b", 1)
def g(value): midimonster.interval(tick, 1)
PY
  map 'ch0.cc7 > py.m.f' 'py.a > py.m.f' 'py.level > ch0.cc8' 'ch0.cc9 > py.m.g' 'py.b > py.m.g' 'py.b > ch0.cc10'
  monster 0 --virtual-clock m.py <<< $'0 cc 1 7 127\n0 cc 1 9 1\n0.2005 :end'
  same "" "$stderr"
  same "$(seq 127 -1 63 | sed 's/^/0.000000000 control-change 1 8 /')
$(seq 0.001 0.001 0.200 | sed 's/$/000000 control-change 1 10 127/')
0.200500000 :end" "$output"
}

@test "mappings from MIDI to MIDI do not loop: what goes out does not come in" {
  map 'ch0.cc1 <> ch0.cc2'
  monster 0 <<< $'cc 1 1 5\ncc 1 2 6'
  same "control-change 1 2 5
control-change 1 1 6" "$output"
  same "" "$stderr"
}

# --- the module ---

@test "output(): values are clamped to 0..1, and anything but a name and a number is a TypeError" {
  module << 'PY'
import midimonster as mm
def f(value):
    for v in (-1, 0, 0.25, 1, 2, 1e300, -1e300, float("inf"), float("-inf"), float("nan"), True):
        mm.output("x", v)
        print(mm.outputvalue("x"))
    for arguments in (("x", "1"), ("x", None), (5, 1), ("x",), ("x", 1, 2), ()):
        try: mm.output(*arguments)
        except TypeError as e: print("TypeError")
PY
  map 'ch0.cc7 > py.m.f' 'py.x > ch0.cc8'
  monster 0 m.py <<< 'cc 1 7 1'
  same "0.0
0.0
0.25
1.0
1.0
1.0
0.0
1.0
0.0
0.0
1.0
TypeError
TypeError
TypeError
TypeError
TypeError
TypeError" "$stderr"
  same "0 0 32 127 127 127 0 127 0 0 127" "$(cut -d ' ' -f 4 <<< "$output" | paste -sd ' ')"
}

@test "output(): a name that no mapping has is said once, each" {
  module << 'PY'
import midimonster as mm
def f(value):
    for name in ("x", "nothing", "m.f", "nothing", "ch0.cc8", "nothing"): mm.output(name, value)
PY
  map 'ch0.cc7 > py.m.f' 'py.x > ch0.cc8'
  monster 0 m.py <<< $'cc 1 7 1\ncc 1 7 2'
  same "mmpy: output: no mapping has a channel 'nothing'
mmpy: output: no mapping has a channel 'ch0.cc8'" "$stderr"
  same "control-change 1 8 1
control-change 1 8 2" "$output"
}

@test "output(): one that is mapped to a handler calls it when the handler that runs has returned" {
  module << 'PY'
import midimonster as mm
def f(value):
    print("f begins", mm.current())
    mm.output("to_g", value)
    print("f ends", mm.current())
def g(value):
    print("g", mm.current(), value)
    mm.output("x", value)
def tick():
    print("tick begins", mm.current())
    mm.output("to_g", 1)
    print("tick ends", mm.current())
    mm.interval(tick, 0)
mm.interval(tick, 100)
PY
  map 'ch0.cc7 > py.m.f' 'py.to_g > py.m.g' 'py.x > ch0.cc8'
  monster 0 --virtual-clock m.py <<< $'0 cc 1 7 0\n0.2 :end'
  same "f begins m.f
f ends m.f
g m.g 0.0
tick begins None
g m.g 1.0
tick ends None" "$stderr"
  same "0.000000000 control-change 1 8 0
0.100000000 control-change 1 8 127
0.200000000 :end" "$output"
}

# MIDIMonster puts out at its start the last values that modules have put out while they were loaded.
@test "output() while a module is loaded goes where it is mapped to, handlers included, at the start" {
  module << 'PY'
import midimonster as mm
mm.output("first", 0.5)
mm.output("first", 1)
def f(value): print("f", value)
PY
  map 'py.first > ch0.cc8' 'py.first > py.m.f'
  monster 0 --virtual-clock m.py <<< $'5 :begin'
  same "f 1.0" "$stderr"
  same "5.000000000 control-change 1 8 127
5.000000000 :begin" "$output"
}

@test "inputvalue(), outputvalue(): 0.0 at first, the last value, the one before in its own handler, None" {
  module << 'PY'
import midimonster as mm
def both(name): return mm.inputvalue(name), mm.outputvalue(name)
def f(value): print("f", value, both("m.f"), both("level"), both("x"))
def g(value):
    mm.output("x", value / 2)
    print("g", both("m.f"), both("level"), both("m.g"), both("x"), both("nothing"), both("m"))
for wrong in ((), (1,), ("x", "y")):
    for function in (mm.inputvalue, mm.outputvalue):
        try: function(*wrong)
        except TypeError: print("TypeError")
PY
  map 'ch0.cc1 > py.m.f' 'ch0.cc1 > py.level' 'ch0.cc2 > py.m.g' 'py.x > ch0.cc3'
  monster 0 m.py <<< $'cc 1 1 127\ncc 1 2 127\ncc 1 1 0\ncc 1 2 127'
  same "TypeError
TypeError
TypeError
TypeError
TypeError
TypeError
f 1.0 (0.0, 0.0) (0.0, 0.0) (0.0, 0.0)
g (1.0, 0.0) (1.0, 0.0) (0.0, 0.0) (0.0, 0.5) (None, None) (None, None)
f 0.0 (1.0, 0.0) (1.0, 0.0) (0.0, 0.5)
g (0.0, 0.0) (0.0, 0.0) (1.0, 0.0) (0.0, 0.5) (None, None) (None, None)" "$stderr"
}

@test "inputvalue(): a handler that raises has had its value" {
  module << 'PY'
import midimonster as mm
def f(value): raise ValueError
def g(value): print(mm.inputvalue("m.f"))
PY
  map 'ch0.cc1 > py.m.f' 'ch0.cc2 > py.m.g'
  monster 1 m.py <<< $'cc 1 1 127\ncc 1 2 1'
  same 1.0 "$(tail -n 1 <<< "$stderr")"
}

@test "current(): the channel whose handler runs, one for all the names of a handler; else None" {
  module << 'PY'
import midimonster as mm
import sys
def say(where): print(where, mm.current())
def f(value): say("handler")
say("import")
mm.interval(lambda: say("interval"), 100)
mm.cleanup_handler(lambda: say("cleanup"))
def fault(value): raise ValueError
PY
  map 'ch0.cc1 > py.m.f' 'ch0.cc2 > py.a' 'ch0.cc3 > py.m.fault'
  monster 1 --virtual-clock --default-handler m.f m.py <<< $'0 cc 1 1 1\n0 cc 1 2 1\n0 cc 1 3 1\n0.1 :x'
  same "import None
handler m.f
handler a
interval None
cleanup None" "$(grep -E '^(import|handler|interval|cleanup)' <<< "$stderr")"
}

@test "channels(): those of Python that the mappings name, each once" {
  module << 'PY'
import midimonster as mm
def f(value):
    print(type(mm.channels()).__name__, sorted(mm.channels()))
    mm.channels().clear()
mm.interval(lambda: f(0), 100)
PY
  map 'ch0.cc{1..2} > py1.level{1..2}' 'ch0.cc3 > py1.m.f' 'py2.out <> ch0.cc4' 'py.out > py.level1'
  monster 0 --virtual-clock m.py <<< $'0 cc 1 3 1\n0.1 :x'
  same "list ['level1', 'level2', 'm.f', 'out']
list ['level1', 'level2', 'm.f', 'out']" "$stderr"
}

@test "timestamp(): milliseconds, an int; those of the events with --virtual-clock" {
  module << 'PY'
import midimonster as mm, time
def f(value):
    t = mm.timestamp()
    print(type(t).__name__, t, abs(t - time.clock_gettime(clock) * 1000) < 1000)
clock = time.CLOCK_MONOTONIC
PY
  map 'ch0.cc7 > py.m.f'
  monster 0 --virtual-clock m.py <<< $'1.5 cc 1 7 1\n1.5019 cc 1 7 1\n+1 cc 1 7 1'
  same "int 1500 False
int 1501 False
int 2501 False" "$stderr"
  monster 0 m.py <<< 'cc 1 7 1'
  [[ $stderr =~ ^int\ [0-9]+\ True$ ]]
}

@test "interval(): again and again; a new interval counts from the call; 0 cancels" {
  module << 'PY'
import midimonster as mm
n = 0
def tick():
    global n
    n += 1
    mm.output("x", n / 127)
def set(value): mm.interval(tick, round(value * 127))
mm.interval(tick, 100)
PY
  map 'ch0.cc7 > py.m.set' 'py.x > ch0.cc8'
  monster 0 --virtual-clock m.py << 'END'
10.000000000 :begin
10.250000000 cc 1 7 50
10.410000000 cc 1 7 0
11.000000000 cc 1 7 0
11.100000000 cc 1 7 33
11.150000000 :end
END
  same "" "$stderr"
  same "10.000000000 :begin
10.100000000 control-change 1 8 1
10.200000000 control-change 1 8 2
10.300000000 control-change 1 8 3
10.350000000 control-change 1 8 4
10.400000000 control-change 1 8 5
11.133000000 control-change 1 8 6
11.150000000 :end" "$output"
}

@test "interval(): to the millisecond; several at a time in the order in which they were made" {
  module << 'PY'
import midimonster as mm
mm.interval(lambda: mm.output("a", 1), 1)
mm.interval(lambda: mm.output("b", 1), 3)
mm.interval(lambda: mm.output("c", 1), 7)
PY
  map 'py.{a,b,c} > ch0.cc{1..3}'
  monster 0 --virtual-clock m.py <<< $'0 :x\n0.007 :y'
  same "0.000000000 :x
0.001000000 control-change 1 1 127
0.002000000 control-change 1 1 127
0.003000000 control-change 1 2 127
0.003000000 control-change 1 1 127
0.004000000 control-change 1 1 127
0.005000000 control-change 1 1 127
0.006000000 control-change 1 2 127
0.006000000 control-change 1 1 127
0.007000000 control-change 1 3 127
0.007000000 control-change 1 1 127
0.007000000 :y" "$output"
}

@test "interval(): a bound method is the same function again; any other is one of its own" {
  module << 'PY'
import midimonster as mm
class Lamp:
    def __init__(self, name): self.name = name
    def blink(self): mm.output(self.name, 1)
a, b = Lamp("a"), Lamp("b")
mm.interval(a.blink, 10)
mm.interval(b.blink, 10)
mm.interval(a.blink, 20)
def off(value): mm.interval(b.blink, 0)
PY
  map 'py.{a,b} > ch0.cc{1..2}' 'ch0.cc7 > py.m.off'
  monster 0 --virtual-clock m.py <<< $'0 :x\n0.021 cc 1 7 1\n0.045 :y'
  same "0.000000000 :x
0.010000000 control-change 1 2 127
0.020000000 control-change 1 1 127
0.020000000 control-change 1 2 127
0.040000000 control-change 1 1 127
0.045000000 :y" "$(sort -s <<< "$output")"
}

@test "interval(): what is no function or no number is a TypeError; an interval below 0 is none" {
  module << 'PY'
import midimonster as mm
def f(): pass
for arguments in ((5, 100), (None, 100), (f, "100"), (f, None), (f, 1.5), (f,), (), (5, 0)):
    try: mm.interval(*arguments)
    except TypeError: print("TypeError")
try: mm.interval(f, -1)
except ValueError: print("ValueError")
print(mm.interval(f, 0), mm.interval(f, 100), mm.interval(f, 0))
PY
  map 'ch0.cc7 > py.x'
  monster 0 m.py < /dev/null
  same "TypeError
TypeError
TypeError
TypeError
TypeError
TypeError
TypeError
TypeError
ValueError
None None None" "$stderr"
}

@test "interval(): an exception in it is told, and it goes on" {
  module << 'PY'
import midimonster as mm
n = 0
def tick():
    global n
    n += 1
    mm.output("x", n / 127)
    if n == 1: raise KeyError("once")
mm.interval(tick, 10)
PY
  map 'py.x > ch0.cc8'
  monster 1 --virtual-clock m.py <<< $'0 :x\n0.02 :y'
  same "KeyError: 'once'" "$(tail -n 1 <<< "$stderr")"
  same "0.000000000 :x
0.010000000 control-change 1 8 1
0.020000000 control-change 1 8 2
0.020000000 :y" "$output"
}

@test "interval(): does not drift, whatever its function takes; a period that is missed is left out" {
  module << 'PY'
import midimonster as mm, sys, time
n = 0
def tick():
    global n
    n += 1
    mm.output("x", n / 127)
    print(mm.timestamp())
    time.sleep(0.035 if n == 50 else 0.004)
    if n == 100: sys.exit()
mm.interval(tick, 10)
PY
  map 'py.x > ch0.cc8'
  start py mmpy --keep-open --midimonster "${maps[@]}" m.py
  finish py
  same 0 "$status"
  same 100 "$(wc -l < py.out)"
  paste -d ' ' py.out py.err > ticks
  # Each TIME is a whole number of periods after the first one, two of which were missed at 50;
  # and the last twenty calls were not later than the first twenty.
  awk 'function late() { return $6 - $1 * 1000 }
    NR == 1 { first = $1; early = late(); end = 9999 }
    { off = ($1 - first) * 100; periods = int(off + 0.5)
      if (off - periods > 1e-6 || periods - off > 1e-6) { print "no whole periods: " $0; bad = 1 }
      if (late() < -1) { print "too early: " $0; bad = 1 }
      if (NR <= 20 && late() < early) early = late()
      if (NR > 80 && late() < end) end = late()
      if (NR > 51 && periods < NR + 1) { print "made up: " $0; bad = 1 } }
    END { if (end > early + 5) { print "it drifts: " early, end; bad = 1 }
      exit bad }' ticks
}

@test "manage(): sockets, pipes, anything with fileno(); another function takes the place; None ends it" {
  module << 'PY'
import midimonster as mm, os, socket
class Pipe:
    def __init__(self): self.out, self.into = os.pipe()
    def fileno(self): return self.out
pipe = Pipe()
ours, theirs = socket.socketpair()
fifo = os.fdopen(os.open("fifo", os.O_RDWR), "rb", 0)
number, into = os.pipe()
def read(what):
    fd = what if isinstance(what, int) else what.fileno()
    print(type(what).__name__, what in (pipe, ours, fifo, number), mm.current(), os.read(fd, 100))
    mm.output("x", 1)
def other(what): print("other", os.read(what.fileno(), 100))
for one in (pipe, ours, fifo, number): mm.manage(read, one)
def f(value):
    step = round(value * 127)
    if step == 1: os.write(pipe.into, b"pipe")
    if step == 2: theirs.send(b"socket")
    if step == 3: os.write(into, b"number")
    if step == 4:
        mm.manage(other, ours)
        theirs.send(b"again")
    if step == 5:
        print(mm.manage(None, ours), mm.manage(None, ours), mm.manage(None, number))
        theirs.send(b"nobody reads it")
        os.write(into, b"nobody reads it")
PY
  mkfifo fifo
  map 'ch0.cc7 > py.m.f' 'py.x > ch0.cc8'
  live py m.py
  echo fifo > fifo
  await py.err 'FileIO'
  for step in 1:Pipe 2:socket 3:int 4:other 5:None; do
    echo "cc 1 7 ${step%:*}" >&8
    await py.err "${step#*:}"
  done
  echo fifo > fifo
  hang_up py
  same 0 "$status"
  same "FileIO True None b'fifo\\n'
Pipe True None b'pipe'
socket True None b'socket'
int True None b'number'
other b'again'
None None None" "$(head -n 6 py.err)"
  same "" "$(grep nobody py.err)"
  grep -qE '^[0-9]+\.[0-9]{9} control-change 1 8 127$' py.out # at the time at which it is sent
}

@test "manage(): what cannot be waited for is refused" {
  module << 'PY'
import midimonster as mm, socket
closed = socket.socket()
closed.close()
class Wrong:
    def fileno(self): return "1"
def f(socket): pass
for arguments in ((f, None), (f, "x"), (f, Wrong()), (5, socket.socket()), (f,), ()):
    try: mm.manage(*arguments)
    except TypeError: print("TypeError")
for gone in (closed, 999):
    try: mm.manage(f, gone)
    except (ValueError, OSError): print("refused")
print(mm.manage(None, closed))
PY
  map 'ch0.cc7 > py.x'
  monster 0 m.py < /dev/null
  same "TypeError
TypeError
TypeError
TypeError
TypeError
TypeError
refused
refused
None" "$stderr"
}

@test "manage(): one that was closed is dropped with a warning, and all else goes on" {
  module << 'PY'
import midimonster as mm, os, socket
ours, theirs = socket.socketpair()
good, peer = socket.socketpair()
def read(socket): print("read", socket.recv(100))
for one in (ours, good): mm.manage(read, one)
def f(value):
    step = round(value * 127)
    fd = ours.fileno()
    if step == 1: ours.close()
    if step == 2: os.close(fd)
    if step == 3:
        # The number is that of another socket now.
        ours.close()
        os.dup2(peer.fileno(), fd)
        good.send(b"for somebody else")
    if step == 9: peer.send(b"still here")
PY
  map 'ch0.cc7 > py.m.f'
  for step in 1 2 3; do
    rm -f py.in
    live py m.py
    echo "cc 1 7 $step" >&8
    await py.err 'closed'
    echo 'cc 1 7 9' >&8
    await py.err 'still here'
    hang_up py
    same 0 "$status"
    same "mmpy: manage: SOCKET was closed; it is watched no more
read b'still here'" "$(sed 's/<socket[^>]*>/SOCKET/' py.err)"
  done
}

@test "manage(): its function is called as long as there is something; an exception costs one call" {
  module << 'PY'
import midimonster as mm, socket
ours, theirs = socket.socketpair()
def read(socket):
    byte = socket.recv(1)
    print("read", byte)
    if byte == b"2": raise ValueError("two")
mm.manage(read, ours)
theirs.send(b"123")
PY
  map 'ch0.cc7 > py.x'
  live py m.py
  await py.err "b'3'"
  hang_up py
  same 1 "$status"
  same "read b'1'
read b'2'
ValueError: two
read b'3'" "$(grep -E '^(read|Value)' py.err)"
}

@test "cleanup_handler(): returns the one before; None takes it away; what is no function is a TypeError" {
  module << 'PY'
import midimonster as mm
def a(): print("a")
def b(): print("b")
print(mm.cleanup_handler(a), mm.cleanup_handler(b) is a, mm.cleanup_handler(None) is b)
print(mm.cleanup_handler(None), mm.cleanup_handler(a))
for wrong in (5, "a"):
    try: mm.cleanup_handler(wrong)
    except TypeError: print("TypeError")
try: mm.cleanup_handler()
except TypeError: print("TypeError")
def f(value): print(mm.cleanup_handler(b if value else None) is a)
PY
  map 'ch0.cc7 > py.m.f'
  monster 0 m.py < /dev/null
  same "None True True
None None
TypeError
TypeError
TypeError
a" "$stderr"
  monster 0 m.py <<< 'cc 1 7 1'
  same "True
b" "$(tail -n 2 <<< "$stderr")"
  monster 0 m.py <<< 'cc 1 7 0'
  same "True" "$(tail -n 1 <<< "$stderr")"
}

@test "cleanup_handler(): runs at every end, once, and what it puts out is delivered" {
  module << 'PY'
import midimonster as mm
def end():
    print("end", mm.current(), mm.inputvalue("m.f"))
    mm.output("x", 1)
    mm.output("again", 1)
def f(value): mm.output("x", value)
mm.cleanup_handler(end)
PY
  map 'ch0.cc7 > py.m.f' 'py.x > ch0.note60' 'py.again > py.m.f'
  monster 0 m.py <<< $'1.5 cc 1 7 2\n2.5 clock'
  same "end None 0.015748031496062992" "$stderr"
  same "1.500000000 note-on 1 60 2
2.500000000 note-on 1 60 127
2.500000000 note-on 1 60 127
2.500000000 note-off 1 60 64" "$output"
  for signal in INT:130 TERM:143 HUP:129; do
    rm -f py.in
    live py m.py
    echo 'cc 1 7 2' >&8
    await py.out 'note-on 1 60 2'
    stop py "${signal%:*}"
    exec 8>&-
    same "${signal#*:}" "$status"
    same "end None 0.015748031496062992" "$(cat py.err)"
    same "note-on 1 60 2
note-on 1 60 127
note-on 1 60 127
note-off 1 60 64" "$(lines py.out)"
  done
}

@test "cleanup_handler(): may take itself away, or set another one, which is not called any more" {
  module << 'PY'
import midimonster as mm
def other(): print("other")
def end():
    print("end", mm.cleanup_handler(handler) is end)
    mm.output("x", 1)
handler = None
mm.cleanup_handler(end)
PY
  map 'py.x > ch0.cc8'
  for handler in None other; do
    sed -i "s/^handler = .*/handler = $handler/" m.py
    monster 0 m.py <<< '1.5 :x'
    same "end True" "$stderr"
    same "1.500000000 :x
1.500000000 control-change 1 8 127" "$output"
  done
}

@test "cleanup_handler(): runs when a signal has ended a handler that hangs" {
  module << 'PY'
import midimonster as mm, time
def f(value):
    mm.output("x", value)
    print("hangs")
    while True: time.sleep(60)
mm.cleanup_handler(lambda: mm.output("x", 1))
PY
  map 'ch0.cc7 > py.m.f' 'py.x > ch0.cc8'
  live py m.py
  echo '1.5 cc 1 7 2' >&8
  await py.err hangs
  stop py
  exec 8>&-
  same 143 "$status"
  same "control-change 1 8 2
control-change 1 8 127" "$(lines py.out)"
}

@test "cleanup_handler(): runs when the reader goes away; an exception in it is told" {
  module << 'PY'
import midimonster as mm
def end():
    open("ended", "w").write("yes")
    1 / 0
mm.cleanup_handler(end)
PY
  map 'ch0.cc1 > ch0.cc2'
  yes 'cc 1 1 1' | mmpy --midimonster "${maps[@]}" m.py 2> err | head -n 1 > out
  same "141 0" "${PIPESTATUS[1]} ${PIPESTATUS[2]}"
  same yes "$(cat ended)"
  same "ZeroDivisionError: division by zero" "$(tail -n 1 err)"
  monster 1 m.py < /dev/null
  same "ZeroDivisionError: division by zero" "$(tail -n 1 <<< "$stderr")"
}

@test "a thousand mappings and a million events: nothing is lost, nothing is called in vain" {
  module << 'PY'
import midimonster as mm
calls = 0
def f(value):
    global calls
    calls += 1
mm.cleanup_handler(lambda: print(calls))
PY
  map 'ch{0..15}.note{0..127} > ch{15..0}.note{127..0}' 'ch0.note60 > py.m.f'
  awk 'BEGIN { for (i = 0; i < 1000000; i++) print "on", 1 + i % 16, i % 128, 1 + i % 127 }' |
    mmpy --midimonster --no-release "${maps[@]}" m.py 2> err |
    awk '$2 != 17 - (1 + (NR - 1) % 16) || $3 != 127 - (NR - 1) % 128 || $4 != 1 + (NR - 1) % 127 { print; exit 1 }
      END { print NR }' > out
  same 1000000 "$(cat out)"
  same 0 "$(cat err)"
}
