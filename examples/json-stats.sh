#!/bin/bash
# Statistics of what was played, with jq: how many events of each kind, and for each channel the
# number of notes, their range and their mean velocity.
#
#     json-stats.sh [FROM]
#
# FROM is a port, as mmrecv -p takes it; the statistics come after five seconds of silence. Without
# it the script plays a little itself. It needs mmrecv, mmsend and jq in the PATH.
set -eu

statistics() {
    jq -s -r '
        (group_by(.kind)[] | "\(.[0].kind): \(length)"),
        (map(select(.kind == "note-on" and .velocity > 0)) | group_by(.channel)[] |
            "channel \(.[0].channel): notes \(length), " +
            "keys \(map(.note) | "\(min) to \(max)"), " +
            "mean velocity \(map(.velocity) | add / length | round)")'
}

if [ $# -eq 1 ]; then
    echo "listening to '$1'; stop playing to end" >&2
    mmrecv -p "$1" --not meta --to json --timeout 5 | statistics
    exit
fi

trap 'jobs -pr | xargs -r kill 2> /dev/null || true' EXIT
from=keys-$$ # a name that nobody else has
echo "listening to our own '$from'" >&2
mmsend --virtual "$from" --wait << 'END' &
note-on  1 C4 100
note-on  1 G4 81
note-off 1 C4 0
note-off 1 G4 0
note-on  10 36 120
note-off 10 36 0
pitch-bend 1 500
pitch-bend 1 0
END
mmrecv -p "$from" --wait -n 8 --timeout 20 --not meta --to json | statistics
wait
