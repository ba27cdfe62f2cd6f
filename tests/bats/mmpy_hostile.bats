#!/usr/bin/env bats
# mmpy with scripts that raise, block, fork, spawn threads, close descriptors, and exit; with input
# that is no MIDI; and what is left of all that: no reference, no memory, no process, no note. Tests
# tagged `memory` mean nothing under a sanitizer, which maps and keeps more.

load helpers

bats_require_minimum_version 1.5.0

setup() { cd "$BATS_TEST_TMPDIR" || return; }
teardown() { stop_all; }

# script: stdin becomes script.py, which has mm, os and sys.
script() { { echo "import mm, os, sys"; cat; } > script.py; }

take='1.000000000 note-on 1 60 100
2.000000000 note-off 1 60 64
3.000000000 clock'

@test "a forked child has no part in the stream: it ends where it would come back to it" {
  script << 'PY'
import multiprocessing

@mm.on("note-on")
def on(e):
    mm.send(mm.control_change(1, 7, 1))
    if os.fork() == 0:
        return mm.control_change(1, 7, 99)  # by the child: nowhere
    os.wait()
    return e

@mm.on("note-off")
def off(e):
    if os.fork() == 0:
        sys.exit(3)
    print("child:", os.waitstatus_to_exitcode(os.wait()[1]), file=sys.stderr)
    with multiprocessing.get_context("fork").Pool(1) as pool:
        print(pool.map(abs, [-1, -2]), file=sys.stderr)
    return e

@mm.at_exit
def bye():
    print("bye", file=sys.stderr)
PY
  run --separate-stderr -0 timeout 20 mmpy script.py <<< "$take"
  same "1.000000000 control-change 1 7 1
$take" "$output"
  same "child: 3
[1, 2]
bye" "$stderr"
}

@test "signals that a forked child gets end it, and are none of ours" {
  script << 'PY'
import signal, time

@mm.on("note-on")
def on(e):
    for number in signal.SIGTERM, signal.SIGINT, signal.SIGHUP:
        child = os.fork()
        while child == 0:
            try: time.sleep(1000)
            except KeyboardInterrupt: os._exit(7)
        os.kill(child, number)
        print(os.waitstatus_to_exitcode(os.wait()[1]), file=sys.stderr)
    mm.after(0.5, later)
    global spent
    spent = time.process_time()
    return e

def later():
    print("spins" if time.process_time() - spent > 0.25 else "waits", file=sys.stderr)
    return mm.stop()
PY
  mkfifo in.fifo
  ln -s in.fifo parent.in
  exec 7<> in.fifo
  start parent mmpy --reload script.py
  echo "note-on 1 60 100" >&7
  await parent.out stop
  stop parent TERM
  exec 7>&-
  same "-15
-2
-1
waits" "$(< parent.err)"
}

@test "threads send at any time, and what they raise is theirs" {
  script << 'PY'
import threading, queue
work = queue.Queue()

def worker():
    while (e := work.get()) is not None:
        mm.send(e.replace(channel=2, time=None))
        mm.send(e.replace(channel=3, time=None), after=0.001)
    sys.exit(7)  # ends the thread

thread = threading.Thread(target=worker)
thread.start()
threading.Thread(target=threading.Event().wait, daemon=True).start()

@mm.on("note-on")
def on(e):
    work.put(e)
    return e

@mm.at_exit
def bye():
    work.put(None)
    thread.join()
PY
  start out mmpy --keep-open script.py
  stop out TERM
  [ "$status" -eq 143 ]
  printf 'note-on %d 60 1\n' {1..16} > many.txt
  run --separate-stderr -0 timeout 20 mmpy --no-release script.py < many.txt
  same "$(cat many.txt)" "$(grep -E '^note-on' <<< "$output")"
  # At the end of input what is due later may find the worker still busy: of those it has sent, none
  # is lost.
  [ "$(lines <(echo "$output") | grep -c 'note-on 2 60 1')" -ge 16 ]
  same "" "$stderr"
}

@test "a script that closes all descriptors ends mmpy with an error, and not in a loop" {
  script << 'PY'
@mm.on("note-off")
def off(e):
    os.closerange(3, 100000)
    return e
PY
  run --separate-stderr -1 timeout 20 mmpy script.py <<< "$take"
  [[ $stderr =~ ^mmpy:\ (stdout:\ Bad\ file\ descriptor|a\ descriptor\ of\ ours\ was\ closed) ]]
}

@test "a script that closes stdin and stdout loses nothing" {
  script << 'PY'
@mm.on("note-on")
def on(e):
    os.close(0)
    os.close(1)
    sys.stdin = sys.stdout = None
    return e
PY
  run --separate-stderr -0 timeout 20 mmpy script.py <<< "$take"
  same "$take" "$output"
}

@test "processes of a script do not read or write the stream" {
  script << 'PY'
import subprocess
@mm.on("note-on")
def on(e):
    subprocess.run(["sh", "-c", "cat; echo said; echo complained >&2"], check=True)
    os.system("cat")
    return e
PY
  run --separate-stderr -0 timeout 20 mmpy script.py <<< "$take"
  same "$take" "$output"
  same "said
complained" "$stderr"
}

@test "handlers that hang end by a signal: loops, sleeps, reads, and what catches KeyboardInterrupt" {
  local code
  for code in 'while True: pass' 'import time; time.sleep(1000)' \
    'import socket; socket.socketpair()[0].recv(1)' 'import threading; threading.Event().wait()' \
    'import subprocess; subprocess.run(["sleep", "1000"])'; do
    for signal in INT TERM HUP; do
      cat > script.py << PY
import mm, sys
@mm.on("note-off")
def off(e):
    print("hangs", file=sys.stderr, flush=True)
    $code
@mm.at_exit
def bye():
    return mm.control_change(1, 7, 0)
PY
      mkfifo in.fifo
      ln -sf in.fifo hang.in
      exec 7<> in.fifo
      start hang mmpy script.py
      printf '%s\n' "1.0 note-on 1 60 100" "2.0 note-off 1 60 64" >&7
      await hang.err hangs
      kill -"$signal" "${PID[hang]}"
      finish hang
      exec 7>&-
      rm in.fifo hang.in
      [ "$status" -eq $((128 + $(kill -l "$signal"))) ]
      same "note-on 1 60 100
control-change 1 7 0
note-off 1 60 64" "$(lines hang.out)"
    done
  done
}

@test "a handler that lets nothing end it is killed of the signal after five seconds" {
  script << 'PY'
@mm.on("clock")
def on(e):
    while True:
        try:
            print("hangs", file=sys.stderr, flush=True)
            while True: pass
        except BaseException:
            pass
PY
  mkfifo in.fifo
  ln -s in.fifo hang.in
  exec 7<> in.fifo
  start hang mmpy script.py
  echo clock >&7
  await hang.err hangs
  kill -TERM "${PID[hang]}"
  finish hang
  exec 7>&-
  [ "$status" -eq 143 ]
}

# bats test_tags=memory
@test "a handler that sends without end waits for its reader, and ends with it" {
  script << 'PY'
@mm.on("clock")
def on(e):
    while True:
        yield mm.note_on(1, 60)

@mm.on("start")
def start(e):
    while True:
        mm.send([mm.note_on(1, 60), mm.note_off(1, 60)])
PY
  local kind
  for kind in clock start; do
    # 200 MB of addresses beyond what Python itself maps: it would not do for what never stops.
    run --separate-stderr bash -c "ulimit -v 600000; set -o pipefail
      echo $kind | timeout 20 mmpy script.py | head -n 100000 | tail -n 1"
    [ "$status" -eq 141 ]
    [[ $output == "note-o"* ]]
    same "" "$stderr"
  done
}

@test "exits: from handlers, timers, watches, at_start, at_exit; os._exit" {
  check() { # STATUS OUTPUT STDERR CODE
    printf 'import mm, os, sys\n%s\n@mm.at_exit\ndef bye(): return mm.control_change(1, 7, 0)\n' "$4" > script.py
    run --separate-stderr timeout 20 mmpy --no-release script.py <<< "$take"
    same "$2" "$(lines <(echo "$output"))"
    same "$3" "$stderr"
    [ "$status" -eq "$1" ]
  }
  local all='note-on 1 60 100
note-off 1 60 64
clock
control-change 1 7 0' on='note-on 1 60 100
control-change 1 7 0'
  check 4 "$on" "" '@mm.on("note-off")
def off(e): sys.exit(4)'
  check 0 "$on" "" '@mm.on("note-off")
def off(e): raise SystemExit'
  check 1 "$on" "mmpy: that is enough" '@mm.on("note-off")
def off(e): sys.exit("that is enough")'
  check 5 "control-change 1 7 0" "" '@mm.at_start
def start(): sys.exit(5)'
  check 6 "$all" "" 'mm.at_exit(lambda: sys.exit(6))'
  check 7 "$all" "" 'mm.after(0.01, lambda: sys.exit(7))'
  check 8 "$on" "" '@mm.on("note-off")
async def off(e): sys.exit(8)'
  check 9 "" "" 'os._exit(9)'
  check 10 "" "" 'sys.exit(10)'
  check 11 "control-change 1 7 0" "" 'readable, writable = os.pipe()
mm.watch(readable, lambda fd: sys.exit(11))
os.write(writable, b"x")'
  check 130 "$on" "" '@mm.on("note-off")
def off(e): raise KeyboardInterrupt'
}

@test "all kinds of exceptions cost one event each" {
  script << 'PY'
class Odd(Exception):
    def __str__(self): raise ValueError("no words")

class Endless:
    def __iter__(self): return self
    def __next__(self): raise RuntimeError("broken off")

def deep(): return deep()

@mm.on("cc")
def on(e):
    n = e.value
    if n == 0: 1 / 0
    if n == 1: raise Odd
    if n == 2: deep()
    if n == 3: return Endless()
    if n == 4: return 5
    if n == 5: return "note-on 1 60 100"
    if n == 6: return [e, 7]
    if n == 7: raise MemoryError
    if n == 8: raise GeneratorExit
    if n == 9: raise BaseException("base")
    if n == 10: return (x for x in [e, 1 / 0])
    if n == 11: sys.stderr = None; 1 / 0
    if n == 12: del sys.modules["mm"]; raise ImportError
    if n == 13: return b"\x90\x3c\x64"
    if n == 14: raise ExceptionGroup("several", [ValueError(1), TypeError(2)])
    if n == 15: return {"a": e}
    return e
PY
  for n in {0..16}; do echo "$n.000000000 control-change 1 7 $n"; done > in.txt
  run --separate-stderr -1 timeout 20 mmpy script.py < in.txt
  same "6.000000000 control-change 1 7 6
16.000000000 control-change 1 7 16" "$output"
}

@test "a signal that a script handles is handled at once, also where nothing comes" {
  script << 'PY'
import signal
signal.signal(signal.SIGUSR1, lambda *_: mm.send(mm.start()))

def second(*_): raise ValueError("from a signal")
signal.signal(signal.SIGUSR2, second)
PY
  start quiet mmpy --keep-open script.py
  kill -USR1 "${PID[quiet]}"
  await quiet.out start
  kill -USR2 "${PID[quiet]}"
  await quiet.err 'ValueError: from a signal'
  stop quiet TERM
  [ "$status" -eq 143 ]
}

@test "whatever bytes come go through handlers unchanged, and no note is left" {
  script << 'PY'
@mm.on()
def on(e):
    if e.kind == "raw":
        return mm.raw(bytes(e.data))
    return e.replace()
PY
  # The same bytes each time: mostly statuses and data in no order.
  awk 'BEGIN { srand(5); for (i = 0; i < 60000; i++) printf "%02x", int(rand() * 256) }' |
    xxd -r -p > junk.raw
  mmpy --from raw --to raw --keep-raw --no-release -e pass < junk.raw > plain.raw
  mmpy --from raw --to raw --keep-raw --no-release script.py < junk.raw > handled.raw
  cmp plain.raw handled.raw
  [ -s plain.raw ]
  mmpy --from raw --keep-raw script.py < junk.raw > all.txt
  # Of each note the last thing that is heard is its end.
  awk '$1 == "note-on" && $4 > 0 { on[$2 " " $3] = 1 } ($1 == "note-off" || $1 == "note-on" && $4 == 0) {
    delete on[$2 " " $3] } END { for (n in on) { print n; exit 1 } }' all.txt
}

@test "lines that are no events: said, skipped, and the rest goes through the handlers" {
  random_events 2000 11 > good.txt
  awk 'NR % 7 == 3 { print "note-on 1 999 1" } NR % 11 == 5 { print "\001\377 junk" } { print }' good.txt > in.txt
  run --separate-stderr -1 timeout 20 mmpy --no-release -e 'e = e.replace()' < in.txt
  same "$(cat good.txt)" "$output"
  same "$(grep -cE 'note-on 1 999 1|junk' in.txt)" "$(grep -c '^mmpy: stdin:' <<< "$stderr")"
}

# Everything that a script can do with an event, thousands of times.
everything() {
  script << 'PY'
import copy, gc, pickle

count = 0
kept = []

@mm.on()
def first(e):
    global count
    count += 1
    str(e), repr(e), hash(e), copy.copy(e), e == e.replace(time=None), e.kind, e.time, e.after, e.port
    for name in type(e).__match_args__:
        try:
            setattr(e, name, getattr(e, name))
        except ValueError:
            pass
    for wrong in (lambda: e.nothing, lambda: setattr(e, "velocity", 999),
                  lambda: e.replace(port="a b"), lambda: mm.note_on(1), lambda: mm.parse("note")):
        try:
            wrong()
        except (AttributeError, TypeError, ValueError):
            pass
    e.port = "keys" if count % 2 else None
    if count % 7 == 0:
        kept.append(e)
        del kept[:-10]
    if count % 31 == 0:
        assert pickle.loads(pickle.dumps(e)) == e
    if count % 5 == 0:
        return [e, e.replace(after=0.001)]
    if count % 5 == 1:
        return (x for x in (e, None, mm.parse(str(e))))
    return None if count % 5 == 2 else e

@mm.on("note-on", channel=range(1, 9), note=["C4", range(30, 100)])
def second(e):
    mm.send(e, after=0.01)
    mm.after(0.01, lambda: mm.control_change(1, 2, 3))
    yield e

@mm.on("cc")
def third(e):
    if e.value % 16 == 0:
        raise ValueError(e.value)
    mm.cancel(mm.every(0.5, print))
    mm.state.controller(e.channel, e.controller), mm.state.notes(e.channel), mm.sounding()
    return e

@mm.on("sysex")
def data(e):
    e.data = e.data
    return mm.sysex(e.data[1:-1])

ticks = 0

@mm.every(0.5)
def look():
    global ticks
    ticks += 1
    if ticks % 10 == 0:
        gc.collect()
        mm.log("now", sys.gettotalrefcount(), sys.getallocatedblocks())
PY
}

# bats test_tags=memory
@test "references and blocks of memory are flat, as a Python that counts them says" {
  local mmpy=$MM_BIN_DIR/../tests/mmpy_debug
  [ -x "$mmpy" ] || skip "no debug build of Python (libpython3-dbg)"
  everything
  random_events 30000 3 | awk '{ printf "%.9f %s\n", NR / 1000, $0 }' > in.txt
  run --separate-stderr -1 timeout 60 "$mmpy" --virtual-clock script.py < in.txt
  local seen
  seen=$(grep '^mmpy: now' <<< "$stderr")
  # After the first ones; a few come and go (what is kept, what is due later, Python's free lists).
  # One that is lost with each event would be 20,000.
  awk 'NR == 2 { refs = $3; blocks = $4 } { last_refs = $3; last_blocks = $4 }
    END { print NR, last_refs - refs, last_blocks - blocks
      exit !(NR >= 5 && last_refs - refs < 300 && last_blocks - blocks < 1000) }' <<< "$seen"
}

# bats test_tags=memory
@test "memory is flat over ten million events" {
  script << 'PY'
count = 0

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024

@mm.on("note-on", "note-off")
def on(e):
    global count
    count += 1
    if count in (1_000_000, 10_000_000):
        print(count, resident(), file=sys.stderr)
    e.note ^= 1
    return e
PY
  awk 'BEGIN { for (i = 0; i < 5000; i++) printf "%d.%09d note-on %d %d 1 @p%d\n%d.%09d note-off %d %d 1 @p%d\n",
    i, i, i % 16 + 1, i % 128, i % 9, i, i, i % 16 + 1, i % 128, i % 9 }' > some.txt
  run --separate-stderr -0 bash -c 'for i in {1..1000}; do cat some.txt; done |
    timeout 100 mmpy script.py > /dev/null'
  awk '{ print } NR == 1 { first = $2 } END { exit !(NR == 2 && $2 - first < 300 && $2 < 20000) }' <<< "$stderr"
}

# --- code of a script that runs where one does not expect it ---

@test "what compares, opens, counts and starts may call mm itself" {
  script << 'PY'
class Odd:
    def __call__(self): pass
    def __eq__(self, other):
        for timer in timers: mm.cancel(timer)
        return False
    __hash__ = None

timers = [mm.after(10 + n, Odd()) for n in range(5)]
mm.cancel(Odd())
print([timer.active for timer in timers], file=sys.stderr)

class Watched:
    def __init__(self): self.ends, self.asked = os.pipe(), 0
    def fileno(self):
        self.asked += 1
        if self.asked > 1:
            mm.unwatch(self)
            raise ValueError("closed")
        return self.ends[0]

watched = Watched()
mm.watch(watched, print)
os.write(watched.ends[1], b"x")
mm.unwatch(10 ** 30)

class Number:
    def __init__(self, event): self.event = event
    def __index__(self):
        self.event.kind = "cc14"
        return 16383

@mm.at_start
def first():
    for n in range(3): mm.at_start(lambda n=n: mm.song_select(n))
@mm.at_start
def second(): return mm.song_select(9)

@mm.on("rpn")
def number(e):
    e.number = Number(e)
    return e

@mm.on("stop")
def deep(e):
    sys.setrecursionlimit(60000)
    def f(n): return f(n + 1)
    f(0)
PY
  run --separate-stderr -1 timeout 20 mmpy script.py <<< $'rpn 1 0 0\nstop\nstart'
  same "song-select 9
song-select 0
song-select 1
song-select 2
start" "$(lines <(echo "$output"))"
  [[ $stderr == *"[False, False, False, False, False]"* ]]
  [[ $stderr == *"number '16383' is not in 0..31"* ]]
  [[ $stderr == *"RecursionError"* ]]
}

# bats test_tags=memory
@test "-e that catches what its events have not keeps no traces of it" {
  yes clock | head -n 300000 > clocks.txt
  run --separate-stderr -0 bash -c 'mmpy -e "
import resource
try: e.note
except AttributeError: pass
n = globals().get(\"n\", 0) + 1
if n in (1000, 300000): print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)" < clocks.txt > /dev/null'
  awk '{ print } NR == 1 { first = $1 } END { exit !(NR == 2 && $1 - first < 1000) }' <<< "$stderr"
}

# --- never a stuck note ---

@test "a note-off whose handler fails passes: async, changed before, in a generator" {
  script << 'PY'
import asyncio
@mm.on("note-off", channel=1)
async def waits(e):
    await asyncio.sleep(0)
    1 / 0
@mm.on("note-off", channel=2)
def moved(e):
    e.port = "elsewhere"
    1 / 0
@mm.on("note-off", channel=3)
def up(e):
    e.note += 12
    1 / 0
@mm.on("note-off", channel=4)
async def generator(e):
    yield mm.clock()
    1 / 0
@mm.on("note-on", channel=3)
def also_up(e):
    return [e, e.replace(note=e.note + 12)]
PY
  for channel in 1 2 3 4; do
    printf '%d note-on %d 60 100 @keys\n' "$channel" "$channel"
    printf '%d.5 note-off %d 60 64 @keys\n' "$channel" "$channel"
  done > in.txt
  run --separate-stderr -1 timeout 20 mmpy --no-release script.py < in.txt
  same "1.000000000 note-on 1 60 100 @keys
1.500000000 note-off 1 60 64 @keys
2.000000000 note-on 2 60 100 @keys
2.500000000 note-off 2 60 64 @keys
3.000000000 note-on 3 60 100 @keys
3.000000000 note-on 3 72 100 @keys
3.500000000 note-off 3 60 64 @keys
3.500000000 note-off 3 72 64 @keys
4.000000000 note-on 4 60 100 @keys
4.500000000 clock
4.500000000 note-off 4 60 64 @keys" "$(sort -s -n "-k1,1" <<< "$output")"
  [[ $stderr == *"at 1.500000000 note-off 1 60 64 @keys:"* ]]
}

@test "what hangs at the end, or lets nothing end it, is killed; what sounds is released before" {
  local body
  for body in '@mm.at_exit
def bye(): import time; time.sleep(1000)' '@mm.on("clock")
def on(e):
    while True:
        try:
            while True: pass
        except BaseException: pass' '@mm.on("clock")
def on(e): sum(range(10 ** 12))'; do
    printf 'import mm\n%s\n' "$body" > script.py
    mkfifo in.fifo
    ln -s in.fifo hang.in
    exec 7<> in.fifo
    start hang mmpy script.py
    echo 'note-on 1 60 100' >&7
    await hang.out note-on
    echo clock >&7
    kill -TERM "${PID[hang]}"
    finish hang
    exec 7>&-
    rm in.fifo hang.in
    [ "$status" -eq 143 ]
    same "note-on 1 60 100
note-off 1 60 64" "$(lines hang.out | grep note)"
  done
}

@test "iterators that are no code of Python's end by a signal, and with their reader" {
  script << 'PY'
import itertools
@mm.on("start")
def on(e): return itertools.repeat(mm.clock())
@mm.on("stop")
def send(e): mm.send(itertools.repeat(mm.clock()))
PY
  local kind
  for kind in start stop; do
    run --separate-stderr bash -c "set -o pipefail; echo $kind | timeout 20 mmpy script.py | head -n 3"
    [ "$status" -eq 141 ]
    same "" "$stderr"
  done
}

@test "mm.state says where it was asked for a port that it could not follow" {
  for n in {1..257}; do echo "note-on 1 60 $((n % 127 + 1)) @p$n"; done > ports.txt
  run --separate-stderr -0 mmpy --no-release -e 'mm.state.velocity(1, 60)' < ports.txt
  same "" "$stderr"
  run --separate-stderr -0 mmpy --no-release -e 'mm.state.velocity(1, 60, port=e.port)' < ports.txt
  same "mmpy: mm.state: there were more than 256 ports at once; it did not follow them all" "$stderr"
}

# --- threads, and children of theirs ---

@test "timers and calls that threads make while nothing comes are not late" {
  script << 'PY'
import threading, time
def work():
    mm.after(0.01, lambda: mm.send(mm.start()))
    mm.call("nobody", _timeout=0.02)
@mm.at_start
def begin(): threading.Timer(0.05, work).start()
PY
  mkfifo in.fifo
  ln -s in.fifo quiet.in
  exec 7<> in.fifo
  start quiet mmpy script.py
  await quiet.out start
  await quiet.err 'no answer within 0.02 s'
  stop quiet TERM
  exec 7>&-
}

@test "a child that a thread has forked sends nothing" {
  script << 'PY'
import threading
def work():
    if os.fork() == 0:
        mm.send(mm.control_change(1, 1, 99))
        os._exit(0)
    os.wait()
@mm.on("start")
def on(e):
    mm.send(mm.stop())
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if os.fork() == 0: sys.exit("of a child")
    print(os.waitstatus_to_exitcode(os.wait()[1]), file=sys.stderr)
    return e
PY
  run --separate-stderr -0 timeout 20 mmpy script.py <<< '1.0 start'
  same "1.000000000 stop
1.000000000 start" "$output"
  same "mmpy: of a child
1" "$stderr"
}

@test "slow handlers do not keep back what was sent before them" {
  script << 'PY'
import time
@mm.on("note-on")
def on(e):
    yield e
    time.sleep(0.3)
    if e.note == 62: os._exit(3)
PY
  run -3 bash -c "printf 'note-on 1 60 1\nnote-on 1 61 1\nnote-on 1 62 1\n' | timeout 20 mmpy script.py"
  same "note-on 1 60 1
note-on 1 61 1" "$(lines <(echo "$output") | grep -v ' 62 ')"
}

@test "it does not use a processor while it waits: idle, with a reader that has gone, at the end" {
  script << 'PY'
import asyncio, resource
@mm.at_exit
async def bye():
    await asyncio.sleep(0.5)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime < 0.45, file=sys.stderr)
PY
  run --separate-stderr bash -c 'timeout 20 mmpy script.py < /dev/null | true'
  same True "$stderr"
}
