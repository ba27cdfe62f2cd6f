# shellcheck shell=bash
# JACK servers for tests: each under a name of its own, without hardware, and gone afterwards.

# run_server NAME PIDFILE LOG [PERIOD]: starts a server and waits until it is there. A client that
# is late misses a period, and the messages in it: that is JACK's way. The longer the period, the
# longer a machine may stall without that. (jack_wait asks once a second: it starts when there is
# somebody to ask.)
run_server() {
  jackd -r -n "$1" -d dummy -r 48000 -p "${4:-1024}" > "$3" 2>&1 3>&- 8>&- &
  echo $! > "$2"
  local left=100
  until [ -S "/dev/shm/jack_$1_${UID}_0" ] || ((left-- == 0)); do command sleep 0.02; done
  JACK_DEFAULT_SERVER=$1 timeout 20 jack_wait -w > /dev/null 2>&1 || { cat "$3"; return 1; }
}

# end_server PIDFILE
end_server() {
  local pid
  pid=$(cat "$1")
  kill "$pid" 2> /dev/null || true
  timeout 20 tail -s 0.02 --pid="$pid" -f /dev/null || kill -KILL "$pid"
}

# JACK knows eight servers, and one that was killed stays among them until another of its name
# ends in peace. reclaim_servers does that for servers of earlier tests.
reclaim_servers() {
  local registry=/dev/shm/jack-shm-registry name log
  [ -e $registry ] || return 0
  log=$(mktemp)
  for name in $(tr -c '[:print:]' '\n' < $registry | sed -n 's/^jack-[0-9]*:\(mmt-[^:]*\):$/\1/p'); do
    pgrep -f -- "jackd .*-n $name " > /dev/null && continue
    run_server "$name" "$log.pid" "$log" && end_server "$log.pid"
  done
  rm -f "$log" "$log.pid"
}

# A name that reclaim_servers knows.
new_server_name() { echo "mmt-$$-$RANDOM"; }
