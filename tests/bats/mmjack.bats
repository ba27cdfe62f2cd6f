#!/usr/bin/env bats
# mmjack on a JACK server of the test's own, with peers that are real programs.

load helpers

setup_file() { start_jack 256; }
teardown_file() { stop_jack; }
setup() { cd "$BATS_TEST_TMPDIR" || exit; }
teardown() { stop_all; }

# The lines of a file without their times, and without those of xruns, which may come at any time.
heard() { lines "$1" | grep -v '^:xrun'; }

# The same of what it said.
told() { grep -v 'xrun' "$1.err" || true; }

await_port() { timeout 20 bash -c "until jack_lsp | grep -qxF '$1'; do :; done"; }

# await_lines FILE REGEX COUNT: until so many lines of the file fit.
await_lines() {
  local left=1000
  until [ "$(grep -cE -- "$2" "$1")" -ge "$3" ]; do
    ((left--)) || return 1
    command sleep 0.02
  done
}

# --- MIDI ---

@test "lines go out, come in with their tags, and what sounds is released at the end" {
  start ear mmjack --client ear --in a --in b
  printf '%s\n' 'note-on 1 60 100' 'note-off 1 60 0' 'cc14 2 7 1000' 'sysex 1 2' 'note-on 3 61 1 @y' \
    '# nothing' ':text "no MIDI"' 'start' |
    mmjack --client mouth --out x --out y --connect x ear:a --connect y ear:b 2> mouth.err
  await ear.out ':disconnected @b'
  same "" "$(grep -v xrun mouth.err)"
  same ":connected @a
note-on 1 60 100 @a
note-off 1 60 0 @a
control-change 2 7 7 @a
control-change 2 39 104 @a
sysex f0 01 02 f7 @a
start @a
:disconnected @a" "$(heard ear.out | grep '@a')"
  same ":connected @b
note-on 1 60 100 @b
note-off 1 60 0 @b
control-change 2 7 7 @b
control-change 2 39 104 @b
sysex f0 01 02 f7 @b
note-on 3 61 1 @b
start @b
note-off 3 61 64 @b
:disconnected @b" "$(heard ear.out | grep '@b')"
  stop ear
  same 143 "$status"
}

@test "every kind goes out as jack_midi_dump sees it, and comes in from jack_midiseq" {
  stdbuf -oL jack_midi_dump -a mmdump > dump 3>&- 2> dump.err &
  peer=$!
  await_port mmdump:input
  start ear mmjack --client ear --in a
  random_events 300 5 > sent
  # A little apart: jack_midi_dump's ring is small.
  sed 's/^/+0.002 /' sent |
    mmjack --out x --connect x mmdump:input --connect x ear:a --no-release
  await ear.out ':disconnected @a'
  diff sent <(events ear.out | grep -v xrun | sed 's/ @a$//' | head -n 300)
  kill "$peer"
  wait "$peer" || true
  # It shows no more than the first bytes of a sysex.
  same "$(grep -vc sysex sent)" "$(grep -E '^ *[0-9]+: ' dump | grep -vc ': f0')"
  jack_midiseq mmseq 24000 0 60 8000 12000 64 8000 3>&- > seq.out 2>&1 &
  peer=$!
  await_port mmseq:out
  jack_connect mmseq:out ear:a
  for line in 'note-on 1 60 64' 'note-off 1 60 64' 'note-on 1 64 64' 'note-off 1 64 64'; do
    await ear.out "$line @a"
  done
  kill "$peer"
  wait "$peer" || true
}

@test "python3-jack-client: its events come in at their times, ours reach it, the transport is the same" {
  start ear mmjack --client ear --in a --no-release
  mkfifo mouth.in
  exec 8<> mouth.in
  start mouth mmjack --client mouth --out x
  /usr/bin/python3 - > got 2> py.err 3>&- 8>&- <<'PY' &
import jack, threading
client = jack.Client("py")
out, into = client.midi_outports.register("out"), client.midi_inports.register("in")
done, sent, got = threading.Event(), [], []
@client.set_process_callback
def process(frames):
    out.clear_buffer()
    if out.connections and not sent:
        for offset in (0, 100, 255):
            out.write_midi_event(offset, (0x90, offset % 128, 1))
        sent.append(True)
    for offset, data in into.incoming_midi_events():
        got.append(bytes(data))
        if len(got) == 2: done.set()
with client:
    client.connect("py:out", "ear:a")
    client.connect("mouth:x", "py:in")
    client.transport_frame = 96000
    print("ready", flush=True)
    done.wait(20)
for data in got: print(data.hex(" "))
PY
  peer=$!
  await got ready
  echo 'pb 3 5' >&8
  echo 'sysex 1 2' >&8
  wait "$peer"
  same "ready
e2 05 40
f0 01 02 f7" "$(cat got)"
  await ear.out ':disconnected'
  same "note-on 1 0 1 @a
note-on 1 100 1 @a
note-on 1 127 1 @a" "$(events ear.out | grep -v xrun)"
  # 100 and 155 frames apart; the cycle's clock is filtered.
  awk '/ note-on / { t[n++] = $1 }
    END { a = (t[1] - t[0]) * 48000; b = (t[2] - t[1]) * 48000; print a, b
          exit !(a > 95 && a < 105 && b > 150 && b < 160) }' ear.out
  same 96000 "$(mmjack transport --json | jq .frame)"
  exec 8>&-
}

@test "jack_midisine takes what we play" {
  jack_midisine > sine.out 2>&1 3>&- &
  peer=$!
  await_port midisine:midi_in
  mmjack capture -c 1 --client ear --duration 2 -p midisine > heard &
  capture=$!
  await_port ear:in_1
  printf 'note-on 1 69 100\n+1 note-off 1 69 0\n' | mmjack --out x --connect x midisine:midi_in
  wait "$capture"
  kill "$peer"
  wait "$peer" || true
  # It sounds; midisine plays A4 an octave high.
  /usr/bin/python3 - <<'PY'
import array
samples = array.array("f", open("heard", "rb").read())
up = [i for i in range(1, len(samples)) if samples[i - 1] < 0 <= samples[i]]
periods = [b - a for a, b in zip(up, up[1:])]
assert len(up) > 300, len(up)
assert abs(sum(periods[100:300]) / 200 - 48000 / 880) < 0.5, sum(periods[100:300]) / 200
PY
}

@test "PipeWire's JACK: ports, connections, and events on their way" {
  unset JACK_DEFAULT_SERVER
  export XDG_RUNTIME_DIR=$PWD/runtime
  mkdir -m 700 runtime
  pipewire > pipewire.log 2>&1 3>&- &
  daemon=$!
  timeout 20 bash -c 'until [ -S runtime/pipewire-0 ]; do :; done'
  start ear pw-jack mmjack --client ear --in a
  printf 'note-on 1 60 100\nsysex 1 2\n+0.05 note-on 1 61 1\n' |
    pw-jack mmjack --client mouth --out x --connect x ear:a
  await ear.out ':disconnected'
  same ":connected @a
note-on 1 60 100 @a
sysex f0 01 02 f7 @a
note-on 1 61 1 @a
note-off 1 60 64 @a
note-off 1 61 64 @a
:disconnected @a" "$(heard ear.out)"
  same "midi  in  ear:a" "$(pw-jack mmjack ls --type midi --in | grep ear)"
  pw-jack mmjack info | grep -q PipeWire
  stop ear
  kill "$daemon"
  wait "$daemon" || true
}

@test "a source that is killed while its notes sound: they are released" {
  start ear mmjack --client ear --in a
  mkfifo mouth.in
  exec 8<> mouth.in
  start mouth mmjack --client mouth --out x --connect x ear:a
  echo 'note-on 7 60 100' >&8
  await ear.out 'note-on 7 60'
  stop mouth KILL
  await ear.out ':disconnected @a'
  same ":connected @a
note-on 7 60 100 @a
note-off 7 60 64 @a
:disconnected @a" "$(heard ear.out)"
  exec 8>&-
}

@test "a signal: what waits for its frame is dropped, what sounds is released, and it dies of it" {
  start ear mmjack --client ear --in a
  mkfifo mouth.in
  exec 8<> mouth.in
  start mouth mmjack --client mouth --out x --connect x ear:a
  printf 'note-on 1 60 100\n+100 note-on 1 61 100\n' >&8
  await ear.out 'note-on 1 60'
  stop mouth INT
  same 130 "$status"
  await ear.out ':disconnected @a'
  same "note-on 1 60 100 @a
note-off 1 60 64 @a" "$(events ear.out | grep -v xrun)"
  exec 8>&-
}

# A peer that ends nothing by itself.
dump_port() {
  stdbuf -oL jack_midi_dump mmdump > dump 2> dump.err 3>&- 8>&- &
  peer=$!
  await_port mmdump:input
}

@test "a signal when nothing waits: what sounds is released all the same" {
  dump_port
  mkfifo mouth.in
  exec 8<> mouth.in
  start mouth mmjack --client mouth --out x --connect x mmdump:input
  echo 'note-on 1 60 100' >&8
  await dump '90 3c 64'
  stop mouth TERM
  same 143 "$status"
  await dump '80 3c 40'
  kill "$peer"
  wait "$peer" || true
  exec 8>&-
}

@test "a line without a TIME does not overtake the one before it" {
  dump_port
  mkfifo mouth.in
  exec 8<> mouth.in
  start mouth mmjack --client mouth --out x --connect x mmdump:input
  for i in {1..20}; do
    echo "+0.003 note-on 1 $i 100" >&8
    command sleep 0.004
    echo "note-off 1 $i 0" >&8
  done
  await dump '80 14 00'
  same "$(for i in {1..20}; do printf '90 %02x 64\n80 %02x 00\n' "$i" "$i"; done)" \
    "$(sed -nE 's/^ *[0-9]+: *([0-9a-f]{2} [0-9a-f]{2} [0-9a-f]{2}).*/\1/p' dump)"
  stop mouth
  kill "$peer"
  wait "$peer" || true
  exec 8>&-
}

@test "several sources are more than an input's buffer holds: what JACK loses there is counted" {
  start ear mmjack --client ear --in a --no-release
  sysex=$(printf ' 01%.0s' {1..9000})
  # All on one frame: 81,000 bytes.
  time=$(cut -d ' ' -f 1 /proc/uptime)
  for name in x y z; do
    for _ in {1..3}; do echo "$time sysex$sysex"; done > "$name.in"
    start "$name" mmjack --client "$name" --out o --connect o ear:a --latency 2
  done
  for name in x y z; do finish "$name"; done
  await ear.out ':disconnected'
  came=$(grep -c ' sysex ' ear.out)
  lost=$(awk '/ :overrun /{ n += $3 } END { print n + 0 }' ear.out)
  echo "came $came, lost $lost"
  ((came < 9 && came + lost >= 9)) # JACK counts one too many
}

@test "a port that is renamed stays ours: its source that goes is noticed" {
  start ear mmjack --client ear --in a
  mkfifo mouth.in
  exec 8<> mouth.in
  start mouth mmjack --client mouth --out x
  mmjack rename ear:a left
  mmjack connect mouth:x ear:left
  echo 'note-on 1 60 100' >&8
  await ear.out 'note-on 1 60'
  mmjack disconnect --all
  await ear.out ':disconnected @a'
  same ":connected @a
note-on 1 60 100 @a
note-off 1 60 64 @a
:disconnected @a" "$(heard ear.out)"
  exec 8>&-
}

@test "times: +SEC and --timed, to half a millisecond" {
  start ear mmjack --client ear --in a
  printf '%s\n' 'clock' '+0.01 note-on 1 60 1' '+0.01 note-on 1 61 1' '+0.005 note-on 1 62 1' |
    mmjack --out x --connect x ear:a --no-release
  printf '%s\n' '5 note-on 2 60 1' '5.01 note-on 2 61 1' '5.015 note-on 2 62 1' |
    mmjack --out x --connect x ear:a --no-release --timed=0.5
  await ear.out 'note-on 2 62'
  # A frame lasts 20.8 us; a cycle's clock is filtered, so it may go a little slower or faster.
  awk '/ note-on / { t[$3 + 0, $4 + 0] = $1 }
    function far(a, b, span) { d = (b - a) - span; return d > 0.0004 || d < -0.0004 }
    END {
      if (far(t[1, 60], t[1, 61], 0.01) || far(t[1, 61], t[1, 62], 0.005) ||
          far(t[2, 60], t[2, 61], 0.02) || far(t[2, 61], t[2, 62], 0.01)) exit 1
    }' ear.out || { cat ear.out; false; }
}

@test "a time that only a meta event has is waited for too" {
  before=$(date +%s%N)
  printf 'clock\n+0.5 :end\n' | mmjack --out x
  (($(date +%s%N) - before > 400000000))
}

@test "several on one frame keep their order; late ones go out at once, and are counted" {
  start ear mmjack --client ear --in a --no-release
  seq 0 127 | sed 's/.*/1 note-on 1 & 1/' |
    mmjack --out x --connect x ear:a --no-release --latency 0.1 2> mouth.err
  await ear.out 'note-on 1 127'
  same "$(seq 0 127 | sed 's/.*/note-on 1 & 1 @a/')" "$(events ear.out | grep -v xrun)"
  grep -q '^mmjack: 128 events came too late for the frame, and went out at once$' mouth.err
  # A line without a TIME follows the one before; with a latency it goes out as soon as possible.
  printf '+0.1 note-on 2 1 1\nstop\n' | mmjack --out x --connect x ear:a --no-release
  printf '%s note-on 2 2 1\nstart\n' "$(cut -d ' ' -f 1 /proc/uptime)" |
    mmjack --out x --connect x ear:a --no-release --latency 1
  await ear.out 'note-on 2 2'
  same "note-on 2 1 1 @a
stop @a
start @a
note-on 2 2 1 @a" "$(events ear.out | grep -v xrun | tail -n 4)"
}

@test "more than a port's buffer holds goes out in the next periods; a sysex that it cannot hold is refused" {
  start ear mmjack --client ear --in a
  # 60 times 1,000 bytes: twice what the buffer holds.
  sysex=$(printf ' 01%.0s' {1..998})
  (for i in {0..59}; do echo "sysex f0 $i$sysex f7"; done | sed 's/f0 \([0-9]\) /f0 0\1 /') > sent
  mmjack --out x --connect x ear:a < sent
  await ear.out 'sysex f0 59'
  diff sent <(events ear.out | grep -v xrun | sed 's/ @a$//; s/ 01 f7$/ 01 f7/' | grep sysex)
  big=$(printf ' 01%.0s' {1..40000})
  run --separate-stderr -1 mmjack --out x --connect x ear:a < <(echo "sysex$big"; echo stop)
  [[ $stderr == *"a sysex of 40002 bytes is longer than 327"??", the most that a JACK port holds; not sent"* ]]
  await ear.out ' stop'
}

@test "raw bytes, --from raw, --keep-raw, filters, formats" {
  start ear mmjack --client ear --in a --only note --channel 1,2 --note-names --no-release
  printf '\x90\x3c\x64\x3d\x01\xb0\x07\x01\x91\x3c\x64\x92\x3c\x64\xf4' > bytes
  run --separate-stderr -1 mmjack --out x --connect x ear:a --from raw --no-release < bytes
  grep -q 'dropped 1 byte: no MIDI' <<< "$stderr"
  await ear.out ':disconnected'
  same "note-on 1 C4 100 @a
note-on 1 C#4 1 @a
note-on 2 C4 100 @a" "$(events ear.out | grep -v xrun)"
  stop ear
  start ear mmjack --client ear --in a --to json --not meta --no-release
  mmjack --out x --connect x ear:a --no-release <<< 'note-on 1 60 100'
  await ear.out note-on
  same '{"kind":"note-on","channel":1,"note":60,"velocity":100,"port":"a"}' \
    "$(jq -c 'del(.time)' < ear.out | grep -v xrun)"
}

@test "a stdout that nobody reads does not stall JACK: what is lost is counted, to the event" {
  mkfifo out
  exec 7<> out
  OUT=out start ear mmjack --client ear --in a --no-release
  mkfifo mouth.in
  exec 8<> mouth.in
  start mouth mmjack --client mouth --out x --connect x ear:a --no-release
  start probe mmjack --client probe --in b --connect mouth:x b --channel 2
  yes 'note-on 1 60 100' | head -n 300000 >&8
  echo 'note-on 2 1 1' >&8
  await probe.out 'note-on 2 1'
  cat <&7 > got 7<&- 8>&- &
  reader=$!
  exec 7<&-
  echo 'note-on 2 2 1' >&8
  await got 'note-on 2 2 1'
  exec 8>&-
  stop mouth
  stop ear
  kill "$reader" 2> /dev/null || true
  lost=$(awk '/ :overrun /{ n += $3 } END { print n + 0 }' got)
  came=$(grep -c ' note-on ' got)
  echo "came $came, lost $lost"
  ((lost > 0))
  grep -q xrun mouth.err || same 300002 "$((came + lost))"
}

@test "wrong usage says what is wrong, and starts nothing" {
  wrong() { # of the main mode
    run --separate-stderr -2 mmjack "${@:2}"
    same "mmjack: $1
Try 'mmjack --help'." "$stderr"
  }
  wrong_in() { # of the command $1
    run --separate-stderr -2 mmjack "$1" "${@:3}"
    same "mmjack $1: $2
Try 'mmjack $1 --help'." "$stderr"
  }
  wrong "no port: say --in NAME or --out NAME, or a command; --help lists them"
  wrong "no command 'monitr'; did you mean 'monitor'?" monitr
  wrong "port 'a:b': a name without a ':', which JACK sets before it" --in a:b
  wrong "port 'a': asked for twice" --in a --out a
  wrong "--latency and --timed exclude each other" --out a --latency 1 --timed
  wrong "--latency goes with --out" --in a --latency 1
  wrong "--latency '0': it is a number above 0" --out a --latency 0
  wrong_in connect "two ports: SRC, where something comes from, and DST, where it goes to" a
  wrong_in ls "--type 'video': it is one of midi audio" --type video
  wrong_in transport "'play': it is one of start, stop, locate PLACE, state" play
  wrong_in transport "--master 'fast': it is a number of beats a minute in 1..1000" --master fast
  wrong_in transport "--frame-rate '26': it is one of 24 25 29.97 30" --frame-rate 26 --timecode-out t
  wrong_in transport "--frame-rate goes with --timecode-out" --frame-rate 25
  run --separate-stderr -2 mmjack disconnect ''
  same "mmjack: an empty name is that of no port" "$stderr"
  wrong_in set-buffer-size "how many frames?"
  wrong_in set-buffer-size "'0': it is a whole number in 1..1048576" 0
  run --separate-stderr -1 mmjack --out x --connect x nowhere < /dev/null
  [[ $stderr == "mmjack: no MIDI input port 'nowhere'; there is"* ]]
}

# --- the graph ---

@test "ls, connect, disconnect, save, restore, rename" {
  start ear mmjack --client ear --in a --in 'b "quoted"'
  mkfifo mouth.in
  exec 8<> mouth.in
  start mouth mmjack --client mouth --out x --out y
  same "midi  in  ear:a
midi  in  ear:b \"quoted\"
midi  out mouth:x
midi  out mouth:y" "$(mmjack ls --type midi)"
  same "audio out system:capture_1
audio out system:capture_2" "$(mmjack ls --physical --out)"
  mmjack connect mouth ear
  mmjack connect x a # is there already
  same "midi  out mouth:x
          -> ear:a
midi  out mouth:y
          -> ear:b \"quoted\"" "$(mmjack ls mouth -c)"
  same '["ear:b \"quoted\""]' "$(mmjack ls /y$/ --json | jq -c .connections)"
  mmjack save > saved
  same ':connect mouth:x ear:a
:connect mouth:y "ear:b \"quoted\""' "$(cat saved)"
  mmjack disconnect mouth:y
  same ":connect mouth:x ear:a" "$(mmjack save)"
  mmjack connect x 'ear:b "quoted"'
  mmjack restore --exact saved
  same "$(cat saved)" "$(mmjack save)"
  mmjack disconnect --all
  same "" "$(mmjack save)"
  mmjack control < saved
  same "$(cat saved)" "$(mmjack save)"
  run --separate-stderr -1 mmjack rename ear:a mouth:left
  same "mmjack: 'mouth:left': a port's name has no ':', and stays with its client" "$stderr"
  mmjack rename ear:a left
  mmjack ls | grep -qx 'midi  in  ear:left'
  run --separate-stderr -1 mmjack connect mouth:x ear:nowhere
  [[ $stderr == "mmjack: no MIDI input port 'ear:nowhere'; there is
  ear:left
  ear:b \"quoted\"" ]]
  run --separate-stderr -1 mmjack connect mouth /capture/
  run --separate-stderr -1 mmjack connect mouth ear:left
  [[ $stderr == *"'mouth' and 'ear:left' do not fit one port each, nor as many:"* ]]
  run --separate-stderr -1 mmjack control <<< ':connect mouth:x'
  same "mmjack: :connect takes two ports: SRC DST" "$stderr"
  exec 8>&-
}

@test "info, set-buffer-size" {
  same "48000 256" "$(mmjack info --json | jq -r '"\(.sample_rate) \(.buffer_size)"')"
  mmjack info | grep -qx 'buffer size  256 frames, 5.33 ms'
  mmjack set-buffer-size 512
  same 512 "$(mmjack info --json | jq .buffer_size)"
  mmjack set-buffer-size 256
}

@test "monitor tells of clients, ports, connections, buffer sizes" {
  start monitor mmjack monitor --client monitor
  start ear mmjack --client ear --in a
  mmjack --client mouth --out x --connect x ear:a < /dev/null
  mmjack set-buffer-size 512
  mmjack set-buffer-size 256
  stop ear
  await monitor.out ':client-unregistered ear'
  await monitor.out ':buffer-size 256'
  same ":client-registered ear
:port-registered ear:a
:client-registered mouth
:port-registered mouth:x
:ports-connected mouth:x ear:a
:ports-disconnected mouth:x ear:a
:port-unregistered mouth:x
:client-unregistered mouth
:port-unregistered ear:a
:client-unregistered ear" "$(heard monitor.out | grep -E 'ear|mouth')"
  grep -q ':buffer-size 512' monitor.out
}

# lost_by_xrun COUNT: whether fewer events than that came to "ear", and JACK had an xrun, in which
# it may lose what passes: then what the test does is done again.
lost_by_xrun() {
  [ "$(grep -c 'note-on' ear.out)" -lt "$1" ] && grep -q xrun ear.out mouth.err
}

@test "the buffer size changes while events pass: none is lost" {
  for _ in 1 2 3; do
    start ear mmjack --client ear --in a --no-release
    seq 0 99 | sed 's/.*/+0.01 note-on 1 & 1/' |
      mmjack --out x --connect x ear:a --no-release 2> mouth.err 3>&- &
    sender=$!
    await ear.out 'note-on 1 10 '
    mmjack set-buffer-size 1024
    mmjack set-buffer-size 128
    mmjack set-buffer-size 256
    wait "$sender"
    await ear.out ':disconnected'
    lost_by_xrun 100 || break
    stop ear
  done
  same "$(seq 0 99 | sed 's/.*/note-on 1 & 1 @a/')" "$(events ear.out | grep -v xrun)"
}

@test "freewheeling on and off while events pass: none is lost, and their order is kept" {
  for _ in 1 2 3; do
    start ear mmjack --client ear --in a --no-release
    start monitor mmjack monitor --client monitor
    seq 0 99 | sed 's/.*/+0.01 note-on 1 & 1/' |
      mmjack --client mouth --out x --connect x ear:a --no-release 2> mouth.err 3>&- &
    sender=$!
    await ear.out 'note-on 1 10 '
    /usr/bin/python3 - 3>&- <<'PY'
import jack, threading
client, on = jack.Client("wheel"), threading.Event()
client.set_freewheel_callback(lambda starts: on.set() if starts else None)
with client:
    client.set_freewheel(True)
    on.wait(10)
    client.set_freewheel(False)
PY
    wait "$sender"
    await ear.out ':disconnected'
    lost_by_xrun 100 || break
    stop ear
    stop monitor
  done
  same "$(seq 0 99 | sed 's/.*/note-on 1 & 1 @a/')" "$(events ear.out | grep -v xrun)"
  await monitor.out ':freewheel off'
  same ":freewheel on
:freewheel off" "$(lines monitor.out | grep freewheel)"
}

@test "SIGSTOP and SIGCONT in the middle: it goes on, and the server too" {
  start ear mmjack --client ear --in a
  mkfifo mouth.in
  exec 8<> mouth.in
  start mouth mmjack --client mouth --out x --connect x ear:a
  echo 'note-on 1 1 1' >&8
  await ear.out 'note-on 1 1'
  kill -STOP "${PID[mouth]}"
  echo 'note-on 1 2 1' >&8
  mmjack ls | grep -q mouth:x # the server lives
  kill -CONT "${PID[mouth]}"
  await ear.out 'note-on 1 2'
  stop mouth
  await ear.out 'note-off 1 2 64'
  exec 8>&-
}

# --- the server ends ---

@test "no server: said at once, and none is started" {
  for command in "--in a" "ls" "info" "monitor" "transport" "capture"; do
    # shellcheck disable=SC2086 # words
    JACK_DEFAULT_SERVER=mmt-nobody run --separate-stderr -1 timeout 10 mmjack $command
    same "mmjack: JACK server 'mmt-nobody': not running" "$stderr"
  done
  run --separate-stderr -1 timeout 10 mmjack ls --server mmt-other
  same "mmjack: JACK server 'mmt-other': not running" "$stderr"
}

@test "the server is killed: a clear error, and exit 1; with --wait it comes back with its ports and connections" {
  start waiting mmjack --client waiting --in a --wait
  mkfifo other.in
  exec 8<> other.in
  start other mmjack --client other --out x --connect x waiting:a --wait
  start plain mmjack --client plain --in b
  echo 'note-on 1 60 100' >&8
  await waiting.out 'note-on 1 60'
  kill_jack
  finish plain
  same 1 "$status"
  grep -q "^mmjack: the JACK server '.*' has ended$" plain.err
  await waiting.err 'waiting for it'
  await waiting.out ':disconnected @a'
  await other.err 'waiting for it'
  run_jack 256
  await waiting.out ':connected @a' # once before, and
  timeout 20 bash -c 'until mmjack save | grep -q "other:x waiting:a"; do :; done'
  echo 'note-on 1 61 100' >&8
  await waiting.out 'note-on 1 61'
  same ":connected @a
note-on 1 60 100 @a
note-off 1 60 64 @a
:disconnected @a
:connected @a
note-on 1 61 100 @a" "$(heard waiting.out)"
  # What is timed does not wait for the frames of the server before.
  echo '+0.1 note-on 1 62 100' >&8
  await waiting.out 'note-on 1 62'
  awk '/ note-on 1 61 / { a = $1 } / note-on 1 62 / { b = $1 } END { exit !(b - a < 3) }' waiting.out
  exec 8>&-
}

@test "--wait: a port is connected once its client is active" {
  mkfifo late.in sound.in
  exec 7<> late.in 8<> sound.in
  /usr/bin/python3 -c '
import jack, sys
client = jack.Client("late")
client.midi_inports.register("in")
print("there", flush=True)
sys.stdin.readline()
client.activate()
sys.stdin.readline()
' < late.in > late.out 2> late.err 3>&- 7>&- 8>&- &
  late=$!
  await late.out there
  start sound mmjack --client sound --out x --connect x late:in --wait
  same '' "$(jack_lsp -c late:in | tail -n +2)"
  echo >&7
  timeout 20 bash -c 'until mmjack save | grep -q "sound:x late:in"; do :; done'
  echo >&7
  wait "$late"
  exec 7>&-
  stop sound
  same 143 "$status"
  same '' "$(told sound)"
  exec 8>&-
}

@test "the server ends in peace, again and again: those that wait come back each time" {
  start one mmjack --client one --in a --wait
  mkfifo two.in
  exec 8<> two.in
  start two mmjack --client two --out x --connect x one:a --wait
  start three mmjack monitor --client three --wait
  for _ in {1..8}; do
    timeout 20 bash -c 'until mmjack save 2> /dev/null | grep -q "two:x one:a"; do :; done'
    stop_jack
    run_jack 256
  done
  timeout 20 bash -c 'until mmjack save 2> /dev/null | grep -q "two:x one:a"; do :; done'
  for name in one two three; do
    stop "$name"
    same 143 "$status"
  done
  exec 8>&-
}

@test "control: the server ends, and it says so" {
  mkfifo control.in
  exec 8<> control.in
  mmjack control < control.in > /dev/null 2> control.err 3>&- 8>&- &
  PID[control]=$!
  echo ':transport locate 4711' >&8
  timeout 20 bash -c 'until mmjack transport --json | jq -e ".frame == 4711" > /dev/null; do :; done'
  kill_jack
  finish control
  same 1 "$status"
  grep -q "^mmjack: the JACK server '.*' has ended$" control.err
  run_jack 256
  exec 8>&-
}

# --- the transport ---

@test "transport: start, stop, locate, state" {
  mmjack transport stop
  mmjack transport locate 48000
  mmjack transport state | grep -qE '^stopped  48000  0:00:01.000$'
  mmjack transport locate 1:30.5
  same '"stopped" 4344000 90.5' "$(mmjack transport --json | jq -r '"\"\(.state)\" \(.frame) \(.seconds)"')"
  mmjack transport locate 2.5s
  same 120000 "$(mmjack transport --json | jq .frame)"
  run --separate-stderr -1 mmjack transport locate '3|1|0'
  same "mmjack: '3|1|0': nobody tells bars and beats; mmjack transport --master BPM does" "$stderr"
  run --separate-stderr -1 mmjack transport locate soon
  same "mmjack: 'soon' is no FRAME (48000), no TIME (12.5s, 1:30) and no BBT (3|1|0)" "$stderr"
  printf 'locate 24000\nexit\n' | jack_transport > /dev/null
  mmjack transport | grep -qE '^stopped  24000 '
  mmjack transport locate 120000
  start follow mmjack transport --follow --client follow
  mmjack transport start
  await follow.out ':transport rolling'
  mmjack control <<< ':transport stop'
  await follow.out ':transport stopped [0-9]+$'
  mmjack control <<< ':transport locate 0'
  await follow.out ':transport stopped 0$'
  same ":transport stopped 120000
:transport starting 120000
:transport rolling 120000
:transport stopped N
:transport stopped 0" "$(heard follow.out | sed '4s/[0-9]*$/N/')"
}

@test "a timebase master: BBT for all, and MIDI clock" {
  mmjack transport stop
  mmjack transport locate 0
  start master mmjack transport --master 120 3/4 --clock-out clock --client master
  timeout 20 bash -c 'until mmjack transport --json | jq -e .tempo > /dev/null; do :; done'
  mmjack transport locate '3|2|960'
  same '3 2 960 120 3' "$(mmjack transport --json | jq -r '"\(.bar) \(.beat) \(.tick) \(.tempo) \(.beats_per_bar)"')"
  same 180000 "$(mmjack transport --json | jq .frame)" # 7.5 beats of half a second
  # It closes its client in the signal handler, where that may wait for itself for ever.
  timeout -k 1 1 stdbuf -oL jack_showtime > showtime 2> /dev/null < /dev/null || true
  tr '\r' '\n' < showtime | grep -q 'frame = 180000 .*BBT:   3|2|0960'
  mmjack transport locate 0
  start ear mmjack --client ear --in a --connect master:clock a
  mmjack transport start
  await ear.out 'clock'
  await_lines ear.out ' clock @a' 49
  mmjack transport stop
  await ear.out ' stop @a'
  same "start @a
clock @a" "$(events ear.out | grep -v xrun | head -n 2)"
  # 24 a beat, at 120 a minute: one in 1,000 frames.
  awk '/ clock @a/ { if (!n++) first = $1; if (n == 49) last = $1 }
    END { span = last - first; print span; exit span < 0.998 || span > 1.002 }' ear.out
  # From the middle of the song: its position, and continue.
  mmjack transport locate '2|1|0'
  await ear.out 'song-position 12 @a'
  mmjack transport start
  await ear.out 'continue @a'
  mmjack transport stop
}

@test "MIDI time code: quarter frames make up the time, a full frame tells where it was moved" {
  mmjack transport stop
  mmjack transport locate 0
  start code mmjack transport --timecode-out code --frame-rate 25 --client code
  start ear mmjack --client ear --in a --connect code:code a
  mmjack transport locate 1:02:04
  await ear.out 'sysex f0 7f 7f 01 01 21 02 04 00 f7'
  mmjack transport start
  await_lines ear.out ' time-code ' 16
  mmjack transport stop
  same "time-code 0 0 @a
time-code 1 0 @a
time-code 2 4 @a
time-code 3 0 @a
time-code 4 2 @a
time-code 5 0 @a
time-code 6 1 @a
time-code 7 2 @a
time-code 0 2 @a" "$(events ear.out | grep time-code | head -n 9)"
}

@test "--slave-to: a MIDI clock starts, moves and stops the transport, and gives its tempo" {
  mmjack transport stop
  mmjack transport locate 0
  start slave mmjack transport --slave-to sync --follow --client slave
  (
    echo 'song-position 8'
    echo '+0.05 continue'
    for _ in {1..96}; do echo '+0.025 clock'; done # 100 beats a minute
    echo 'stop'
  ) | mmjack --out x --connect x slave:sync --no-release
  await slave.out ':transport stopped [1-9]'
  lines slave.out | grep -qE '^:transport rolling [0-9]+$'
  grep -oE ':tempo [0-9.]+' slave.out | tail -n 1 | awk '{ print; exit $2 < 99 || $2 > 101 }'
}

# --- audio ---

@test "play and capture: every sample as it was, with exact counts" {
  /usr/bin/python3 -c '
import array, random, sys
random.seed(1)
array.array("f", [random.uniform(-1, 1) for i in range(96000)]).tofile(sys.stdout.buffer)' > sent
  mkfifo ready
  mmjack capture --client ear -c 2 --duration 4 --ready-fd 9 9> ready > got 2> capture.err 3>&- &
  capture=$!
  read -r _ < ready
  mmjack play -c 2 -p ear --client mouth < sent
  wait "$capture"
  same "$((4 * 48000 * 8))" "$(stat -c %s got)"
  /usr/bin/python3 - <<'PY'
sent, got = open("sent", "rb").read(), open("got", "rb").read()
at = got.find(sent)
assert at >= 0 and at % 8 == 0, at
assert not any(got[:at]) and not any(got[at + len(sent):])
PY
  run --separate-stderr -1 mmjack play -c 2 < <(head -c 1001 sent)
  [[ $stderr == *"stdin ended in the middle of a frame: is it 32-bit floats of 2 channels?"* ]]
  mmjack capture -c 3 --duration 0.1 > few # whose frames do not fit into the pieces of a pipe
  same "$((4800 * 3 * 4))" "$(stat -c %s few)"
  (head -c 8000 /dev/zero; command sleep 0.3) | mmjack play -c 1 # an end that comes late is no gap
  run --separate-stderr -1 mmjack play -c 1 < <(head -c 8000 /dev/zero; command sleep 0.3; echo -n abcd)
  [[ $stderr == *" frames of silence: stdin was too slow" ]]
  timeout 10 mmjack play -c 1 --duration 0.2 < <(command sleep 5)
  mmjack capture -c 1 | head -c 100 > few
  same 100 "$(stat -c %s few)"
}

@test "capture that nobody reads: lost frames are counted, and the server goes on" {
  mkfifo out
  exec 7<> out
  OUT=out start ear mmjack capture -c 2 --duration 100
  read -r -t 4 < <(sleep 5) || true # more than the ring and the pipe take
  stop ear INT
  # What was captured is in the pipe, or counted: no more than 5 % are under way when it starts.
  lost=$(sed -nE 's/.*lost ([0-9]+) frames: they came faster than they were read/\1/p' ear.err)
  kept=$((65536 / 8))
  echo "lost $lost, kept $kept"
  ((lost + kept > 182400))
  exec 7<&-
}

@test "capture shows levels on a terminal, and with -q it does not" {
  /usr/bin/python3 -c 'import array, sys
array.array("f", [0.5, -0.5] * 96000).tofile(sys.stdout.buffer)' > half
  script -qec 'mmjack capture -c 1 --client ear --duration 3 > /dev/null' /dev/null > shown < /dev/null 3>&- &
  terminal=$!
  await_port ear:in_1
  mmjack play -c 1 -p ear < half
  wait "$terminal"
  grep -q ' -6.0 dB' shown
  script -qec 'mmjack capture -q -c 1 --duration 0.3 > /dev/null' /dev/null > shown < /dev/null
  same "" "$(tr -d '\r\n' < shown)"
}
