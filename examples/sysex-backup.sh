#!/bin/bash
# Saves what a synthesiser dumps as system exclusive messages into a .syx file, and sends the file
# back.
#
#     sysex-backup.sh [FROM TO FILE]
#
# FROM and TO are the two ports of the synthesiser, as mmrecv -p and mmsend -p take them. Start the
# dump at its panel when the script says so; it ends after five seconds of silence. Without
# arguments the script is the synthesiser itself. It needs mmrecv and mmsend in the PATH.
set -eu

if [ $# -eq 3 ]; then
    echo "start the dump of '$1' now" >&2
    mmrecv -p "$1" --only sysex --to raw --timeout 5 > "$3"
    echo "sending it back to '$2'" >&2
    # Old devices need time to store each message.
    mmsend -p "$2" --from raw --sysex-gap 0.1 < "$3"
    exit
fi

work=$(mktemp -d)
trap 'jobs -pr | xargs -r kill 2> /dev/null || true; rm -rf "$work"' EXIT
from=synth-out-$$ to=synth-in-$$ # names that nobody else has
expect() { mmrecv --wait --only sysex --to raw --timeout 20 "$@"; }

echo "saving a dump of our own '$from'" >&2
mmsend --virtual "$from" --wait << 'END' &
active-sensing
sysex 43 00 09 10 20 01 02 03
sysex 43 00 09 10 21 04 05 06
END
expect -p "$from" -n 2 > "$work/backup.syx"
wait
od -An -tx1 -v "$work/backup.syx"

echo "sending it back to '$to'" >&2
expect --virtual "$to" -n 2 > "$work/received.syx" &
mmsend -p "$to" --wait --from raw --sysex-gap 0.1 < "$work/backup.syx"
wait
cmp "$work/backup.syx" "$work/received.syx"
echo "what came back is the same"
