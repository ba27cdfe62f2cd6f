#!/bin/sh
# Records two ports by two programs, and merges the two takes into one by their times.
#
#     merge.sh [FROM1 FROM2]
#
# The two are ports, as mmrecv -p takes them; the takes end after five seconds of silence. All
# programs stamp with the same clock, so the lines can be sorted by their first word. Without
# arguments the script plays two ports of its own, in turns. It needs mmrecv and mmsend in the PATH.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ $# -eq 2 ]; then
    echo "recording '$1' and '$2'; stop playing to end" >&2
    mmrecv -p "$1=left" --timeout 5 > "$work/left" &
    mmrecv -p "$2=right" --timeout 5 > "$work/right"
else
    left=left-$$ right=right-$$
    echo "recording our own '$left' and '$right'" >&2
    mmsend --virtual "$left=l" --virtual "$right=r" --wait << 'END' &
       note-on  1 C4 100 @l
+0.05  note-on  2 E4 90  @r
+0.05  note-off 1 C4 0   @l
+0.05  note-off 2 E4 0   @r
END
    mmrecv -p "$left=left" --wait -n 2 --not meta > "$work/left" &
    mmrecv -p "$right=right" --wait -n 2 --not meta > "$work/right"
fi
wait

echo "merging" >&2
# LC_ALL=C: the point is a decimal point. -s: what came at the same time stays in its order.
LC_ALL=C sort -n -s "$work/left" "$work/right" | if [ $# -eq 2 ]; then cat; else cut -d ' ' -f 2-; fi
