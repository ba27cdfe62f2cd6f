#!/bin/bash
# A patchbay for JACK: each keyboard that comes is connected with the synthesizer.
#
#     patchbay.sh [KEYBOARDS SYNTH]
#
# KEYBOARDS is an extended regular expression in the names of ports, SYNTH a port as mmjack connect
# takes it; Ctrl-C ends it. Without them the script makes ports of its own, and prints what the
# synthesizer heard. It needs mmjack in the PATH, and a JACK server.
set -eu

# mawk reads a whole block before it does anything, unless it is told to be interactive.
live=()
! awk -W version 2> /dev/null < /dev/null | grep -q mawk || live=(-W interactive)

patchbay() {
    mmjack monitor --ready-fd 9 |
        awk "${live[@]}" -v keyboards="$1" -v synth="$2" '
            $2 == ":port-registered" && $0 ~ keyboards {
                sub(/.*:port-registered /, "")
                print ":connect", $0, synth
                fflush()
            }' |
        mmjack control
}

if [ $# -eq 2 ]; then
    echo "connecting each '$1' with '$2'" >&2
    patchbay "$1" "$2" 9> /dev/null
    exit
fi

work=$(mktemp -d)
cleanup() {
    jobs -pr | xargs -r -n 1 pkill -P 2> /dev/null || true
    jobs -pr | xargs -r kill 2> /dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
keys=keys-$$ synth=synth-$$ # names that nobody else has
mkfifo "$work/ready" "$work/bay-ready" "$work/played"

mmjack --client "$synth" --in in --not meta --ready-fd 9 9> "$work/ready" > "$work/heard" 2> /dev/null &
read -r _ < "$work/ready"
patchbay "$keys" "$synth:in" 9> "$work/bay-ready" &
read -r _ < "$work/bay-ready"

# The keyboard comes, and is played when it is connected.
mmjack --client "$keys" --out out < "$work/played" &
exec 3> "$work/played"
until mmjack save | grep -q "$keys:out $synth:in"; do sleep 0.05; done
printf '%s\n' 'note-on 1 C4 90' 'note-off 1 C4 0' 'program-change 1 5' >&3
exec 3>&-
until grep -q program-change "$work/heard"; do sleep 0.05; done
cut -d ' ' -f 2- "$work/heard"
