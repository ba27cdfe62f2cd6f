#!/usr/bin/env bats
# The examples for mmpy: each one's whole output, with the virtual clock where there is time and
# with real sockets and programs where it speaks with some.

load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || exit
  source=$(realpath "$BATS_TEST_DIRNAME/../..")
  examples=$source/examples/mmpy
  export PYTHONDONTWRITEBYTECODE=1 no_proxy=127.0.0.1
  mkdir bin
  PATH=$PWD/bin:$PATH
}
teardown() { stop_all; }

# example SCRIPT [ARG...]: runs it to the end of its input, and says nothing on stderr.
example() {
  run --separate-stderr -0 mmpy --virtual-clock "$examples/$1" -- "${@:2}"
  same "" "$stderr"
}

# live NAME SCRIPT [ARG...]: runs it in the background (the arguments have no blanks); $NAME.in is
# a FIFO, which is open as 8.
live() {
  mkfifo "$1.in"
  exec 8<> "$1.in"
  # shellcheck disable=SC2016 # expanded by the inner shell
  ARGS="${*:3}" start "$1" sh -c 'exec mmpy "$@" -- $ARGS' sh "$examples/$2"
}

# hang_up NAME: the end of its input.
hang_up() {
  exec 8>&-
  finish "$1"
}

# peer NAME: a Python program on stdin that prints to $NAME.out and writes its port to $NAME.port.
peer() {
  /usr/bin/python3 - "$1.port" <&0 > "$1.out" 2> "$1.err" 3>&- &
  # shellcheck disable=SC2034 # for stop
  PID[$1]=$!
  await "$1.port" '[0-9]'
  port=$(cat "$1.port")
}

# A program NAME in the PATH, from stdin.
fake() {
  cat > "bin/$1"
  chmod +x "bin/$1"
}

@test "harmonizer: thirds in the key; a note that two keys play ends with the last" {
  example harmonizer.py << 'END'
0.100000000 note-on 1 60 100 @keys
0.200000000 note-on 1 64 90 @keys
0.300000000 control-change 1 7 99 @keys
0.400000000 note-on 2 64 80 @keys
0.500000000 note-on 1 60 0 @keys
0.600000000 note-on 1 61 70 @keys
0.700000000 note-off 1 61 3 @keys
0.800000000 note-off 1 64 2 @keys
0.900000000 note-off 2 64 1 @keys
1.000000000 note-off 1 72 0 @keys
END
  same "0.100000000 note-on 1 60 100 @keys
0.100000000 note-on 1 64 100 @keys
0.200000000 note-on 1 64 90 @keys
0.200000000 note-on 1 67 90 @keys
0.300000000 control-change 1 7 99 @keys
0.400000000 note-on 2 64 80 @keys
0.400000000 note-on 2 67 80 @keys
0.500000000 note-on 1 60 0 @keys
0.600000000 note-on 1 61 70 @keys
0.700000000 note-off 1 61 3 @keys
0.800000000 note-off 1 64 2 @keys
0.800000000 note-off 1 67 2 @keys
0.900000000 note-off 2 64 1 @keys
0.900000000 note-off 2 67 1 @keys
1.000000000 note-off 1 72 0 @keys
1.000000000 note-off 1 76 0 @keys" "$output"
}

@test "harmonizer: the key is an argument; what sounds at the end is released" {
  for key in 'Bb 62' 'Bb minor 61'; do
    # shellcheck disable=SC2086
    example harmonizer.py ${key% *} <<< 'note-on 1 Bb3 100'
    same "note-on 1 58 100
note-on 1 ${key##* } 100
note-off 1 58 64
note-off 1 ${key##* } 64" "$(lines <(echo "$output"))"
  done
}

@test "arpeggiator: sixteenths at a tempo; the last note ends with the last key" {
  example arpeggiator.py 120 << 'END'
1.000000000 note-on 1 60 100
1.010000000 note-on 1 64 90
1.020000000 control-change 1 7 99
1.300000000 note-off 1 60 0
1.450000000 note-on 1 64 0
1.600000000 note-on 1 67 80
1.650000000 note-off 1 67 0
1.700000000 note-off 1 68 0
1.900000000 clock
END
  same "1.000000000 note-on 1 60 100
1.020000000 control-change 1 7 99
1.125000000 note-off 1 60 64
1.125000000 note-on 1 64 90
1.250000000 note-off 1 64 64
1.250000000 note-on 1 60 100
1.375000000 note-off 1 60 64
1.375000000 note-on 1 64 90
1.450000000 note-off 1 64 64
1.600000000 note-on 1 67 80
1.650000000 note-off 1 67 64
1.900000000 clock" "$output"
}

@test "arpeggiator: six clocks a step; stop ends the note" {
  example arpeggiator.py < <(
    echo '0.000000000 start'
    echo '0.100000000 note-on 3 62 100 @keys'
    echo '0.200000000 note-on 3 60 100 @keys'
    for i in {1..8}; do echo "$i.000000000 clock"; done
    echo '9.000000000 stop'
    echo '9.100000000 note-off 3 60 0 @keys'
    echo '9.200000000 clock'
    echo '9.300000000 note-off 3 62 0 @keys'
  )
  same "0.000000000 start
1.000000000 note-on 3 60 100 @keys
1.000000000 clock
2.000000000 clock
3.000000000 clock
4.000000000 clock
5.000000000 clock
6.000000000 clock
7.000000000 note-off 3 60 64 @keys
7.000000000 note-on 3 62 100 @keys
7.000000000 clock
8.000000000 clock
9.000000000 note-off 3 62 64 @keys
9.000000000 stop
9.200000000 note-on 3 62 100 @keys
9.200000000 clock
9.300000000 note-off 3 62 64 @keys" "$output"
}

@test "latch: a chord sounds until all keys are up and a new one is struck" {
  example latch.py << 'END'
1.000000000 note-on 1 60 100
2.000000000 note-on 1 64 90
3.000000000 note-off 1 60 0
4.000000000 note-on 1 60 80
5.000000000 note-on 1 60 0
6.000000000 note-off 1 64 0
6.500000000 note-on 2 50 70
7.000000000 note-on 1 64 60
8.000000000 note-off 1 64 0
END
  same "1.000000000 note-on 1 60 100
2.000000000 note-on 1 64 90
4.000000000 note-off 1 60 64
4.000000000 note-on 1 60 80
6.500000000 note-on 2 50 70
7.000000000 note-off 1 60 64
7.000000000 note-off 1 64 64
7.000000000 note-on 1 64 60" "$(head -n 8 <<< "$output")"
  same "note-off 1 64 64
note-off 2 50 64" "$(tail -n +9 <<< "$output" | lines -)"
}

@test "lfo: a sine, as deep as the wheel says" {
  example lfo.py --rate 5 --channel 2 --controller 20 << 'END'
0.000000000 clock
0.090000000 control-change 2 1 0
0.130000000 control-change 2 1 127
0.150000000 clock
END
  same "0.000000000 clock
0.020000000 control-change 2 20 101
0.040000000 control-change 2 20 124
0.080000000 control-change 2 20 101
0.090000000 control-change 2 1 0
0.100000000 control-change 2 20 64
0.130000000 control-change 2 1 127
0.140000000 control-change 2 20 3
0.150000000 clock" "$output"
}

@test "lfo: it goes on when there is no input" {
  start lfo mmpy --keep-open "$examples/lfo.py"
  await lfo.out 'control-change'
  stop lfo
  same 143 "$status"
  same "" "$(cat lfo.err)"
  run ! grep -vE '^[0-9]+\.[0-9]{9} control-change 1 74 [0-9]+$' lfo.out
}

@test "launchpad: what is pressed has a light, in the colour that was chosen" {
  example launchpad.py << 'END'
1.000000000 note-on 1 0 127 @pad
2.000000000 control-change 1 106 127 @pad
3.000000000 note-on 1 1 127 @pad
4.000000000 note-on 1 0 0 @pad
5.000000000 note-off 1 1 0 @pad
6.000000000 control-change 1 106 0 @pad
7.000000000 note-on 1 60 100 @keys
8.000000000 control-change 1 7 100 @pad
9.000000000 note-off 1 60 0 @keys
END
  same "1.000000000 note-on 1 0 127 @synth
1.000000000 note-on 1 0 15 @pad
2.000000000 control-change 1 106 60 @pad
3.000000000 note-on 1 1 127 @synth
3.000000000 note-on 1 1 60 @pad
4.000000000 note-on 1 0 0 @synth
4.000000000 note-off 1 0 0 @pad
5.000000000 note-off 1 1 0 @synth
5.000000000 note-off 1 1 0 @pad
6.000000000 control-change 1 106 0 @pad
7.000000000 note-on 1 60 100 @keys
8.000000000 control-change 1 7 100 @pad
9.000000000 note-off 1 60 0 @keys" "$output"
  example launchpad.py <<< 'note-on 1 0 127 @pad'
  same "note-on 1 0 127 @synth
note-on 1 0 15 @pad" "$(head -n 2 <<< "$output")"
  same "note-off 1 0 64 @pad
note-off 1 0 64 @synth" "$(tail -n +3 <<< "$output" | lines - | sort)"
}

# Answers the first datagram, and prints what it gets, without the heartbeat; ends at a "stop".
udp_peer() {
  peer "$1" << 'PY'
import socket, sys
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", 0))
open(sys.argv[1], "w").write(f"{sock.getsockname()[1]}\n")
data, address = sock.recvfrom(65536)
sock.sendto(b"note-on 1 60 100\ncc 1 64 127\n", address)
sock.sendto(b"active-sensing\nnote-on 1 64 200\n:text \"caf\xc3\xa9\" @stage", address)
while True:
    if data != b"active-sensing\n":
        print(data.decode(), end="", flush=True)
    if data == b"stop\n":
        break
    data = sock.recv(65536)
PY
}

@test "udp_bridge: lines both ways; at its end what it has sent is released there, and here" {
  udp_peer desk
  live bridge udp_bridge.py 0 127.0.0.1 "$port"
  await bridge.out ':text'
  printf '%s\n' '5.000000000 note-on 2 50 90 @keys' 'note-on 2 51 90' 'cc 2 64 127' \
    ':connected @keys' 'off 2 51 0' >&8
  await desk.out 'note-off 2 51 0'
  stop bridge
  same 143 "$status"
  await desk.out 'control-change 2 64 0'
  same "note-on 2 50 90 @keys
note-on 2 51 90
control-change 2 64 127
:connected @keys
note-off 2 51 0
note-off 2 50 64
control-change 2 64 0" "$(cat desk.out)"
  same 'note-on 1 60 100
control-change 1 64 127
:text "café" @stage
note-off 1 60 64
control-change 1 64 0' "$(lines bridge.out)"
  same "mmpy: column 14: velocity '200' is not in 0..127
note-on 1 64 200
             ^" "$(cat bridge.err)"
}

@test "udp_bridge: a peer that falls silent is released" {
  udp_peer desk
  live bridge udp_bridge.py 0 127.0.0.1 "$port"
  await bridge.out ':text'
  echo stop >&8
  finish desk
  await bridge.out 'control-change 1 64 0'
  hang_up bridge
  same 0 "$status"
  same 'note-on 1 60 100
control-change 1 64 127
:text "café" @stage
note-off 1 60 64
control-change 1 64 0' "$(lines bridge.out)"
}

@test "osc_bridge: OSC messages both ways, byte for byte" {
  peer tablet << 'PY'
import socket, sys
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", 0))
open(sys.argv[1], "w").write(f"{sock.getsockname()[1]}\n")
for count in range(2):
    data, address = sock.recvfrom(65536)
    print(data.hex(), flush=True)
for message in (
    b"/cc/1/7\0,f\0\0\x3f\x00\x00\x00",  # 0.5
    b"/cc/16/119\0\0,f\0\0\x40\x00\x00\x00",  # 2.0: the most is 1
    b"/cc/2/64\0\0\0\0,i\0\0\0\0\0\1",
    b"/other/1\0\0\0\0,f\0\0\x3f\x00\x00\x00",
    b"/cc/17/7\0\0\0\0,f\0\0\x3f\x00\x00\x00",
    b"/cc/1/7\0,s\0\0abc\0",
    b"/cc/1/7\0,f\0\0\x3f\x00",
    b"/cc/1/8\0,f\0\0\xbf\x80\x00\x00",  # -1.0
):
    sock.sendto(message, address)
PY
  live bridge osc_bridge.py 0 127.0.0.1 "$port"
  printf '%s\n' '1.000000000 control-change 1 74 127 @keys' 'note-on 1 60 1' 'note-off 1 60 1' \
    'cc 10 100 0' >&8
  finish tablet
  same 0 "$status"
  await bridge.out 'control-change 1 8'
  hang_up bridge
  same 0 "$status"
  same "2f63632f312f3734000000002c6600003f800000
2f63632f31302f31303000002c66000000000000" "$(cat tablet.out)"
  same "control-change 1 74 127 @keys
note-on 1 60 1
note-off 1 60 1
control-change 10 100 0
control-change 1 7 64
control-change 16 119 127
control-change 2 64 127
control-change 1 8 0
control-change 2 64 0" "$(lines bridge.out)"
  text="mmpy: no message of one number to a controller"
  same "$text: b'/cc/17/7\\x00\\x00\\x00\\x00,f\\x00\\x00?\\x00\\x00\\x00'
$text: b'/cc/1/7\\x00,s\\x00\\x00abc\\x00'
$text: b'/cc/1/7\\x00,f\\x00\\x00?\\x00'" "$(cat bridge.err)"
}

@test "notify: an alert at once, then what comes in the pause as one" {
  fake notify-send << 'END'
#!/bin/sh
{ printf '<%s>' "$@"; echo; } >> alerts
END
  mkfifo alerts.in
  exec 8<> alerts.in
  start alerts mmpy --virtual-clock "$examples/notify.py"
  echo '1.000000000 :connected @keys' >&8
  await alerts '<keys connected>'
  printf '%s\n' '2.000000000 :disconnected @keys' '2.500000000 note-on 1 60 100' \
    '3.000000000 :connected @keys' '7.000000000 note-off 1 60 0' >&8
  await alerts 'keys connected>$'
  for i in {1..7}; do echo "8.000000000 :overrun $i"; done >&8
  echo '12.000000000 :transport rolling 0' >&8
  await alerts 'overrun 7>'
  echo '30.000000000 :disconnected @keys' >&8
  await alerts 'keys disconnected>$'
  echo '31.000000000 :xrun 100' >&8
  hang_up alerts
  same 0 "$status"
  await alerts 'xrun 100>'
  same "<--><MIDI><keys connected>
<--><MIDI><keys disconnected
keys connected>
<--><MIDI><2 more before
overrun 3
overrun 4
overrun 5
overrun 6
overrun 7>
<--><MIDI><keys disconnected>
<--><MIDI><xrun 100>" "$(cat alerts)"
  same "1.000000000 :connected @keys
2.000000000 :disconnected @keys
2.500000000 note-on 1 60 100
3.000000000 :connected @keys
7.000000000 note-off 1 60 0
8.000000000 :overrun 1
8.000000000 :overrun 2
8.000000000 :overrun 3
8.000000000 :overrun 4
8.000000000 :overrun 5
8.000000000 :overrun 6
8.000000000 :overrun 7
12.000000000 :transport rolling 0
30.000000000 :disconnected @keys
31.000000000 :xrun 100" "$(cat alerts.out)"
  same "" "$(cat alerts.err)"
}

@test "notify: a notify-send that hangs or is not there does not stop the stream" {
  fake notify-send << 'END'
#!/bin/sh
echo $$ > hanging
exec tail -f /dev/null
END
  example notify.py << 'END'
1.000000000 :connected @keys
2.000000000 clock
END
  same "1.000000000 :connected @keys
2.000000000 clock" "$output"
  await hanging '[0-9]'
  kill "$(cat hanging)"
  run --separate-stderr -0 env PATH=/nowhere "$(command -v mmpy)" --virtual-clock \
    "$examples/notify.py" <<< '1.000000000 :connected @keys'
  same "1.000000000 :connected @keys" "$output"
  same "mmpy: notify-send: [Errno 2] No such file or directory: 'notify-send'" "$stderr"
}

@test "http_poller: a number that a server tells becomes a controller when it changes" {
  peer server << 'PY'
import http.server, sys
answers = [b"0", b" 2.0\n", b"2", b"none", b"none", None, b"5", b"-1", b"1"]
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer is None:
            self.send_error(503)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)
    def log_message(self, *args): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
open(sys.argv[1], "w").write(f"{server.server_port}\n")
server.serve_forever()
PY
  url=http://127.0.0.1:$port/load
  live poller http_poller.py "$url" --high 4 --period 0.01 --channel 3 --controller 20
  echo 'note-on 1 60 100' >&8
  await poller.out 'note-on'
  await poller.out 'control-change 3 20 32'
  echo 'note-off 1 60 0' >&8
  hang_up poller
  same 0 "$status"
  same "control-change 3 20 0
control-change 3 20 64
control-change 3 20 127
control-change 3 20 0
control-change 3 20 32" "$(lines poller.out | grep -v note)"
  same "note-on 1 60 100
note-off 1 60 0" "$(lines poller.out | grep note)"
  same "mmpy: $url: could not convert string to float: b'none'
mmpy: $url: HTTP Error 503: Service Unavailable" "$(cat poller.err)"
}

# say JSON...: the sysex of each.
say() {
  local message
  for message in "$@"; do
    echo "sysex f0 $(printf %s "$message" | xxd -p | tr -d '\n') f7"
  done
}

# The lines of stdin, with the JSON of a sysex as such.
answers() {
  local line hex
  while read -r line; do
    hex=${line#*sysex f0 }
    if [[ $line == *'sysex f0 7b '* ]]; then
      xxd -r -p <<< "${hex% f7}" | jq -c -S 'if .error then .error |= (length > 0) else . end'
    else
      echo "$line"
    fi
  done
}

@test "json_server: functions that are called over MIDI, and answer" {
  fake date << 'END'
#!/bin/sh
echo today
END
  say '{"method": "save", "args": {"key": "song", "value": {"bpm": 120, "name": "caf\u00e9"}}, "id": 1}' \
    '{"method": "save", "args": {"key": "other", "value": [1]}}' \
    '{"class": "load", "args": {"key": "song"}, "id": "two"}' > events
  printf '%s\n' 'note-on 1 60 100 @keys' 'note-on 1 64 100 @keys' 'note-on 2 50 1' \
    'note-off 1 60 0 @keys' 'sysex 43 10' >> events
  say '{"method": "held-keys", "args": {"channel": 1}, "id": 3}' \
    '{"method": "panic", "args": {}, "id": 4}' \
    '{"method": "run", "args": {"program": "date"}, "id": 5}' >> events
  run --separate-stderr -0 mmpy --virtual-clock "$examples/json_server.py" -- notes.json < events
  same '{"id":1,"result":null}
{"id":"two","result":{"bpm":120,"name":"café"}}
note-on 1 60 100 @keys
note-on 1 64 100 @keys
note-on 2 50 1
note-off 1 60 0 @keys
sysex f0 43 10 f7
{"id":3,"result":["E4"]}
note-off 2 50 64
note-off 1 64 64 @keys
{"id":4,"result":2}
{"id":5,"result":"today"}' "$(lines <(echo "$output") | answers)"
  same "" "$stderr"
  same '{"other":[1],"song":{"bpm":120,"name":"café"}}' "$(jq -c -S . notes.json)"
}

@test "json_server: what fails is an answer too" {
  say '{"method": "load", "args": {"key": "nothing"}, "id": 1}' \
    '{"method": "run", "args": {"program": "reboot"}, "id": 2}' > events
  run --separate-stderr -1 mmpy --virtual-clock "$examples/json_server.py" -- notes.json < events
  same '{"error":true,"id":1}
{"error":true,"id":2}' "$(lines <(echo "$output") | answers | sort)"
  [[ $stderr == *"KeyError: 'nothing'"* ]]
  [[ $stderr == *"ValueError: 'reboot' is not allowed"* ]]
}

@test "the types of the examples, as mypy sees them" {
  MYPYPATH=$source/tools/mmpy/stubs run --separate-stderr -0 /usr/bin/mypy --strict \
    --cache-dir cache "$source"/tools/mmpy/stubs/*.pyi "$examples"/*.py
  same "Success: no issues found in 13 source files" "$output"
}

@test "the types are those of the module that mmpy has" {
  cat > check.py << 'PY'
import os, sys
from mypy import stubtest
options = [os.environ["MODULE"], "--allowlist", "allowed", "--ignore-unused-allowlist"]
sys.exit(stubtest.test_stubs(stubtest.parse_options(options)))
PY
  # What stubtest cannot know: classes of events are derived from Event, but not by scripts; and
  # those that have no arguments take keywords.
  printf '%s\n' mm.Event 'mm\.(active_sensing|clock|continue_|reset|start|stop|tune_request)\.__init__' \
    > allowed
  export MYPYPATH=$source/tools/mmpy/stubs
  MODULE=mm mmpy check.py < /dev/null
  MODULE=midimonster mmpy --midimonster check.py --map 'ch0.cc1 > py.x' < /dev/null
}

@test "how a user tests a script: pytest in mmpy, and mmpy in pytest" {
  run --separate-stderr -0 mmpy -m pytest -- -q -p no:cacheprovider "$examples/test_harmonizer.py" \
    < /dev/null
  same "" "$output"
  [[ $stderr =~ 9\ passed ]]
}
