#!/usr/bin/env bats
# The rtmidi backend on JACK, with peers that are real programs, and with a server that dies.

load helpers

setup_file() { start_system 256; }
teardown_file() { stop_jack; }
setup() { cd "$BATS_TEST_TMPDIR" || exit; }
teardown() { stop_all; }

@test "jack_midi_dump prints what mmsend sends" {
  mkfifo dump
  stdbuf -oL jack_midi_dump mmdump > dump 3>&- 2> dump.err &
  peer=$!
  exec 7< dump
  timeout 20 bash -c 'until jack_lsp | grep -q mmdump:input; do :; done'
  # Its port is there a moment before it can be connected.
  mmsend -p mmdump:input --wait --no-release 'note-on 1 60 100' 'program-change 2 5' 'sysex f0 43 10 f7'
  got=
  while read -r -t 10 line <&7; do
    got+=$(sed -E 's/^ *[0-9]+: *//; s/ +$//' <<< "$line")$'\n'
    [[ $line != *f7* ]] || break
  done
  kill "$peer"
  wait "$peer" || true
  echo "$got"
  grep -qE '90 3c 64' <<< "$got"
  grep -qE 'c1 05' <<< "$got"
  grep -qE 'f0 43 10 f7' <<< "$got"
}

@test "mmrecv hears jack_midiseq, connected by jack_connect" {
  start recv mmrecv --virtual in -n 4 --timeout 20 --only note
  jack_midiseq mmseq 24000 0 60 8000 12000 62 8000 > /dev/null 2>&1 3>&- &
  peer=$!
  timeout 20 bash -c 'until jack_lsp | grep -q mmseq:out; do :; done'
  jack_connect mmseq:out mmrecv:in
  finish recv
  kill "$peer"
  wait "$peer" || true
  # It plays in a loop; where we came in, we do not know.
  same "note-off 1 60 64
note-off 1 62 64
note-on 1 60 64
note-on 1 62 64" "$(events recv.out | sort)"
}

@test "python3-mido and python3-rtmidi send to mmrecv, and receive from mmsend" {
  start recv mmrecv --virtual in -n 3 --timeout 20
  /usr/bin/python3 - <<'EOF'
import mido, time
mido.set_backend("mido.backends.rtmidi/UNIX_JACK")
name = [n for n in mido.get_output_names() if "in" in n and "mmrecv" in n][0]
with mido.open_output(name) as port:
    port.send(mido.Message("note_on", channel=2, note=60, velocity=1))
    port.send(mido.Message("sysex", data=[1, 2, 3]))
    port.send(mido.Message("pitchwheel", channel=0, pitch=-8192))
    time.sleep(0.1)  # RtMidi drops what it has not handed to JACK when it is closed
EOF
  finish recv
  same "note-on 3 60 1
sysex f0 01 02 03 f7
pitch-bend 1 -8192" "$(events recv.out)"

  mkfifo ready
  /usr/bin/python3 - > got 2> py.err 3>&- <<'EOF' &
import mido
mido.set_backend("mido.backends.rtmidi/UNIX_JACK")
with mido.open_input("mmpeer", virtual=True) as port:
    with open("ready", "w") as ready: ready.write("\n")
    for i in range(3): print(port.receive())
EOF
  peer=$!
  read -r -t 20 < ready
  mmsend -p mmpeer --no-release 'note-on 3 60 1' 'sysex 1 2 3' 'pitch-bend 1 8191'
  wait "$peer"
  same "note_on channel=2 note=60 velocity=1 time=0
sysex data=(1,2,3) time=0
pitchwheel channel=0 pitch=8191 time=0" "$(sed -E 's/time=[0-9.]+/time=0/' got)"
}

@test "a flood of one-byte messages, which RtMidi would lose some of, arrives whole" {
  start recv mmrecv --virtual in -n 50000 --timeout 20
  yes clock | head -n 50000 | mmsend -p in --no-release
  finish recv
  same 0 "$status"
  same 50000 "$(grep -c clock recv.out)"
}

@test "jack_disconnect and jack_connect: said in the stream, and the notes are released" {
  mkfifo keys.in
  exec 8<> keys.in
  start keys mmsend --virtual keys --no-release
  start recv mmrecv -p keys
  echo 'note-on 1 60 100' >&8
  await recv.out 'note-on'
  ours=$(jack_lsp | grep -E '^mmrecv.*:private$')
  jack_disconnect "$(jack_lsp | grep -E '^mmsend.*:keys$')" "$ours"
  await recv.out ':disconnected'
  jack_connect "$(jack_lsp | grep -E '^mmsend.*:keys$')" "$ours"
  await recv.out ' :connected'
  stop recv
  same "note-on 1 60 100
note-off 1 60 64
:disconnected
:connected" "$(lines recv.out | sed 's/ @.*//')"
  exec 8>&-
}

@test "--all: a port that lets nobody in keeps no other waiting" {
  mkfifo ready steps
  /usr/bin/python3 - 2> py.err 3>&- <<'EOF' &
import ctypes
jack = ctypes.CDLL("libjack.so.0")
jack.jack_client_open.restype = jack.jack_port_register.restype = ctypes.c_void_p
client = ctypes.c_void_p(jack.jack_client_open(b"idle", 1, None))  # never activated
jack.jack_port_register(client, b"out", b"8 bit raw midi", 2, 0)
with open("ready", "w") as ready: ready.write("\n")
with open("steps") as steps: steps.readline()
EOF
  peer=$!
  exec 7<> steps
  read -r -t 20 < ready
  mkfifo keys.in
  exec 8<> keys.in
  start keys mmsend --virtual keys --wait --no-release
  start recv mmrecv --all
  SECONDS=0
  for note in 1 2 3 4 5; do
    echo "note-on 1 $note 1" >&8
    await recv.out "note-on 1 $note 1"
  done
  ((SECONDS < 8)) # each would take three, if the loop waited for a connection
  stop recv
  echo >&7
  wait "$peer"
  exec 7>&- 8>&-
}

@test "a port that goes and is back within a moment has gone all the same" {
  mkfifo ready steps
  /usr/bin/python3 - 2> py.err 3>&- <<'EOF' &
import ctypes
jack = ctypes.CDLL("libjack.so.0")
jack.jack_client_open.restype = jack.jack_port_register.restype = ctypes.c_void_p
client = ctypes.c_void_p(jack.jack_client_open(b"mmpeer", 1, None))
def register():  # a MIDI output
    return ctypes.c_void_p(jack.jack_port_register(client, b"out", b"8 bit raw midi", 2, 0))
port = register()
jack.jack_activate(client)
with open("ready", "w") as ready: ready.write("\n")
with open("steps") as steps:
    steps.readline()
    jack.jack_port_unregister(client, port)
    register()
    steps.readline()
EOF
  peer=$!
  exec 8<> steps
  read -r -t 20 < ready
  start recv mmrecv -p mmpeer:out
  echo >&8
  await recv.out ' :connected'
  same ":disconnected
:connected" "$(lines recv.out)"
  timeout 20 bash -c 'until jack_lsp -c mmpeer:out | grep -q mmrecv; do :; done'
  stop recv
  echo >&8
  wait "$peer"
  exec 8>&-
}

@test "the server is killed: a clear error, and exit 1" {
  mkfifo send.in
  exec 8<> send.in
  start recv mmrecv --virtual in
  start send mmsend -p in
  kill_jack
  finish recv
  same 1 "$status"
  same "mmrecv: the JACK server '$JACK_DEFAULT_SERVER' has ended" "$(cat recv.err)"
  finish send
  same 1 "$status"
  grep -q "mmsend: the JACK server .* has ended" send.err
  exec 8>&-
  run --separate-stderr -1 mmsend --backend rtmidi -l
  same "mmsend: JACK server '$JACK_DEFAULT_SERVER': not running" "$stderr"
  run_jack 256
}

@test "the server is killed: with --wait both come back, and nothing is lost" {
  mkfifo send.in
  exec 8<> send.in
  start recv mmrecv --virtual in --wait
  start send mmsend -p in --wait --no-release
  echo 'note-on 1 60 100' >&8
  await recv.out 'note-on 1 60'
  kill_jack
  await recv.err 'the JACK server .* has ended'
  await send.err 'the JACK server .* has ended'
  echo 'note-on 1 61 100' >&8
  run_jack 256
  await recv.out 'note-on 1 61'
  stop recv
  stop send
  exec 8>&-
  same "note-on 1 60 100
note-off 1 60 64
note-on 1 61 100
note-off 1 61 64" "$(events recv.out)"
}

@test "--watch --wait: the ports of a server that ends, and of the next one" {
  mkfifo keys.in
  exec 8<> keys.in
  start keys mmsend --virtual keys
  start watch mmrecv --watch --wait
  kill_jack
  await watch.out 'removed .*keys'
  await watch.err 'waiting for it'
  finish keys
  run_jack 256
  start keys mmsend --virtual keys
  await watch.out 'added .*keys'
  stop watch
  same 143 "$status"
  stop keys
  same "removed  jack  in   mmsend:keys
added  jack  in   mmsend:keys" "$(grep keys watch.out)"
  exec 8>&-
}

@test "--wait waits for a server that is not there yet" {
  kill_jack
  start recv mmrecv --virtual in --wait -n 1
  await recv.err 'waiting for it'
  run_jack 256
  mmsend -p in --wait note-on 1 60 100
  finish recv
  same "note-on 1 60 100" "$(events recv.out)"
}

@test "mmsend --wait: what it reads before there is a server is sent when there is one" {
  kill_jack
  mkfifo send.in
  exec 8<> send.in
  start send mmsend --backend rtmidi -p late --wait --no-release
  await send.err 'waiting for it'
  echo 'note-on 1 60 100' >&8
  run_jack 256
  start late mmrecv --virtual late -n 1 --timeout 20
  finish late
  same "note-on 1 60 100" "$(events late.out)"
  exec 8>&-
  finish send
  same 0 "$status"
}

# What systemd does itself, its tools do here.
@test "examples/systemd: the units are sound, and what a peer plays comes out of the synthesizer" {
  units=$BATS_TEST_DIRNAME/../../examples/systemd
  run env XDG_RUNTIME_DIR="$PWD" systemd-analyze --user verify "$units"/mmtcp.socket \
    "$units"/mmtcp-client.service
  same "0 " "$status $output"
  mkdir -p home/.config/mmtools
  openssl rand -base64 32 > home/.config/mmtools/band.key
  chmod 600 home/.config/mmtools/band.key
  start synth mmrecv --virtual synth
  port=$(/usr/bin/python3 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])')
  exec_start() { sed -n 's/^ExecStart=//p' "$units/$1"; }
  keep() { for name in PATH JACK_DEFAULT_SERVER MM_BACKEND; do echo "-E$name"; done; }
  eval "exec systemd-socket-activate -l 127.0.0.1:$port $(keep | paste -sd ' ') -E HOME=$PWD/home \
    -E MM_OUTPUT=mmrecv:synth $(exec_start mmtcp.service)" > service.log 2>&1 3>&- &
  # shellcheck disable=SC2034 # for stop
  PID[service]=$!
  await service.log 'Listening on'
  (echo 'note-on 1 60 100'; echo '+0.01 note-off 1 60 3') |
    mmtcp --connect "127.0.0.1:$port" --secret home/.config/mmtools/band.key > /dev/null
  await synth.out 'note-off 1 60 3'
  same "note-on 1 60 100
note-off 1 60 3" "$(events synth.out)"
  stop service
}
