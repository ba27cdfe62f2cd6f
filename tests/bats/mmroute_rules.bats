#!/usr/bin/env bats
# The rules of mmroute: each pattern and each action with what goes in and what comes out.

load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || exit
  args=()
}

declare -gA names=([off]=note-off [on]=note-on [pp]=poly-pressure [cc]=control-change
  [pc]=program-change [cp]=channel-pressure [pb]=pitch-bend [syx]=sysex [tc]=time-code
  [spp]=song-position [ss]=song-select)

# canonical LINES: lines with ';' between them, as mmroute prints them; in $full.
canonical() {
  local line words
  full=
  while read -r line; do
    [ "$line" ] || continue
    IFS=' ' read -ra words <<< "$line"
    line=
    if [[ ${words[0]} =~ ^(\+?[0-9]+)(\.([0-9]+))?$ ]]; then
      printf -v line '%s.%-9s ' "${BASH_REMATCH[1]}" "${BASH_REMATCH[3]}"
      line=${line% }
      line="${line// /0} "
      words=("${words[@]:1}")
    fi
    words[0]=${names[${words[0]}]:-${words[0]}}
    [[ ${words[0]} != sysex || ${words[1]} = f0 ]] || words=(sysex f0 "${words[@]:1}" f7)
    full+="$line${words[*]}"$'\n'
  done <<< "${1//;/$'\n'}"
  full=${full%$'\n'}
}

# gives RULES INPUT EXPECTED: what comes in, and all that comes out. Between rules and between
# lines stands a ';'. What a difference is about is said; the test goes on, and fails at its end.
gives() {
  local actual full
  actual=$(mmroute --virtual-clock --canonical "${args[@]}" -- "${1//; /$'\n'}" \
    <<< "${2//; /$'\n'}" 2>&1) || actual+=" (exit $?)"
  canonical "$3"
  differ=$(diff <(printf '%s\n' "$full") <(printf '%s\n' "$actual")) ||
    printf '%s\n' "${args[*]}" "$1" "$2" "$differ" >> differences
}

# takes PATTERN HITS MISSES: events that the pattern matches, and others.
takes() {
  local hits=${2//; /$'\n'} misses=${3//; /$'\n'} actual full expected
  actual=$(mmroute --virtual-clock --canonical --no-release "${args[@]}" -- "$1 -> @hit" \
    <<< "$hits${misses:+$'\n'$misses}" 2>&1)
  canonical "$2"
  expected=$(sed 's/ @[^ ]*$//; s/$/ @hit/' <<< "$full")
  canonical "$3"
  differ=$(diff <(printf '%s\n' "$expected${full:+$'\n'$full}") <(printf '%s\n' "$actual")) ||
    printf '%s\n' "${args[*]}" "$1" "$differ" >> differences
}

teardown() {
  [ ! -e differences ] || {
    cat differences
    return 1
  }
}

# --- kinds ---

# One event of each kind.
every_kind='note-off 1 60 64
note-on 1 61 90
poly-pressure 1 62 5
control-change 1 7 9
program-change 1 5
channel-pressure 1 33
pitch-bend 1 -100
sysex f0 43 10 f7
time-code 3 4
song-position 99
song-select 2
tune-request
clock
start
continue
stop
active-sensing
reset
raw f4
cc14 1 7 1000
rpn 1 0 256
nrpn 1 1000 300
:text "some words"
:tempo 120'

# kind PATTERN REGEX: of all kinds it takes those.
kind() {
  local expected actual
  expected=$(sed -E "s/^($2)( .*)?\$/& @hit/" <<< "$every_kind")
  actual=$(mmroute --virtual-clock --canonical --no-release "$1 -> @hit" <<< "$every_kind" 2>&1)
  differ=$(diff <(printf '%s\n' "$expected") <(printf '%s\n' "$actual")) ||
    printf '%s\n' "$1" "$differ" >> differences
}

@test "kinds: each by its name, and by its alias" {
  for name in note-off note-on poly-pressure control-change program-change channel-pressure \
    pitch-bend sysex time-code song-position song-select tune-request clock start continue stop \
    active-sensing reset raw cc14 rpn nrpn; do
    kind $name $name
  done
  for alias in "${!names[@]}"; do kind "$alias" "${names[$alias]}"; done
  kind prog program-change
  kind bend pitch-bend
  kind pressure channel-pressure
}

@test "kinds: groups of them, and any" {
  local voice='note-o.*|poly-pressure|control-change|program-change|channel-pressure|pitch-bend|cc14|n?rpn'
  kind note 'note-o.*'
  kind voice "$voice"
  kind common 'sysex|time-code|song-position|song-select|tune-request'
  kind realtime 'clock|start|continue|stop|active-sensing|reset'
  kind meta ':.*'
  kind any '[^:].*'
  kind 'any or meta' '.*'
  kind ':text' ':text'
  kind ':tempo or clock' ':tempo|clock'
  kind ':nothing' 'nothing'
  kind 'not any' 'nothing'
  kind 'not voice' 'sysex|time-code|song-position|song-select|tune-request|clock|start|continue|stop|active-sensing|reset|raw'
  kind 'ch 1' "$voice"
  kind 'not ch 2' '[^:].*'
}

@test "kinds with a list: one number, several, ranges, ranges with an open end, hexadecimal ones" {
  takes 'cc 1,7..10' 'cc 1 1 5; cc 1 7 5; cc 2 8 5; cc 1 10 5' \
    'cc 1 0 5; cc 1 2 5; cc 1 6 5; cc 1 11 5; pc 1 7; cp 1 7; cc14 1 7 7'
  takes 'cc 100..' 'cc 1 100 5; cc 1 127 5' 'cc 1 99 5; cc 1 0 5'
  takes 'cc ..3' 'cc 1 0 5; cc 1 3 5' 'cc 1 4 5; cc 1 127 5'
  takes 'cc ..3,60,100..' 'cc 1 0 5; cc 1 60 5; cc 1 100 5' 'cc 1 4 5; cc 1 59 5; cc 1 99 5'
  takes 'cc 0x10 , 0x20 .. 0x21' 'cc 1 16 5; cc 1 33 5' 'cc 1 15 5; cc 1 34 5'
  takes 'cc 0..127' 'cc 1 0 5; cc 1 127 5' 'pc 1 0'
  takes 'prog 5' 'pc 1 5; pc 16 5' 'pc 1 4; cc 1 5 5'
  takes 'program-change 5' 'pc 1 5' 'pc 1 4'
  takes 'cc14 7' 'cc14 1 7 0; cc14 16 7 16383' 'cc14 1 6 0; nrpn 1 7 0; rpn 1 7 0; cc 1 7 0'
  takes 'cc14 30..' 'cc14 1 30 1; cc14 1 31 1' 'cc14 1 29 1; cc14 1 0 1'
  takes 'rpn 0,2..' 'rpn 1 0 256; rpn 1 2 0; rpn 1 16383 0' 'rpn 1 1 256; nrpn 1 0 256; cc14 1 0 256'
  takes 'nrpn 1000' 'nrpn 1 1000 0; nrpn 9 1000 16383' 'nrpn 1 999 0; nrpn 1 1001 0; rpn 1 1000 0'
  takes 'nrpn 128..255' 'nrpn 1 128 0; nrpn 9 255 16383' 'nrpn 1 127 0; nrpn 1 256 0'
}

@test "wide values: rules that name them see plain control changes joined, others do not" {
  gives 'cc14 7 -> ch 2' 'cc 1 7 100; cc 1 39 1; clock' 'cc14 2 7 12801; clock'
  gives 'cc 7 -> ch 2' 'cc 1 7 100; cc 1 39 1' 'cc 2 7 100; cc 1 39 1'
  gives 'rpn 0 -> ch 2' 'cc 1 101 0; cc 1 100 0; cc 1 6 2; cc 1 38 0' 'rpn 2 0 256'
  gives 'nrpn 1000 -> ch 2' 'cc 1 99 7; cc 1 98 104; cc 1 6 2; cc 1 38 1' 'nrpn 2 1000 257'
  gives 'nrpn -> ch 2' 'cc 1 99 7; cc 1 98 104; cc 1 6 2; cc 1 38 1; cc 1 6 3; cc 1 38 4' \
    'nrpn 2 1000 257; nrpn 2 1000 388'
  # A rule names one of them; the others pass.
  gives 'nrpn 1 -> drop' 'cc 1 99 0; cc 1 98 1; cc 1 6 2; cc 1 38 0; cc 1 7 3; on 1 60 9; off 1 60 9' \
    'cc 1 7 3; on 1 60 9; off 1 60 9'
  gives 'rpn -> drop' 'cc 1 7 3; cc 1 74 5; cc 1 101 9; clock; on 1 60 9; off 1 60 9' \
    'cc 1 7 3; cc 1 74 5; clock; cc 1 101 9; on 1 60 9; off 1 60 9'
  # Each port and each channel for itself.
  gives 'cc14 -> value 0' 'cc 1 7 1 @a; cc 1 7 2 @b; cc 1 39 3 @a; cc 1 39 4 @b' \
    'cc14 1 7 0 @a; cc14 1 7 0 @b'
  # The last one is not lost at the end.
  gives 'cc14 -> ch 2' 'cc 1 7 1' 'cc 1 7 1'
  gives 'cc14 -> ch 2' '1.5 cc 1 7 1; 9 clock' '1.5 cc 1 7 1; 9 clock'
  # One that comes too late is no half of it.
  gives 'cc14 -> ch 2' '1.5 cc 1 7 1; 1.6 cc 1 39 1' '1.5 cc 1 7 1; 1.6 cc 1 39 1'
}

@test "sysex: by its bytes, any one byte, and any number at the end" {
  takes sysex 'syx f0 f7; syx 43 10' 'clock; raw f0 43'
  takes 'sysex f0 43 ?? 4c *' 'syx 43 10 4c; syx 43 00 4c 01 02' \
    'syx 43 10; syx 43 10 4d; syx 43 4c; syx 42 10 4c 00; syx f0 f7'
  takes 'sysex 43 10' 'syx 43 10' 'syx 43; syx 43 10 00; syx 43 11; syx f0 f7'
  takes 'sysex f0 43 10 f7' 'syx 43 10' 'syx 43; syx 43 10 00; syx 43 11'
  takes 'sysex *' 'syx f0 f7; syx 43 10' 'clock'
  takes 'sysex f0 f7' 'syx f0 f7' 'syx 43'
  takes 'sysex ?? ??' 'syx 43 10; syx 00 7f' 'syx 43; syx 43 10 00'
  takes 'sysex 7E *' 'syx 7e; syx 7e 00 09 01' 'syx 7f'
  takes 'sysex 43 * or sysex 41 *' 'syx 43; syx 41 10' 'syx 42'
}

# --- what is in an event ---

@test "ch, key, vel and value: lists of numbers, of names of notes, of ranges with open ends" {
  takes 'ch 1,3..5' 'on 1 60 9; cc 3 7 9; pb 4 0; nrpn 5 1 1; pc 5 0' 'on 2 60 9; cc 6 7 9; clock; syx 01; raw 90 3c'
  takes 'ch ..2' 'cc 1 7 9; cc 2 7 9' 'cc 3 7 9; cc 16 7 9'
  takes 'ch 15..' 'cc 15 7 9; cc 16 7 9' 'cc 14 7 9; cc 1 7 9'
  takes 'key C2..B3' 'on 1 36 9; off 2 59 0; pp 3 40 9' 'on 1 35 9; on 1 60 9; cc 1 40 9; pp 1 60 9; off 1 35 9'
  takes 'key F#3,Bb-1,G9' 'on 1 54 9; on 1 10 9; on 1 127 9' 'on 1 55 9; on 1 11 9; on 1 126 9'
  takes 'key ..B3' 'on 1 0 9; on 1 59 9' 'on 1 60 9'
  takes 'key 60,64..' 'on 1 60 9; on 1 64 9; on 1 127 9' 'on 1 59 9; on 1 61 9; on 1 63 9'
  takes 'key B#3,Cb4' 'on 1 60 9; on 1 59 9' 'on 1 61 9'
  takes 'vel 1..63' 'on 1 60 1; on 1 61 63; off 1 62 40' 'on 1 63 64; pp 1 64 40; cc 1 7 40; off 1 65 64; off 1 66 0'
  takes 'on vel 64..' 'on 1 60 64; on 1 61 127' 'on 1 62 63; off 1 63 64'
  takes 'off vel 0' 'off 1 60 0; on 1 61 0' 'off 1 62 1; on 1 63 1'
  takes 'value ..63' 'cc 1 7 0; cc 1 7 63; pc 1 5; cp 1 63; pp 1 60 63; pb 1 -8192; pb 1 63; cc14 1 7 63; rpn 1 0 63; nrpn 1 0 63; spp 63; ss 63' \
    'cc 1 7 64; pc 1 64; cp 1 64; pp 1 60 64; pb 1 64; cc14 1 7 64; rpn 1 0 64; nrpn 1 0 64; spp 64; ss 64; on 1 60 9; off 1 61 9; clock'
  takes 'bend value -100..100' 'pb 1 -100; pb 1 0; pb 1 100' 'pb 1 -101; pb 1 101; cc 1 7 0'
  takes 'value 16383' 'cc14 1 7 16383; spp 16383' 'cc14 1 7 16382; cc 1 7 127'
  args=(--middle-c 3)
  takes 'key C3' 'on 1 60 9' 'on 1 48 9'
}

@test "in-scale: every scale has its notes, from every root, or by semitones" {
  local scale steps key hits misses
  while read -r scale steps; do
    hits='' misses=''
    for key in {48..71}; do
      if [[ " $steps " == *" $((key % 12)) "* ]]; then hits+="; on 1 $key 9"; else misses+="; on 1 $key 9"; fi
    done
    takes "in-scale C $scale" "${hits#; }" "${misses#; }"
  done << 'SCALES'
major 0 2 4 5 7 9 11
minor 0 2 3 5 7 8 10
harmonic-minor 0 2 3 5 7 8 11
melodic-minor 0 2 3 5 7 9 11
dorian 0 2 3 5 7 9 10
phrygian 0 1 3 5 7 8 10
lydian 0 2 4 6 7 9 11
mixolydian 0 2 4 5 7 9 10
locrian 0 1 3 5 6 8 10
major-pentatonic 0 2 4 7 9
minor-pentatonic 0 3 5 7 10
blues 0 3 5 6 7 10
whole-tone 0 2 4 6 8 10
chromatic 0 1 2 3 4 5 6 7 8 9 10 11
0,3,7 0 3 7
SCALES
  takes 'in-scale F# major' 'on 1 66 9; on 1 65 9; on 1 1 9; off 1 61 0' 'on 1 67 9; on 1 0 9; off 1 60 0; cc 1 66 9'
  takes 'in-scale Bb 0,4..6' 'on 1 70 9; on 1 74 9; on 1 3 9; on 1 4 9' 'on 1 71 9; on 1 5 9'
  takes 'note not in-scale C minor' 'on 1 61 9; on 1 64 9' 'on 1 60 9; on 1 63 9; clock; cc 1 61 9'
}

@test "zone: the channels of an MPE zone, its master included" {
  local all='' channel
  for channel in {1..16}; do all+="; cc $channel 7 1"; done
  takes 'zone lower' "${all#; }" 'clock; syx 01'
  takes 'zone upper' "${all#; }" 'clock; syx 01'
  takes 'zone lower 3' 'on 1 60 9; pb 2 0; cp 3 1; cc 4 74 1' 'on 5 60 9; cc 16 7 1'
  takes 'zone lower 1' 'cc 1 7 1; cc 2 7 1' 'cc 3 7 1'
  takes 'zone upper 7' 'cc 16 7 1; cc 15 7 1; cc 9 7 1' 'cc 8 7 1; cc 1 7 1'
  takes 'zone upper 14' 'cc 16 7 1; cc 2 7 1' 'cc 1 7 1'
}

@test "ports: one, those that begin so, any, none" {
  takes @keys 'on 1 60 9 @keys; clock @keys' 'on 1 61 9 @keys2; on 1 62 9 @key; on 1 63 9'
  takes '@pads*' 'on 1 60 9 @pads; on 1 61 9 @pads-left' 'on 1 62 9 @pad; on 1 63 9; on 1 64 9 @a/pads'
  takes '@*' 'on 1 60 9 @x; clock @a:b/c[0].d-e_f' 'on 1 61 9; clock'
  takes 'not @*' 'on 1 60 9; clock' 'on 1 61 9 @x'
  takes '@a or @b* cc' 'cc 1 7 1 @a; on 1 60 9 @a; cc 1 7 1 @bc' 'cc 1 7 1; on 1 60 9 @b; cc 1 7 1 @ab'
  takes 'not @a clock' 'clock @b; clock' 'clock @a; stop @b'
  takes '@a:b/c[0].d-e_f' 'clock @a:b/c[0].d-e_f' 'clock @a'
}

@test "conditions side by side, and, or, not, parentheses: which of them binds how strongly" {
  takes 'cc ch 2' 'cc 2 7 1' 'cc 1 7 1; on 2 60 9'
  takes 'cc and ch 2' 'cc 2 7 1' 'cc 1 7 1; on 2 60 9'
  takes 'ch 2 cc 7 value 1' 'cc 2 7 1' 'cc 2 7 2; cc 2 8 1; cc 1 7 1'
  takes 'cc 7 ch 1 or on' 'cc 1 7 1; on 5 60 9' 'cc 2 7 1; cc 1 8 1; pc 1 7'
  takes 'on or cc and ch 2' 'on 1 60 9; cc 2 7 1' 'cc 1 7 1; pc 2 7'
  takes '(on or cc) ch 2' 'on 2 60 9; cc 2 7 1' 'on 1 60 9; cc 1 7 1; pc 2 7'
  takes 'ch 2 and ( on or cc )' 'on 2 60 9; cc 2 7 1' 'on 1 60 9; cc 1 7 1; pc 2 7'
  takes 'not cc 7 ch 1' 'cc 1 8 1; on 1 60 9' 'cc 1 7 1; cc 2 8 1; clock'
  takes 'not (cc 7 ch 1)' 'cc 1 8 1; on 1 60 9; cc 2 7 1; clock' 'cc 1 7 1; :text "x"'
  takes 'not (cc or on)' 'pc 1 5; clock' 'cc 1 7 1; on 1 60 9'
  takes 'not cc and not on' 'pc 1 5; clock' 'cc 1 7 1; on 1 60 9'
  takes 'not not cc' 'cc 1 7 1' 'on 1 60 9'
  takes 'not not not cc' 'on 1 60 9' 'cc 1 7 1'
  takes 'cc 7 ch 1 or (note not key C4..)' 'cc 1 7 1; on 1 59 9' 'cc 2 7 1; on 1 60 9'
  takes 'cc 1 or cc 2 ch 2 or cc 3' 'cc 9 1 0; cc 2 2 0; cc 9 3 0' 'cc 9 2 0; cc 2 4 0'
  takes '((cc or pc) and (ch 1 or ch 2)) or clock' 'cc 1 7 1; pc 2 1; clock' 'cc 3 7 1; on 1 60 9'
}

@test "rules over several lines, with comments and without many blanks" {
  local rules
  rules='# a comment
note key ..B3 or  # the lower ones
  cc 1,
     7 ->
     # and this is done
     transpose -12, @bass,
     ch 2

(key F#4) -> ch 3#not a comment'
  run --separate-stderr -2 mmroute "$rules"
  rules=${rules%'#'*}
  gives "$rules" 'on 1 48 9; cc 1 7 1; on 1 66 9; off 1 48 0; off 1 66 0' \
    'on 2 36 9 @bass; cc 2 7 1 @bass; on 3 66 9; off 2 36 0 @bass; off 3 66 0'
  gives 'not
cc 7 and
ch 1 ->
drop' 'cc 1 7 1; cc 1 8 1; cc 2 8 1' 'cc 1 7 1; cc 2 8 1'
  gives $'\n\n  # nothing\n' 'clock; cc 1 7 1' 'clock; cc 1 7 1'
  gives 'cc(ch 2)->drop' 'cc 2 7 1; cc 1 7 1' 'cc 1 7 1'
  gives $'cc 1\t->\tdrop\r\nclock -> drop\r' 'cc 1 1 1; clock; stop' 'stop'
}

# --- which rule takes it ---

@test "the first rule that matches takes it; also lets it go on as it came; what no rule takes passes" {
  gives 'cc 1 -> ch 2; cc -> ch 3' 'cc 1 1 9; cc 1 2 9; pc 1 1' 'cc 2 1 9; cc 3 2 9; pc 1 1'
  gives 'cc -> ch 2, also; cc -> ch 3' 'cc 1 1 9' 'cc 2 1 9; cc 3 1 9'
  gives 'cc -> ch 2, value 5, also' 'cc 1 1 9' 'cc 2 1 5; cc 1 1 9'
  gives 'cc -> drop, also' 'cc 1 1 9' 'cc 1 1 9'
  gives 'cc 1 -> ch 2, also; cc -> ch 3, also; cc ch 1 -> ch 4; any -> drop' 'cc 1 1 9; cc 1 2 9; clock' \
    'cc 2 1 9; cc 3 1 9; cc 4 1 9; cc 3 2 9; cc 4 2 9'
  gives 'on -> also; on -> transpose 12' 'on 1 60 9; off 1 60 0' 'on 1 60 9; on 1 72 9; off 1 60 0; off 1 72 0'
  gives 'cc 1 -> pass; any -> drop' 'cc 1 1 9; cc 1 2 9; clock; :text "x"' 'cc 1 1 9; :text "x"'
}

@test "else: what no rule before it took, those with also included" {
  gives 'cc 1 -> pass; else -> drop' 'cc 1 1 9; cc 1 2 9; clock; :text "x"' 'cc 1 1 9; :text "x"'
  gives 'cc 1 -> ch 2, also; else -> ch 3' 'cc 1 1 9; cc 1 2 9' 'cc 2 1 9; cc 1 1 9; cc 3 2 9'
  gives 'cc 1 -> ch 2; else -> ch 3; cc 2 -> ch 4' 'cc 1 1 9; cc 1 2 9' 'cc 2 1 9; cc 3 2 9'
  gives 'cc 1 -> ch 2, also; cc 2 -> ch 3, also; else -> ch 4; cc -> ch 5' 'cc 1 1 9; cc 1 2 9; cc 1 3 9' \
    'cc 2 1 9; cc 5 1 9; cc 3 2 9; cc 5 2 9; cc 4 3 9'
  gives 'cc 1 -> pass; else -> drop; then; clock -> pass; else -> ch 5' 'cc 1 1 9; clock; cc 1 2 9' 'cc 5 1 9'
  gives 'note -> ch 1; else -> ch 2' 'on 3 60 9; cc 3 7 1; off 3 60 0' 'on 1 60 9; cc 2 7 1; off 1 60 0'
}

@test "then: what comes out of the rules above goes through the rules below" {
  gives 'cc 1 -> cc 2; then; cc 2 -> cc 3; then; cc 3 -> cc 4' 'cc 1 1 9; cc 1 2 8; cc 1 3 7' 'cc 1 4 9; cc 1 4 8; cc 1 4 7'
  gives 'cc 1 -> drop; then; cc -> ch 2' 'cc 1 1 9; cc 1 2 9' 'cc 2 2 9'
  gives '@left -> ch 1; @right -> ch 2; then; note in-scale C major -> pass; note -> drop' \
    'on 5 60 90 @left; on 5 61 90 @right; off 5 60 64 @left; off 5 61 64 @right' 'on 1 60 90 @left; off 1 60 64 @left'
  gives 'on -> send cc 1 20 5; then; cc 20 -> ch 3; note -> transpose 1' 'on 1 60 9; off 1 60 0' \
    'cc 3 20 5; on 1 61 9; off 1 61 0'
  gives 'note -> chord 0,4; then; note -> chord 0,12' 'on 1 60 9; off 1 60 1' \
    'on 1 60 9; on 1 72 9; on 1 64 9; on 1 76 9; off 1 60 1; off 1 72 1; off 1 64 1; off 1 76 1'
  gives 'note -> delay 0.5; then; note -> ch 2' '1 on 1 60 9; 2 off 1 60 1' '1.5 on 2 60 9; 2.5 off 2 60 1'
  gives 'then; cc -> ch 2; then' 'cc 1 1 9' 'cc 2 1 9'
}

@test "meta events pass by all rules that do not ask for them" {
  gives 'any -> drop' ':text "a b"; :x 1 2; clock' ':text "a b"; :x 1 2'
  gives 'not note -> drop' ':text "x"; clock; on 1 60 9; off 1 60 9' ':text "x"; on 1 60 9; off 1 60 9'
  gives 'meta -> drop' ':text "x"; clock' 'clock'
  gives ':text -> drop' ':text "x"; :text; :texts; clock' ':texts; clock'
  gives ':text -> send cc 1 7 1' ':text "x"' 'cc 1 7 1; :text "x"'
  gives ':text -> @log' ':text "x"; :other @a' ':text "x" @log; :other @a'
  gives ':go -> send clock, drop' ':go; :stop' 'clock; :stop'
  gives 'else -> drop' ':text "x"; clock' ':text "x"'
  gives '@a -> drop' ':text "x" @a; clock @a' ':text "x" @a'
}

# --- where an event goes ---

@test "pass, drop, ports" {
  gives 'cc -> pass' 'cc 1 1 1' 'cc 1 1 1'
  gives 'cc -> drop' 'cc 1 1 1; clock' 'clock'
  # What may follow it acts.
  gives 'cc -> drop, send clock' 'cc 1 1 1' 'clock'
  gives 'cc -> drop, set x 5; pc -> send ss {x}, drop' 'cc 1 1 1; pc 1 1' 'ss 5'
  gives 'cc -> drop, count x 5..6; pc -> send ss {x}, drop' 'cc 1 1 1; cc 1 1 1; pc 1 1' 'ss 6'
  gives 'cc -> drop, scene b; scene a; pc -> ch 2; scene b; pc -> ch 3' 'cc 1 1 1; pc 1 1' 'pc 3 1'
  gives 'cc -> drop, tap; pc -> send ss {tempo}, drop' '1 cc 1 1 1; 2 cc 1 1 1; 3 pc 1 1' '3 ss 60'
  gives 'cc -> drop, send clock, also; cc -> ch 2' 'cc 1 1 1' 'clock; cc 2 1 1'
  gives 'clock or cc -> @synth' 'cc 1 1 1; clock @a; stop @a' 'cc 1 1 1 @synth; clock @synth; stop @a'
  gives 'cc -> @a @b, @c' 'cc 1 1 1 @x' 'cc 1 1 1 @a; cc 1 1 1 @b; cc 1 1 1 @c'
  gives 'note -> transpose -12 @bass' 'on 1 60 9; off 1 60 1' 'on 1 48 9 @bass; off 1 48 1 @bass'
  gives 'note -> @a @b' 'on 1 60 9; off 1 60 1' 'on 1 60 9 @a; on 1 60 9 @b; off 1 60 1 @a; off 1 60 1 @b'
  gives 'sysex -> @a @b' 'syx 01 02' 'syx f0 01 02 f7 @a; syx f0 01 02 f7 @b'
}

@test "ch: a number, a list of copies, steps, a map, an expression" {
  gives 'voice -> ch 16' 'on 1 60 9; off 1 60 1; cc 2 7 1; nrpn 3 1 1; pb 4 1; clock' \
    'on 16 60 9; off 16 60 1; cc 16 7 1; nrpn 16 1 1; pb 16 1; clock'
  gives 'voice -> ch 1,3..4' 'on 2 60 9; off 2 60 1; cp 2 5' \
    'on 1 60 9; on 3 60 9; on 4 60 9; off 1 60 1; off 3 60 1; off 4 60 1; cp 1 5; cp 3 5; cp 4 5'
  gives 'cc -> ch +1' 'cc 1 7 1; cc 15 7 1; cc 16 7 1' 'cc 2 7 1; cc 16 7 1'
  gives 'voice -> ch -2' 'cc 3 7 1; cc 2 7 1; cc 16 7 1; on 3 60 9; on 1 60 9; off 3 60 1; off 1 60 1' \
    'cc 1 7 1; cc 14 7 1; on 1 60 9; off 1 60 1'
  gives 'voice -> ch 1..4 to 5..8' 'cc 1 7 1; cc 4 7 1; cc 5 7 1; cc 16 7 1' 'cc 5 7 1; cc 8 7 1; cc 5 7 1; cc 16 7 1'
  gives 'voice -> ch 1,2,3 to 3,2,1' 'cc 1 7 1; cc 2 7 1; cc 3 7 1' 'cc 3 7 1; cc 2 7 1; cc 1 7 1'
  gives 'voice -> ch 1..16 to 16..1' 'cc 1 7 1; cc 9 7 1; cc 16 7 1' 'cc 16 7 1; cc 8 7 1; cc 1 7 1'
  gives 'voice -> ch 1,5..6 to 10' 'cc 1 7 1; cc 5 7 1; cc 6 7 1; cc 7 7 1' 'cc 10 7 1; cc 10 7 1; cc 10 7 1; cc 7 7 1'
  gives 'voice -> ch {channel % 16 + 1}' 'cc 1 7 1; cc 16 7 1' 'cc 2 7 1; cc 1 7 1'
  gives 'voice -> ch {channel * 2}' 'cc 1 7 1; cc 12 7 1' 'cc 2 7 1; cc 16 7 1'
  gives 'cc -> ch +{value}' 'cc 1 7 0; cc 1 7 3' 'cc 1 7 0; cc 4 7 3'
  gives 'any -> ch 2' 'clock; syx 01; cc 1 1 1; raw f4' 'clock; syx f0 01 f7; cc 2 1 1; raw f4'
}

@test "key: a number, a list of copies, a map, an expression" {
  gives 'on key 36 -> key 36,48' 'on 1 36 9; off 1 36 1; on 1 37 9; off 1 37 1' \
    'on 1 36 9; on 1 48 9; off 1 36 1; off 1 48 1; on 1 37 9; off 1 37 1'
  gives 'note -> key C5' 'on 1 60 9; pp 1 60 5; off 1 60 1' 'on 1 72 9; pp 1 72 5; off 1 72 1'
  gives 'note -> key 36,38,42 to C2,D1,F#2' 'on 1 36 9; on 1 38 9; on 1 42 9; on 1 40 9; off 1 38 1; off 1 42 1; off 1 36 1; off 1 40 1' \
    'on 1 36 9; on 1 26 9; on 1 42 9; on 1 40 9; off 1 26 1; off 1 42 1; off 1 36 1; off 1 40 1'
  gives 'note -> key 60..62 to 0' 'on 1 60 9; off 1 60 1; on 1 62 9; off 1 62 1; on 1 63 9; off 1 63 1' \
    'on 1 0 9; off 1 0 1; on 1 0 9; off 1 0 1; on 1 63 9; off 1 63 1'
  gives 'note -> key 0..127 to 127..0' 'on 1 0 9; off 1 0 1; on 1 127 9; off 1 127 1' 'on 1 127 9; off 1 127 1; on 1 0 9; off 1 0 1'
  gives 'note -> key {120 - note}' 'on 1 50 9; off 1 50 1; on 1 125 9; off 1 125 1' 'on 1 70 9; off 1 70 1; on 1 0 9; off 1 0 1'
  gives 'note -> key {note},{note + 3}' 'on 1 50 9; off 1 50 1' 'on 1 50 9; on 1 53 9; off 1 50 1; off 1 53 1'
  gives 'pp -> key 5' 'pp 1 60 9' 'pp 1 5 9'
}

@test "transpose, snap and chord, by semitones and in a scale" {
  gives 'note -> transpose 12' 'on 1 60 9; pp 1 60 7; off 1 60 1; cc 1 60 1' 'on 1 72 9; pp 1 72 7; off 1 72 1; cc 1 60 1'
  gives 'note -> transpose -12' 'on 1 12 9; off 1 12 1; on 1 11 9; off 1 11 1' 'on 1 0 9; off 1 0 1'
  gives 'note -> transpose 12' 'on 1 115 9; on 1 116 9; pp 1 116 5; off 1 116 1; off 1 115 1' 'on 1 127 9; off 1 127 1'
  gives 'note -> transpose 2 in C major' 'on 1 60 9; off 1 60 1; on 1 62 9; off 1 62 1; on 1 71 9; off 1 71 1' \
    'on 1 64 9; off 1 64 1; on 1 65 9; off 1 65 1; on 1 74 9; off 1 74 1'
  gives 'note -> transpose -3 in A minor' 'on 1 69 9; off 1 69 1; on 1 60 9; off 1 60 1' 'on 1 64 9; off 1 64 1; on 1 55 9; off 1 55 1'
  gives 'note -> transpose 7 in D major' 'on 1 62 9; off 1 62 1' 'on 1 74 9; off 1 74 1'
  gives 'note -> transpose 1 in C major' 'on 1 61 9; off 1 61 1' 'on 1 63 9; off 1 63 1'
  gives 'note -> transpose 1 in C 0,7' 'on 1 60 9; off 1 60 1; on 1 67 9; off 1 67 1' 'on 1 67 9; off 1 67 1; on 1 72 9; off 1 72 1'
  gives 'note -> transpose {note - 60}' 'on 1 60 9; off 1 60 1; on 1 62 9; off 1 62 1' 'on 1 60 9; off 1 60 1; on 1 64 9; off 1 64 1'
  gives 'note -> snap C major' 'on 1 61 9; off 1 61 1; on 1 60 9; off 1 60 1; on 1 70 9; off 1 70 1' \
    'on 1 60 9; off 1 60 1; on 1 60 9; off 1 60 1; on 1 69 9; off 1 69 1'
  gives 'note -> snap A minor-pentatonic' 'on 1 65 9; off 1 65 1; on 1 66 9; off 1 66 1' 'on 1 64 9; off 1 64 1; on 1 67 9; off 1 67 1'
  gives 'note -> snap C 0' 'on 1 66 9; off 1 66 1; on 1 67 9; off 1 67 1; on 1 127 9; off 1 127 1' \
    'on 1 60 9; off 1 60 1; on 1 72 9; off 1 72 1; on 1 120 9; off 1 120 1'
  gives 'note -> chord 0,4,7' 'on 1 60 9; pp 1 60 5; off 1 60 1' \
    'on 1 60 9; on 1 64 9; on 1 67 9; pp 1 60 5; pp 1 64 5; pp 1 67 5; off 1 60 1; off 1 64 1; off 1 67 1'
  gives 'note -> chord -12,12' 'on 1 60 9; off 1 60 1; on 1 5 9; off 1 5 1' 'on 1 48 9; on 1 72 9; off 1 48 1; off 1 72 1; on 1 17 9; off 1 17 1'
  gives 'note -> chord 0,2,4 in C major' 'on 1 62 90; off 1 62 64' 'on 1 62 90; on 1 65 90; on 1 69 90; off 1 62 64; off 1 65 64; off 1 69 64'
  gives 'note -> chord 0,12, ch 1,2' 'on 5 60 9; off 5 60 1' \
    'on 1 60 9; on 2 60 9; on 1 72 9; on 2 72 9; off 1 60 1; off 2 60 1; off 1 72 1; off 2 72 1'
}

# --- velocity and value ---

# vel OPERATION VELOCITY RESULT ...
vel() {
  local rule="note -> vel $1" input='' expected=''
  shift
  while (($#)); do
    input+="; on 1 60 $1; off 1 60 33"
    expected+="; on 1 60 $2; off 1 60 33"
    shift 2
  done
  gives "$rule" "${input#; }" "$expected"
}

@test "vel: set, add, scale, curve, clip, compress, invert, ranges, points, expressions" {
  vel 100 1 100 127 100
  vel 0 50 1
  vel +10 50 60 117 127 118 127 127 127
  vel -10 50 40 11 1 10 1 1 1
  vel '*0.5' 100 50 1 1 2 1
  vel '*2' 10 20 64 127 127 127
  vel '*0' 100 1
  vel 'curve 2' 1 11 32 64 127 127
  vel 'curve 0.5' 1 1 64 32 127 127
  vel 'curve 1' 1 1 64 64 127 127
  vel 'clip 40..100' 1 40 40 40 70 70 100 100 127 100
  vel 'compress 80 4' 79 79 80 80 84 81 120 90 127 92
  vel 'compress 80 1' 127 127
  vel invert 1 127 64 64 127 1
  vel '1..127 to 20..100' 1 20 64 60 127 100
  vel '40..80 to 1..127' 1 1 40 1 60 64 80 127 100 127
  vel '1..127 to 127..1' 1 127 64 64 127 1 100 28
  vel '1,40,127 to 1,80,127' 1 1 20 39 40 80 100 112 127 127
  vel '10,20 to 50,40' 1 50 10 50 15 45 20 40 127 40
  vel '{velocity / 2 + 10}' 91 55 127 73
  vel '{note}' 5 60
  vel '{-5}' 5 1
  vel '{1000}' 5 127
  vel '+{note - 50}' 5 15 120 127
  vel '-{note - 50}' 15 5 5 1
  gives 'note -> vel +10, vel *2' 'on 1 60 10; off 1 60 5' 'on 1 60 40; off 1 60 5'
  # A note-on with velocity 0 ends a note: it has no velocity that could be raised.
  gives 'note -> vel 100' 'on 1 60 10; on 1 60 0' 'on 1 60 100; on 1 60 0'
  # vel is no matter of other kinds.
  gives 'any -> vel 100' 'cc 1 7 5; pp 1 60 5; clock' 'cc 1 7 5; pp 1 60 5; clock'
}

@test "vel in a rule for note-offs is their velocity" {
  gives 'off -> vel 0' 'on 1 60 9; off 1 60 64' 'on 1 60 9; off 1 60 0'
  gives 'off -> vel +10' 'on 1 60 9; off 1 60 120' 'on 1 60 9; off 1 60 127'
  gives 'off -> vel 0..127 to 20..100' 'on 1 60 9; off 1 60 0; on 1 60 9; off 1 60 127' 'on 1 60 9; off 1 60 20; on 1 60 9; off 1 60 100'
  gives 'note -> ch 2; off key 60 -> vel 0, send cc 1 20 127' 'on 1 60 90; off 1 60 64; on 1 61 9; off 1 61 64' \
    'on 2 60 90; cc 1 20 127; off 2 60 0; on 2 61 9; off 2 61 64'
  gives 'off -> vel {note}' 'on 1 60 9; off 1 60 3' 'on 1 60 9; off 1 60 60'
}

# values KIND OPERATION VALUE RESULT ...: the kind with its arguments before the value.
values() {
  local kind=$1 rule="any -> value $2" input='' expected=''
  shift 2
  while (($#)); do
    input+="; $kind $1"
    expected+="; $kind $2"
    shift 2
  done
  gives "$rule" "${input#; }" "$expected"
}

@test "value of 7 bits: set, add, scale, curve, clip, compress, invert, ranges, points, expressions" {
  local kind
  for kind in 'cc 1 7' 'pc 1' 'cp 1' 'pp 1 60' ss; do
    values "$kind" 100 0 100 127 100
    values "$kind" +10 0 10 117 127 118 127
    values "$kind" -10 50 40 10 0 9 0
    values "$kind" '*0.5' 0 0 64 32 100 50
    values "$kind" '*2' 0 0 32 64 64 127
    values "$kind" 'curve 2' 0 0 32 64 127 127
    values "$kind" 'curve 0.5' 0 0 64 32 127 127
    values "$kind" 'clip 40..100' 0 40 70 70 127 100
    values "$kind" 'compress 80 4' 0 0 80 80 120 90
    values "$kind" invert 0 127 1 126 64 63 127 0
    values "$kind" '0..127 to 64..127' 0 64 127 127
    values "$kind" '20..108 to 127..0' 0 127 20 127 64 64 108 0 127 0
    values "$kind" '20..100 to 0..40' 0 0 20 0 60 20 100 40 127 40
    values "$kind" '0,100,127 to 0,50,127' 0 0 50 25 100 50 127 127
    values "$kind" '{value / 2 + 10}' 91 55 0 10
    values "$kind" '{value * 3}' 10 30 100 127
    values "$kind" '{value - 100}' 110 10 10 0
    values "$kind" '+{value}' 10 20 100 127
  done
  values 'cc 1 7' '{controller}' 5 7
  values 'pc 1' '{program + channel}' 5 6
  values 'pp 1 60' '{pressure + note}' 5 65
  values 'cp 1' '{pressure * 2}' 5 10
}

@test "value of 14 bits: set, add, scale, curve, clip, compress, invert, ranges, points, expressions" {
  local kind
  for kind in 'cc14 1 7' 'rpn 1 5' 'nrpn 1 1000' spp; do
    values "$kind" 8000 0 8000 16383 8000
    values "$kind" +100 0 100 16283 16383 16284 16383
    values "$kind" -128 256 128 128 0 1 0
    values "$kind" '*0.5' 0 0 8192 4096 16382 8191
    values "$kind" '*4' 1000 4000 8192 16383
    values "$kind" 'curve 2' 0 0 4096 8192 16383 16383
    values "$kind" 'curve 0.5' 0 0 8192 4096 16383 16383
    values "$kind" 'clip 1000..9000' 0 1000 5000 5000 16383 9000
    values "$kind" 'compress 8192 2' 0 0 8192 8192 16382 12287
    values "$kind" invert 0 16383 100 16283 16383 0
    values "$kind" '1300..15000 to 0..16383' 0 0 1300 0 15000 16383 16383 16383
    values "$kind" '0..16000 to 16000..0' 0 16000 4000 12000 16000 0
    values "$kind" '0,8192,16383 to 0,1000,16383' 0 0 4096 500 8192 1000 16383 16383
    values "$kind" '{value * 2 - 100}' 100 100 10000 16383 20 0
  done
  values 'nrpn 1 1000' '{number + channel}' 5 1001
}

@test "value of the bend: around its centre" {
  values 'pb 1' 100 -8192 100
  values 'pb 1' 0 -8192 0 8191 0
  values 'pb 1' +100 0 100 8150 8191 -100 0
  values 'pb 1' -100 0 -100 -8150 -8192
  values 'pb 1' '*0.5' 0 0 -8192 -4096 8190 4095
  values 'pb 1' '*2' 100 200 5000 8191 -5000 -8192
  values 'pb 1' 'curve 2' 0 0 2048 4096 -2048 -4096 8191 8191 -8192 -8192
  values 'pb 1' 'clip -100..100' 0 0 -101 -100 5000 100
  values 'pb 1' invert 0 0 100 -100 -8192 8191 -100 100
  values 'pb 1' '-8192..8191 to -100..100' -8192 -100 8191 100
  values 'pb 1' '-8192,0,8191 to -8192,0,1365' -8192 -8192 0 0 8191 1365
  values 'pb 1' '{-bend}' 5 -5 -8192 8191
  values 'pb 1' '{value / 2}' -5 -2 5 2
}

# --- other kinds ---

# The prefixes of each kind, and its least, middle and greatest value.
declare -gA before=([cc]='cc 3 20' [cc14]='cc14 3 20' [rpn]='rpn 3 20' [nrpn]='nrpn 3 20'
  [bend]='pb 3' [pressure]='cp 3' [poly-pressure]='pp 3 20' [prog]='pc 3')
declare -gA three=([cc]='0 64 127' [cc14]='0 8192 16383' [rpn]='0 8192 16383'
  [nrpn]='0 8192 16383' [bend]='-8192 0 8191' [pressure]='0 64 127' [poly-pressure]='0 64 127'
  [prog]='0 64 127')

# action KIND: the conversion to it.
action() {
  case $1 in
    bend | pressure | prog) echo "$1" ;;
    *) echo "$1 20" ;;
  esac
}

@test "conversions: every value kind to every other; the least, the middle and the most stay these" {
  local from to input expected i ins outs
  for from in "${!before[@]}"; do
    for to in "${!before[@]}"; do
      [ "$from" != "$to" ] || continue
      input='' expected=''
      read -ra ins <<< "${three[$from]}"
      read -ra outs <<< "${three[$to]}"
      for i in 0 1 2; do
        input+="; ${before[$from]} ${ins[i]}"
        expected+="; ${before[$to]} ${outs[i]}"
      done
      gives "$from -> $(action "$to")" "${input#; }" "$expected"
    done
  done
}

@test "conversions: notes to every value kind, by their velocity; their note-off is the least value" {
  local to outs
  for to in "${!before[@]}"; do
    read -ra outs <<< "${three[$to]}"
    [ "$to" != prog ] || continue
    gives "note -> $(action "$to")" 'on 3 60 64; off 3 60 99; on 3 61 127; on 3 61 0' \
      "${before[$to]} ${outs[1]}; ${before[$to]} ${outs[0]}; ${before[$to]} ${outs[2]}; ${before[$to]} ${outs[0]}"
  done
  gives 'note -> prog' 'on 3 60 64; off 3 60 99; on 3 61 127; off 3 61 0' 'pc 3 64; pc 3 127'
  gives 'on -> cc 20' 'on 3 60 64; off 3 60 99' 'cc 3 20 64; cc 3 20 0'
}

@test "conversions: every value kind to notes; what is above the least starts it, the least ends it" {
  local from ins
  for from in "${!before[@]}"; do
    read -ra ins <<< "${three[$from]}"
    gives "$from -> note 36" "${before[$from]} ${ins[0]}; ${before[$from]} ${ins[1]}; ${before[$from]} ${ins[2]}; ${before[$from]} ${ins[0]}; ${before[$from]} ${ins[0]}; ${before[$from]} ${ins[2]}" \
      'on 3 36 64; off 3 36 64; on 3 36 127; off 3 36 64'
  done
  gives 'note -> note C2' 'on 1 60 9; off 1 60 1' 'on 1 36 9; off 1 36 1'
  gives 'cc 20 -> note {controller + 1}' 'cc 1 20 5; cc 1 20 0' 'on 1 21 5; off 1 21 64'
}

@test "conversions: numbers change where the kind stays" {
  gives 'cc 1 -> cc 2' 'cc 1 1 9; cc 1 3 9' 'cc 1 2 9; cc 1 3 9'
  gives 'cc14 1 -> cc14 31' 'cc14 1 1 9999' 'cc14 1 31 9999'
  gives 'rpn 1 -> rpn 16383' 'rpn 1 1 9999' 'rpn 1 16383 9999'
  gives 'nrpn 1 -> nrpn 0' 'nrpn 1 1 9999' 'nrpn 1 0 9999'
  gives 'pp -> poly-pressure 20' 'pp 1 60 9' 'pp 1 20 9'
  gives 'cc 1 -> cc {controller + channel}' 'cc 5 1 9' 'cc 5 6 9'
  gives 'cc 1 -> cc {value * 2}' 'cc 5 1 9; cc 5 1 100' 'cc 5 18 9; cc 5 127 100'
  gives 'cc 1..8 -> cc 1..8 to 16..9' 'cc 1 1 9; cc 1 8 9; cc 1 9 9' 'cc 1 16 9; cc 1 9 9; cc 1 9 9'
  gives 'any -> cc 7,10 to 20,21' 'cc 1 7 9; cc 1 10 9; cc 1 11 9; pc 1 7; nrpn 1 7 9; on 1 7 9; off 1 7 9' \
    'cc 1 20 9; cc 1 21 9; cc 1 11 9; pc 1 7; nrpn 1 7 9; on 1 7 9; off 1 7 9'
  gives 'cc -> cc 1..3 to 7' 'cc 1 1 9; cc 1 3 9; cc 1 4 9' 'cc 1 7 9; cc 1 7 9; cc 1 4 9'
  gives 'cc14 -> cc14 0..31 to 31..0' 'cc14 1 0 9; cc14 1 31 9' 'cc14 1 31 9; cc14 1 0 9'
  gives 'rpn -> rpn 0,1 to 1,0' 'rpn 1 0 9; rpn 1 1 9; rpn 1 2 9' 'rpn 1 1 9; rpn 1 0 9; rpn 1 2 9'
  gives 'nrpn -> nrpn 1000..1002 to 2000..2002' 'nrpn 1 1000 9; nrpn 1 1002 9; nrpn 1 1003 9' 'nrpn 1 2000 9; nrpn 1 2002 9; nrpn 1 1003 9'
  gives 'prog -> prog 1,5 to 5,127' 'pc 1 1; pc 1 5; pc 1 6' 'pc 1 5; pc 1 127; pc 1 6'
}

# --- other events ---

@test "send: all kinds, with fields, ports, and later" {
  gives 'cc 1 -> send pc 1 5, drop' 'cc 1 1 9' 'pc 1 5'
  gives 'cc 1 -> drop, send pc 1 5' 'cc 1 1 9' 'pc 1 5'
  gives 'cc 1 -> send pc 1 5' 'cc 1 1 9' 'pc 1 5; cc 1 1 9'
  gives 'cc -> send pc {channel} {value / 16} @synth, drop' 'cc 3 1 127 @in' 'pc 3 7 @synth'
  gives 'clock -> drop, send off 1 C4 3, send on 2 60 0, send pp 3 60 1, send cc 4 5 6, send pc 5 6, send cp 6 7,
    send pb 7 -8, send syx 43 10, send tc 1 2, send spp 9, send ss 8, send tune-request, send clock,
    send start, send continue, send stop, send active-sensing, send reset, send raw f4, send cc14 8 9 10,
    send rpn 9 10 11, send nrpn 10 11 12, send :text "a b", send prog 1 2, send bend 1 8191, send pressure 1 0,
    send note-off 1 60 4, send sysex f0 7e f7' clock \
    'off 1 60 3; on 2 60 0; pp 3 60 1; cc 4 5 6; pc 5 6; cp 6 7; pb 7 -8; syx 43 10; tc 1 2; spp 9; ss 8; tune-request; clock; start; continue; stop; active-sensing; reset; raw f4; cc14 8 9 10; rpn 9 10 11; nrpn 10 11 12; :text "a b"; pc 1 2; pb 1 8191; cp 1 0; off 1 60 4; syx f0 7e f7'
  # Every field of every kind; results out of range are clipped.
  gives 'cc -> drop, send nrpn {channel} {controller * 100} {value * 100}' 'cc 2 50 90' 'nrpn 2 5000 9000'
  gives 'cc -> drop, send pb {channel + 20} {value * 1000}' 'cc 2 50 90' 'pb 16 8191'
  gives 'cc -> drop, send pb {-channel} {-value * 1000}' 'cc 2 50 90' 'pb 1 -8192'
  gives 'note -> send cc {channel} {note} {velocity}' 'on 2 60 90; off 2 60 3' 'cc 2 60 90; on 2 60 90; off 2 60 3'
  gives 'pp -> send cc {channel} {note} {pressure}, drop' 'pp 2 60 90' 'cc 2 60 90'
  gives 'cp -> send cc {channel} 1 {pressure}, drop' 'cp 2 90' 'cc 2 1 90'
  gives 'pc -> send cc {channel} 1 {program}, drop' 'pc 2 90' 'cc 2 1 90'
  gives 'pb -> send cc14 {channel} 1 {bend + 8192}, drop' 'pb 2 -90' 'cc14 2 1 8102'
  gives 'nrpn -> send rpn {channel} {number} {value}, drop' 'nrpn 2 300 400' 'rpn 2 300 400'
  gives 'spp -> send ss {value}, drop' 'spp 77' 'ss 77'
  gives 'ss -> send spp {value * 2}, drop' 'ss 77' 'spp 154'
  gives 'clock -> send cc 1 1 {tempo}, drop' ':tempo 90; clock' ':tempo 90; cc 1 1 90'
  gives 'clock -> send cc {channel} {note} {value}, drop' 'clock' 'cc 1 0 0'
  gives 'cc 20 -> send sysex 43 {value} {channel}, drop' 'cc 2 20 90' 'syx 43 5a 02'
  # Without a tag it has that of the event in hand.
  gives 'cc -> send clock, send stop @b, drop' 'cc 1 1 1 @a' 'clock @a; stop @b'
  gives 'cc -> @b, send clock' 'cc 1 1 1 @a' 'clock @b; cc 1 1 1 @b'
  # What was done to the event before counts.
  gives 'cc -> value 5, send pc 1 {value}, value 6' 'cc 1 1 9' 'pc 1 5; cc 1 1 6'
  # Later; its time is that of the event and so much more.
  gives 'cc -> send +0.5 clock, send +0 stop, drop' '1 cc 1 1 9; 3 start' '1 stop; 1.5 clock; 3 start'
  gives 'cc -> send +0.25 cc {channel} 2 {value}, drop' '1 cc 2 1 9; 1.1 cc 3 1 8' '1.25 cc 2 2 9; 1.35 cc 3 2 8'
  # It goes to no rule of this group.
  gives 'cc 1 -> send cc 1 2 9; cc 2 -> ch 5' 'cc 1 1 1' 'cc 1 2 9; cc 1 1 1'
}

@test "send: a note-on that a note sends is released with it; others have a note-off of their own" {
  gives 'on -> send on 2 {note + 12} {velocity}' 'on 1 60 9; on 1 64 8; off 1 60 3; off 1 64 3' \
    'on 2 72 9; on 1 60 9; on 2 76 8; on 1 64 8; off 2 72 3; off 1 60 3; off 2 76 3; off 1 64 3'
  gives 'note key 60 -> send on 2 40 50, drop' 'on 1 60 9; pp 1 60 5; off 1 60 3' 'on 2 40 50; pp 2 40 5; off 2 40 3'
  gives 'cc 20 rises 1 -> send on 1 60 90, send +0.5 off 1 60 0, drop; cc 20 -> drop' '1 cc 1 20 5; 1.1 cc 1 20 0; 3 clock' \
    '1 on 1 60 90; 1.5 off 1 60 0; 3 clock'
  gives 'clock -> send on 1 60 90, drop' '1 clock' '1 on 1 60 90; 1 off 1 60 64'
  gives 'off -> send on 1 24 90, send +0.1 off 1 24 0' '1 on 1 60 9; 2 off 1 60 3' \
    '1 on 1 60 9; 2 on 1 24 90; 2 off 1 60 3; 2.1 off 1 24 0'
}

@test "variables: set, count, when; they begin at 0 and belong to all rules" {
  gives 'cc 32 -> set bank {value}, drop; prog 21 when bank 3 -> drop' \
    'pc 1 21; cc 1 32 3; pc 1 21; pc 1 20; cc 1 32 4; pc 1 21' 'pc 1 21; pc 1 20; pc 1 21'
  gives 'cc when x 0 -> set x 1; cc when x 1 -> set x -1, ch 2; cc -> ch 3' 'cc 1 1 1; cc 1 1 1; cc 1 1 1; cc 1 1 1' \
    'cc 1 1 1; cc 2 1 1; cc 1 1 1; cc 2 1 1'
  gives 'clock -> set x 5; start -> set x +3; stop -> set x -10; cc -> value {x + 50}' \
    'cc 1 1 1; clock; cc 1 1 1; start; start; cc 1 1 1; stop; cc 1 1 1; stop; cc 1 1 1' \
    'cc 1 1 50; clock; cc 1 1 55; start; start; cc 1 1 61; stop; cc 1 1 51; stop; cc 1 1 41'
  gives 'cc 1 -> set x +{value}, drop; cc 2 -> set x {x * 2}, drop; cc 3 -> value {x}' \
    'cc 1 1 5; cc 1 1 7; cc 1 3 0; cc 1 2 0; cc 1 3 0' 'cc 1 3 12; cc 1 3 24'
  gives 'on key 24 -> count part 1..3, drop; cc -> value {part}' \
    'cc 1 1 9; on 1 24 9; off 1 24 9; cc 1 1 9; on 1 24 9; cc 1 1 9; on 1 24 9; cc 1 1 9; on 1 24 9; cc 1 1 9' \
    'cc 1 1 0; cc 1 1 1; cc 1 1 2; cc 1 1 3; cc 1 1 1'
  gives 'clock -> count n 0..1; cc when n 1 -> drop' 'clock; cc 1 1 1; clock; cc 1 1 2; clock; cc 1 1 3' \
    'clock; cc 1 1 1; clock; clock; cc 1 1 3'
  gives 'cc when a 1..3,5 -> drop; clock -> set a +1' 'cc 1 1 0; clock; cc 1 1 1; clock; clock; clock; cc 1 1 4; clock; cc 1 1 5; clock; cc 1 1 6' \
    'cc 1 1 0; clock; clock; clock; clock; cc 1 1 4; clock; clock; cc 1 1 6'
  gives 'cc when a -1 -> drop; cc when a ..-2 -> ch 2; clock -> set a -1' 'cc 1 1 0; clock; cc 1 1 1; clock; cc 1 1 2' \
    'cc 1 1 0; clock; clock; cc 2 1 2'
  # Over stages.
  gives 'cc 1 -> set x {value}, drop; then; cc 2 -> value {x}' 'cc 1 1 77; cc 1 2 0' 'cc 1 2 77'
}

@test "expressions: how operators bind, division, remainder, what is out of range" {
  # expression VALUE EXPRESSION...: with value 7 in hand.
  expression() { gives "cc -> value {$2}" 'cc 3 20 7' "cc 3 20 $1"; }
  expression 14 '2 + 3 * 4'
  expression 20 '(2 + 3) * 4'
  expression 3 '10 - 4 - 3'
  expression 2 '20 / 5 / 2'
  expression 3 '7 / 2'
  expression 1 '7 % 3'
  expression 0 '7 / 0'
  expression 0 '7 % 0'
  expression 97 '100 + -7 / 2'
  expression 99 '100 + -7 % 3'
  expression 93 '100 - value'
  expression 107 '100 - -value'
  expression 30 'channel + controller + value'
  expression 42 '0x2a'
  expression 0 'note + velocity + pressure + program + bend'
  expression 20 'number'
  expression 0 '-5'
  expression 127 '1000'
  expression 127 '1000000 * 1000000 * 1000000'
  expression 0 '-1000000 * 1000000 * 1000000'
  expression 120 tempo
  expression 9 '((((9))))'
  expression 5 '2+3'
  gives 'cc -> value { later }; clock -> set later 5' 'cc 3 20 7; clock; cc 3 20 7' 'cc 3 20 0; clock; cc 3 20 5'
  gives 'on -> vel {note / 2 + channel}' 'on 3 60 7; off 3 60 5' 'on 3 60 33; off 3 60 5'
}

# --- what was before ---

@test "rises, falls: the value crosses, compared with the event of its kind, channel, number and port" {
  gives 'cc 11 rises 64 -> send cc 1 80 127; cc 11 falls 64 -> send cc 1 80 0' \
    'cc 1 11 63; cc 1 11 64; cc 1 11 127; cc 1 11 64; cc 1 11 63; cc 1 11 0; cc 1 11 70' \
    'cc 1 11 63; cc 1 80 127; cc 1 11 64; cc 1 11 127; cc 1 11 64; cc 1 80 0; cc 1 11 63; cc 1 11 0; cc 1 80 127; cc 1 11 70'
  gives 'cc rises 1 -> @hit' 'cc 1 11 5; cc 2 11 5; cc 1 12 5; cc 1 11 6; cc 1 11 5 @a; cc 1 11 6 @a' \
    'cc 1 11 5 @hit; cc 2 11 5 @hit; cc 1 12 5 @hit; cc 1 11 6; cc 1 11 5 @hit; cc 1 11 6 @a'
  gives 'cc falls 64 -> @hit' 'cc 1 11 5; cc 1 11 64; cc 1 11 63' 'cc 1 11 5; cc 1 11 64; cc 1 11 63 @hit'
  gives 'bend rises 0 -> @up; bend falls 0 -> @down' 'pb 1 -5; pb 1 0; pb 1 5; pb 1 -1; pb 1 100' \
    'pb 1 -5; pb 1 0 @up; pb 1 5; pb 1 -1 @down; pb 1 100 @up'
  gives 'nrpn 1000 rises 8192 -> @hit' 'nrpn 1 1000 8191; nrpn 1 1000 8192; nrpn 1 1000 9000' 'nrpn 1 1000 8191; nrpn 1 1000 8192 @hit; nrpn 1 1000 9000'
  gives 'pressure rises 100 -> @hit' 'cp 1 99; cp 1 100; cp 2 120; cp 1 110' 'cp 1 99; cp 1 100 @hit; cp 2 120 @hit; cp 1 110'
  gives 'prog rises 5 -> @hit' 'pc 1 5; pc 1 6; pc 1 4; pc 1 9' 'pc 1 5 @hit; pc 1 6; pc 1 4; pc 1 9 @hit'
  # It is the events that are compared, whether a rule took them or not.
  gives 'cc value 100 -> drop; cc rises 64 -> @hit' 'cc 1 1 100; cc 1 1 90; cc 1 1 0; cc 1 1 90' 'cc 1 1 90; cc 1 1 0; cc 1 1 90 @hit'
}

@test "held: how long a note or a controller was held" {
  gives 'off held 0.5.. -> send clock' '1 on 1 60 9; 1.4 off 1 60 1; 2 on 1 60 9; 2.5 off 1 60 1' \
    '1 on 1 60 9; 1.4 off 1 60 1; 2 on 1 60 9; 2.5 clock; 2.5 off 1 60 1'
  gives 'off held ..0.25 -> send clock' '1 on 1 60 9; 1.25 off 1 60 1; 2 on 1 60 9; 2.26 off 1 60 1' \
    '1 on 1 60 9; 1.25 clock; 1.25 off 1 60 1; 2 on 1 60 9; 2.26 off 1 60 1'
  gives 'off held 0.25..0.5 -> send clock' '1 on 1 60 9; 1.2 off 1 60 1; 2 on 1 61 9; 2.3 on 1 61 0; 3 on 1 60 9; 3.6 off 1 60 1' \
    '1 on 1 60 9; 1.2 off 1 60 1; 2 on 1 61 9; 2.3 clock; 2.3 on 1 61 0; 3 on 1 60 9; 3.6 off 1 60 1'
  gives 'cc 80 held 1.. -> @long; cc 80 value 0 -> @short' \
    '1 cc 1 80 127; 1.5 cc 1 80 0; 2 cc 1 80 5; 2.8 cc 1 80 9; 3 cc 1 80 0; 4 cc 2 80 5; 4.5 cc 1 80 0' \
    '1 cc 1 80 127; 1.5 cc 1 80 0 @short; 2 cc 1 80 5; 2.8 cc 1 80 9; 3 cc 1 80 0 @long; 4 cc 2 80 5; 4.5 cc 1 80 0 @short'
}

# --- scenes ---

@test "scenes: by name, next, previous, number; the rules before the first one count in all" {
  local rules='cc 80 -> scene next, drop; cc 81 -> scene previous, drop; prog -> scene {program + 1}, drop; cc 82 -> scene two, drop
scene one; cc -> ch 1; scene two; cc -> ch 2; scene three; cc -> ch 3'
  gives "$rules" 'cc 9 1 1; cc 9 80 1; cc 9 1 2; cc 9 80 1; cc 9 1 3; cc 9 80 1; cc 9 1 4' 'cc 1 1 1; cc 2 1 2; cc 3 1 3; cc 1 1 4'
  gives "$rules" 'cc 9 81 1; cc 9 1 1; cc 9 81 1; cc 9 1 2; cc 9 82 1; cc 9 1 3' 'cc 3 1 1; cc 2 1 2; cc 2 1 3'
  gives "$rules" 'pc 9 2; cc 9 1 1; pc 9 0; cc 9 1 2; pc 9 1; cc 9 1 3' 'cc 3 1 1; cc 1 1 2; cc 2 1 3'
  # A number that no scene has does nothing.
  gives "$rules" 'pc 9 2; pc 9 3; cc 9 1 1' 'cc 3 1 1'
  gives "${rules/'{program + 1}'/'{program}'}" 'pc 9 2; pc 9 0; cc 9 1 1' 'cc 2 1 1'
  gives 'cc 1 -> scene 2, drop; scene a; cc -> ch 2; scene b; cc -> ch 3' 'cc 1 2 1; cc 1 1 1; cc 1 2 1' 'cc 2 2 1; cc 3 2 1'
  args=(--scene two)
  gives "$rules" 'cc 9 1 1; cc 9 80 1; cc 9 1 2' 'cc 2 1 1; cc 3 1 2'
}

@test "scenes: a line :scene chooses one too, and passes" {
  local rules='scene one; cc -> ch 1; scene two; cc -> ch 2'
  gives "$rules" 'cc 9 1 1; :scene two; cc 9 1 2; :scene none; cc 9 1 3; 5 :scene one; cc 9 1 4' \
    'cc 1 1 1; :scene two; cc 2 1 2; :scene none; cc 2 1 3; 5 :scene one; cc 1 1 4'
  gives 'cc -> ch 1' ':scene two; cc 9 1 2' ':scene two; cc 1 1 2'
}

@test "scenes: enter and leave, in scenes and of the program" {
  gives 'enter -> send pc 1 5; leave -> send pc 1 6' 'clock' 'pc 1 5; clock; pc 1 6'
  gives 'enter -> send pc 1 5; leave -> send pc 1 6' '' 'pc 1 5; pc 1 6'
  gives 'enter -> set x 5; cc -> value {x}' 'cc 1 1 1' 'cc 1 1 5'
  gives 'enter -> send pc 1 1, send pc 1 2; enter -> send pc 1 3' 'clock' 'pc 1 1; pc 1 2; pc 1 3; clock'
  local rules='enter -> send ss 1; leave -> send ss 2; cc 80 -> scene next, drop
scene a; enter -> send pc 1 1; leave -> send pc 1 2
scene b; enter -> send pc 1 3; leave -> send pc 1 4'
  gives "$rules" '1 clock; 2 cc 1 80 1; 3 clock; 4 cc 1 80 1; 5 clock' \
    '1 ss 1; 1 pc 1 1; 1 clock; 2 pc 1 2; 2 pc 1 3; 3 clock; 4 pc 1 4; 4 pc 1 1; 5 clock; 5 pc 1 2; 5 ss 2'
  # The scene that is there is not entered again.
  gives 'scene a; enter -> send pc 1 1; leave -> send pc 1 2; cc -> scene a' 'cc 1 1 1' 'pc 1 1; cc 1 1 1; pc 1 2'
  gives "$rules" ':scene b' 'ss 1; pc 1 1; :scene b; pc 1 2; pc 1 3; pc 1 4; ss 2'
  # The change happens when the event is through.
  gives 'cc 80 -> scene b, send clock; scene a; enter -> send pc 1 1; scene b; enter -> send pc 1 2' 'cc 1 80 1' \
    'pc 1 1; clock; cc 1 80 1; pc 1 2'
}

@test "scenes: in each group; the same name is the same scene" {
  local rules='cc 80 -> scene next, drop; scene a; cc -> ch 1; scene b; cc -> ch 2
then; scene a; cc ch 1 -> cc 10; scene b; cc ch 2 -> cc 20'
  gives "$rules" 'cc 9 1 1; cc 9 80 1; cc 9 1 1; cc 9 80 1; cc 9 1 1' 'cc 1 10 1; cc 2 20 1; cc 1 10 1'
  gives 'prog 1 -> scene b; scene a; cc -> ch 1; scene b; cc -> ch 2; then; cc -> value 7; scene b; note -> ch 9' \
    'cc 9 1 1; on 1 60 9; pc 1 1; cc 9 1 1; on 1 61 9; off 1 60 1; off 1 61 1' 'cc 1 1 7; on 1 60 9; pc 1 1; cc 2 1 7; on 9 61 9; off 1 60 1; off 9 61 1'
}

# --- notes end as they began ---

@test "a note-off goes the way of its note-on, whatever the rules say by then" {
  # Rules that look at the velocity, which the note-off does not have.
  gives 'note vel 1..63 -> ch 2; note vel 64.. -> ch 3' 'on 1 60 10; on 1 61 100; off 1 60 100; off 1 61 10' \
    'on 2 60 10; on 3 61 100; off 2 60 100; off 3 61 10'
  # Variables, and expressions.
  gives 'cc 1 -> set x {value}, drop; note when x 0 -> ch 2; note -> ch 3' 'on 1 60 9; cc 1 1 5; on 1 61 9; off 1 60 1; cc 1 1 0; off 1 61 1' \
    'on 2 60 9; on 3 61 9; off 2 60 1; off 3 61 1'
  gives 'cc 1 -> set x {value}, drop; note -> transpose {x}' 'on 1 60 9; cc 1 1 5; on 1 61 9; off 1 60 1; off 1 61 1' \
    'on 1 60 9; on 1 66 9; off 1 60 1; off 1 66 1'
  # Scenes.
  gives 'cc -> scene next, drop; scene a; note -> transpose 1; scene b; note -> transpose 2, ch 2; scene c; note -> drop' \
    'on 1 60 9; cc 1 1 1; on 1 61 9; cc 1 1 1; on 1 62 9; pp 1 60 5; off 1 60 1; off 1 61 1; off 1 62 1' \
    'on 1 61 9; on 2 63 9; pp 1 61 5; off 1 61 1; off 2 63 1'
  # Copies, dropped notes, ports.
  gives 'note vel 100.. -> chord 0,12 @a @b' 'on 1 60 100; off 1 60 1' \
    'on 1 60 100 @a; on 1 60 100 @b; on 1 72 100 @a; on 1 72 100 @b; off 1 60 1 @a; off 1 60 1 @b; off 1 72 1 @a; off 1 72 1 @b'
  gives 'on vel ..20 -> drop' 'on 1 60 9; pp 1 60 5; off 1 60 1; on 1 60 21; off 1 60 1' 'on 1 60 21; off 1 60 1'
  gives 'on -> drop' 'on 1 60 9; off 1 60 1; off 1 61 1' 'off 1 61 1'
  gives 'on -> ch 2' 'on 1 60 9; off 1 60 1' 'on 2 60 9; off 2 60 1'
  # Into another kind, and out of the range.
  gives 'note key ..59 -> cc 20; note -> transpose 60' 'on 1 50 9; on 1 68 8; on 1 60 7; off 1 68 1; off 1 60 1; off 1 50 1' \
    'cc 1 20 9; on 1 120 7; off 1 120 1; cc 1 20 0'
  # Counted.
  gives 'note -> divide 2' 'on 1 60 9; on 1 62 9; off 1 60 1; on 1 64 9; off 1 62 1; off 1 64 1' 'on 1 60 9; off 1 60 1; on 1 64 9; off 1 64 1'
  # Each port and channel for itself.
  gives '@a -> ch 2; @b -> ch 3' 'on 1 60 9 @a; on 1 60 9 @b; off 1 60 1 @b; off 1 60 2 @a' \
    'on 2 60 9 @a; on 3 60 9 @b; off 3 60 1 @b; off 2 60 2 @a'
}

@test "rules for note-offs alone act in addition; a note-off of no note goes through the rules" {
  gives 'on -> ch 2; off -> ch 3, send cc 1 1 1' 'on 1 60 9; off 1 60 1; off 1 61 1' 'on 2 60 9; cc 1 1 1; off 2 60 1; cc 1 1 1; off 3 61 1'
  gives 'note-off key 60 -> set x +1; cc -> value {x}' 'on 1 60 9; off 1 60 1; on 1 61 9; off 1 61 1; cc 1 1 9' \
    'on 1 60 9; off 1 60 1; on 1 61 9; off 1 61 1; cc 1 1 1'
  gives 'off -> drop' 'on 1 60 9; off 1 60 1; off 1 61 1' 'on 1 60 9; off 1 60 1'
  gives 'off -> transpose 12' 'on 1 60 9; off 1 60 1; off 1 61 1' 'on 1 60 9; off 1 60 1; off 1 73 1'
  gives 'note key 60 -> drop; off -> send clock' 'on 1 60 9; off 1 60 1' 'clock'
  gives 'off vel 100.. -> send clock' 'on 1 60 127; off 1 60 1; on 1 60 1; off 1 60 100' 'on 1 60 127; off 1 60 1; on 1 60 1; clock; off 1 60 100'
  # A rule for both acts on the note-on.
  gives 'note -> send clock' 'on 1 60 9; off 1 60 1' 'clock; on 1 60 9; off 1 60 1'
}

@test "a note-on with velocity 0 is a note-off, and printed as what it was" {
  gives 'off -> send clock' 'on 1 60 9; on 1 60 0' 'on 1 60 9; clock; on 1 60 0'
  gives 'on -> ch 2' 'on 1 60 9; on 1 60 0; on 1 61 0' 'on 2 60 9; on 2 60 0; on 1 61 0'
  gives 'note -> transpose 12' 'on 1 60 9; on 1 60 0; on 1 61 0' 'on 1 72 9; on 1 72 0; on 1 73 0'
  gives 'note -> chord 0,4' 'on 1 60 9; on 1 60 0' 'on 1 60 9; on 1 64 9; on 1 60 0; on 1 64 0'
  gives 'on -> drop' 'on 1 60 9; on 1 60 0; on 1 61 0' 'on 1 61 0'
  takes on 'on 1 60 1' 'on 1 61 0; off 1 62 1'
  takes off 'on 1 61 0; off 1 62 1' 'on 1 60 1'
}

@test "poly pressure follows its note, unless a rule names it and no note" {
  gives 'note key ..59 -> ch 2, transpose 12' 'on 1 50 9; pp 1 50 5; pp 1 51 5; off 1 50 1' 'on 2 62 9; pp 2 62 5; pp 1 51 5; off 2 62 1'
  gives 'note -> ch 2; pp -> cc 1' 'on 1 60 9; pp 1 60 5; off 1 60 1' 'on 2 60 9; cc 1 1 5; off 2 60 1'
  gives 'note -> ch 2; pp key 60 -> drop' 'on 1 60 9; on 1 61 9; pp 1 60 5; pp 1 61 5; off 1 60 1; off 1 61 1' \
    'on 2 60 9; on 2 61 9; pp 2 61 5; off 2 60 1; off 2 61 1'
  gives 'note -> ch 2; voice -> ch 3' 'on 1 60 9; pp 1 60 5; pp 1 61 5; cc 1 1 1; off 1 60 1' 'on 2 60 9; pp 2 60 5; pp 3 61 5; cc 3 1 1; off 2 60 1'
  gives 'note -> delay 0.5' '1 on 1 60 9; 1.2 pp 1 60 5; 1.4 off 1 60 1' '1.5 on 1 60 9; 1.7 pp 1 60 5; 1.9 off 1 60 1'
}

@test "a note that is struck again before it ended" {
  gives 'note -> transpose 12' 'on 1 60 9; on 1 60 8; off 1 60 1; off 1 60 2' 'on 1 72 9; on 1 72 8; off 1 72 1; off 1 72 2'
  # Where it takes another way, both end.
  gives 'note vel ..63 -> ch 2; note -> ch 3' '1 on 1 60 9; 2 on 1 60 100; 3 off 1 60 1; 4 clock' \
    '1 on 2 60 9; 2 on 3 60 100; 3 off 2 60 1; 3 off 3 60 1; 4 clock'
}

@test "what sounds at the end is released: notes and pedals, at the time of the last event" {
  gives 'clock -> pass' '1 on 1 60 9; 2 on 2 61 9 @a; 3 clock' '1 on 1 60 9; 2 on 2 61 9 @a; 3 clock; 3 off 1 60 64; 3 off 2 61 64 @a'
  gives 'note -> chord 0,12' '1 on 1 60 9; 2 clock' '1 on 1 60 9; 1 on 1 72 9; 2 clock; 2 off 1 60 64; 2 off 1 72 64'
  gives 'note -> ch 2' 'cc 1 64 127; cc 3 66 1; cc 1 69 127; cc 2 64 0; cc 1 65 127' \
    'cc 1 64 127; cc 3 66 1; cc 1 69 127; cc 2 64 0; cc 1 65 127; cc 1 64 0; cc 1 69 0; cc 3 66 0'
  args=(--no-release)
  gives 'note -> chord 0,12' '1 on 1 60 9; 2 cc 1 64 127' '1 on 1 60 9; 1 on 1 72 9; 2 cc 1 64 127'
}

@test "a port that was disconnected: the notes that came from it are ended" {
  gives 'note -> ch 2 @out' '1 on 1 60 9 @a; 1 on 1 62 9 @b; 2 :disconnected @a; 3 off 1 60 9 @a; 4 off 1 62 3 @b' \
    '1 on 2 60 9 @out; 1 on 2 62 9 @out; 2 off 2 60 64 @out; 2 :disconnected @a; 3 off 2 60 9 @out; 4 off 2 62 3 @out'
}

# --- state ---

@test "nodup drops what says the same again" {
  gives 'any -> nodup' 'cc 1 7 5; cc 1 7 5; cc 2 7 5; cc 1 8 5; cc 1 7 6; cc 1 7 5; cc 1 7 5 @a; cc 1 7 5 @a; cc 1 7 5' \
    'cc 1 7 5; cc 2 7 5; cc 1 8 5; cc 1 7 6; cc 1 7 5; cc 1 7 5 @a'
  gives 'any -> nodup' 'pc 1 5; pc 1 5; pc 1 6; pb 1 5; pb 1 5; pb 1 6; cp 1 5; cp 1 5; pp 1 60 5; pp 1 60 5; pp 1 61 5; nrpn 1 1000 5; nrpn 1 1000 5; nrpn 1 1001 5; rpn 1 0 5; rpn 1 0 5; cc14 1 1 5; cc14 1 1 5' \
    'pc 1 5; pc 1 6; pb 1 5; pb 1 6; cp 1 5; pp 1 60 5; pp 1 61 5; nrpn 1 1000 5; nrpn 1 1001 5; rpn 1 0 5; cc14 1 1 5'
  gives 'any -> nodup' 'clock; clock; syx 01; syx 01; on 1 60 9; off 1 60 1; on 1 60 9; off 1 60 1' \
    'clock; clock; syx 01; syx 01; on 1 60 9; off 1 60 1; on 1 60 9; off 1 60 1'
  gives 'cc -> value *0.1, nodup' 'cc 1 7 20; cc 1 7 21; cc 1 7 30' 'cc 1 7 2; cc 1 7 3'
}

@test "toggle: each press gives on, off, on" {
  gives 'cc 20..27 -> toggle' 'cc 1 20 127; cc 1 20 0; cc 1 20 90; cc 1 20 0; cc 1 20 1; cc 1 21 5; cc 1 21 0; cc 2 20 9; cc 1 30 9' \
    'cc 1 20 127; cc 1 20 0; cc 1 20 127; cc 1 21 127; cc 2 20 127; cc 1 30 9'
  gives 'note -> toggle' '1 on 1 60 9; 2 off 1 60 1; 3 on 1 62 8; 4 off 1 62 1; 5 on 1 60 7; 6 off 1 60 1; 7 on 1 60 5; 8 off 1 60 1; 9 on 1 62 5' \
    '1 on 1 60 9; 3 on 1 62 8; 5 off 1 60 64; 7 on 1 60 5; 9 off 1 62 64; 9 off 1 60 64'
  gives 'nrpn 5 -> toggle' 'nrpn 1 5 9; nrpn 1 5 0; nrpn 1 5 100' 'nrpn 1 5 16383; nrpn 1 5 0'
}

@test "latch: notes go on until the next one when none is held" {
  gives 'note -> latch' '1 on 1 60 9; 2 on 1 64 9; 3 off 1 60 33; 4 on 1 67 8; 5 off 1 64 1; 6 off 1 67 3; 7 on 1 70 8; 8 off 1 70 3; 9 clock' \
    '1 on 1 60 9; 2 on 1 64 9; 4 on 1 67 8; 7 off 1 60 64; 7 off 1 64 64; 7 off 1 67 64; 7 on 1 70 8; 9 clock; 9 off 1 70 64'
}

@test "mono: the last, the lowest, the highest; a key that is still down sounds again" {
  gives 'note -> mono' '1 on 1 60 9; 2 on 1 64 8; 3 on 1 62 7; 4 off 1 62 33; 5 off 1 60 1; 6 off 1 64 22' \
    '1 on 1 60 9; 2 off 1 60 64; 2 on 1 64 8; 3 off 1 64 64; 3 on 1 62 7; 4 off 1 62 33; 4 on 1 64 8; 6 off 1 64 22'
  gives 'note -> mono last' '1 on 1 60 9; 2 on 1 64 8; 3 off 1 60 33; 4 off 1 64 3' '1 on 1 60 9; 2 off 1 60 64; 2 on 1 64 8; 4 off 1 64 3'
  gives 'note -> mono low' '1 on 1 60 9; 2 on 1 64 8; 3 on 1 50 7; 4 off 1 50 33; 5 off 1 60 1; 6 off 1 64 22' \
    '1 on 1 60 9; 3 off 1 60 64; 3 on 1 50 7; 4 off 1 50 33; 4 on 1 60 9; 5 off 1 60 1; 5 on 1 64 8; 6 off 1 64 22'
  gives 'note -> mono high' '1 on 1 60 9; 2 on 1 64 8; 3 on 1 50 7; 4 off 1 64 33; 5 off 1 50 1; 6 off 1 60 22' \
    '1 on 1 60 9; 2 off 1 60 64; 2 on 1 64 8; 4 off 1 64 33; 4 on 1 60 9; 6 off 1 60 22'
  gives 'note -> mono' 'on 1 60 9; on 2 64 8; off 1 60 1; off 2 64 1' 'on 1 60 9; on 2 64 8; off 1 60 1; off 2 64 1'
  gives 'note -> ch 1, mono' '1 on 1 60 9; 2 on 2 64 8; 3 off 1 60 1; 4 off 2 64 1' '1 on 1 60 9; 2 off 1 60 64; 2 on 1 64 8; 4 off 1 64 1'
}

@test "poly: at most so many; the oldest goes" {
  gives 'note -> poly 2' '1 on 1 60 9; 2 on 1 62 8; 3 on 1 64 7; 4 off 1 60 1; 5 on 1 65 6; 6 off 1 62 1; 7 off 1 65 2; 8 off 1 64 3' \
    '1 on 1 60 9; 2 on 1 62 8; 3 off 1 60 64; 3 on 1 64 7; 5 off 1 62 64; 5 on 1 65 6; 7 off 1 65 2; 8 off 1 64 3'
  gives 'note -> poly 1' '1 on 1 60 9; 2 on 1 62 8; 3 off 1 62 1; 4 off 1 60 1' '1 on 1 60 9; 2 off 1 60 64; 2 on 1 62 8; 3 off 1 62 1'
  gives 'note -> poly 1' 'on 1 60 9; on 2 62 8; off 1 60 1; off 2 62 1' 'on 1 60 9; on 2 62 8; off 1 60 1; off 2 62 1'
}

@test "sustain, sostenuto: the pedal is taken, and holds the notes" {
  gives 'note or cc 64 -> sustain' '1 on 1 60 9; 2 cc 1 64 127; 3 off 1 60 33; 4 on 1 62 9; 5 off 1 62 34; 6 cc 1 64 64; 7 cc 1 64 63; 8 on 1 62 9; 9 off 1 62 1' \
    '1 on 1 60 9; 4 on 1 62 9; 7 off 1 60 33; 7 off 1 62 34; 8 on 1 62 9; 9 off 1 62 1'
  gives 'note or cc 64 -> sustain' '1 cc 1 64 127; 2 on 2 60 9; 3 off 2 60 1; 4 on 1 61 9; 5 cc 1 64 0; 6 off 1 61 1' '2 on 2 60 9; 3 off 2 60 1; 4 on 1 61 9; 6 off 1 61 1'
  gives 'note or cc 66 -> sostenuto' '1 on 1 60 9; 2 cc 1 66 127; 3 on 1 62 9; 4 off 1 62 1; 5 off 1 60 2; 6 clock; 7 cc 1 66 0' \
    '1 on 1 60 9; 3 on 1 62 9; 4 off 1 62 1; 6 clock; 7 off 1 60 2'
  # Held notes that are struck again.
  gives 'note or cc 64 -> sustain' '1 cc 1 64 127; 2 on 1 60 9; 3 off 1 60 1; 4 on 1 60 8; 5 off 1 60 2; 6 cc 1 64 0; 7 clock' \
    '2 on 1 60 9; 4 off 1 60 1; 4 on 1 60 8; 6 off 1 60 2; 7 clock'
}

@test "long: only what is held for so long goes on, when it has been" {
  gives 'note -> long 0.5' '1 on 1 60 9; 1.4 off 1 60 1; 2 on 1 61 8; 3 off 1 61 2' '2.5 on 1 61 8; 3 off 1 61 2'
  gives 'note -> long 0.5' '1 on 1 60 9; 2 clock; 3 off 1 60 1' '1.5 on 1 60 9; 2 clock; 3 off 1 60 1'
  gives 'cc 80 -> long 1, cc 81' '1 cc 1 80 127; 1.5 cc 1 80 0; 2 cc 1 80 100; 3.5 cc 1 80 0' '3 cc 1 81 100; 3.5 cc 1 81 0'
  args=(--tempo 60)
  gives 'note -> long 1/4' '1 on 1 60 9; 1.9 off 1 60 1; 2 on 1 61 8; 4 off 1 61 2' '3 on 1 61 8; 4 off 1 61 2'
}

@test "relative: the turns of an encoder become a value, in three codings" {
  gives 'cc 16..23 -> relative twos' 'cc 1 16 1; cc 1 16 3; cc 1 16 127; cc 1 16 126; cc 1 17 5; cc 2 16 9; cc 1 16 63; cc 1 16 63; cc 1 16 62; cc 1 16 64; cc 1 16 65' \
    'cc 1 16 1; cc 1 16 4; cc 1 16 3; cc 1 16 1; cc 1 17 5; cc 2 16 9; cc 1 16 64; cc 1 16 127; cc 1 16 63; cc 1 16 0'
  gives 'cc 16 -> relative offset' 'cc 1 16 65; cc 1 16 70; cc 1 16 63; cc 1 16 127; cc 1 16 0' 'cc 1 16 1; cc 1 16 7; cc 1 16 6; cc 1 16 69; cc 1 16 5'
  gives 'cc 16 -> relative sign' 'cc 1 16 1; cc 1 16 7; cc 1 16 65; cc 1 16 63; cc 1 16 127' 'cc 1 16 1; cc 1 16 8; cc 1 16 7; cc 1 16 70; cc 1 16 7'
  gives 'cc 16 -> relative twos 10..20' 'cc 1 16 1; cc 1 16 5; cc 1 16 20; cc 1 16 127' 'cc 1 16 11; cc 1 16 16; cc 1 16 20; cc 1 16 19'
  gives 'cc 16 -> relative twos 10..20, cc 17' 'cc 1 16 1; cc 1 16 5' 'cc 1 17 11; cc 1 17 16'
}

@test "panic: what waits is dropped, what sounds is released, cc 123 and cc 120 on all channels of all ports" {
  local channel all='' tagged=''
  for channel in {1..16}; do
    all+="; 3 cc $channel 123 0; 3 cc $channel 120 0"
    tagged+="; 3 cc $channel 123 0 @a; 3 cc $channel 120 0 @a"
  done
  gives 'note -> echo 5; cc 119 -> panic, drop' '1 on 1 60 9; 3 cc 1 119 1; 4 clock' "1 on 1 60 9; 3 off 1 60 64$all; 4 clock"
  gives 'cc 119 -> panic' '1 on 1 60 9 @a; 3 cc 1 119 1 @a; 4 clock' "1 on 1 60 9 @a; 3 cc 1 119 1 @a; 3 off 1 60 64 @a$tagged; 4 clock"
  gives ':disconnected -> panic' '1 cc 1 7 1 @a; 3 :disconnected @a' "1 cc 1 7 1 @a; 3 :disconnected @a$tagged"
}

# --- time ---

@test "delay: by seconds, and by note values at a tempo" {
  gives 'note -> delay 0.5' '1 on 1 60 9; 1.25 off 1 60 1; 1.5 cc 1 7 1; 3 clock' '1.5 on 1 60 9; 1.5 cc 1 7 1; 1.75 off 1 60 1; 3 clock'
  gives 'any -> delay 1' '1 clock; 1.5 cc 1 1 1; 1.7 syx 01' '2 clock; 2.5 cc 1 1 1; 2.7 syx f0 01 f7'
  gives 'cc -> delay 1/4' '1 cc 1 1 1' '1.5 cc 1 1 1'
  gives 'cc -> delay 3/16' '1 cc 1 1 1' '1.375 cc 1 1 1'
  gives 'cc -> delay 1/4' ':tempo 60; 1 cc 1 1 1; 5 :tempo 240; 6 cc 1 1 2' ':tempo 60; 2 cc 1 1 1; 5 :tempo 240; 6.25 cc 1 1 2'
  gives 'cc -> delay 0.5, @late, also' '1 cc 1 1 1' '1 cc 1 1 1; 1.5 cc 1 1 1 @late'
  gives 'cc -> delay 0.5, delay 0.25' '1 cc 1 1 1' '1.75 cc 1 1 1'
  args=(--tempo 60)
  gives 'cc -> delay 1/4' '1 cc 1 1 1; 2 :tempo 240; 3 cc 1 1 2' '2 cc 1 1 1; 2 :tempo 240; 4 cc 1 1 2'
  gives 'cc -> delay 1/12' '1 cc 1 1 1' '1.333333333 cc 1 1 1'
}

@test "echo: again and again, softer, higher" {
  gives 'note -> echo 0.25' '1 on 1 60 100; 1.1 off 1 60 33' \
    '1 on 1 60 100; 1.1 off 1 60 33; 1.25 on 1 60 60; 1.35 off 1 60 33; 1.5 on 1 60 36; 1.6 off 1 60 33; 1.75 on 1 60 22; 1.85 off 1 60 33'
  gives 'note -> echo 0.25 times 1' '1 on 1 60 100; 1.1 off 1 60 33' '1 on 1 60 100; 1.1 off 1 60 33; 1.25 on 1 60 60; 1.35 off 1 60 33'
  gives 'note -> echo 1/8 times 2 fade 0.5 transpose 12' '1 on 1 60 100; 1.1 off 1 60 33' \
    '1 on 1 60 100; 1.1 off 1 60 33; 1.25 on 1 72 50; 1.35 off 1 72 33; 1.5 on 1 84 25; 1.6 off 1 84 33'
  gives 'note -> echo 0.25 transpose -12 times 2 fade 1' '1 on 1 60 100; 1.1 off 1 60 33' \
    '1 on 1 60 100; 1.1 off 1 60 33; 1.25 on 1 48 100; 1.35 off 1 48 33; 1.5 on 1 36 100; 1.6 off 1 36 33'
  # A velocity below 1, and a note out of range, end it.
  gives 'note -> echo 0.25 times 5 fade 0.1' '1 on 1 60 100; 1.1 off 1 60 33' \
    '1 on 1 60 100; 1.1 off 1 60 33; 1.25 on 1 60 10; 1.35 off 1 60 33; 1.5 on 1 60 1; 1.6 off 1 60 33'
  gives 'note -> echo 0.25 times 3 fade 1 transpose 12' '1 on 1 110 9; 1.1 off 1 110 3' '1 on 1 110 9; 1.1 off 1 110 3; 1.25 on 1 122 9; 1.35 off 1 122 3'
  # A note that is held over its echo.
  gives 'note -> echo 0.5 times 1 fade 0.5 transpose 1' '1 on 1 60 100; 3 off 1 60 33' '1 on 1 60 100; 1.5 on 1 61 50; 3 off 1 60 33; 3.5 off 1 61 33'
}

@test "length: the note-off comes so long after the note-on, whenever the key comes up" {
  gives 'note -> length 0.1' '1 on 1 60 9; 1.5 off 1 60 33; 2 on 1 60 8; 2.05 off 1 60 34; 3 clock' \
    '1 on 1 60 9; 1.1 off 1 60 64; 2 on 1 60 8; 2.1 off 1 60 64; 3 clock'
  gives 'note -> length 1/4' '1 on 1 60 9; 3 clock; 4 off 1 60 33' '1 on 1 60 9; 1.5 off 1 60 64; 3 clock'
  gives 'note -> chord 0,12, length 0.5' '1 on 1 60 9; 3 off 1 60 33' '1 on 1 60 9; 1 on 1 72 9; 1.5 off 1 60 64; 1.5 off 1 72 64'
}

@test "strum: notes that come together come one after the other" {
  gives 'note -> chord 0,4,7, strum 0.1' '1 on 1 60 9; 2 off 1 60 33' \
    '1 on 1 60 9; 1.1 on 1 64 9; 1.2 on 1 67 9; 2 off 1 60 33; 2.1 off 1 64 33; 2.2 off 1 67 33'
  gives 'note -> strum 0.1' '1 on 1 60 9; 1 on 1 64 8; 2 off 1 60 1; 2 off 1 64 2; 3 on 1 60 9; 4 off 1 60 1' \
    '1 on 1 60 9; 1.1 on 1 64 8; 2 off 1 60 1; 2.1 off 1 64 2; 3 on 1 60 9; 4 off 1 60 1'
}

@test "hold: the note-off comes later; a key that is pressed again ends its note first" {
  gives 'note -> hold 0.5' '1 on 1 60 9; 2 off 1 60 5; 5 clock' '1 on 1 60 9; 2.5 off 1 60 5; 5 clock'
  gives 'note -> hold 0.5' '1 on 1 60 9; 2 off 1 60 5' '1 on 1 60 9; 2.5 off 1 60 5'
  gives 'note -> hold 0.5' '1 on 1 60 9; 2 off 1 60 5; 2.2 on 1 60 8; 3 off 1 60 6; 5 clock' \
    '1 on 1 60 9; 2.2 off 1 60 5; 2.2 on 1 60 8; 3.5 off 1 60 6; 5 clock'
}

@test "cc14 7 holds no other controller back" {
  gives 'cc14 7 -> ch 2' '1 cc 1 1 5 @a; 1.001 clock @b; 1.002 cc 1 7 1 @a; 1.003 cc 1 39 1 @a' \
    '1 cc 1 1 5 @a; 1.001 clock @b; 1.003 cc14 2 7 129 @a'
  gives 'cc14 -> ch 2' '1 cc 1 1 5 @a; 1.001 clock @b' '1.001 clock @b; 1 cc 1 1 5 @a'
}

@test "quantize: notes begin at the next point of the grid, and keep their length" {
  gives 'note -> quantize 1/4' '1 on 1 60 9; 1.1 off 1 60 1; 1.2 on 1 62 9; 1.3 off 1 62 9; 1.51 on 1 64 9; 2.6 off 1 64 9' \
    '1 on 1 60 9; 1.1 off 1 60 1; 1.5 on 1 62 9; 1.6 off 1 62 9; 2 on 1 64 9; 3.09 off 1 64 9'
  gives 'note -> quantize 0.3' '1 on 1 60 9; 1.1 off 1 60 1; 1.31 on 1 62 9; 1.4 off 1 62 9' '1 on 1 60 9; 1.1 off 1 60 1; 1.6 on 1 62 9; 1.69 off 1 62 9'
  # The grid begins with the start of the clock.
  gives 'note -> quantize 1/4' '1 clock; 1.2 start; 1.3 on 1 62 9; 1.4 off 1 62 9' '1 clock; 1.2 start; 1.7 on 1 62 9; 1.8 off 1 62 9'
}

@test "humanize: later by a random time, with a random velocity; the same seed gives the same" {
  local i
  for i in {1..100}; do printf '%d on 1 60 64\n%d.5 off 1 60 64\n' "$i" "$i"; done > take
  human() { mmroute --virtual-clock --canonical "$@" 'note -> humanize 0.25 8' < take; }
  human --seed 5 > first
  human --seed 5 > second
  cmp first second || echo 'seed 5 twice' >> differences
  human --seed 6 > other
  ! cmp -s first other || echo 'seed 6 as well' >> differences
  human > first
  human > second
  cmp first second || echo 'no seed twice' >> differences
  # All notes are there, within the bounds, and not all the same; a note keeps its length.
  awk '
    { split($1, t, "."); after = $1 - t[1] }
    $2 == "note-on" { n++; begun = after; if (after > 0.25 || $5 < 56 || $5 > 72) bad = 1
      if (after > 0.2) late = 1; if (after < 0.05) early = 1; if ($5 < 59) soft = 1; if ($5 > 69) loud = 1 }
    $2 == "note-off" { n++; d = after - begun - 0.5; if (d > 1e-6 || d < -1e-6) bad = 1 }
    END { exit !(n == 200 && !bad && late && early && soft && loud) }' first || {
    echo bounds
    head first
  } >> differences
  gives 'note -> humanize 0' '1 on 1 60 9; 2 off 1 60 1' '1 on 1 60 9; 2 off 1 60 1'
}

@test "arp: the keys that are down, one after the other, in each style" {
  gives 'note -> arp up 0.25' '1 on 1 60 9; 1 on 1 64 8; 1 on 1 67 7; 2.1 off 1 60 1; 2.1 off 1 64 1; 2.1 off 1 67 1; 3 clock' \
    '1 on 1 60 9; 1.125 off 1 60 64; 1.25 on 1 64 8; 1.375 off 1 64 64; 1.5 on 1 67 7; 1.625 off 1 67 64; 1.75 on 1 60 9; 1.875 off 1 60 64; 2 on 1 64 8; 2.125 off 1 64 64; 3 clock'
  gives 'note -> arp down 0.25' '1 on 1 67 7; 1 on 1 64 8; 1 on 1 60 9; 2.1 off 1 60 1; 2.1 off 1 64 1; 2.1 off 1 67 1; 3 clock' \
    '1 on 1 67 7; 1.125 off 1 67 64; 1.25 on 1 64 8; 1.375 off 1 64 64; 1.5 on 1 60 9; 1.625 off 1 60 64; 1.75 on 1 67 7; 1.875 off 1 67 64; 2 on 1 64 8; 2.125 off 1 64 64; 3 clock'
  gives 'note -> arp up-down 1/8' '1 on 1 60 9; 1 on 1 64 8; 1 on 1 67 7; 2.1 off 1 60 1; 2.1 off 1 64 1; 2.1 off 1 67 1; 3 clock' \
    '1 on 1 60 9; 1.125 off 1 60 64; 1.25 on 1 64 8; 1.375 off 1 64 64; 1.5 on 1 67 7; 1.625 off 1 67 64; 1.75 on 1 64 8; 1.875 off 1 64 64; 2 on 1 60 9; 2.125 off 1 60 64; 3 clock'
  gives 'note -> arp as-played 0.25' '1 on 1 64 7; 1 on 1 67 8; 1 on 1 60 9; 2.1 off 1 60 1; 2.1 off 1 64 1; 2.1 off 1 67 1; 3 clock' \
    '1 on 1 64 7; 1.125 off 1 64 64; 1.25 on 1 67 8; 1.375 off 1 67 64; 1.5 on 1 60 9; 1.625 off 1 60 64; 1.75 on 1 64 7; 1.875 off 1 64 64; 2 on 1 67 8; 2.125 off 1 67 64; 3 clock'
  gives 'note -> arp up 0.25 octaves 2 gate 1' '1 on 1 60 9; 1 on 1 64 8; 1.9 off 1 60 1; 1.9 off 1 64 1; 3 clock' \
    '1 on 1 60 9; 1.25 off 1 60 64; 1.25 on 1 64 8; 1.5 off 1 64 64; 1.5 on 1 72 9; 1.75 off 1 72 64; 1.75 on 1 76 8; 2 off 1 76 64; 3 clock'
  gives 'note -> arp up 0.25 gate 0.2' '1 on 1 60 9; 1.3 off 1 60 1; 3 clock' '1 on 1 60 9; 1.05 off 1 60 64; 1.25 on 1 60 9; 1.3 off 1 60 64; 3 clock'
  # Random: the same with the same seed, and only the keys that are down.
  printf '%s\n' '1 on 1 60 9' '1 on 1 64 9' '1 on 1 67 9' '20 off 1 60 1' '20 off 1 64 1' '20 off 1 67 1' > take
  random_arp() { mmroute --virtual-clock --canonical --seed "$1" 'note -> arp random 0.25' < take; }
  random_arp 5 > first
  random_arp 5 > second
  random_arp 6 > other
  cmp first second || echo 'seed 5 twice' >> differences
  ! cmp -s first other || echo 'seed 6 as well' >> differences
  awk '$2 == "note-on" { n++; seen[$4] = 1 } END { exit !(n == 77 && length(seen) == 3 && 60 in seen && 64 in seen && 67 in seen) }' first ||
    { echo random; head first; } >> differences
  # Without an end of the keys it stops at the end of the input.
  gives 'note -> arp up 0.25' '1 on 1 60 9; 1.3 clock' '1 on 1 60 9; 1.125 off 1 60 64; 1.25 on 1 60 9; 1.3 clock; 1.3 off 1 60 64'
}

@test "divide, multiply: fewer clocks, and more" {
  gives 'clock -> divide 2' '1 clock; 2 clock; 3 clock; 4 start; 5 clock; 6 clock' '1 clock; 3 clock; 4 start; 6 clock'
  gives 'clock -> divide 3' '1 clock; 2 clock; 3 clock; 4 clock; 5 clock; 6 clock; 7 clock' '1 clock; 4 clock; 7 clock'
  gives 'clock -> divide 1' '1 clock; 2 clock' '1 clock; 2 clock'
  gives 'clock -> divide 2' 'clock @a; clock @b; clock @a; clock @b; clock @a' 'clock @a; clock @b; clock @a'
  gives 'cc -> divide 2' 'cc 1 1 1; cc 1 2 1; cc 1 1 2; cc 1 2 2; cc 1 1 3' 'cc 1 1 1; cc 1 2 1; cc 1 1 3'
  gives 'clock -> multiply 1' '1 clock; 2 clock' '1 clock; 2 clock'
  # The first one has no time before it, which says how fast they come.
  gives 'clock -> multiply 2' '1 clock; 1.1 clock; 1.2 clock; 9 stop' '1 clock; 1.1 clock; 1.15 clock; 1.2 clock; 1.25 clock; 9 stop'
  gives 'clock -> multiply 4' '1 clock; 1.4 clock; 1.8 clock; 9 stop' \
    '1 clock; 1.4 clock; 1.5 clock; 1.6 clock; 1.7 clock; 1.8 clock; 1.9 clock; 2 clock; 2.1 clock; 9 stop'
  # One that comes sooner than those that should stand before it: these come at once.
  gives 'clock -> multiply 2' '1 clock; 1.4 clock; 1.5 clock; 9 stop' '1 clock; 1.4 clock; 1.5 clock; 1.5 clock; 1.55 clock; 9 stop'
  gives 'any -> multiply 2' '1 cc 1 1 1; 2 start' '1 cc 1 1 1; 2 start'
}

@test "tempo: of --tempo, of the MIDI clock, of :tempo lines, of taps" {
  local clocks='' i time
  # 24 clocks a beat: 0.02 s each are 125 beats a minute, 0.48 s a beat.
  for i in {0..48}; do
    printf -v time '%d.%02d' $((1 + i * 2 / 100)) $((i * 2 % 100))
    clocks+="; $time clock"
  done
  gives 'clock -> drop; cc 1 -> delay 1/4; cc 2 -> value {tempo}' "${clocks#; }; 2 cc 1 2 0; 3 cc 1 1 1" '2 cc 1 2 125; 3.48 cc 1 1 1'
  gives 'clock -> drop; cc 2 -> value {tempo}' "${clocks#; }; 2 :tempo 100; 2.5 cc 1 2 0" '2 :tempo 100; 2.5 cc 1 2 100'
  args=(--tempo 60)
  gives 'clock -> drop; cc 2 -> value {tempo}' "${clocks#; }; 2 :tempo 100; 2.5 cc 1 2 0" '2 :tempo 100; 2.5 cc 1 2 60'
  gives 'cc 80 rises 64 -> tap, drop; cc 80 -> drop; cc 2 -> value {tempo}' \
    '1 cc 1 2 0; 2 cc 1 80 127; 2.1 cc 1 80 0; 2.2 cc 1 2 0; 2.75 cc 1 80 127; 3 cc 1 2 0' '1 cc 1 2 60; 2.2 cc 1 2 60; 3 cc 1 2 80'
  args=()
  gives 'on -> tap; cc -> delay 1/4' '1 on 1 60 9; 1.1 off 1 60 9; 2 on 1 60 9; 2.1 off 1 60 9; 3 cc 1 1 1' \
    '1 on 1 60 9; 1.1 off 1 60 9; 2 on 1 60 9; 2.1 off 1 60 9; 4 cc 1 1 1'
}

# --- MPE ---

@test "spread: notes over the members of a zone, their pressure to their channel, the rest to the master" {
  gives 'ch 1 -> spread lower 3' 'on 1 60 9; on 1 62 8; on 1 64 7; pp 1 62 50; pb 1 7; cp 1 3; cc 1 7 1; pc 1 2; off 1 60 1; off 1 62 2; off 1 64 3' \
    'on 2 60 9; on 3 62 8; on 4 64 7; cp 3 50; pb 1 7; cp 1 3; cc 1 7 1; pc 1 2; off 2 60 1; off 3 62 2; off 4 64 3'
  gives 'ch 1 -> spread upper 2' 'on 1 60 9; on 1 62 8; pb 1 7; off 1 60 1; off 1 62 2' 'on 15 60 9; on 14 62 8; pb 16 7; off 15 60 1; off 14 62 2'
  gives 'ch 5 -> spread lower' 'on 5 60 9; cc 5 1 1; off 5 60 1; cc 6 1 1' 'on 2 60 9; cc 1 1 1; off 2 60 1; cc 6 1 1'
  # More notes than members: they share, and none is lost.
  gives 'ch 1 -> spread lower 1' 'on 1 60 9; on 1 62 8; off 1 60 1; off 1 62 2' 'on 2 60 9; on 2 62 8; off 2 60 1; off 2 62 2'
}

@test "fold: a zone to a channel; the newest note's bend and controllers, pressure as poly pressure" {
  gives 'zone lower -> fold 1' 'on 2 60 9; cp 2 50; pb 2 100; cc 2 74 5; off 2 60 1' 'on 1 60 9; pp 1 60 50; pb 1 100; cc 1 74 5; off 1 60 1'
  # The bend of an older note does not count while a newer one sounds.
  gives 'zone lower -> fold 9' 'on 2 60 9; on 3 62 8; pb 2 100; cc 2 74 5; pb 3 200; cc 3 74 6; cp 2 7; cp 3 8; off 2 60 1; off 3 62 2' \
    'on 9 60 9; on 9 62 8; pb 9 200; cc 9 74 6; pp 9 60 7; pp 9 62 8; off 9 60 1; off 9 62 2'
  # The master's always.
  gives 'zone lower -> fold 9' 'on 2 60 9; cc 1 64 127; cc 1 64 0; off 2 60 1' 'on 9 60 9; cc 9 64 127; cc 9 64 0; off 9 60 1'
}

@test "bend-range: a bend for a range of semitones made one for another" {
  gives 'bend -> bend-range 48 to 12' 'pb 2 0; pb 2 100; pb 2 -100; pb 2 4000; pb 2 -8192' 'pb 2 0; pb 2 400; pb 2 -400; pb 2 8191; pb 2 -8192'
  gives 'bend -> bend-range 2 to 48' 'pb 2 4800; pb 2 -4800; pb 2 0' 'pb 2 200; pb 2 -200; pb 2 0'
  gives 'bend -> bend-range 2 to 2' 'pb 2 4801; pb 2 8191' 'pb 2 4801; pb 2 8191'
}
