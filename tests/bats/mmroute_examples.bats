#!/usr/bin/env bats
# The examples for mmroute: each rule file with a take, and all that comes out of it.

load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || exit
  examples=$(realpath "$BATS_TEST_DIRNAME/../../examples/mmroute")
}

# example RULES: takes stdin through them, as all that is in them can be reached.
example() {
  run --separate-stderr -0 mmroute --check -f "$examples/$1.rules"
  same "" "$output$stderr"
  run --separate-stderr -0 mmroute --virtual-clock -f "$examples/$1.rules"
  same "" "$stderr"
}

# silence TIME PORT...: what a panic sends at this time to these ports.
silence() {
  local port channel
  for port in "${@:2}"; do
    for channel in {1..16}; do
      echo "$1 control-change $channel 123 0 @$port"
      echo "$1 control-change $channel 120 0 @$port"
    done
  done
}

@test "key-split: a bass, a piano with strings; pedals and wheels where they belong" {
  example key-split << 'END'
1.000000000 note-on 1 36 120
1.000000000 note-on 1 72 100
1.100000000 control-change 1 64 127
1.200000000 note-on 1 96 90
1.300000000 control-change 1 67 127
1.400000000 pitch-bend 1 2000
1.500000000 control-change 1 1 64
1.600000000 channel-pressure 1 50
1.700000000 control-change 1 11 0
1.800000000 control-change 1 11 127
1.900000000 poly-pressure 1 72 30
2.000000000 poly-pressure 1 36 40
2.100000000 note-on 1 72 0
2.200000000 note-off 1 36 50
2.300000000 control-change 1 64 0
2.400000000 control-change 1 7 100
2.500000000 note-off 1 96 0
2.600000000 clock
2.700000000 program-change 1 5
2.800000000 control-change 1 67 0
END
  same "1.000000000 note-on 1 24 100 @bass
1.000000000 note-on 1 72 70 @strings
1.000000000 note-on 1 72 100 @piano
1.100000000 control-change 1 64 127 @piano
1.100000000 control-change 1 64 127 @strings
1.200000000 note-on 1 96 90 @piano
1.300000000 control-change 1 67 127 @piano
1.400000000 pitch-bend 1 2000 @bass
1.400000000 pitch-bend 1 2000 @strings
1.500000000 control-change 1 74 64 @bass
1.600000000 control-change 1 1 50 @strings
1.700000000 control-change 1 11 32 @strings
1.800000000 control-change 1 11 127 @strings
1.900000000 poly-pressure 1 72 30 @strings
1.900000000 poly-pressure 1 72 30 @piano
2.000000000 poly-pressure 1 24 40 @bass
2.100000000 note-on 1 72 0 @strings
2.100000000 note-on 1 72 0 @piano
2.200000000 note-off 1 24 50 @bass
2.300000000 control-change 1 64 0 @piano
2.300000000 control-change 1 64 0 @strings
2.400000000 control-change 1 7 100 @bass
2.400000000 control-change 1 7 100 @piano
2.400000000 control-change 1 7 100 @strings
2.500000000 note-off 1 96 0 @piano
2.600000000 clock @bass
2.600000000 clock @piano
2.600000000 clock @strings
2.800000000 control-change 1 67 0 @piano" "$output"
}

@test "key-split: a keyboard that goes away leaves no note and no pedal" {
  example key-split << 'END'
1.000000000 note-on 1 36 64
2.000000000 note-on 1 72 100
3.000000000 control-change 1 64 127
END
  same "1.000000000 note-on 1 24 64 @bass
2.000000000 note-on 1 72 70 @strings
2.000000000 note-on 1 72 100 @piano
3.000000000 control-change 1 64 127 @piano
3.000000000 control-change 1 64 127 @strings" "$(head -n 5 <<< "$output")"
  same "3.000000000 control-change 1 64 0 @piano
3.000000000 control-change 1 64 0 @strings
3.000000000 note-off 1 24 64 @bass
3.000000000 note-off 1 72 64 @piano
3.000000000 note-off 1 72 64 @strings" "$(tail -n +6 <<< "$output" | sort)"
}

@test "set-list: four songs, by pedals and program changes; what is held ends as it began" {
  example set-list << 'END'
1.000000000 note-on 1 60 100 @keys
1.500000000 control-change 1 64 127 @keys
2.000000000 control-change 1 80 127 @pedals
2.050000000 control-change 1 80 0 @pedals
2.100000000 note-on 1 64 80 @keys
2.200000000 control-change 1 1 90 @keys
2.300000000 note-off 1 60 10 @keys
2.400000000 control-change 1 64 0 @keys
2.500000000 note-off 1 64 20 @keys
3.000000000 program-change 1 2 @keys
3.100000000 note-on 1 67 20 @keys
3.200000000 control-change 1 64 127 @keys
3.300000000 control-change 1 64 0 @keys
3.400000000 control-change 1 64 127 @keys
3.500000000 control-change 1 64 0 @keys
3.600000000 program-change 1 100 @keys
4.000000000 control-change 1 80 127 @pedals
4.050000000 control-change 1 80 0 @pedals
4.100000000 note-on 1 48 90 @keys
4.200000000 note-on 1 52 80 @keys
4.300000000 note-on 1 72 70 @keys
4.400000000 note-off 1 52 5 @keys
4.500000000 note-off 1 67 5 @keys
4.600000000 control-change 1 80 127 @pedals
4.650000000 control-change 1 80 0 @pedals
4.700000000 note-off 1 72 6 @keys
4.800000000 note-off 1 48 7 @keys
5.000000000 control-change 1 81 127 @pedals
5.050000000 control-change 1 81 0 @pedals
5.100000000 note-on 1 40 64 @keys
5.200000000 note-off 1 40 64 @keys
END
  same "1.000000000 program-change 1 0 @synth
1.000000000 control-change 1 7 110 @synth
1.000000000 program-change 2 89 @synth
1.000000000 control-change 2 7 70 @synth
1.000000000 note-on 1 60 100 @synth
1.000000000 note-on 2 60 50 @synth
1.500000000 control-change 1 64 127 @synth
1.500000000 control-change 2 64 127 @synth
2.000000000 program-change 1 4 @synth
2.000000000 control-change 1 7 100 @synth
2.000000000 program-change 2 48 @synth
2.000000000 control-change 2 7 0 @synth
2.100000000 note-on 1 64 80 @synth
2.100000000 note-on 2 64 80 @synth
2.200000000 control-change 2 7 90 @synth
2.300000000 note-off 1 60 10 @synth
2.300000000 note-off 2 60 10 @synth
2.400000000 control-change 1 64 0 @synth
2.400000000 control-change 2 64 0 @synth
2.500000000 note-off 1 64 20 @synth
2.500000000 note-off 2 64 20 @synth
3.000000000 program-change 1 18 @synth
3.000000000 control-change 1 7 90 @synth
3.000000000 control-change 1 64 0 @synth
3.000000000 control-change 2 64 0 @synth
3.100000000 note-on 1 67 100 @synth
3.200000000 control-change 1 1 127 @synth
3.400000000 control-change 1 1 0 @synth
4.000000000 control-change 1 1 0 @synth
4.000000000 program-change 1 81 @synth
4.000000000 control-change 1 7 120 @synth
4.000000000 program-change 3 38 @synth
4.100000000 note-on 3 48 90 @synth
4.200000000 note-off 3 48 64 @synth
4.200000000 note-on 3 52 80 @synth
4.300000000 note-on 1 72 70 @synth
4.300000000 note-on 1 84 70 @synth
4.400000000 note-off 3 52 5 @synth
4.400000000 note-on 3 48 90 @synth
4.500000000 note-off 1 67 5 @synth
4.600000000 pitch-bend 1 0 @synth
4.600000000 program-change 1 0 @synth
4.600000000 control-change 1 7 110 @synth
4.600000000 program-change 2 89 @synth
4.600000000 control-change 2 7 70 @synth
4.700000000 note-off 1 72 6 @synth
4.700000000 note-off 1 84 6 @synth
4.800000000 note-off 3 48 7 @synth
5.000000000 program-change 1 81 @synth
5.000000000 control-change 1 7 120 @synth
5.000000000 program-change 3 38 @synth
5.100000000 note-on 3 40 64 @synth
5.200000000 note-off 3 40 64 @synth
5.200000000 pitch-bend 1 0 @synth" "$output"
}

@test "set-list: the lowest key ends all" {
  example set-list << 'END'
1.000000000 note-on 1 60 100
2.000000000 control-change 1 64 127
3.000000000 note-on 1 21 64
3.100000000 note-off 1 21 64
3.200000000 note-off 1 60 64
3.300000000 control-change 1 64 0
END
  same "1.000000000 note-on 1 60 100 @synth
1.000000000 note-on 2 60 50 @synth
2.000000000 control-change 1 64 127 @synth
2.000000000 control-change 2 64 127 @synth" "$(sed -n 5,8p <<< "$output")"
  same "$({
    echo '3.000000000 note-off 1 60 64 @synth'
    echo '3.000000000 note-off 2 60 64 @synth'
    echo '3.000000000 control-change 1 64 0 @synth'
    echo '3.000000000 control-change 2 64 0 @synth'
    silence 3.000000000 synth
  } | sort)" "$(grep ^3.000000000 <<< "$output" | sort)"
  same "3.300000000 control-change 1 64 0 @synth
3.300000000 control-change 2 64 0 @synth" "$(grep '^3.[123]' <<< "$output" | grep -v 'note-off [12] 60')"
}

@test "set-list: it may begin in any song" {
  run --separate-stderr -0 mmroute --scene finale -f "$examples/set-list.rules" < /dev/null
  same "program-change 1 81 @synth
control-change 1 7 120 @synth
program-change 3 38 @synth
pitch-bend 1 0 @synth" "$output"
}

@test "pedal-board: sounds and their lamps, toggles, taps and long presses, two expression pedals" {
  example pedal-board << 'END'
1.000000000 note-on 1 38 127 @board
1.100000000 note-off 1 38 0 @board
1.200000000 control-change 1 20 127 @board
1.300000000 control-change 1 20 0 @board
1.400000000 control-change 1 20 127 @board
1.500000000 control-change 1 20 0 @board
2.000000000 control-change 1 21 127 @board
2.300000000 control-change 1 21 0 @board
3.000000000 control-change 1 21 127 @board
4.000000000 control-change 1 21 0 @board
4.100000000 control-change 1 22 127 @board
4.150000000 control-change 1 22 0 @board
4.200000000 control-change 1 22 127 @board
4.250000000 control-change 1 22 0 @board
4.300000000 control-change 1 22 127 @board
4.350000000 control-change 1 22 0 @board
4.400000000 control-change 1 22 127 @board
4.450000000 control-change 1 22 0 @board
5.000000000 control-change 1 11 0 @board
5.100000000 control-change 1 11 10 @board
5.200000000 control-change 1 11 64 @board
5.300000000 control-change 1 11 127 @board
6.000000000 control-change 1 4 0 @board
6.100000000 control-change 1 4 64 @board
6.200000000 control-change 1 4 3 @board
6.300000000 control-change 1 4 127 @board
7.000000000 note-on 1 36 127 @board
7.100000000 note-off 1 36 0 @board
7.200000000 control-change 1 4 50 @board
8.000000000 control-change 1 23 127 @board
8.500000000 control-change 1 23 0 @board
9.000000000 control-change 1 23 127 @board
11.500000000 control-change 1 23 0 @board
END
  same "1.000000000 program-change 1 0 @amp
1.000000000 control-change 1 30 127 @board
1.000000000 control-change 1 30 0 @board
1.000000000 program-change 1 2 @amp
1.000000000 control-change 1 32 127 @board
1.200000000 control-change 1 20 127 @amp
1.200000000 control-change 1 20 127 @board
1.400000000 control-change 1 20 0 @amp
1.400000000 control-change 1 20 0 @board
2.300000000 control-change 1 60 127 @looper
3.700000000 control-change 1 61 127 @looper
4.000000000 control-change 1 61 0 @looper
4.100000000 control-change 1 48 40 @amp
4.200000000 control-change 1 48 80 @amp
4.300000000 control-change 1 48 120 @amp
4.400000000 control-change 1 48 40 @amp
5.000000000 control-change 1 7 40 @amp
5.000000000 cc14 1 5 0 @amp
5.000000000 control-change 1 91 90 @amp
5.100000000 control-change 1 7 47 @amp
5.100000000 cc14 1 5 1280 @amp
5.200000000 control-change 1 7 84 @amp
5.200000000 cc14 1 5 8192 @amp
5.300000000 control-change 1 7 127 @amp
5.300000000 cc14 1 5 16383 @amp
5.300000000 control-change 1 91 10 @amp
6.000000000 control-change 1 4 0 @amp
6.100000000 control-change 1 43 127 @amp
6.100000000 control-change 1 4 32 @amp
6.200000000 control-change 1 43 0 @amp
6.200000000 control-change 1 4 0 @amp
6.300000000 control-change 1 43 127 @amp
6.300000000 control-change 1 4 127 @amp
7.000000000 control-change 1 43 0 @amp
7.000000000 control-change 1 32 0 @board
7.000000000 program-change 1 0 @amp
7.000000000 control-change 1 30 127 @board" "$(grep -v '^11' <<< "$output")"
  same "$({
    silence 11.500000000 amp board looper
    echo '11.500000000 control-change 1 30 0 @board'
  } | sort)" "$(grep '^11' <<< "$output" | sort)"
  same "11.500000000 control-change 1 30 0 @board" "$(tail -n 1 <<< "$output")"
}

@test "drum-remap: curves, choked hi-hats, no double triggers and no crosstalk" {
  example drum-remap << 'END'
1.000000000 note-on 1 36 32
1.010000000 note-on 1 36 20
1.020000000 note-off 1 36 0
1.030000000 note-off 1 36 0
1.100000000 note-on 1 37 64
1.110000000 note-on 1 40 4
1.120000000 note-off 1 37 0
1.130000000 note-off 1 40 0
1.200000000 note-on 1 38 100
1.250000000 note-off 1 38 0
1.400000000 note-on 1 38 90
1.450000000 note-off 1 38 0
1.600000000 control-change 1 4 127
1.700000000 note-on 1 38 80
1.750000000 note-off 1 38 0
1.800000000 control-change 1 4 0
1.900000000 note-on 1 39 100
1.950000000 note-off 1 39 0
2.000000000 note-on 1 42 90
2.100000000 note-off 1 42 0
2.200000000 note-on 1 60 99
2.300000000 note-off 1 60 0
END
  same "1.000000000 note-on 10 36 85
1.040000000 note-off 10 36 64
1.100000000 note-on 10 38 80
1.140000000 note-off 10 38 64
1.200000000 note-on 10 46 100
1.400000000 note-off 10 46 64
1.400000000 note-on 10 46 90
1.600000000 note-off 10 46 64
1.600000000 note-on 10 44 70
1.700000000 note-off 10 44 64
1.700000000 note-on 10 42 80
1.900000000 note-on 10 50 104
1.940000000 note-off 10 50 64
2.000000000 note-on 10 49 90
5.700000000 note-off 10 42 64
6.000000000 note-off 10 49 64" "$output"
}

@test "two-players: zones of both on two sound sources, one clock, and a cable that is pulled" {
  example two-players << 'END'
0.500000000 start @left
0.500000000 start @right
1.000000000 clock @left
1.010000000 clock @right
1.100000000 note-on 1 40 90 @left
1.200000000 note-on 1 64 90 @left
1.300000000 note-on 1 64 80 @right
1.400000000 note-on 1 86 99 @right
1.500000000 control-change 1 64 127 @left
1.600000000 control-change 1 64 127 @right
1.700000000 pitch-bend 1 -100 @right
1.750000000 program-change 1 9 @left
1.800000000 active-sensing @right
1.810000000 active-sensing @left
1.900000000 note-on 5 72 70 @computer
2.000000000 note-on 1 72 70 @computer
2.200000000 :disconnected @left
2.300000000 note-off 1 64 1 @right
2.400000000 note-off 1 86 2 @right
2.500000000 :connected @left
2.600000000 note-on 1 65 90 @left
END
  same "0.500000000 start @module
0.500000000 start @computer
1.000000000 clock @module
1.000000000 clock @computer
1.100000000 note-on 3 40 90 @module
1.200000000 note-on 1 64 90 @module
1.200000000 note-on 1 64 90 @computer
1.300000000 note-on 2 64 80 @module
1.300000000 note-on 2 64 80 @computer
1.400000000 note-on 10 38 99 @computer
1.500000000 control-change 1 64 127 @module
1.600000000 control-change 2 64 127 @module
1.700000000 pitch-bend 2 -100 @module
1.750000000 program-change 1 9 @module
1.900000000 note-on 5 72 70 @module" "$(grep -vE '^2' <<< "$output")"
  same "2.200000000 :disconnected @left
2.200000000 control-change 1 64 0 @module
2.200000000 note-off 1 64 64 @computer
2.200000000 note-off 1 64 64 @module
2.200000000 note-off 3 40 64 @module
2.200000000 pitch-bend 1 0 @module" "$(grep '^2.2' <<< "$output" | sort)"
  same "2.300000000 note-off 2 64 1 @module
2.300000000 note-off 2 64 1 @computer
2.400000000 note-off 10 38 2 @computer
2.500000000 :connected @left
2.600000000 note-on 1 65 90 @module
2.600000000 note-on 1 65 90 @computer" "$(grep '^2.[3-9]' <<< "$output" | head -n 6)"
  same "2.600000000 control-change 2 64 0 @module
2.600000000 note-off 1 65 64 @computer
2.600000000 note-off 1 65 64 @module
2.600000000 note-off 5 72 64 @module" "$(grep '^2.[3-9]' <<< "$output" | tail -n +7 | sort)"
}

@test "arpeggiator: at the tempo of two taps; its chords stay, a long press ends it" {
  example arpeggiator << 'END'
0.200000000 control-change 1 80 127
0.300000000 control-change 1 80 0
1.000000000 control-change 1 80 127
1.100000000 control-change 1 80 0
2.000000000 note-on 1 48 90
2.010000000 note-on 1 52 80
2.020000000 note-off 1 48 0
2.030000000 note-off 1 52 0
2.250000000 note-on 1 72 90
2.350000000 note-off 1 72 0
2.950000000 note-on 1 50 100
2.960000000 note-off 1 50 0
4.010000000 control-change 1 80 127
5.030000000 control-change 1 80 0
9.000000000 note-on 1 73 70
9.100000000 note-off 1 73 64
END
  same "2.000000000 note-on 1 48 90
2.100000000 note-off 1 48 64
2.200000000 note-on 1 52 80
2.250000000 note-on 2 72 100
2.300000000 note-off 1 52 64
2.350000000 note-off 2 72 0
2.400000000 note-on 1 60 90
2.500000000 note-off 1 60 64
2.600000000 note-on 1 64 80
2.700000000 note-off 1 64 64
2.800000000 note-on 1 48 90
2.850000000 note-on 2 72 50
2.900000000 note-off 1 48 64
2.950000000 note-off 2 72 0
2.950000000 note-on 1 50 100
3.050000000 note-off 1 50 64
3.150000000 note-on 1 62 100
3.250000000 note-off 1 62 64
3.350000000 note-on 1 50 100
3.450000000 note-on 2 72 25
3.450000000 note-off 1 50 64
3.550000000 note-off 2 72 0
3.550000000 note-on 1 62 100
3.650000000 note-off 1 62 64
3.750000000 note-on 1 50 100
3.850000000 note-off 1 50 64
3.950000000 note-on 1 62 100
4.050000000 note-off 1 62 64
4.150000000 note-on 1 50 100
4.250000000 note-off 1 50 64
4.350000000 note-on 1 62 100
4.450000000 note-off 1 62 64
4.550000000 note-on 1 50 100
4.650000000 note-off 1 50 64
4.750000000 note-on 1 62 100
4.850000000 note-off 1 62 64
4.950000000 note-on 1 50 100
5.030000000 note-off 1 50 64" "$(grep -vE '^(9|1[0-9])|control-change' <<< "$output")"
  same "$(silence 5.030000000 '' | sed 's/ @$//' | sort)" "$(grep control-change <<< "$output" | sort)"
  same "9.000000000 note-on 2 73 80
9.100000000 note-off 2 73 64
9.600000000 note-on 2 73 40
9.700000000 note-off 2 73 64
10.200000000 note-on 2 73 20
10.300000000 note-off 2 73 64" "$(grep -E '^(9|1[0-9])' <<< "$output")"
}

@test "mpe: two zones of one synthesizer, and an ordinary one besides" {
  example mpe << 'END'
1.000000000 note-on 2 60 90 @seaboard
1.100000000 pitch-bend 2 1000 @seaboard
1.200000000 pitch-bend 3 0 @seaboard
1.200000000 note-on 3 64 80 @seaboard
1.300000000 channel-pressure 2 50 @seaboard
1.400000000 pitch-bend 2 1500 @seaboard
1.500000000 pitch-bend 3 -400 @seaboard
1.600000000 control-change 3 74 99 @seaboard
1.700000000 control-change 1 64 127 @seaboard
1.800000000 pitch-bend 1 500 @seaboard
1.850000000 pitch-bend 3 6000 @seaboard
1.900000000 note-off 3 64 7 @seaboard
1.950000000 note-off 2 60 8 @seaboard
1.960000000 control-change 1 64 0 @seaboard
2.000000000 note-on 5 48 70 @keys
2.100000000 note-on 5 52 71 @keys
2.200000000 poly-pressure 5 52 33 @keys
2.300000000 control-change 5 1 20 @keys
2.400000000 note-off 5 48 1 @keys
2.500000000 note-off 5 52 2 @keys
2.600000000 note-on 9 52 2 @other
END
  same "1.000000000 rpn 1 6 896 @mpe
1.000000000 rpn 2 0 3072 @mpe
1.000000000 rpn 16 6 896 @mpe
1.000000000 rpn 15 0 3072 @mpe
1.000000000 note-on 2 60 90 @mpe
1.000000000 note-on 1 60 90 @plain
1.100000000 pitch-bend 2 2000 @mpe
1.100000000 pitch-bend 1 4000 @plain
1.200000000 pitch-bend 3 0 @mpe
1.200000000 note-on 3 64 80 @mpe
1.200000000 pitch-bend 1 0 @plain
1.200000000 note-on 1 64 80 @plain
1.300000000 channel-pressure 2 50 @mpe
1.300000000 poly-pressure 1 60 50 @plain
1.400000000 pitch-bend 2 3000 @mpe
1.500000000 pitch-bend 3 -800 @mpe
1.500000000 pitch-bend 1 -1600 @plain
1.600000000 control-change 3 74 99 @mpe
1.600000000 control-change 1 74 99 @plain
1.700000000 control-change 1 64 127 @mpe
1.700000000 control-change 1 64 127 @plain
1.800000000 pitch-bend 1 500 @mpe
1.850000000 pitch-bend 3 8191 @mpe
1.850000000 pitch-bend 1 8191 @plain
1.900000000 note-off 3 64 7 @mpe
1.900000000 note-off 1 64 7 @plain
1.900000000 pitch-bend 1 6000 @plain
1.950000000 note-off 2 60 8 @mpe
1.950000000 note-off 1 60 8 @plain
1.960000000 control-change 1 64 0 @mpe
1.960000000 control-change 1 64 0 @plain
2.000000000 note-on 15 48 70 @mpe
2.100000000 note-on 14 52 71 @mpe
2.200000000 channel-pressure 14 33 @mpe
2.300000000 control-change 16 1 20 @mpe
2.400000000 note-off 15 48 1 @mpe
2.500000000 note-off 14 52 2 @mpe" "$output"
}
