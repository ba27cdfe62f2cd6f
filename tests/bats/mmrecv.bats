#!/usr/bin/env bats
# mmrecv on real ports: what is printed, and what happens when ports, readers and time go away.

load helpers

setup_file() { start_system; }
teardown_file() { stop_system; }
setup() { cd "$BATS_TEST_TMPDIR" || exit; }
teardown() { stop_all; }

# source NAME: an mmsend with a port of that name, which sends what is written to descriptor 8.
source_port() {
  mkfifo "$1.in"
  exec 8<> "$1.in"
  start "$1" mmsend --virtual "$1" --wait --no-release
}

@test "lines carry the time: monotonic, realtime, from the start" {
  before=$(awk '{ print $1 }' /proc/uptime)
  start in mmrecv --virtual in -n 1
  mmsend -p in note-on 1 60 100
  finish in
  after=$(awk '{ print $1 }' /proc/uptime)
  grep -qE '^[0-9]+\.[0-9]{9} note-on 1 60 100$' in.out
  awk -v a="$before" -v b="$after" '/note-on/ { exit !($1 >= a - 1 && $1 <= b + 1) }' in.out

  start in mmrecv --virtual in -n 1 --clock realtime
  mmsend -p in note-on 1 60 100
  finish in
  awk -v now="$(date +%s)" '/note-on/ { exit !($1 > now - 60 && $1 < now + 60) }' in.out

  start in mmrecv --virtual in -n 1 --clock start
  mmsend -p in note-on 1 60 100
  finish in
  awk '/note-on/ { exit !($1 >= 0 && $1 < 30) }' in.out
}

@test "times of events never go backwards, and are when they arrived" {
  start in mmrecv --virtual in -n 200
  awk 'BEGIN { for (i = 0; i < 200; i++) printf "%.9f note-on 1 %d 1\n", i * 0.005, i % 128 }' > timed
  mmsend -p in --timed --no-release < timed
  finish in
  grep note-on in.out | sort -c -n
  awk '/note-on/ { if (!n++) first = $1; last = $1 } END { d = last - first; exit !(d > 0.97 && d < 2) }' in.out
}

@test "several ports: each line says which; =TAG names it" {
  start in mmrecv --virtual one --virtual 'two ports=2' -n 2 --timeout 20 --no-release
  mmsend -p one --no-release note-on 1 60 100
  mmsend -p 'two ports' --no-release note-on 1 61 100
  finish in
  same "note-on 1 60 100 @one
note-on 1 61 100 @2" "$(events in.out)"
}

@test "all formats are printed" {
  for format in json mido raw; do
    start $format mmrecv --virtual in -n 3 --to $format --clock start
    mmsend -p in --no-release 'note-on 2 60 100' 'pitch-bend 1 -1' 'sysex 43 10'
    finish $format
  done
  same '{"kind":"note-on","channel":2,"note":60,"velocity":100}
{"kind":"pitch-bend","channel":1,"bend":-1}
{"kind":"sysex","data":[240,67,16,247]}' "$(jq -c 'select(.kind | startswith(":") | not) | del(.time)' json.out)"
  same 'note_on channel=1 note=60 velocity=100
pitchwheel channel=0 pitch=-1
sysex data=(67,16)' "$(sed 's/ time=.*//; /^#/d' mido.out)"
  same ' 91 3c 64 e0 7f 3f f0 43 10 f7' "$(od -An -tx1 raw.out)"
}

@test "what mido prints, mido reads" {
  start in mmrecv --virtual in -n 500 --timeout 20 --to mido
  random_events 500 7 | sed 's/^sysex f0 f7$/sysex f0 01 f7/' > sent # mido cannot read its own "data=()"
  mmsend -p in --no-release < sent
  finish in
  /usr/bin/python3 -c '
import mido, sys
parser = mido.Parser()
for line in open("in.out"):
    line = line.split("#")[0].strip()
    if line: sys.stdout.buffer.write(bytes(mido.parse_string(line).bytes()))' > mido.raw
  start raw mmrecv --virtual in -n 500 --timeout 20 --to raw
  mmsend -p in --no-release < sent
  finish raw
  cmp mido.raw raw.out
}

@test "--only, --not and --channel choose; --note-names and --middle-c name notes" {
  cat > sent <<'EOF'
note-on 1 60 100
note-on 2 60 100
control-change 1 7 1
clock
note-off 1 61 0
EOF
  expect() { # WANTED [ARG...]
    local wanted=$1
    shift
    start in mmrecv --virtual in -n "$(wc -l <<< "$wanted")" --timeout 20 "$@"
    mmsend -p in --no-release < sent
    finish in
    same "$wanted" "$(events in.out)"
  }
  expect $'note-on 1 60 100\nnote-on 2 60 100\nnote-off 1 61 0' --only note
  expect $'note-on 1 60 100\nnote-on 2 60 100\nclock' --only on,realtime
  expect $'clock\nnote-off 1 61 0' --not note-on,cc
  expect $'note-on 1 60 100\ncontrol-change 1 7 1\nnote-off 1 61 0' --channel 1,3..16
  expect $'note-on 1 C4 100\nnote-off 1 C#4 0' --only note --channel 1 --note-names
  expect $'note-on 1 C3 100\nnote-off 1 C#3 0' --only note --channel 1 --note-names --middle-c 3
}

@test "--decode joins control changes, and lets nothing hang" {
  start in mmrecv --virtual in -n 6 --timeout 20 --decode
  mmsend -p in 'cc14 1 7 300' 'rpn 2 1 8192' 'nrpn 3 1000 5000' 'cc 1 7 5' 'nrpn 3 1000 128' 'cc 3 6 2'
  finish in
  same "cc14 1 7 300
rpn 2 1 8192
nrpn 3 1000 5000
control-change 1 7 5
nrpn 3 1000 128
nrpn 3 1000 256" "$(events in.out)"
}

@test "bytes that are no MIDI are counted, or printed with --keep-raw" {
  start in mmrecv --virtual in -n 2 --timeout 20
  mmsend -p in 'clock' 'raw f4 f5' 'raw 12 34' 'clock'
  finish in
  same $'clock\nclock' "$(events in.out)"
  same "mmrecv: dropped 4 bytes: no MIDI, or of a sysex over --max-sysex (--keep-raw prints them)" "$(cat in.err)"
  start in mmrecv --virtual in -n 3 --timeout 20 --keep-raw
  mmsend -p in 'clock' 'raw f4 f5' 'clock'
  finish in
  same $'clock\nraw f4 f5\nclock' "$(events in.out)"
}

@test "-n and --timeout end it, and the status tells" {
  run -0 timeout 20 mmrecv --virtual in --timeout 0.1
  run --separate-stderr -1 timeout 20 mmrecv --virtual in -n 3 --timeout 0.1
  same "mmrecv: timeout: 0 of 3 events came" "$stderr"
}

@test "a source that goes away: its notes are released, and it is taken up when it is back" {
  source_port keys
  start recv mmrecv -p keys=k
  echo $'note-on 1 60 100\nnote-on 2 61 100\nnote-off 2 61 0\ncc 1 64 127' >&8
  await recv.out 'control-change 1 64 127'
  stop keys KILL
  exec 8>&-
  await recv.out ':disconnected'
  rm keys.in
  source_port keys
  await recv.out ' :connected'
  echo 'note-on 1 62 100' >&8
  await recv.out 'note-on 1 62'
  stop recv
  same 143 "$status"
  same "note-on 1 60 100 @k
note-on 2 61 100 @k
note-off 2 61 0 @k
control-change 1 64 127 @k
note-off 1 60 64 @k
control-change 1 64 0 @k
:disconnected @k
:connected @k
note-on 1 62 100 @k
note-off 1 62 64 @k" "$(lines recv.out)"
}

@test "--no-release prints no note-offs of its own" {
  source_port keys
  start recv mmrecv -p keys --no-release
  echo 'note-on 1 60 100' >&8
  await recv.out 'note-on'
  stop keys KILL
  await recv.out ':disconnected'
  stop recv
  same "note-on 1 60 100
:disconnected" "$(lines recv.out)"
}

@test "--wait waits for a port that is not there" {
  start recv mmrecv -p 'late port' --wait -n 1
  source_port 'late port'
  echo 'note-on 1 60 100' >&8
  finish recv
  same 0 "$status"
  same ":connected
note-on 1 60 100" "$(lines recv.out)"
  LC_ALL=C sort -s -n -k 1,1 -c recv.out # the connection before what came by it
}

@test "--all takes every port, and those that come later" {
  source_port first
  start recv mmrecv --all --only note
  echo 'note-on 1 1 1' >&8
  await recv.out 'note-on 1 1 1'
  exec 7<> first.in
  source_port second
  await recv.out ':connected @mmsend.*:second'
  echo 'note-on 1 2 1' >&8
  await recv.out 'note-on 1 2 1'
  exec 7>&-
  stop recv
  same "note-on 1 1 1 @first
note-on 1 2 1 @second" "$(events recv.out | grep note-on | sed 's/@mmsend[^:]*:/@/')"
}

@test "no such port, no port at all: errors that say what there is, and what to do" {
  source_port keys
  run --separate-stderr -1 mmrecv -p organ
  [[ $stderr == "mmrecv: port 'organ': there is no such input port (--wait waits until it comes); there "* ]]
  grep -q 'mmsend:keys' <<< "$stderr"
  run --separate-stderr -2 mmrecv
  same "mmrecv: no port: say -p PORT (--list shows what there is), --all, --virtual NAME, or set MM_INPUT
Try 'mmrecv --help'." "$stderr"
  MM_INPUT=keys start recv mmrecv -n 1
  echo 'note-on 1 60 100' >&8
  finish recv
  same "note-on 1 60 100" "$(events recv.out)"
}

@test "--watch prints ports as they come and go" {
  start watch mmrecv --watch
  source_port keys
  await watch.out '^added  .*mmsend:keys'
  stop keys KILL
  await watch.out '^removed  .*mmsend:keys'
  stop watch
  same 143 "$status"
  rm keys.in
  start watch mmrecv --watch --json
  source_port keys
  await watch.out '"change":"added".*"port":"keys"'
  stop watch
}

@test "the reader goes away: it ends by SIGPIPE, quietly" {
  # At once, though nothing more comes that it could notice by.
  source_port keys
  mkfifo out
  head -n 1 out > first &
  OUT=out start recv mmrecv -p keys
  echo 'note-on 1 60 100' >&8
  finish recv
  same 141 "$status"
  same "" "$(cat recv.err)"
  same "note-on 1 60 100" "$(events first)"
}

@test "/dev/full: an error, and exit 1" {
  source_port keys
  OUT=/dev/full start recv mmrecv -p keys
  echo 'note-on 1 60 100' >&8
  finish recv
  same 1 "$status"
  same "mmrecv: stdout: No space left on device" "$(cat recv.err)"
}

@test "a reader that stops reading: memory stays bounded, and :overrun has the exact count" {
  mkfifo out
  exec 7<> out # holds the pipe open, and reads nothing
  OUT=out start recv mmrecv --virtual in
  total=3000
  sysex="sysex f0 $(printf '01 %.0s' $(seq 998))f7"
  for ((i = 0; i < total; i++)); do echo "$sysex"; done > sent
  mmsend -p in < sent
  rss=$(awk '/VmRSS/ { print $2 }' "/proc/${PID[recv]}/status")
  # Now it reads again, and all that is left comes out.
  exec 6< out
  cat <&6 > got 6<&- 7>&- &
  reader=$!
  exec 6<&- 7>&-
  await got ':overrun'
  mmsend -p in clock
  await got ' clock'
  stop recv
  same 143 "$status"
  wait "$reader"
  printed=$(grep -c sysex got)
  lost=$(awk '/:overrun/ { n += $3 } END { print n + 0 }' got)
  echo "printed $printed, lost $lost, resident $rss kB"
  ((lost > 0))
  # Where the machine stalls, ALSA's queue in front of us is full as well, and a sysex that the kernel
  # has thrown away there counts once for each cell that it took.
  if [ "$MM_TEST_SYSTEM" = alsa ] && ((printed + lost > total)); then
    ((printed + lost <= total + 2000 * $(grep -c :overrun got))) # it has 2000 cells
  else
    same $total $((printed + lost))
  fi
  grep -q "lost $lost events" recv.err
  # libjack maps 100 MB of its own, and locks it.
  [ "$MM_TEST_SYSTEM" = jack ] || ((rss < 20000))
}

@test "a signal ends it even while it waits for its reader at the end" {
  mkfifo out
  exec 7<> out # holds the pipe open, and reads nothing
  OUT=out start recv mmrecv --virtual in -n 1000
  sysex="sysex f0 $(printf '01 %.0s' $(seq 98))f7"
  for ((i = 0; i < 1000; i++)); do echo "$sysex"; done | mmsend -p in 2> /dev/null || true
  timeout 20 bash -c 'while mmsend -l | grep -q "mmrecv.*:in"; do :; done'
  stop recv
  same 143 "$status"
  exec 7<&-
}

@test "a pipeline carries everything through: mmrecv | mmsend" {
  start out mmrecv --virtual out -n 2000 --timeout 30 --no-release
  random_events 2000 99 > sent
  start through bash -c 'mmrecv --virtual through -n 2000 --timeout 30 --no-release "$@" | mmsend -p out' bash
  mmsend -p through --no-release < sent
  finish out
  diff sent <(events out.out)
  finish through
  same 0 "$status"
}
