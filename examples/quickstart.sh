#!/bin/bash
# The main job from nothing: installs what is missing (Debian 12), builds, and plays a phrase
# into a MIDI port with mmsend while mmrecv reads it back and prints it.
#
# The port is a real one: of ALSA's sequencer where the kernel has it, else of a JACK server
# without hardware that is started for this and ended after it.
set -eu
cd "$(dirname "$0")/.."

# shellcheck source=examples/packages.sh
. examples/packages.sh
install_packages "${build_packages[@]}"

echo "Building in build/release (the log is build/quickstart.log)..." >&2
mkdir -p build
{ cmake --preset release -DMMTOOLS_TESTS=OFF && cmake --build --preset release; } \
  > build/quickstart.log 2>&1 || { tail -n 30 build/quickstart.log >&2; exit 1; }
PATH=$PWD/build/release/bin:$PATH

work=$(mktemp -d)
running=()
cleanup() {
  for pid in "${running[@]}"; do
    kill "$pid" 2> /dev/null || true
    wait "$pid" 2> /dev/null || true
  done
  rm -rf "$work"
}
trap cleanup EXIT

if [ -w /dev/snd/seq ]; then
  echo "MIDI system: ALSA's sequencer" >&2
else
  echo "MIDI system: a JACK server of its own" >&2
  install_packages "${run_packages[@]}"
  export JACK_DEFAULT_SERVER=mmquickstart-$$
  jackd -r -n "$JACK_DEFAULT_SERVER" -d dummy -r 48000 -p 256 > "$work/jackd.log" 2>&1 &
  running=($!)
  timeout 20 jack_wait -w > "$work/wait.log" 2>&1 || { cat "$work/jackd.log" >&2; exit 1; }
fi

cat > "$work/phrase" << 'EOF'
0.00 program-change 1 0
0.00 note-on  1 C4 100
0.25 note-off 1 C4 0
0.25 note-on  1 E4 90
0.50 note-off 1 E4 0
0.50 note-on  1 G4 90
0.75 note-off 1 G4 0
0.75 note-on  1 C5 110
1.25 note-off 1 C5 0
EOF

# mmrecv makes a port and says on descriptor 3 that it is ready; it ends after nine events.
mkfifo "$work/ready"
mmrecv --virtual demo -n 9 --timeout 10 --clock start --note-names --ready-fd 3 \
  3> "$work/ready" &
receiver=$!
running+=("$receiver")
read -r < "$work/ready"

echo "mmsend -p demo --timed < phrase     and what mmrecv hears:" >&2
mmsend -p demo --timed < "$work/phrase"
wait "$receiver"
