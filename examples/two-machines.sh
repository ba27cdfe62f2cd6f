#!/bin/bash
# Two machines share MIDI by mmtcp, over TLS with a key that both have. The machines are two network
# namespaces with a cable between them, so it needs root; elsewhere run the commands behind
# "studio" and "stage" on two real ones. It needs mmtcp in the PATH, ip and openssl.
set -eu

work=$(mktemp -d)
studio=mm-studio-$$ stage=mm-stage-$$
cleanup() {
    jobs -pr | xargs -r kill 2> /dev/null || true
    wait
    ip netns del "$studio" 2> /dev/null || true
    ip netns del "$stage" 2> /dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

ip netns add "$studio"
ip netns add "$stage"
ip link add cable netns "$studio" type veth peer name cable netns "$stage"
ip -n "$studio" address add 192.0.2.1/24 dev cable
ip -n "$stage" address add 192.0.2.2/24 dev cable
ip -n "$studio" link set cable up
ip -n "$stage" link set cable up

openssl rand -base64 32 > "$work/band.key"
chmod 600 "$work/band.key"

# studio: prints what comes. (Where there is a synthesizer: | mmsend -p synth)
mkfifo "$work/ready"
ip netns exec "$studio" mmtcp --listen '*:5004' --secret "$work/band.key" --receive-only \
    --ready-fd 9 9> "$work/ready" > "$work/heard" &
read -r _ < "$work/ready"

# stage: plays a phrase. (Where there is a keyboard: mmrecv -p keys |)
printf '%s\n' 'note-on 1 C4 100' '+0.1 note-off 1 C4 0' 'note-on 1 E4 100' |
    ip netns exec "$stage" mmtcp --connect 192.0.2.1:5004 --secret "$work/band.key" > /dev/null

# The last note was not ended: mmtcp has released it.
cut -d ' ' -f 2- "$work/heard" | sed -E 's/(192\.0\.2\.2):[0-9]+/\1/'
