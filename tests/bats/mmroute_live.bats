#!/usr/bin/env bats
# Rules on real ports, and the same rules on what was recorded there: both give the same.

load helpers

setup_file() { start_jack 1024; }
teardown_file() { stop_jack; }
setup() {
  cd "$BATS_TEST_TMPDIR" || exit
  mkfifo played came
}
teardown() { stop_all; }

# At 37.5 beats a minute, an eighth lasts 0.8 s: so far are the steps of the arpeggio and of the
# phrase from each other, and the phrase is half a step later. All that is delayed comes between
# two points of the phrase, 0.2 s from both of them, so that no line is late enough to change
# the order.
timed_rules() {
  cat << 'END'
cc 80 rises 64            -> scene next, drop
cc 80                     -> drop
cc 1                      -> value invert, cc 11
bend                      -> value *0.5, ch 2,3
prog                      -> cc14 7 @b
@b note                   -> transpose 2 in C major, vel curve 1.3, also
note ch 3                 -> delay 0.2
note ch 4                 -> echo 0.6 times 2 fade 0.5 transpose 12
note ch 5                 -> arp up-down 1/8 octaves 2 gate 0.75
note ch 6                 -> chord 0,2,4 in C major, delay 0.2, strum 0.03, @a @b
note ch 7                 -> length 3/16
note ch 8                 -> delay 0.2, humanize 0.1 20
note ch 9                 -> latch
note ch 10                -> quantize 1/1
note ch 11 or cc 64 ch 11 -> sustain
note ch 12                -> mono low
cc 20                     -> toggle
cc 21                     -> long 0.6, cc 22
cc 23                     -> relative twos, send +0.6 cc {channel} 24 {value}

scene first
enter                     -> send pc 16 1
note                      -> vel -20
leave                     -> send pc 16 127

scene second
enter                     -> send pc 16 2, send +0.6 cc 16 7 100 @b
note                      -> ch 15, chord 0,12

then
note vel 100.. @a         -> @b, also
any                       -> pass
END
}

# Without a tag, to both ports.
phrase() {
  cat << 'END'
start
note-on 5 60 90
note-on 5 64 80 @x
+0.4 note-on 1 60 100
control-change 1 1 30
pitch-bend 1 -3000
program-change 1 64
note-on 3 61 70 @y
note-on 4 48 127
note-on 6 62 99
note-on 7 63 80
note-on 8 64 80
note-on 8 65 81 @y
note-on 9 66 80
note-on 10 67 80
control-change 11 64 127
note-on 11 68 80
note-on 12 69 80
note-on 12 70 80
control-change 1 20 127
control-change 1 21 127
control-change 1 23 5
sysex f0 43 10 4c f7
clock
+0.8 note-off 1 60 0
note-off 3 61 0 @y
note-off 4 48 9
note-off 6 62 0
note-off 7 63 0
note-off 8 64 0
note-off 8 65 0 @y
note-off 9 66 0
note-off 10 67 0
note-off 11 68 0
note-off 12 69 0
control-change 1 20 0
control-change 1 21 0
control-change 1 23 126
note-on 1 72 64
control-change 1 80 127 @x
control-change 1 80 0 @x
note-on 1 74 64 @y
+0.8 note-off 1 72 0
note-off 1 74 0 @y
note-on 9 68 80
note-off 9 68 0
control-change 11 64 0
note-off 12 70 0
note-off 5 60 0
note-on 3 80 1
control-change 1 20 127
+0.8 note-off 5 64 0
note-off 3 80 0
control-change 1 80 127 @x
note-on 1 76 99
note-on 4 50 90
note-on 7 51 90
note-on 10 52 90
+8 stop
END
}

# route OPTION...: what comes in goes through rules, and is written down before and behind them.
route() {
  tee recorded < played > came 3>&- 8>&- &
  mmroute "$@" < came 2> route.err 3>&- 8>&- | tee live > out.in 3>&- 8>&- &
}

# compare OPTION...: the same rules make the same of what was recorded.
compare() {
  same "" "$(cat route.err)"
  mmroute --virtual-clock "$@" < recorded > offline
  # What is sent at the start has a TIME only where an event tells it.
  sed -i -E '1s/^[0-9.]+ (program-change 16 1)$/\1/' offline
  # What is due at nearly the same TIME comes in the order in which its causes came in, live.
  diff <(sort -n offline) <(sort -n live)
}

# What a port gets of the lines of a file.
at_port() {
  sed -nE "s/^[0-9]+\.[0-9]{9} //; s/ @$1\$//; /@/!p" "$2" |
    awk '$1 == "cc14" {
           print "control-change", $2, $3, int($4 / 128)
           print "control-change", $2, $3 + 32, $4 % 128
           next
         }
         { print }'
}

@test "mmjack, mmroute, mmjack: live as offline, to the nanosecond, and the ports hear it" {
  timed_rules > timed.rules
  options=(--tempo 37.5 --seed 5 -f timed.rules)
  start ear mmjack --client ear --in a --in b --no-release --not meta
  mkfifo out.in
  route "${options[@]}"
  start out mmjack --client out --out a --out b --connect a ear:a --connect b ear:b --no-release
  OUT=played start in mmjack --client in --in a --in b --no-release --not meta
  phrase | mmjack --client mouth --out x --out y --connect x in:a --connect y in:b --no-release
  await live ' stop @a'
  await live ' stop @b'
  stop in
  finish out
  same 0 "$status"
  await ear.out 'program-change 16 127 @a' # the end of the scene, which is the last
  await ear.out 'program-change 16 127 @b'
  compare "${options[@]}"
  # A late server loses what it carries.
  grep -q xrun out.err ear.err || for port in a b; do
    diff <(at_port "$port" live) <(events ear.out | grep " @$port\$" | sed 's/ @.$//')
  done
}

@test "mmrecv, mmroute, mmsend: a flood through rules without a clock" {
  cat > plain.rules << 'END'
note key ..B2                    -> transpose -5, ch 1..16 to 16..1
note vel ..63                    -> vel *1.5, chord 0,7
note in-scale D dorian           -> snap A minor-pentatonic
cc 0..31 value 64..              -> value curve 0.7, cc 0..31 to 64..95
cc                               -> nodup
bend ch 1..8 or pressure ch 9..  -> cc 90
prog                             -> scene {program % 3 + 1}, ch +1
realtime not (start or stop)     -> divide 3
pp                               -> value invert, also
pp                               -> pressure

scene one
scene two
enter                            -> send cc 1 7 {sum}
sysex                            -> send sysex 7d 01, set sum +1
scene three
song-position or song-select     -> value invert

then
note key 120..                   -> drop
END
  start ear mmrecv --virtual ear --not meta --no-release
  mkfifo out.in
  route -f plain.rules
  start out mmsend -p ear --no-release
  OUT=played start in mmrecv --virtual in --not meta --no-release
  { random_events 5000 11; echo 'sysex f0 7d 7f 7f f7'; } > sent
  mmsend -p in --no-release < sent
  await ear.out ' sysex f0 7d 7f 7f f7'
  stop in
  finish out
  same 0 "$status"
  diff sent <(events recorded)
  compare -f plain.rules
  diff <(events live | sed '/7d 7f 7f/q') <(events ear.out | sed '/7d 7f 7f/q')
}
