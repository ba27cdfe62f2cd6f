#!/usr/bin/env bats
# mmtcp under load, and with peers that do what they should not: nobody else is harmed.

load helpers

setup() { cd "$BATS_TEST_TMPDIR" || exit; }
teardown() {
  [ -z "${PEER:-}" ] || kill "$PEER" 2> /dev/null || true
  stop_all
  local namespace
  for namespace in ${MACHINES:-}; do ip netns del "$namespace"; done
}

listen() {
  local name=$1
  shift
  start "$name" mmtcp --listen 0 --keep-open "$@"
  find_port "$name"
}
find_port() { PORT=$(sed -n 's/.*listening on 127\.0\.0\.1://p' "$1.err"); }

# A peer that lives through a test, to show that nobody harms it: "friend" echoes nothing, and its
# events arrive.
befriend() {
  mkfifo friend.in
  exec 8<> friend.in
  start friend mmtcp --connect "127.0.0.1:$PORT"
  await friend.out ':connected'
}
is_unharmed() {
  echo 'song-select 42' >&8
  await server.out 'song-select 42'
  same 1 "$(grep -c ':connected' friend.out)"
  same "" "$(cat friend.err)"
  exec 8>&-
}

# Until so many peers have come.
await_peers() {
  local left=1000
  until [ "$(grep -c ':connected' server.out)" -ge "$1" ]; do
    ((left--)) || return 1
    read -r -t 0.02 < <(:) || true
    command sleep 0.02
  done
}

resident() { awk '/VmRSS/ { print $2 }' "/proc/$1/status"; } # kB

@test "1,000 peers at once, each gets every one of 10,000 events, in order" {
  ulimit -n 4096
  mkfifo server.in
  exec 8<> server.in
  listen server --max-peers 2000
  random_events 10000 3 | grep -v sysex > sent
  /usr/bin/python3 - "$PORT" sent > got 2> py.err 3>&- 8>&- <<'PY' &
import select, socket, sys
peers = {}
poll = select.epoll()
for i in range(1000):
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    s.setblocking(False)
    peers[s.fileno()] = (s, bytearray())
    poll.register(s, select.EPOLLIN)
print("connected", flush=True)
END = b"\xff\xff\xff"
left = len(peers)
while left:
    for fd, _ in poll.poll():
        s, data = peers[fd]
        data += s.recv(1 << 16)
        if data.endswith(END):
            poll.unregister(fd)
            left -= 1
print(len({bytes(data) for _, data in peers.values()}))
sys.stdout.flush()
open("bytes", "wb").write(next(iter(peers.values()))[1][:-len(END)])
PY
  PEER=$!
  await got connected
  await_peers 1000
  cat sent >&8
  printf 'reset\nreset\nreset\n' >&8
  wait "$PEER"
  same $'connected\n1' "$(cat got)"
  start back mmtcp --listen unix:s --keep-open
  socat -u OPEN:bytes UNIX:s
  await back.out ':disconnected'
  diff sent <(events back.out | sed 's/ @.*//' | head -n "$(wc -l < sent)")
  stop server
  exec 8>&-
}

@test "a peer that stops reading: it loses what does not fit, counted; the others get everything" {
  mkfifo server.in
  exec 7<> server.in
  listen server --queue 65536
  befriend
  /usr/bin/python3 -c '
import socket, sys, time
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
open("lazy", "w").write("connected\n")
time.sleep(1000)' "$PORT" 3>&- 7>&- 8>&- &
  PEER=$!
  await lazy connected
  await_peers 2
  # Enough for what the kernel keeps, and for the queue.
  (yes 'sysex 1 2 3 4 5 6 7 8 9 0a 0b 0c 0d 0e' | head -n 500000; echo 'song-select 7') > sent
  cat sent >&7
  await friend.out 'song-select 7'
  same 500000 "$(grep -c 'sysex f0 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e f7' friend.out)"
  grep -qE 'too slow; what does not fit into its queue is lost' server.err
  (($(resident "${PID[server]}") < 20000))
  is_unharmed
  stop server
  grep -qE 'lost [0-9]+ events on the way to it' server.err
  exec 7>&-
}

@test "--slow disconnect cuts such a peer" {
  mkfifo server.in
  exec 7<> server.in
  listen server --queue 65536 --slow disconnect
  befriend
  socat -u "TCP:127.0.0.1:$PORT,rcvbuf=4096" 'SYSTEM:sleep 1000' 3>&- 7>&- 8>&- &
  PEER=$!
  await_peers 2
  (yes 'sysex 1 2 3 4 5 6 7 8 9 0a 0b 0c 0d 0e' | head -n 500000; echo 'song-select 7') >&7
  await friend.out 'song-select 7'
  await server.out ':disconnected'
  grep -q 'too slow (--slow disconnect)' server.err
  is_unharmed
  exec 7>&-
}

@test "the only peer is waited for: nothing is lost" {
  /usr/bin/python3 - > got 3>&- <<'PY' &
import socket, time
server = socket.create_server(("127.0.0.1", 0))
server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
open("port", "w").write(str(server.getsockname()[1]) + "\n")
peer, _ = server.accept()
time.sleep(2)  # it takes nothing for longer than the others would wait
n = 0
while chunk := peer.recv(1 << 16): n += len(chunk)
print(n)
PY
  PEER=$!
  await port '[0-9]'
  yes 'note-on 1 60 1' | head -n 2000000 | mmtcp --connect "127.0.0.1:$(cat port)" --no-release > /dev/null
  wait "$PEER"
  same 6000000 "$(cat got)"
}

@test "at the end a peer that is slow, and speaks meanwhile, gets everything" {
  /usr/bin/python3 - > got 3>&- <<'PY' &
import socket, threading, time
server = socket.create_server(("127.0.0.1", 0))
open("port", "w").write(str(server.getsockname()[1]) + "\n")
peer, _ = server.accept()
done = threading.Event()
def chat():
    while not done.wait(0.05):
        try: peer.sendall(b"\xf8")
        except OSError: return
threading.Thread(target=chat).start()
time.sleep(2.5)  # all is in the kernel by then, and mmtcp has nothing to do
n = 0
while chunk := peer.recv(1 << 16): n += len(chunk)
done.set()
print(n)
PY
  PEER=$!
  await port '[0-9]'
  yes 'note-on 1 60 1' | head -n 600000 |
    mmtcp --connect "127.0.0.1:$(cat port)" --no-release > /dev/null
  wait "$PEER"
  same 1800000 "$(cat got)"
}

@test "a slow peer that goes on: told in its stream, and the note whose end it lost is released" {
  mkfifo server.in
  exec 7<> server.in
  listen server --queue 65536 --wire text
  mkfifo friend.in
  exec 8<> friend.in
  start friend mmtcp --connect "127.0.0.1:$PORT" --wire text
  await friend.out ':connected'
  mkfifo go
  /usr/bin/python3 - "$PORT" > slow.out 3>&- 7>&- 8>&- <<'PY' &
import socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
s.connect(("127.0.0.1", int(sys.argv[1])))
open("go").read()
while chunk := s.recv(1 << 16): sys.stdout.write(chunk.decode()); sys.stdout.flush()
PY
  PEER=$!
  await_peers 2
  echo 'note-on 1 60 100' >&7
  (yes 'sysex 1 2 3 4 5 6 7 8 9 0a 0b 0c 0d 0e' | head -n 200000; echo 'note-off 1 60 9'; echo stop) >&7
  await friend.out ' stop'
  await server.err 'too slow'
  echo > go
  await slow.out ':overrun [0-9]+$'
  await slow.out 'note-off 1 60 64'
  kill "$PEER"
  same 1 "$(grep -c 'note-off 1 60 9' friend.out)"
  same 0 "$(grep -c 'note-off 1 60 9' slow.out)"
  exec 7>&- 8>&-
}

@test "a stdout that nobody reads: peers wait, and nothing is lost" {
  mkfifo out
  exec 7<> out
  OUT=out listen server
  (
    yes 'note-on 1 60 1' | head -n 500000
    echo 'song-select 7'
  ) | mmtcp --connect "127.0.0.1:$PORT" --no-release > /dev/null 3>&- 7>&- &
  PEER=$!
  read -r -t 1 < <(sleep 2) || true # longer than anybody's patience
  exec 6< out
  cat <&6 > got 6<&- 7>&- &
  reader=$!
  exec 6<&- 7>&-
  wait "$PEER"
  await got 'song-select 7'
  stop server
  wait "$reader"
  same 500000 "$(grep -c 'note-on 1 60 1 ' got)"
}

@test "out of descriptors: it takes nobody for now, serves on, and takes them when it can" {
  start server bash -c 'ulimit -n 24; exec mmtcp "$@"' bash --listen 0 --keep-open
  find_port server
  befriend
  /usr/bin/python3 - "$PORT" > py.out 2>&1 3>&- 8>&- <<'PY' &
import socket, sys
peers = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for i in range(40)]
open("full", "w").write("connected\n")
sys.stdin = open("go")
sys.stdin.readline()
for p in peers[:30]: p.close()
sys.stdin.readline()
PY
  PEER=$!
  mkfifo go
  exec 7<> go
  await server.err 'Too many open files; takes nobody for now'
  echo 'song-select 1' >&8
  await server.out 'song-select 1'
  await full connected
  echo >&7
  await server.err 'takes connections again'
  is_unharmed
  echo >&7
  exec 7>&-
}

@test "resets, half a message, garbage, an endless sysex, a flood of connections: nobody else is harmed" {
  listen server --max-sysex 100000 --max-peers 100
  befriend
  before=$(resident "${PID[server]}")
  timeout 60 /usr/bin/python3 - "$PORT" 3>&- 8>&- <<'PY'
import os, socket, struct, sys
def connect(): return socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()
for i in range(50):  # resets in the middle of a message
    s = connect(); s.sendall(b"\x90\x3c"); reset(s)
for i in range(20):  # garbage
    s = connect(); s.sendall(b"\x00" + os.urandom(50000)); s.close()
s = connect()        # an endless sysex
s.sendall(b"\xf0")
for i in range(300): s.sendall(b"\x01" * 100000)
reset(s)
for i in range(3000): connect().close()  # a flood
halves = [connect() for i in range(50)]  # that stay, and say nothing
for s in halves: reset(s)
PY
  is_unharmed
  after=$(resident "${PID[server]}")
  echo "resident: $before kB, then $after kB"
  ((after < before + 8000))
  stop server
}

@test "half-open: a machine that vanishes is gone after half a minute, with something under way or not" {
  [ "$(id -u)" = 0 ] || skip "network namespaces need root"
  near=mm-near-$$ far=mm-far-$$
  ip netns add "$near"
  MACHINES=$near
  ip netns add "$far"
  MACHINES="$near $far"
  ip link add cable netns "$near" type veth peer name cable netns "$far"
  ip -n "$near" address add 192.0.2.1/24 dev cable
  ip -n "$far" address add 192.0.2.2/24 dev cable
  ip -n "$near" link set cable up
  ip -n "$far" link set cable up
  mkfifo server.in
  exec 7<> server.in
  start server ip netns exec "$near" mmtcp --listen '*:5004' --allow 192.0.2.0/24 --keep-open
  idle() { start "idle$1" ip netns exec "$far" mmtcp --connect 192.0.2.1:5004 --receive-only; }
  idle 1
  idle 2
  await_peers 2
  first=$(sed -n 's/.*:connected @//p' server.out | head -n 1)
  ip -n "$far" address flush dev cable # the cable is cut, and nobody is told
  echo "note-on 1 60 100 @$first" >&7
  begin=$SECONDS
  left=2000
  until [ "$(grep -c ':disconnected' server.out)" -eq 2 ]; do
    ((left--)) || break
    command sleep 0.02
  done
  echo "gone after $((SECONDS - begin)) s"
  cat server.err
  ((SECONDS - begin <= 36))
  grep -q "$first: it cannot be reached any more" server.err
  exec 7>&-
}

@test "TLS garbage, handshakes that never end: cut, and nobody else is harmed" {
  openssl rand -base64 32 > key
  chmod 600 key
  listen server --secret key --max-peers 100
  mkfifo friend.in
  exec 8<> friend.in
  start friend mmtcp --connect "127.0.0.1:$PORT" --secret key
  await friend.out ':connected'
  timeout 60 /usr/bin/python3 - "$PORT" 3>&- 8>&- <<'PY'
import os, socket, sys
def connect(): return socket.create_connection(("127.0.0.1", int(sys.argv[1])))
for i in range(50):
    s = connect(); s.sendall(os.urandom(5000)); s.close()
for i in range(20):
    s = connect(); s.sendall(b"\x16\x03\x01\x40\x00" + os.urandom(5000)); s.close()
slow = [connect() for i in range(5)]
for s in slow: s.sendall(b"\x16\x03\x01")
for s in slow: assert s.recv(100) == b"", "they are cut after a while"
PY
  is_unharmed
  grep -q 'no handshake (TLS)' server.err
}
