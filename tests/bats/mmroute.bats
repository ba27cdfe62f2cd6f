#!/usr/bin/env bats
# mmroute as a stage of a pipeline: how rules are given, what passes, faults, signals, reloading.
# What each rule does is in mmroute_rules.bats.

load helpers

setup() { cd "$BATS_TEST_TMPDIR" || exit; }
teardown() { stop_all; }

# rules [NAME]: a file of rules, from stdin.
rules() { cat > "${1:-a.rules}"; }

# live NAME ARG...: mmroute in the background; $NAME.in is a FIFO, which is open as 8.
live() {
  mkfifo "$1.in"
  exec 8<> "$1.in"
  start "$1" mmroute "${@:2}"
}

# play LINE...: into it.
play() { printf '%s\n' "$@" >&8; }

# hang_up NAME: the end of its input.
hang_up() {
  exec 8>&-
  finish "$1"
}

# route STATUS ARG...: mmroute, with $output and $stderr apart; its input is that of this function.
route() { run --separate-stderr "-$1" mmroute "${@:2}"; }

# gives INPUT EXPECTED ARG...: mmroute with these arguments; the lines have '; ' between them.
gives() {
  route 0 "${@:3}" <<< "${1//; /$'\n'}"
  same "${2//; /$'\n'}" "$output"
  same "" "$stderr"
}

# faulty RULE MESSAGE: with its place and the line; the caret stands under the column.
faulty() {
  local column=${2%%:*} caret
  printf -v caret '%*s' "$column" '^'
  route 2 --check -- "$1" < /dev/null
  same "mmroute: rule 1:1:$2
$1
$caret" "$stderr"
  same "" "$output"
}

# --- what passes ---

@test "--help is one screen, and --version a line" {
  run -0 mmroute --help
  ((${#lines[@]} <= 64))
  same "" "$(awk 'length > 100' <<< "$output")"
  grep -q '^Examples:' <<< "$output"
  run -0 mmroute --version
  [[ $output =~ ^mmroute\ \(mmtools\)\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "what no rule changes passes byte for byte: spelling, blanks, comments, TIMEs, line ends" {
  printf '%s\n' '  on  1 C4 0x5a   # loud' $'12.5\toff 1 60 64\t@a  ' '+0.25 cc 1 7 1 #x' $'cc 1 7 2\r' \
    '007.10 pb 1 -0' ':text  "a  b"   # c' 'syx f0431000f7' 'raw 0x90 3c 5' 'nrpn 1 1000 5' '1 off 1 60 0' > in
  for rule in '' ':nothing -> drop' 'any -> pass' 'cc 9 -> drop' 'note ch 2 -> transpose 5'; do
    mmroute "$rule" < in > out
    cmp in out
  done
  random_events 20000 1 | awk '{ printf "%s%s%s\n", NR % 3 ? "" : NR / 8 " ", $0, NR % 5 ? "" : " @p # " NR }' > in
  mmroute --no-release < in > out
  cmp in out
  mmroute --no-release 'any ch 1 cc 7 value 127 key 5 -> drop' 'any -> pass' < in > out
  cmp in out
}

@test "lines without an event are skipped, and the last line gets its end" {
  printf '\n# nothing\n   \n \t # x\nclock\n\nstop # y' > in
  route 0 < in
  same 'clock
stop # y' "$output"
  printf 'clock' > in
  mmroute < in > out
  printf 'clock\n' | cmp - out
  mmroute < /dev/null > out
  cmp /dev/null out
}

@test "--canonical prints every line anew" {
  printf '  on  1 C4 0x5a   # loud\n12.5\toff 1 60 64\t@a\n+0.25 cc 1 7 1 #x\r\nsyx 4310\noff 1 60 1\n' > in
  route 0 --canonical < in
  same 'note-on 1 60 90
12.500000000 note-off 1 60 64 @a
+0.250000000 control-change 1 7 1
sysex f0 43 10 f7
note-off 1 60 1' "$output"
  route 0 --canonical 'cc -> drop' < in
  same 'note-on 1 60 90
12.500000000 note-off 1 60 64 @a
+0.250000000 sysex f0 43 10 f7
note-off 1 60 1' "$output"
}

@test "relative TIMEs: what is dropped is added to the next, so that nothing comes too early" {
  gives '+0.5 clock; +0.25 cc 1 1 1; +1 clock; +1 cc 1 1 1; 2 clock; +1 cc 1 1 1; +1 stop' \
    '+0.5 clock; +1.250000000 clock; 2 clock; +2.000000000 stop' 'cc -> drop'
  gives '+0.5 cc 1 1 1; +0.25 cc 1 1 1; +1 clock; +1 stop' '+1.750000000 clock; +1 stop' 'cc -> drop'
  gives '5 cc 1 1 1; +0.25 cc 1 1 1; +1 clock; +1 stop' '6.250000000 clock; +1 stop' 'cc -> drop'
  gives '+0.5 cc 1 1 1; +1 clock' '+0.500000000 control-change 2 1 1; +1 clock' 'cc -> ch 2'
  gives '+0.5 cc 1 1 1; +1 clock' '+0.500000000 start; +0.000000000 control-change 1 1 1; +1 clock' 'cc -> send start'
  gives '+0.5 on 1 60 9; +0.1 off 1 60 3; +2 stop' \
    '+0.5 on 1 60 9; +0.000000000 note-on 1 64 9; +0.1 off 1 60 3; +0.000000000 note-off 1 64 3; +2 stop' 'note -> chord 0,4'
}

@test "relative TIMEs: what is sent later stands at its time between the others" {
  gives '5 cc 1 1 1; +0.1 start; +2 stop' '5 cc 1 1 1; +0.1 start; +0.400000000 clock; +1.600000000 stop' \
    --virtual-clock 'cc -> send +0.5 clock'
  gives '+1 cc 1 1 1; +0.1 start; +2 stop' '+1 cc 1 1 1; +0.1 start; +0.400000000 clock; +1.600000000 stop' \
    --virtual-clock 'cc -> send +0.5 clock'
  gives '+1 cc 1 1 1; +1 cc 1 1 2; +1 stop' '+1.250000000 control-change 1 1 1; +1.000000000 control-change 1 1 2; +0.750000000 stop' \
    --virtual-clock 'cc -> delay 0.25'
  gives '1 cc 1 1 1; +0.5 cc 1 1 2' '1.100000000 control-change 1 1 1; +0.500000000 control-change 1 1 2' \
    --virtual-clock 'cc -> delay 0.1'
}

@test "relative TIMEs: what is sent before the first event counts" {
  gives '+1 clock; +1 clock' '+0.500000000 start; +0.500000000 clock; +0.500000000 stop; +0.500000000 clock' \
    --virtual-clock 'enter -> send +0.5 start, send +1.5 stop'
}

@test "no TIMEs at all: what is sent later says how much later" {
  gives 'on 1 60 9; off 1 60 3; stop' 'on 1 60 9; off 1 60 3; stop; +0.500000000 note-on 1 72 9; +0.000000000 note-off 1 72 3' \
    --virtual-clock 'note -> echo 0.5 times 1 fade 1 transpose 12'
  gives '5 start; on 1 60 9; off 1 60 3' '5 start; 5.250000000 note-on 1 60 9; 5.250000000 note-off 1 60 3' \
    --virtual-clock 'note -> delay 0.25'
}

# --- formats ---

@test "--from and --to: json, raw, mido and text, each to each" {
  printf '%s\n' '1.500000000 note-on 1 60 9' 'pitch-bend 2 -300' 'sysex f0 43 10 f7' 'note-off 1 60 3' > in.text
  printf '%s\n' '{"time":1.500000000,"kind":"note-on","channel":1,"note":60,"velocity":9}' \
    '{"kind":"pitch-bend","channel":2,"bend":-300}' '{"kind":"sysex","data":[240,67,16,247]}' \
    '{"kind":"note-off","channel":1,"note":60,"velocity":3}' > in.json
  printf '%s\n' 'note_on channel=0 note=60 velocity=9 time=1.500000000' \
    'pitchwheel channel=1 pitch=-300 time=0' 'sysex data=(67,16) time=0' \
    'note_off channel=0 note=60 velocity=3 time=0' > in.mido
  printf '\x90\x3c\x09\xe1\x54\x3d\xf0\x43\x10\xf7\x80\x3c\x03' > in.raw
  for to in text json mido raw; do
    for from in text json mido; do
      mmroute --from $from --to $to < in.$from > made
      cmp in.$to made
      mmroute --from $from --to $to 'any -> ch +1' 'then' 'any -> ch -1' < in.$from > made
      cmp in.$to made
    done
    mmroute --from raw --to $to < in.raw > made
    sed 's/^1.5[0-9]* //; s/"time":[0-9.]*,//; s/time=1.5[0-9]*/time=0/' in.$to | cmp - made
  done
}

@test "formats: tags, meta events, wide values, relative times, running status" {
  printf '%s\n' '1 on 1 60 9 @a' ':text "x"' '2 nrpn 1 1000 300' '+0.5 off 1 60 1 @a' > in
  route 0 --to json < in
  same '{"time":1.000000000,"kind":"note-on","channel":1,"note":60,"velocity":9,"port":"a"}
{"kind":":text","arguments":"\"x\""}
{"time":2.000000000,"kind":"nrpn","channel":1,"number":1000,"value":300}
{"after":0.500000000,"kind":"note-off","channel":1,"note":60,"velocity":1,"port":"a"}' "$output"
  route 0 --to mido < in
  same 'note_on channel=0 note=60 velocity=9 time=1.000000000
# :text "x"
control_change channel=0 control=99 value=7 time=2.000000000
control_change channel=0 control=98 value=104 time=2.000000000
control_change channel=0 control=6 value=2 time=2.000000000
control_change channel=0 control=38 value=44 time=2.000000000
note_off channel=0 note=60 velocity=1 time=0.500000000' "$output"
  mmroute --to raw < in | od -An -tx1 > out
  same ' 90 3c 09 b0 63 07 b0 62 68 b0 06 02 b0 26 2c 80
 3c 01' "$(cat out)"
  # Running status, and a clock inside a message.
  printf '\x90\x3c\x40\x3e\xf8\x41\x3c\x00\x3e\x00' | mmroute --from raw 'note -> transpose 1' > out
  same 'note-on 1 61 64
clock
note-on 1 63 65
note-on 1 61 0
note-on 1 63 0' "$(cat out)"
  # What was dropped and what was changed.
  route 0 --from json --to json 'clock -> drop' 'cc -> ch 2' <<< $'{"kind":"clock"}\n{"kind":"cc","channel":1,"controller":5,"value":6}'
  same '{"kind":"control-change","channel":2,"controller":5,"value":6}' "$output"
}

@test "--note-names, --middle-c: the names of notes, in lines and in rules" {
  printf 'on 1 60 9\noff 1 C4 9 # x\non 1 F#3 0\n' > in
  route 0 --note-names < in
  same 'note-on 1 C4 9
note-off 1 C4 9
note-on 1 F#3 0' "$output"
  route 0 --note-names --middle-c 3 < in
  same 'note-on 1 C3 9
note-off 1 C4 9
note-on 1 F#3 0
note-off 1 C3 64' "$output"
  gives 'on 1 60 9; off 1 60 9; on 1 48 9; off 1 48 9' 'on 1 60 9; off 1 60 9; note-on 2 48 9; note-off 2 48 9' 'note key C3 -> ch 2'
  gives 'on 1 60 9; off 1 60 9; on 1 48 9; off 1 48 9' 'note-on 2 60 9; note-off 2 60 9; note-on 1 48 9; note-off 1 48 9' --middle-c 3 'note key C3 -> ch 2'
}

@test "bytes that are no MIDI: dropped and counted, or kept; --max-sysex" {
  printf '\x05\x90\x3c\x05\xf4\x80\x3c\x05' > in
  route 1 --from raw < in
  same 'note-on 1 60 5
note-off 1 60 5' "$output"
  same "mmroute: dropped 2 bytes: no MIDI, or of a sysex over --max-sysex (--keep-raw passes them on)" "$stderr"
  route 0 --from raw --keep-raw < in
  same 'raw 05
note-on 1 60 5
raw f4
note-off 1 60 5' "$output"
  same "" "$stderr"
  mmroute --from raw --to raw --keep-raw < in > out
  cmp in out
  { printf '\xf0'; head -c 30 /dev/zero; printf '\xf7\xf8'; } > in
  route 1 --from raw --max-sysex 16 < in
  same 'clock' "$output"
  same "mmroute: dropped 32 bytes: no MIDI, or of a sysex over --max-sysex (--keep-raw passes them on)" "$stderr"
}

# --- lines that do not parse ---

@test "a line that does not parse is reported with a caret and skipped; --strict ends there" {
  printf 'clock\nclok\nstop\n  note-on 1 C4 200\ncc 1 1 1\n' > in
  route 1 'cc -> ch 2' < in
  same 'clock
stop
control-change 2 1 1' "$output"
  same "mmroute: stdin:2:1: unknown kind 'clok'; did you mean 'clock'?
clok
^
mmroute: stdin:4:16: velocity '200' is not in 0..127
  note-on 1 C4 200
               ^" "$stderr"
  printf 'on 1 60 9\nclok\nstop\n' > in
  route 1 --strict 'note -> ch 2' < in
  same 'note-on 2 60 9
note-off 2 60 64' "$output"
  same "mmroute: stdin:2:1: unknown kind 'clok'; did you mean 'clock'?
clok
^" "$stderr"
  route 1 --from json <<< $'{"kind":"clock"}\n{"kind":"clck"}'
  same 'clock' "$output"
  [[ $stderr == "mmroute: stdin:2:"*"unknown kind 'clck'; did you mean 'clock'?"* ]]
}

# --- how rules are given ---

@test "files and arguments: in their order, arguments behind all files, where the last one ended" {
  rules a.rules <<< 'cc 1 -> ch 2'
  rules b.rules <<< $'cc -> ch 3\nscene late\nnote -> ch 9'
  gives 'cc 1 1 1; cc 1 2 1' 'control-change 2 1 1; control-change 3 2 1' -f a.rules -f b.rules
  gives 'cc 1 1 1; cc 1 2 1' 'control-change 3 1 1; control-change 3 2 1' -f b.rules -f a.rules
  gives 'cc 1 1 1; pc 1 1' 'control-change 2 1 1; program-change 5 1' 'prog -> ch 5' -f a.rules
  gives 'cc 1 1 1' 'control-change 2 1 1' 'cc -> ch 7' --file=a.rules
  # The argument belongs to the scene that the file ended in.
  gives 'cc 1 1 1; pc 1 1' 'control-change 3 1 1; program-change 5 1' -f b.rules 'prog -> ch 5'
  gives 'cc 1 1 1; pc 1 1' 'control-change 3 1 1; program-change 6 1' -f b.rules 'prog -> ch 5' --scene other 'scene other' 'prog -> ch 6'
  gives 'cc 1 1 1; pc 1 1' 'control-change 4 1 1; program-change 4 1' -f b.rules 'then' 'any -> ch 4'
  # One argument with several lines; rules that begin like options.
  gives 'cc 1 1 1; pc 1 1' 'control-change 2 1 1; program-change 3 1' $'cc -> ch 2\n# x\nprog ->\n  ch 3'
  gives 'cc 1 1 1' 'control-change 2 1 1' -- 'cc -> ch 2'
  # Empty ones.
  : > empty.rules
  gives 'cc 1 1 1' 'cc 1 1 1' -f empty.rules
  gives 'cc 1 1 1' 'cc 1 1 1' -f empty.rules ''
  # A pipe is a file as well.
  route 0 -f <(echo 'cc -> ch 2') <<< 'cc 1 1 1'
  same 'control-change 2 1 1' "$output"
}

@test "files that cannot be read: what is wrong, exit 2, and nothing is read" {
  route 2 -f none.rules <<< clock
  same "mmroute: none.rules: No such file or directory" "$stderr"
  same "" "$output"
  mkdir dir.rules
  route 2 -f dir.rules <<< clock
  same "mmroute: dir.rules: Is a directory" "$stderr"
  same "" "$output"
  route 2 -f /dev/zero <<< clock
  same "mmroute: /dev/zero: it is larger than 67108864 bytes" "$stderr"
  same "" "$output"
  printf 'cc -> drop\0\n' > nul.rules
  route 2 -f nul.rules <<< clock
  [[ $stderr == "mmroute: nul.rules:1:"* ]]
  same "" "$output"
}

@test "typing mistakes: what was meant, exit 2, and nothing is started" {
  wrong() { # EXPECTED ARG...
    route 2 "${@:2}" <<< clock
    same "mmroute: $1
Try 'mmroute --help'." "$stderr"
    same "" "$output"
  }
  wrong "unknown option '--scen'; did you mean '--scene'?" --scen x
  wrong "unknown option '-> x'" '-> x'
  wrong "--explain needs a value" --explain
  wrong "-f -: stdin is for events; name a file, or write the rules as arguments" -f -
  wrong "--tempo '0': it is a number above 0" --tempo 0
  wrong "--tempo 'fast': it is a number above 0" --tempo fast
  wrong "--seed '-1': it is a whole number, 0 or more" --seed=-1
  wrong "--middle-c '20': it is a whole number in -5..9" --middle-c 20
  wrong "--max-sysex 'x': it is a whole number in 16..1073741824" --max-sysex x
  wrong "--from 'jason': it is one of text json raw mido" --from jason
  wrong "--to 'smf': it is one of text json raw mido" --to smf
  wrong "--check, --dot and --explain exclude each other" --check --dot
  wrong "--check, --dot and --explain exclude each other" --check --explain clock
  wrong "--virtual-clock and --keep-open exclude each other: time ends with the events" --virtual-clock --keep-open
  wrong "--reload goes with -f FILE" --reload 'cc -> drop'
  route 2 --scene foo 'scene fool' 'cc -> drop' <<< clock
  same "mmroute: --scene foo: the rules have no such scene" "$stderr"
}

# --- faults in rules ---

@test "faults: every one by its rule or file, line and column, with the line and a caret; exit 2" {
  rules <<< $'note -> ch 2\n  cc ->\n    vale 3\n\nkey H4 -> drop # x\n'
  route 2 -f a.rules 'cc 200 -> drop' $'# one\nnote -> ch 17' <<< clock
  same "mmroute: a.rules:3:5: unknown action 'vale'; did you mean 'value'?
    vale 3
    ^
mmroute: a.rules:5:5: note 'H4' is no number, and no name such as C4 or F#3
key H4 -> drop # x
    ^
mmroute: rule 1:1:4: controller '200' is not in 0..127
cc 200 -> drop
   ^
mmroute: rule 2:2:12: channel '17' is not in 1..16
note -> ch 17
           ^" "$stderr"
  same "" "$output"
}

@test "faults: of very many, the first ones and how many more there are" {
  seq 22 > some.rules
  route 2 --check -f some.rules < /dev/null
  same "$(for i in $(seq 20); do
    echo "mmroute: some.rules:$i:1: '$i' is no condition: it is such as 'key 60' or 'cc 7'
$i
^"
  done)
mmroute: 2 more faults" "$stderr"
}

@test "faults: what is missing, what is too much, what has the wrong place" {
  faulty 'nte -> pass' "1: unknown condition 'nte'; did you mean 'note'?"
  faulty 'cc -> dorp' "7: unknown action 'dorp'; did you mean 'drop'?"
  faulty 'also' "1: a '->' is missing before 'also'"
  faulty 'note ->' "8: an action is missing here"
  faulty '(cc -> drop' "1: this '(' has no ')'"
  faulty 'cc ) -> drop' "4: this ')' has no '('"
  faulty 'else or cc -> drop' "1: 'else' stands alone before the '->'"
  faulty 'scene' "6: no name; it is scene NAME"
  faulty 'then x' "6: nothing can follow 'then': it is a line of its own"
  faulty 'cc -> scene nowhere' "13: unknown scene 'nowhere': a line 'scene NAME' begins one"
  faulty 'note -> also, ch 2' "15: nothing can stand behind 'also': it is the last action"
  faulty 'cc -> drop, ch 2' "13: 'ch' needs the event, which ended with the 'drop' before it"
  faulty 'enter -> ch 3' "10: 'ch' needs an event, and there is none in 'enter'"
  faulty 'note -> transpose 2 in H major' "24: 'H' is no root of a scale: it is such as C, F# or Bb, without an octave"
  faulty 'sysex 4g -> drop' "7: '4g' is no byte: a byte is two hex digits, or ??"
  faulty 'cc -> value {1 +}' "17: a number or a name is missing here"
  faulty 'cc -> value {x}' "14: unknown name 'x': no field of an event, and no variable that is set anywhere"
  faulty 'cc -> delay 1/0' "13: '1/0' is no note value: it is such as 1/8 or 3/16"
  faulty 'cc -> delay x' "13: 'x' is no time in seconds, and no note value: it is such as 0.25 or 1/8"
  faulty 'note -> latch 3' "15: '3' is too much; it is latch"
  faulty 'ch 5..2 -> drop' "4: 5..2 counts down: write 2..5"
  faulty 'when 5 5 -> drop' "6: '5' is no name of a variable: a letter, then letters, digits and '_'"
  faulty 'cc -> send foo 1' "12: unknown kind 'foo'"
  faulty 'cc -> send pc 17 1' "15: channel '17' is not in 1..16"
  faulty 'held 1 -> drop' "6: '1' is no range: write '1..' or '..1'"
}

@test "--check: good rules say nothing; those that nothing reaches are warned of" {
  route 0 --check 'note -> ch 2' 'cc -> drop' 'else -> pass' <<< clock
  same "" "$stderr$output"
  route 0 --check < /dev/null
  same "" "$stderr$output"
  rules <<< $'any -> drop\n  cc 1 -> pass'
  route 0 --check -f a.rules 'else -> pass' 'then' 'note -> ch 2' 'note key ..B3 -> ch 3' 'cc 1 -> ch 2, also' 'cc 1 -> ch 3' < /dev/null
  same "mmroute: a.rules:2:3: no event comes here: none can meet it, or the rules before it take them
cc 1 -> pass
^
mmroute: rule 1:1:1: no event comes here: none can meet it, or the rules before it take them
else -> pass
^
mmroute: rule 4:1:1: no event comes here: none can meet it, or the rules before it take them
note key ..B3 -> ch 3
^" "$stderr"
  same "" "$output"
  # No warning where the rules before do not take all of it.
  route 0 --check 'note key ..59 -> ch 2' 'note -> ch 3' 'cc when x 1 -> drop' 'cc -> ch 2' 'note vel 5 -> drop' \
    'cc rises 5 -> drop' 'prog -> set x 1' 'clock @a -> drop' 'clock -> @b' < /dev/null
  same "mmroute: rule 5:1:1: no event comes here: none can meet it, or the rules before it take them
note vel 5 -> drop
^
mmroute: rule 6:1:1: no event comes here: none can meet it, or the rules before it take them
cc rises 5 -> drop
^" "$stderr"
  # Outside of --check nobody is warned.
  gives clock '' 'any -> drop' 'cc 1 -> pass'
}

@test "--check names actions that do nothing to what comes to them" {
  rules <<< $'scene a\n  note -> ch 2,\n    value 3'
  route 0 --check -f a.rules 'cc 1 -> vel 3' 'cc 2 -> note 60, vel 3' 'note or cc 3 -> vel 3' 'clock -> transpose 2' < /dev/null
  same "mmroute: a.rules:3:5: 'value 3' does nothing to events of these kinds
note -> ch 2, value 3
^
mmroute: rule 1:1:9: 'vel 3' does nothing to events of these kinds
cc 1 -> vel 3
        ^
mmroute: rule 4:1:10: 'transpose 2' does nothing to events of these kinds
clock -> transpose 2
         ^" "$stderr"
}

@test "--check names variables that no rule sets, each once" {
  route 0 --check 'cc 32 -> set bnak {value}' 'note (vel 1 or when bank 3) -> ch 2' 'note when bank 4 -> ch 4' \
    'then' 'note when n 1 -> ch 2' 'on -> count n 0..2, drop, also' 'scene a' 'note when bnak 1 -> ch 3' < /dev/null
  same "mmroute: rule 2:1:1: no rule sets 'bank': it is always 0
note (vel 1 or when bank 3) -> ch 2
^" "$stderr"
}

@test "faults: what people try first is answered with what to write" {
  faulty 'note key 60-72 -> drop' "10: note '60-72' is no number, and no name such as C4 or F#3; a range is written with '..'"
  faulty 'cc1 -> drop' "1: a blank is missing: write 'cc 1'"
  faulty 'key=60 -> drop' "1: a blank is missing: write 'key 60'"
  faulty '!note -> drop' "1: '!note' is no condition: write 'not note'"
  faulty 'if note -> drop' "1: no 'if' is needed: the condition is enough"
}

# --- looking at rules ---

@test "--explain says which rules matched, and what came of it" {
  route 0 --explain 'on 1 60 9' --explain 'cc 1 1 3' --explain ':text "x"' --explain 'off 1 60 5' \
    'note -> ch 2,3, transpose 1, also' 'note -> drop' 'cc -> send pc 1 2, delay 0.5' \
    'scene a' 'enter -> send clock' 'then' 'note -> @out' < /dev/null
  same 'enter
  out: clock
note-on 1 60 9
  rule: note -> ch 2,3, transpose 1, also
    ch 2,3: note-on 2 60 9
    transpose 1: note-on 2 61 9
  rule: note -> @out
    @out: note-on 2 61 9 @out
  out: note-on 2 61 9 @out
    ch 2,3: note-on 3 60 9
    transpose 1: note-on 3 61 9
  rule: note -> @out
    @out: note-on 3 61 9 @out
  out: note-on 3 61 9 @out
  rule: note -> drop
    drop: it ends here
control-change 1 1 3
  rule: cc -> send pc 1 2, delay 0.5
    send: program-change 1 2
  out: program-change 1 2
    send pc 1 2: control-change 1 1 3
    delay 0.5: control-change 1 1 3
:text "x"
  out: :text "x"
  no rule takes it: it passes
note-off 1 60 5
  rule: note -> ch 2,3, transpose 1, also
    ch 2,3: note-off 2 60 5
    transpose 1: note-off 2 61 5
  rule: note -> @out
    @out: note-off 2 61 5 @out
  out: note-off 2 61 5 @out
    ch 2,3: note-off 3 60 5
    transpose 1: note-off 3 61 5
  rule: note -> @out
    @out: note-off 3 61 5 @out
  out: note-off 3 61 5 @out
  rule: note -> drop
    drop: it ends here
  after 0.500000000 s
  out: control-change 1 1 3' "$output"
  same "" "$stderr"
  route 0 --explain 'pc 1 1' --explain 'cc 1 1 2' 'prog -> scene next' 'scene a' 'cc -> ch 2' \
    'scene b' 'cc -> ch 3' < /dev/null
  same 'program-change 1 1
  rule: prog -> scene next
    scene next: program-change 1 1
  out: program-change 1 1
  scene: b
control-change 1 1 2
  rule: cc -> ch 3
    ch 3: control-change 3 1 2
  out: control-change 3 1 2' "$output"
  route 0 --explain 'pc 1 1' 'prog -> delay 1, scene b' 'scene a' 'cc -> ch 2' 'scene b' 'cc -> ch 3' < /dev/null
  same 'program-change 1 1
  rule: prog -> delay 1, scene b
    delay 1: program-change 1 1
  after 1.000000000 s
    scene b: program-change 1 1
  out: program-change 1 1
  scene: b' "$output"
  route 0 --explain 'clock' < /dev/null
  same 'clock
  out: clock
  no rule takes it: it passes' "$output"
}

@test "--explain: an event that does not parse, and rules that do not" {
  route 2 --explain 'nte-on 1 2 3' 'cc -> drop' < /dev/null
  same "mmroute: --explain 'nte-on 1 2 3': unknown kind 'nte-on'; did you mean 'note-on'?" "$stderr"
  same "" "$output"
  route 2 --explain 'cc 1 1 2' --explain 'cc 1 1 200' 'cc -> drop' < /dev/null
  same "mmroute: --explain 'cc 1 1 200': value '200' is not in 0..127" "$stderr"
  same "" "$output"
  route 2 --explain '' < /dev/null
  [[ $stderr == "mmroute: --explain ''"* ]]
  route 2 --explain clock 'cc -> dorp' < /dev/null
  same "mmroute: rule 1:1:7: unknown action 'dorp'; did you mean 'drop'?
cc -> dorp
      ^" "$stderr"
  same "" "$output"
}

@test "--dot prints a graph for Graphviz" {
  local rules=('note key ..B3 -> @bass' 'cc -> drop' 'note -> ch 2, also' ':text -> send :text "x\y"'
    'cc 1 -> scene b' 'scene a' 'enter -> send pc 1 1' 'cc -> @x' 'scene b' 'note -> pass' 'then' 'else -> drop')
  route 0 --dot "${rules[@]}" < /dev/null
  same 'digraph mmroute {
  rankdir=LR;
  node [shape=box, fontname="monospace"];
  "in" [shape=diamond];
  "then 1" [shape=diamond];
  "rule 1" [label="note key ..B3 -> @bass"];
  "in" -> "rule 1";
  "@bass" [shape=ellipse];
  "rule 1" -> "@bass";
  "rule 1" -> "then 1";
  "rule 2" [label="cc -> drop"];
  "in" -> "rule 2";
  "rule 3" [label="note -> ch 2, also"];
  "in" -> "rule 3";
  "rule 3" -> "in" [style=dotted, label="also"];
  "rule 3" -> "then 1";
  "rule 4" [label=":text -> send :text \"x\\y\""];
  "in" -> "rule 4";
  "rule 4" -> "then 1";
  "rule 5" [label="cc 1 -> scene b"];
  "in" -> "rule 5";
  "rule 5" -> "scene b" [style=bold];
  "rule 5" -> "then 1";
  subgraph "cluster 0 0" {
  label="scene a";
  "rule 6" [label="enter -> send pc 1 1"];
  "rule 7" [label="cc -> @x"];
  }
  "rule 6" -> "then 1";
  "in" -> "rule 7";
  "@x" [shape=ellipse];
  "rule 7" -> "@x";
  "rule 7" -> "then 1";
  subgraph "cluster 0 1" {
  label="scene b";
  "scene b" [shape=plaintext];
  "rule 8" [label="note -> pass"];
  }
  "in" -> "rule 8";
  "rule 8" -> "then 1";
  "in" -> "then 1" [style=dashed, label="else"];
  "out" [shape=diamond];
  "rule 9" [label="else -> drop"];
  "then 1" -> "rule 9";
  "then 1" -> "out" [style=dashed, label="else"];
}' "$output"
  # What may lead to any scene.
  route 0 --dot 'prog -> scene {program + 1}' 'scene a' 'scene b' < /dev/null
  same '  "rule 1" -> "scene a" [style=bold];
  "rule 1" -> "scene b" [style=bold];' "$(grep bold <<< "$output")"
  # A scene on both sides of "then" has one place to point at.
  route 0 --dot 'prog -> scene a' 'scene a' 'cc -> ch 2' 'then' 'scene a' 'cc -> ch 3' < /dev/null
  same '  "scene a" [shape=plaintext];' "$(grep plaintext <<< "$output")"
  if command -v dot > /dev/null; then dot -Tsvg <<< "$output" > graph.svg; fi
  route 0 --dot < /dev/null
  same 'digraph mmroute {
  rankdir=LR;
  node [shape=box, fontname="monospace"];
  "in" [shape=diamond];
  "out" [shape=diamond];
  "in" -> "out" [style=dashed, label="else"];
}' "$output"
}

# --- scenes, tempo, seed ---

@test "--scene, --tempo, --seed" {
  gives 'cc 1 1 1' 'control-change 1 1 1' --canonical 'scene a' 'cc -> pass' 'scene b' 'cc -> ch 2'
  gives 'cc 1 1 1' 'control-change 2 1 1' --scene b 'scene a' 'cc -> pass' 'scene b' 'cc -> ch 2'
  gives '1 clock; 9 stop' '2.000000000 clock; 9 stop' --virtual-clock --tempo 60 'clock -> delay 1/4'
  gives '1 clock; 9 stop' '1.480000000 clock; 9 stop' --virtual-clock --tempo 125 'clock -> delay 1/4'
  gives '1 clock; 9 stop' '1.500000000 clock; 9 stop' --virtual-clock 'clock -> delay 1/4'
  for i in {1..50}; do echo "$i on 1 60 64"; done > in
  for seed in 1 2; do
    for time in first second; do
      mmroute --virtual-clock --no-release --seed $seed 'note -> humanize 0.5 60' < in > $seed.$time
    done
    cmp $seed.first $seed.second
  done
  run ! cmp -s 1.first 2.first
}

# --- how it goes and ends ---

@test "each event goes out when it has come, and not when the next one comes" {
  live a 'note -> ch 2'
  play 'on 1 60 9'
  await a.out '^note-on 2 60 9$'
  play '5 clock # x'
  await a.out '^5 clock # x$'
  play 'off 1 60 3'
  await a.out '^note-off 2 60 3$'
  hang_up a
  [ "$status" -eq 0 ]
  same 'note-on 2 60 9
5 clock # x
note-off 2 60 3' "$(cat a.out)"
  same "" "$(cat a.err)"
}

@test "the real clock: what waits comes at its time, while the input is open and after its end" {
  live a 'cc -> delay 0.05' 'note -> length 0.05'
  play 'cc 1 1 1'
  await a.out '^control-change 1 1 1$'
  play 'on 1 60 9'
  await a.out '^note-off 1 60 64$'
  play 'cc 1 1 2' 'clock' 'on 1 61 9'
  local begun=$EPOCHREALTIME
  hang_up a
  local ended=$EPOCHREALTIME
  [ "$status" -eq 0 ]
  same 'control-change 1 1 1
on 1 60 9
note-off 1 60 64
clock
on 1 61 9
control-change 1 1 2
note-off 1 61 64' "$(sed 's/^note-on 1/on 1/' a.out)"
  ((${ended/./} - ${begun/./} >= 30000)) # what was left of the 50 ms
  # An arpeggio stops, and what sounds is released.
  route 0 --canonical 'note -> arp up 5' 'cc -> delay 0.05' <<< $'on 1 60 9\non 2 61 9\ncc 1 1 1'
  same 'note-on 1 60 9
note-off 1 60 64
control-change 1 1 1' "$(grep -v ' 2 61 ' <<< "$output")"
}

@test "--virtual-clock waits for nothing" {
  local begun=$EPOCHREALTIME
  gives '1 on 1 60 9; 2 off 1 60 1; 1000 clock' '101.000000000 note-on 1 60 9; 102.000000000 note-off 1 60 1; 1000 clock' --virtual-clock 'note -> delay 100'
  gives '1 on 1 60 9; 2 off 1 60 1' '3601.000000000 note-on 1 60 9; 3602.000000000 note-off 1 60 1' --virtual-clock 'note -> delay 3600'
  ((${EPOCHREALTIME/./} - ${begun/./} < 10000000))
}

@test "the end of the input releases notes and pedals; --no-release does not" {
  printf '1 on 1 60 9\n2 on 3 62 9 @a\ncc 2 64 127\n' > in
  route 0 'note -> chord 0,12' < in
  same '1 on 1 60 9
1.000000000 note-on 1 72 9
2 on 3 62 9 @a
2.000000000 note-on 3 74 9 @a
cc 2 64 127
note-off 1 60 64
note-off 1 72 64
control-change 2 64 0
note-off 3 62 64 @a
note-off 3 74 64 @a' "$(sed -E '6,$s/^[0-9.]+ //' <<< "$output")"
  route 0 --no-release 'note -> chord 0,12' < in
  same '1 on 1 60 9
1.000000000 note-on 1 72 9
2 on 3 62 9 @a
2.000000000 note-on 3 74 9 @a
cc 2 64 127' "$output"
}

@test "SIGINT, SIGTERM: what sounds is released, what waits is dropped, and it dies by the signal" {
  local signal
  for signal in INT TERM HUP; do
    rm -f a.in a.out
    live a 'note -> ch 2' 'cc 1 -> delay 1000' 'scene s' 'leave -> send pc 1 9'
    play 'on 1 60 9' 'cc 1 64 127' 'cc 1 1 1'
    await a.out '64 127$'
    stop a $signal
    exec 8>&-
    [ "$status" -eq $((128 + $(kill -l $signal))) ]
    same 'note-on 2 60 9
cc 1 64 127
program-change 1 9
control-change 1 64 0
note-off 2 60 64' "$(cat a.out)"
    same "" "$(cat a.err)"
  done
  rm -f a.in
  live a --no-release 'note -> ch 2'
  play 'on 1 60 9'
  await a.out '^note-on'
  stop a TERM
  [ "$status" -eq 143 ]
  same 'note-on 2 60 9' "$(cat a.out)"
}

@test "a signal while it plays what waits at the end: at once" {
  live a 'note -> ch 2, delay 1000' 'clock -> pass'
  play 'on 1 60 9' clock
  await a.out '^clock'
  exec 8>&-
  stop a TERM
  [ "$status" -eq 143 ]
  same 'clock' "$(cat a.out)"
}

@test "--keep-open stays when the input ends, until a signal" {
  live a --keep-open 'note -> latch, arp up 0.02'
  play 'on 1 60 9' 'off 1 60 9'
  await a.out '^note-off'
  exec 8>&-
  local seen
  seen=$(wc -l < a.out)
  until (($(wc -l < a.out) > seen + 6)); do await a.out '^note-on'; done
  stop a TERM
  [ "$status" -eq 143 ]
  # What began has ended.
  same "$(grep -c note-on a.out)" "$(grep -c note-off a.out)"
}

@test "head -1 ends it quietly, by SIGPIPE" {
  yes clock 2> /dev/null | { env --default-signal=PIPE mmroute 2> err || echo $? > status; } | head -1 > out
  same 'clock' "$(cat out)"
  same 141 "$(cat status)"
  same "" "$(cat err)"
  yes 'on 1 60 9' 2> /dev/null | { env --default-signal=PIPE mmroute 'note -> chord 0,4,7' 2> err || echo $? > status; } | head -1 > out
  same 'on 1 60 9' "$(cat out)"
  same 141 "$(cat status)"
  same "" "$(cat err)"
}

@test "stdin or stdout that is closed, full, or a directory: one error, exit 1" {
  echo clock > in
  run -1 --separate-stderr bash -c 'mmroute "cc -> drop" <&-'
  same "mmroute: stdin: Bad file descriptor" "$stderr"
  same "" "$output"
  run -1 --separate-stderr bash -c 'mmroute "cc -> drop" < in >&-'
  same "mmroute: stdout: Bad file descriptor" "$stderr"
  run -1 --separate-stderr bash -c 'mmroute "cc -> drop" < in > /dev/full'
  same "mmroute: stdout: No space left on device" "$stderr"
  run -1 --separate-stderr bash -c 'mmroute "cc -> drop" < /'
  same "mmroute: stdin: Is a directory" "$stderr"
  run -1 --separate-stderr bash -c 'mmroute --dot > /dev/full'
  same "mmroute: stdout: No space left on device" "$stderr"
  run -1 --separate-stderr bash -c 'mmroute --explain clock > /dev/full'
  same "mmroute: stdout: No space left on device" "$stderr"
}

# settle NAME: waits until the tool reads no more, since nobody takes what it prints.
settle() {
  local io=/proc/${PID[$1]}/io now='' before
  until [ "$now" ] && [ "$now" = "$before" ]; do
    before=$now
    command sleep 0.2
    now=$(cat "$io")
  done
}

# bats test_tags=memory
@test "a reader that stops: mmroute stops too, in bounded memory, and nothing is lost" {
  mkfifo out
  seq 400000 | awk '{ print $1 / 1000, "cc", $1 % 16 + 1, $1 % 128, int($1 / 128) % 128 }' > a.in
  exec 7<> out # so that it does not wait for a reader
  OUT=out start a mmroute --canonical 'cc ch 2 -> ch 3, send clock' 'cc ch 4 -> drop'
  settle a
  local kib
  kib=$(awk '/VmRSS/ { print $2 }' "/proc/${PID[a]}/status")
  ((kib < 16384)) || {
    echo "$kib KiB"
    return 1
  }
  # The reader goes on.
  cat < out > all 7>&- &
  local cat=$!
  exec 7>&-
  finish a
  [ "$status" -eq 0 ]
  wait $cat
  awk '{ c = $1 % 16 + 1; t = sprintf("%.9f ", $1 / 1000) }
    c == 4 { next } c == 2 { print t "clock"; c = 3 }
    { print t "control-change " c " " $1 % 128 " " int($1 / 128) % 128 }' <(seq 400000) > expected
  # Pedals that are down are released behind it.
  head -n "$(wc -l < expected)" all | cmp expected -
}

# bats test_tags=memory
@test "a reader that stops: what is sent later waits too, and nothing is lost" {
  mkfifo out
  seq 20000 | awk '{ print "cc 1 1", $1 % 128 }' > a.in
  exec 7<> out
  OUT=out start a mmroute --canonical 'cc -> send +0.01 clock, send +0.02 stop'
  settle a
  cat < out > all 7>&- &
  local cat=$!
  exec 7>&-
  finish a
  [ "$status" -eq 0 ]
  wait $cat
  same "20000 clock
20000 control-change
20000 stop" "$(awk '{ print $1 }' all | LC_ALL=C sort | uniq -c | sed 's/^ *//')"
}

# --- reloading ---

@test "--reload: a file that changes is loaded anew, written in place or put in its place" {
  rules <<< 'cc -> ch 2'
  live a --reload -f a.rules 'clock -> drop'
  play 'cc 1 1 1' clock
  await a.out '^control-change 2 1 1$'
  rules <<< 'cc -> ch 3'
  await a.err '^mmroute: reloaded$'
  play 'cc 1 1 2' clock
  await a.out '^control-change 3 1 2$'
  rules b.rules <<< 'cc -> ch 4'
  mv b.rules a.rules
  until (($(grep -c reloaded a.err) == 2)); do await a.err reloaded; command sleep 0.02; done
  play 'cc 1 1 3' clock stop
  await a.out '^stop$'
  hang_up a
  [ "$status" -eq 0 ]
  same 'control-change 2 1 1
control-change 3 1 2
control-change 4 1 3
stop' "$(cat a.out)"
  same 'mmroute: reloaded
mmroute: reloaded' "$(cat a.err)"
}

@test "--reload: a faulty file is reported, and the old rules stay" {
  rules <<< 'cc -> ch 2'
  live a --reload -f a.rules
  rules <<< 'cc -> chh 3'
  await a.err '^mmroute: not reloaded'
  play 'cc 1 1 1'
  await a.out '^control-change 2 1 1$'
  rm a.rules
  kill -HUP "${PID[a]}"
  await a.err 'No such file'
  play 'cc 1 1 2'
  await a.out '^control-change 2 1 2$'
  rules <<< 'cc -> ch 3'
  await a.err '^mmroute: reloaded$'
  play 'cc 1 1 3'
  await a.out '^control-change 3 1 3$'
  hang_up a
  [ "$status" -eq 0 ]
  same "mmroute: a.rules:1:7: unknown action 'chh'; did you mean 'ch'?
cc -> chh 3
      ^
mmroute: not reloaded; the rules that were there go on" "$(head -n 4 a.err)"
}

@test "--reload: SIGHUP loads the files, and without --reload it ends" {
  rules <<< 'cc -> ch 2'
  live a --reload -f a.rules
  kill -HUP "${PID[a]}"
  await a.err '^mmroute: reloaded$'
  play 'cc 1 1 1'
  await a.out '^control-change 2 1 1$'
  hang_up a
  [ "$status" -eq 0 ]
}

@test "--reload: notes that sound end on their old way; what comes then goes the new one" {
  rules <<< $'note vel 64.. -> chord 0,12, ch 2\nnote -> transpose 1\npp -> drop'
  live a --reload -f a.rules
  play 'on 1 60 100' 'on 1 61 9'
  await a.out '^note-on 1 62 9$'
  rules <<< 'note -> drop'
  await a.err '^mmroute: reloaded$'
  play 'on 1 70 9' 'off 1 70 0' 'off 1 60 3' 'off 1 61 4' 'off 1 62 5' stop
  await a.out '^stop$'
  hang_up a
  same 'note-on 2 60 100
note-on 2 72 100
note-on 1 62 9
note-off 2 60 3
note-off 2 72 3
note-off 1 62 4
stop' "$(cat a.out)"
}

@test "--reload: a note that is held over it, and struck again" {
  rules <<< 'note -> ch 2'
  live a --reload -f a.rules
  play 'on 1 60 9'
  await a.out '^note-on 2 60 9$'
  rules <<< 'note -> ch 3'
  await a.err '^mmroute: reloaded$'
  play 'pp 1 60 7' 'off 1 60 3' 'on 1 60 8' 'off 1 60 4'
  await a.out '^note-off 3 60 4$'
  hang_up a
  same 'note-on 2 60 9
poly-pressure 2 60 7
note-off 2 60 3
note-on 3 60 8
note-off 3 60 4' "$(cat a.out)"
}

@test "--reload: sustained, latched, echoed and arpeggiated notes come to their end" {
  rules <<< $'note ch 1 or cc 64 ch 1 -> sustain\nnote ch 2 -> latch\nnote ch 3 -> delay 0.05\nnote ch 4 -> arp up 0.01'
  live a --reload -f a.rules
  play 'cc 1 64 127' 'on 1 60 9' 'off 1 60 9' 'on 2 61 9' 'off 2 61 9' 'on 4 63 9' 'on 3 62 9'
  await a.out ' 61 9$'
  rules <<< 'voice -> drop'
  await a.err '^mmroute: reloaded$'
  play 'off 4 63 1' 'off 3 62 2' 'cc 1 64 0'
  await a.out '^note-off 3 62 2$'
  hang_up a
  [ "$status" -eq 0 ]
  for note in '1 60' '2 61' '3 62' '4 63'; do
    (($(grep -cE "on $note " a.out) > 0))
    same "$(grep -cE "on $note " a.out)" "$(grep -cE "off $note " a.out)"
  done
}

@test "--reload: variables and the scene stay; a scene that is gone becomes the first" {
  rules <<< $'cc 1 -> set x {value}, drop\ncc 2 -> value {x}\nscene a\nprog -> ch 2\nscene b\nprog -> ch 3'
  live a --reload -f a.rules
  play 'cc 1 1 77' ':scene b' 'cc 1 2 0' 'pc 1 1'
  await a.out '^program-change 3 1$'
  rules <<< $'cc 2 -> value {x}, ch 5\ncc 3 -> set x 0\nscene c\nprog -> ch 4\nscene b\nprog -> ch 6'
  await a.err '^mmroute: reloaded$'
  play 'cc 1 2 0' 'pc 1 2'
  await a.out '^program-change 6 2$'
  rules <<< $'scene c\nprog -> ch 7\nscene d\nprog -> ch 8'
  until (($(grep -c reloaded a.err) == 2)); do await a.err reloaded; command sleep 0.02; done
  play 'pc 1 3'
  await a.out '^program-change 7 3$'
  hang_up a
  same ':scene b
control-change 1 2 77
program-change 3 1
control-change 5 2 77
program-change 6 2
program-change 7 3' "$(cat a.out)"
}

# --- ports ---

@test ":disconnected: the notes that came from this port are ended, the others go on" {
  live a 'note -> ch 2 @out' 'then' 'note -> transpose 12'
  play 'on 1 60 9 @a' 'on 1 62 9 @b' ':disconnected @a' clock
  await a.out '^clock'
  play 'off 1 62 3 @b'
  hang_up a
  same 'note-on 2 72 9 @out
note-on 2 74 9 @out
note-off 2 72 64 @out
:disconnected @a
clock
note-off 2 74 3 @out' "$(cat a.out)"
}
