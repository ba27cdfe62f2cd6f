#!/usr/bin/env bats
# What the tools say when they are asked wrongly, or where there is no MIDI at all.

load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || exit
  export JACK_DEFAULT_SERVER=mmtest-none-$$
}

@test "--help is one screen, and --version a line" {
  for tool in mmsend mmrecv mmtcp mmpy; do
    run -0 $tool --help
    ((${#lines[@]} <= 64))
    ! awk 'length > 100' <<< "$output" | grep .
    grep -q '^Examples:' <<< "$output"
    run -0 $tool --version
    [[ $output =~ ^$tool\ \(mmtools\)\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
  done
}

@test "typing mistakes: what was meant, exit 2, and nothing is started" {
  wrong() { # EXPECTED ARG...
    local expected=$1
    shift
    run --separate-stderr -2 "$@"
    same "$expected
Try '$1 --help'." "$stderr"
    same "" "$output"
  }
  wrong "mmsend: unknown option '--prot'; did you mean '--port'?" mmsend --prot x
  wrong "mmsend: --port needs a value" mmsend -p
  wrong "mmsend: --from 'jason': it is one of text json raw mido" mmsend -p x --from jason
  wrong "mmsend: --backend 'also': it is one of alsa rtmidi" mmsend -p x --backend also
  wrong "mmsend: --timed=fast: the speed is a number above 0, such as 0.5" mmsend -p x --timed=fast
  wrong "mmsend: --at '25:00': it is HH:MM, HH:MM:SS or ISO 8601, such as 2026-11-20T14:00:00Z" mmsend -p x --at 25:00
  wrong "mmsend: port 'x=a b': 'a b' is no tag; a tag is one word of A-Z a-z 0-9 _ . - / : [ ]" mmsend -p 'x=a b'
  wrong "mmsend: --json goes with --list or --watch; for events it is --from json" mmsend -p x --json
  wrong "mmrecv: unexpected argument 'keys'" mmrecv keys
  wrong "mmrecv: --only: 'noteon' is no kind of event; did you mean 'note-on'?" mmrecv -p x --only noteon
  wrong "mmrecv: --channel: '17' is no channel (1..16) and no range such as 1..4" mmrecv -p x --channel 17
  wrong "mmrecv: --clock 'wall': it is one of monotonic realtime start" mmrecv -p x --clock wall
}

@test "no MIDI system: one error that says what is missing, and two ways to get one" {
  [ ! -e /dev/snd/seq ] || skip "this machine has an ALSA sequencer"
  for tool in mmsend mmrecv; do
    run --separate-stderr -1 $tool --list
    same "$tool: no MIDI system: there is no ALSA sequencer (/dev/snd/seq: No such file or directory) and no JACK server (JACK server '$JACK_DEFAULT_SERVER': not running)
Load the kernel's sequencer: modprobe snd-seq
or start a JACK server, which needs no hardware: jackd -d dummy" "$stderr"
  done
  run --separate-stderr -1 mmsend --backend alsa -p x clock
  same "mmsend: ALSA sequencer: /dev/snd/seq: No such file or directory" "$stderr"
}

@test "help that nobody takes: /dev/full is a failure" {
  mmsend --help > /dev/full && false
  [ $? -eq 1 ]
}
