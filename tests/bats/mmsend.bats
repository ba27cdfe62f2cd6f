#!/usr/bin/env bats
# mmsend on real ports: what is sent, when, where to, and how it ends.

load helpers

setup_file() { start_system; }
teardown_file() { stop_system; }
setup() { cd "$BATS_TEST_TMPDIR" || exit; }
teardown() { stop_all; }

# recv NAME COUNT [ARG...]: an mmrecv with a port of that name that ends after COUNT events.
recv() {
  local name=$1 count=$2
  shift 2
  start "$name" mmrecv --virtual "$name" -n "$count" --timeout 20 --no-release "$@"
}

# What it said on stderr, but for the receivers that went when they had all that they counted.
said() { grep -v 'disconnected; waiting' <<< "$stderr"; }

@test "every kind arrives as it was sent" {
  cat > all <<'EOF'
note-off 1 0 127
note-on 16 127 1
note-on 1 60 0
poly-pressure 2 61 64
control-change 3 74 127
program-change 4 5
channel-pressure 5 6
pitch-bend 6 -8192
pitch-bend 6 0
pitch-bend 6 8191
sysex f0 f7
sysex f0 43 10 4c 00 00 7e 00 f7
time-code 7 15
song-position 16383
song-select 127
tune-request
clock
start
continue
stop
active-sensing
reset
EOF
  recv in 22
  run -0 --separate-stderr mmsend -p in --no-release < all
  same "" "$output$(said)"
  finish in
  same 0 "$status"
  diff all <(events in.out)
}

@test "thousands of random events arrive, all and in order" {
  random_events 5000 42 > sent
  recv in 5000
  run -0 mmsend -p in --no-release < sent
  finish in
  diff sent <(events in.out)
}

@test "arguments: words make a line, one with blanks is a line itself" {
  recv in 4
  run -0 mmsend -p in --no-release note-on 1 C4 100 'note-on 1 64 100' 'cc 1 7 1' pitch-bend 1 -5
  finish in
  same "note-on 1 60 100
note-on 1 64 100
control-change 1 7 1
pitch-bend 1 -5" "$(events in.out)"
}

@test "cc14, rpn and nrpn go out as the control changes they stand for" {
  recv in 10
  run -0 mmsend -p in 'cc14 1 7 300' 'rpn 2 1 8192' 'nrpn 3 1000 5000'
  finish in
  same "control-change 1 7 2
control-change 1 39 44
control-change 2 101 0
control-change 2 100 1
control-change 2 6 64
control-change 2 38 0
control-change 3 99 7
control-change 3 98 104
control-change 3 6 39
control-change 3 38 8" "$(events in.out)"
}

@test "tags choose ports; lines without one, and with one that no port has, go to all" {
  recv left 4
  recv right 3
  run --separate-stderr -0 mmsend -p left=l -p right=r --no-release <<'EOF'
note-on 1 1 1 @l
note-on 1 2 2 @r
note-on 1 3 3
note-on 1 4 4 @elsewhere
note-on 1 5 5 @l
EOF
  same "mmsend: @elsewhere: no port has this tag; its events go to all ports" "$(said)"
  finish left
  finish right
  same "note-on 1 1 1
note-on 1 3 3
note-on 1 4 4
note-on 1 5 5" "$(events left.out)"
  same "note-on 1 2 2
note-on 1 3 3
note-on 1 4 4" "$(events right.out)"
}

@test "a line that does not parse is reported with a caret and skipped; exit 1" {
  recv in 2
  run --separate-stderr -1 mmsend -p in --no-release <<'EOF'
note-on 1 60 100

# a comment
  noteon 1 60 100
note-on 17 60 100
note-on 1 61 100
EOF
  same "mmsend: stdin:4:3: unknown kind 'noteon'; did you mean 'note-on'?
  noteon 1 60 100
  ^
mmsend: stdin:5:9: channel '17' is not in 1..16
note-on 17 60 100
        ^" "$(said)"
  finish in
  same "note-on 1 60 100
note-on 1 61 100" "$(events in.out)"
}

@test "--strict ends at the first such line" {
  recv in 1
  run --separate-stderr -1 mmsend -p in --strict --no-release <<< $'note-on 1 60 1\nx\nnote-on 1 61 1'
  [[ $stderr == "mmsend: stdin:2:1: unknown kind 'x'"* ]]
  finish in
  same "note-on 1 60 1" "$(events in.out)"
}

@test "all formats are read" {
  recv in 8 --keep-raw
  mmsend -p in --from json --no-release <<< '{"velocity":100,"kind":"note-on","channel":1,"note":60}'
  mmsend -p in --from mido --no-release <<< 'note_on channel=0 note=61 velocity=64 time=0'
  printf '\x90\x3e\x40\x3f\x41\xf0\x43\xf8\x01\xf7' | mmsend -p in --from raw --no-release
  run --separate-stderr -1 mmsend -p in --from raw --no-release < <(printf '\x3c\x90\x40\x40')
  same "mmsend: dropped 1 byte: no MIDI, or of a sysex over --max-sysex (--keep-raw sends them)" "$stderr"
  mmsend -p in --from raw --keep-raw < <(printf '\xf4')
  finish in
  same "note-on 1 60 100
note-on 1 61 64
note-on 1 62 64
note-on 1 63 65
clock
sysex f0 43 01 f7
note-on 1 64 64
raw f4" "$(events in.out)"
}

@test "notes that sound, and pedals, are released at the end of the input" {
  recv in 7
  mmsend -p in <<< $'note-on 1 60 100\nnote-on 2 61 100\nnote-on 1 62 100\nnote-off 1 60 0\ncc 3 64 127'
  finish in
  same "note-on 1 60 100
note-on 2 61 100
note-on 1 62 100
note-off 1 60 0
control-change 3 64 127
note-off 1 62 64
note-off 2 61 64" "$(events in.out)"
}

@test "a sounding note that raw bytes began is released too" {
  recv in 2
  mmsend -p in 'raw 90 3c' 'raw 64'
  finish in
  same "note-on 1 60 100
note-off 1 60 64" "$(events in.out)"
}

@test "SIGINT, SIGTERM and SIGHUP release what sounds, and end it by that signal" {
  for signal in INT TERM HUP; do
    recv in 3
    mkfifo send.in
    exec 8<> send.in
    start send mmsend -p in
    echo $'note-on 1 60 100\ncc 1 64 127' >&8
    await in.out 'control-change 1 64 127'
    stop send $signal
    same $((128 + $(kill -l $signal))) "$status"
    finish in
    same "note-on 1 60 100
control-change 1 64 127
note-off 1 60 64" "$(events in.out)"
    exec 8>&-
    rm send.in
  done
}

@test "a signal in the middle of a timed stream releases what sounds then" {
  start in mmrecv --virtual in
  mkfifo send.in
  exec 8<> send.in
  start send mmsend -p in --timed
  printf '0 note-on 1 60 100\n0.3 note-off 1 60 0\n0.3 note-on 1 61 100\n0.6 note-off 1 61 0\n9 note-on 1 62 1\n' >&8
  await in.out 'note-on 1 61 100'
  stop send TERM
  same 143 "$status"
  exec 8>&-
  await in.out 'note-off 1 61'
  stop in
  # What is still scheduled is taken back; a note-off too many harms nobody.
  same "note-on 1 60 100
note-off 1 60 0
note-on 1 61 100
note-off 1 61 64" "$(events in.out | sed '/note-off 1 62/d')"
}

@test "--timed keeps the times, --timed=SPEED scales them, a +TIME is always waited for" {
  recv in 9 --clock start
  mmsend -p in --timed --no-release <<< $'100 note-on 1 1 1\n100.2 note-on 1 2 1\n100.3 note-on 1 3 1'
  mmsend -p in --timed=2 --no-release <<< $'5 note-on 1 4 1\n5.4 note-on 1 5 1\n5.6 note-on 1 6 1'
  mmsend -p in --no-release <<< $'7 note-on 1 7 1\n+0.2 note-on 1 8 1\n9999 note-on 1 9 1'
  finish in
  awk '/note-on/ { t[$4] = $1 }
    function gap(a, b, want) {
      d = t[b] - t[a]
      if (d < want - 0.02 || d > want + 0.5) { print a, b, d, "not", want; bad = 1 }
    }
    END { gap(1, 2, 0.2); gap(2, 3, 0.1); gap(4, 5, 0.2); gap(5, 6, 0.1); gap(7, 8, 0.2); gap(8, 9, 0); exit bad }' in.out
}

@test "--loop plays the input again, without a gap or drift" {
  recv in 6 --clock start
  run -0 mmsend -p in --timed --loop 3 --no-release <<< $'5 note-on 1 1 1\n5.1 note-on 1 2 1'
  finish in
  same "note-on 1 1 1
note-on 1 2 1
note-on 1 1 1
note-on 1 2 1
note-on 1 1 1
note-on 1 2 1" "$(events in.out)"
  awk '/note-on/ { n++; t[n] = $1 } END { d = t[6] - t[1]; exit !(d > 0.28 && d < 0.8) }' in.out
}

@test "--at starts at that time" {
  recv in 1 --clock realtime
  at=$(date -u -d '+1 second' +%Y-%m-%dT%H:%M:%S.%NZ)
  run -0 mmsend -p in --at "$at" --no-release note-on 1 60 1
  finish in
  wanted=$(date -u -d "$at" +%s.%N)
  events=$(grep note-on in.out)
  awk -v got="${events%% *}" -v want="$wanted" 'BEGIN { d = got - want; print d; exit !(d > -0.01 && d < 0.5) }'
}

@test "--panic and --reset send what they promise, and read nothing" {
  recv in $((16 * 3 + 16 * 128))
  mkfifo send.in
  exec 8<> send.in
  run -0 mmsend -p in --panic < send.in
  exec 8>&-
  finish in
  events in.out > got
  same "control-change 1 64 0
control-change 1 123 0
control-change 1 120 0
control-change 2 64 0" "$(head -n 4 got)"
  same $((16 * 128)) "$(grep -c '^note-off [0-9]* [0-9]* 64$' got)"

  recv in 33
  run -0 mmsend -p in --reset 'note-on 1 60 0'
  finish in
  same "control-change 16 123 0
control-change 16 121 0
note-on 1 60 0" "$(events in.out | tail -n 3)"
}

@test "--sysex-rate and --sysex-gap keep the pace" {
  recv in 4 --clock start
  sysex="sysex f0 $(printf '01 %.0s' $(seq 498))f7"
  run -0 mmsend -p in --sysex-rate 2500 --sysex-gap 0.1 "note-on 1 1 1" "$sysex" "$sysex" 'note-on 1 2 1' --no-release
  finish in
  # 2 x (500 bytes at 2,500 a second, and 0.1 s)
  awk '/note-on 1 1/ { a = $1 } /note-on 1 2/ { d = $1 - a } END { print d; exit !(d > 0.5 && d < 2) }' in.out
}

@test "a sysex of a megabyte arrives whole (ALSA), or is refused by its size (RtMidi on JACK)" {
  awk 'BEGIN { printf "sysex f0"; for (i = 0; i < 1000000; i++) printf " %02x", i % 128; print " f7" }' > big
  recv in 2
  run --separate-stderr mmsend -p in <<< "clock
$(cat big)
clock"
  if [ "$MM_TEST_SYSTEM" = alsa ]; then
    same 0 "$status"
    finish in
    diff <(echo clock; cat big) <(events in.out)
  else
    same 1 "$status"
    [[ $stderr == "mmsend: port mmrecv:in: a sysex of 1000002 bytes is longer than 16379"* ]]
    finish in
    same $'clock\nclock' "$(events in.out)"
  fi
}

@test "sysex up to the limit of RtMidi arrive, whatever else goes on" {
  awk 'BEGIN { for (n = 100; n <= 16000; n = int(n * 1.7)) {
      printf "sysex f0"; for (i = 0; i < n; i++) printf " %02x", (i + n) % 128; print " f7"
      for (i = 0; i < 100; i++) print "control-change 1", i, n % 128 } }' > sent
  recv in "$(wc -l < sent)"
  run -0 mmsend -p in < sent
  finish in
  diff sent <(events in.out)
}

@test "--max-sysex limits what is read" {
  recv in 1
  run --separate-stderr -1 mmsend -p in --max-sysex 16 --no-release <<< "sysex $(printf '01 %.0s' $(seq 20))
clock"
  [[ $stderr == "mmsend: stdin:1:52: '01' makes it longer than --max-sysex allows"* ]]
  finish in
  same "clock" "$(events in.out)"
}

@test "a line of 100 MB, NULs and 8-bit bytes: reported, skipped, the rest is sent" {
  recv in 2
  { echo clock; head -c 100000000 /dev/zero | tr '\0' x; printf '\nnote-on \0 1\n\xff\xfe\nstart'; } > bad
  run --separate-stderr -1 /usr/bin/time -f '%M' -o rss mmsend -p in < bad
  finish in
  same $'clock\nstart' "$(events in.out)"
  cat rss
  # A line may be 48 MiB long, for sysex of 16 MiB; of the rest nothing is kept. libjack maps
  # 110 MB of its own.
  limit=120000
  [ "$MM_TEST_SYSTEM" = alsa ] || limit=240000
  (($(tail -n 1 rss) < limit))
  grep -q 'stdin:2:1: this line is longer than' <<< "$stderr"
  grep -q 'stdin:3:9: ' <<< "$stderr"
  grep -q 'stdin:4:1: ' <<< "$stderr"
}

@test "a named FIFO whose writer has gone ends like any other input" {
  recv in 1
  mkfifo fifo
  (echo 'note-on 1 60 100' > fifo) 3>&- &
  timeout 30 mmsend -p in --no-release < fifo
  finish in
  same "note-on 1 60 100" "$(events in.out)"
}

@test "a signal that comes twice, as timeout(1) sends it, releases what sounds all the same" {
  mkfifo send.in
  exec 8<> send.in
  recv in 2
  start send mmsend -p in
  echo 'note-on 1 60 100' >&8
  await in.out 'note-on'
  kill -TERM "${PID[send]}"
  kill -TERM "${PID[send]}" || true
  read -r -t 0.002 < <(:) || true
  kill -TERM "${PID[send]}" 2> /dev/null || true
  finish send
  same 143 "$status"
  finish in
  same "note-on 1 60 100
note-off 1 60 64" "$(events in.out)"
  exec 8>&-
}

@test "stdin may end in the middle of a line" {
  recv in 1
  run -0 mmsend -p in --no-release < <(printf 'note-on 1 60 100')
  finish in
  same "note-on 1 60 100" "$(events in.out)"
}

@test "it waits for a port with --wait, and loses nothing" {
  mkfifo send.in
  exec 8<> send.in
  start send mmsend -p 'late port' --wait --no-release
  echo 'note-on 1 60 100' >&8
  start 'late port' mmrecv --virtual 'late port' -n 1 --timeout 20
  finish 'late port'
  same "note-on 1 60 100" "$(events 'late port.out')"
  # gone, and back
  await send.err 'late port: disconnected'
  echo 'note-on 1 61 100' >&8
  start 'late port' mmrecv --virtual 'late port' -n 1 --timeout 20
  finish 'late port'
  same "note-on 1 61 100" "$(events 'late port.out')"
  exec 8>&-
  finish send
  same 0 "$status"
}

@test "a port that goes away is taken up again; what came meanwhile is counted, exit 1" {
  mkfifo send.in
  exec 8<> send.in
  start in mmrecv --virtual in -n 1 --timeout 20
  start send mmsend -p in --no-release
  echo 'note-on 1 60 100' >&8
  finish in
  await send.err 'disconnected; waiting'
  echo $'note-on 1 61 100\nnote-on 1 62 100' >&8
  # Wait until both were read: only then is the port plugged in again.
  echo 'nonsense' >&8
  await send.err 'nonsense'
  start in mmrecv --virtual in -n 1 --timeout 20
  await send.err 'in: connected'
  echo 'note-on 1 63 100' >&8
  finish in
  same "note-on 1 63 100" "$(events in.out)"
  exec 8>&-
  finish send
  same 1 "$status"
  grep -q 'did not send 2 events' send.err
}

@test "the port is chosen by exact name, part, /regex/ and MM_OUTPUT; several are an error" {
  recv 'synth one' 4
  recv synth 2
  mmsend -p 'synth one' --no-release note-on 1 1 1
  mmsend -p synth --no-release note-on 1 2 1
  mmsend -p '/one$/' --no-release note-on 1 3 1
  mmsend -p 'H ON' --no-release note-on 1 4 1
  run --separate-stderr -1 mmsend -p ynth note-on 1 6 1
  [[ $stderr == "mmsend: port 'ynth': more than one fits; say which by its full name or its address:"* ]]
  same 2 "$(grep -c 'mmrecv.*:synth' <<< "$stderr")"
  run --separate-stderr -1 mmsend -p none note-on 1 7 1
  [[ $stderr == "mmsend: port 'none': there is no such output port (--wait waits until it comes); there are:"* ]]
  run --separate-stderr -2 mmsend -p '/(/' note-on 1 8 1
  MM_OUTPUT=synth mmsend --no-release note-on 1 5 1
  address=$(mmsend -l --json | jq -r 'select(.port == "synth one").address')
  mmsend -p "$address" --no-release note-on 1 9 1
  finish 'synth one'
  finish synth
  same "note-on 1 1 1
note-on 1 3 1
note-on 1 4 1
note-on 1 9 1" "$(events 'synth one.out')"
  same "note-on 1 2 1
note-on 1 5 1" "$(events synth.out)"
}

@test "--list, text and JSON" {
  recv 'my port' 1
  backend=jack
  [ "$MM_TEST_SYSTEM" = jack ] || backend=alsa
  run -0 mmsend --list
  grep -qE "^$backend  out  .*mmrecv:my port$" <<< "$output"
  run -0 mmsend --list --json
  same "{\"backend\":\"$backend\",\"direction\":\"out\",\"client\":\"mmrecv\",\"port\":\"my port\",\"connected\":false}" \
    "$(jq -c 'select(.port == "my port") | del(.address)' <<< "$output")"
}

@test "--virtual makes a port that others connect to; with --wait it waits for them" {
  mkfifo send.in
  exec 8<> send.in
  start send mmsend --virtual desk --wait --no-release
  echo 'note-on 1 60 100' >&8
  start recv mmrecv -p mmsend:desk -n 1 --timeout 20
  finish recv
  same "note-on 1 60 100" "$(events recv.out)"
  exec 8>&-
  finish send
  same 0 "$status"
}

@test "--progress tells how far it is" {
  recv in 3
  run --separate-stderr -0 mmsend -p in --progress 'sysex 1 2 3' clock 'clock # again'
  same "mmsend: 0 s, 3 events, 5 bytes of sysex" "$stderr"
  finish in
}
