#!/bin/bash
# Installs what the tests need (Debian 12), builds, and runs all tests. About twenty minutes on
# two cores; `ctest --preset release -L unit` alone takes seconds.
#
#   tests/run.sh           everything
#   tests/run.sh --no-apt  without installing anything
set -eu
cd "$(dirname "$0")/.."
jobs=$(nproc)

# shellcheck source=examples/packages.sh
. examples/packages.sh
[ "${1:-}" = --no-apt ] || install_packages "${build_packages[@]}" "${test_packages[@]}"

step() { printf '\n=== %s\n' "$*"; }

step "release: build"
cmake --preset release
cmake --build --preset release -j "$jobs"
step "release: all tests but those on real ports"
ctest --preset release -j "$jobs" --no-tests=error -LE 'bats|man|completions|vm'
step "release: on JACK's ports"
# Where the machine stalls, a JACK client misses a period, and the messages in it: a file of tests
# in which that happened runs again, twice at most, and ctest says so.
ctest --preset release --no-tests=error -L 'bats|man|completions' --repeat until-pass:3
step "release: on the ports of ALSA's sequencer, in a virtual machine"
tests/alsa/vm true # fetches its kernel if need be
ctest --preset release --no-tests=error -L vm

step "dev (ASan, UBSan): build"
cmake --preset dev
cmake --build --preset dev -j "$jobs"
step "dev: unit tests, and scripts of mmpy"
ctest --preset dev -j "$jobs" --no-tests=error -L unit
# Python keeps what it has until the process ends.
ASAN_OPTIONS=detect_leaks=0 ctest --preset dev --no-tests=error -R 'mmpy_(module|midimonster|hostile)'

step "tsan: what passes between threads"
cmake --preset tsan
cmake --build --preset tsan -j "$jobs"
build/tsan/tests/unit/mm_ring_test

step "fuzz: a short run of each"
cmake --preset fuzz
cmake --build --preset fuzz -j "$jobs"
ctest --preset fuzz -j "$jobs" --no-tests=error -L fuzz
