#!/bin/bash
# Records a take from one MIDI port, and plays it on another with the same times.
#
#     record-and-play.sh [FROM TO]
#
# FROM and TO are ports, as mmrecv -p and mmsend -p take them; the take ends after five seconds of
# silence. Without them the script is keyboard and synthesiser itself, and needs no hardware.
# It prints what was played. It needs mmrecv and mmsend in the PATH.
set -eu

work=$(mktemp -d)
trap 'jobs -pr | xargs -r kill 2> /dev/null || true; rm -rf "$work"' EXIT

if [ $# -eq 2 ]; then
    from=$1 to=$2
    echo "recording from '$from'; stop playing to end" >&2
    mmrecv -p "$from" --timeout 5 > "$work/take.txt"
else
    from=keys-$$ to=synth-$$ # names that nobody else has
    expect() { mmrecv --wait --not meta --no-release --timeout 20 "$@"; }
    echo "recording from our own '$from'" >&2
    mmsend --virtual "$from" --wait << 'END' &
      note-on  1 C4 100
+0.1  note-off 1 C4 0
+0    note-on  1 E4 90
+0.1  note-off 1 E4 0
END
    expect -p "$from" -n 4 > "$work/take.txt"
    wait
    # The synthesiser: it prints what it gets, without the times.
    expect --virtual "$to" -n 4 | cut -d ' ' -f 2- &
fi

echo "playing on '$to'" >&2
mmsend -p "$to" --wait --timed < "$work/take.txt"
wait
