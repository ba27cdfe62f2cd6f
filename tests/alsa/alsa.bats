#!/usr/bin/env bats
# The alsa backend, in a kernel that has a sequencer (tests/alsa/vm), with ALSA's own programs
# and mido as peers, and with devices that really come and go.

load ../bats/helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || exit
  export MM_TEST_SYSTEM=alsa
  [ -n "${MM_IN_VM:-}" ] || skip "only in tests/alsa/vm: this unplugs devices"
}
teardown() { stop_all; }

@test "aseqdump shows what mmsend sends, message by message" {
  mkfifo dump
  stdbuf -oL aseqdump -p 14:0 > dump 3>&- &
  peer=$!
  exec 7< dump
  read -r -t 20 line <&7 # "Waiting for data...": it is connected
  mmsend -p 14:0 --no-release <<'EOF'
note-on 1 60 100
note-off 2 61 64
poly-pressure 3 62 1
control-change 4 7 127
program-change 5 6
channel-pressure 6 7
pitch-bend 7 -8192
sysex f0 43 10 f7
time-code 1 2
song-position 300
song-select 4
tune-request
clock
start
continue
stop
active-sensing
reset
EOF
  got=
  while read -r -t 20 line <&7; do
    got+=$(sed -E 's/^ *14:0 +//; s/ +/ /g; s/ $//' <<< "$line")$'\n'
    [[ $line != *'Reset'* ]] || break
  done
  kill "$peer"
  wait "$peer" || true
  same "Note on 0, note 60, velocity 100
Note off 1, note 61, velocity 64
Polyphonic aftertouch 2, note 62, value 1
Control change 3, controller 7, value 127
Program change 4, program 6
Channel aftertouch 5, value 7
Pitch bend 6, value -8192
System exclusive F0 43 10 F7
MTC quarter frame 12h
Song position pointer value 300
Song select value 4
Tune request
Clock
Start
Continue
Stop
Active Sensing
Reset" "$(grep -v '^Source' <<< "$got" | sed '$d')"
}

@test "mmrecv prints what aplaymidi plays; arecordmidi records what mmsend plays" {
  /usr/bin/python3 - <<'EOF'
import mido
track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=500000)])
for i in range(50):
    track.append(mido.Message("note_on", channel=i % 16, note=i, velocity=i + 1, time=5))
    track.append(mido.Message("note_off", channel=i % 16, note=i, velocity=64, time=5))
file = mido.MidiFile(ticks_per_beat=96)
file.tracks.append(track)
file.save("song.mid")
EOF
  start in mmrecv --virtual in -n 100 --timeout 30 --no-release
  aplaymidi -p "$(mmsend -l --json | jq -r 'select(.port == "in").address')" song.mid
  finish in
  awk 'BEGIN { for (i = 0; i < 50; i++) { print "note-on", i % 16 + 1, i, i + 1; print "note-off", i % 16 + 1, i, 64 } }' > want
  diff want <(events in.out)

  mkfifo keys.in
  exec 8<> keys.in
  start keys mmsend --virtual keys --wait --no-release
  arecordmidi -p "$(mmrecv -l --json | jq -r 'select(.port == "keys").address')" -t 480 take.mid 3>&- 8>&- &
  peer=$!
  cat want >&8
  echo nonsense >&8
  await keys.err nonsense
  kill -INT "$peer" 2> /dev/null || true # it may ignore that in the background
  kill "$peer" 2> /dev/null || true
  wait "$peer" || true
  exec 8>&-
  finish keys
  /usr/bin/python3 - > got <<'EOF'
import mido
for m in mido.MidiFile("take.mid"):
    if m.type in ("note_on", "note_off"):
        print(m.type.replace("_", "-"), m.channel + 1, m.note, m.velocity)
EOF
  # arecordmidi sorts events of one tick by channel; so do we.
  diff <(sort want) <(sort got)
}

@test "amidi: bytes through a virtual raw MIDI port and back" {
  start in mmrecv -p 'VirMIDI 0-0' -n 4 --timeout 30 --keep-raw
  amidi -p hw:0,0 -S '90 3C 40 3E 40 F0 43 10 F7 F6'
  finish in
  same "note-on 1 60 64
note-on 1 62 64
sysex f0 43 10 f7
tune-request" "$(events in.out)"

  mkfifo dump
  stdbuf -oL amidi -p hw:0,1 -d -t 20 > dump 3>&- &
  peer=$!
  exec 7< dump
  # It says nothing when it is ready; so send again until it hears.
  got=
  until [ "$got" ]; do
    mmsend -p 'VirMIDI 0-1' --no-release 'program-change 2 5'
    read -r -t 1 got <&7 || true
    [ "$got" ] || read -r -t 1 got <&7 || true
  done
  kill "$peer"
  wait "$peer" || true
  same "C105" "${got// /}"
}

@test "aconnect sees the ports, and may connect and disconnect them" {
  mkfifo keys.in
  exec 8<> keys.in
  start keys mmsend --virtual keys --no-release
  start in mmrecv --virtual in=x
  from=$(mmrecv -l --json | jq -r 'select(.port == "keys").address')
  to=$(mmsend -l --json | jq -r 'select(.port == "in").address')
  aconnect -i | grep -q "'mmsend'"
  aconnect -o | grep -q "'mmrecv'"
  aconnect "$from" "$to"
  await in.out ':connected'
  same true "$(mmsend -l --json | jq -r 'select(.port == "in").connected')"
  echo 'note-on 1 60 100' >&8
  await in.out 'note-on'
  aconnect -d "$from" "$to"
  await in.out ':disconnected'
  exec 8>&-
  finish keys
  stop in
  same ":connected @x
note-on 1 60 100 @x
note-off 1 60 64 @x
:disconnected @x" "$(lines in.out)"
}

@test "python3-mido sends and receives, over rtmidi on ALSA" {
  start in mmrecv --virtual in -n 3 --timeout 30
  /usr/bin/python3 - <<'EOF'
import mido
name = [n for n in mido.get_output_names() if "mmrecv" in n][0]
with mido.open_output(name) as port:
    port.send(mido.Message("note_on", channel=2, note=60, velocity=1))
    port.send(mido.Message("sysex", data=[i % 128 for i in range(1000)]))
    port.send(mido.Message("pitchwheel", channel=0, pitch=-8192))
EOF
  finish in
  same "note-on 3 60 1
sysex f0$(for ((i = 0; i < 1000; i++)); do printf ' %02x' $((i % 128)); done) f7
pitch-bend 1 -8192" "$(events in.out)"
}

@test "sysex of two senders, in pieces, are put together for each" {
  start in mmrecv --virtual in -n 2 --timeout 60
  sysex() { awk -v b="$1" 'BEGIN { printf "sysex f0"; for (i = 0; i < 40000; i++) printf " " b; print " f7" }'; }
  sysex 11 > a
  sysex 22 > b
  mmsend -p in < a &
  mmsend -p in < b
  wait
  finish in
  diff <(sort a b) <(events in.out | sort)
}

@test "a clock in the middle of a sysex harms neither" {
  start in mmrecv --virtual in -n 3 --timeout 30
  mmsend -p in --from raw < <(printf '\xf0\x43\xf8\x10\xf7\xf6')
  finish in
  same "clock
sysex f0 43 10 f7
tune-request" "$(events in.out)"
}

@test "what ALSA joins into one event is printed as the control changes that it stands for" {
  start in mmrecv --virtual in -n 6 --timeout 30
  port=$(mmsend -l --json | jq -r 'select(.port == "in").address')
  /usr/bin/python3 - "$port" <<'EOF'
# Through libasound itself: a 14-bit controller and an RPN as one event each.
import ctypes, struct, sys
alsa = ctypes.CDLL("libasound.so.2")
seq = ctypes.c_void_p()
assert alsa.snd_seq_open(ctypes.byref(seq), b"default", 3, 0) == 0
own = alsa.snd_seq_create_simple_port(seq, b"out", 0, 1 << 20)
client, port = map(int, sys.argv[1].split(":"))
assert alsa.snd_seq_connect_to(seq, own, client, port) == 0
def send(kind, channel, param, value):
    data = struct.pack("B3xIi", channel, param, value)
    event = struct.pack("BBBBIIBBBB", kind, 0, 0, 253, 0, 0, 0, own, 254, 253) + data
    assert alsa.snd_seq_event_output_direct(seq, event) >= 0
send(14, 0, 7, 300)   # SND_SEQ_EVENT_CONTROL14
send(16, 1, 1, 8192)  # SND_SEQ_EVENT_REGPARAM
EOF
  finish in
  same "control-change 1 7 2
control-change 1 39 44
control-change 2 101 0
control-change 2 100 1
control-change 2 6 64
control-change 2 38 0" "$(events in.out)"
}

@test "a device is unplugged and plugged in again: taken up as if nothing had been" {
  mkfifo send.in
  exec 8<> send.in
  start recv mmrecv -p 'VirMIDI 0-2=v'
  start send mmsend -p 'VirMIDI 0-3' --wait --no-release
  amidi -p hw:0,2 -S '90 3C 40'
  await recv.out 'note-on 1 60'
  echo 'clock' >&8
  echo snd_virmidi.0 > /sys/bus/platform/drivers/snd_virmidi/unbind
  await recv.out ':disconnected'
  await send.err 'disconnected'
  echo snd_virmidi.0 > /sys/bus/platform/drivers/snd_virmidi/bind
  await recv.out ' :connected'
  await send.err ': connected'
  amidi -p hw:0,2 -S '90 3E 40'
  await recv.out 'note-on 1 62'
  stop recv
  exec 8>&-
  finish send
  same 0 "$status"
  same "note-on 1 60 64 @v
note-off 1 60 64 @v
:disconnected @v
:connected @v
note-on 1 62 64 @v
note-off 1 62 64 @v" "$(lines recv.out)"
}

@test "a device that is back before anybody looked has gone all the same" {
  start recv mmrecv -p 'VirMIDI 0-2=v'
  amidi -p hw:0,2 -S '90 3C 40'
  await recv.out 'note-on 1 60'
  kill -STOP "${PID[recv]}"
  echo snd_virmidi.0 > /sys/bus/platform/drivers/snd_virmidi/unbind
  echo snd_virmidi.0 > /sys/bus/platform/drivers/snd_virmidi/bind
  kill -CONT "${PID[recv]}"
  await recv.out ' :connected'
  amidi -p hw:0,2 -S '90 3E 40'
  await recv.out 'note-on 1 62'
  stop recv
  same "note-on 1 60 64 @v
note-off 1 60 64 @v
:disconnected @v
:connected @v
note-on 1 62 64 @v
note-off 1 62 64 @v" "$(lines recv.out)"
}

@test "a large sysex to a raw MIDI device, slower than we are, arrives whole" {
  mkfifo dump
  # VirMIDI's other side is read by amidi into a file; -t ends it when nothing comes any more.
  amidi -p hw:0,0 -r got.syx -t 3 3>&- &
  peer=$!
  timeout 20 bash -c 'until aconnect -l | grep -q . && [ -e got.syx ]; do :; done'
  awk 'BEGIN { printf "sysex f0"; for (i = 0; i < 3000; i++) printf " %02x", i % 128; print " f7" }' > big
  mmsend -p 'VirMIDI 0-0' --sysex-rate 30000 < big
  wait "$peer" || true
  tail -c 3002 got.syx | od -An -v -tx1 -w1 | tr -d '\n' > got
  same " $(cut -d' ' -f2- big)" "$(cat got)"
}

@test "a reader that is stopped: what the kernel could not keep is counted exactly" {
  total=5000
  /usr/bin/python3 - <<'EOF'
import mido
track = mido.MidiTrack([mido.Message("control_change", control=i % 100, value=1, time=0) for i in range(5000)])
file = mido.MidiFile(ticks_per_beat=96)
file.tracks.append(track)
file.save("flood.mid")
EOF
  start in mmrecv --virtual in
  kill -STOP "${PID[in]}"
  aplaymidi -d 0 -p "$(mmsend -l --json | jq -r 'select(.port == "in").address')" flood.mid
  kill -CONT "${PID[in]}"
  mmsend -p in clock
  await in.out ' clock'
  stop in
  printed=$(grep -c control-change in.out || true)
  lost=$(awk '/:overrun/ { n += $3 } END { print n + 0 }' in.out)
  echo "printed $printed, lost $lost"
  ((lost > 0))
  same $total $((printed + lost))
  grep -q "lost $lost events" in.err
}

@test "--timed is scheduled by a queue: what is due soon comes though mmsend is stopped" {
  start in mmrecv --virtual in -n 21 --timeout 30 --no-release
  awk 'BEGIN { print "0 start"; for (i = 0; i < 20; i++) print 0.2 + i * 0.01, "control-change 1 1", i }' > sent
  mmsend -p in --timed < sent 3>&- &
  sender=$!
  await in.out 'start'
  kill -STOP "$sender"
  finish in
  same 0 "$status"
  diff <(cut -d' ' -f2- sent) <(events in.out)
  kill -CONT "$sender"
  wait "$sender"
}

@test "--timed: events that are due together come in their order" {
  start in mmrecv --virtual in -n 400 --timeout 30 --no-release
  awk 'BEGIN { for (i = 0; i < 100; i++) for (j = 0; j < 4; j++) printf "%.9f control-change 1 %d %d\n", i * 0.01, j, i }' > sent
  mmsend -p in --timed < sent
  finish in
  diff <(cut -d' ' -f2- sent) <(events in.out)
}

@test "without the right to use the sequencer: a clear error" {
  chmod 600 /dev/snd/seq
  run --separate-stderr -1 setpriv --reuid=65534 --regid=65534 --clear-groups "$MM_BIN_DIR/mmsend" --backend alsa -l
  chmod 666 /dev/snd/seq
  same "mmsend: ALSA sequencer: /dev/snd/seq: Permission denied" "$stderr"
}
