# What the Bats tests share: a MIDI system of their own, tools in the background that say when
# they are ready, and ways to compare what came out.
#
# MM_BIN_DIR     where the tools are (build/release/bin)
# MM_TEST_SYSTEM jack (a server of the test's own is started) or alsa (the kernel's sequencer,
#                as tests/alsa/vm gives it)

bats_require_minimum_version 1.5.0

# shellcheck source=tests/jack.bash
. "${BASH_SOURCE[0]%/*}/../jack.bash"

MM_TEST_SYSTEM=${MM_TEST_SYSTEM:-jack}
MM_BIN_DIR=${MM_BIN_DIR:-$BATS_TEST_DIRNAME/../../build/release/bin}
PATH=$MM_BIN_DIR:$PATH
export MM_TEST_SYSTEM PATH
unset MM_INPUT MM_OUTPUT MM_BACKEND

# start_jack [PERIOD]: a JACK server under a name of its own; everything in this test uses it.
start_jack() {
  reclaim_servers
  JACK_DEFAULT_SERVER=$(new_server_name)
  export JACK_DEFAULT_SERVER
  run_jack "$@"
}

# The same under the name that it had.
run_jack() {
  run_server "$JACK_DEFAULT_SERVER" "$BATS_FILE_TMPDIR/jackd.pid" "$BATS_FILE_TMPDIR/jackd.log" "$@"
}

kill_jack() {
  local pid
  pid=$(cat "$BATS_FILE_TMPDIR/jackd.pid")
  kill -KILL "$pid"
  timeout 20 tail -s 0.02 --pid="$pid" -f /dev/null
}

stop_jack() {
  [ -e "$BATS_FILE_TMPDIR/jackd.pid" ] || return 0
  kill -0 "$(cat "$BATS_FILE_TMPDIR/jackd.pid")" 2> /dev/null || run_jack # so that it ends in peace
  end_server "$BATS_FILE_TMPDIR/jackd.pid"
}

# A machine that has both systems uses the one that is tested.
start_system() {
  if [ "$MM_TEST_SYSTEM" = alsa ]; then
    export MM_BACKEND=alsa
  else
    export MM_BACKEND=rtmidi
    start_jack "$@"
  fi
}
stop_system() { [ "$MM_TEST_SYSTEM" = alsa ] || stop_jack; }

# start NAME COMMAND [ARG...]: runs a tool that knows --ready-fd in the background, until it is
# ready. Its output goes to $NAME.out and $NAME.err, its process number to PID[NAME]; its input
# is $NAME.in if that is there (a FIFO, say), else empty.
declare -gA PID
start() {
  local name=$1 in=/dev/null
  shift
  [ ! -e "$name.in" ] || in=$name.in
  rm -f "$name.ready"
  mkfifo "$name.ready"
  env --default-signal=INT "$@" --ready-fd 9 9> "$name.ready" < "$in" > "${OUT:-$name.out}" \
    2> "$name.err" 3>&- 6>&- 7>&- 8>&- &
  PID[$name]=$!
  read -r -t 20 < "$name.ready" || {
    echo "$name did not become ready: $(cat "$name.err")"
    return 1
  }
}

# finish NAME: waits until it ends; its status is $status. One that does not end is killed.
finish() {
  local pid=${PID[$1]}
  unset "PID[$1]"
  timeout 60 tail -s 0.02 --pid="$pid" -f /dev/null || kill -KILL "$pid"
  status=0
  # shellcheck disable=SC2034 # for the test
  wait "$pid" 2> /dev/null || status=$?
}

# stop NAME [SIGNAL]: ends it by a signal.
stop() {
  kill -"${2:-TERM}" "${PID[$1]}"
  finish "$1"
}

stop_all() {
  local name
  for name in "${!PID[@]}"; do
    kill -KILL "${PID[$name]}" 2> /dev/null || true
    wait "${PID[$name]}" 2> /dev/null || true
  done
  PID=()
}

# await FILE REGEX: waits until a line of the file fits.
await() {
  local left=600
  until grep -qE -- "$2" "$1" 2> /dev/null; do
    ((left--)) || { echo "no '$2' in $1:"; tail -n 20 "$1" | cut -c 1-100; return 1; }
    # Polling is the only way to wait for another program's file; it fails late, never early.
    read -r -t 0.05 < <(:) || true
    command sleep 0.05
  done
}

# The lines of a file without their times, and without what they say about connections.
events() { sed -E 's/^[0-9]+\.[0-9]{9} //; /^:(dis)?connected/d' "$1"; }

# The same with them.
lines() { sed -E 's/^[0-9]+\.[0-9]{9} //' "$1"; }
# And without relative times as well.
untimed() { sed -E 's/^\+?[0-9]+\.[0-9]{9} //' "$1"; }

# same EXPECTED ACTUAL: compares whole texts, and shows where they differ.
same() { diff <(printf '%s\n' "$1") <(printf '%s\n' "$2"); }

# random_events COUNT SEED: lines of all kinds that a port takes.
random_events() {
  awk -v n="$1" -v seed="$2" 'BEGIN {
    srand(seed)
    for (i = 0; i < n; i++) {
      c = 1 + int(rand() * 16); a = int(rand() * 128); b = int(rand() * 128); k = int(rand() * 18)
      if (k == 0) print "note-off", c, a, b
      else if (k == 1) print "note-on", c, a, b
      else if (k == 2) print "poly-pressure", c, a, b
      else if (k == 3) print "control-change", c, a, b
      else if (k == 4) print "program-change", c, a
      else if (k == 5) print "channel-pressure", c, a
      else if (k == 6) print "pitch-bend", c, int(rand() * 16384) - 8192
      else if (k == 7) {
        s = "sysex f0"; m = int(rand() * 40)
        for (j = 0; j < m; j++) s = s sprintf(" %02x", int(rand() * 128))
        print s " f7"
      }
      else if (k == 8) print "time-code", int(rand() * 8), int(rand() * 16)
      else if (k == 9) print "song-position", int(rand() * 16384)
      else if (k == 10) print "song-select", a
      else if (k == 11) print "tune-request"
      else if (k == 12) print "clock"
      else if (k == 13) print "start"
      else if (k == 14) print "continue"
      else if (k == 15) print "stop"
      else if (k == 16) print "active-sensing"
      else print "reset"
    }
  }'
}
