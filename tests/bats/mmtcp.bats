#!/usr/bin/env bats
# mmtcp with peers that are real programs: mido, socat, openssl, Python's sockets, and itself.

load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || exit
  PATH=$PATH:$BATS_TEST_DIRNAME
}
teardown() { stop_all; }

# listen NAME [ARG...]: an mmtcp that listens at PORT of 127.0.0.1.
listen() {
  local name=$1
  shift
  start "$name" mmtcp --listen 0 --keep-open "$@"
  PORT=$(sed -n 's/.*listening on 127\.0\.0\.1://p' "$name.err")
}

# The lines of a file without times, and with the peers' addresses as PEER.
seen() { lines "$1" | sed -E 's/(127\.0\.0\.1|\[::1\]):[0-9]+/PEER/g'; }

# What it said, in the same way, without where it listens.
told() { sed -E '/listening on/d; s/(127\.0\.0\.1|\[::1\]):[0-9]+/PEER/g' "$1.err"; }

secret() {
  openssl rand -base64 32 > "$1"
  chmod 600 "$1"
}

@test "a peer's events are printed with its tag; when it goes, what sounds is released" {
  listen server
  printf 'note-on 1 60 100\ncc 2 64 127\nsysex 1 2\nnote-on 1 61 1\nnote-off 1 61 2\n' |
    mmtcp --connect "127.0.0.1:$PORT" --no-release > client.out
  await server.out ':disconnected'
  stop server
  same 143 "$status"
  same ":connected @peer/PEER
note-on 1 60 100 @peer/PEER
control-change 2 64 127 @peer/PEER
sysex f0 01 02 f7 @peer/PEER
note-on 1 61 1 @peer/PEER
note-off 1 61 2 @peer/PEER
note-off 1 60 64 @peer/PEER
control-change 2 64 0 @peer/PEER
:disconnected @peer/PEER" "$(seen server.out)"
  same "" "$(told server)"
  same ":connected @peer/PEER
:disconnected @peer/PEER" "$(seen client.out)"
}

@test "every kind arrives as it was sent, raw, with running status, and as text" {
  random_events 5000 7 > sent
  for wire in '--wire raw' '--running-status' '--wire text'; do
    # shellcheck disable=SC2086
    listen server $wire
    # shellcheck disable=SC2086
    mmtcp --connect "localhost:$PORT" $wire --no-release < sent > /dev/null
    await server.out ':disconnected'
    stop server
    diff sent <(events server.out | sed 's/ @.*//' | head -n 5000)
  done
}

@test "--running-status saves bytes" {
  printf 'note-on 1 60 1\nnote-on 1 61 1\nclock\nnote-on 1 62 1\nnote-on 2 62 1\nspp 1\nnote-on 2 63 1\n' > sent
  /usr/bin/python3 - > got 3>&- <<'PY' &
import socket
server = socket.create_server(("127.0.0.1", 0))
open("port", "w").write(str(server.getsockname()[1]) + "\n")
peer, _ = server.accept()
data = b""
while chunk := peer.recv(1000): data += chunk
print(data.hex(" "))
PY
  peer=$!
  await port '[0-9]'
  mmtcp --connect "127.0.0.1:$(cat port)" --running-status --no-release < sent > /dev/null
  wait "$peer"
  same "90 3c 01 3d 01 f8 3e 01 91 3e 01 f2 01 00 91 3f 01" "$(cat got)"
}

@test "stdin goes to all peers, or to the one that a line names; one that has gone is counted" {
  mkfifo server.in
  exec 8<> server.in
  listen server
  mkfifo a.in b.in
  exec 6<> a.in 7<> b.in
  start a mmtcp --connect "127.0.0.1:$PORT"
  await server.out ':connected'
  first=$(sed -n 's/.*:connected @//p' server.out)
  start b mmtcp --connect "[::1]:$PORT"
  await server.out 'peer/\[::1\]'
  echo 'note-on 1 60 100' >&8
  echo "note-on 1 61 100 @$first" >&8
  echo 'note-on 1 62 100 @elsewhere' >&8
  await a.out 'note-on 1 62'
  await b.out 'note-on 1 62'
  stop a
  await server.out ':disconnected'
  echo "clock @$first" >&8
  echo 'start' >&8
  await b.out 'start'
  stop server
  same "note-on 1 60 100
note-on 1 61 100
note-on 1 62 100" "$(events a.out | sed 's/ @.*//' | head -n 3)"
  same "note-on 1 60 100
note-on 1 62 100
start
note-off 1 60 64
note-off 1 62 64" "$(events b.out | sed 's/ @.*//' | head -n 5)"
  grep -q "did not send 1 event: no such peer is there, such as @$first" server.err
  exec 6>&- 7>&- 8>&-
}

@test "python3-mido as client: all message types, both ways" {
  mkfifo server.in
  exec 8<> server.in
  listen server
  /usr/bin/python3 - "$PORT" > got 2> py.err 3>&- <<'PY' &
import mido, mido.sockets, sys
port = mido.sockets.connect("127.0.0.1", int(sys.argv[1]))
for m in [mido.Message("note_on", channel=2, note=60, velocity=1), mido.Message("note_off", note=3),
          mido.Message("polytouch", note=4, value=5), mido.Message("control_change", control=7, value=8),
          mido.Message("program_change", program=9), mido.Message("aftertouch", value=10),
          mido.Message("pitchwheel", pitch=-8192), mido.Message("sysex", data=[1, 2, 3]),
          mido.Message("quarter_frame", frame_type=3, frame_value=15), mido.Message("songpos", pos=16383),
          mido.Message("song_select", song=5), mido.Message("tune_request"), mido.Message("clock"),
          mido.Message("start"), mido.Message("continue"), mido.Message("stop"),
          mido.Message("active_sensing"), mido.Message("reset")]:
    port.send(m)
# It receives by mido's parser: its port hands a message out only when the next one has come.
parser, count = mido.Parser(), 0
while count < 18:
    parser.feed(port._socket.recv(1000))
    for m in parser:
        print(m)
        count += 1
PY
  peer=$!
  await server.out ' reset'
  grep -v 'connected' server.out | sed -E 's/^[0-9.]+ //; s/ @.*//' > sent
  cat sent >&8
  wait "$peer"
  same "note-on 3 60 1
note-off 1 3 64
poly-pressure 1 4 5
control-change 1 7 8
program-change 1 9
channel-pressure 1 10
pitch-bend 1 -8192
sysex f0 01 02 03 f7
time-code 3 15
song-position 16383
song-select 5
tune-request
clock
start
continue
stop
active-sensing
reset" "$(cat sent)"
  same "$(cat sent)" "$(mido_to_text < got)"
  exec 8>&-
}

# mido's lines as ours.
mido_to_text() {
  listen converter --wire text
  mmtcp --connect "127.0.0.1:$PORT" --wire text --from mido --no-release > /dev/null
  await converter.out ':disconnected'
  stop converter
  events converter.out | sed 's/ @.*//' | grep -v 'note-off 3 60 64'
}

@test "python3-mido as server: mmtcp sends and receives" {
  # mido's own port hands a message out when the next one has come; so its parser is used.
  /usr/bin/python3 - > got 2> py.err 3>&- <<'PY' &
import mido, socket
server = socket.create_server(("127.0.0.1", 0))
open("port", "w").write(str(server.getsockname()[1]) + "\n")
peer, _ = server.accept()
parser = mido.Parser()
messages = []
while len(messages) < 3:
    parser.feed(peer.recv(1000))
    messages += parser
for message in messages: print(message)
peer.sendall(bytes(mido.Message("program_change", channel=5, program=6).bytes()))
PY
  peer=$!
  await port '[0-9]'
  printf 'note-on 1 60 100\nsysex 1 2\npb 1 5\n' |
    mmtcp --connect "127.0.0.1:$(cat port)" --keep-open --no-retry --no-release > client.out
  wait "$peer"
  same "note_on channel=0 note=60 velocity=100 time=0
sysex data=(1,2) time=0
pitchwheel channel=0 pitch=5 time=0" "$(cat got)"
  same ":connected @peer/PEER
program-change 6 6 @peer/PEER
:disconnected @peer/PEER" "$(seen client.out)"
}

# mido's port reads a byte of what has come, and the rest when more has come: the heartbeat.
@test "mido's PortServer: mmtcp is one of its ports, both ways" {
  /usr/bin/python3 - > got 2> py.err 3>&- <<'PY' &
import mido, mido.sockets
server = mido.sockets.PortServer("127.0.0.1", 0)
open("port", "w").write(str(server._socket.getsockname()[1]) + "\n")
port = server.accept()
for count, message in enumerate(port, 1):
    print(message)
    port.send(mido.Message("program_change", program=count))
    if count == 3: break
server.close()
PY
  peer=$!
  await port '[0-9]'
  printf 'note-on 1 60 100\nsysex 1 2\npb 1 5\n' |
    mmtcp --connect "127.0.0.1:$(cat port)" --keep-open --no-retry --no-release --heartbeat 0.05 \
      > client.out 2> client.err || same 1 "$?" # it may not have read the last heartbeat
  wait "$peer"
  same "note_on channel=0 note=60 velocity=100 time=0
sysex data=(1,2) time=0
pitchwheel channel=0 pitch=5 time=0" "$(cat got)"
  same ":connected @peer/PEER
program-change 1 1 @peer/PEER
program-change 1 2 @peer/PEER
program-change 1 3 @peer/PEER
:disconnected @peer/PEER" "$(seen client.out)"
}

@test "nc plays on a server, and is played by it" {
  listen server
  printf '\x90\x3c\x64\xb0\x07\x01' | nc -N 127.0.0.1 "$PORT" > heard
  same "" "$(cat heard)"
  await server.out ':disconnected'
  same ":connected @peer/PEER
note-on 1 60 100 @peer/PEER
control-change 1 7 1 @peer/PEER
note-off 1 60 64 @peer/PEER
:disconnected @peer/PEER" "$(seen server.out)"
  stop server
  nc -v -n -l 127.0.0.1 0 > heard 2> nc.err 3>&- &
  peer=$!
  await nc.err 'Listening on'
  printf 'note-on 1 60 100\nsysex 1 2\n' |
    mmtcp --connect "127.0.0.1:$(sed -n 's/Listening on .* //p' nc.err)" > /dev/null
  wait "$peer"
  same "90 3c 64 f0 01 02 f7 80 3c 40" "$(xxd -p -c 1 heard | paste -sd ' ')"
}

@test "--wire text keeps times and ports; a Unix socket is for its owner, and goes at the end" {
  start desk mmtcp --listen unix:desk.sock --wire text --keep-open
  same "srwx------" "$(stat -c %A desk.sock)"
  echo '12.500000000 note-on 1 60 100 @keys' | socat - UNIX:desk.sock
  echo 'clock # and a comment' | socat - UNIX:desk.sock
  await desk.out 'clock'
  same 1 "$(grep -c ' note-off 1 60 64 @keys$' desk.out)"
  run --separate-stderr -1 mmtcp --listen unix:desk.sock
  same "mmtcp: --listen unix:desk.sock: Address already in use" "$stderr"
  stop desk
  grep -q '^12.500000000 note-on 1 60 100 @keys$' desk.out
  grep -qE '^[0-9]+\.[0-9]{9} clock @peer/unix:2$' desk.out
  [ ! -e desk.sock ]
}

@test "a socket that a killed server has left is taken over" {
  start desk mmtcp --listen unix:desk.sock --keep-open
  stop desk KILL
  [ -e desk.sock ]
  start desk mmtcp --listen unix:desk.sock --keep-open
  stop desk
  [ ! -e desk.sock ]
}

@test "--thru: what one sends goes to all the others; what sounds of one that is killed is released there" {
  listen hub --thru
  for name in a b c; do
    mkfifo $name.in
    exec {fd}<> $name.in
    eval "$name=$fd"
    start $name mmtcp --connect "127.0.0.1:$PORT"
    await $name.out ':connected'
  done
  echo 'note-on 1 60 100' >&"$a"
  await b.out 'note-on 1 60'
  await c.out 'note-on 1 60'
  stop a KILL
  await b.out 'note-off 1 60 64'
  await c.out 'note-off 1 60 64'
  echo 'note-on 2 61 100' >&"$b"
  await c.out 'note-on 2 61'
  same ":connected @peer/PEER" "$(seen a.out)"
  stop hub
  same ":connected @peer/PEER
:connected @peer/PEER
:connected @peer/PEER
note-on 1 60 100 @peer/PEER
note-off 1 60 64 @peer/PEER
:disconnected @peer/PEER
note-on 2 61 100 @peer/PEER
note-off 2 61 64 @peer/PEER" "$(seen hub.out | head -n 8)"
  exec {a}>&- {b}>&- {c}>&-
}

@test "--thru --receive-only is a hub as well; several --connect are all waited for" {
  listen hub --thru --receive-only
  start one mmtcp --listen unix:one.sock --keep-open
  printf 'note-on 1 60 100\nnote-on 1 61 100\n' |
    mmtcp --connect "127.0.0.1:$PORT" --connect unix:one.sock --no-release > /dev/null
  await one.out ':disconnected'
  await hub.out ':disconnected'
  for name in one hub; do
    same "note-on 1 60 100
note-on 1 61 100" "$(events $name.out | sed 's/ @.*//' | head -n 2)"
  done
  mkfifo ear.in
  exec 8<> ear.in
  start ear mmtcp --connect "127.0.0.1:$PORT"
  await ear.out ':connected'
  echo start | mmtcp --connect "127.0.0.1:$PORT" > /dev/null
  await ear.out ' start'
  exec 8>&-
  run --separate-stderr -1 mmtcp --connect unix:one.sock --connect 127.0.0.1:1 <<< clock
  grep -q '^mmtcp: 127.0.0.1:1: never reached; it was sent nothing$' <<< "$stderr"
}

@test "a socket that systemd has opened for another process is an error, and no silence" {
  listen server
  echo 'note-on 1 60 100' | LISTEN_FDS=1 LISTEN_PID=1 mmtcp --connect "127.0.0.1:$PORT" > /dev/null
  await server.out 'note-off 1 60' # that it was started by such a service does not concern a client
  LISTEN_FDS=1 LISTEN_PID=1 run --separate-stderr -2 mmtcp --receive-only
  [[ $stderr == "mmtcp: LISTEN_FDS has no socket for this process (LISTEN_PID)"* ]]
}

@test "the server is killed: the client releases its notes, and connects again to the next one" {
  mkfifo server.in client.in
  exec 7<> server.in 8<> client.in
  listen server
  start client mmtcp --connect "127.0.0.1:$PORT"
  await server.out ':connected'
  echo 'note-on 1 60 100' >&7
  await client.out 'note-on 1 60'
  stop server KILL
  await client.out ':disconnected'
  echo 'clock' >&8 # waits for somebody who hears it
  start server mmtcp --listen "$PORT" --keep-open
  await server.out 'clock'
  stop client
  same ":connected @peer/PEER
note-on 1 60 100 @peer/PEER
note-off 1 60 64 @peer/PEER
:disconnected @peer/PEER
:connected @peer/PEER" "$(seen client.out | head -n 5)"
  grep -q 'PEER: .*; trying again' <(told client)
  exec 7>&- 8>&-
}

@test "the client is killed: the server releases its notes" {
  listen server
  mkfifo client.in
  exec 8<> client.in
  start client mmtcp --connect "127.0.0.1:$PORT"
  echo 'note-on 5 60 100' >&8
  await server.out 'note-on 5 60'
  stop client KILL
  await server.out ':disconnected'
  grep -q 'note-off 5 60 64' server.out
  exec 8>&-
}

# Whatever it was cut in: every note that was printed has its end.
same_ends() {
  awk '/ note-on /  { on[$3 " " $4]++ }
       / note-off / { delete on[$3 " " $4] }
       END { for (note in on) { print "still sounds: " note; bad = 1 } exit bad }' "$1"
}

@test "kill -9 in the middle of a stream, of either side: what was begun is ended" {
  phrases() {
    awk 'BEGIN { for (;;) { c = 1 + i % 16; n = i * 7 % 128; i++
      print "note-on", c, n, 100; print "note-on", c, (n + 5) % 128, 9; print "note-off", c, n, 0 } }'
  }
  listen server
  mkfifo client.in
  phrases > client.in 3>&- 2> /dev/null &
  start client mmtcp --connect "127.0.0.1:$PORT"
  await server.out 'note-on 16 '
  stop client KILL
  await server.out ':disconnected'
  same_ends server.out
  stop server

  rm client.in
  mkfifo server.in
  phrases > server.in 3>&- 2> /dev/null &
  start server mmtcp --listen "$PORT" --keep-open
  start client mmtcp --connect "127.0.0.1:$PORT" --receive-only
  await client.out 'note-on 16 '
  stop server KILL
  await client.out ':disconnected'
  same_ends client.out
  rm server.in
  start server mmtcp --listen "$PORT" --keep-open
  await server.out ':connected' # it has come back
}

@test "--no-retry and --retry end when nobody is there" {
  run --separate-stderr -1 mmtcp --connect 127.0.0.1:1 --no-retry
  same "mmtcp: 127.0.0.1:1: Connection refused" "$stderr"
  run --separate-stderr -1 timeout 20 mmtcp --connect 127.0.0.1:1 --retry 2
  same "mmtcp: 127.0.0.1:1: Connection refused; trying again
mmtcp: 127.0.0.1:1: Connection refused" "$stderr"
  run --separate-stderr -1 timeout 20 mmtcp --connect no-such-host.invalid:5004 --no-retry
  [[ $stderr == "mmtcp: no-such-host.invalid:5004: "* ]]
}

@test "a signal releases what sounds at the peers, and downstream" {
  mkfifo server.in client.in
  exec 7<> server.in 8<> client.in
  listen server
  start client mmtcp --connect "127.0.0.1:$PORT"
  await server.out ':connected'
  echo 'note-on 1 60 100' >&7
  echo 'note-on 2 61 100' >&8
  await client.out 'note-on 1 60'
  await server.out 'note-on 2 61'
  stop server INT
  same 130 "$status"
  await client.out 'note-off 1 60 64'
  grep -q 'note-off 2 61 64' server.out
  stop client
  exec 7>&- 8>&-
}

@test "--secret: the same on both sides, or nobody gets in; openssl s_client speaks it" {
  secret key
  secret other
  listen server --secret key
  echo 'note-on 1 60 100' | mmtcp --connect "127.0.0.1:$PORT" --secret key > /dev/null
  await server.out ':disconnected'
  run --separate-stderr -1 mmtcp --connect "127.0.0.1:$PORT" --secret other --no-retry < /dev/null
  [[ $stderr == *": the secret is not the same on both sides ("* ]]
  await server.err 'the secret is not the same on both sides'
  mkfifo client
  openssl s_client -quiet -tls1_3 -connect "127.0.0.1:$PORT" -psk_identity mmtools \
    -psk "$(tr -d '\n' < key | sha256sum | cut -c 1-64)" < client > /dev/null 2>&1 3>&- &
  peer=$!
  exec 7> client
  printf '\xb0\x07\x64' >&7
  await server.out 'control-change 1 7 100'
  exec 7>&-
  kill "$peer" 2> /dev/null || true
  wait "$peer" || true
  chmod 640 key
  run --separate-stderr -2 mmtcp --listen 0 --secret key
  same "mmtcp: --secret key: others may read it; chmod 600 key
Try 'mmtcp --help'." "$stderr"
  echo short > key
  chmod 600 key
  run --separate-stderr -2 mmtcp --listen 0 --secret key
  grep -q 'a secret has 16 characters or more; openssl rand -base64 32 makes one' <<< "$stderr"
}

@test "one side speaks TLS and the other does not: said on both sides" {
  secret key
  listen server --secret key
  printf 'clock\nnote-on 1 60 1\nnote-on 1 61 1\n' |
    mmtcp --connect "127.0.0.1:$PORT" --no-retry > /dev/null 2>&1 || true # it may be told by a reset
  await server.err 'it does not speak TLS 1.3'
  stop server
  listen server
  run --separate-stderr -1 mmtcp --connect "127.0.0.1:$PORT" --secret key --no-retry < /dev/null
  await server.err 'it speaks TLS, and we do not'
  grep -q 'it has hung up' <<< "$stderr"
}

# certificate NAME DAYS SUBJECT_ALT_NAME: NAME.pem and NAME.key, by the authority ca.pem.
certificate() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" \
    -subj "/CN=$1" 2> /dev/null
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days "$2" \
    -extfile <(echo "subjectAltName=$3") -out "$1.pem" 2> /dev/null
}

authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem \
    -subj /CN=band -days 30 2> /dev/null
}

@test "TLS by certificates: the right one, a wrong name, an expired one, clients that have to show one" {
  authority
  certificate server 30 'DNS:localhost,IP:127.0.0.1'
  certificate elsewhere 30 'DNS:studio.example'
  certificate expired 0 'DNS:localhost,IP:127.0.0.1'
  certificate guest 30 'DNS:guest'
  connect() { mmtcp --connect "$1:$PORT" --tls-ca ca.pem --no-retry "${@:2}"; }

  listen server --tls-cert server.pem --tls-key server.key
  echo 'note-on 1 60 100' | connect localhost > /dev/null
  echo 'note-on 1 61 100' | connect 127.0.0.1 > /dev/null
  await server.out 'note-off 1 61'
  run --separate-stderr -1 mmtcp --connect "localhost:$PORT" --tls --no-retry < /dev/null
  [[ $stderr == *"its certificate is not accepted: "* ]]
  await server.err 'it does not accept our certificate'
  stop server

  listen server --tls-cert elsewhere.pem --tls-key elsewhere.key
  run --separate-stderr -1 connect localhost < /dev/null
  [[ $stderr == *"its certificate is not accepted: hostname mismatch"* ]]
  run --separate-stderr -1 connect 127.0.0.1 < /dev/null
  [[ $stderr == *"its certificate is not accepted: IP address mismatch"* ]]
  stop server

  listen server --tls-cert expired.pem --tls-key expired.key
  run --separate-stderr -1 connect localhost < /dev/null
  [[ $stderr == *"its certificate is not accepted: certificate has expired"* ]]
  await server.err 'our certificate has expired, it says'
  stop server

  listen server --tls-cert server.pem --tls-key server.key --tls-ca ca.pem --tls-verify-peer
  echo 'note-on 1 60 100' | connect localhost --tls-cert guest.pem --tls-key guest.key > /dev/null
  await server.out 'note-off 1 60'
  run --separate-stderr -1 connect localhost < /dev/null
  [[ $stderr == *"it asks for a certificate of ours (--tls-cert, --tls-key)"* ]]
  await server.err 'it showed no certificate'
  run --separate-stderr -2 mmtcp --listen 0 --tls-cert server.pem --tls-key guest.key
  grep -q 'mmtcp: --tls-key guest.key: ' <<< "$stderr"
  stop server
  mkfifo fifo.key
  cat server.key > fifo.key &
  listen server --tls-cert server.pem --tls-key fifo.key
  stop server
  run --separate-stderr -2 mmtcp --listen unix:sock --tls-cert guest.key --tls-key guest.key
  [ ! -e sock ] # nothing was started
  run --separate-stderr -2 mmtcp --listen unix:sock --listen '*:0'
  [ ! -e sock ]
  chmod 644 server.key
  run --separate-stderr -2 mmtcp --listen 0 --tls-cert server.pem --tls-key server.key
  same "mmtcp: --tls-key server.key: others may read it; chmod o= server.key
Try 'mmtcp --help'." "$stderr"
}

@test "an address that everybody reaches is refused without --allow, TLS or --insecure" {
  run --separate-stderr -2 mmtcp --listen '*:0'
  [[ $stderr == "mmtcp: 0.0.0.0:"*" can be reached by everybody in the network."* ]]
  start open mmtcp --listen '0.0.0.0:0' --insecure --keep-open
  stop open
  start open mmtcp --listen '0.0.0.0:0' --allow 10.0.0.0/8 --keep-open
  port=$(sed -n 's/.*listening on 0\.0\.0\.0://p' open.err)
  mmtcp --connect "127.0.0.1:$port" --no-retry < /dev/null > client.out || true
  await open.err 'not allowed to connect'
  stop open
  same "" "$(cat open.out)"
}

@test "wrong usage says what is wrong, and starts nothing" {
  wrong() {
    run --separate-stderr -2 mmtcp "${@:2}"
    same "mmtcp: $1
Try 'mmtcp --help'." "$stderr"
  }
  wrong "nobody to speak with: say --listen [HOST:]PORT or --connect HOST:PORT"
  wrong "--listen 'x': it is [HOST:]PORT or unix:PATH, with a port in 0..65535" --listen x
  wrong "--connect '5004': no host: it is HOST:PORT or unix:PATH" --connect 5004
  wrong "--listen '::1:5004': an IPv6 address stands in brackets: [::1]:5004" --listen ::1:5004
  wrong "--connect 'a:65536': it is HOST:PORT or unix:PATH, with a port in 0..65535" --connect a:65536
  wrong "--allow '10.0.0.0/33': it is an address or a network, such as 192.168.1.0/24" --listen 0 --allow 10.0.0.0/33
  wrong "--wire 'midi': it is one of raw text" --listen 0 --wire midi
  wrong "--tls-cert and --tls-key go together" --listen 0 --tls-cert x
  wrong "--secret nowhere: No such file or directory" --listen 0 --secret nowhere
}

@test "--max-peers: one more is refused, and gets in when somebody has gone" {
  listen server --max-peers 1
  mkfifo a.in
  exec 8<> a.in
  start a mmtcp --connect "127.0.0.1:$PORT"
  await server.out ':connected'
  mmtcp --connect "127.0.0.1:$PORT" --no-retry < /dev/null > /dev/null || true
  await server.err 'no more than 1 peers'
  stop a
  await server.out ':disconnected'
  echo 'start' | mmtcp --connect "127.0.0.1:$PORT" > /dev/null
  await server.out ' start'
  exec 8>&-
}

@test "filters of what peers send; --receive-only and --send-only" {
  listen server --only note,cc --no-sysex --channel 1
  printf 'note-on 1 60 1\nnote-on 2 60 1\nclock\nsysex 1\ncc 1 1 1\nnote-off 1 60 1\n' |
    mmtcp --connect "127.0.0.1:$PORT" --no-release > /dev/null
  await server.out ':disconnected'
  same "note-on 1 60 1
control-change 1 1 1
note-off 1 60 1" "$(events server.out | sed 's/ @.*//')"
  stop server
  mkfifo server.in
  exec 8<> server.in
  listen server --send-only
  start client mmtcp --connect "127.0.0.1:$PORT" --receive-only
  await client.out ':connected'
  await server.out ':connected'
  echo 'start' >&8
  await client.out ' start'
  stop client
  same "" "$(events server.out)"
  exec 8>&-
}

@test "--heartbeat keeps a silent peer alive; one that is silent for --peer-timeout is gone" {
  listen server --peer-timeout 0.4
  mkfifo a.in
  exec 8<> a.in
  start a mmtcp --connect "127.0.0.1:$PORT" --heartbeat 0.05
  socat -u "TCP:127.0.0.1:$PORT" OPEN:silent,creat 3>&- &
  peer=$!
  await server.err 'silent for too long'
  wait "$peer"
  await server.out 'active-sensing'
  same 1 "$(grep -c ':disconnected' server.out)"
  exec 8>&-
}

@test "systemd's sockets: LISTEN_FDS" {
  /usr/bin/python3 - > server.out 2> server.err 3>&- <<'PY' &
import os, socket
server = socket.create_server(("127.0.0.1", 0))
open("port", "w").write(str(server.getsockname()[1]) + "\n")
os.dup2(server.fileno(), 3)
os.set_inheritable(3, True)
os.environ["LISTEN_FDS"] = "1"
os.environ["LISTEN_PID"] = str(os.getpid())
os.execvp("mmtcp", ["mmtcp", "--keep-open"])
PY
  # shellcheck disable=SC2034 # for stop
  PID[server]=$!
  await port '[0-9]'
  echo 'clock' | mmtcp --connect "127.0.0.1:$(cat port)" > /dev/null
  await server.out 'clock'
  stop server
}
