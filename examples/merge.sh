#!/bin/bash
# Records two ports by two programs, and merges the two takes into one by their times.
#
#     merge.sh [FROM1 FROM2]
#
# The two are ports, as mmrecv -p takes them; the takes end after five seconds of silence. All
# programs stamp with the same clock, so the lines can be sorted by their first word. Without
# arguments the script plays two ports of its own, in turns. It needs mmrecv and mmsend in the PATH.
set -eu

work=$(mktemp -d)
trap 'jobs -pr | xargs -r kill 2> /dev/null || true; rm -rf "$work"' EXIT

# LC_ALL=C: the point is a decimal point. -s: what came at the same time stays in its order.
merge() { LC_ALL=C sort -n -s "$work/left" "$work/right"; }

if [ $# -eq 2 ]; then
    echo "recording '$1' and '$2'; stop playing to end" >&2
    mmrecv -p "$1=left" --timeout 5 > "$work/left" &
    mmrecv -p "$2=right" --timeout 5 > "$work/right"
    wait
    merge
    exit
fi

left=left-$$ right=right-$$ # names that nobody else has

# Starts a recorder with a port of its own, and goes on when it is ready.
record() {
    mkfifo "$work/$2.ready"
    mmrecv --virtual "$1=$2" -n 2 --timeout 20 --not meta --no-release --ready-fd 3 \
        3> "$work/$2.ready" > "$work/$2" &
    read -r _ < "$work/$2.ready"
}

echo "recording our own '$left' and '$right'" >&2
record "$left" left
record "$right" right
mmsend -p "$left=l" -p "$right=r" << 'END'
       note-on  1 C4 100 @l
+0.2   note-on  2 E4 90  @r
+0.2   note-off 1 C4 0   @l
+0.2   note-off 2 E4 0   @r
END
wait
merge | cut -d ' ' -f 2- # the times would be others each time
