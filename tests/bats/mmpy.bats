#!/usr/bin/env bats
# mmpy as a stage of a pipeline: how scripts are run, what goes in and comes out, and how it ends.

load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || exit
  export PYTHONDONTWRITEBYTECODE=1
  unset PYTHONPATH PYTHONSAFEPATH PYTHONHOME VIRTUAL_ENV
}
teardown() { stop_all; }

# script [NAME]: a script, from stdin.
script() { cat > "${1:-s.py}"; }

# live NAME ARG...: mmpy in the background; $NAME.in is a FIFO, which is open as 8.
live() {
  mkfifo "$1.in"
  exec 8<> "$1.in"
  start "$1" mmpy "${@:2}"
}

# hang_up NAME: the end of its input.
hang_up() {
  exec 8>&-
  finish "$1"
}

# run_mmpy STATUS ARG...: mmpy, with $output and $stderr apart; its input is that of this function.
run_mmpy() { run --separate-stderr "-$1" mmpy "${@:2}"; }

# --- what is run ---

@test "a script runs as python3 runs it: argv, name, the whole of sys.path, modules beside it" {
  mkdir dir lib
  script dir/s.py << 'PY'
import sys, beside, far
print(sys.argv, __name__, sys.path, beside.x, far.x, sys.modules["__main__"].__dict__ is globals())
print(sys.prefix, sys.executable)
PY
  echo 'x = "beside"' > dir/beside.py
  echo 'x = "far"' > lib/far.py
  ln -s dir/s.py link.py
  export PYTHONPATH=$PWD/lib:other
  for file in dir/s.py link.py "$PWD/dir/s.py"; do
    /usr/bin/python3 "$file" a -b '' -- 'c d' > expected
    run_mmpy 0 "$file" -- a -b '' -- 'c d' < /dev/null
    same "$(cat expected)" "$stderr"
    same "" "$output"
  done
  run --separate-stderr -1 env PYTHONSAFEPATH=1 mmpy dir/s.py < /dev/null
  same "ModuleNotFoundError: No module named 'beside'" "$(tail -n 1 <<< "$stderr")"
}

@test "a script with #! is a command of its own" {
  printf '#!/usr/bin/env mmpy\nimport mm, sys\nprint(sys.argv)\nmm.on("clock")(lambda e: e)\n' > s.py
  chmod +x s.py
  run --separate-stderr -0 ./s.py --no-release -- a b <<< clock
  same "clock" "$output"
  same "['./s.py', 'a', 'b']" "$stderr"
}

@test "several scripts are stages in their order, and each of them is __main__" {
  mkdir one two
  script one/first.py << 'PY'
import mm, sys, helper
print(sys.argv, __name__, helper.x, "name" in globals())
name = "first"
@mm.on("note-on")
def first(e):
    e.velocity += 1
    print(name, e)
    return [e, mm.control_change(1, 7, e.velocity)]
PY
  script two/second.py << 'PY'
import mm, sys
print(sys.argv, __name__, "name" in globals())
name = "second"
@mm.on("cc")
def second(e):
    print(name, e)
    e.value *= 2
    return e
PY
  echo 'x = "beside the first"' > one/helper.py
  printf 'on 1 60 9\ncc 1 8 3\n' > events
  run_mmpy 0 --no-release one/first.py two/second.py -- x < events
  same "['one/first.py', 'x'] __main__ beside the first False
['two/second.py', 'x'] __main__ False
first note-on 1 60 10
second control-change 1 7 10
second control-change 1 8 3" "$stderr"
  same "note-on 1 60 10
control-change 1 7 20
control-change 1 8 6" "$output"
  run_mmpy 0 --no-release two/second.py one/first.py < events
  same "note-on 1 60 10
control-change 1 7 10
control-change 1 8 6" "$output"
}

@test "-m runs a module, a package, or a module in it, as python3 -m does" {
  mkdir -p package
  script package/inner.py << 'PY'
import sys
print(sys.argv, __name__, __package__, __spec__.name, sys.path)
try:
    import mm
except ImportError:
    pass
else:
    @mm.on("note")
    def up(e): return e.replace(note=e.note + 1)
PY
  cp package/inner.py package/__main__.py
  cp package/inner.py single.py
  for module in single package package.inner; do
    /usr/bin/python3 -m $module a -b -- c > expected
    run_mmpy 0 -m $module -- a -b -- c <<< 'off 1 60 0'
    same "$(cat expected)" "$stderr"
    same "note-off 1 61 0" "$output"
  done
  run_mmpy 1 -m package.nothing <<< clock
  same "" "$output"
  [[ $stderr == *"No module named package.nothing" ]]
}

@test "-e: e is the event, what it is at the end goes on, and names stay from event to event" {
  printf '%s\n' '2.5 note-on 1 60 100 @keys' clock ':tempo 120' start stop continue reset > events
  run_mmpy 0 --no-release \
    -e 'n = globals().get("n", 0) + 1' \
    -e 'print(n, e.kind, e.port, sorted(name for name in globals() if name[0] != "_"))' \
    -e 'if n == 1: e.note += 12' \
    -e 'if n == 2:' -e '    drop()' -e '    print("drop() does not end the code")' \
    -e 'if n == 4: e = [e, mm.note_off(1, "C4"), mm.parse("3.5 cc 1 7 9 @out")]' \
    -e 'if n == 5: e = None' \
    -e 'if n == 6: e = (mm.song_select(n) for n in range(2))' < events
  same "2.500000000 note-on 1 72 100 @keys
:tempo 120
start
note-off 1 60 64
3.500000000 control-change 1 7 9 @out
song-select 0
song-select 1
reset" "$output"
  same "1 note-on keys ['drop', 'exit', 'mm', 'n']
2 clock None ['drop', 'exit', 'mm', 'n']
drop() does not end the code
3 :tempo None ['drop', 'exit', 'mm', 'n']
4 start None ['drop', 'exit', 'mm', 'n']
5 stop None ['drop', 'exit', 'mm', 'n']
6 continue None ['drop', 'exit', 'mm', 'n']
7 reset None ['drop', 'exit', 'mm', 'n']" "$stderr"
}

@test "-e: functions, imports, loops and comprehensions do what they do in a script" {
  run_mmpy 0 -e 'import sys, math' -e 'def up(e, by): return e.replace(note=e.note + by)' \
    -e 'if hasattr(e, "note"):' -e '    for step in range(2): e = up(e, 1)' \
    -e '    notes = [e.note + i for i in range(3)]' \
    -e '    total = lambda: sum(notes) + e.note' -e '    print(notes, total(), math.inf)' \
    -e 'else:' -e '    print(sys.argv, __name__, notes)' \
    -- a b <<< $'off 1 60 0\nclock'
  same "note-off 1 62 0
clock" "$output"
  same "[62, 63, 64] 251 inf
['-e', 'a', 'b'] __main__ [62, 63, 64]" "$stderr"
}

@test "-e: an event that lacks an attribute passes as it is, but a misspelt one is an error" {
  printf '%s\n' 'on 1 60 100' clock ':tempo 120' 'sysex 1' 'cc 2 7 1' > events
  run_mmpy 0 --no-release -e 'e.channel = 5' -e 'e.note += 12' -e 'e.velocity = 1' < events
  same "note-on 5 72 1
clock
:tempo 120
sysex f0 01 f7
control-change 5 7 1" "$output"
  same "" "$stderr"
  run_mmpy 1 --no-release -e 'e.channel = 5' -e 'e.velocty = 3' <<< 'on 1 60 100'
  same "" "$output"
  same "mmpy: at note-on 1 60 100:
Traceback (most recent call last):
  File \"-e\", line 2, in handle
AttributeError: 'mm.note_on' object has no attribute 'velocty'" "$stderr"
  for code in 'e.note = 128' 'e = "clock"' 'nothing'; do
    run_mmpy 1 --no-release -e "$code" <<< $'on 1 60 100'
    same "" "$output"
  done
}

@test "-e: mm.drop() is drop(); the end of a note passes where the code fails" {
  run_mmpy 1 -e 'if e.kind == "note-off": e.channel = 99' -e 'if e.kind == "clock": mm.drop()' \
    <<< $'on 1 60 1\nclock\noff 1 60 5\noff 1 61 5'
  same "note-on 1 60 1
note-off 1 60 5" "$output"
  same "mmpy: at note-off 1 60 5:
Traceback (most recent call last):
  File \"-e\", line 1, in handle
ValueError: channel '99' is not in 1..16
mmpy: the same 1 time more (ValueError, -e:1)" "$stderr"
}

@test "-e: exit() ends with its status, a word of it with 1" {
  printf 'on 1 60 100\nstart\nclock\n' > events
  run_mmpy 3 -e 'if e.kind == "start": exit(3)' < events
  same "note-on 1 60 100
note-off 1 60 64" "$output"
  same "" "$stderr"
  run_mmpy 0 -e 'if e.kind == "start": exit()' < events
  same "note-on 1 60 100
note-off 1 60 64" "$output"
  run_mmpy 1 -e 'exit("no more")' < events
  same "" "$output"
  same "mmpy: no more" "$stderr"
}

@test "a script that cannot be loaded: Python's own words, status 1, and no line was read" {
  echo 'import mm, sys
def later(): return 1 / 0
mm.after(0, later)
mm.on()(print)
later()' > raises.py
  printf 'import mm\nif True\n    pass\n' > syntax.py
  printf 'if True:\n\tx = 1\n        y = 2\n' > indent.py
  printf 'import raises\n' > imports.py
  printf 'import syntax\n' > imports_syntax.py
  printf 'import nothing_there\n' > missing.py
  cat > mm.py << 'PY' # for python3
def on(): return lambda f: f
def after(seconds, f): pass
PY
  printf 'clock\nstart\n' > events
  for name in raises syntax indent imports imports_syntax missing; do
    for way in "$PWD/$name.py" "-m $name"; do
      # shellcheck disable=SC2086
      /usr/bin/python3 $way 2> expected || true
      # shellcheck disable=SC2086
      { status=0; mmpy $way --ready-fd 9 9> ready > out 2> err || status=$?; cat > rest; } < events
      same 1 "$status"
      same "$(cat expected)" "$(cat err)"
      same "$(cat events)" "$(cat rest)"
      same "" "$(cat out ready)"
    done
  done
  for code in 'if x' 'x = (' 'e.note +=' $'if e:\nx = 1' 'return' 'yield e' 'await e' 'break'; do
    /usr/bin/python3 -c "$code" 2> expected || true
    { status=0; mmpy -e "$code" > out 2> err || status=$?; cat > rest; } < events
    same 1 "$status"
    same "$(sed 's/<string>/-e/' expected)" "$(cat err)"
    same "$(cat events)" "$(cat rest)"
    same "" "$(cat out)"
  done
}

@test "a script that is not there, or is none" {
  mkdir folder
  run_mmpy 1 nothing.py <<< clock
  same "mmpy: nothing.py: No such file or directory" "$stderr"
  same "" "$output"
  run_mmpy 1 'e.note += 12' <<< clock
  same "mmpy: e.note += 12: No such file or directory
for code it is -e 'e.note += 12'" "$stderr"
  run_mmpy 1 folder <<< clock
  same "mmpy: folder: Is a directory" "$stderr"
  same "" "$output"
}

@test "a script that calls sys.exit() while it is loaded ends there, at_exit functions and all" {
  script << 'PY'
import mm, sys
@mm.at_start
def begin(): mm.log("starts")
@mm.at_exit
def end(): mm.send(mm.reset()); mm.log("ends")
if len(sys.argv) > 1: sys.exit(int(sys.argv[1]))
sys.exit("not today")
PY
  run_mmpy 3 s.py -- 3 <<< clock
  same "reset" "$(lines <(echo "$output"))"
  same "mmpy: ends" "$stderr"
  run_mmpy 0 s.py -- 0 <<< clock
  run_mmpy 1 s.py <<< clock
  same "reset" "$(lines <(echo "$output"))"
  same "mmpy: not today
mmpy: ends" "$stderr"
}

@test "wrong usage: what was meant, exit 2, and nothing is started" {
  echo 'print("started")' > s.py
  wrong() { # EXPECTED ARG...
    local expected=$1
    shift
    run_mmpy 2 "$@" <<< clock
    same "mmpy: $expected
Try 'mmpy --help'." "$stderr"
    same "" "$output"
  }
  wrong "nothing to run: say FILE, -m MODULE or -e CODE"
  wrong "nothing to run: say FILE, -m MODULE or -e CODE" --strict -- s.py
  wrong "FILE, -m and -e exclude each other" -e pass s.py
  wrong "FILE, -m and -e exclude each other" -m s s.py
  wrong "FILE, -m and -e exclude each other" -m s -e pass
  wrong "unknown option '--strikt'; did you mean '--strict'?" --strikt s.py
  wrong "--expression needs a value" -e
  wrong "--module needs a value" -m
  wrong "--clock 'wall': it is one of monotonic realtime start" --clock wall s.py
  wrong "--from 'jason': it is one of text json raw mido" --from jason s.py
  wrong "--to 'midi': it is one of text json raw mido" --to midi s.py
  wrong "--middle-c 'C4': it is a whole number in -5..9" --middle-c C4 s.py
  wrong "--max-sysex '1': it is a whole number in 16..1073741824" --max-sysex 1 s.py
  wrong "--ready-fd '77': no such descriptor is open" --ready-fd 77 s.py
  wrong "--reload goes with FILE" --reload -e pass
  wrong "--reload goes with FILE" --reload -m s
  wrong "--virtual-clock and --keep-open exclude each other: time ends with the events" \
    --virtual-clock --keep-open s.py
  wrong "--map and --default-handler go with --midimonster" --map 'ch0.cc1 > py.x' s.py
  wrong "--map and --default-handler go with --midimonster" --default-handler s.x s.py
  wrong "--midimonster needs a --map: nothing would reach its modules" --midimonster s.py
  wrong "--midimonster goes with FILE" --midimonster --map 'ch0.cc1 > py.x' -e pass
  wrong "--reload and --midimonster exclude each other" --reload --midimonster \
    --map 'ch0.cc1 > py.x' s.py
}

@test "VIRTUAL_ENV: its packages are found, by scripts, -m and -e, and sys is as there" {
  /usr/bin/python3 -m venv --without-pip venv
  echo 'x = "of the venv"' > "$(echo venv/lib/python3.*/site-packages)/packed.py"
  script << 'PY'
import packed, sys
print(packed.x, sys.path, sys.prefix, sys.base_prefix, sys.executable)
PY
  venv/bin/python3 s.py > expected
  run --separate-stderr -0 env VIRTUAL_ENV="$PWD/venv" mmpy s.py < /dev/null
  same "$(cat expected)" "$stderr"
  venv/bin/python3 -m s > expected
  run --separate-stderr -0 env VIRTUAL_ENV="$PWD/venv" mmpy -m s < /dev/null
  same "$(cat expected)" "$stderr"
  run --separate-stderr -0 env VIRTUAL_ENV="$PWD/venv" \
    mmpy -e 'import packed, sys; print(packed.x, sys.prefix)' <<< clock
  same "of the venv $PWD/venv" "$stderr"
  same "clock" "$output"
  run --separate-stderr -1 mmpy s.py <<< clock
  same "ModuleNotFoundError: No module named 'packed'" "$(tail -n 1 <<< "$stderr")"
}

@test "VIRTUAL_ENV of another Python is mentioned, and not used" {
  mkdir -p old/lib/python3.6/site-packages
  echo 'x = 1' > old/lib/python3.6/site-packages/packed.py
  echo 'import sys; print(sys.prefix)' > s.py
  version=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  text="mmpy: VIRTUAL_ENV $PWD/old: it has no lib/python$version, and what is installed there is not found"
  run --separate-stderr -0 env VIRTUAL_ENV="$PWD/old" mmpy s.py <<< clock
  same "$text
/usr" "$stderr"
  same clock "$output"
  run --separate-stderr -1 env VIRTUAL_ENV="$PWD/old" mmpy -e 'import packed' <<< clock
  same "$text
mmpy: at clock:
Traceback (most recent call last):
  File \"-e\", line 1, in handle
ModuleNotFoundError: No module named 'packed'" "$stderr"
}

@test "what a script and its processes print goes to stderr, and they have no stdin" {
  script << 'PY'
import logging, mm, os, subprocess, sys
print("print")
sys.stdout.write("sys.stdout\n")
sys.__stdout__.write("sys.__stdout__\n")
print(sys.stdin)
try:
    input()
except RuntimeError as error:
    print(error)
logging.warning("logging")
os.write(1, b"descriptor 1\n")
print(os.read(0, 1))
os.system("echo os.system; cat")
subprocess.run(["sh", "-c", "echo subprocess; cat"])
print(subprocess.run("cat; echo captured", shell=True, stdout=subprocess.PIPE).stdout)
mm.log("mm.log", 1, [2], "three")
print("no end of line", end="")
@mm.on("clock")
def f(e):
    print(", then the event:", e)
    return e
PY
  run_mmpy 0 s.py <<< clock
  same "clock" "$output"
  same "print
sys.stdout
sys.__stdout__
None
input(): lost sys.stdin
WARNING:root:logging
descriptor 1
b''
os.system
subprocess
b'captured\\n'
mmpy: mm.log 1 [2] three
no end of line, then the event: clock" "$stderr"
}

# --- formats ---

@test "--from and --to: every format is read and written as it stands" {
  cat > text << 'END'
1.500000000 note-on 1 60 100 @keys
+0.250000000 note-off 16 127 0
control-change 1 7 1 @a/b[1]
pitch-bend 3 -8192
sysex f0 01 02 f7
song-position 16383
clock
END
  cat > json << 'END'
{"time":1.500000000,"kind":"note-on","channel":1,"note":60,"velocity":100,"port":"keys"}
{"after":0.250000000,"kind":"note-off","channel":16,"note":127,"velocity":0}
{"kind":"control-change","channel":1,"controller":7,"value":1,"port":"a/b[1]"}
{"kind":"pitch-bend","channel":3,"bend":-8192}
{"kind":"sysex","data":[240,1,2,247]}
{"kind":"song-position","beats":16383}
{"kind":"clock"}
END
  sed 's/^[0-9.+]* *//; s/ @.*//' text > bare
  cat > mido << 'END'
note_on channel=0 note=60 velocity=100 time=0
note_off channel=15 note=127 velocity=0 time=0
control_change channel=0 control=7 value=1 time=0
pitchwheel channel=2 pitch=-8192 time=0
sysex data=(1,2) time=0
songpos pos=16383 time=0
clock time=0
END
  printf '\220\074\144\217\177\000\260\007\001\342\000\000\360\001\002\367\362\177\177\370' > raw
  echo 'import mm; mm.on()(lambda e: e)' > s.py
  echo 'import mm' > nothing.py
  convert() { # FILE FILE: from the one to the other, with a handler and without
    local from=${1/bare/text} to=${2/bare/text}
    for script in s.py nothing.py; do
      mmpy --no-release --from "$from" --to "$to" $script < "$1" > out
      cmp "$2" out
    done
  }
  for from in text json; do
    for to in text json; do convert $from $to; done
  done
  for from in bare raw mido; do
    for to in bare raw mido; do convert $from $to; done
  done
}

@test "--note-names and --middle-c: printed and read so, and known to the module" {
  printf '%s\n' 'on 1 C4 100' 'pp 1 Bb3 1' 'cc 1 60 60' > events
  code='print(e, getattr(e, "note", None), mm.note_name(60), mm.note_number("C4"))'
  run_mmpy 0 --no-release --note-names -e "$code" < events
  same "note-on 1 C4 100
poly-pressure 1 A#3 1
control-change 1 60 60" "$output"
  same "note-on 1 60 100 60 C4 60
poly-pressure 1 58 1 58 C4 60
control-change 1 60 60 None C4 60" "$stderr"
  run_mmpy 0 --no-release --note-names --middle-c 3 -e "$code" -e 'e.note = "C3"' < events
  same "note-on 1 C3 100
poly-pressure 1 C3 1
control-change 1 60 60" "$output"
  same "note-on 1 72 100 72 C3 72
poly-pressure 1 70 1 70 C3 72
control-change 1 60 60 None C3 72" "$stderr"
}

@test "--max-sysex and --keep-raw" {
  run_mmpy 1 --max-sysex 16 -e 'mm.sysex(range(14)); print(len(e.data))' \
    < <(echo "sysex$(printf ' %x' {1..14})"; echo "sysex$(printf ' %x' {1..15})")
  same "sysex f0 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e f7" "$output"
  same "16
mmpy: stdin:2:36: this makes it longer than --max-sysex allows
sysex 1 2 3 4 5 6 7 8 9 a b c d e f
                                   ^" "$stderr"
  printf '\220\074\144\364\001\301\005' > bytes
  run_mmpy 0 --from raw --keep-raw --no-release -e 'print(e)' < bytes
  same "note-on 1 60 100
raw f4 01
program-change 2 5" "$output"
  run_mmpy 1 --from raw --no-release -e 'pass' < bytes
  same "note-on 1 60 100
program-change 2 5" "$output"
  same "mmpy: dropped 2 bytes: no MIDI, or of a sysex over --max-sysex (--keep-raw passes them on)" \
    "$stderr"
}

@test "a line that does not parse is said and skipped, and makes the status 1; --strict ends there" {
  printf '%s\n' 'on 1 60 100' 'nite-on 1 2 3' clock 'on 1 60' start > events
  run_mmpy 1 -e 'print(e)' < events
  same "note-on 1 60 100
clock
start
note-off 1 60 64" "$output"
  same "mmpy: stdin:2:1: unknown kind 'nite-on'; did you mean 'note-on'?
nite-on 1 2 3
^
mmpy: stdin:4:8: no velocity; it is note-on CHANNEL NOTE VELOCITY
on 1 60
       ^" "$(grep -v '^[a-z-]*\( 1 60 100\)\?$' <<< "$stderr")"
  same "note-on 1 60 100
clock
start" "$(grep '^[a-z-]*\( 1 60 100\)\?$' <<< "$stderr")"
  run_mmpy 1 --strict -e 'print(e)' < events
  same "note-on 1 60 100
note-off 1 60 64" "$output"
  same "note-on 1 60 100
mmpy: stdin:2:1: unknown kind 'nite-on'; did you mean 'note-on'?
nite-on 1 2 3
^" "$stderr"
}

# --- the end ---

@test "what sounds is released at the end of input, by a signal, and by sys.exit()" {
  printf '%s\n' 'on 1 60 100 @a' 'on 1 61 1' 'on 2 60 100' 'cc 1 64 127 @a' 'off 2 60 0' > events
  ends='note-off 1 61 64
note-off 1 60 64 @a
control-change 1 64 0 @a'
  run_mmpy 0 -e pass < events
  same "$ends" "$(tail -n +6 <<< "$output")"
  run_mmpy 0 --no-release -e pass < events
  same "" "$(tail -n +6 <<< "$output")"
  run_mmpy 0 -e 'if e.kind == "note-off": exit()' < events
  same "note-off 1 61 64
note-off 2 60 64
note-off 1 60 64 @a
control-change 1 64 0 @a" "$(tail -n +5 <<< "$output")"
  for signal in TERM INT HUP; do
    live "$signal" -e pass
    cat events >&8
    await "$signal.out" 'note-off 2 60 0'
    stop "$signal" "$signal"
    same "$((128 + $(kill -l "$signal")))" "$status"
    same "$ends" "$(tail -n +6 "$signal.out")"
    same "" "$(cat "$signal.err")"
  done
  live bare --no-release -e pass
  cat events >&8
  await bare.out 'note-off 2 60 0'
  stop bare
  same 143 "$status"
  same 5 "$(wc -l < bare.out)"
}

@test "what a script itself has sent is released, and what it has ended is not" {
  script << 'PY'
import mm
@mm.on("note", channel=1)
def sink(e): mm.send(e.replace(channel=2, port="out"))
@mm.on("clock")
def panic(e): return mm.sounding()
PY
  run_mmpy 0 s.py <<< $'on 1 60 1\non 1 61 1\noff 1 60 0'
  same "note-on 2 60 1 @out
note-on 2 61 1 @out
note-off 2 60 0 @out
note-off 2 61 64 @out" "$output"
  run_mmpy 0 s.py <<< $'on 1 60 1\non 1 61 1\nclock'
  same "note-on 2 60 1 @out
note-on 2 61 1 @out
note-off 2 60 64 @out
note-off 2 61 64 @out" "$output"
}

@test "a reader that goes away ends mmpy by SIGPIPE, and at_exit functions are called" {
  script << 'PY'
import mm
mm.on("clock")(lambda e: e)
mm.at_exit(lambda: mm.log("ends"))
PY
  mkfifo in
  for option in --no-release --keep-open; do
    exec 8<> in
    { mmpy s.py $option < in 2> err 8>&- || echo $? > status; } | head -n 1 > out &
    printf 'note-on 1 60 100\nclock\n' >&8
    await status '[0-9]'
    same 141 "$(cat status)"
    same "note-on 1 60 100" "$(cat out)"
    same "mmpy: ends" "$(cat err)"
    exec 8>&-
    rm status
  done
  { yes 'on 1 60 1' | mmpy -e pass 2> err || echo "${PIPESTATUS[1]}" > status; } | head -n 1 > out
  same 141 "$(cat status)"
  same "" "$(cat err)"
}

@test "stdout that is full is an error" {
  status=0
  yes clock | head -n 100000 | mmpy -e pass > /dev/full 2> err || status=$?
  same 1 "$status"
  same "mmpy: stdout: No space left on device" "$(cat err)"
}

@test "--keep-open stays when stdin ends" {
  script << 'PY'
import mm
numbers = iter(range(128))
mm.every(0.01, lambda: mm.send(mm.song_select(next(numbers))))
mm.after(0.1, lambda: mm.log("one-shot"))
PY
  start stays mmpy --keep-open s.py
  await stays.err 'one-shot'
  await stays.out 'song-select 30'
  stop stays
  same 143 "$status"
  same "mmpy: one-shot" "$(cat stays.err)"
  run_mmpy 0 s.py < /dev/null
  same "mmpy: one-shot" "$stderr"
}

@test "at_start before the first event, at_exit at the end, in their order; what they give is sent" {
  script << 'PY'
import mm, sys
mm.log("loaded")
@mm.at_start
def one(): mm.log("one"); mm.send(mm.start())
@mm.at_start
def two(): mm.log("two"); return mm.continue_()
@mm.at_start
async def three(): mm.log("three"); mm.send(mm.tune_request())
@mm.at_exit
def four(): mm.log("four"); mm.send(mm.stop())
@mm.at_exit
def five():
    mm.log("five")
    yield mm.note_off(1, 60)
    yield mm.song_select(5)
@mm.at_exit
async def six(): mm.log("six"); return [mm.reset(), mm.clock()]
@mm.on()
def f(e):
    mm.log("event", e.kind)
    if e.kind == "song-select": sys.exit(e.song)
    return e
PY
  before='mmpy: loaded
mmpy: one
mmpy: two'
  after='mmpy: four
mmpy: five
mmpy: six'
  ends='stop
note-off 1 60 64
song-select 5
reset
clock
note-off 1 61 64'
  run_mmpy 0 s.py <<< $'on 1 60 1\non 1 61 1'
  same "start
continue
tune-request
note-on 1 60 1
note-on 1 61 1
$ends" "$(lines <(echo "$output"))"
  same "$before
mmpy: three
mmpy: event note-on
mmpy: event note-on
$after" "$stderr"
  run_mmpy 7 s.py <<< $'on 1 60 1\non 1 61 1\nsong-select 7\nclock'
  same "$ends" "$(lines <(echo "$output") | tail -n +6)"
  for signal in INT TERM HUP; do
    live "$signal" s.py
    printf 'on 1 60 1\non 1 61 1\n' >&8
    await "$signal.out" 'note-on 1 61 1'
    stop "$signal" "$signal"
    same "$((128 + $(kill -l "$signal")))" "$status"
    same "$ends" "$(lines "$signal.out" | tail -n +6)"
    same "$after" "$(tail -n 3 "$signal.err")"
  done
  rm -f TERM.in
  live TERM --keep-open s.py # before anything came
  await TERM.out tune-request
  stop TERM
  same "start
continue
tune-request
stop
note-off 1 60 64
song-select 5
reset
clock" "$(lines TERM.out)"
}

@test "--ready-fd is written when the scripts are loaded, and before at_start" {
  script << 'PY'
import mm, os
mm.log("loads", os.path.getsize("ready"))
mm.at_start(lambda: mm.log("starts", os.path.getsize("ready")))
PY
  mmpy s.py --ready-fd 9 9> ready < /dev/null 2> err
  same "mmpy: loads 0
mmpy: starts 1" "$(cat err)"
}

@test "at_start and at_exit functions that raise: the others are called, and it is status 1" {
  script << 'PY'
import mm
@mm.at_start
def one(): 1 / 0
@mm.at_start
def two(): mm.send(mm.start())
@mm.at_exit
def three(): return "stop"
@mm.at_exit
def four(): return mm.reset()
PY
  run_mmpy 1 s.py <<< clock
  same "start
clock
reset" "$(lines <(echo "$output"))"
  same "Traceback (most recent call last):
  File \"s.py\", line 3, in one
    def one(): 1 / 0
               ~~^~~
ZeroDivisionError: division by zero
TypeError: an event, several, or None is wanted, not str; mm.parse() makes an event of a line" "$stderr"
}

@test "sys.exit(n) ends with n, wherever it is called; what came before is printed" {
  script << 'PY'
import mm, os, sys
def leave(*ignored): sys.exit(9)
@mm.on("song-select")
def f(e):
    match e.song:
        case 0: leave()
        case 1: mm.after(0, leave)
        case 2: mm.every(0.001, leave)
        case 3:
            readable, writable = os.pipe()
            os.write(writable, b"x")
            mm.watch(readable, leave)
        case 4: mm.at_exit(leave); sys.exit(3)
        case 5: return (leave() for i in range(1))
        case 6:
            try: 1 / 0
            except ZeroDivisionError: leave()
    return e
@mm.on("song-position")
async def g(e): leave()
PY
  for n in {0..6}; do
    # It stays open: if it did not end by itself, this would wait for ever.
    { echo 'on 1 60 1'; echo "song-select $n"; } > in
    run_mmpy 9 --keep-open s.py < in
    same "note-on 1 60 1" "$(head -n 1 <<< "$output")"
    same "note-off 1 60 64" "$(lines <(tail -n 1 <<< "$output"))"
    same "" "$stderr"
  done
  run_mmpy 9 --keep-open s.py <<< 'spp 1'
  same "" "$output$stderr"
  for way in 'sys.exit()=0' 'sys.exit(0)=0' 'sys.exit(None)=0' 'sys.exit(255)=255' \
    'sys.exit(True)=1' 'raise SystemExit(4)=4' 'sys.exit("so: what")=1' 'sys.exit([1])=1'; do
    run_mmpy "${way#*=}" -e 'import sys' -e "${way%=*}" <<< clock
    same "" "$output"
  done
  run_mmpy 1 -e 'import sys' -e 'sys.exit("so: what")' <<< clock
  same "mmpy: so: what" "$stderr"
}

@test "Ctrl-C ends a handler that hangs, and SIGTERM and SIGHUP do as well" {
  script << 'PY'
import mm, time
@mm.on("start")
def spin(e):
    mm.log("hangs")
    while True: pass
@mm.on("stop")
def sleep(e):
    mm.log("hangs")
    time.sleep(1000)
@mm.on("continue")
def clean(e):
    try:
        sleep(e)
    except KeyboardInterrupt:
        mm.log("cleans up")
        return e
@mm.at_exit
def end(): mm.send(mm.reset())
PY
  for way in start:INT stop:INT continue:INT start:TERM stop:HUP; do
    live "$way" s.py
    printf 'on 1 60 1\n%s\nclock\n' "${way%:*}" >&8
    await "$way.err" hangs
    stop "$way" "${way#*:}"
    same "$((128 + $(kill -l "${way#*:}")))" "$status"
    [ $way = continue:INT ] || same "mmpy: hangs" "$(cat "$way.err")"
    [ $way = continue:INT ] || same "note-on 1 60 1
reset
note-off 1 60 64" "$(lines "$way.out")"
  done
  same "mmpy: hangs
mmpy: cleans up" "$(cat continue:INT.err)"
  same "note-on 1 60 1
continue
reset
note-off 1 60 64" "$(lines continue:INT.out)"
  live loads -e pass # and one that hangs while it is loaded
  stop loads
  echo 'print("loads"); import time; time.sleep(1000)' > hangs.py
  env --default-signal=INT mmpy hangs.py < /dev/null > out 2> err 3>&- &
  # shellcheck disable=SC2034 # for stop
  PID[hangs]=$!
  await err loads
  stop hangs INT
  same 130 "$status"
}

# --- exceptions ---

@test "an exception costs one event: where it was, and what it was at; a note's end passes still" {
  script << 'PY'
import mm
@mm.on("note")
def f(e):
    e.channel = 16
    e.note = 1
    return helper(e)

def helper(e):
    raise KeyError("no such")
@mm.on("cc")
def g(e):
    yield e
    e.value = 128
    yield e
PY
  printf '%s\n' 'on 1 61 1 @a' 'off 1 61 0 @a' 'cc 1 7 1' 'cc 1 64 0' clock > events
  run_mmpy 1 s.py < events
  same "control-change 1 7 1
control-change 1 64 0
clock" "$output"
  same "mmpy: at note-on 1 61 1 @a:
Traceback (most recent call last):
  File \"s.py\", line 6, in f
    return helper(e)
           ^^^^^^^^^
  File \"s.py\", line 9, in helper
    raise KeyError(\"no such\")
KeyError: 'no such'
mmpy: at control-change 1 7 1:
Traceback (most recent call last):
  File \"s.py\", line 13, in g
    e.value = 128
    ^^^^^^^
ValueError: value '128' is not in 0..127
mmpy: the same 1 time more (KeyError, s.py:9)
mmpy: the same 1 time more (ValueError, s.py:13)" "$stderr"
  # What ends something passes, once: note-offs, note-ons of velocity 0, pedals.
  script << 'PY'
import mm
mm.at_start(lambda: [mm.note_on(1, 60), mm.note_on(1, 61, port="a"), mm.note_on(1, 62),
                     mm.control_change(1, 64, 127), mm.control_change(1, 7, 127)])
@mm.on()
def f(e): raise ValueError
PY
  run_mmpy 1 --no-release s.py <<< $'9.5 off 1 60 3
off 1 60 4\noff 1 61 0\noff 1 61 0 @a\non 1 62 0\non 1 62 1\ncc 1 64 0\ncc 1 7 0\nclock'
  same "9.500000000 note-off 1 60 3
note-off 1 61 0 @a
note-on 1 62 0
control-change 1 64 0" "$(tail -n +6 <<< "$output")"
}

@test "the same exception is told once a second, then how often it came; others are told beside it" {
  script << 'PY'
import mm
@mm.on("clock")
def f(e):
    1 / 0
@mm.on("start")
def g(e):
    [][0]
PY
  live many s.py
  yes clock | head -n 1000 >&8
  printf 'start\nstop\n' >&8
  await many.out stop
  await many.err '^mmpy: the same'
  told="mmpy: at clock:
Traceback (most recent call last):
  File \"s.py\", line 4, in f
    1 / 0
    ~~^~~
ZeroDivisionError: division by zero
mmpy: at start:
Traceback (most recent call last):
  File \"s.py\", line 7, in g
    [][0]
    ~~^^^
IndexError: list index out of range
mmpy: the same 999 times more (ZeroDivisionError, s.py:4)"
  same "$told" "$(cat many.err)"
  printf 'clock\nclock\n' >&8 # in the next second
  hang_up many
  same 1 "$status"
  same "$told
mmpy: the same 2 times more (ZeroDivisionError, s.py:4)" "$(cat many.err)"
  same stop "$(cat many.out)"
}

@test "--strict ends at the first exception, wherever it is raised" {
  script << 'PY'
import mm
@mm.on("start")
def f(e): return 1
mm.every(0.001, lambda: 1 / 0)
PY
  run_mmpy 1 --strict --virtual-clock s.py <<< $'on 1 60 1\nstart\nclock'
  same "note-on 1 60 1
note-off 1 60 64" "$output"
  same "mmpy: at start:
TypeError: an event, several, or None is wanted, not int" "$stderr"
  run_mmpy 1 --strict --keep-open s.py < /dev/null
  same "" "$output"
  same "ZeroDivisionError: division by zero" "$(tail -n 1 <<< "$stderr")"
}

# --- reload ---

@test "--reload: a file, or a module beside it, that changes takes the place of what there was" {
  cat > one.py << 'PY'
import mm, os, helper
version = globals().get("version", 0) + 1
@mm.on("note")
def f(e): return e.replace(note=e.note + helper.by)
mm.at_start(lambda: mm.log("one starts", version, mm.state.controller(1, 7)))
mm.at_exit(lambda: mm.log("one ends"))
mm.every(0.002, lambda: mm.log("timer of one"))
readable, writable = os.pipe()
os.write(writable, b"x")
mm.watch(readable, lambda fd: mm.log("watch of one"))
mm.send(mm.song_select(1), after=0.5)
PY
  cat > two.py << 'PY'
import mm
@mm.on("note")
def g(e): yield e; yield e.replace(channel=2)
PY
  echo 'by = 1' > helper.py
  live re --reload one.py two.py
  printf 'cc 1 7 99\non 1 60 1\n' >&8
  await re.out 'note-on 2 61 1'
  await re.err 'timer of one'
  await re.err 'watch of one'
  sed -i 's/by = 1/by = 2/' helper.py
  await re.err 'one starts 1 99'
  echo 'on 1 60 1' >&8
  await re.out 'note-on 2 62 1'
  sed 's/channel=2/channel=3/' two.py > new.py
  mv new.py two.py # as editors do
  await re.out 'note-off 2 62 64'
  echo 'on 1 60 1' >&8
  await re.out 'note-on 3 62 1'
  cat > one.py << 'PY'
import mm
mm.log("of one there is nothing left")
mm.at_exit(lambda: mm.log("the new one ends"))
mm.after(0.05, lambda: mm.log("timer of the new one"))
PY
  await re.err 'timer of the new one'
  echo 'off 1 60 1' >&8
  await re.out 'note-off 3 60 1'
  hang_up re
  same 0 "$status"
  same "control-change 1 7 99
note-on 1 61 1
note-on 2 61 1
note-off 1 61 64
note-off 2 61 64
note-on 1 62 1
note-on 2 62 1
note-off 1 62 64
note-off 2 62 64
note-on 1 62 1
note-on 3 62 1
note-off 1 62 64
note-off 3 62 64
note-off 1 60 1
note-off 3 60 1" "$(lines re.out | grep -v song-select)"
  same "song-select 1
song-select 1
song-select 1" "$(lines re.out | grep song-select)"
  same "mmpy: one starts 1 None
mmpy: one ends
mmpy: one starts 1 99
mmpy: reloaded
mmpy: one ends
mmpy: one starts 1 99
mmpy: reloaded
mmpy: of one there is nothing left
mmpy: one ends
mmpy: reloaded
mmpy: timer of the new one
mmpy: the new one ends" "$(grep -vE '(timer|watch) of one' re.err)"
  same "mmpy: of one there is nothing left
mmpy: one ends
mmpy: reloaded
mmpy: timer of the new one
mmpy: the new one ends" "$(sed -n '/there is nothing left/,$p' re.err)"
}

@test "--reload: what cannot be loaded is shown, and what there was goes on" {
  cat > s.py << 'PY'
import mm, helper
@mm.on("song-select")
def f(e): mm.log("old", helper.x, e.song); return e
mm.every(0.002, lambda: mm.log("tick"))
mm.at_exit(lambda: mm.log("old ends"))
PY
  cp s.py old.py
  echo 'x = 1' > helper.py
  live re --reload s.py
  number=0
  goes_on() { # what there was still works
    : $((++number))
    echo "song-select $number" >&8
    await re.err "old 1 $number"
  }
  echo 'on 1 60 1' >&8
  goes_on
  printf 'import mm\nif x\n' > s.py
  await re.err SyntaxError
  goes_on
  cat > s.py << 'PY'
import mm, helper
mm.on("song-select")(lambda e: mm.log("half"))
mm.every(0.001, lambda: mm.log("tick of half"))
mm.at_start(lambda: mm.log("half starts"))
mm.at_exit(lambda: mm.log("half ends"))
helper.x = 17 # this was of the new one, and goes with it
1 / 0
PY
  await re.err ZeroDivisionError
  goes_on
  echo 'x = 3; y =' > helper.py
  await re.err 'y =$'
  goes_on
  sed 's/old/new/' old.py > s.py
  goes_on
  echo 'x = 4' > helper.py
  await re.err '^mmpy: reloaded'
  echo 'song-select 10' >&8
  await re.err 'new 4 10'
  hang_up re
  same 0 "$status"
  same "note-on 1 60 1
song-select 1
song-select 2
song-select 3
song-select 4
song-select 5
note-off 1 60 64
song-select 10" "$(lines re.out)"
  same "mmpy: old 1 1
  File \"s.py\", line 2
    if x
        ^
SyntaxError: expected ':'
mmpy: not reloaded; what was loaded before goes on
mmpy: old 1 2
Traceback (most recent call last):
  File \"s.py\", line 7, in <module>
    1 / 0
    ~~^~~
ZeroDivisionError: division by zero
mmpy: not reloaded; what was loaded before goes on
mmpy: old 1 3
Traceback (most recent call last):
  File \"s.py\", line 1, in <module>
    import mm, helper
  File \"$PWD/helper.py\", line 1
    x = 3; y =
              ^
SyntaxError: invalid syntax
mmpy: not reloaded; what was loaded before goes on
mmpy: old 1 4
Traceback (most recent call last):
  File \"s.py\", line 1, in <module>
    import mm, helper
  File \"$PWD/helper.py\", line 1
    x = 3; y =
              ^
SyntaxError: invalid syntax
mmpy: not reloaded; what was loaded before goes on
mmpy: old 1 5
mmpy: old ends
mmpy: reloaded
mmpy: new 4 10
mmpy: new ends" "$(grep -v 'tick$' re.err)"
}

@test "--reload: lines that come meanwhile are all handled, in their order, by one or the other" {
  cat > s.py << 'PY'
import mm
@mm.on("spp")
def f(e): return e.replace(port="old")
PY
  live re --reload s.py
  (
    for i in {0..4999}; do echo "spp $i"; done
    sed 's/old/new/' s.py > next.py
    mv next.py s.py
    for i in {5000..9999}; do echo "spp $i"; done
  ) >&8
  await re.err reloaded
  echo 'spp 10000' >&8
  hang_up re
  same 0 "$status"
  same "$(printf 'song-position %s\n' {0..10000})" "$(sed 's/ @.*//' re.out)"
  same "old new" "$(sed 's/.*@//' re.out | uniq | paste -sd ' ')"
}

@test "--reload: a module that is saved several times within a second" {
  unset PYTHONDONTWRITEBYTECODE # what Python keeps of a module is as good as new for a second
  printf 'import mm, helper\nmm.log("x is", helper.x)\n' > s.py
  echo 'x = 1' > helper.py
  live re --reload s.py
  for x in 2 3 4 5; do
    echo "x = $x" > helper.py
    await re.err "x is $x"
  done
  hang_up re
  same "mmpy: x is 1
mmpy: x is 2
mmpy: reloaded
mmpy: x is 3
mmpy: reloaded
mmpy: x is 4
mmpy: reloaded
mmpy: x is 5
mmpy: reloaded" "$(cat re.err)"
}

@test "--reload: a script that goes to another folder" {
  mkdir dir
  cat > dir/s.py << 'PY'
import mm, os
os.chdir("/")
mm.log("version 1")
PY
  live re --reload dir/s.py
  sed -i 's/version 1/version 2/' dir/s.py
  await re.err "version 2"
  hang_up re
  same "mmpy: version 1
mmpy: version 2
mmpy: reloaded" "$(cat re.err)"
}
