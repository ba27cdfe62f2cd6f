#!/usr/bin/env bats
# mmjack's frames, and what it does in JACK's real-time thread.

load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || exit
  PROGRAMS=${MM_BUILD_DIR:-$BATS_TEST_DIRNAME/../../build/release}/tests/jack
}
teardown() {
  stop_all
  stop_jack
}

# frames PERIOD LATENCY [FILTER...]: sends 100,000 events through two of mmjack and a pipe, which a
# filter may be in, and looks on which frames they come back. JACK itself loses what it carries when
# the server is late, which a machine without real-time priority is now and then: jack_frames repeats
# those events, and says so.
frames() {
  local seconds pipe=pipe
  start_jack "$1"
  seconds=$(awk -v frames="$2" 'BEGIN { printf "%.9f", frames / 48000 }')
  mkfifo pipe filtered
  mmjack --client in --in a > pipe 2> in.err 3>&- &
  PID[in]=$!
  if (($# > 2)); then
    "${@:3}" < pipe > filtered 2> filter.err 3>&- &
    PID[filter]=$!
    pipe=filtered
  fi
  mmjack --client out --out b --latency "$seconds" < "$pipe" > /dev/null 2> out.err 3>&- &
  # shellcheck disable=SC2034 # for finish
  PID[out]=$!
  for port in in:a out:b; do
    timeout 20 bash -c "until jack_lsp | grep -qx $port; do :; done"
  done
  timeout 200 "$PROGRAMS/jack_frames" out:b in:a "$2" 100000 > result
  cat result
  stop in
  finish out
  grep -qE '^sent 100000 received 100000 deviating 0 worst 0 disordered 0 repeated [0-9]+$' result
}

@test "each of 100,000 events comes out on its frame and 10 ms, at a period of 64" { frames 64 480; }

@test "each of 100,000 events comes out on its frame and 10 ms, at a period of 128" { frames 128 480; }

@test "each of 100,000 events comes out on its frame and two periods, at a period of 1024" {
  frames 1024 2048
}

@test "the same with mmroute between them, whose rules change every event and change it back" {
  frames 1024 2048 mmroute 'clock -> drop' 'note -> transpose 12' 'pp -> ch 1..16 to 16..1' 'then' \
    'cc 7 -> cc 11' 'pp ch 1..8 -> ch 1..8 to 16..9' 'pp -> ch 9..16 to 8..1'
}

# guarded COMMAND...: runs it under the guard, which ends it at the first forbidden call.
guarded() { env LD_PRELOAD="$PROGRAMS/librt_guard.so" "$@"; }

@test "the real-time callbacks allocate nothing, and call nothing that may wait" {
  start_jack 128
  start ear env LD_PRELOAD="$PROGRAMS/librt_guard.so" mmjack --client ear --in a --in b
  start clock env LD_PRELOAD="$PROGRAMS/librt_guard.so" mmjack transport --client clock --follow \
    --master 300 --clock-out c --timecode-out t --connect c ear:b --connect t ear:b
  start capture env LD_PRELOAD="$PROGRAMS/librt_guard.so" mmjack capture --client capture -c 2
  mmjack transport start
  random_events 20000 1 | guarded mmjack --client mouth --out x --connect x ear:a 2> mouth.err
  seq 0 999 | sed 's/.*/+0.0001 note-on 1 1 1/' |
    guarded mmjack --client mouth --out x --connect x ear:a 2>> mouth.err
  head -c 400000 /dev/zero | guarded mmjack play -c 2 -p capture --client play 2> play.err
  mmjack transport locate 10000
  mmjack transport stop
  await ear.out 'stop @b'
  for name in ear clock capture; do stop "$name" INT; done
  cat ./*.err
  same 6 "$(cat ./*.err | grep -cx 'rt_guard: 10 cycles')"
  same 0 "$(cat ./*.err | grep -c 'real-time callback')"
  # The guard itself notices such a call.
  MM_GUARD_TRY=1 run --separate-stderr guarded timeout 5 mmjack --client mouth --in a
  [[ $stderr == *"rt_guard: malloc in a real-time callback"* ]]
}
