#!/bin/bash
# Splits a keyboard: the keys below C4 play one port, the others another.
#
#     split-keys.sh [FROM BASS PIANO]
#
# The three are ports, as mmrecv -p and mmsend -p take them; Ctrl-C ends it. Without them the script
# makes ports of its own, plays a few keys, and prints what each side got. It needs mmrecv and
# mmsend in the PATH.
set -eu

# mawk reads a whole block before it does anything, unless it is told to be interactive.
live=()
! awk -W version 2> /dev/null < /dev/null | grep -q mawk || live=(-W interactive)

# Puts a tag at the end of each line. What is no note goes to both sides, as it has no tag.
split() {
    awk "${live[@]}" '
        $2 ~ /^(note-on|note-off|poly-pressure)$/ { $0 = $0 ($4 < 60 ? " @bass" : " @piano") }
        { print; fflush() }'
}

if [ $# -eq 3 ]; then
    echo "splitting '$1' into '$2' and '$3'" >&2
    mmrecv -p "$1" | split | mmsend -p "$2=bass" -p "$3=piano"
    exit
fi

work=$(mktemp -d)
trap 'jobs -pr | xargs -r kill 2> /dev/null || true; rm -rf "$work"' EXIT
from=keys-$$ bass=bass-$$ piano=piano-$$ # names that nobody else has
expect() { mmrecv --wait --not meta --no-release --timeout 20 "$@"; }

echo "splitting our own '$from' into '$bass' and '$piano'" >&2
expect --virtual "$bass" -n 3 > "$work/bass" &
expect --virtual "$piano" -n 3 > "$work/piano" &
mmsend --virtual "$from" --wait << 'END' &
note-on  1 C3 90
note-on  1 E5 70
note-off 1 E5 0
note-off 1 C3 0
control-change 1 7 100
END
expect -p "$from" -n 5 | split | mmsend --wait -p "$bass=bass" -p "$piano=piano"
wait

for side in bass piano; do
    echo "$side:"
    cut -d ' ' -f 2- "$work/$side"
done
