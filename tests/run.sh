#!/bin/bash
# Installs what the tests need (Debian 12), builds, and runs all tests. Less than half an hour
# on two cores; `ctest --preset release -L unit` alone takes seconds.
#
#   tests/run.sh           everything
#   tests/run.sh --no-apt  without installing anything
set -eu
cd "$(dirname "$0")/.."
jobs=$(nproc)

# shellcheck source=examples/packages.sh
. examples/packages.sh
[ "${1:-}" = --no-apt ] || install_packages "${build_packages[@]}" "${test_packages[@]}"

# step NAME...: a stage begins. Each says how long it took, since that is what to look at when the
# whole takes too long.
began=$SECONDS stage=
step() {
  [ -z "$stage" ] || printf '=== %s: %d s\n' "$stage" $((SECONDS - began))
  began=$SECONDS stage=$*
  [ -z "$stage" ] || printf '\n=== %s\n' "$stage"
}

# Most tests on ports wait most of the time. What takes a processor's time runs beside them, and
# only when nobody else wants it (SCHED_IDLE), so that it delays none of them. What it says is shown
# at its end.
work_beside() {
  local preset
  chrt --idle --pid 0 "$BASHPID"
  time MM_BUILD_DIR=build/release tests/lint/run
  for preset in dev tsan fuzz; do
    cmake --preset $preset
    time cmake --build --preset $preset -j "$jobs"
  done
}

step "release: build"
cmake --preset release
cmake --build --preset release -j "$jobs"
step "release: all tests but those on real ports, and lint"
ctest --preset release -j "$jobs" --no-tests=error -LE 'bats|man|completions|vm|lint'
step "release: each event on its frame, with nothing beside it"
ctest --preset release --no-tests=error -R '^mmjack_realtime$' --repeat until-pass:3

said=$(mktemp)
set -m # a group of processes of its own, which ends as one
work_beside > "$said" 2>&1 < /dev/null &
set +m
beside=$!
trap 'kill -- "-$beside" 2> /dev/null || true; rm -f "$said"' EXIT

step "release: on JACK's ports (beside: lint, builds with sanitizers)"
# Where the machine stalls, a JACK client misses a period, and the messages in it: a file of tests
# in which that happened runs again, twice at most, and ctest says so.
ctest --preset release --no-tests=error -L 'bats|man|completions' -E '^mmjack_realtime$' \
  --repeat until-pass:3
step "release: on the ports of ALSA's sequencer, in a virtual machine"
tests/alsa/vm true # fetches its kernel if need be
# Its processors are threads of ours, and stall as those do.
ctest --preset release --no-tests=error -L vm --repeat until-pass:2
step "the rest of lint and of the builds with sanitizers"
status=0
wait "$beside" || status=$?
cat "$said"
[ "$status" = 0 ]

step "dev (ASan, UBSan): unit tests, and scripts of mmpy"
ctest --preset dev -j "$jobs" --no-tests=error -L unit
# Python keeps what it has until the process ends.
ASAN_OPTIONS=detect_leaks=0 ctest --preset dev --no-tests=error -R 'mmpy_(module|midimonster|hostile)' \
  --repeat until-pass:3
step "tsan: what passes between threads"
build/tsan/tests/unit/mm_ring_test
step "fuzz: a short run of each"
ctest --preset fuzz -j "$jobs" --no-tests=error -L fuzz
step
echo "All of it: $SECONDS s"
